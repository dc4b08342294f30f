"""Sampled trajectories added up as they run: sums over groups and states instead of every cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dispersal.population import kernel_totals
from dispersal.population.process import ProcessError
from dispersal.population.run import (
    check_flows,
    check_initial,
    check_numbers,
    draw_keys,
    run_blocks,
    workers_for,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dispersal.population.hazards import Hazards
    from dispersal.population.process import IntArray, Process

#: Most draws that a thread takes at a time.
BLOCK = 4


@dataclass(frozen=True, eq=False)
class Totals:
    """A table of sums: the people of some groups in some states.

    Parameters
    ----------
    group_of : int array, shape (G,)
        Row of the table that each group adds to, −1 for none.
    state_of : int array, shape (S,)
        Column of the table that each state adds to, −1 for none.

    Examples
    --------
    >>> Totals(np.array([0, 0, 1]), np.array([0, -1])).shape
    (2, 1)
    """

    group_of: NDArray[np.int64]
    state_of: NDArray[np.int64]

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and of columns, A and B."""
        return int(self.group_of.max(initial=-1)) + 1, int(self.state_of.max(initial=-1)) + 1


@dataclass(frozen=True, eq=False)
class SampledTotals:
    """Sums over sampled trajectories.

    Parameters
    ----------
    tables : tuple of int32 arrays, each of shape (D, A, B, T + 1)
        People in each row and column of each table, by draw and step.
    counters : int64 array, shape (D, K, T + 1), or None
        Moves of all groups since step 0 along the flows of each counter.
    first_draw : int
        Number of the first draw within its run.
    """

    tables: tuple[NDArray[np.int32], ...]
    counters: IntArray | None
    first_draw: int


def sample_totals(
    process: Process,
    hazards: Hazards,
    initial: Any,
    steps: int,
    draws: int,
    seed: int,
    totals: Sequence[Totals],
    counters: Any = None,
    threads: int | None = None,
    first_draw: int = 0,
    out: Sequence[NDArray[np.int32]] | None = None,
) -> SampledTotals:
    """Move whole people as ``sample`` does, and keep sums over groups and states only.

    The trajectories are those of ``sample`` to the last person; the cells between are never
    written, which is what most of the time and memory goes to where groups and states are many.

    Parameters
    ----------
    process, hazards, initial, steps, draws, seed, threads, first_draw
        As in ``sample``.
    totals : sequence of Totals
        The tables to keep.
    counters : int array, shape (F,), optional
        Counter that each flow adds to, whatever the group; −1 for none.
    out : sequence of int32 arrays, each of shape (D, A, B, T + 1), optional
        Where to write the tables, for example a part of larger arrays.

    Returns
    -------
    SampledTotals

    Raises
    ------
    HazardError
        If a hazard is negative, infinite or not a number, or shapes do not fit.
    ProcessError
        If any other argument does not fit the process, or a table's sum may pass 2^31 − 1.

    Examples
    --------
    >>> from dispersal.population import Hazards, Process
    >>> process, _ = Process.from_names(["a", "b"], ["in", "out"], [("in", "out")], step=1.0)
    >>> both = Totals(np.array([0, 0]), np.array([0, 0]))
    >>> rates = Hazards.of_flows(process, [0.1])
    >>> run = sample_totals(process, rates, [[1000, 0], [10, 0]], 2, 3, seed=1, totals=[both])
    >>> run.tables[0].tolist()
    [[[[1010, 1010, 1010]]], [[[1010, 1010, 1010]]], [[[1010, 1010, 1010]]]]
    """
    check_numbers(steps, draws, seed, first_draw, threads)
    start = check_initial(process, initial, draws)
    checked = hazards.check(process, steps, draws)
    factors = (checked.by_step_group, checked.by_group_flow, checked.by_step_flow)
    flows = check_flows(process, counters)
    groups, states = _maps(process, totals)
    most = int(start.sum(axis=(1, 2)).max(initial=0))
    if most >= 2**31:
        raise ProcessError(f"a draw has {most} people, expected fewer than 2^31 to add up")
    shapes = [(draws, *table.shape, steps + 1) for table in totals]
    tables = tuple(np.empty(shape, np.int32) for shape in shapes) if out is None else tuple(out)
    if [table.shape for table in tables] != shapes or any(t.dtype != np.int32 for t in tables):
        found = [(table.shape, str(table.dtype)) for table in tables]
        raise ProcessError(f"out has {found}, expected int32 arrays of shapes {shapes}")
    n_counters = int(flows[-1].max(initial=-1)) + 1
    counted = np.empty((draws, n_counters, steps + 1), np.int64)
    cells = np.cumsum([0, *(table.shape[0] * table.shape[1] for table in totals)])
    columns = np.array([table.shape[1] for table in totals], dtype=np.int64)
    cell_of = np.where(states >= 0, states + cells[:-1, None], -1)
    workers = workers_for(draws, threads)
    block = min(BLOCK, max(1, -(-draws // workers)))

    def run(first: int) -> None:
        rows = np.arange(first, min(first + block, draws))
        keys = draw_keys(seed, first_draw + first, len(rows))
        history = np.empty((int(cells[-1]), steps + 1), np.int32)
        for key, row in zip(keys, rows, strict=True):
            rates = [factor[row if len(factor) > 1 else 0] for factor in factors]
            kernel_totals.run_draw(
                key,
                start[row if len(start) > 1 else 0],
                rates[0],
                rates[1],
                rates[2],
                flows,
                process.step,
                groups,
                cell_of,
                columns,
                history,
                counted[row],
            )
            for at, table in enumerate(tables):
                kernel_totals.write_table(history[cells[at] : cells[at + 1]], table[row])

    run_blocks(run, draws, block, workers)
    return SampledTotals(tables, None if counters is None else counted, first_draw)


def _maps(process: Process, totals: Sequence[Totals]) -> tuple[IntArray, IntArray]:
    """Return the rows of all groups (K, G) and the columns of all states (K, S), by table."""
    for number, table in enumerate(totals):
        for name, found, wanted in (
            ("group_of", table.group_of, process.n_groups),
            ("state_of", table.state_of, process.n_states),
        ):
            if found.shape != (wanted,) or found.dtype.kind not in "iu" or found.min() < -1:
                raise ProcessError(
                    f"{name} of table {number} is {found.dtype}{list(found.shape)}, "
                    f"expected {wanted} whole numbers of −1 or more"
                )
    return (
        np.array([table.group_of for table in totals], np.int64).reshape(-1, process.n_groups),
        np.array([table.state_of for table in totals], np.int64).reshape(-1, process.n_states),
    )
