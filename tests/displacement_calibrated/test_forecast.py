"""Forecasts of camps: people conserved, bits that stay, and intervals that hold what they say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.displacement import Parameters, forecast_camps
from dispersal.displacement.calibrated import known_on
from dispersal.displacement.calibrated.arrivals import camp_process, plan_arrivals
from dispersal.displacement.calibrated.condition import condition_field
from dispersal.displacement.calibrated.field import Field
from dispersal.displacement.calibrated.surroundings import surroundings_of
from dispersal.displacement.figures import Series
from dispersal.errors import InputError
from dispersal.population import sample

if TYPE_CHECKING:
    from dispersal.displacement import FleeFolder


def test_total_given_is_met_and_told(folder: FleeFolder) -> None:
    found = forecast_camps(folder, draws=60, known="published")
    assert found.counts.shape == (29, 3, 60)
    true = found.data[31:].sum(axis=1)
    # Whole people come and go by chance around the total.
    assert (np.abs(found.counts.sum(axis=1).mean(axis=1) - true) < 5 * np.sqrt(true / 60)).all()
    assert (found.counts >= 0).all()
    assert found.provenance()["known_until"] == "2020-01-31"
    assert found.to_xarray().sizes == {"date": 29, "camp": 3, "draw": 60}
    assert str(found.to_xarray()["date"].values[0])[:10] == "2020-02-01"
    middle = found.quantiles((0.5,)).values[0]
    np.testing.assert_array_equal(middle, found.median)


def test_a_falling_total_empties_camps(folder: FleeFolder) -> None:
    series = dict(folder.figures.series)
    series["Camp One"] = Series((0.0, 30.0, 59.0), (0.0, 3000.0, 300.0))
    shrinking = replace(folder, figures=replace(folder.figures, series=series))
    found = forecast_camps(shrinking, draws=60)
    total = found.data[31:].sum(axis=1)
    np.testing.assert_allclose(found.counts.sum(axis=1).mean(axis=1), total, rtol=0.03)


def test_the_first_draws_stay(folder: FleeFolder) -> None:
    many = forecast_camps(folder, draws=120, total="forecast", seed=3)
    few = forecast_camps(folder, draws=55, total="forecast", seed=3, threads=1)
    other = forecast_camps(folder, draws=55, total="forecast", seed=4)
    assert np.array_equal(many.counts[:, :, :55], few.counts)
    assert not np.array_equal(few.counts, other.counts)
    # Draws of different blocks differ, too.
    assert not np.array_equal(many.counts[:, :, :50], many.counts[:, :, 50:100])


def test_more_turnover_moves_more_people(folder: FleeFolder) -> None:
    calm = Parameters.default(turnover=0.0)
    lively = Parameters.default(turnover=0.5, turnover_sd=0.0, turnover_camp_sd=0.0)
    steady, moved = (
        forecast_camps(folder, draws=100, parameters=each).counts[-1, 0] for each in (calm, lively)
    )
    assert np.median(moved) < np.median(steady)
    assert steady.min() >= 324  # nobody leaves, and the total does not fall


def test_bad_requests(folder: FleeFolder) -> None:
    with pytest.raises(InputError, match="draws are 0 and seed 1"):
        forecast_camps(folder, draws=0)
    with pytest.raises(InputError, match="did you mean 'turnover'"):
        Parameters.default(turnove=1.0)
    with pytest.raises(InputError, match=r"camp_sd is -1\.0, expected a finite number"):
        Parameters.default(camp_sd=-1.0)


def test_intervals_hold_what_they_say(folder: FleeFolder) -> None:
    """Truths drawn from the model itself, each forecast from its own first 30 days."""
    # The floor is for figures that miss people; here they miss none, and it would be a bias.
    chosen = Parameters.default(floor_share=0.0005)
    around = surroundings_of(folder, chosen.access_offset)
    start = replace(known_on(folder, 1), arrivals=(), counts=np.zeros(3), day=0)
    rng = np.random.default_rng(11)
    truths = 60
    level = Parameters.default(
        level_sd=0.1, floor_share=0.0005
    )  # known to whoever draws, not to the forecast
    drawn = condition_field(replace(start, day=1), around, level).draw(truths, rng)
    busy = Field(drawn.knots, drawn.log_rate + np.log(600.0), drawn.closure, drawn.turnover)
    roomy = replace(around, at_home=1e8)
    process = camp_process(folder.camps)
    plan = plan_arrivals(process, start, roomy, busy, chosen, None, rng)
    people = sample(process, plan.hazards, plan.initial, 59, truths, seed=5).counts[:, 0, 1:]
    inside = []
    for truth in range(truths):
        series = dict(folder.figures.series)
        days = tuple(float(day) for day in range(60))
        for at, camp in enumerate(folder.camps):
            series[camp] = Series(days, tuple(float(n) for n in people[:, at, truth]))
        case = replace(folder, figures=replace(folder.figures, series=series))
        found = forecast_camps(case, draws=50, parameters=chosen, known="published", seed=truth)
        low, high = np.quantile(found.counts[-1], [0.1, 0.9], axis=1)
        inside.append(((found.data[-1] >= low) & (found.data[-1] <= high)).mean())
    assert 0.68 < np.mean(inside) < 0.88
