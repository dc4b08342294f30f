"""Fates: how each origin's members leave the group, as mean shares over time.

This is the part that the evidence is asked about: per origin, for its adults, the five competing ways
out of the group and what follows each. Places within a fate multiply out later (``options``), as a
nested choice allows. Everything is written once for NumPy-like arrays in JAX.

States: ``unarrived`` → ``in_group`` → ``killed`` | ``detained`` | ``underground`` | ``onward`` |
``home``; the underground, the onward and the detained may still be killed, held or come home.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp

from dispersal.model.design import FIT_STEP, KNOT_STEPS, Design
from dispersal.model.pressure import dislodging
from dispersal.population.hazards import leaving

#: The ways out of the group, in the order of every array; ``onward`` is another theatre or a
#: third country.
FATES = ("killed", "detained", "underground", "onward", "home")
KILLED, DETAINED, UNDERGROUND, ONWARD, HOME = range(5)

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
    local = jnp.asarray(design.local, dtype=jnp.float64)
    pressure = 1.0 - jnp.asarray(held)

    def steady(fate: str, deviation: Any, profile: Any = 0.0) -> jax.Array:
        in_time = profile + values.get(f"{fate}_pressure", 0.0) * pressure
        level = values[f"{fate}_hazard"] * jnp.exp(deviation)
        return level[:, None] * jnp.exp(in_time)[None, :]

    to_home = values["home_origin"] + covariate_effect(values, design)
    base = jnp.stack(
        [
            steady("killed", values["killed_origin"], killed_profile),
            steady("detained", 0.0 * local),
            steady("underground", values["local_underground"] * local),
            steady("onward", values["local_onward"] * local),
            steady("home", to_home + values["local_home"] * local, home_profile),
        ]
    )
    barred = base[HOME] * (1.0 - open_home)
    share = dislodged_shares(values, design)
    shut_out = share[HOME][:, None] * (1.0 - open_home)
    # The others take over what the barred cannot choose, in proportion.
    grown = 1.0 + shut_out / (1.0 - share[HOME])[:, None]
    split = [share[fate][:, None] * grown for fate in range(HOME)]
    split.append(share[HOME][:, None] - shut_out)
    base = base.at[HOME].add(-barred).at[ONWARD].add(
        values.get("home_ban_redirect", 0.0) * barred
    )
    return base + jnp.stack(split) * jnp.asarray(dislodged)


def covariate_effect(values: Values, design: Design) -> jax.Array:
    """Return the effect of distance, governance and borders on return, shape (O,), log."""
    effects = jnp.stack(
        [values["home_distance"], values["home_governance"], values["home_border"]]
    )
    return jnp.asarray(design.covariates) @ effects


def dislodged_shares(values: Values, design: Design) -> jax.Array:
    """Return the logit choice of those dislodged among the five fates, shape (5, O)."""
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


def accumulated(flow: Any) -> jax.Array:
    """Return the running total of a flow per step, shape (..., T + 1), from 0."""
    total = flow @ jnp.triu(jnp.ones((flow.shape[-1], flow.shape[-1])))
    return jnp.concatenate([jnp.zeros_like(total[..., :1]), total], axis=-1)


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
    dislodged = values["displaced_elasticity"] * dislodging(design.held) / FIT_STEP
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
    total = rates.sum(axis=0)
    # Those in the group at the first instant come in with the first step.
    inflow = jnp.diff(joined, axis=-1).at[:, 0].add(joined[:, 0])
    in_group, spent = flow_through(inflow, total)
    out = rates * spent

    def stay(inflow: jax.Array, ways: tuple[str, ...]) -> tuple[jax.Array, ...]:
        each = [values[way] * FIT_STEP for way in ways]
        rate = jnp.broadcast_to(sum(each[1:], each[0]), inflow.shape)
        count, spent = flow_through(inflow, rate)
        return count, *(one * spent for one in each)

    underground, killed_near, detained_near, home_near = stay(
        out[UNDERGROUND], ("underground_killed", "underground_detained", "underground_home")
    )
    onward, killed_far, home_far = stay(out[ONWARD], ("onward_killed", "onward_home"))
    detained, released = stay(out[DETAINED] + detained_near, ("detained_home",))
    in_group = in_group.at[:, 0].set(joined[:, 0])
    return {
        "joined": joined,
        "in_group": in_group,
        "killed": accumulated(out[KILLED] + killed_near + killed_far),
        "detained": detained,
        "underground": underground,
        "onward": onward,
        "home": accumulated(out[HOME] + home_near + home_far + released),
    }
