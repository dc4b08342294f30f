"""Counts by fate at every instant: kept whole, or the past folded as the fit tells it.

What is sampled is as long as it is wide, and is kept. The months before the cut-off are the mean
counts of each draw, which the quarters of the fit tell in a tenth of the numbers: a run that asks
only for what comes after never writes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispersal.population.run import run_blocks, workers_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispersal.model.past import Entry, Past

Counts = NDArray[np.int32]
Instants = Sequence[int] | NDArray[np.int64]

#: Draws whose past is unfolded together.
_ROWS = 25


@dataclass(frozen=True, eq=False)
class Kept:
    """Counts that are all at hand.

    Parameters
    ----------
    whole : int32 array, shape (D, O, S, F, M + 1)
    now : int
        Index of the instant of the cut-off.

    Examples
    --------
    >>> counts = Kept(np.arange(4, dtype=np.int32).reshape(1, 1, 1, 1, 4), now=2)
    >>> counts.ahead.ravel().tolist(), counts.at(1).tolist()
    ([2, 3], [[[[1]]]])
    """

    whole: Counts
    now: int

    @property
    def shape(self) -> tuple[int, ...]:
        """(D, O, S, F, M + 1)."""
        return self.whole.shape

    @property
    def ahead(self) -> Counts:
        """Those from ``now`` on, shape (D, O, S, F, M + 1 - now)."""
        return self.whole[..., self.now :]

    def at(self, instant: int, rows: slice = slice(None)) -> Counts:
        """Return the counts of some draws at an instant, shape (n, O, S, F)."""
        return self.whole[rows][..., instant]

    def of(self, stratum: int, fate: int, instants: Instants | None = None) -> Counts:
        """Return the counts of a stratum in a fate, shape (D, O, instants); default: of all."""
        found = self.whole[:, :, stratum, fate]
        return found if instants is None else found[..., list(instants)]

    def rows(self, rows: slice) -> Counts:
        """Return all counts of some draws, shape (n, O, S, F, M + 1)."""
        return self.whole[rows]


@dataclass(frozen=True, eq=False)
class Folded:
    """Sampled counts from the cut-off on, and what the counts before it follow from.

    Parameters
    ----------
    ahead : int32 array, shape (D, O, S, F, M + 1 - now)
    past : Past
        Of the same D draws.
    entries : tuple of Entry
        Which share of those in a fate of the past is in which of the F fates; of D or more draws.
    now : int
        Index of the instant of the cut-off.
    """

    ahead: Counts
    past: Past
    entries: tuple[Entry, ...]
    now: int

    @property
    def shape(self) -> tuple[int, ...]:
        """(D, O, S, F, M + 1)."""
        return (*self.ahead.shape[:-1], self.now + self.ahead.shape[-1])

    @property
    def whole(self) -> Counts:
        """All of them, put together anew each time: shape (D, O, S, F, M + 1)."""
        return self.rows(slice(None))

    def at(self, instant: int, rows: slice = slice(None)) -> Counts:
        """Return the counts of some draws at an instant, shape (n, O, S, F)."""
        if instant >= self.now:
            return self.ahead[rows][..., instant - self.now]
        found = np.zeros(self.ahead[rows].shape[:-1], dtype=np.int32)
        found[..., self._fates] = self._unfolded([instant], rows)[..., 0]
        return found

    def of(self, stratum: int, fate: int, instants: Instants | None = None) -> Counts:
        """Return the counts of a stratum in a fate, shape (D, O, instants); default: of all.

        Instants rise. What is unfolded for them is kept, for other strata and fates.
        """
        every = range(self.shape[-1]) if instants is None else instants
        before = tuple(int(at) for at in every if at < self.now)
        after = [int(at) - self.now for at in every if at >= self.now]
        found = np.zeros((*self.shape[:2], len(before) + len(after)), dtype=np.int32)
        if fate in self._fates:
            past = self._past_at(before)
            found[..., : len(before)] = past[:, :, stratum, self._fates.index(fate)]
        found[..., len(before) :] = self.ahead[:, :, stratum, fate, after]
        return found

    def rows(self, rows: slice) -> Counts:
        """Return all counts of some draws, shape (n, O, S, F, M + 1)."""
        sampled = self.ahead[rows]
        found = np.empty((len(sampled), *self.shape[1:]), dtype=np.int32)
        missing = [fate for fate in range(self.shape[3]) if fate not in self._fates]

        def fill(here: slice, there: slice) -> None:
            found[here][..., self.now :] = sampled[here]
            found[here][..., missing, : self.now] = 0
            past = self._unfolded(range(self.now), there)
            for at, fate in enumerate(self._fates):
                found[here][:, :, :, fate, : self.now] = past[:, :, :, at]

        _by_rows(fill, *rows.indices(len(self.ahead))[:2])
        return found

    @cached_property
    def _fates(self) -> list[int]:
        """The fates that anybody was in before the cut-off."""
        return sorted({fate for fate, _, _ in self.entries})

    def _past_at(self, instants: tuple[int, ...]) -> Counts:
        """Return the counts in these fates at instants before the cut-off; the last are kept."""
        if instants not in self._kept:
            shape = (*self.ahead.shape[:3], len(self._fates), len(instants))
            found = np.empty(shape, dtype=np.int32)

            def fill(here: slice, there: slice) -> None:
                found[here] = self._unfolded(instants, there)

            _by_rows(fill, 0, len(found))
            self._kept.clear()
            self._kept[instants] = found
        return self._kept[instants]

    @cached_property
    def _kept(self) -> dict[tuple[int, ...], Counts]:
        return {}

    def _unfolded(self, instants: Sequence[int], rows: slice) -> Counts:
        """Return some draws' counts in ``_fates`` before ``now``, shape (n, O, S, fates, k)."""
        entries = [
            (
                self._fates.index(fate),
                past,
                share[: len(self.ahead)][rows] if len(share) > 1 else share,
            )
            for fate, past, share in self.entries
        ]
        past = self.past.rows(rows)
        shape = (*self.ahead[rows].shape[:3], len(self._fates), len(instants))
        found = np.empty(shape, dtype=np.int32)
        past.write(found, entries, np.array(instants, dtype=np.int64))
        return found


def _by_rows(work: Callable[[slice, slice], None], start: int, stop: int) -> None:
    """Do work on some rows at a time, side by side: rows from 0 on, and the same from ``start``."""

    def some(first: int) -> None:
        last = min(first + _ROWS, stop - start)
        work(slice(first, last), slice(start + first, start + last))

    run_blocks(some, stop - start, _ROWS, workers_for(stop - start, None))
