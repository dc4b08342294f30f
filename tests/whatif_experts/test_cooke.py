"""Cooke's classical model against a published worked example, and what it must do anyway."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispersal.errors import InputError
from dispersal.whatif.experts.cooke import (
    bins_hit,
    calibration,
    decision_maker,
    information,
    performance_weights,
)
from dispersal.whatif.experts.distributions import from_quantiles
from dispersal.whatif.experts.pools import equal_weights

LEVELS = (0.05, 0.5, 0.95)

# Three experts, five questions, their answers, and what the course computes of them: TU Delft
# OpenCourseWare, Decision Making Under Uncertainty: Introduction to Structured Expert Judgment,
# units 3.7.3 and 3.8.2.
QUANTILES = np.array(
    [
        [(2, 5, 7), (12, 13, 15), (87, 89, 92), (2, 5, 8), (48, 50, 52)],
        [(20, 23, 34), (8, 10, 11), (60, 70, 90), (20, 35, 45), (30, 35, 40)],
        [(20, 25, 28), (10, 13, 15), (65, 67, 70), (42, 44, 46), (32, 33, 35)],
    ],
    float,
)
ANSWERS = np.array([24.0, 11.0, 68.0, 47.0, 31.0])
CALIBRATION = (3.621e-05, 0.608, 0.327)
INFORMATION = (1.418, 0.558, 1.354)
WEIGHTS = (6.565e-05, 0.4338, 0.5661)
#: Quantiles of the weighted and of the equally weighted mixture, questions 1 to 4.
MIXTURES = (
    ((19.97, 24.48, 33.11), (2.55, 21.77, 32.39)),
    ((8.19, 10.91, 14.86), (8.31, 12.23, 14.91)),
    ((60.75, 67.56, 87.94), (61.43, 71.08, 91.61)),
    ((21.02, 42.80, 45.97), (2.55, 34.28, 45.7)),
)


def test_scores_and_weights_of_the_published_example() -> None:
    found = performance_weights(QUANTILES, ANSWERS, LEVELS)
    assert found.fallback == ""
    assert found.calibration == pytest.approx(CALIBRATION, rel=1e-3)
    assert found.information == pytest.approx(INFORMATION, abs=6e-4)
    assert found.weights == pytest.approx(WEIGHTS, rel=2e-3)


def test_mixtures_of_the_published_example() -> None:
    weights = performance_weights(QUANTILES, ANSWERS, LEVELS).weights
    for question, (performance, equal) in enumerate(MIXTURES):
        for share, printed in ((weights, performance), (equal_weights(3), equal)):
            pooled = decision_maker(QUANTILES[:, question], share, LEVELS, also=[ANSWERS[question]])
            # The last of the page's numbers is cut, not rounded.
            assert pooled.quantile(LEVELS) == pytest.approx(printed, abs=0.09)


def test_an_expert_left_out_changes_the_information_of_the_others() -> None:
    found = performance_weights(QUANTILES[1:], ANSWERS, LEVELS)
    assert found.calibration == pytest.approx(CALIBRATION[1:], rel=1e-3)
    assert found.information == pytest.approx((0.220, 0.971), abs=1e-3)
    assert found.weights == pytest.approx((0.3, 0.7), abs=5e-3)


def test_a_cutoff_takes_the_weight_from_the_badly_calibrated() -> None:
    found = performance_weights(QUANTILES, ANSWERS, LEVELS, cutoff=0.05)
    assert found.weights[0] == 0
    assert found.weights[1:].sum() == pytest.approx(1.0)
    strict = performance_weights(QUANTILES, ANSWERS, LEVELS, cutoff=0.99)
    assert strict.weights.tolist() == equal_weights(3).tolist()
    assert "no expert's calibration reaches 0.99" in strict.fallback


def test_calibration_is_the_chi_square_of_the_relative_information() -> None:
    # All ten answers between the quantiles, half below the median: s = (0, ½, ½, 0).
    statistic = 2 * 10 * math.log(0.5 / 0.45)
    # P(χ² with 3 degrees > x) in closed form.
    half = statistic / 2
    exact = math.erfc(math.sqrt(half)) + 2 * math.sqrt(half / math.pi) * math.exp(-half)
    assert calibration(np.array([0, 5, 5, 0]), LEVELS) == pytest.approx(exact)
    assert calibration(np.array([1, 9, 9, 1]), LEVELS) == pytest.approx(1.0)


def test_information_is_that_of_a_narrower_uniform() -> None:
    whole = from_quantiles([2.5, 5.0, 7.5], [0.25, 0.5, 0.75], 0.0, 10.0)
    assert information(whole) == pytest.approx(0.0, abs=1e-12)
    narrow = from_quantiles([4.0, 5.0, 6.0], [0.25, 0.5, 0.75], 0.0, 10.0)
    exact = 0.5 * math.log(0.25 / 0.4) + 0.5 * math.log(0.25 / 0.1)
    assert information(narrow) == pytest.approx(exact)


def test_experts_without_seed_questions_get_equal_weights() -> None:
    values = QUANTILES.copy()
    values[2] = np.nan
    found = performance_weights(values, ANSWERS, LEVELS)
    assert found.weights.tolist() == equal_weights(3).tolist()
    assert found.fallback.startswith("1 of 3 experts answered no question")
    assert np.isnan(found.calibration[2])


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match=r"shape \(3, 5, 3\), expected \(experts, 4, 3\)"):
        performance_weights(QUANTILES, ANSWERS[:4], LEVELS)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 50), st.floats(-100, 100), st.permutations(range(3)))
def test_units_and_order_of_experts_do_not_matter(
    factor: float, shift: float, order: list[int]
) -> None:
    plain = performance_weights(QUANTILES, ANSWERS, LEVELS)
    other = performance_weights(QUANTILES[order] * factor + shift, ANSWERS * factor + shift, LEVELS)
    assert other.weights == pytest.approx(plain.weights[order], rel=1e-6)
    assert bins_hit(QUANTILES[0], ANSWERS).sum() == ANSWERS.size
