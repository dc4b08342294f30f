"""Profiles in time: walks about a mean of one over the people exposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.model.design import KNOT_STEPS
from dispersal.model.profile import at_knots, exposure, log_profile, walk

from .drawn import prior_values

if TYPE_CHECKING:
    from dispersal.model.design import Design


def test_a_profile_is_its_walk_up_to_a_constant_and_one_on_average(small_design: Design) -> None:
    values = prior_values(small_design, 5, 2)
    steps, last = log_profile(values, "home", small_design)
    knots = walk(values["home_profile"], values["home_profile_sd"], np)
    positions = (np.arange(small_design.steps) + 0.5) / KNOT_STEPS
    raw = at_knots(knots, positions, np)
    shift = np.asarray(steps) - raw
    assert np.ptp(shift, axis=1) == pytest.approx(np.zeros(5), abs=1e-12)
    assert np.exp(steps) @ exposure(small_design) == pytest.approx(np.ones(5))
    end = at_knots(knots, np.array([small_design.steps / KNOT_STEPS]), np)[:, 0]
    assert np.asarray(last) - end == pytest.approx(shift[:, 0])


def test_people_are_exposed_only_once_they_have_joined(small_design: Design) -> None:
    share = exposure(small_design)
    assert share.sum() == pytest.approx(1.0)
    assert (share >= 0).all()
    joined = small_design.peak / small_design.months.steps
    early = share[: int(small_design.steps * joined / 2)]
    assert early.size == 0 or early.sum() < share.sum() / 2
