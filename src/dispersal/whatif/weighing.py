"""Draws that do not count alike: their quantiles, their spread, and how many they are worth."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating[Any]]


def effective_size(weights: FloatArray) -> FloatArray:
    """Return how many draws of equal weight the weighted ones are worth [1]_.

    Parameters
    ----------
    weights : float array, shape (..., D)
        Not negative; they need not add up to 1.

    Returns
    -------
    float array, shape (...)
        (Σ w)² / Σ w²: between 1 and D.

    References
    ----------
    .. [1] Kong (1992), A note on importance sampling using standardized weights. University of
       Chicago, Department of Statistics, technical report 348.

    Examples
    --------
    >>> float(effective_size(np.array([1.0, 1.0, 1.0, 1.0])))
    4.0
    >>> float(effective_size(np.array([1.0, 0.0, 0.0, 0.0])))
    1.0
    """
    weights = np.asarray(weights)
    return np.asarray(weights.sum(axis=-1) ** 2 / (weights**2).sum(axis=-1))


def weighted_quantiles(
    values: FloatArray, weights: FloatArray, levels: tuple[float, ...]
) -> FloatArray:
    """Return quantiles of weighted values, linear between the middles of their weights.

    With equal weights these are Hazen's, number 5 of [1]_: value i of n stands for the level
    (i − ½) / n.

    Parameters
    ----------
    values : float array, shape (..., D)
    weights : float array, shape (..., D)
        Not negative; with the values they broadcast.
    levels : tuple of float, length L
        Between 0 and 1.

    Returns
    -------
    float array, shape (..., L)

    References
    ----------
    .. [1] Hyndman and Fan (1996), Sample quantiles in statistical packages. The American
       Statistician 50, 361-365.

    Examples
    --------
    >>> weighted_quantiles(np.array([3.0, 1.0, 2.0]), np.ones(3), (0.5, 0.9)).tolist()
    [2.0, 3.0]
    >>> weighted_quantiles(np.array([1.0, 2.0, 9.0]), np.array([1.0, 1.0, 0.0]), (0.5,)).tolist()
    [1.5]
    """
    values, weights = _in_order(values, weights)
    below = np.cumsum(weights, axis=-1)
    below -= weights / 2
    total = weights.sum(axis=-1)
    last = values.shape[-1] - 1
    found = []
    for level in levels:
        wanted = level * total
        right = np.minimum((below < wanted[..., None]).sum(axis=-1), last)
        left = np.maximum(right - 1, 0)
        at_right, at_left = _take(below, right), _take(below, left)
        gap = at_right - at_left
        part = np.divide(wanted - at_left, gap, out=np.ones_like(gap), where=gap > 0)
        start, end = _take(values, left), _take(values, right)
        found.append(start + np.clip(part, 0.0, 1.0) * (end - start))
    return np.stack(found, axis=-1)


def weighted_difference(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the mean absolute difference of two values drawn by their weights, with replacement.

    From the cumulative weights F of the sorted values, 2 Σ F (1 − F) Δ: in the time of sorting
    them. Half of it is the expected CRPS of the distribution of which they are the draws [1]_.

    Parameters
    ----------
    values : float array, shape (..., D)
    weights : float array, shape (..., D)
        Not negative; with the values they broadcast.

    Returns
    -------
    float array, shape (...)
        In the unit of the values.

    References
    ----------
    .. [1] Gneiting and Raftery (2007), Strictly proper scoring rules, prediction, and
       estimation. JASA 102, 359-378, section 4.2.

    Examples
    --------
    >>> float(weighted_difference(np.array([0.0, 4.0]), np.array([0.5, 0.5])))
    2.0
    >>> float(weighted_difference(np.array([0.0, 4.0]), np.array([0.25, 0.75])))
    1.5
    """
    values, weights = _in_order(values, weights)
    share = np.cumsum(weights, axis=-1)[..., :-1]
    total = weights.sum(axis=-1)[..., None]
    # Where nothing has weight, nothing differs.
    share /= np.where(total > 0, total, 1.0)
    apart = np.diff(values, axis=-1)
    # F (1 − F), in the place of F.
    share -= share * share
    return np.asarray(2.0 * np.einsum("...d,...d->...", share, apart))


def without_twins(difference: FloatArray, size: FloatArray) -> FloatArray:
    """Return a mean absolute difference as of two different draws, from one with replacement.

    A draw and itself do not differ, and are drawn together with probability 1 / n, where n is
    the effective size: few draws seem to differ less than the distribution they come from. The
    fair form of the score [1]_, for weighted draws.

    Parameters
    ----------
    difference : float array
        From :func:`weighted_difference`.
    size : float array
        From :func:`effective_size`.

    References
    ----------
    .. [1] Ferro (2014), Fair scores for ensemble forecasts. Quarterly Journal of the Royal
       Meteorological Society 140, 1917-1923.

    Examples
    --------
    >>> float(without_twins(np.array(2.0), np.array(2.0)))
    4.0
    """
    size = np.asarray(size)
    whole = np.divide(size, size - 1.0, out=np.ones_like(size, dtype=float), where=size > 1.0)
    return np.asarray(difference * whole)


def _in_order(values: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    values, weights = np.asarray(values), np.asarray(weights)
    if (np.diff(values, axis=-1) < 0).any():
        values, weights = np.broadcast_arrays(values, weights)
        order = np.argsort(values, axis=-1, kind="stable")
        values = np.take_along_axis(values, order, axis=-1)
        weights = np.take_along_axis(weights, order, axis=-1)
    return values, weights


def _take(values: FloatArray, at: NDArray[np.int64]) -> FloatArray:
    """Return one value a row; values without rows of their own serve all rows."""
    if values.ndim == 1:
        return np.asarray(values[at])
    rows = np.broadcast_to(values, (*at.shape, values.shape[-1]))
    return np.take_along_axis(rows, at[..., None], axis=-1)[..., 0]
