"""Fates: how each origin's members leave the group, as mean shares over time.

Per origin, for its adults: the five competing ways out of the group and their hazards. Places
within a fate multiply out later (``options``), as a nested choice allows; what the evidence is
asked about stands in ``trajectory``.

States: ``unarrived`` → ``in_group`` → ``killed`` | ``detained`` | ``underground`` | ``onward`` |
``home``; the underground, the onward and the detained may still be killed, held or come home.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dispersal.model.design import FIT_STEP, Design

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
    middle = arrival_middle(values, design)
    instants = FIT_STEP * jnp.arange(design.steps + 1)
    return jax.nn.sigmoid((instants[None, :] - middle[:, None]) / values["arrival_spread"])


def arrival_middle(values: Values, design: Design) -> jax.Array:
    """Return the month by which half of an origin's members have joined, shape (O,)."""
    own = values["arrival_middle"] + values["arrival_middle_origin"]
    return jnp.asarray(design.peak + own)


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
    values = _Completed(values, design)
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
        in_time = profiles.get(fate, 0.0) + 0.0 * held
        if name in design.medians:
            median = design.medians[name]
            since = median * (1.0 - now) + values[name] * (now - held)
            in_time = in_time + jnp.where(held > now, median * (1.0 - held), since)
        level = jnp.asarray(values[f"{fate}_hazard"] * jnp.exp(deviations[fate]))
        return jnp.outer(level, jnp.exp(in_time))

    base = jnp.stack([steady(fate) for fate in FATES])
    share = dislodged_shares(values, design)
    dislodged = jnp.asarray(dislodged)
    if not isinstance(open_home, jax.Array) and np.all(open_home == 1.0):
        return jnp.asarray(base + share[:, :, None] * dislodged)
    barred = base[HOME] * (1.0 - open_home)
    shut_out = share[HOME][:, None] * (1.0 - open_home)
    # The others take over what the barred cannot choose, in proportion.
    grown = 1.0 + shut_out / (1.0 - share[HOME])[:, None]
    is_home = (jnp.arange(len(FATES)) == HOME)[:, None, None]
    is_onward = (jnp.arange(len(FATES)) == ONWARD)[:, None, None]
    split = jnp.where(is_home, share[:, :, None] - shut_out, share[:, :, None] * grown)
    redirected = values["home_ban_redirect"] * is_onward - 1.0 * is_home
    return jnp.asarray(base + barred * redirected + split * dislodged)


class _Completed(dict[str, Any]):
    """Values completed by the medians of the priors of what they do not hold."""

    def __init__(self, values: Values, design: Design) -> None:
        super().__init__(values)
        self.medians = design.medians

    def __missing__(self, name: str) -> float:
        return self.medians[name]


def covariate_effect(values: Values, design: Design) -> jax.Array:
    """Return the effect of distance, governance and borders on return, shape (O,), log."""
    effects = jnp.stack([values["home_distance"], values["home_governance"], values["home_border"]])
    return jnp.asarray(design.covariates) @ effects


def dislodged_shares(values: Values, design: Design) -> jax.Array:
    """Return the logit choice of those dislodged among the five fates, shape (5, O)."""
    values = _Completed(values, design)
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
