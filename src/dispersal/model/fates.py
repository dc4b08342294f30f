"""Fates: how each origin's members leave the group, as mean shares over time.

This is the part that the evidence is asked about: per origin, for its adults, the five competing ways
out of the group and what follows each. Places within a fate multiply out later (``options``), as a
nested choice allows. Everything is written once for NumPy-like arrays in JAX.

States: ``unarrived`` → ``in_group`` → ``killed`` | ``detained`` | ``underground`` | ``onward`` |
``home``; the underground, the onward and the detained may still be killed, held or come home.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dispersal.model.design import FIT_STEP, KNOT_STEPS, Design
from dispersal.model.parameters import table
from dispersal.model.pressure import dislodging
from dispersal.population.hazards import leaving

#: The ways out of the group, in the order of every array; ``onward`` is another theatre or a
#: third country.
FATES = ("killed", "detained", "underground", "onward", "home")
KILLED, DETAINED, UNDERGROUND, ONWARD, HOME = range(5)

FloatArray = NDArray[np.float64]
Values = Mapping[str, Any]


def arrivals(values: Values, design: Design) -> jax.Array:
    """Return the share of each origin's members who have joined by each instant of the fit.

    A logistic curve in time, F(t) = 1 / (1 + exp(−(t − m_o)/s)), in months.

    Returns
    -------
    float array, shape (O, T + 1)
    """
    middle = design.peak + values["arrival_middle"] + values["arrival_middle_origin"]
    instants = FIT_STEP * jnp.arange(design.steps + 1)
    return jax.nn.sigmoid((instants[None, :] - middle[:, None]) / values["arrival_spread"])


def walk(steps_of_walk: Any, scale: Any) -> jax.Array:
    """Return a random walk at its knots, with mean zero.

    Parameters
    ----------
    steps_of_walk : float array, shape (knots − 1,)
        Standard normal increments.
    scale : float
        Standard deviation of an increment.

    Examples
    --------
    >>> walk(jnp.array([1.0, 1.0]), 2.0).tolist()
    [-2.0, 0.0, 2.0]
    """
    knots = jnp.concatenate([jnp.zeros(1), jnp.cumsum(steps_of_walk) * scale])
    return knots - knots.mean()


def at_knots(knots: Any, positions: Any, xp: Any = jnp) -> Any:
    """Return the values of a walk between its knots, linear; flat beyond the last.

    Parameters
    ----------
    knots : float array, shape (..., K)
    positions : float array, shape (n,)
        In units of the distance between knots.

    Returns
    -------
    float array, shape (..., n)

    Examples
    --------
    >>> at_knots(jnp.array([0.0, 2.0]), jnp.array([0.25, 3.0])).tolist()
    [0.5, 2.0]
    """
    left = xp.clip(xp.floor(positions).astype(int), 0, knots.shape[-1] - 2)
    weight = xp.clip(positions - left, 0.0, 1.0)
    return knots[..., left] * (1.0 - weight) + knots[..., left + 1] * weight


def hazards_in_group(
    values: Values,
    design: Design,
    held: Any,
    dislodged: Any,
    open_home: Any,
    home_profile: Any,
    killed_profile: Any,
) -> jax.Array:
    """Return the hazards of the five ways out of the group, for an origin's adults.

    h_f(o, t) = exp(base_f + pressure_f · (1 − c(t)) + profile_f(t) + deviation_f(o))
    + dislodged(t) · w_f(o), where w is the logit choice of the dislodged. An entry ban takes its
    share from ``home``; of those so barred from the steady flow the share ``home_ban_redirect``
    moves on and the others stay, and the dislodged who are barred choose among the rest.

    Parameters
    ----------
    values : mapping
        Parameters that it does not hold count with the median of their prior.
    held : float array, shape (T,)
        Share of the peak territory held, during each step.
    dislodged : float array, shape (T,)
        Hazard of being dislodged, per month.
    open_home : float array, shape (O, T)
        Share whom no entry ban keeps out.
    home_profile, killed_profile : float array, shape (T,)

    Returns
    -------
    float array, shape (5 fates, O, T), per month
    """
    values = _Completed(values)
    local = jnp.asarray(design.local, dtype=jnp.float64)
    to_home = values["home_origin"] + covariate_effect(values, design)
    deviations = {
        "killed": values["killed_origin"],
        "detained": 0.0 * local,
        "underground": values["local_underground"] * local,
        "onward": values["local_onward"] * local,
        "home": to_home + values["local_home"] * local,
    }
    profiles = {"killed": killed_profile, "home": home_profile}
    # The evidence fixed the levels at the cut-off; only what follows it varies with the draw.
    now = design.held[-1]

    def steady(fate: str) -> jax.Array:
        name = f"{fate}_pressure"
        rise = 0.0
        if name in table():
            rise = table()[name].median * (1.0 - now) + values[name] * (now - held)
            rise = jnp.where(held > now, table()[name].median * (1.0 - held), rise)
        in_time = profiles.get(fate, 0.0) + rise + 0.0 * held
        level = values[f"{fate}_hazard"] * jnp.exp(deviations[fate])
        return level[:, None] * jnp.exp(in_time)[None, :]

    base = jnp.stack([steady(fate) for fate in FATES])
    share = dislodged_shares(values, design)
    dislodged = jnp.asarray(dislodged)
    if not isinstance(open_home, jax.Array) and np.all(open_home == 1.0):
        return base + share[:, :, None] * dislodged
    barred = base[HOME] * (1.0 - open_home)
    shut_out = share[HOME][:, None] * (1.0 - open_home)
    # The others take over what the barred cannot choose, in proportion.
    grown = 1.0 + shut_out / (1.0 - share[HOME])[:, None]
    is_home = (jnp.arange(len(FATES)) == HOME)[:, None, None]
    is_onward = (jnp.arange(len(FATES)) == ONWARD)[:, None, None]
    split = jnp.where(is_home, share[:, :, None] - shut_out, share[:, :, None] * grown)
    redirected = values["home_ban_redirect"] * is_onward - 1.0 * is_home
    return base + barred * redirected + split * dislodged


class _Completed(dict[str, Any]):
    """Values completed by the medians of the priors of what they do not hold."""

    def __missing__(self, name: str) -> float:
        return table()[name].median


def covariate_effect(values: Values, design: Design) -> jax.Array:
    """Return the effect of distance, governance and borders on return, shape (O,), log."""
    effects = jnp.stack(
        [values["home_distance"], values["home_governance"], values["home_border"]]
    )
    return jnp.asarray(design.covariates) @ effects


def dislodged_shares(values: Values, design: Design) -> jax.Array:
    """Return the logit choice of those dislodged among the five fates, shape (5, O)."""
    values = _Completed(values)
    local = jnp.asarray(design.local, dtype=jnp.float64)
    zero = jnp.zeros_like(local)
    home = values["displaced_home"] + values["home_origin"] + covariate_effect(values, design)
    utilities = jnp.stack(
        [
            zero + values["killed_origin"],
            zero + values["displaced_detained"],
            values["displaced_underground"] + values["local_underground"] * local,
            values["displaced_onward"] + values["local_onward"] * local,
            home + values["local_home"] * local,
        ]
    )
    return jax.nn.softmax(utilities, axis=0)


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


def trajectories(values: Values, design: Design) -> dict[str, jax.Array]:
    """Return the mean share of each origin's adults in every state, at every instant of the fit.

    Returns
    -------
    dict of float arrays, shape (O, T + 1)
        ``joined`` (ever), ``in_group``, ``killed``, ``detained``, ``underground``, ``onward``,
        ``home``; all but ``joined`` sum to ``joined``.
    """
    positions = (jnp.arange(design.steps) + 0.5) / KNOT_STEPS
    home = at_knots(walk(values["home_profile"], values["home_profile_sd"]), positions)
    killed = at_knots(walk(values["killed_profile"], values["killed_profile_sd"]), positions)
    elasticity = table()["displaced_elasticity"].median
    dislodged = elasticity * dislodging(design.held) / FIT_STEP
    hazards = hazards_in_group(
        values, design, (design.held[:-1] + design.held[1:]) / 2, dislodged, design.open_home,
        home, killed,
    )
    return propagate(values, hazards, arrivals(values, design))


def propagate(values: Values, hazards: jax.Array, joined: jax.Array) -> dict[str, jax.Array]:
    """Return the mean shares in every state.

    Parameters
    ----------
    hazards : float array, shape (5 fates, O, T)
        Out of the group, per month.
    joined : float array, shape (O, T + 1)
        Share that has joined by each instant.
    """
    rates = hazards * FIT_STEP
    # Those in the group at the first instant come in with the first step.
    inflow = jnp.diff(joined, axis=-1).at[:, 0].add(joined[:, 0])
    in_group, spent = flow_through(inflow, rates.sum(axis=0))
    in_group = in_group.at[:, 0].set(joined[:, 0])
    out = rates * spent
    after = _afterwards(inflow.shape[-1])
    killed, detained, underground, onward, home = (
        sum((out[fate] @ matrix for fate, matrix in ways.items()), jnp.zeros(()))
        for ways in after
    )
    return {
        "joined": joined,
        "in_group": in_group,
        "killed": killed,
        "detained": detained,
        "underground": underground,
        "onward": onward,
        "home": home,
    }


@cache
def _afterwards(steps: int) -> tuple[dict[int, FloatArray], ...]:
    """Return where those who left in each step are at each instant, by fate and way out.

    What follows a way out (death, capture or return of the underground, the onward and the
    detained) hardly shows in the evidence, so that the fit takes the rates at the medians of
    their priors; the forecast draws them. A matrix has shape (T, T + 1): entry (j, k) is the
    share of those who left in the middle of step j who are in the state at instant k.

    Returns
    -------
    tuple over FATES of {way out: matrix}
    """
    rate = {p.name: FIT_STEP * p.median for p in table().values() if p.unit == "per month"}
    elapsed = np.arange(steps + 1)[None, :] - (np.arange(steps)[:, None] + 0.5)
    gone = np.maximum(elapsed, 0.0)
    there = (elapsed > 0).astype(float)

    def left(total: float, one: float) -> FloatArray:
        return np.asarray(there * one / total * -np.expm1(-total * gone))

    def stays(total: float) -> FloatArray:
        return np.asarray(there * np.exp(-total * gone))

    near = [rate[f"underground_{way}"] for way in ("killed", "detained", "home")]
    far = [rate[f"onward_{way}"] for way in ("killed", "home")]
    free = rate["detained_home"]
    # The underground who were captured are held from then on: exp(−a t) against exp(−b t).
    captured = there * near[1] / (free - sum(near)) * (
        np.exp(-sum(near) * gone) - np.exp(-free * gone)
    )
    captured_and_freed = left(sum(near), near[1]) - captured
    return (
        {KILLED: there, UNDERGROUND: left(sum(near), near[0]), ONWARD: left(sum(far), far[0])},
        {DETAINED: stays(free), UNDERGROUND: captured},
        {UNDERGROUND: stays(sum(near))},
        {ONWARD: stays(sum(far))},
        {
            HOME: there,
            UNDERGROUND: left(sum(near), near[2]) + captured_and_freed,
            ONWARD: left(sum(far), far[1]),
            DETAINED: left(free, free),
        },
    )
