"""Pools of judgements: linear and log-linear, of distributions, of chances, of orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from dispersal.errors import InputError
from dispersal.whatif.experts.distributions import Piecewise

if TYPE_CHECKING:
    from collections.abc import Sequence

FloatArray = NDArray[np.float64]


def equal_weights(size: int) -> FloatArray:
    """Return as many equal weights that sum to 1.

    Examples
    --------
    >>> equal_weights(4).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    return np.full(size, 1.0 / size)


def _normalised(weights: FloatArray | None, size: int) -> FloatArray:
    if not size:
        raise InputError("found nothing to pool, expected at least one judgement")
    if weights is None:
        return equal_weights(size)
    found = np.asarray(weights, float)
    if found.shape != (size,) or (found < 0).any() or not found.sum() > 0:
        raise InputError(
            f"found weights {found.tolist()}, expected {size} numbers from 0 on, not all 0"
        )
    return np.asarray(found / found.sum())


def linear_pool(parts: Sequence[Piecewise], weights: FloatArray | None = None) -> Piecewise:
    """Return the linear opinion pool: the mixture of distributions [1]_.

    Parameters
    ----------
    parts : sequence of Piecewise
    weights : float array, shape (E,), optional
        Default: equal.

    Raises
    ------
    InputError
        For no distribution, or weights that are none.

    References
    ----------
    .. [1] Stone (1961), The opinion pool. Annals of Mathematical Statistics 32, 1339-1342.

    Examples
    --------
    >>> left = Piecewise(np.array([0.0, 1.0]), np.array([1.0]))
    >>> right = Piecewise(np.array([1.0, 3.0]), np.array([1.0]))
    >>> pool = linear_pool([left, right])
    >>> pool.quantile([0.25, 0.75]).tolist()
    [0.5, 2.0]
    """
    shares = _normalised(weights, len(parts))
    edges, density = _together(parts)
    masses = (shares[:, None] * density).sum(axis=0) * np.diff(edges)
    return Piecewise(edges, masses / masses.sum())


def log_linear_pool(parts: Sequence[Piecewise], weights: FloatArray | None = None) -> Piecewise:
    """Return the log-linear opinion pool: the geometric mean of densities, normalised [1]_.

    Where one distribution has no density, the pool has none: it says no more than all allow.

    Parameters are those of :func:`linear_pool`.

    Raises
    ------
    InputError
        As there, and if no value is possible to all.

    References
    ----------
    .. [1] Genest and Zidek (1986), Combining probability distributions. Statistical Science 1,
       114-135, section 3.

    Examples
    --------
    >>> left = Piecewise(np.array([0.0, 2.0]), np.array([1.0]))
    >>> right = Piecewise(np.array([1.0, 3.0]), np.array([1.0]))
    >>> log_linear_pool([left, right]).quantile([0.0, 0.5, 1.0]).tolist()
    [1.0, 1.5, 2.0]
    """
    shares = _normalised(weights, len(parts))
    edges, density = _together(parts)
    allowed = ((density > 0) | (shares[:, None] == 0)).all(axis=0)
    if not allowed.any():
        raise InputError("found distributions that share no value, expected some that all allow")
    logs = np.log(np.where(density > 0, density, 1.0))
    pooled = np.where(allowed, np.exp((shares[:, None] * logs).sum(axis=0)), 0.0)
    masses = pooled * np.diff(edges)
    kept = np.flatnonzero(masses > 0)
    first, last = kept[0], kept[-1] + 1
    masses = masses[first:last]
    return Piecewise(edges[first : last + 1], masses / masses.sum())


def _together(parts: Sequence[Piecewise]) -> tuple[FloatArray, FloatArray]:
    """Return the edges of all, and the density of each between them, shape (E, K)."""
    edges = np.unique(np.concatenate([part.edges for part in parts]))
    middles = (edges[:-1] + edges[1:]) / 2
    rows = []
    for part in parts:
        at = np.searchsorted(part.edges, middles) - 1
        inside = (at >= 0) & (at < part.masses.size)
        rows.append(np.where(inside, part.density[np.clip(at, 0, part.masses.size - 1)], 0.0))
    return edges, np.stack(rows)


def linear_chance(chances: Sequence[float], weights: FloatArray | None = None) -> float:
    """Return the mean of probabilities of one event.

    Examples
    --------
    >>> linear_chance([0.2, 0.6])
    0.4
    """
    return float(_normalised(weights, len(chances)) @ np.asarray(chances, float))


def log_linear_chance(chances: Sequence[float], weights: FloatArray | None = None) -> float:
    """Return the log-linear pool of probabilities of one event: the mean of their log odds.

    Examples
    --------
    >>> round(log_linear_chance([0.1, 0.9]), 6), round(log_linear_chance([0.3, 0.3]), 6)
    (0.5, 0.3)
    """
    return float(expit(_normalised(weights, len(chances)) @ logit(np.asarray(chances, float))))


def borda(rankings: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return the names of rankings with their mean Borda points [1]_, the highest first.

    Of n names in all, the first has n − 1 points and the last 0; names that a ranking leaves out
    share the places below those it names. Unlike the Plackett-Luce model, it exists for rankings
    of one name and for names that are never placed behind another, of which there are many
    here; and it takes nothing from a ranking but its order.

    Raises
    ------
    InputError
        For no ranking.

    References
    ----------
    .. [1] Borda (1781); Emerson (2013), The original Borda count and partial voting. Social
       Choice and Welfare 40, 353-358.

    Examples
    --------
    >>> borda([["LBY", "YEM"], ["LBY", "AFG"], ["AFG"]])
    {'LBY': 1.5, 'AFG': 1.0, 'YEM': 0.5}
    """
    if not rankings:
        raise InputError("found nothing to pool, expected at least one judgement")
    names = list(dict.fromkeys(name for ranking in rankings for name in ranking))
    points = dict.fromkeys(names, 0.0)
    for ranking in rankings:
        named = list(dict.fromkeys(ranking))
        left = len(names) - len(named)
        for name in names:
            if name in named:
                points[name] += len(names) - 1 - named.index(name)
            else:
                points[name] += (left - 1) / 2
    found = {name: total / len(rankings) for name, total in points.items()}
    return dict(sorted(found.items(), key=lambda item: -item[1]))
