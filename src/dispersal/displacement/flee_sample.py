"""The movement rules of Flee 3 on whole people, drawn at random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dispersal.displacement.flee_rules import PARTS, nobody_to_flee
from dispersal.displacement.flee_work import FleeWork, prepare_flee
from dispersal.displacement.kernel_sample import run_draws
from dispersal.errors import InputError
from dispersal.population.run import check_numbers, draw_keys, run_blocks, workers_for

if TYPE_CHECKING:
    from dispersal.displacement.flee_files import FleeFolder
    from dispersal.population.process import IntArray
    from dispersal.population.sample import CountArray

#: Most draws that a thread takes at once.
BLOCK = 16


@dataclass(frozen=True, slots=True, eq=False)
class FleeSampled:
    """Sampled counts under Flee's rules.

    Parameters
    ----------
    names : tuple of str
        Locations.
    at_places : int array, shape (days, locations, draws)
        People at each location in the evening of each day.
    on_roads : int array, shape (days, draws)
        People between locations.
    fled : int array, shape (days, locations, draws)
        People who fled from each location on each day.
    start : int array, shape (locations,)
        People in camps before day 0.
    debt : int array, shape (days,)
        By how many the counts of the data fell, and nobody has fled for since.
    first_draw : int
        Number of the first draw within its run.
    """

    names: tuple[str, ...]
    at_places: CountArray
    on_roads: CountArray
    fled: CountArray
    start: IntArray
    debt: IntArray
    first_draw: int

    def at(self, name: str) -> CountArray:
        """Return the people at a location by day and draw, shape (days, draws)."""
        return self.at_places[:, self.names.index(name)]


def flee_sample(
    folder: FleeFolder | FleeWork,
    *,
    draws: int,
    seed: int,
    capacities: bool = True,
    first_draw: int = 0,
    threads: int | None = None,
    parts: int = PARTS,
) -> FleeSampled:
    """Run Flee's rules on whole people: exact binomial and multinomial splits of counts.

    One draw is what one run of Flee is with one agent a person. How crowded a camp is, is taken
    from the draw's own counts, at the moments at which ``flee_mean`` takes it from expectations.
    On a day on which no camp can become crowded, all travellers are taken at once: it is the same.
    Where the first part of them has changed no chance, the others are.

    Every decision (draw, day, purpose, stand, kilometres gone today) has a random stream of its
    own, so that a draw depends on the seed and on its number, but not on threads or other draws.

    Parameters
    ----------
    folder : FleeFolder or FleeWork
        As ``read_flee`` gives it; or made ready by ``prepare_flee``, for more than one run.
    draws, seed : int
        How many draws, and the seed of the whole run.
    capacities : bool
        Whether camps have the capacities of locations.csv; without, they are never full.
    first_draw : int
        Number of this call's first draw within its run.
    threads : int, optional
        Default: as many as the process may use.
    parts : int
        Into how many parts a day's travellers are split, 1 or more.

    Raises
    ------
    InputError
        If people should flee on a day, but no inhabited location is in conflict; or parts is 0.
    ProcessError
        If draws, seed, first_draw or threads are not whole numbers that make sense.
    """
    if parts < 1:
        raise InputError(f"parts is {parts}, expected 1 or more")
    check_numbers(0, draws, seed, first_draw, threads)
    work = folder if isinstance(folder, FleeWork) else prepare_flee(folder)
    days, nodes = len(work.days.fleeing), len(work.names)
    most = work.start.sum() + work.days.fleeing.sum()
    kind = np.int32 if most < 2**31 else np.int64
    stays = np.zeros(len(work.stands.node), np.int64)
    stays[work.stands.fresh] = work.start
    limits = work.limits(capacities=capacities)
    # A draw's days lie together while they are made; the result shows draws last.
    at_places, fled = (np.zeros((draws, days, nodes), kind) for _ in range(2))
    on_roads = np.zeros((draws, days), kind)
    workers = workers_for(draws, threads)
    block = min(BLOCK, max(1, -(-draws // workers)))
    people = (stays, work.populations, limits)
    settings = (work.take, parts, work.reach, *work.walkers)

    def run(first: int) -> None:
        rows = slice(first, min(first + block, draws))
        keys = draw_keys(seed, first_draw + first, rows.stop - first)
        stopped = run_draws(
            keys, work.days, people, work.stands, work.routes, work.journeys, work.weights(limits),
            work.rules, settings, (at_places[rows], on_roads[rows], fled[rows]),
        )  # fmt: skip
        if stopped >= 0:
            raise nobody_to_flee(work, stopped)

    run_blocks(run, draws, block, workers)
    return FleeSampled(
        work.names,
        np.moveaxis(at_places, 0, -1),
        on_roads.T,
        np.moveaxis(fled, 0, -1),
        work.start.astype(np.int64),
        work.debt.astype(np.int64),
        first_draw,
    )
