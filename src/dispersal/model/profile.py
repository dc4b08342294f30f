"""Profiles in time of the hazards of death and return: random walks about a mean of one.

A walk has a knot every half-year and is linear between knots. It is divided by its mean over the
person-time that members usually spend in the group, so that the hazard itself is the mean over
those exposed to it, which is what published numbers fix best.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dispersal.model.design import FIT_STEP, KNOT_STEPS, Design
from dispersal.model.pressure import dislodging

FloatArray = NDArray[np.float64]
Values = Mapping[str, Any]


def walk(steps_of_walk: Any, scale: Any, xp: Any = jnp) -> Any:
    """Return a random walk at its knots, from zero.

    Parameters
    ----------
    steps_of_walk : float array, shape (..., knots − 1)
        Standard normal increments.
    scale : float array, shape (...)
        Standard deviation of an increment.

    Returns
    -------
    float array, shape (..., knots)

    Examples
    --------
    >>> walk(jnp.array([1.0, 1.0]), 2.0).tolist()
    [0.0, 2.0, 4.0]
    """
    sums = xp.cumsum(steps_of_walk, axis=-1) * xp.asarray(scale)[..., None]
    return xp.concatenate([xp.zeros_like(sums[..., :1]), sums], axis=-1)


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


def log_profile(values: Values, name: str, design: Design) -> tuple[Any, Any]:
    """Return the log of a profile in each step of the fit, and at the cut-off.

    φ(t) = w(t) − log Σ_s u_s·exp(w(s)) for the walk w and the usual exposure u.

    Parameters
    ----------
    values : mapping
        ``<name>_profile``, shape (..., knots − 1), and ``<name>_profile_sd``, shape (...).
    name : {"killed", "home"}

    Returns
    -------
    steps : float array, shape (..., T)
    last : float array, shape (...)
    """
    positions = (np.arange(design.steps) + 0.5) / KNOT_STEPS
    ends = np.append(positions, design.steps / KNOT_STEPS)
    walks = values[f"{name}_profile"] @ _in_time(design.knots, ends)
    walks = values[f"{name}_profile_sd"][..., None] * walks
    mean = jnp.log(jnp.exp(walks[..., :-1]) @ exposure(design))
    return walks[..., :-1] - mean[..., None], walks[..., -1] - mean


def _in_time(knots: int, positions: FloatArray) -> FloatArray:
    """Return the matrix that turns the steps of a walk into its values, shape (knots − 1, n)."""
    return np.asarray(at_knots(walk(np.eye(knots - 1), np.ones(knots - 1), np), positions, np))


def exposure(design: Design) -> FloatArray:
    """Return the share of all person-time in the group that falls into each step of the fit.

    Of a foreign origin, at the medians of the priors.

    Returns
    -------
    float array, shape (T,)
        Adds up to one.
    """
    median = design.medians
    instants = FIT_STEP * np.arange(design.steps + 1)
    middle = design.peak + median["arrival_middle"]
    joined = 1.0 / (1.0 + np.exp(-(instants - middle) / median["arrival_spread"]))
    hazard = median["killed_hazard"] + median["home_hazard"]
    dislodged = median["displaced_elasticity"] * dislodging(design.held)
    staying = np.exp(-FIT_STEP * hazard - dislodged)
    inside = [joined[0]]
    for step in range(design.steps):
        inside.append(inside[-1] * staying[step] + joined[step + 1] - joined[step])
    spent = np.array(inside[:-1]) + np.array(inside[1:])
    return np.asarray(spent / spent.sum())
