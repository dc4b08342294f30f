"""The loops of sampling over steps, draws and groups, and what is kept of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from dispersal.population.compiled import compiled
from dispersal.population.kernel_moves import move_group, workplace
from dispersal.population.streams import stream_base


@compiled
def run_block(
    keys: Any,
    rows: Any,
    initial: Any,
    by_step_group: Any,
    by_group_flow: Any,
    by_step_flow: Any,
    flows: Any,
    step_length: float,
    steps: int,
    slot: Any,
    counts_out: Any,
    counters_out: Any,
) -> None:
    """Run the draws of one block through all steps, writing the recorded steps.

    Parameters
    ----------
    keys : uint64[B, 2]
        Key of each draw of the block.
    rows : int64[B]
        Position of each draw in the factors and in the outputs, consecutive.
    initial : int64[D or 1, G, S]
    by_step_group, by_group_flow, by_step_flow : float64
        The factors of the hazards, as in ``Hazards``.
    flows : tuple of int64 arrays
        As in ``kernel_moves.move_group``.
    slot : int64[T + 1]
        Where each step is recorded, −1 for nowhere.
    counts_out, counters_out : int[R, G, S, D], int64[R, G, K, D]
    """
    block = len(rows)
    groups, states = initial.shape[1:]
    now = np.empty((block, groups, states), np.int64)
    after = np.empty(states, np.int64)
    done = np.zeros((block, groups, counters_out.shape[2]), np.int64)
    work = workplace(flows[1], by_step_group.shape[3])
    plain = np.empty(len(by_step_flow), np.bool_)
    for d in range(len(plain)):
        plain[d] = by_step_flow.shape[1] == 1 and (by_step_flow[d] == 1.0).all()
    for i in range(block):
        now[i] = initial[rows[i] if len(initial) > 1 else 0]
    for t in range(steps + 1):
        if slot[t] >= 0:
            write_block(now, done, slot[t], rows[0], counts_out, counters_out)
        if t == steps:
            return
        for i in range(block):
            row = rows[i]
            by_step_class = by_step_group[row if len(by_step_group) > 1 else 0]
            class_rates = by_step_class[t if len(by_step_class) > 1 else 0]
            group_flows = by_group_flow[row if len(by_group_flow) > 1 else 0]
            step_row = row if len(by_step_flow) > 1 else 0
            step_flow = by_step_flow[step_row, t if by_step_flow.shape[1] > 1 else 0]
            for g in range(groups):
                before = now[i, g]
                after[:] = before
                if move_group(
                    before,
                    after,
                    done[i, g],
                    stream_base(keys[i], t, g),
                    keys[i],
                    class_rates[g if len(class_rates) > 1 else 0],
                    group_flows[g if len(group_flows) > 1 else 0],
                    step_flow,
                    plain[step_row],
                    flows,
                    step_length,
                    work,
                ):
                    before[:] = after


@compiled
def write_block(
    now: Any, done: Any, slot: int, first_row: int, counts_out: Any, counters_out: Any
) -> None:
    """Copy a block's counts into the outputs, whose last axis is that of the draws."""
    block, groups, states = now.shape
    for g in range(groups):
        for s in range(states):
            for i in range(block):
                counts_out[slot, g, s, first_row + i] = now[i, g, s]
        for k in range(done.shape[2]):
            for i in range(block):
                counters_out[slot, g, k, first_row + i] = done[i, g, k]
