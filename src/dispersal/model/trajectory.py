"""Trajectories: the mean shares of each origin's adults in every state, up to the cut-off.

What the evidence is asked about. The hazards are those of ``fates.hazards_in_group`` at the
medians of what only the forecast draws (a test holds the two together), written so that one
evaluation costs little: the sampler needs hundreds of thousands.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dispersal.model.design import FIT_STEP, Design
from dispersal.model.fates import (
    DETAINED,
    FATES,
    HOME,
    KILLED,
    ONWARD,
    UNDERGROUND,
    arrivals,
    covariate_effect,
    dislodged_shares,
)
from dispersal.model.pressure import dislodging
from dispersal.model.profile import log_profile
from dispersal.population.hazards import leaving

FloatArray = NDArray[np.float64]
Values = Mapping[str, Any]

#: Fates whose hazards the evidence does not inform: the fit takes the medians of their priors.
UNINFORMED = ("detained", "underground", "onward")

#: Parameters of what follows a way out, per month.
AFTERWARDS = (
    *("underground_killed", "underground_detained", "underground_home"),
    *("onward_killed", "onward_home", "detained_home"),
)

#: Hazards closer than this, per step, count as equal.
ALIKE = 1e-9


def trajectories(values: Values, design: Design) -> dict[str, jax.Array]:
    """Return the mean share of each origin's adults in every state, at every instant of the fit.

    Returns
    -------
    dict of float arrays, shape (O, T + 1)
        ``joined`` (ever), ``in_group``, ``killed``, ``detained``, ``underground``, ``onward``,
        ``home``; all but ``joined`` sum to ``joined``.
    """
    fixed = known_hazards(design)
    median = design.medians
    by_killed, by_home = levels(values, design)[:, :, None] * in_time(values, design)[:, None, :]
    dislodged = usual_dislodging(design)
    share = dislodged_shares(values, design)
    closed = 1.0 - design.open_home
    shut_out = share[HOME][:, None] * closed
    others = dislodged * (1.0 + shut_out / (1.0 - share[HOME])[:, None])
    barred = by_home * closed
    rates = [
        by_killed + share[KILLED][:, None] * others,
        *(fixed[name] + share[FATES.index(name)][:, None] * others for name in UNINFORMED),
        by_home - barred + dislodged * (share[HOME][:, None] - shut_out),
    ]
    rates[ONWARD] = rates[ONWARD] + median["home_ban_redirect"] * barred
    return propagate(rates, arrivals(values, design), afterwards(design))


def levels(values: Values, design: Design) -> jax.Array:
    """Return each origin's hazards of death and of return from the group, per month.

    Returns
    -------
    float array, shape (2, O)
    """
    to_home = values["home_origin"] + covariate_effect(values, design)
    to_home = to_home + design.medians["local_home"] * design.local.astype(float)
    return jnp.stack(
        [
            values["killed_hazard"] * jnp.exp(values["killed_origin"]),
            values["home_hazard"] * jnp.exp(to_home),
        ]
    )


def in_time(values: Values, design: Design) -> jax.Array:
    """Return the factors of these two hazards in each step of the fit, shape (2, T)."""
    rise = np.exp(design.medians["killed_pressure"] * (1.0 - mean_held(design)))
    logs = [log_profile(values, name, design)[0] for name in ("killed", "home")]
    return jnp.exp(jnp.stack(logs)) * np.stack([rise, np.ones_like(rise)])


def usual_dislodging(design: Design) -> FloatArray:
    """Return the hazard of being dislodged, per month, at the median elasticity, shape (T,)."""
    found = design.medians["displaced_elasticity"] * dislodging(design.held) / FIT_STEP
    return np.asarray(found)


def mean_held(design: Design) -> FloatArray:
    """Return the mean share of territory held in each step of the fit, shape (T,)."""
    return (design.held[:-1] + design.held[1:]) / 2


def known_hazards(design: Design) -> dict[str, FloatArray]:
    """Return the hazards of ``UNINFORMED`` fates at the medians of their priors, (O, T) each."""
    median = design.medians
    local = design.local.astype(float)[:, None]
    pressure = 1.0 - mean_held(design)[None, :]
    return {
        name: median[f"{name}_hazard"]
        * np.exp(median.get(f"local_{name}", 0.0) * local + median[f"{name}_pressure"] * pressure)
        for name in UNINFORMED
    }


def propagate(
    hazards: list[jax.Array], joined: jax.Array, after: tuple[dict[int, FloatArray], ...]
) -> dict[str, jax.Array]:
    """Return the mean shares in every state.

    Parameters
    ----------
    hazards : list of float arrays, shape (O, T), one a fate
        Out of the group, per month.
    joined : float array, shape (O, T + 1)
        Share that has joined by each instant.
    after : tuple over FATES of {way out: float array, shape (T, T + 1)}
        As ``afterwards`` gives it.
    """
    # Those in the group at the first instant come in with the first step.
    inflow = jnp.concatenate([joined[:, 1:2], joined[:, 2:] - joined[:, 1:-1]], axis=1)
    in_group, spent = flow_through(inflow, FIT_STEP * sum(hazards[1:], hazards[0]))
    in_group = jnp.concatenate([joined[:, :1], in_group[:, 1:]], axis=1)
    stocks: dict[int, Any] = {}
    for fate, rate in enumerate(hazards):
        ways = [(target, sources[fate]) for target, sources in enumerate(after) if fate in sources]
        moved = (FIT_STEP * rate * spent) @ np.concatenate([matrix for _, matrix in ways], axis=1)
        for at, (target, matrix) in enumerate(ways):
            width = matrix.shape[1]
            part = moved[:, at * width : (at + 1) * width]
            stocks[target] = part if target not in stocks else stocks[target] + part
    names = ("killed", "detained", "underground", "onward", "home")
    return {"joined": joined, "in_group": in_group} | {
        name: stocks[at] for at, name in enumerate(names)
    }


def flow_through(inflow: Any, hazard: Any) -> tuple[jax.Array, jax.Array]:
    """Return a state's mean count and its time spent, given inflow and the hazard out.

    dn/dt = a − Λ·n with both constant in a step of length 1, n_0 = 0; solved without a loop:
    n_k = S_k · Σ_{j<k} a_j · e_j / S_{j+1} with S_k = exp(−Σ_{j<k} Λ_j) and e_j =
    (1 − exp(−Λ_j))/Λ_j. Sums are triangular matrix products, which XLA does faster than scans.

    Parameters
    ----------
    inflow : float array, shape (..., T)
        Per step.
    hazard : float array, shape (..., T)
        Per step.

    Returns
    -------
    count : float array, shape (..., T + 1)
        At each instant.
    spent : float array, shape (..., T)
        Person-steps spent in the state during each step: what leaves is Λ·spent.

    Examples
    --------
    >>> count, spent = flow_through(jnp.array([1.0, 0.0]), jnp.array([0.0, jnp.log(2.0)]))
    >>> count.tolist(), spent.round(3).tolist()
    ([0.0, 1.0, 0.5], [0.5, 0.721])
    """
    steps = inflow.shape[-1]
    upper = jnp.triu(jnp.ones((steps, steps)))
    survived = jnp.minimum(hazard @ upper, 600.0)
    staying = leaving(hazard, 1.0)
    grown = (inflow * staying * jnp.exp(survived)) @ upper * jnp.exp(-survived)
    count = jnp.concatenate([jnp.zeros_like(grown[..., :1]), grown], axis=-1)
    # What flowed in either stayed to the end of the step or left: Λ·spent = a − Δn.
    of_new = jnp.where(hazard > 1e-4, (1.0 - staying) / jnp.maximum(hazard, 1e-4), 0.5)
    return count, count[..., :-1] * staying + inflow * of_new


def afterwards(design: Design) -> tuple[dict[int, FloatArray], ...]:
    """Return where those who left in each step are at each instant, by fate and way out.

    What follows a way out (death, capture or return of the underground, the onward and the
    detained) hardly shows in the evidence, so that the fit takes the rates at the medians of
    their priors; the forecast draws them. A matrix has shape (T, T + 1): entry (j, k) is the
    share of those who left in the middle of step j who are in the state at instant k.

    Returns
    -------
    tuple over FATES of {way out: matrix}
    """
    return _afterwards(design.steps, *(FIT_STEP * design.medians[name] for name in AFTERWARDS))


@cache
def _afterwards(
    steps: int,
    near_killed: float,
    near_detained: float,
    near_home: float,
    far_killed: float,
    far_home: float,
    free: float,
) -> tuple[dict[int, FloatArray], ...]:
    elapsed = np.arange(steps + 1)[None, :] - (np.arange(steps)[:, None] + 0.5)
    gone = np.maximum(elapsed, 0.0)
    there = (elapsed > 0).astype(float)

    def left(total: float, one: float) -> FloatArray:
        return np.asarray(there * one / total * -np.expm1(-total * gone))

    def stays(total: float) -> FloatArray:
        return np.asarray(there * np.exp(-total * gone))

    near, far = near_killed + near_detained + near_home, far_killed + far_home
    # The underground who were captured are held from then on: (exp(−a t) − exp(−b t))/(b − a).
    apart = free - near
    held = there * near_detained * np.exp(-near * gone)
    captured = held * (gone if abs(apart) < ALIKE else -np.expm1(-apart * gone) / apart)
    captured_and_freed = left(near, near_detained) - captured
    return (
        {KILLED: there, UNDERGROUND: left(near, near_killed), ONWARD: left(far, far_killed)},
        {DETAINED: stays(free), UNDERGROUND: captured},
        {UNDERGROUND: stays(near)},
        {ONWARD: stays(far)},
        {
            HOME: there,
            UNDERGROUND: left(near, near_home) + captured_and_freed,
            ONWARD: left(far, far_home),
            DETAINED: left(free, free),
        },
    )
