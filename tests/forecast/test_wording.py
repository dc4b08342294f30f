from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispersal.forecast.wording import cell, estimate, number, percent, rounded, share_cell


@given(st.floats(1, 1e9))
def test_rounding_moves_a_count_by_less_than_six_per_cent_or_half_a_person(count: float) -> None:
    assert abs(rounded(count) - count) <= max(0.5, 0.051 * count)


@given(st.floats(10, 1e9))
def test_two_figures_are_significant_or_three_that_end_in_five(count: float) -> None:
    digits = str(rounded(count)).rstrip("0")
    assert len(digits) <= 2 or re.fullmatch(r"1\d5", digits)


@given(st.floats(0, 1e7), st.floats(0, 1e7))
def test_rounding_keeps_the_order(first: float, second: float) -> None:
    low, high = sorted((first, second))
    assert rounded(low) <= rounded(high)


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        ((620, 800, 1050), "about 800 (620 to 1,050)"),
        ((0, 0, 0), "none"),
        ((0, 0, 2), "none (at most a few)"),
        ((1, 3, 4), "a few"),
        ((0, 3, 40), "a few (at most about 40)"),
        ((3, 9.6, 31), "about 10 (a few to 31)"),
        ((100, 100, 100), "about 100"),
        ((9_940, 12_345, 20_499), "about 12,500 (9,900 to 20,000)"),
    ],
)
def test_an_estimate_in_words(levels: tuple[float, float, float], words: str) -> None:
    assert estimate(*levels) == words


def test_counts_under_five_are_never_given_as_digits() -> None:
    for count in (0.6, 1, 2, 3, 4, 4.9):
        assert number(count) == "a few"
        assert "a few" in estimate(count, count, count)
    assert cell(1, 3, 20) == "a few (<5–20)"


def test_shares_near_the_ends_are_not_rounded_to_them() -> None:
    assert percent(0.996) == "over 99 %"
    assert percent(0.004) == "under 1 %"
    assert share_cell(0.001, 0.2, 0.995) == "20 % (<1–>99)"
