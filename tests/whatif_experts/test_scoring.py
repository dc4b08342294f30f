"""Scores and verdicts against known values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from dispersal.whatif.experts.destinations import Reached
from dispersal.whatif.experts.measured import Outcome
from dispersal.whatif.experts.scoring import (
    brier,
    event_verdict,
    first_named,
    interval_score,
    log_score,
    number_score,
    number_verdict,
    places_verdict,
    rank_agreement,
    values_of,
)

from .rows import claim


def test_crps_of_a_normal_distribution() -> None:
    draws = norm.ppf((np.arange(4000) + 0.5) / 4000)
    # Gneiting and Raftery (2007), equation 21, at the mean of the standard normal.
    exact = 2 * norm.pdf(0) - 1 / math.sqrt(math.pi)
    assert number_score(draws, np.array([0.0])) == pytest.approx(exact, abs=1e-3)


def test_an_outcome_within_an_interval_scores_as_the_mean_over_it() -> None:
    found = Outcome(True, "", low=0.0, high=math.e**2 - 1)
    values = values_of(found, "count")
    assert (values[0], values[-1]) == (0.0, pytest.approx(2.0))
    sure = np.array([1.0])
    assert number_score(sure, values) == pytest.approx(np.abs(values - 1.0).mean())
    assert values_of(Outcome(True, "", low=0.3, high=0.3), "share").tolist() == [0.3]


def test_interval_score_adds_ten_times_the_distance() -> None:
    assert interval_score(0.0, 2.0, np.array([1.0])) == 2.0
    assert interval_score(0.0, 2.0, np.array([3.0])) == pytest.approx(12.0)


@given(st.floats(0.01, 0.99))
def test_brier_and_log_scores_are_proper(chance: float) -> None:
    def expected(said: float, score: object) -> float:
        assert callable(score)
        return float(chance * score(said, True) + (1 - chance) * score(said, False))

    others = np.linspace(0.02, 0.98, 25)
    for score in (brier, log_score):
        assert all(expected(chance, score) <= expected(said, score) + 1e-12 for said in others)
    assert brier(chance, True) == pytest.approx(brier(1 - chance, False))


def test_rank_agreement_is_kendalls() -> None:
    assert rank_agreement([4, 3, 2, 1], [40, 30, 20, 10]) == 1.0
    assert rank_agreement([4, 3, 2, 1], [10, 20, 30, 40]) == -1.0
    assert rank_agreement([3, 2, 1], [30, 10, 20]) == pytest.approx(1 / 3)
    assert rank_agreement([3, 2, 1], [None, 10, None]) is None
    assert rank_agreement([3, 2], [10, 10]) is None


def named(name: str, reached: bool | None, size: float | None = None) -> Reached:
    return Reached(name, "theatre", (name,), reached, "", size, size)


def test_verdict_on_places() -> None:
    places = [named("LBY", True, 300), named("YEM", None), named("AFG", True, 200)]
    assert first_named(places) is True
    assert places_verdict(places) == (
        "2 of 3 named came true, nothing known of 1; the first saw the most"
    )
    assert first_named([named("LBY", True), named("AFG", True, 5)]) is None


@pytest.mark.parametrize(
    ("count", "verdict", "right"),
    [
        (500, "right: inside the 80 % interval", True),
        (100, "wrong: fewer by a factor of 2.0 (100)", False),
        (5000, "wrong: more by a factor of 5.0 (5,000)", False),
    ],
)
def test_verdict_on_numbers(count: float, verdict: str, right: bool) -> None:
    ends = (math.log1p(200), math.log1p(1000))
    values = np.array([math.log1p(count)])
    assert number_verdict(claim(low=200, high=1000), ends, values) == (verdict, right)


def test_verdict_on_days_tells_how_late_the_end_came() -> None:
    one = claim(quantity="end_date_of_territory", place="IRQ+SYR", origin="", high=2018.0)
    late, right = number_verdict(one, (2017.2, 2018.0), np.array([2018.5]))
    assert (late, right) == ("wrong: the end came 6 months later", False)
    early, _ = number_verdict(one, (2017.2, 2018.0), np.array([2017.1]))
    assert early == "wrong: the end came 37 days earlier"


def test_even_chances_take_no_side() -> None:
    assert event_verdict(0.5, truth=True)[1] is None
    assert event_verdict(0.51, truth=True) == ("right: it happened", True)
    assert event_verdict(0.51, truth=False) == ("wrong: it did not happen", False)
