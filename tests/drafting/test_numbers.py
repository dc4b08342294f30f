"""Numbers of people with what they count, and dates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispersal.drafting import propose, read_article
from dispersal.drafting.dates import dates_of, day_of
from dispersal.drafting.quantities import quantities_of, value_of


@pytest.mark.parametrize(
    ("text", "low", "high", "qualifier", "share"),
    [
        ("some 1,200 men", 1200, 1200, "about", False),
        ("between 200 and 300", 200, 300, "range", False),
        ("200-300 men", 200, 300, "range", False),
        ("two to three thousand", 2000, 3000, "range", False),
        ("at least forty-five", 45, 45, "at_least", False),
        ("up to 5,000", 5000, 5000, "at_most", False),
        ("fewer than 60", 60, 60, "at_most", False),
        ("more than 1.5 million", 1.5e6, 1.5e6, "at_least", False),
        ("one hundred and fifty", 150, 150, "point", False),
        ("two dozen", 24, 24, "point", False),
        ("a third of them", 1 / 3, 1 / 3, "point", True),
        ("two-thirds", 2 / 3, 2 / 3, "point", True),
        ("between a third and a half", 1 / 3, 1 / 2, "range", True),
        ("one in five", 0.2, 0.2, "point", True),
        ("nine out of ten", 0.9, 0.9, "point", True),
        ("30 per cent", 0.3, 0.3, "point", True),
        ("40 to 50%", 0.4, 0.5, "range", True),
    ],
)
def test_a_number_is_read(text: str, low: float, high: float, qualifier: str, share: bool) -> None:
    (found,) = quantities_of(text)
    assert (found.low, found.high) == pytest.approx((low, high))
    assert (found.qualifier, found.is_share) == (qualifier, share)


@pytest.mark.parametrize("text", ["several hundred men", "hundreds fled", "a few dozen", "M23"])
def test_what_is_no_number_is_left_out(text: str) -> None:
    assert quantities_of(text) == []


@given(st.integers(min_value=1, max_value=9_999_999))
def test_digits_are_read_with_and_without_separators(number: int) -> None:
    assert value_of(str(number)) == number
    assert value_of(f"{number:,}") == number


def numbers(text: str) -> list[tuple[float, str]]:
    rows = propose(read_article(text + "\n")).of_kind("number")
    return [(row.values["low"], row.values["counts"]) for row in rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "About 300 fighters were killed and 120 have returned.",
            [(300, "killed"), (120, "returned")],
        ),
        ("The force had 4,000 men at its peak.", [(4000, "strength")]),
        (
            "Some 450 rebels surrendered; 200 militants are in prison.",
            [(450, "demobilised"), (200, "detained")],
        ),
        ("About 90 recruits travelled abroad to join.", [(90, "departed")]),
        ("Some 60 militants remain at large.", [(60, "remaining")]),
        ("About 40 fighters crossed into Chad.", [(40, "arrived")]),
        ("Perhaps 70 cadres went underground.", [(70, "underground")]),
        ("A third of the fighters have returned.", [(0.3333, "returned")]),
    ],
)
def test_what_a_number_counts(text: str, expected: list[tuple[float, str]]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Some 3,000 civilians fled and 40 villages burned.",
        "It is 25 km from the border, and cost 4 million dollars.",
        "In 2014 the war entered its 30th year; Resolution 2178 followed.",
        "A third of the territory was lost in 12 days.",
        "21. The report goes on.",
        "Some 6,000 soldiers and 300 policemen died.",
    ],
)
def test_what_does_not_count_members_is_left_out(text: str) -> None:
    assert numbers(text) == []


def test_a_number_knows_whom_where_and_when() -> None:
    text = "By June 2016 about 300 Tunisians in Libya had been killed.\n"
    values = propose(read_article(text)).of_kind("number")[0].values
    assert (values["origin"], values["place"], values["as_of"]) == ("TUN", "LBY", "2016-06")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On 7 March 2017", ["2017-03-07"]),
        ("On March 7, 2017,", ["2017-03-07"]),
        ("the 3rd of May 2001", ["2001-05-03"]),
        ("in mid-June 2014", ["2014-06"]),
        ("since 2009", ["2009"]),
        ("2017-03-07", ["2017-03-07"]),
        ("from 2009-11", ["2009", "2011"]),
        ("in the 1990s, with 2000 fighters and 2,015 men", []),
        ("on 31 February 2010", ["2010-02"]),
    ],
)
def test_dates(text: str, expected: list[str]) -> None:
    assert [one.iso for one in dates_of(text)] == expected


def test_the_last_day_of_a_month_and_a_year() -> None:
    assert day_of("2016-02", last=True) == "2016-02-29"
    assert day_of("2016", last=True) == "2016-12-31"
    assert day_of("2016-12", last=True) == "2016-12-31"
    assert day_of("2016") == "2016-01-01"
