"""Mean trajectories in Numba: what ``expected`` runs where nothing is to be differentiated."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np

from dispersal.population import kernel_expected
from dispersal.population.kernel_expected import LANES
from dispersal.population.run import as_input, run_blocks, workers_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dispersal.population.hazards import AnyArray, FloatArray, Hazards
    from dispersal.population.process import IntArray, Process
    from dispersal.population.totals import Totals

Inflow: TypeAlias = "tuple[NDArray[np.uint32], IntArray, NDArray[np.int32], NDArray[np.uint32]]"

#: Draws that a thread takes at a time.
BLOCK = 4

#: JAX takes memory over as it is where it begins at a multiple of so many bytes.
ALIGNED = 64


def mean_trajectories(
    process: Process,
    hazards: Hazards,
    start: FloatArray,
    steps: int,
    counters: tuple[int, ...] | None,
    draws: int,
) -> tuple[FloatArray, FloatArray | None]:
    """Return mean counts (D, T + 1, G, S) and counters (D, T + 1, G, K), if any.

    Parameters
    ----------
    process : Process
    hazards : Hazards
        Checked, with the axis of draws.
    start : float array, shape (G, S) or (D, G, S)
    steps, draws : int
    counters : tuple of int, length F, optional
        Counter that each flow adds to, −1 for none.
    """
    groups, states = process.n_groups, process.n_states
    counter = np.full(process.n_flows, -1) if counters is None else np.array(counters, np.int64)
    counts = _empty((draws, steps + 1, groups, states))
    counted = _empty((draws, steps + 1, groups, int(counter.max(initial=-1)) + 1))
    flows = (process.sources, process.flow_class, counter)
    inflow = inflow_of(process)
    by_class, by_flow = np.asarray(hazards.by_step_group), np.asarray(hazards.by_group_flow)
    by_step, given = np.asarray(hazards.by_step_flow), start.reshape(-1, groups, states)
    for draw in range(draws):
        class_rates, group_flows, step_flows, people = (
            array[draw if len(array) > 1 else 0] for array in (by_class, by_flow, by_step, given)
        )
        for group in range(groups):
            kernel_expected.run_mean(
                as_input(people[group]),
                # A copy, since add_mean hands over what may be written, too.
                class_rates[:, group if class_rates.shape[1] > 1 else 0].copy(),
                group_flows[group if len(group_flows) > 1 else 0],
                step_flows,
                flows,
                inflow,
                process.step,
                counts[draw, :, group],
                counted[draw, :, group],
            )
    return counts, None if counters is None else counted


def mean_totals(
    process: Process,
    hazards: Hazards,
    initial: FloatArray,
    steps: int,
    totals: Totals,
    instants: Sequence[int],
    threads: int | None = None,
) -> FloatArray:
    """Return mean counts at some instants, added up over groups and states as they run.

    Parameters
    ----------
    process : Process
    hazards : Hazards
        Of D draws, per unit of time.
    initial : float array, shape (D, G, S)
        Mean counts at step 0.
    steps : int
        Number of steps, T.
    totals : Totals
        Where each group and state adds to.
    instants : sequence of int
        Steps to tell of, 0 to T.
    threads : int, optional
        Default: as many as the process may use. Does not change the result.

    Returns
    -------
    float array, shape (D, A, B, instants)

    Examples
    --------
    >>> from dispersal.population import Hazards, Process, Totals
    >>> process, _ = Process.from_names(["all"], ["in", "out"], [("in", "out")], step=1.0)
    >>> whole = Totals(np.array([0]), np.array([-1, 0]))
    >>> start = np.array([[[1000.0, 0.0]]])
    >>> hazard = Hazards.of_flows(process, [0.1])
    >>> mean_totals(process, hazard, start, 2, whole, [0, 2]).round(1).tolist()
    [[[[0.0, 181.3]]]]
    """
    draws = len(initial)
    checked = hazards.check(process, steps, draws)
    factors = (checked.by_step_group, checked.by_group_flow, checked.by_step_flow)
    start = as_input(initial)
    counter = np.full(process.n_flows, -1)
    flows = (process.sources, process.flow_class, counter)
    inflow = inflow_of(process)
    out = np.zeros((draws, *totals.shape, len(instants)))
    kept = np.asarray(instants, dtype=np.int64)

    def run(first: int) -> None:
        room = np.empty((steps + 1, process.n_states))
        for draw in range(first, min(first + BLOCK, draws)):
            rates = [array[draw if len(array) > 1 else 0] for array in factors]
            kernel_expected.add_mean(
                start[draw],
                rates[0],
                rates[1],
                rates[2],
                flows,
                inflow,
                process.step,
                kept,
                totals.group_of,
                totals.state_of,
                room,
                out[draw],
            )

    run_blocks(run, draws, BLOCK, workers_for(draws, threads))
    return out


@lru_cache(maxsize=16)
def inflow_of(process: Process) -> Inflow:
    """Return the flows by target, for adding up what arrives without branches.

    States stand in the order of how many flows lead to them, most first. Block b holds the flows
    4 b to 4 b + 3 into each state that has so many, or nothing in the place of those missing.

    Returns
    -------
    targets : uint32 array, shape (S,)
        States in that order.
    sizes : int array, shape (blocks,)
        States of each block.
    flow_at : int32 array, shape (4 · sum of sizes,)
        Flow at each place, −1 for none.
    pair_at : uint32 array, of the same shape
        Its class and source as class · S + source.
    """
    states, flows = process.n_states, process.n_flows
    count = np.bincount(process.targets, minlength=states)
    order = np.argsort(-count, kind="stable")
    by_target = np.argsort(process.targets, kind="stable")
    # The rank of each flow among those into its target, and the target's place in the order.
    rank = np.empty(flows, np.int64)
    rank[by_target] = np.arange(flows) - (np.cumsum(count) - count)[process.targets[by_target]]
    place = np.empty(states, np.int64)
    place[order] = np.arange(states)
    sizes = np.array(
        [(count > first).sum() for first in range(0, int(count.max()), LANES)], np.int64
    )
    begin = LANES * (np.cumsum(sizes) - sizes)
    flow_at = np.full(LANES * int(sizes.sum()), -1, np.int32)
    block, lane = np.divmod(rank, LANES)
    flow_at[begin[block] + LANES * place[process.targets] + lane] = np.arange(flows)
    pair = process.flow_class * states + process.sources
    pair_at = np.where(flow_at >= 0, np.append(pair, 0)[flow_at], 0)
    return order.astype(np.uint32), sizes, flow_at, pair_at.astype(np.uint32)


def _empty(shape: tuple[int, ...]) -> FloatArray:
    """Return an array that JAX need not copy."""
    size = int(np.prod(shape))
    memory = np.empty(size + ALIGNED // 8)
    first = (-memory.ctypes.data % ALIGNED) // 8
    return memory[first : first + size].reshape(shape)


def as_jax(array: AnyArray) -> jax.Array:
    """Return an array as one of JAX's, the memory of ``mean_trajectories`` without copying it."""
    if isinstance(array, jax.Array) or not array.size:
        return jnp.asarray(array)
    result: jax.Array = jax.dlpack.from_dlpack(array)
    return result
