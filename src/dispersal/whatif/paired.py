"""Worlds simulated side by side with common random numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispersal.errors import InputError
from dispersal.forecast.ensemble import BATCH
from dispersal.forecast.ensemble_types import KINDS
from dispersal.forecast.world import World, one_ahead
from dispersal.model.design import STRATA
from dispersal.model.states import ALL_FATES, place_of
from dispersal.population import Totals, sample_totals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dispersal.population import Hazards

IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What becomes of everyone in one world, D draws of H months.

    Parameters
    ----------
    origins, strata : tuple of str, lengths O and S
    fates : int32 array, shape (D, O, S, F, 2)
        Persons by ``dispersal.model.states.ALL_FATES`` at the instants before and after the day
        that was asked for.
    monthly : int32 array, shape (D, 2, F, H + 1)
        Persons of all strata by kind of origin (``KINDS``), from the cut-off on.
    place_states : tuple of str, length P
        States at a place, such as ``elsewhere:LBY:isil_libya``.
    places : int32 array, shape (D, 2, P, 2)
        Persons of all strata there at those instants, by kind of origin.
    after : float
        Where the day lies between the two instants, 0 to 1.
    """

    origins: tuple[str, ...]
    strata: tuple[str, ...]
    fates: NDArray[np.int32]
    monthly: NDArray[np.int32]
    place_states: tuple[str, ...]
    places: NDArray[np.int32]
    after: float


class _Store:
    """Keeps what one world's outcomes are made of, batch by batch."""

    def __init__(self, world: World, draws: int, position: float, threads: int | None) -> None:
        self.threads = threads
        blueprint, forward = world.blueprint, world.forward
        process, design = blueprint.process, blueprint.design
        self.world, self.position = world, position
        self.shape = (len(design.origins), len(blueprint.strata))
        origins, strata = self.shape
        at_places = [at for at, state in enumerate(process.states) if _is_stay(state)]
        column = {state: number for number, state in enumerate(at_places)}
        place_of_state = np.array([column.get(at, -1) for at in range(process.n_states)])
        self.kinds = np.repeat(design.local.astype(np.int64), strata)
        self.place_states = tuple(process.states[at] for at in at_places)
        self.totals = (
            Totals(np.arange(process.n_groups), blueprint.fate_index),
            Totals(self.kinds, place_of_state),
        )
        self.strata = tuple(STRATA[at] for at in blueprint.strata)
        instants = forward.steps + 1
        self.left = min(int(position), forward.steps - 1)
        self.fates = np.zeros((draws, origins, strata, len(ALL_FATES), 2), dtype=np.int32)
        self.monthly = np.zeros((draws, len(KINDS), len(ALL_FATES), instants), dtype=np.int32)
        self.places = np.zeros((draws, len(KINDS), len(at_places), 2), dtype=np.int32)
        # Room that every batch writes to anew: memory that is touched costs nothing again.
        shapes = [table.shape for table in self.totals]
        self.room = [np.zeros((BATCH, *shape, instants), dtype=np.int32) for shape in shapes]

    def sample(self, first: int, count: int, hazards: Hazards, initial: IntArray) -> None:
        """Sample some draws and keep them."""
        by_group, by_kind = (room[:count] for room in self.room)
        sample_totals(
            self.world.blueprint.process,
            hazards.of_draws(0, count),
            initial[:count],
            self.world.forward.steps,
            count,
            self.world.seed,
            self.totals,
            threads=self.threads,
            first_draw=first,
            out=(by_group, by_kind),
        )
        rows = slice(first, first + count)
        ends = slice(self.left, self.left + 2)
        self.fates[rows] = by_group[..., ends].reshape(count, *self.shape, -1, 2)
        self.places[rows, : by_kind.shape[1]] = by_kind[..., ends]
        for kind in range(len(KINDS)):
            by_group[:, self.kinds == kind].sum(axis=1, out=self.monthly[rows, kind])

    def outcomes(self) -> Outcomes:
        origins = self.world.blueprint.design.origins
        after = self.position - self.left
        return Outcomes(
            origins,
            self.strata,
            self.fates,
            self.monthly,
            self.place_states,
            self.places,
            after,
        )


def run_worlds(
    worlds: Sequence[World],
    draws: int,
    position: float,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Outcomes]:
    """Simulate worlds draw by draw from the same people at the cut-off.

    Parameters
    ----------
    worlds : sequence of World
        Of the same seed; the past and the cut-off are those of the first.
    draws : int
        D; the worlds hold at least as many, up to a whole number of batches.
    position : float
        The day that outcomes are kept of, months from the cut-off.
    threads : int, optional
        Default: as many as there are cores. Does not change the outcomes.
    progress : callable, optional
        Called with (batches done, batches in all).

    Returns
    -------
    list of Outcomes
        In the order of the worlds.

    Raises
    ------
    InputError
        If a world lacks a state that someone is in at the cut-off.
    """
    base = worlds[0]
    stores = [_Store(world, draws, position, threads) for world in worlds]
    latest: dict[int, IntArray] = {}

    def ready(item: tuple[int, int]) -> tuple[Hazards, IntArray]:
        first, number = item
        if number == 0:
            latest.clear()
            latest[first] = base.initial(base.past(first, BATCH), first)
        initial = latest[first]
        if number > 0:
            initial = moved_over(initial, base, worlds[number])
        return worlds[number].hazards(first, initial), initial

    items = [(first, at) for first in range(0, draws, BATCH) for at in range(len(worlds))]
    for done, ((first, at), (hazards, initial)) in enumerate(
        zip(items, one_ahead(ready, items, threads), strict=True), start=1
    ):
        stores[at].sample(first, min(BATCH, draws - first), hazards, initial)
        if progress is not None:
            progress(done, len(items))
    return [store.outcomes() for store in stores]


def moved_over(initial: IntArray, base: World, other: World) -> IntArray:
    """Return the people at the cut-off in the states of another world, by name.

    Raises
    ------
    InputError
        If somebody is in a state that the other world lacks.
    """
    before, after = base.blueprint.process.states, other.blueprint.process.states
    if before == after:
        return initial
    found = np.zeros((*initial.shape[:2], len(after)), dtype=np.int64)
    for at, state in enumerate(before):
        if state in after:
            found[..., after.index(state)] = initial[..., at]
        elif initial[..., at].any():
            raise InputError(
                f"found a case without the state {state}, in which there are people at the "
                "cut-off; expected it to stay, for example with a capacity of 0"
            )
    return found


def _is_stay(state: str) -> bool:
    return place_of(state) is not None and not state.startswith("moving:")
