"""What the samplers share: checks and layout of their arguments, keys of draws, threads."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from dispersal.population.process import IntArray, Process, ProcessError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST_PEOPLE = 2**40


def check_numbers(steps: int, draws: int, seed: int, first_draw: int, threads: int | None) -> None:
    """Raise ProcessError unless these are whole numbers that make sense."""
    for name, value, least in (
        ("steps", steps, 0),
        ("draws", draws, 0),
        ("seed", seed, 0),
        ("first_draw", first_draw, 0),
        ("threads", 1 if threads is None else threads, 1),
    ):
        if value != int(value) or value < least:
            raise ProcessError(f"{name} is {value}, expected a whole number of {least} or more")


def check_flows(process: Process, counters: Any) -> tuple[NDArray[Any], ...]:
    """Return the flows as the kernels take them, with the counter of each (−1 for none)."""
    counter = (
        np.full(process.n_flows, -1, np.int64)
        if counters is None
        else process.check_counters(counters)
    )
    flows = (
        process.busy_sources,
        process.first_flow,
        process.targets.astype(np.uint32),  # half as much to read
        process.flow_class.astype(np.uint32),
        counter,
    )
    return tuple(as_input(array) for array in flows)


def as_input(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array as compiled functions read it: in C order, and not to be written.

    Numba compiles a function anew for every layout, and for what may be written. No copy is made
    of what is in order.

    Examples
    --------
    >>> every_other = as_input(np.arange(6)[::2])
    >>> every_other.tolist(), every_other.flags.c_contiguous, every_other.flags.writeable
    ([0, 2, 4], True, False)
    """
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


def run_blocks(run: Callable[[int], None], draws: int, block: int, workers: int) -> None:
    """Call ``run`` with the first draw of each block, over threads."""
    for _ in side_by_side(run, range(0, draws, block), workers):
        pass


def side_by_side(
    work: Callable[[Item], Result], items: Iterable[Item], workers: int
) -> Iterator[Result]:
    """Yield the result of each item in their order, from as many threads as there are workers.

    Threads of our own, since Numba's pool is one for the whole program: it cannot be entered from
    two threads at once, and its size is a global setting.
    """
    if workers > 1:
        with ThreadPoolExecutor(workers) as pool:
            yield from pool.map(work, items)
    else:
        yield from map(work, items)


def workers_for(draws: int, threads: int | None) -> int:
    """Return how many threads to run."""
    return max(1, min(_usable_cores() if threads is None else threads, draws))


def draw_keys(seed: int, first: int, count: int) -> NDArray[np.uint64]:
    """Return the keys of draws, those of ``SeedSequence(seed).spawn`` without spawning them all."""
    return np.array(
        [
            np.random.SeedSequence(seed, spawn_key=(draw,)).generate_state(2, np.uint64)
            for draw in range(first, first + count)
        ],
        dtype=np.uint64,
    )


def check_initial(process: Process, initial: Any, draws: int) -> IntArray:
    """Return the people at step 0 as whole numbers, shape (D or 1, G, S), or raise ProcessError."""
    given = np.asarray(initial)
    shape = (process.n_groups, process.n_states)
    if given.shape not in (shape, (draws, *shape)):
        raise ProcessError(
            f"initial has shape {given.shape}, expected {shape} (groups, states) "
            f"or {(draws, *shape)} (draws, groups, states)"
        )
    given = given.reshape(-1, *shape)
    # The extremes first, which take no room; a NaN makes both of them NaN.
    fits = given.min(initial=0) >= 0 and given.max(initial=0) <= MOST_PEOPLE
    if not (fits and (given.dtype.kind in "iu" or (given == np.floor(given)).all())):
        whole = (given >= 0) & (given <= MOST_PEOPLE) & (given == np.floor(given))
        draw, group, state = np.argwhere(~whole)[0]
        raise ProcessError(
            f"initial holds {given[draw, group, state]} for group {process.groups[group]!r} in "
            f"state {process.states[state]!r}, expected a whole number from 0 to 2^40"
        )
    start = np.ascontiguousarray(given, dtype=np.int64)
    totals = start.sum(axis=-1)
    if totals.size and totals.max() > MOST_PEOPLE:
        group = int(np.argwhere(totals == totals.max())[0][1])
        raise ProcessError(
            f"group {process.groups[group]!r} has {totals.max()} people, expected at most 2^40"
        )
    return start


def check_record(record: Sequence[int] | IntArray | None, steps: int) -> IntArray:
    """Return the steps to keep, default all, or raise ProcessError."""
    if record is None:
        return np.arange(steps + 1)
    kept = np.asarray(record)
    if kept.ndim != 1 or (kept.size and kept.dtype.kind not in "iu"):
        raise ProcessError(f"record is {record}, expected a list of step numbers")
    kept = kept.astype(np.int64)
    if kept.size and (kept.min() < 0 or kept.max() > steps or (np.diff(kept) <= 0).any()):
        raise ProcessError(f"record is {kept.tolist()}, expected ascending steps of 0 to {steps}")
    return kept


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
