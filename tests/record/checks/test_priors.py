"""Sensitivity to priors: right ratios, right draws, weights that point the right way."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from arviz_stats.base import array_stats
from scipy import special, stats

from dispersal.errors import InputError
from dispersal.model.forward import draw_forward
from dispersal.model.parameters import ParameterTable, table
from dispersal.model.states import ALL_FATES
from dispersal.record.checks import PriorSensitivity, prior_sensitivity
from dispersal.record.checks.priors import (
    CHANGES,
    OUTPUTS,
    draws_behind,
    log_prior_ratio,
    reweighted,
)

if TYPE_CHECKING:
    from dispersal.forecast.forecast import Forecast
    from dispersal.inference.posterior import Posterior


@pytest.fixture(scope="module")
def sensitivity(posterior: Posterior, forecast_of_posterior: Forecast) -> PriorSensitivity:
    return prior_sensitivity(posterior, forecast_of_posterior)


@pytest.mark.parametrize("factor", [2.0, 0.5])
@pytest.mark.parametrize(
    "name", ["home_distance", "killed_hazard", "custody_share", "killed_profile_sd"]
)
def test_ratio_is_that_of_the_densities(name: str, factor: float) -> None:
    parameter = table()[name]
    a, b = float(parameter.a), float(parameter.b)
    values = parameter.draw(np.random.default_rng(1), 50)

    def density(spread: float) -> object:
        if parameter.distribution == "normal":
            return stats.norm.logpdf(values, a, spread)
        if parameter.distribution == "lognormal":
            return stats.lognorm.logpdf(values, spread, scale=a)
        if parameter.distribution == "share":
            slope = -np.log(values) - np.log1p(-values)
            return stats.norm.logpdf(special.logit(values), special.logit(a), spread) + slope
        return stats.halfnorm.logpdf(values, scale=spread)

    expected = np.subtract(density(factor * b), density(b))  # type: ignore[call-overload]
    np.testing.assert_allclose(log_prior_ratio(parameter, values, factor), expected, atol=1e-9)


def test_elements_of_a_draw_count_together() -> None:
    parameter = table()["members_level"]
    values = parameter.draw(np.random.default_rng(1), (5, 3))
    alone = [log_prior_ratio(parameter, values[:, at], 2.0) for at in range(3)]
    np.testing.assert_allclose(log_prior_ratio(parameter, values, 2.0), sum(alone))


def test_hierarchies_are_refused() -> None:
    with pytest.raises(InputError, match="hierarchical prior of home_origin"):
        log_prior_ratio(table()["home_origin"], np.zeros((2, 3)), 2.0)


@pytest.mark.parametrize(("change", "tolerance"), [("halved", 0.03), ("doubled", 0.25)])
def test_weights_make_the_prior_that_they_say(change: str, tolerance: float) -> None:
    parameter, factor = table()["home_distance"], CHANGES[change]
    values = parameter.draw(np.random.default_rng(2), 20_000)
    smoothed, _ = array_stats.psislw(-log_prior_ratio(parameter, values, factor))
    weights = special.softmax(smoothed)
    deviation = np.sqrt(weights @ (values - weights @ values) ** 2)
    assert deviation == pytest.approx(factor * float(parameter.b), rel=tolerance)
    width = reweighted("x", values, weights)["width_x"]
    assert width == pytest.approx(factor - 1.0, abs=tolerance)


def test_noise_is_the_scatter_of_the_shift() -> None:
    parameter = table()["home_distance"]
    shifts, noises = [], []
    for seed in range(200):
        values = parameter.draw(np.random.default_rng(seed), 400)
        weights = special.softmax(log_prior_ratio(parameter, values, 0.5))
        found = reweighted("x", values, weights)
        shifts.append(found["shift_x"])
        noises.append(found["noise_x"])
    assert np.std(shifts) == pytest.approx(np.mean(noises), rel=0.2)


def test_draws_are_those_that_the_forecast_was_simulated_with(
    posterior: Posterior, forecast_of_posterior: Forecast
) -> None:
    """Told by what the simulation made of them: sizes, ends, biases, draw for draw."""
    ensemble = forecast_of_posterior.ensemble
    forward = draws_behind(posterior, forecast_of_posterior)
    values = dict(forward.values)
    assert forward.draws == ensemble.size == 50
    np.testing.assert_array_equal(forward.end, ensemble.end)
    np.testing.assert_array_equal(forward.mode, ensemble.mode)
    at = ensemble.origins.index("FRA")
    np.testing.assert_array_equal(values["bias_returned"][:, at], ensemble.bias["returned"][:, at])
    adults = [ensemble.strata.index(name) for name in ("men", "women")]
    people = ensemble.fates[..., -1].sum(axis=3)[:, :, adults].sum(axis=2)
    assert ensemble.fates.shape[3] == len(ALL_FATES)
    expected = np.exp(values["members"])
    scatter = (people - expected) / np.sqrt(expected)
    assert np.abs(scatter).max() < 5
    # Draws in another order would be far off.
    other = (people - np.roll(expected, 1, axis=0)) / np.sqrt(expected)
    assert np.abs(other).max() > 20


def test_draws_do_not_depend_on_the_padding_of_the_simulation(posterior: Posterior) -> None:
    """The simulation draws whole batches; the check draws what was asked for."""
    until = posterior.design.case.period.until
    few, many = (
        draw_forward(posterior.design, posterior.table, posterior.draws(count), until, 2)
        for count in (50, 80)
    )
    for name, values in few.values.items():
        np.testing.assert_array_equal(values, dict(many.values)[name][:50], err_msg=name)


def test_a_forecast_of_another_posterior_is_refused(
    posterior: Posterior, forecast_of_posterior: Forecast
) -> None:
    samples = {name: draws[:, ::-1] for name, draws in posterior.samples.items()}
    other = dataclasses.replace(posterior, samples=samples)
    with pytest.raises(InputError, match="made of this posterior"):
        prior_sensitivity(other, forecast_of_posterior)


def test_table_has_both_changes_of_every_prior_with_numbers(
    posterior: Posterior, sensitivity: PriorSensitivity
) -> None:
    priors: ParameterTable = posterior.table
    names = {p.name for p in priors.values() if not p.hierarchical and p.axis != "knot"}
    found = sensitivity.table
    assert {p.name for p in priors.values() if not p.axis} <= names
    assert len(found) == 2 * len(names)
    pairs = set(zip(found["parameter"], found["change"], strict=True))
    assert pairs == {(name, change) for name in names for change in CHANGES}


def test_usable_rows_come_first_and_largest_first(sensitivity: PriorSensitivity) -> None:
    found = sensitivity.table
    assert (found["usable"] == (found["k"] <= 0.7)).all()
    assert found["usable"].is_monotonic_decreasing
    for _, part in found.groupby("usable"):
        assert part["effect"].is_monotonic_decreasing
    shifts = found[[f"shift_{name}" for name in OUTPUTS]].abs()
    np.testing.assert_allclose(found["effect"], shifts.max(axis=1))
    assert (("shift_" + found["of"]) == shifts.idxmax(axis=1)).all()


def test_what_a_total_depends_on_moves_it(
    posterior: Posterior, forecast_of_posterior: Forecast, sensitivity: PriorSensitivity
) -> None:
    """The shift is the mean under the weights of the prior less the mean."""
    values = dict(draws_behind(posterior, forecast_of_posterior).values)["underground_home"]
    ratio = log_prior_ratio(posterior.table["underground_home"], values, 0.5)
    smoothed, _ = array_stats.psislw(-ratio)
    output = np.log1p(forecast_of_posterior.draws("returned"))
    expected = special.softmax(smoothed) @ output - output.mean()
    rows = sensitivity.table.set_index(["parameter", "change"])
    assert rows.loc[("underground_home", "halved"), "shift_returned"] == pytest.approx(expected)


def test_record_of_the_sensitivity_is_json(sensitivity: PriorSensitivity) -> None:
    record = json.loads(json.dumps(sensitivity.record()))
    assert record["draws"] == 50
    assert len(record["priors"]) == len(sensitivity.table)
    assert len(record["unusable"]) == int((~sensitivity.table["usable"]).sum())
