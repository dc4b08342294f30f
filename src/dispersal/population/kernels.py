"""The inner loops of sampling: how many leave, where they go, step by step."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dispersal.population.binomial import (
    INVERSION_BELOW,
    binomial,
    binomial_from,
    binomial_half,
)
from dispersal.population.compiled import compiled, inlined
from dispersal.population.streams import stream, stream_base, uniform

# Up to this many leavers are placed one by one, which is then faster than binomials.
ONE_BY_ONE = 16
LOG_2 = math.log(2.0)


@inlined
def leavers(n: int, x: float, a: Any, b: Any) -> tuple[int, Any, Any]:
    """Return how many of n leave within a step of cumulated hazard x: p = 1 − exp(−x).

    The one place in which the samplers turn hazards into probabilities; ``hazards.leaving`` is
    its counterpart in JAX.
    """
    if x > LOG_2:
        stay = math.exp(-x)
        return binomial(n, 1.0 - stay, stay, a, b)
    if n * x < INVERSION_BELOW:
        u, a, b = uniform(a, b)
        if u < 1.0 - n * x:  # which is below exp(−n·x)
            return 0, a, b
        none = math.exp(-n * x)
        if u < none:
            return 0, a, b
        return binomial_from(u, none, n, math.expm1(x), a, b)  # p / (1 − p)
    return binomial_half(n, -math.expm1(-x), a, b)


@inlined
def hazards_onward(
    first: int,
    last: int,
    class_rates: Any,
    class_row: int,
    group_flow: Any,
    step_flows: Any,
    step_row: int,
    flow_class: Any,
    onward: Any,
) -> float:
    """Return the total hazard of the flows from ``first`` to before ``last``.

    Their hazards are the products of ``class_rates[class_row]``, float64[C], of ``group_flow``,
    float64[F], and of ``step_flows[step_row]``, float64[F]. Writes ``onward[j]``, the sum of those
    of the flows first + j, first + j + 1, …, and 0 behind them.
    """
    total = 0.0
    onward[last - first] = 0.0
    for e in range(last - 1, first - 1, -1):
        rate = class_rates[class_row, flow_class[e]] * group_flow[e]
        total += rate * step_flows[step_row, e]
        onward[e - first] = total
    return total


@inlined
def split(left: int, flows: int, onward: Any, went: Any, moved: Any, a: Any, b: Any) -> int:
    """Split ``left`` leavers among flows: a multinomial, as a list; return its length.

    ``onward[j]`` is the sum of the hazards of the flows j, j + 1, …, and ``onward[flows]`` is 0:
    the conditional binomials then need no subtraction, and flows of no hazard get nobody.
    ``went`` and ``moved`` are written: numbers of flows, and of people; a flow may come twice.
    """
    events = 0
    flow = 0
    while left > ONE_BY_ONE and flow < flows:
        rest = onward[flow + 1]
        if rest == 0.0:
            went[events], moved[events] = flow, left
            return events + 1
        here = onward[flow] - rest
        if here == 0.0:
            flow += 1
            continue
        near = here <= rest
        count, a, b = binomial_half(left, (here if near else rest) / onward[flow], a, b)
        if not near:
            count = left - count
        if count > 0:
            went[events], moved[events] = flow, count
            events += 1
            left -= count
        flow += 1
    for _ in range(left):
        u, a, b = uniform(a, b)
        level = u * onward[flow]
        at = flow
        # Counting them all costs less than guessing wrong where to stop.
        for j in range(flow + 1, flows):
            at += onward[j] > level
        went[events], moved[events] = at, 1
        events += 1
    return events


@compiled
def move_group(
    before: Any,
    after: Any,
    done: Any,
    base: Any,
    key: Any,
    class_rates: Any,
    class_row: int,
    group_flow: Any,
    step_flows: Any,
    step_row: int,
    flows: Any,
    step_length: float,
    onward: Any,
    went: Any,
    moved: Any,
) -> bool:
    """Move the people of one group in one draw over one step; return whether anyone moved.

    Parameters
    ----------
    before, after : int64[S]
        Counts at the start and at the end of the step; equal on entry.
    done : int64[K]
        Moves so far along the flows of each counter, added to.
    base, key
        Of ``stream_base`` for this draw, step and group; the draw's key.
    class_rates, class_row, group_flow, step_flows, step_row
        The factors of the hazards, as in ``hazards_onward``.
    flows : tuple of int64 arrays
        Busy sources [M], their first flows [M + 1], targets [F], classes [F], counters [F].
    onward, went, moved
        Room to work in, of ``room``.
    """
    busy, first_flow, targets, flow_class, counter = flows
    changed = False
    for m in range(len(busy)):
        source = busy[m]
        n = before[source]
        if n == 0:
            continue
        first, last = first_flow[m], first_flow[m + 1]
        total = hazards_onward(
            first,
            last,
            class_rates,
            class_row,
            group_flow,
            step_flows,
            step_row,
            flow_class,
            onward,
        )
        x = total * step_length
        if x == 0.0:
            continue
        a, b = stream(base, key, source)
        left, a, b = leavers(n, x, a, b)
        if left == 0:
            continue
        changed = True
        after[source] -= left
        for event in range(split(left, last - first, onward, went, moved, a, b)):
            e = first + went[event]
            after[targets[e]] += moved[event]
            if counter[e] >= 0:
                done[counter[e]] += moved[event]
    return changed


@compiled
def room(first_flow: Any) -> tuple[Any, Any, Any]:
    """Return arrays for the flows out of any one state: ``onward``, ``went`` and ``moved``."""
    widest = 0
    for m in range(len(first_flow) - 1):
        widest = max(widest, first_flow[m + 1] - first_flow[m])
    events = widest + ONE_BY_ONE
    return np.zeros(widest + 1), np.zeros(events, np.int64), np.zeros(events, np.int64)


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
        As in ``move_group``.
    slot : int64[T + 1]
        Where each step is recorded, −1 for nowhere.
    counts_out, counters_out : int[R, G, S, D], int64[R, G, K, D]
    """
    block = len(rows)
    groups, states = initial.shape[1:]
    now = np.empty((block, groups, states), np.int64)
    after = np.empty(states, np.int64)
    done = np.zeros((block, groups, counters_out.shape[2]), np.int64)
    onward, went, moved = room(flows[1])
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
            class_row = t if len(by_step_class) > 1 else 0
            group_flows = by_group_flow[row if len(by_group_flow) > 1 else 0]
            step_flows = by_step_flow[row if len(by_step_flow) > 1 else 0]
            step_row = t if len(step_flows) > 1 else 0
            for g in range(groups):
                before = now[i, g]
                after[:] = before
                if move_group(
                    before,
                    after,
                    done[i, g],
                    stream_base(keys[i], t, g),
                    keys[i],
                    by_step_class[:, g if by_step_class.shape[1] > 1 else 0],
                    class_row,
                    group_flows[g if len(group_flows) > 1 else 0],
                    step_flows,
                    step_row,
                    flows,
                    step_length,
                    onward,
                    went,
                    moved,
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
