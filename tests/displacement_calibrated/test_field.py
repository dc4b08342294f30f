"""The latent field against the formula of a Gaussian given some of its coordinates, and itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from dispersal.displacement.calibrated import Parameters, known_on
from dispersal.displacement.calibrated.condition import condition_field
from dispersal.displacement.calibrated.surroundings import surroundings_of
from dispersal.displacement.figures import Series

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.displacement import FleeFolder
    from dispersal.displacement.calibrated.evidence import Arrivals, Evidence
    from dispersal.displacement.calibrated.surroundings import Surroundings

DRAWS = 20_000


def test_access_and_open_ways(folder: FleeFolder) -> None:
    around = surroundings_of(folder, 50.0)
    # From Aville, where all flee from: 100 + 200 + 60 km, 100 + 200 + 80 + 120, 100 + 40 + 90.
    raw = -np.log(np.array([360.0, 500.0, 230.0]) + 50.0)
    np.testing.assert_allclose(around.access, np.tile(raw - raw.mean(), (9, 1)), atol=1e-9)
    assert around.opened[:, 0].all()
    assert not around.opened[:40, 1].any()
    assert around.opened[40:, 1].all()
    assert around.country.tolist() == [0, 1, 2]
    assert around.at_home == 1500.0


def test_without_evidence_the_prior_comes_back(folder: FleeFolder) -> None:
    around = surroundings_of(folder, 50.0)
    chosen = Parameters.default(level_sd=0.4, volatility_sd=0.0)
    nothing = replace(known_on(folder, 30), arrivals=())
    field = condition_field(nothing, around, chosen).draw(DRAWS, np.random.default_rng(1))
    drawn = field.log_rate
    age = np.log((field.knots + 7.0) / 37.0)
    mean = np.log(1 / 3) + chosen.access_power * around.access[0] - chosen.fading * age[:, None]
    error = 4 * drawn.std(axis=2) / np.sqrt(DRAWS)
    assert (np.abs(drawn.mean(axis=2) - mean) < error).all()
    variance = (
        chosen.level_sd**2 + chosen.total_drift_sd**2 + chosen.country_sd**2
        + chosen.country_drift_sd**2 + chosen.camp_sd**2 + chosen.camp_drift_sd**2
        + (chosen.access_power_sd * around.access[0]) ** 2
        + (chosen.fading_sd * age[:, None]) ** 2
    )  # fmt: skip
    np.testing.assert_allclose(drawn.var(axis=2), variance, rtol=5 * np.sqrt(2 / DRAWS))
    # Camps of two countries share the level and the drift of all, and no more but the regressors.
    together = np.cov(drawn[0, 0], drawn[0, 2])[0, 1]
    shared = (
        chosen.level_sd**2 + chosen.total_drift_sd**2 + (chosen.fading_sd * age[0]) ** 2
        + chosen.access_power_sd**2 * around.access[0, 0] * around.access[0, 2]
    )  # fmt: skip
    assert together == pytest.approx(shared, abs=5 * variance.max() / np.sqrt(DRAWS))
    assert field.closure.mean() == pytest.approx(chosen.closure, abs=0.02)


def test_sure_figures_pin_the_field(folder: FleeFolder) -> None:
    around = surroundings_of(folder, 50.0)
    chosen = Parameters.default(figure_sd=1e-3, week_sd=1e-3, floor_share=1e-9, turnover=0.0)
    evidence = known_on(folder, 28, "published")
    field = condition_field(evidence, around, chosen).draw(200, np.random.default_rng(1))
    # The first knot is the last known week, in which 60 people came to Camp One, 30 to Shelter.
    np.testing.assert_allclose(field.log_rate[0, 0], np.log(60 / 7), atol=0.01)
    np.testing.assert_allclose(field.log_rate[0, 2], np.log(30 / 7), atol=0.01)
    assert field.log_rate[-1, 0].std() > 0.5


def test_between_knots_and_behind_closed_ways(folder: FleeFolder) -> None:
    around = surroundings_of(folder, 50.0)
    chosen = Parameters.default()
    evidence = known_on(folder, 28, "published")
    field = condition_field(evidence, around, chosen).draw(4, np.random.default_rng(1))
    one, two = field.knots[1:3]
    opened = np.array([True, False, True])
    assert two - one == 7
    half = (field.log_rate[1] * 3 + field.log_rate[2] * 4) / 7
    half[1] -= field.closure
    np.testing.assert_allclose(field.on(int(one) + 4, opened), half)
    np.testing.assert_array_equal(field.on(10_000, np.ones(3, dtype=bool)), field.log_rate[-1])


def test_volatility_is_weighed_by_the_figures(folder: FleeFolder) -> None:
    """Each point of the grid against the density of the arrivals, written out."""
    around = surroundings_of(folder, 50.0)
    evidence = known_on(folder, 28, "published")
    table = Parameters.default(turnover=0.05)
    found = condition_field(evidence, around, table)
    assert found.weight.shape == (len(found.volatility), len(found.turnover))
    for turn in (0, 3, 6):
        logs, weights = [], []
        for number in (0, 3, 7, len(found.volatility) - 1):
            times = found.volatility[number]
            fixed = Parameters.default(
                volatility_sd=0.0,
                camp_drift_sd=table.camp_drift_sd * times,
                country_drift_sd=table.country_drift_sd * times,
                turnover=found.turnover[turn],
                turnover_sd=0.0,
            )
            one = condition_field(evidence, around, fixed)
            np.testing.assert_allclose(found.mean[number, turn], one.mean[0, 0], rtol=1e-8)
            far = np.log(times) / table.volatility_sd
            logs.append(_log_density(evidence, around, fixed) - far**2 / 2)
            weights.append(found.weight[number, turn])
        likely = np.exp(np.array(logs) - logs[0])
        np.testing.assert_allclose(np.array(weights) / weights[0], likely, rtol=1e-6)


def test_turnover_stays_as_it_was_before_the_figures(folder: FleeFolder) -> None:
    table = Parameters.default()
    found = condition_field(known_on(folder, 28, "published"), surroundings_of(folder, 50.0), table)
    likely = norm.pdf(np.log(found.turnover / table.turnover) / table.turnover_sd)
    np.testing.assert_allclose(found.weight.sum(axis=0), likely / likely.sum())
    assert found.weight.sum() == pytest.approx(1.0)


def _log_density(evidence: Evidence, around: Surroundings, chosen: Parameters) -> float:
    """Return the log density of log arrivals, from the model as the documentation has it."""
    arrivals = evidence.arrivals
    camps = len(around.country)
    usual = sum(max(one.grown, 0.0) for one in arrivals) / evidence.day / camps
    daily = chosen.turnover * 12 / 365.25
    came = np.array([one.grown / one.days + one.present * daily for one in arrivals])
    floor = chosen.floor_share * usual
    count = len(arrivals)
    mean, covariance = np.zeros(count), np.zeros((count, count))
    last = -(-evidence.day // 7)

    def weeks(one: Arrivals) -> NDArray[np.int64]:
        return np.minimum(np.arange(one.first, one.last) // 7, last)

    def age(week: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.asarray(np.log((week * 7 + 10) / (evidence.day + 7)))

    for i, one in enumerate(arrivals):
        near = around.access[weeks(one), one.camp]
        shut = 1.0 - around.opened[np.arange(one.first, one.last), one.camp]
        mean[i] = np.log(usual) + np.mean(
            chosen.access_power * near - chosen.fading * age(weeks(one)) - chosen.closure * shut
        )
        for k, two in enumerate(arrivals):
            days = 7.0 * np.abs(weeks(one)[:, None] - weeks(two)[None, :])
            far = around.access[weeks(two), two.camp]
            closed = 1.0 - around.opened[np.arange(two.first, two.last), two.camp]
            each = chosen.level_sd**2 + chosen.total_drift_sd**2 * np.exp(
                -days / chosen.total_drift_days
            )
            each = each + chosen.access_power_sd**2 * np.outer(near, far)
            each += chosen.fading_sd**2 * np.outer(age(weeks(one)), age(weeks(two)))
            each += chosen.closure_sd**2 * np.outer(shut, closed)
            fading = np.exp(-days / chosen.drift_days)
            if one.camp == two.camp:
                each += chosen.camp_sd**2 + chosen.camp_drift_sd**2 * fading
            if around.country[one.camp] == around.country[two.camp]:
                each += chosen.country_sd**2 + chosen.country_drift_sd**2 * fading
            covariance[i, k] = each.mean()
        covariance[i, i] += (
            chosen.figure_sd**2
            + chosen.week_sd**2 * 7 / one.days
            + (chosen.closed_sd * shut.mean()) ** 2
        )
    observed = np.log(np.maximum(came, 0.0) + floor)
    return float(multivariate_normal.logpdf(observed, mean, covariance))


def test_draws_take_the_grid_by_its_weights(folder: FleeFolder) -> None:
    around = surroundings_of(folder, 50.0)
    found = condition_field(known_on(folder, 28, "published"), around, Parameters.default())
    numbers = np.arange(found.weight.size).reshape(found.weight.shape)
    apart = replace(found, mean=np.broadcast_to(numbers[:, :, None] * 1e6, found.mean.shape))
    drawn = apart.draw(1000, np.random.default_rng(1))
    point = np.rint(drawn.closure / 1e6).astype(int)
    taken = np.bincount(point, minlength=found.weight.size)
    assert (np.abs(taken - 1000 * found.weight.ravel()) <= 1.0).all()
    np.testing.assert_array_equal(drawn.turnover, found.turnover[point % len(found.turnover)])


def test_steady_arrivals_speak_for_calm_and_turns_for_drift(folder: FleeFolder) -> None:
    around = surroundings_of(folder, 50.0)
    series = dict(folder.figures.series)
    days = tuple(float(day) for day in range(0, 57, 7))
    middle = {}
    for name, counts in {
        "steady": (0, 80, 160, 240, 320, 400, 480, 560, 640),
        "turning": (0, 200, 202, 500, 501, 900, 901, 1500, 1501),
    }.items():
        series["Camp One"] = Series(days, tuple(float(count) for count in counts))
        changed = replace(folder, figures=replace(folder.figures, series=series))
        found = condition_field(
            known_on(changed, 56, "published"), around, Parameters.default(figure_sd=0.1)
        )
        middle[name] = float(found.weight.sum(axis=1) @ np.log(found.volatility))
    assert middle["steady"] < middle["turning"] - 0.5


def test_those_who_arrive_make_up_for_those_who_leave(folder: FleeFolder) -> None:
    around = surroundings_of(folder, 50.0)
    series = dict(folder.figures.series)
    days = tuple(float(day) for day in range(0, 29, 7))
    series["Camp One"] = Series(days, tuple(40_000.0 + day for day in days))
    changed = replace(folder, figures=replace(folder.figures, series=series))
    sure = Parameters.default(
        figure_sd=1e-3, week_sd=1e-3, floor_share=1e-9, turnover=0.03, turnover_sd=0.0
    )
    evidence = known_on(changed, 28, "published")
    field = condition_field(evidence, around, sure).draw(200, np.random.default_rng(1))
    # In the last known week one more a day, and as many as leave of 40,025.
    arriving = 1.0 + 40_024.5 * 0.03 * 12 / 365.25
    np.testing.assert_allclose(field.log_rate[0, 0], np.log(arriving), atol=0.01)
