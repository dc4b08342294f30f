"""Posterior predictive checks: transforms, weights without a row, coverage, uniformity."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import jax
import numpy as np
import pytest
from scipy import stats

from dispersal.case import load_case
from dispersal.errors import InputError
from dispersal.inference.program import log_likelihood
from dispersal.model.trajectory import trajectories
from dispersal.record.checks import PredictiveCheck, predictive_check
from dispersal.record.checks.predictive import transforms, uniformity, without_the_row
from dispersal.record.checks.publishers import publisher_class, source_class
from dispersal.record.checks.rows import rows_predicted
from dispersal.record.checks.smoothing import smoothed_weights

if TYPE_CHECKING:
    from dispersal.inference.observation import Observations
    from dispersal.inference.posterior import Posterior


@pytest.fixture(scope="module")
def check(posterior: Posterior) -> PredictiveCheck:
    return predictive_check(posterior, draws=60)


def told(observations: Observations, value: list[float], side: list[int]) -> Observations:
    """Return observations that say this; the transforms read nothing else of them."""
    return dataclasses.replace(observations, value=np.array(value), side=np.array(side))


def test_every_row_is_looked_at_once(posterior: Posterior, check: PredictiveCheck) -> None:
    assert sorted(check.rows["figure_id"]) == sorted(posterior.observations.figure_id)
    assert check.draws == 60
    rows = check.rows.set_index("figure_id")
    assert rows.loc["f3", "form"] == "bound"
    assert rows.loc["g2", "form"] == "range"
    assert rows.loc["g4", "form"] == "exact"
    assert rows.loc["f1", "source_class"] == "unofficial"
    assert rows.loc["g4", "source_class"] == "international"
    assert rows.loc["a4", "quantity"] == "strength"
    assert rows.loc["g3", "published"] == pytest.approx(90)
    for name in ("pit", "pit_without"):
        assert rows[name].between(0, 1).all()
    assert (rows["p10"] <= rows["p50"]).all()
    assert (rows["p50"] <= rows["p90"]).all()


def test_transform_is_the_mean_of_students_and_of_normals_for_bounds(
    posterior: Posterior,
) -> None:
    centre, scale = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.5], [2.0, 1.0]])
    below, density = transforms(told(posterior.observations, [2.0, 3.0], [0, 1]), centre, scale)
    np.testing.assert_allclose(below[:, 0], stats.t.cdf([1.0, -0.5], 4))
    np.testing.assert_allclose(below[:, 1], stats.norm.sf(3.0, centre[:, 1], scale[:, 1]))
    np.testing.assert_allclose(density[:, 0], stats.t.logpdf(2.0, 4, [1.0, 3.0], [1.0, 2.0]))
    np.testing.assert_allclose(density[:, 1], np.log(below[:, 1]))
    other, _ = transforms(told(posterior.observations, [2.0, 3.0], [0, -1]), centre, scale)
    np.testing.assert_allclose(other[:, 1], 1.0 - below[:, 1])


def test_density_is_the_likelihood_of_the_fit(posterior: Posterior) -> None:
    observations = posterior.observations
    centre, scale = rows_predicted(posterior.design, observations)(posterior.draws(1))
    _, density = transforms(observations, centre, scale)
    values = {name: draws[0] for name, draws in posterior.draws(1).items()}
    design = posterior.design
    expected = jax.jit(
        lambda one: log_likelihood(one, design, observations, trajectories(one, design))
    )(values)
    np.testing.assert_allclose(density[0], np.asarray(expected), rtol=1e-9, atol=1e-9)


def test_weights_leave_the_row_out(posterior: Posterior) -> None:
    """A middle known from six values: the posterior without one of them, on a grid."""
    said = [0.0, 0.3, -0.4, 0.1, 0.5, 2.0]
    grid = np.linspace(-6, 6, 4001)
    density = stats.t.logpdf(np.array(said)[:, None] - grid, 4)
    whole = np.exp(density.sum(axis=0))
    draws = np.random.default_rng(1).choice(grid, 8_000, p=whole / whole.sum())
    centre = np.repeat(draws[:, None], 6, axis=1)
    observed = told(posterior.observations, said, [0] * 6)
    found, k = without_the_row(*transforms(observed, centre, np.ones_like(centre)))
    for row in range(6):
        others = np.exp(np.delete(density, row, axis=0).sum(axis=0))
        exact = (others * stats.t.cdf(said[row] - grid, 4)).sum() / others.sum()
        assert found[row] == pytest.approx(exact, abs=0.015)
    assert (k < 0.7).all()


def test_groups_count_every_row_once(check: PredictiveCheck) -> None:
    for _, part in check.groups.groupby("by"):
        assert (part["rows"] + part["bounds"]).sum() == len(check.rows)
    whole = check.groups.iloc[0]
    two_sided = check.rows[check.rows["form"] != "bound"]
    assert whole["covers80"] == pytest.approx((two_sided["pit"].sub(0.5).abs() <= 0.4).mean())
    assert whole["bounds_hold"] == pytest.approx(
        check.rows.loc[check.rows["form"] == "bound", "pit"].mean()
    )


def test_record_is_json(check: PredictiveCheck) -> None:
    record = json.loads(json.dumps(check.record()))
    assert record["rows"] == len(check.rows)
    assert record["largest"][0]["figure_id"] == check.rows.loc[0, "figure_id"]


def test_p_values_of_uniform_numbers_are_uniform() -> None:
    rng = np.random.default_rng(3)
    p = np.array([uniformity(rng.random(8)) for _ in range(200)])
    assert stats.kstest(p, "uniform").pvalue > 0.01


@pytest.mark.parametrize("wrong", [lambda u: u**2, lambda u: 0.25 + u / 2])
def test_shifted_and_narrow_transforms_are_found_out(wrong: object) -> None:
    assert callable(wrong)
    rng = np.random.default_rng(4)
    p = [uniformity(wrong(rng.random(60))) for _ in range(20)]
    assert np.median(p) < 0.01


def test_too_few_rows_have_no_p_value() -> None:
    assert np.isnan(uniformity(np.full(4, 0.5)))


def test_no_draws_are_refused(posterior: Posterior) -> None:
    with pytest.raises(InputError, match="found 0 draws"):
        predictive_check(posterior, draws=0)


def test_classes_of_known_publishers() -> None:
    ledger = load_case("isis_2017").ledger
    found = {row.key: publisher_class(row) for row in ledger.source_rows}
    assert found["icsr_2015"] == found["icct_2016"] == found["ihs_2017_01"] == "research"
    assert found["globalcoalition_2017_01"] == "international"
    assert found["europe1_bel_2016"] == found["tass_tjk_2016"] == "press_or_office"
    assert source_class(ledger.source("icsr_2015"), frozenset({"unofficial"})) == "unofficial"


def test_weights_whose_largest_are_alike_stay_as_they_are() -> None:
    rng = np.random.default_rng(2)
    logs = np.sort(rng.normal(size=(1, 400)))
    logs[:, -200:] = logs[0, -200]  # half of the draws share the largest weight
    logs[:, -1] += 1e-3
    found, k = smoothed_weights(logs)
    assert np.isfinite(found).all()
    assert k[0] <= 0.7
