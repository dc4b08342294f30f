"""What is known on a day: the last figure of each camp, and arrivals between figures."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from dispersal.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.displacement.flee_files import FleeFolder

    Floats = NDArray[np.float64]

#: Which figures are known on a day: those of days up to it, or also what Flee interpolates up to
#: it, towards figures of later days.
Known: TypeAlias = Literal["published", "interpolated"]

#: Figures that are closer to each other than this tell of one interval.
SHORTEST = 7


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How much a camp grew between two figures.

    Parameters
    ----------
    camp : int
        Position among the camps.
    first, last : int
        Days of the two figures, the first included.
    grown : float
        People; below 0 where the camp shrank.
    present : float
        People in the camp, the mean of both figures.
    """

    camp: int
    first: int
    last: int
    grown: float
    present: float

    @property
    def days(self) -> int:
        """Length of the interval."""
        return self.last - self.first


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What is known on a day.

    Parameters
    ----------
    day : int
        The last day that is known.
    known : str
        As ``Known`` says.
    counts : ndarray, shape (camps,)
        The last known figure of each camp.
    since : ndarray, shape (camps,)
        Its day.
    arrivals : tuple of Arrivals
        Every interval between two known figures of a camp.
    """

    day: int
    known: Known
    counts: Floats
    since: NDArray[np.int64]
    arrivals: tuple[Arrivals, ...]


def known_on(folder: FleeFolder, day: int, known: Known = "published") -> Evidence:
    """Return what is known of a folder's camps on a day.

    Interpolated figures look ahead: between two figures they are on a line to the later one. They
    are what Flee's own comparison uses on all days, and so do the baselines beside it.

    Parameters
    ----------
    folder : FleeFolder
    day : int
        The last day that is known, from 1 to the last but one.
    known : {"published", "interpolated"}

    Raises
    ------
    InputError
        If no such day is left to be forecast from.
    """
    days = folder.figures.days
    if not 1 <= day < days - 1:
        raise InputError(
            f"{folder.name}: {day} days are known, expected 1 to {days - 2}, so that a day of the "
            f"{days} in sim_period.csv is left to forecast"
        )
    counts, since, arrivals = [], [], []
    for camp, name in enumerate(folder.camps):
        series = folder.figures.series[name]
        own = sorted({0, *(int(at) for at in series.days if 0 < at <= day)})
        if known == "interpolated" and own[-1] < day < max(series.days):
            own.append(day)
        people = series.on(np.array(own, dtype=np.int64)).astype(np.float64)
        kept = _spread(own)
        arrivals += [
            Arrivals(
                camp,
                own[one],
                own[two],
                float(people[two] - people[one]),
                float(people[two] + people[one]) / 2,
            )
            for one, two in pairwise(kept)
        ]
        counts.append(people[-1])
        since.append(own[-1])
    return Evidence(day, known, np.array(counts), np.array(since, dtype=np.int64), tuple(arrivals))


def _spread(days: list[int]) -> list[int]:
    """Return the positions of days that are far enough from each other; the last always is one.

    Examples
    --------
    >>> _spread([0, 3, 8, 20, 22])
    [0, 2, 3, 4]
    """
    kept = [0]
    for at in range(1, len(days)):
        if days[at] - days[kept[-1]] >= SHORTEST or at == len(days) - 1:
            kept.append(at)
    return kept
