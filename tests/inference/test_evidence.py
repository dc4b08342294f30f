"""The compiled likelihood is the readable one, and its slopes are the derivatives of it."""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import jaxlib
import numpy as np
import pytest

from dispersal.case import load_case
from dispersal.inference import foreign
from dispersal.inference.evidence import COLUMNS, make_log_likelihood, row_table, ways_counted
from dispersal.inference.evidence_parts import (
    SMALL,
    log_normal_tail,
    of_a_row,
    shares_of_a_step,
)
from dispersal.inference.observation import Observations, observe
from dispersal.inference.program import log_likelihood
from dispersal.model.design import Design, make_design
from dispersal.model.trajectory import trajectories
from tests.model.drawn import prior_values


@cache
def known() -> tuple[Design, Observations]:
    case = load_case("isis_2017")
    design = make_design(case, case.asked_on)
    return design, observe(design)


def readable(values: Any) -> jax.Array:
    design, observations = known()
    states = trajectories(values, design)
    return log_likelihood(values, design, observations, states).sum()


@pytest.mark.parametrize("seed", range(3))
def test_value_and_gradient_are_those_of_the_readable_form(seed: int) -> None:
    """At draws from the prior: every row, every parameter."""
    values = {
        name: jnp.asarray(value[0]) for name, value in prior_values(known()[0], 1, seed).items()
    }
    compiled = make_log_likelihood(*known())
    expected, slopes = jax.jit(jax.value_and_grad(readable))(values)
    found, own = jax.jit(jax.value_and_grad(compiled))(values)
    assert float(found) == pytest.approx(float(expected), rel=1e-10)
    for name, slope in slopes.items():
        scale = 1.0 + np.abs(np.asarray(slope)).max()
        np.testing.assert_allclose(own[name] / scale, slope / scale, atol=1e-7, err_msg=name)


def test_rows_are_told_apart() -> None:
    design, observations = known()
    rows = dict(zip(COLUMNS, row_table(observations, design).T, strict=True))
    whole = observations.aggregate >= 0
    assert (rows["pool"][~whole] == -1).all()
    assert set(rows["pool"][whole]) == {0.0, 1.0}
    ways = ways_counted(observations, design).reshape(len(whole), 5, design.steps)
    departed = rows["joined"] == 1.0
    assert (ways[departed] == 0).all()
    # Of those who died, a row of the dead counts all, once the quarter is over.
    dead = np.flatnonzero((observations.quantity == 2) & (observations.instant > 6))
    assert ways[dead, 0, :4] == pytest.approx(np.ones((dead.size, 4)))


@pytest.mark.parametrize("x", [0.0, 1e-6, SMALL * 0.999, SMALL * 1.001, 0.3, 5.0])
def test_shares_of_a_step_and_their_slopes(x: float) -> None:
    step = 1e-5

    def exact(at: float) -> np.ndarray:
        if at < 0.1:
            terms = [(-at) ** n / math.factorial(n + 1) for n in range(12)]
            return np.array([sum(terms), -sum(terms[1:]) / at if at else 0.5])
        e = -math.expm1(-at) / at
        return np.array([e, (1 - e) / at])

    stay, e, g, slope_e, slope_g = shares_of_a_step(x)
    assert stay == pytest.approx(np.exp(-x))
    assert [e, g] == pytest.approx(exact(x), rel=1e-9, abs=1e-9)
    low, high = exact(max(x - step, 0.0)), exact(x + step)
    numeric = (high - low) / (x + step - max(x - step, 0.0))
    assert [slope_e, slope_g] == pytest.approx(numeric, abs=2e-5)


@pytest.mark.parametrize("x", [-40.0, -20.001, -19.999, -3.0, 0.0, 4.0])
def test_log_of_the_normal_tail(x: float) -> None:
    value, slope = log_normal_tail(x)
    tail = jax.scipy.stats.norm.logcdf
    assert value == pytest.approx(float(tail(x)), rel=1e-6)
    assert slope == pytest.approx(float(jax.grad(tail)(x)), rel=1e-4, abs=1e-12)


@pytest.mark.parametrize("side", [0.0, 1.0, -1.0])
def test_slopes_of_a_row(side: float) -> None:
    at = np.array([40.0, 0.2, 0.3])
    found = of_a_row(at[0], at[1], at[2], 3.2, 0.1, side)
    for axis in range(3):
        step = np.zeros(3)
        step[axis] = 1e-6 * at[axis]
        low, high = at - step, at + step
        ends = [of_a_row(near[0], near[1], near[2], 3.2, 0.1, side)[0] for near in (low, high)]
        numeric = (ends[1] - ends[0]) / (2 * step[axis])
        assert found[1 + axis] == pytest.approx(numeric, rel=1e-5)


def test_the_interface_has_the_version_whose_offsets_are_used() -> None:
    header = Path(jaxlib.__file__).parent / "include" / "xla" / "ffi" / "api" / "c_api.h"
    text = header.read_text(encoding="utf-8")
    versions = [
        int(re.findall(rf"#define XLA_FFI_API_{name} (\d+)", text)[0])
        for name in ("MAJOR", "MINOR")
    ]
    assert versions[0] == foreign.MAJOR
    assert versions[1] >= foreign.MINOR
