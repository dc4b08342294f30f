from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.model.journeys import SHORTEST, arrival_hazard, stops

from .cases import at_medians, future, policy

if TYPE_CHECKING:
    from dispersal.case import Case
    from dispersal.model.forward import Forward

CONTROL = "border_control"


def test_every_journey_ends_in_one_of_four_ways(isis_forward: Forward) -> None:
    found = stops(isis_forward)
    shares = np.stack([found.passed, found.deported, found.held, found.turned_back])
    assert shares.shape == (4, isis_forward.draws, isis_forward.steps)
    assert (shares >= 0).all()
    assert shares.sum(axis=0) == pytest.approx(np.ones(shares.shape[1:]))


def test_a_journey_takes_its_distance_over_its_speed(small_forward: Forward) -> None:
    km = np.array([0.0, 100.0, 5_000.0, 20_000.0])
    hazard = arrival_hazard(small_forward, km)
    speed = small_forward.values["journey_speed"]
    assert hazard.shape == (small_forward.draws, 4)
    assert (hazard[:, 0] == 1 / SHORTEST).all()
    assert hazard[:, 3] == pytest.approx(1 / np.maximum(20_000.0 / speed, SHORTEST))
    assert (np.diff(hazard, axis=1) <= 0).all()


def test_the_parameter_counts_where_no_border_is_known(small: Case) -> None:
    forward = at_medians(
        future(replace(small, policies=())),
        journey_interdiction=0.2,
        interdicted_deported=0.5,
        interdicted_held=0.25,
    )
    found = stops(forward)
    for share, expected in (
        (found.passed, 0.8),
        (found.deported, 0.1),
        (found.held, 0.025),
        (found.turned_back, 0.075),
    ):
        assert share == pytest.approx(np.full((1, forward.steps), expected))


def test_a_month_counts_the_borders_that_are_known_in_it(small: Case) -> None:
    rows = (
        policy("TUR", CONTROL, 0.2, 0.4, "2015-01-01"),
        policy("JOR", CONTROL, 0.8, 0.8, "2016-01-01", until="2017-05-31"),
        policy("LBN", CONTROL, 0.5, 0.5, "2017-04-01", until="2017-04-30"),
    )
    forward = future(replace(small, policies=rows))
    # Ends that lie after the cut-off are not known on it; here they are put back.
    known = replace(forward.design.case, policies=rows)
    forward = replace(forward, design=replace(forward.design, case=known))
    turkey = 0.2 + 0.2 * forward.position[CONTROL]
    passed = stops(forward).passed
    assert passed[:, 0] == pytest.approx(1 - (turkey + 0.8) / 2)
    assert passed[:, 1] == pytest.approx(1 - (turkey + 0.8 + 0.5) / 3)
    assert passed[:, 2] == pytest.approx(1 - (turkey + 0.8) / 2)
    assert passed[:, 3] == pytest.approx(1 - turkey)


def test_tighter_borders_never_let_more_through(small: Case) -> None:
    passed = []
    for low, high in ((0.1, 0.3), (0.2, 0.3), (0.6, 0.9), (1.0, 1.0)):
        row = policy("TUR", CONTROL, low, high, "2015-01-01")
        passed.append(stops(future(replace(small, policies=(row,)))).passed)
    assert (np.diff(np.stack(passed), axis=0) <= 1e-12).all()
    assert (passed[-1] == 0).all()


def test_a_longer_forecast_stops_as_many(small: Case) -> None:
    case = replace(small, policies=(policy("TUR", CONTROL, 0.2, 0.4, "2015-01-01"),
                                    policy("JOR", CONTROL, 0.5, 0.9, "2018-06-01",
                                           published="2017-01-01")))  # fmt: skip
    short = stops(future(case, until=dt.date(2017, 12, 31)))
    long = stops(future(case))
    assert np.array_equal(long.passed[:, : short.passed.shape[1]], short.passed)
