from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispersal.model.calendar import Months
from dispersal.model.design import make_design
from dispersal.model.policy import policy_draws, policy_middle, policy_range

from .cases import CUTOFF, policy

if TYPE_CHECKING:
    from dispersal.case import Case

MONTHS = Months(dt.date(2016, 1, 1), 24)
BAN = "entry_ban"


def test_a_range_holds_from_its_first_to_its_last_day(small: Case) -> None:
    case = replace(
        small, policies=(policy("TUN", BAN, 0.2, 0.4, "2016-03-16", until="2016-08-15"),)
    )
    low, high = policy_range(case, BAN, MONTHS)
    # The middle of the month counts: 15 March is before, 15 August is the last day.
    assert low[0, 3:8].tolist() == [0.2] * 5
    assert high[0, 3:8].tolist() == [0.4] * 5
    assert np.isnan(low[0, :3]).all()
    assert np.isnan(low[0, 8:]).all()
    assert np.isnan(low[1:]).all()
    assert np.array_equal(np.isnan(low), np.isnan(high))


def test_the_later_row_takes_over_and_the_earlier_does_not_come_back(small: Case) -> None:
    rows = (
        policy("TUN", BAN, 0.1, 0.2, "2016-01-01"),
        policy("TUN", BAN, 0.5, 0.7, "2016-06-01", until="2016-12-31"),
    )
    for order in (rows, rows[::-1]):
        low, _ = policy_range(replace(small, policies=order), BAN, MONTHS)
        assert low[0, :5].tolist() == [0.1] * 5
        assert low[0, 5:12].tolist() == [0.5] * 7
        assert np.isnan(low[0, 12:]).all()


def test_a_row_for_a_stratum_comes_before_the_row_for_all(small: Case) -> None:
    rows = (
        policy("TUN", "custody", 0.1, 0.2, "2016-01-01", policy_id="all"),
        policy("TUN", "custody", 0.6, 0.8, "2016-01-01", stratum="men"),
    )
    case = replace(small, policies=rows)
    assert policy_range(case, "custody", MONTHS, stratum="men")[0][0, 0] == 0.6
    assert policy_range(case, "custody", MONTHS, stratum="women")[0][0, 0] == 0.1
    assert policy_range(case, "custody", MONTHS)[0][0, 0] == 0.1
    assert np.isnan(policy_range(case, "programme", MONTHS)[0]).all()


def test_actors_are_the_origins_unless_given(small: Case) -> None:
    assert policy_range(small, "border_control", MONTHS)[0].shape == (4, 24)
    low, _ = policy_range(small, "border_control", MONTHS, ("LBY-FEZZAN",))
    assert low.shape == (1, 24)
    assert np.isnan(low[0, :17]).all()
    assert (low[0, 17:] == 0.0).all()
    assert policy_range(small, BAN, MONTHS, ())[0].shape == (0, 24)


def test_the_middle_is_none_where_no_row_is(small: Case) -> None:
    case = replace(small, policies=(policy("FRA", BAN, 0.2, 0.4, "2017-01-01"),))
    middle = policy_middle(case, BAN, MONTHS)
    assert middle[1, 12:].tolist() == pytest.approx([0.3] * 12)
    assert middle.sum() == pytest.approx(12 * 0.3)


SHARE = st.floats(0.0, 1.0)


@settings(max_examples=40)
@given(
    ends=st.tuples(SHARE, SHARE),
    wider=st.tuples(SHARE, SHARE),
    start=st.integers(0, 20),
    earlier=st.integers(0, 20),
    position=SHARE,
)
def test_a_wider_ban_never_opens_a_home(
    small: Case,
    ends: tuple[float, float],
    wider: tuple[float, float],
    start: int,
    earlier: int,
    position: float,
) -> None:
    low, high = sorted(ends)
    more = (max(low, wider[0]), max(high, max(wider)))
    begins = MONTHS.instant(start), MONTHS.instant(max(start - earlier, 0))
    bounds = []
    for (bottom, top), day in (((low, high), begins[0]), (more, begins[1])):
        row = policy("TUN", BAN, bottom, max(top, bottom), day.isoformat())
        case = replace(small, policies=(row,))
        at = np.array([position])
        lows, highs = policy_range(case, BAN, MONTHS)
        bounds.append(policy_draws(lows[0], highs[0], at, np.zeros(1))[0])
        assert (policy_middle(case, BAN, MONTHS)[0] <= 1.0).all()
    assert (bounds[1] >= bounds[0] - 1e-12).all()


def test_a_wider_ban_closes_the_design_of_the_fit(small: Case) -> None:
    narrow = replace(small, policies=(policy("TUN", BAN, 0.1, 0.3, "2016-06-01"),))
    wide = replace(small, policies=(policy("TUN", BAN, 0.3, 0.7, "2015-01-01"),))
    open_narrow = make_design(narrow, CUTOFF).open_home
    open_wide = make_design(wide, CUTOFF).open_home
    assert (open_wide <= open_narrow).all()
    assert open_wide[0, -1] == pytest.approx(0.5)
    assert open_narrow[0, -1] == pytest.approx(0.8)
    assert (open_wide[1:] == 1.0).all()


@given(SHARE, SHARE, SHARE)
def test_draws_lie_in_their_range(one: float, other: float, position: float) -> None:
    low, high = np.array([min(one, other), np.nan]), np.array([max(one, other), np.nan])
    drawn = policy_draws(low, high, np.array([position, 0.0, 1.0]), np.array([0.1, 0.2, 0.3]))
    assert drawn.shape == (3, 2)
    assert (drawn[:, 0] >= low[0] - 1e-12).all()
    assert (drawn[:, 0] <= high[0] + 1e-12).all()
    assert drawn[1, 0] == low[0]
    assert drawn[2, 0] == pytest.approx(high[0])
    assert drawn[:, 1].tolist() == [0.1, 0.2, 0.3]
