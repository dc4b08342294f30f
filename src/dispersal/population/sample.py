"""Integer trajectories: exact random moves of whole people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dispersal.population import kernel_sample
from dispersal.population.run import (
    check_flows,
    check_initial,
    check_numbers,
    check_record,
    draw_keys,
    run_blocks,
    workers_for,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispersal.population.hazards import Hazards
    from dispersal.population.process import IntArray, Process

CountArray: TypeAlias = NDArray[np.int32] | NDArray[np.int64]

# Most draws that run together, so that whole cache lines of the output are written at once.
BLOCK = 16


@dataclass(frozen=True, eq=False)
class Sampled:
    """Sampled trajectories.

    Parameters
    ----------
    counts : int32 or int64 array, shape (R, G, S, D)
        People per recorded step, group, state and draw; int32 where every group is small enough.
    counters : int64 array, shape (R, G, K, D), or None
        Moves since step 0 along the flows of each counter.
    record : int array, shape (R,)
        The recorded steps.
    first_draw : int
        Number of the first draw within its run.
    """

    counts: CountArray
    counters: IntArray | None
    record: IntArray
    first_draw: int


def sample(
    process: Process,
    hazards: Hazards,
    initial: Any,
    steps: int,
    draws: int,
    seed: int,
    record: Sequence[int] | IntArray | None = None,
    counters: Any = None,
    threads: int | None = None,
    first_draw: int = 0,
) -> Sampled:
    """Move whole people at random: exact multinomial splits, step by step.

    Within a step the flows out of a state compete, and all of a step's flows leave from the
    counts at its start. Every decision (draw, step, group, source state) has a random stream of
    its own, so a draw's trajectory depends on the seed, on its number within the run and on the
    indices of groups and states, but not on the threads, on other draws or on flows elsewhere.

    Parameters
    ----------
    process : Process
    hazards : Hazards
        Per unit of time; their rows are the draws of this call (see ``Hazards.of_draws``).
    initial : int array, shape (G, S) or (D, G, S)
        People at step 0, at most 2^40 in a group.
    steps : int
        Number of steps, T.
    draws : int
        Number of draws, D.
    seed : int
        Seed of the whole run; the key of draw i is that of its i-th spawned ``SeedSequence``.
    record : sequence of int, optional
        Steps to keep, 0 to T, ascending; default all T + 1.
    counters : int array, shape (F,), optional
        Counter that each flow adds to, −1 for none.
    threads : int, optional
        Default: as many as the process may use.
    first_draw : int, optional
        Number of this call's first draw within its run: draws 250 to 499 of a run are
        ``sample(..., draws=250, first_draw=250)`` and equal those of the whole run.

    Returns
    -------
    Sampled

    Raises
    ------
    HazardError
        If a hazard is negative, infinite or not a number, or shapes do not fit.
    ProcessError
        If any other argument does not fit the process.

    Examples
    --------
    >>> from dispersal.population import Hazards, Process
    >>> process, _ = Process.from_names(["all"], ["in", "out"], [("in", "out")], step=1.0)
    >>> run = sample(process, Hazards.of_flows(process, [0.1]), [[1000, 0]], 2, 3, seed=1)
    >>> run.counts.shape, run.counts.sum(axis=2).tolist()
    ((3, 1, 2, 3), [[[1000, 1000, 1000]], [[1000, 1000, 1000]], [[1000, 1000, 1000]]])
    """
    check_numbers(steps, draws, seed, first_draw, threads)
    start = check_initial(process, initial, draws)
    checked = hazards.check(process, steps, draws)
    kept = check_record(record, steps)
    slot = np.full(steps + 1, -1, np.int64)
    slot[kept] = np.arange(len(kept))
    flows = check_flows(process, counters)
    most = int(start.sum(axis=-1).max(initial=0))
    counts = np.empty(
        (len(kept), process.n_groups, process.n_states, draws),
        np.int32 if most < 2**31 else np.int64,
    )
    n_counters = int(flows[-1].max(initial=-1)) + 1
    counted = np.empty((len(kept), process.n_groups, n_counters, draws), np.int64)
    workers = workers_for(draws, threads)
    block = min(BLOCK, max(1, -(-draws // workers)))

    def run(first: int) -> None:
        rows = np.arange(first, min(first + block, draws))
        kernel_sample.run_block(
            draw_keys(seed, first_draw + first, len(rows)),
            rows,
            start,
            checked.by_step_group,
            checked.by_group_flow,
            checked.by_step_flow,
            flows,
            process.step,
            steps,
            slot,
            counts,
            counted,
        )

    run_blocks(run, draws, block, workers)
    return Sampled(counts, None if counters is None else counted, kept, first_draw)
