"""Pareto-smoothed weights, also where the largest of them are all alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from arviz_stats.base import array_stats

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]


def smoothed_weights(log_weights: FloatArray, r_eff: float = 1.0) -> tuple[FloatArray, FloatArray]:
    """Return smoothed log weights and the shape k of their tail.

    Vehtari, Simpson and others (2024), JMLR 25(72). Where the largest weights are all alike there
    is no tail to fit: the weights stay as they are, and k is 0.

    Parameters
    ----------
    log_weights : float array, shape (..., D)
    r_eff : float
        Relative efficiency of the draws.

    Returns
    -------
    log_weights : float array, shape (..., D)
    k : float array, shape (...)

    Examples
    --------
    >>> logs, k = smoothed_weights(np.random.default_rng(1).normal(size=(2, 500)))
    >>> logs.shape, bool((k < 0.7).all())
    ((2, 500), True)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        found, shape = array_stats.psislw(-log_weights, r_eff=r_eff)  # negates what it is given
    smoothed, k = np.asarray(found), np.asarray(shape)
    flat = ~(np.isfinite(k) & np.isfinite(smoothed).all(axis=-1))
    return np.where(flat[..., None], log_weights, smoothed), np.where(flat, 0.0, k)
