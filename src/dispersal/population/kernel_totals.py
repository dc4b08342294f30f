"""The inner loops of sampling that keep only sums over groups and states.

One group after the other through all steps, so that its factors stay close to the processor;
nobody's stream of random numbers depends on the order. Only states where anyone is are looked at.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dispersal.population.compiled import compiled, inlined
from dispersal.population.kernels import (
    LOG_2,
    hazards_onward,
    leavers,
    room,
    split,
)
from dispersal.population.streams import stream, stream_base, uniform


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
    cell_of: Any,
    columns: Any,
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
        As in ``kernel_moves.move_group``.
    group_of, cell_of : int64[tables, G], int64[tables, S]
        Row of each table, and cell of its first row in ``history``; −1 for none.
    columns : int64[tables]
        Columns of each table.
    history : int32[cells, T + 1]
        Written: by how much the cells of the tables, row by row, differ from the step before.
    counters_out : int64[K, T + 1]
        Written: moves of all groups so far.
    """
    groups, states = initial.shape
    busy, first_flow, targets, flow_class, counter = flows
    steps = history.shape[1] - 1
    tables = len(group_of)
    history[:] = 0
    counters_out[:] = 0
    before = np.empty(states, np.int64)
    after = np.empty(states, np.int64)
    busy_at = np.full(states, -1, np.int64)
    for m in range(len(busy)):
        busy_at[busy[m]] = m
    # States from which anyone may leave, in any order; states whose counts changed.
    listed, is_listed = np.empty(states, np.int64), np.zeros(states, np.bool_)
    changed, is_changed = np.empty(states, np.int64), np.zeros(states, np.bool_)
    onward, went, moved = room(first_flow)
    offset = np.empty(tables, np.int64)
    most = np.empty(len(busy))
    most_by_step = np.empty(len(targets))
    for e in range(len(targets)):
        most_by_step[e] = by_step_flow[:, e].max()
    for g in range(groups):
        for k in range(tables):
            offset[k] = group_of[k, g] * columns[k]
            if group_of[k, g] < 0:
                offset[k] = -1
        n_listed = 0
        for s in range(states):
            n = initial[g, s]
            before[s] = after[s] = n
            is_listed[s] = n > 0 and busy_at[s] >= 0
            if is_listed[s]:
                listed[n_listed] = s
                n_listed += 1
            if n > 0:
                add(n, s, 0, offset, cell_of, history)
        class_rates = by_step_group[:, g if by_step_group.shape[1] > 1 else 0]
        group_flow = by_group_flow[g if len(by_group_flow) > 1 else 0]
        write_most(class_rates, group_flow, most_by_step, flows, step_length, most)
        for t in range(steps):
            class_row = t if len(class_rates) > 1 else 0
            step_row = t if len(by_step_flow) > 1 else 0
            base = stream_base(key, t, g)
            kept = 0
            n_changed = 0
            for i in range(n_listed):
                source = listed[i]
                n = before[source]
                if n == 0:
                    is_listed[source] = False
                    continue
                listed[kept] = source
                kept += 1
                m = busy_at[source]
                first, last = first_flow[m], first_flow[m + 1]
                a, b = stream(base, key, source)
                # Most often nobody leaves, whatever the hazards of the step (see ``leavers``).
                if uniform(a, b)[0] < 1.0 - n * most[m]:
                    continue
                x = step_length * hazards_onward(
                    first,
                    last,
                    class_rates,
                    class_row,
                    group_flow,
                    by_step_flow,
                    step_row,
                    flow_class,
                    onward,
                )
                if x == 0.0:
                    continue
                left, a, b = leavers(n, x, a, b)
                if left == 0:
                    continue
                after[source] -= left
                add(-left, source, t + 1, offset, cell_of, history)
                if not is_changed[source]:
                    is_changed[source] = True
                    changed[n_changed] = source
                    n_changed += 1
                for event in range(split(left, last - first, onward, went, moved, a, b)):
                    e = first + went[event]
                    target = targets[e]
                    after[target] += moved[event]
                    add(moved[event], target, t + 1, offset, cell_of, history)
                    if counter[e] >= 0:
                        counters_out[counter[e], t + 1] += moved[event]
                    if not is_changed[target]:
                        is_changed[target] = True
                        changed[n_changed] = target
                        n_changed += 1
            n_listed = kept
            for i in range(n_changed):
                s = changed[i]
                is_changed[s] = False
                before[s] = after[s]
                if before[s] > 0 and busy_at[s] >= 0 and not is_listed[s]:
                    is_listed[s] = True
                    listed[n_listed] = s
                    n_listed += 1
    for k in range(len(counters_out)):
        for t in range(steps):
            counters_out[k, t + 1] += counters_out[k, t]


@compiled
def write_most(
    class_rates: Any,
    group_flow: Any,
    most_by_step: Any,
    flows: Any,
    step_length: float,
    most: Any,
) -> None:
    """Write what the cumulated hazard of each busy source is at most, in any step [M].

    Infinity where that is above log 2, from where on ``leavers`` counts those who stay.
    """
    busy, first_flow, _, flow_class, _ = flows
    most_by_class = np.zeros(class_rates.shape[1])
    for t in range(len(class_rates)):
        for c in range(class_rates.shape[1]):
            most_by_class[c] = max(most_by_class[c], class_rates[t, c])
    for m in range(len(busy)):
        total = 0.0
        for e in range(first_flow[m], first_flow[m + 1]):
            total += most_by_class[flow_class[e]] * group_flow[e] * most_by_step[e]
        most[m] = step_length * total if step_length * total <= LOG_2 else np.inf


@inlined
def add(people: int, state: int, step: int, offset: Any, cell_of: Any, history: Any) -> None:
    """Add people to the cells that a state of the present group stands in, from a step on."""
    for k in range(len(offset)):
        if offset[k] >= 0 and cell_of[k, state] >= 0:
            history[offset[k] + cell_of[k, state], step] += people


@compiled
def write_table(history: Any, out: Any) -> None:
    """Add up one table's changes by cell and step [A·B, T + 1] into counts [A, B, T + 1]."""
    rows, columns, steps = out.shape
    for row in range(rows):
        for column in range(columns):
            count = 0
            for t in range(steps):
                count += history[row * columns + column, t]
                out[row, column, t] = count
