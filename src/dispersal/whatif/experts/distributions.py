"""A judgement of a number as a full distribution: straight lines between its quantiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from dispersal.record.baselines.experts import judged_points
from dispersal.whatif.experts.measured import year_of_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispersal.whatif.experts.reading import Claim

FloatArray = NDArray[np.float64]

#: Low, middle and high of a judgement are these quantiles.
LEVELS: Final = (0.1, 0.5, 0.9)

#: How far the range of all quantiles is widened at both ends: Cooke's overshoot.
OVERSHOOT: Final = 0.1

#: A bound alone: the middle and the other end lie twice and four times as far, or a half and a
#: quarter; the case's rule for the end takes half and twice as well.
FACTOR: Final = 2.0

#: Quantiles by which a distribution is handed on.
EVEN: Final = (np.arange(400) + 0.5) / 400


@dataclass(frozen=True, eq=False)
class Piecewise:
    """A density that is constant between edges.

    Parameters
    ----------
    edges : float array, shape (K + 1,)
        Ascending.
    masses : float array, shape (K,)
        Their probabilities; they sum to 1.

    Examples
    --------
    >>> even = Piecewise(np.array([0.0, 2.0]), np.array([1.0]))
    >>> float(even.cdf(0.5)), even.quantile([0.1, 0.9]).tolist()
    (0.25, [0.2, 1.8])
    """

    edges: FloatArray
    masses: FloatArray

    @property
    def density(self) -> FloatArray:
        """Density between the edges, shape (K,)."""
        return np.asarray(self.masses / np.diff(self.edges))

    def cdf(self, value: float | FloatArray) -> FloatArray:
        """Return the probability of at most a value."""
        below = np.concatenate([[0.0], np.cumsum(self.masses)])
        return np.asarray(np.interp(value, self.edges, below / below[-1]))

    def quantile(self, level: float | Iterable[float] | FloatArray) -> FloatArray:
        """Return the values that have a probability below them."""
        below = np.concatenate([[0.0], np.cumsum(self.masses)])
        levels = np.asarray(level, float)
        return np.asarray(np.interp(levels, below / below[-1], self.edges))

    def draws(self) -> FloatArray:
        """Return evenly spaced quantiles, shape (400,), ascending."""
        return self.quantile(EVEN)


def from_quantiles(
    values: Iterable[float], levels: Iterable[float], low: float, high: float
) -> Piecewise:
    """Return the distribution of least information that has some quantiles [1]_.

    Parameters
    ----------
    values, levels : iterable of float
        Quantiles and their probabilities, ascending.
    low, high : float
        Ends of the support: Cooke's intrinsic range.

    References
    ----------
    .. [1] Cooke (1991), Experts in Uncertainty, Oxford University Press, chapter 12.

    Examples
    --------
    >>> found = from_quantiles([2.0, 5.0, 7.0], [0.05, 0.5, 0.95], 0.0, 10.0)
    >>> found.masses.round(2).tolist(), found.quantile([0.5]).tolist()
    ([0.05, 0.45, 0.45, 0.05], [5.0])
    """
    edges = np.array([low, *values, high], float)
    # Equal quantiles leave no width for their probability: they are moved apart by a hair.
    width = max(float(edges[-1] - edges[0]), 1e-9)
    if (np.diff(edges) <= 0).any():
        edges = np.maximum.accumulate(edges) + 1e-9 * width * np.arange(edges.size)
    return Piecewise(edges, np.diff(np.array([0.0, *levels, 1.0])))


def points(claim: Claim) -> tuple[float, float, float]:
    """Return the 10 %, 50 % and 90 % quantiles of a number, on the scale on which it is scored.

    The scale of a count is log(1 + n), of a share the share, of a day the decimal year. Two ends
    without a middle have it half-way on that scale. A bound alone leaves the rest to ``FACTOR``:
    of a count times it, of a day times the time from the publication.

    Examples
    --------
    >>> import datetime as dt
    >>> from dispersal.case import load_case
    >>> from dispersal.whatif.experts.reading import read
    >>> rows = {row.judgement_id: row for row in load_case("isis_2017").experts}
    >>> found = points(read(rows["xj_005"], dt.date(2020, 12, 31)))
    >>> np.expm1(found).round().tolist()
    [200.0, 448.0, 1000.0]
    >>> [round(year, 1) for year in points(read(rows["xj_046"], dt.date(2020, 12, 31)))]
    [2019.0, 2021.0, 2025.0]
    """
    row = claim.judgement
    if claim.scale == "share":
        low, middle, high = judged_points(row)
        return low, (low + high) / 2 if row.mode is None else middle, high
    start = year_of_day(row.published) if claim.scale == "year" else 0.0
    if claim.scale == "count" and row.low is not None and row.high is not None:
        ends = judged_points(row)
    else:
        ends = _completed(
            *(None if value is None else value - start for value in (row.low, row.mode, row.high))
        )
    if claim.scale == "count":
        return float(np.log1p(ends[0])), float(np.log1p(ends[1])), float(np.log1p(ends[2]))
    return start + ends[0], start + ends[1], start + ends[2]


def _completed(
    low: float | None, middle: float | None, high: float | None
) -> tuple[float, float, float]:
    """Return three points from those that are given, at least one."""
    if middle is None and low is not None and high is not None:
        middle = (low + high) / 2
    if middle is None:
        middle = FACTOR * low if low is not None else (high or 0.0) / FACTOR
    return (
        middle / FACTOR if low is None else low,
        middle,
        middle * FACTOR if high is None else high,
    )


def support(
    quantiles: Iterable[Iterable[float]], overshoot: float = OVERSHOOT
) -> tuple[float, float]:
    """Return the range of all quantiles, widened by a part of it at both ends.

    Examples
    --------
    >>> support([[2.0, 5.0, 7.0], [4.0, 6.0, 12.0]])
    (1.0, 13.0)
    """
    ends = [value for row in quantiles for value in row]
    low, high = min(ends), max(ends)
    wide = overshoot * (high - low)
    return low - wide, high + wide


def distribution(claim: Claim, others: Iterable[Claim] = ()) -> Piecewise:
    """Return the distribution of a number that a judgement gives.

    Parameters
    ----------
    claim : Claim
        Of the kind ``numeric``.
    others : iterable of Claim
        Judgements of the same question, with which it shares the support.
    """
    own = points(claim)
    low, high = support([own, *(points(other) for other in others)])
    return from_quantiles(own, LEVELS, low, high)


def natural(values: FloatArray, scale: str) -> FloatArray:
    """Return values within what is possible: counts from 0 on, shares from 0 to 1."""
    if scale == "share":
        return np.asarray(np.clip(values, 0.0, 1.0))
    return np.asarray(np.maximum(values, 0.0))
