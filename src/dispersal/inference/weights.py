"""Weights of draws: smoothed, with the shape of their tail, and turned into copies.

The largest weights are smoothed, and their tail tells whether they can be trusted (Vehtari,
Simpson, Gelman, Yao and Gabry 2024, Pareto smoothed importance sampling, Journal of Machine
Learning Research 25:72).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from arviz_stats.base import array_stats
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: Shape of the tail of the weights above which they cannot be trusted, however many draws.
LARGEST_KHAT = 0.7

#: Differences of log weights that are no difference.
_EQUAL = 1e-9


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights of draws.

    Parameters
    ----------
    weights : float array, shape (draws,)
        Smoothed; they add up to one.
    khat : float
        Shape of the generalised Pareto distribution of the largest raw weights; 0 where all
        weigh the same, infinite where hardly any has weight.
    """

    weights: FloatArray
    khat: float

    @property
    def effective(self) -> float:
        """Number of draws of equal weight that would say as much: 1 / Σ w² (Kish)."""
        return float(1.0 / (self.weights**2).sum())


def side_by_side(marks: NDArray[Any]) -> NDArray[np.int64]:
    """Return the order in which draws that are copies of each other stand together.

    Without copies it is the order they are in; with them, the diagnostics of chains see in this
    order that they are no new draws.

    Parameters
    ----------
    marks : array, shape (draws,)
        A number that only copies share, such as the log density.

    Examples
    --------
    >>> side_by_side(np.array([3.0, 1.0, 2.0, 3.0])).tolist()
    [0, 3, 1, 2]
    """
    _, first, which = np.unique(marks, return_index=True, return_inverse=True)
    return np.argsort(first[which], kind="stable")


def weigh(log_ratios: FloatArray, chains: int = 1) -> Weights:
    """Return the Pareto-smoothed weights of draws from the logs of their raw weights.

    Parameters
    ----------
    log_ratios : float array, shape (draws,)
        Of all chains one after the other.
    chains : int
        In the tail that is smoothed, draws that resemble their neighbours count for less.

    Examples
    --------
    >>> found = weigh(np.zeros(1000))
    >>> found.khat, round(found.effective)
    (0.0, 1000)
    """
    logs = log_ratios - log_ratios.max()
    if logs.min() > -_EQUAL:
        return Weights(np.full(logs.size, 1.0 / logs.size), 0.0)
    raw = np.exp(logs)
    by_chain = raw.reshape(chains, -1)
    alike = float(array_stats.ess(by_chain, chain_axis=0, draw_axis=1, method="mean")) / raw.size
    # It takes the negative, as for leaving a row out.
    with np.errstate(all="ignore"):  # where nearly all weights vanish, the tail has no shape
        smooth, khat = array_stats.psislw(-logs, r_eff=min(alike, 1.0) if alike > 0 else 1.0)
    if not (np.isfinite(khat) and np.isfinite(np.max(smooth))):
        return Weights(raw / raw.sum(), np.inf)
    weights = np.exp(np.asarray(smooth) - np.max(smooth))
    return Weights(weights / weights.sum(), float(khat))


def copies_of(weights: FloatArray, seed: int) -> NDArray[np.int64]:
    """Return how often each draw stands among as many draws of equal weight.

    Systematic resampling (Kitagawa 1996, Journal of Computational and Graphical Statistics 5:1):
    a draw of weight w out of n stands ⌊nw⌋ or ⌈nw⌉ times. What stays, stays in its place, so that
    a forecast before and after shares most of its draws; copies take the places left free.
    """
    count = weights.size
    start = np.random.default_rng([seed, 7]).random()
    ends = np.cumsum(weights)
    reached = np.floor(ends / ends[-1] * count + start + 1e-9).astype(np.int64)
    return np.asarray(np.diff(reached, prepend=0))
