"""The latent field against the formula of a Gaussian given some of its coordinates, and itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.displacement.calibrated import Parameters, known_on
from dispersal.displacement.calibrated.field import draw_field
from dispersal.displacement.calibrated.surroundings import surroundings_of

if TYPE_CHECKING:
    from dispersal.displacement import FleeFolder

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
    chosen = Parameters.default(level_sd=0.4)
    nothing = replace(known_on(folder, 30), arrivals=())
    field = draw_field(nothing, around, chosen, DRAWS, np.random.default_rng(1))
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
    chosen = Parameters.default(figure_sd=1e-3, week_sd=1e-3, floor_share=1e-9)
    evidence = known_on(folder, 28, "published")
    field = draw_field(evidence, around, chosen, 200, np.random.default_rng(1))
    # The first knot is the last known week, in which 60 people came to Camp One, 30 to Shelter.
    np.testing.assert_allclose(field.log_rate[0, 0], np.log(60 / 7), atol=0.01)
    np.testing.assert_allclose(field.log_rate[0, 2], np.log(30 / 7), atol=0.01)
    assert field.log_rate[-1, 0].std() > 0.5


def test_between_knots_and_behind_closed_ways(folder: FleeFolder) -> None:
    around = surroundings_of(folder, 50.0)
    chosen = Parameters.default()
    evidence = known_on(folder, 28, "published")
    field = draw_field(evidence, around, chosen, 4, np.random.default_rng(1))
    one, two = field.knots[1:3]
    opened = np.array([True, False, True])
    assert two - one == 7
    half = (field.log_rate[1] * 3 + field.log_rate[2] * 4) / 7
    half[1] -= field.closure
    np.testing.assert_allclose(field.on(int(one) + 4, opened), half)
    np.testing.assert_array_equal(field.on(10_000, np.ones(3, dtype=bool)), field.log_rate[-1])
