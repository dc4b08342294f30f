"""The modelled quantity that each row of evidence speaks of, and whom the evidence informs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dispersal.inference.observation import (
    AGGREGATES,
    BIAS_TAGS,
    QUANTITIES,
    STATES,
    Observations,
)
from dispersal.model.design import FIT_STEP
from dispersal.model.strata import sizes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispersal.model.design import Design

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def predicted(
    observations: Observations,
    values: Mapping[str, Any],
    design: Design,
    states: Mapping[str, Any],
) -> tuple[Any, Any]:
    """Return the modelled count of each row and the log bias it is published with.

    Strata are taken to share the adults' fates: the few figures of women and minors inform how
    many there are, not how their fates differ.

    Parameters
    ----------
    states : dict of float arrays, shape (O, T + 1)
        Shares of the adults, from ``trajectories``; linear between instants.

    Returns
    -------
    count : float array, shape (N,)
    bias : float array, shape (N,)
    """
    obs = observations
    people = sizes(values, design)
    shares = jnp.stack([states[name] for name in STATES])  # state, origin, instant
    origin = jnp.maximum(obs.origin, 0)
    left, right = instants_around(obs, design)
    own = shares[:, origin, left] * (1.0 - right) + shares[:, origin, left + 1] * right
    in_states = (own * obs.weights.max(axis=2).T).sum(axis=0)
    # Who is dead and not known to be counts as remaining.
    unknown = 1.0 - values["killed_reported"]
    in_states = in_states + unreported_dead(obs) * unknown * own[STATES.index("killed")]
    count = in_states * (people[:, origin] * obs.weights.max(axis=1).T).sum(axis=0)
    whole = obs.aggregate >= 0
    if whole.any():
        adults = jnp.exp(values["members"])
        pooled = []
        for everyone in (False, True):
            who = adults * (1.0 if everyone else 1.0 - jnp.asarray(design.local, dtype=float))
            pooled.append(jnp.einsum("sot,o->st", shares, who))
        at = np.asarray(locals_count(obs)[whole], dtype=int)
        series = jnp.stack(pooled)[at, :, :]
        rows = np.arange(at.size)
        now = series[rows, :, left[whole]] * (1.0 - right[whole])[:, None]
        now = now + series[rows, :, left[whole] + 1] * right[whole][:, None]
        states_of = jnp.asarray(obs.weights[whole].max(axis=2))
        count = count.at[np.flatnonzero(whole)].set((now * states_of).sum(axis=1))
    return jnp.maximum(count, 1e-3), biases(obs, values, design)


def biases(observations: Observations, values: Mapping[str, Any], design: Design) -> Any:
    """Return the log bias that each row is published with: of its series and of its tags.

    National numbers of the dead count those who are reported.

    Returns
    -------
    float array, shape (N,)
    """
    obs = observations
    series = jnp.stack(
        [jnp.zeros(len(design.origins))] + [values[f"bias_{name}"] for name in list(QUANTITIES)[1:]]
    )
    national = series[np.maximum(obs.quantity, 0), np.maximum(obs.origin, 0)]
    totals = jnp.stack([values[bias] for _, _, bias in AGGREGATES.values()])
    killed = obs.quantity == list(QUANTITIES).index("killed")
    national = national + jnp.where(killed, jnp.log(values["killed_reported"]), 0.0)
    own = jnp.where(obs.aggregate >= 0, totals[np.maximum(obs.aggregate, 0)], national)
    tags = jnp.stack([values[f"tag_{tag}"] for tag in BIAS_TAGS])
    return own + jnp.asarray(obs.tags) @ tags


def unreported_dead(observations: Observations) -> FloatArray:
    """Return whether a row counts the dead who are not known to be, as 0 or 1, shape (N,).

    Those are the national numbers of who remains, which offices get by taking away from the
    departed those known to have died or come back.
    """
    remaining = observations.quantity == list(QUANTITIES).index("remaining")
    return np.asarray(remaining & (observations.aggregate < 0), dtype=np.float64)


def errors(values: Mapping[str, Any], observations: Observations) -> Any:
    """Return the scale of the independent error of each row's kind, shape (N,), log."""
    kinds = jnp.stack(
        [values[f"error_{name}"] for name in QUANTITIES]
        + [values["error_aggregate"]] * len(AGGREGATES)
    )
    return kinds[
        np.where(
            observations.aggregate >= 0,
            len(QUANTITIES) + observations.aggregate,
            observations.quantity,
        )
    ]


def instants_around(observations: Observations, design: Design) -> tuple[IntArray, FloatArray]:
    """Return the instant before each row's day, and how far the day lies towards the next, (N,)."""
    left = np.minimum(observations.instant.astype(np.int64), design.steps - 1)
    return left, observations.instant - left


def locals_count(observations: Observations) -> NDArray[np.bool_]:
    """Return whether a row is a total in which local members count, shape (N,)."""
    flags = np.array([locals_ for _, locals_, _ in AGGREGATES.values()])
    return np.asarray((observations.aggregate >= 0) & flags[np.maximum(observations.aggregate, 0)])


def days_of_departures(observations: Observations, design: Design) -> NDArray[np.float64]:
    """Return the mean instant of each origin's figures of departures, months; NaN without any.

    Returns
    -------
    float array, shape (O,)
    """
    departed = (observations.aggregate < 0) & (
        observations.quantity == list(QUANTITIES).index("departed")
    )
    size = len(design.origins)
    at = observations.origin[departed]
    rows = np.bincount(at, minlength=size)
    total = np.bincount(at, observations.instant[departed] * FIT_STEP, minlength=size)
    return np.where(rows > 0, total / np.maximum(rows, 1), np.nan)


def informed_origins(observations: Observations, design: Design) -> dict[str, NDArray[np.bool_]]:
    """Return which origins' deviations the likelihood can see, by parameter, shape (O,) each.

    The other origins' deviations are independent of the evidence: they keep their prior, and are
    drawn from it instead of burdening the sampler.
    """
    size = len(design.origins)
    own = observations.aggregate < 0
    by_stratum = observations.weights.max(axis=1) > 0

    def of(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.asarray(np.bincount(observations.origin[own & mask], minlength=size) > 0)

    quantity = {name: observations.quantity == at for at, name in enumerate(QUANTITIES)}
    outcome = ~quantity["departed"]
    informed = {f"bias_{name}": of(quantity[name]) for name in list(QUANTITIES)[1:]}
    only_women = by_stratum[:, 1] & ~by_stratum[:, 0]
    informed["women_share_origin"] = of(only_women | (by_stratum[:, 0] & ~by_stratum[:, 1]))
    informed["minors_ratio_origin"] = of(by_stratum[:, 2])
    informed["arrival_middle_origin"] = of(np.ones_like(own))
    informed["home_origin"] = informed["killed_origin"] = of(outcome)
    # Totals over the world see everyone, if faintly: not enough to inform one origin's deviation.
    informed["home_origin"] = informed["home_origin"] | design.local
    informed["killed_origin"] = informed["killed_origin"] | design.local
    return informed
