"""Strata: men, women and minors, from the adults whom the fit follows.

The evidence counts adults; what it says of women and minors is little. So the fit follows an
origin's adults, and the strata differ from them by ratios of hazards: r_{s,f} for stratum s and
fate f, men 1, scaled so that men and women together have the adults' hazard.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp

from dispersal.model.fates import FATES

if TYPE_CHECKING:
    from dispersal.model.design import Design

Values = Mapping[str, Any]


def sizes(values: Values, design: Design) -> jax.Array:
    """Return how many ever join, by stratum and origin; minors come on top of the adults.

    Returns
    -------
    float array, shape (3, O)
    """
    women = women_share(values, design)
    minors = values["minors_ratio"] * jnp.exp(values["minors_ratio_origin"])
    adults = jnp.exp(values["members"])
    return jnp.stack(
        [adults * (1.0 - women), adults * women, adults * jnp.where(design.strata[2], minors, 0.0)]
    )


def women_share(values: Values, design: Design) -> jax.Array:
    """Return the share of women among each origin's adults, shape (O,)."""
    if not design.strata[1]:
        return jnp.zeros(len(design.origins))
    if not design.strata[0]:
        return jnp.ones(len(design.origins))
    logit = jnp.log(values["women_share"]) - jnp.log1p(-values["women_share"])
    return jax.nn.sigmoid(logit + values["women_share_origin"])


def ratios(values: Values, design: Design) -> jax.Array:
    """Return each stratum's hazard against that of the origin's adults.

    Returns
    -------
    float array, shape (3 strata, 5 fates, O)
    """
    women = women_share(values, design)
    one = jnp.ones(len(FATES))

    def against_men(stratum: str) -> jax.Array:
        row = [values.get(f"{stratum}_{fate}", 1.0) for fate in FATES]
        return jnp.stack([jnp.asarray(value, dtype=jnp.float64) for value in row])

    raw = jnp.stack([one, against_men("women"), against_men("minors")])[:, :, None]
    adults = (1.0 - women) * raw[0] + women * raw[1]
    return raw / adults[None]
