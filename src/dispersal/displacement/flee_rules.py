"""The movement rules of Flee 3 on expected counts, one floating-point number a place and stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dispersal.displacement.flee_work import FleeWork, prepare_flee
from dispersal.displacement.kernel import run_days
from dispersal.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.displacement.flee_files import FleeFolder

    Floats = NDArray[np.float64]


#: Parts into which a day's travellers are split: later ones find camps fuller.
PARTS = 4


@dataclass(frozen=True, slots=True, eq=False)
class FleeMean:
    """Expected counts under Flee's rules.

    Parameters
    ----------
    names : tuple of str
        Locations.
    at_places : ndarray, shape (days, locations)
        People at each location in the evening of each day.
    on_roads : ndarray, shape (days,)
        People between locations.
    fled : ndarray, shape (days, locations)
        People who fled from each location on each day.
    start : ndarray, shape (locations,)
        People in camps before day 0.
    debt : ndarray, shape (days,)
        By how many the counts of the data fell, and nobody has fled for since.
    """

    names: tuple[str, ...]
    at_places: Floats
    on_roads: Floats
    fled: Floats
    start: Floats
    debt: Floats

    def at(self, name: str) -> Floats:
        """Return the people at a location by day, shape (days,)."""
        return np.asarray(self.at_places[:, self.names.index(name)])


def flee_mean(
    folder: FleeFolder | FleeWork, *, capacities: bool = True, parts: int = PARTS
) -> FleeMean:
    """Run Flee's rules on expected counts.

    How crowded a camp is, is taken from expected counts: in the morning for those who set out,
    and before each part of the travellers for those who arrive and go on; a camp that refuses
    people in the morning does so all day. Flee looks anew for every person, at counts that chance
    has moved; docs/displacement.md says how much that matters.

    Parameters
    ----------
    folder : FleeFolder or FleeWork
        As ``read_flee`` gives it; or made ready by ``prepare_flee``, for more than one run.
    capacities : bool
        Whether camps have the capacities of locations.csv; without, they are never full.
    parts : int
        Into how many parts a day's travellers are split, 1 or more.

    Raises
    ------
    InputError
        If people should flee on a day, but no inhabited location is in conflict; or parts is 0.
    """
    if parts < 1:
        raise InputError(f"parts is {parts}, expected 1 or more")
    work = folder if isinstance(folder, FleeWork) else prepare_flee(folder)
    days, nodes = len(work.days.fleeing), len(work.names)
    stays = np.zeros(len(work.stands.node))
    stays[work.stands.fresh] = work.start
    limits = work.limits(capacities=capacities)
    out = (np.zeros((days, nodes)), np.zeros(days), np.zeros((days, nodes)))
    stopped = run_days(
        work.days,
        (stays, work.populations.copy(), limits),
        work.stands,
        work.routes,
        work.journeys,
        work.weights(limits),
        work.rules,
        (work.take, parts, work.reach, *work.walkers),
        out,
    )
    if stopped >= 0:
        raise nobody_to_flee(work, stopped)
    return FleeMean(work.names, *out, work.start, work.debt)


def nobody_to_flee(work: FleeWork, day: int) -> InputError:
    """Return the error for a day on which people should flee, but nobody is in conflict."""
    return InputError(
        f"{work.name}: {work.days.fleeing[day]:.0f} people flee on day {day}, "
        "expected an inhabited location in conflict on that day"
    )
