"""Many draws of many whole numbers, kept as counts in bins: small, mergeable, with exact sums.

Bins are fixed, as in HdrHistogram: every number below 2 · ``WITHIN`` has its own, and above that
bins are as wide as 1/``WITHIN`` of the power of two below them. Only whole numbers are added, so
that the same draws give the same bits in whatever parts and order they come.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

#: A quantile is at most this share of itself away: 1 / WITHIN.
BITS: Final = 8
WITHIN: Final = 2**BITS

#: Largest number that has a bin.
MOST: Final = 2**40 - 1

#: Numbers are squared in two parts, so that sums of squares of 2^22 draws fit in 64 bits.
HALF: Final = 20


def bins_of(values: IntArray) -> NDArray[np.uint16]:
    """Return the bin of each number.

    Parameters
    ----------
    values : int array
        From 0 to ``MOST``.

    Raises
    ------
    ValueError
        For a number out of range.

    Examples
    --------
    >>> bins_of(np.array([0, 511, 512, 513, 514, 1023, 1024])).tolist()
    [0, 511, 512, 512, 513, 767, 768]
    """
    if values.size and not 0 <= int(values.min()) <= int(values.max()) <= MOST:
        raise ValueError(f"found {values.min()} to {values.max()}, expected 0 to {MOST}")
    # Exponents of floats are exact up to 2^53; those below have a bin each.
    shift = np.maximum(np.frexp(values.astype(np.float64))[1] - (BITS + 1), 0)
    return np.asarray((values >> shift) + shift * WITHIN, dtype=np.uint16)


def first_of(bins: NDArray[Any]) -> tuple[IntArray, IntArray]:
    """Return the first number of each bin, and how many it holds.

    Examples
    --------
    >>> [part.tolist() for part in first_of(np.array([511, 512, 767, 768]))]
    [[511, 512, 1022, 1024], [1, 2, 2, 4]]
    """
    wide = bins.astype(np.int64)
    shift = np.maximum(wide // WITHIN - 1, 0)
    return (wide - shift * WITHIN) << shift, np.int64(1) << shift


@dataclass(frozen=True, eq=False)
class Tally:
    """How often each of L numbers fell into each bin in D draws.

    Parameters
    ----------
    draws : int
        D.
    starts : int array, shape (L + 1,)
        Where in ``bins`` and ``counts`` each number's bins begin.
    bins : uint16 array, shape (n,)
        Those that are not empty, ascending for each number.
    counts : uint32 array, shape (n,)
        Draws in each.
    sums : int array, shape (L, 4)
        Exact sums over the draws: of the number; and, with the number as l + h · 2^20, of l²,
        l · h and h².
    """

    draws: int
    starts: IntArray
    bins: NDArray[np.uint16]
    counts: NDArray[np.uint32]
    sums: IntArray

    @classmethod
    def of(cls, blocks: Iterable[IntArray]) -> Tally:
        """Return the tally of draws that come in blocks.

        Parameters
        ----------
        blocks : iterable of int arrays, each of shape (n, L)

        Examples
        --------
        >>> tally = Tally.of([np.array([[3, 700]]), np.array([[3, 701]])])
        >>> tally.draws, tally.counts.tolist(), tally.means().tolist()
        (2, [2, 2], [3.0, 700.5])
        """
        binned, sums = [], []
        for values in blocks:
            binned.append(np.ascontiguousarray(bins_of(values).T))
            low, high = values & ((1 << HALF) - 1), values >> HALF
            squares = ((low * low), (low * high), (high * high))
            sums.append(np.stack([part.sum(axis=0) for part in (values, *squares)], axis=1))
        ordered = np.concatenate(binned, axis=1)
        binned.clear()
        ordered.sort(axis=1, kind="stable")  # of 16 bits: by radix
        new = np.ones(ordered.shape, dtype=bool)
        new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
        at = np.flatnonzero(new)
        counts = np.diff(at, append=ordered.size).astype(np.uint32)
        starts = np.concatenate([[0], np.cumsum(new.sum(axis=1))]).astype(np.int64)
        return cls(ordered.shape[1], starts, ordered.ravel()[at], counts, sum(sums[1:], sums[0]))

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> Tally:
        """Return the tally that :meth:`arrays` gave."""
        return cls(
            int(arrays["draws"]),
            arrays["starts"],
            arrays["bins"],
            arrays["counts"].astype(np.uint32),
            arrays["sums"],
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all that a file has to keep."""
        small = self.counts.max(initial=0) < 2**16
        return {
            "draws": np.array(self.draws),
            "starts": self.starts,
            "bins": self.bins,
            "counts": self.counts.astype(np.uint16) if small else self.counts,
            "sums": self.sums,
        }

    def means(self) -> FloatArray:
        """Return the mean of each number, rounded once."""
        return np.array([total / self.draws for total in self.sums[:, 0].tolist()])

    def variances(self) -> FloatArray:
        """Return the variance of each number over the draws, of exact sums."""
        found = []
        for total, low, cross, high in self.sums.tolist():
            squares = low + (cross << (HALF + 1)) + (high << (2 * HALF))
            found.append((squares * self.draws - total * total) / self.draws**2)
        return np.array(found)

    def quantiles(self, levels: Sequence[float]) -> FloatArray:
        """Return quantiles, linear between draws as NumPy's are, and within a bin.

        Each is less than one bin from that of the draws themselves: exact below 2 · ``WITHIN``,
        elsewhere within 1/``WITHIN`` of itself.

        Parameters
        ----------
        levels : sequence of float, length K

        Returns
        -------
        float array, shape (L, K)
        """
        below = np.cumsum(self.counts, dtype=np.int64)
        first = np.arange(len(self.starts) - 1, dtype=np.int64) * self.draws
        found = np.empty((len(first), len(levels)))
        for column, level in enumerate(levels):
            position = (self.draws - 1) * level
            rank = int(position)
            ends = [self._ranked(below, first + min(at, self.draws - 1)) for at in (rank, rank + 1)]
            weight = position - rank
            found[:, column] = ends[0] + (ends[1] - ends[0]) * weight
        return found

    def _ranked(self, below: IntArray, ranks: IntArray) -> FloatArray:
        """Return the draws of some ranks, counted over all numbers, spread evenly in their bins."""
        entry = np.searchsorted(below, ranks, side="right")
        count = self.counts[entry].astype(np.int64)
        inside = ranks - (below[entry] - count)
        low, width = first_of(self.bins[entry])
        return np.asarray(low + (width * (2 * inside + 1) / (2 * count)) - 0.5).clip(
            low, low + width - 1
        )


def merged(parts: Iterable[Tally]) -> Tally:
    """Return the tally of all draws together; the order of the parts does not matter.

    Parameters
    ----------
    parts : iterable of Tally
        Of the same numbers, one or more.

    Examples
    --------
    >>> one, two = (Tally.of([np.array([[3], [700]])]), Tally.of([np.array([[3]])]))
    >>> found = merged([one, two])
    >>> found.draws, found.bins.tolist(), found.counts.tolist()
    (3, [3, 606], [2, 1])
    """
    draws, counts, sums = 0, np.zeros((0, 0), np.uint32), np.zeros((0, 4), np.int64)
    for part in parts:
        labels = len(part.starts) - 1
        width = int(part.bins.max(initial=0)) + 1
        if not draws:
            sums = np.zeros((labels, 4), np.int64)
        if width > counts.shape[1]:
            wider = np.zeros((labels, -(-width // WITHIN) * WITHIN), np.uint32)
            wider[:, : counts.shape[1]] = counts if draws else 0
            counts = wider
        row = np.repeat(np.arange(labels), np.diff(part.starts))
        counts[row, part.bins] += part.counts  # each cell stands once in a part
        sums += part.sums
        draws += part.draws
    if not draws:
        raise ValueError("found no part, expected one or more")
    filled = counts != 0
    starts = np.concatenate([[0], np.cumsum(filled.sum(axis=1))]).astype(np.int64)
    bins = np.concatenate([np.flatnonzero(row) for row in filled]).astype(np.uint16)
    return Tally(draws, starts, bins, counts[filled], sums)
