from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from dispersal.metrics import (
    crps,
    energy_score,
    interval_score,
    log_score,
    pit_histogram,
    probability_transform,
)


def test_crps_is_the_expected_distance_less_half_the_spread() -> None:
    rng = np.random.default_rng(5)
    draws, observed = rng.normal(size=(7, 40)), rng.normal(size=7)
    distance = np.abs(draws - observed[:, None]).mean(axis=1)
    spread = np.abs(draws[:, :, None] - draws[:, None, :]).mean(axis=(1, 2))
    assert crps(draws, observed) == pytest.approx(distance - spread / 2, rel=1e-12)


def test_crps_of_a_point_is_its_absolute_error() -> None:
    assert crps(np.full(50, 2.5), 4.0) == pytest.approx(1.5)


@pytest.mark.parametrize("observed", [-1.0, 0.0, 0.7, 3.0])
def test_crps_of_many_normal_draws_is_the_closed_form(observed: float) -> None:
    """Gneiting and Raftery (2007), equation 21 and what follows it, for the standard normal."""
    draws = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    exact = (
        observed * (2 * stats.norm.cdf(observed) - 1)
        + 2 * stats.norm.pdf(observed)
        - 1 / np.sqrt(np.pi)
    )
    assert crps(draws, observed) == pytest.approx(exact, abs=1e-3)


def test_scores_agree_with_another_implementation() -> None:
    import scoringrules

    rng = np.random.default_rng(6)
    draws, observed = rng.normal(size=(9, 50)), rng.normal(size=9)
    theirs = scoringrules.crps_ensemble(observed, draws, estimator="nrg", backend="numpy")
    assert crps(draws, observed) == pytest.approx(theirs, rel=1e-10)
    low, high = np.quantile(draws, [0.05, 0.95], axis=1)
    theirs = scoringrules.interval_score(observed, low, high, 0.1, backend="numpy")
    assert interval_score(low, high, observed) == pytest.approx(theirs, rel=1e-12)
    vectors, truth = rng.dirichlet(np.ones(4), (9, 50)), rng.dirichlet(np.ones(4), 9)
    theirs = scoringrules.es_ensemble(truth, vectors, backend="numpy")
    assert energy_score(vectors, truth) == pytest.approx(theirs, rel=1e-8)


def test_energy_score_of_one_number_is_the_crps() -> None:
    rng = np.random.default_rng(7)
    draws, observed = rng.normal(size=(5, 30)), rng.normal(size=5)
    found = energy_score(draws[..., None], observed[:, None])
    assert found == pytest.approx(crps(draws, observed), rel=1e-7)


def test_probabilities_of_all_counts_sum_to_one() -> None:
    """The log score is that of a distribution over whole numbers, 0 included."""
    rng = np.random.default_rng(8)
    centres, scales = rng.normal(1.5, 1.0, 20), rng.uniform(0.1, 0.4, 20)
    total = sum(np.exp(-log_score(centres, scales, count)) for count in range(20_000))
    beyond = stats.t.sf((np.log1p(19_999.5) - centres) / scales, 4).mean()
    assert total + beyond == pytest.approx(1.0, abs=1e-10)


@pytest.mark.parametrize("count", [0, 1, 7, 1_000])
def test_log_score_is_the_mass_between_half_persons(count: int) -> None:
    centres, scales = np.array([0.5, 2.0, 7.0]), np.array([0.2, 0.5, 0.1])
    high = stats.t.cdf((np.log1p(count + 0.5) - centres) / scales, 4)
    low = stats.t.cdf((np.log1p(count - 0.5) - centres) / scales, 4) if count else 0.0
    assert log_score(centres, scales, count) == pytest.approx(-np.log((high - low).mean()))


def test_log_score_of_a_count_far_off_stays_finite_and_grows() -> None:
    centres, scales = np.array([3.0]), np.array([0.01])
    found = [log_score(centres, scales, 10.0**power) for power in (2, 4, 8, 12)]
    assert np.isfinite(found).all()
    assert (np.diff(found) > 0).all()


def test_log_score_is_proper() -> None:
    """The expected score is least for the distribution that the counts come from."""
    rng = np.random.default_rng(9)
    truth = (np.array([3.0, 3.5]), np.array([0.3, 0.2]))
    at = rng.integers(2, size=2_000)
    drawn = truth[0][at] + truth[1][at] * rng.standard_t(4, at.size)
    counts = np.rint(np.expm1(np.maximum(drawn, 0.0)))

    def expected(shift: float, stretch: float) -> float:
        scores = [log_score(truth[0] + shift, truth[1] * stretch, count) for count in counts]
        return float(np.mean(scores))

    best = expected(0.0, 1.0)
    for shift, stretch in ((0.2, 1.0), (-0.2, 1.0), (0.0, 0.6), (0.0, 1.6)):
        assert best < expected(shift, stretch)


def test_ties_are_broken_at_random() -> None:
    """Half of the draws are 0, and so is the observation: its PIT is uniform up to a half."""
    draws = np.array([0.0, 0.0, 1.0, 2.0])
    rng = np.random.default_rng(10)
    found = [probability_transform(draws, 0.0, tie) for tie in rng.random(500)]
    assert stats.kstest(found, stats.uniform(0, 0.5).cdf).pvalue > 0.01
    assert probability_transform(draws, 1.5, 0.9) == 0.75


def test_pit_histogram_tells_a_calibrated_forecast_from_others() -> None:
    rng = np.random.default_rng(11)
    even, hump = rng.random(2_000), rng.beta(2, 2, 2_000)
    assert pit_histogram(even).p_value > 0.01
    found = pit_histogram(hump)
    assert found.p_value < 1e-6
    assert found.counts[0] < found.counts[5]
    assert sum(found.counts) == 2_000
    assert found.statistic == pytest.approx(((np.array(found.counts) - 200.0) ** 2 / 200.0).sum())


def test_pit_histogram_of_nothing_has_no_test() -> None:
    found = pit_histogram(np.zeros(0))
    assert sum(found.counts) == 0
    assert np.isnan(found.p_value)
