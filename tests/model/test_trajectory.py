"""The fit's trajectories: people conserved, equal to the general hazards and to the engine."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dispersal.case import load_case
from dispersal.model import trajectory
from dispersal.model.calendar import Months
from dispersal.model.design import FIT_STEP, Design, make_design
from dispersal.model.fates import FATES, hazards_in_group
from dispersal.model.parameters import table
from dispersal.model.pressure import dislodging
from dispersal.model.profile import log_profile
from dispersal.population import Hazards, Process, expected
from tests.model.drawn import prior_values

if TYPE_CHECKING:
    from collections.abc import Callable


@cache
def design() -> Design:
    return make_design(load_case("isis_2017"), dt.date(2017, 3, 7))


@cache
def followed() -> Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]]:
    """Return ``trajectories`` of the design, compiled once."""
    return jax.jit(lambda found: trajectory.trajectories(found, design()))


def values(draw: int) -> dict[str, np.ndarray]:
    return {name: array[draw] for name, array in prior_values(design(), 5, seed=2).items()}


@pytest.mark.parametrize("draw", range(5))
def test_nobody_appears_or_vanishes(draw: int) -> None:
    states = followed()(values(draw))
    parts = sum(np.asarray(states[name]) for name in states if name != "joined")
    np.testing.assert_allclose(parts, states["joined"], atol=1e-9)
    for name, share in states.items():
        assert np.asarray(share).min() >= -1e-12, name
    assert (np.diff(np.asarray(states["killed"]), axis=1) >= -1e-12).all()


@pytest.mark.parametrize("draw", range(3))
def test_equal_to_the_general_hazards_at_the_medians(
    draw: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[list[np.ndarray]] = []

    def remember(hazards: list[np.ndarray], joined: np.ndarray, _: object) -> dict[str, np.ndarray]:
        found.append(hazards)
        return {"joined": joined}

    monkeypatch.setattr(trajectory, "propagate", remember)
    trajectory.trajectories(values(draw), design())
    fitted = {name: jnp.asarray(value) for name, value in values(draw).items()}
    profiles = [log_profile(fitted, name, design())[0] for name in ("home", "killed")]
    # Before the cut-off the general form takes the medians of the pressures, too.
    dislodged = table()["displaced_elasticity"].median * dislodging(design().held) / FIT_STEP
    general = hazards_in_group(
        fitted,
        design(),
        trajectory.mean_held(design()),
        dislodged,
        design().open_home,
        *profiles,
    )
    for fate in range(len(FATES)):
        np.testing.assert_allclose(found[0][fate], general[fate], rtol=1e-9, err_msg=FATES[fate])


def test_agrees_with_the_engine_at_short_steps() -> None:
    """One origin through the engine in weeks; the fit takes quarters and half-step exposure."""
    rng = np.random.default_rng(3)
    steps, fine = 12, 90
    hazards = rng.uniform(0.002, 0.05, (len(FATES), 1, steps))
    joined = np.concatenate([[0.0], np.cumsum(np.full(steps, 1.0 / steps))])[None]
    shorter = replace(design(), months=Months(design().months.start, FIT_STEP * steps))
    after = trajectory.afterwards(shorter)
    fit = trajectory.propagate([jnp.asarray(h) for h in hazards], jnp.asarray(joined), after)
    rate = {name: table()[name].median for name in table()}
    states = ["out", "in", *FATES]
    flows: list[tuple[str, str, str]] = [("out", "in", "join")]
    flows += [("in", fate, fate) for fate in FATES]
    later = [
        ("underground", "killed", "underground_killed"),
        ("underground", "detained", "underground_detained"),
        ("underground", "home", "underground_home"),
        ("onward", "killed", "onward_killed"),
        ("onward", "home", "onward_home"),
        ("detained", "home", "detained_home"),
    ]
    process, _ = Process.from_names(["o"], states, flows + later, step=FIT_STEP / fine)
    by_class = np.zeros((steps * fine, 1, process.n_classes))
    left = 1.0 - np.interp(np.arange(steps * fine + 1) / fine, np.arange(steps + 1), joined[0])
    with np.errstate(divide="ignore"):
        join = -np.log(np.maximum(left[1:], 1e-12) / left[:-1]) / process.step
    by_class[:, 0, process.classes.index("join")] = join
    for at, fate in enumerate(FATES):
        by_class[:, 0, process.classes.index(fate)] = np.repeat(hazards[at, 0], fine)
    for _, _, name in later:
        by_class[:, 0, process.classes.index(name)] = rate[name]
    ones = np.ones((1, process.n_flows))
    mean = expected(process, Hazards(by_class, ones, ones), [[1.0] + [0.0] * 6], steps * fine)
    counts = np.asarray(mean.counts)[::fine, 0]
    for name in ("in_group", *FATES):
        at = states.index("in" if name == "in_group" else name)
        np.testing.assert_allclose(fit[name][0], counts[:, at], atol=0.006, err_msg=name)


def test_flow_through_solves_its_equation() -> None:
    count, spent = trajectory.flow_through(jnp.array([3.0, 0.0, 1.0]), jnp.array([0.0, 0.5, 0.2]))
    np.testing.assert_allclose(count[2], 3.0 * np.exp(-0.5))
    # What came in and is no longer there has left: hazard times time spent.
    left = np.cumsum(np.array([0.0, 0.5, 0.2]) * np.asarray(spent))
    np.testing.assert_allclose(np.cumsum([3.0, 0.0, 1.0]) - left, count[1:], rtol=1e-7)


def test_wider_entry_ban_never_raises_home() -> None:
    import dataclasses

    open_ = dataclasses.replace(design(), open_home=np.ones_like(design().open_home))
    shut = dataclasses.replace(design(), open_home=np.full_like(design().open_home, 0.4))
    home = [np.asarray(trajectory.trajectories(values(0), d)["home"]) for d in (open_, shut)]
    assert (home[1] <= home[0] + 1e-12).all()
    assert (home[1][:, -1] < home[0][:, -1]).all()
