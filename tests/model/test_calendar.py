from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispersal.model.calendar import Months

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))


@given(DAYS, st.integers(-600, 600))
def test_an_instant_is_where_its_day_lies(start: dt.date, index: int) -> None:
    months = Months(start, 12)
    day = months.instant(index)
    assert day.day == 1
    assert months.position(day) == index


@given(DAYS, st.integers(-600, 600))
def test_weeks_divide_months(start: dt.date, index: int) -> None:
    weeks, months = Months(start, 48, parts=4), Months(start, 12)
    days = [weeks.instant(4 * index + part) for part in range(5)]
    assert (days[0], days[4]) == (months.instant(index), months.instant(index + 1))
    assert {(after - day).days for day, after in pairwise(days)} <= {7, 8}
    assert [weeks.position(day) for day in days] == [4 * index + part for part in range(5)]


@given(DAYS, DAYS, st.sampled_from([1, 4]))
def test_the_day_at_a_position_is_the_day(start: dt.date, day: dt.date, parts: int) -> None:
    months = Months(start, 1, parts)
    # Just within the day, whatever the last digit of its position.
    assert months.day_at(months.position(day) + 1e-6) == day
    index, passed, length = months.step_of(day)
    assert months.instant(index) + dt.timedelta(passed) == day
    assert 0 <= passed < length


@given(DAYS, DAYS)
def test_a_day_lies_in_its_month(start: dt.date, day: dt.date) -> None:
    months = Months(start, 1)
    position = months.position(day)
    index = int(position // 1)
    assert months.instant(index) <= day < months.instant(index + 1)
    length = (months.instant(index + 1) - months.instant(index)).days
    assert round((position - index) * length) == day.day - 1


@given(DAYS, DAYS, DAYS)
def test_later_days_lie_further_on(start: dt.date, one: dt.date, other: dt.date) -> None:
    months = Months(start, 1)
    assert (months.position(one) < months.position(other)) == (one < other)


@given(DAYS, st.integers(0, 400))
def test_months_between_hold_both_ends(start: dt.date, days: int) -> None:
    until = start + dt.timedelta(days)
    months = Months.between(start, until)
    assert months.instant(0) <= start < months.instant(1)
    assert months.instant(months.steps - 1) <= until < months.instant(months.steps)
    assert len(months.instants()) == months.steps + 1


@given(DAYS, st.integers(1, 100), DAYS)
def test_the_nearest_instant_is_on_the_axis_and_none_is_nearer(
    start: dt.date, steps: int, day: dt.date
) -> None:
    months = Months(start, steps)
    found = months.nearest(day)
    position = months.position(day)
    assert 0 <= found <= steps
    assert all(abs(found - position) <= abs(index - position) for index in range(steps + 1))


@given(DAYS)
def test_the_day_of_the_starting_month_does_not_matter(start: dt.date) -> None:
    assert Months(start, 3) == Months(start.replace(day=1), 3)
    assert hash(Months(start, 3)) == hash(Months(start.replace(day=1), 3))


def test_months_cross_years() -> None:
    months = Months(dt.date(2016, 11, 30), 3)
    expected = ["2016-11-01", "2016-12-01", "2017-01-01", "2017-02-01"]
    assert [str(day) for day in months.instants()] == expected
    assert str(months.instant(-11)) == "2015-12-01"


@pytest.mark.parametrize(("year", "length"), [(2015, 28), (2016, 29), (1900, 28), (2000, 29)])
def test_a_leap_year_has_a_longer_february(year: int, length: int) -> None:
    months = Months(dt.date(year, 1, 1), 2)
    assert months.position(dt.date(year, 2, 15)) == pytest.approx(1 + 14 / length)
    assert months.position(dt.date(year, 3, 1)) == 2
