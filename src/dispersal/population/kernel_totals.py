"""The inner loops of sampling that keep only sums over groups and states."""

from __future__ import annotations

from typing import Any

import numpy as np

from dispersal.population.compiled import compiled
from dispersal.population.kernels import move_group, widest_split
from dispersal.population.streams import stream_base


@compiled
def run_draw(
    key: Any,
    initial: Any,
    by_step_group: Any,
    by_group_flow: Any,
    by_step_flow: Any,
    flows: Any,
    step_length: float,
    group_of: Any,
    state_of: Any,
    columns: Any,
    cells: Any,
    history: Any,
    counters_out: Any,
) -> None:
    """Run one draw through all steps, writing the sums after each.

    Parameters
    ----------
    key : uint64[2]
    initial : int64[G, S]
    by_step_group, by_group_flow, by_step_flow : float64
        The factors of the hazards, as in ``Hazards`` of one draw.
    flows : tuple of int64 arrays
        As in ``kernels.move_group``.
    group_of, state_of : int64[tables, G], int64[tables, S]
        Row and column of each table, −1 for none.
    columns, cells : int64[tables], int64[tables + 1]
        Columns of each table, and its first cell in ``history``.
    history : int32[T + 1, cells]
        Written: the tables' cells, row by row, at every step.
    counters_out : int64[K, T + 1]
        Written: moves of all groups so far.
    """
    groups, states = initial.shape
    now = initial.copy()
    after = np.empty(states, np.int64)
    done = np.zeros(len(counters_out), np.int64)
    widest = widest_split(flows[1])
    onward, moves = np.zeros(widest + 1), np.zeros(widest, np.int64)
    running = np.zeros(cells[-1], np.int32)
    empty = np.zeros(states, np.int64)
    for g in range(groups):
        add_change(empty, now[g], g, group_of, state_of, columns, cells, running)
    for t in range(len(history)):
        history[t] = running
        counters_out[:, t] = done
        if t + 1 == len(history):
            return
        class_rates = by_step_group[t if len(by_step_group) > 1 else 0]
        step_flow = by_step_flow[t if len(by_step_flow) > 1 else 0]
        for g in range(groups):
            before = now[g]
            after[:] = before
            class_rate = class_rates[g if len(class_rates) > 1 else 0]
            group_flow = by_group_flow[g if len(by_group_flow) > 1 else 0]
            if move_group(
                before,
                after,
                done,
                stream_base(key, t, g),
                key,
                class_rate,
                group_flow,
                step_flow,
                flows,
                step_length,
                onward,
                moves,
            ):
                add_change(before, after, g, group_of, state_of, columns, cells, running)
                before[:] = after


@compiled
def add_change(
    before: Any,
    after: Any,
    group: int,
    group_of: Any,
    state_of: Any,
    columns: Any,
    cells: Any,
    running: Any,
) -> None:
    """Add to every table what changed in one group."""
    for s in range(len(before)):
        change = after[s] - before[s]
        if change != 0:
            for k in range(len(group_of)):
                row, column = group_of[k, group], state_of[k, s]
                if row >= 0 and column >= 0:
                    running[cells[k] + row * columns[k] + column] += change


@compiled
def write_table(history: Any, out: Any) -> None:
    """Turn one table's cells by step [T + 1, A·B] into steps by cell [A, B, T + 1]."""
    rows, columns, steps = out.shape
    for row in range(rows):
        for column in range(columns):
            for t in range(steps):
                out[row, column, t] = history[t, row * columns + column]
