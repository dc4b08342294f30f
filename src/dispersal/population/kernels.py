"""The inner loops of sampling: how many leave, where they go, step by step."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dispersal.population.binomial import (
    INVERSION_BELOW,
    binomial,
    binomial_by_inversion,
    binomial_by_rejection,
    binomial_half,
)
from dispersal.population.compiled import compiled
from dispersal.population.streams import stream, stream_base, uniform

# Up to this many leavers are placed one by one, which is then faster than binomials.
ONE_BY_ONE = 16


@compiled
def leavers(n: int, x: float, a: Any, b: Any) -> tuple[int, Any, Any]:
    """Return how many of n leave within a step of cumulated hazard x: p = 1 − exp(−x).

    The one place in which the samplers turn hazards into probabilities; ``hazards.leaving`` is
    its counterpart in JAX.
    """
    if x <= math.log(2.0):
        p = -math.expm1(-x)
        if n * p < INVERSION_BELOW:
            return binomial_by_inversion(n, p, -x, a, b)
        return binomial_by_rejection(n, p, a, b)
    stay = math.exp(-x)
    return binomial(n, 1.0 - stay, stay, a, b)


@compiled
def split(left: int, onward: Any, moves: Any, a: Any, b: Any) -> None:
    """Split ``left`` leavers among flows: a multinomial, written to ``moves``.

    ``onward[j]`` is the sum of the hazards of the flows j, j + 1, …, and ``onward[F]`` is 0: the
    conditional binomials then need no subtraction, and flows of no hazard get nobody.
    """
    moves[:] = 0
    flows = len(moves)
    flow = 0
    while left > ONE_BY_ONE and flow < flows:
        if onward[flow + 1] == 0.0:
            moves[flow] = left
            return
        here = onward[flow] - onward[flow + 1]
        if here == 0.0:
            flow += 1
            continue
        if here <= onward[flow + 1]:
            moved, a, b = binomial_half(left, here / onward[flow], a, b)
        else:
            stay, a, b = binomial_half(left, onward[flow + 1] / onward[flow], a, b)
            moved = left - stay
        moves[flow] = moved
        left -= moved
        flow += 1
    first = flow
    for _ in range(left):
        u, a, b = uniform(a, b)
        level = u * onward[first]
        flow = first
        while onward[flow + 1] > level:
            flow += 1
        moves[flow] += 1


@compiled
def move_group(
    before: Any,
    after: Any,
    done: Any,
    base: Any,
    key: Any,
    class_rate: Any,
    group_flow: Any,
    step_flow: Any,
    flows: Any,
    step_length: float,
    onward: Any,
    moves: Any,
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
    class_rate, group_flow, step_flow : float64[C], float64[F], float64[F]
        The factors of the hazards.
    flows : tuple of int64 arrays
        Busy sources [M], their first flows [M + 1], targets [F], classes [F], counters [F].
    onward, moves : float64[widest + 1], int64[widest]
        Room to work in, for as many flows as one source has.
    """
    busy, first_flow, targets, flow_class, counter = flows
    changed = False
    for m in range(len(busy)):
        source = busy[m]
        n = before[source]
        if n == 0:
            continue
        start = first_flow[m]
        count = first_flow[m + 1] - start
        total = 0.0
        onward[count] = 0.0
        for j in range(count - 1, -1, -1):
            e = start + j
            total += class_rate[flow_class[e]] * group_flow[e] * step_flow[e]
            onward[j] = total
        x = total * step_length
        if x == 0.0:
            continue
        a, b = stream(base, key, source)
        left, a, b = leavers(n, x, a, b)
        if left == 0:
            continue
        changed = True
        after[source] -= left
        split(left, onward[: count + 1], moves[:count], a, b)
        for j in range(count):
            moved = moves[j]
            if moved:
                after[targets[start + j]] += moved
                if counter[start + j] >= 0:
                    done[counter[start + j]] += moved
    return changed


@compiled
def widest_split(first_flow: Any) -> int:
    """Return the largest number of flows out of one state."""
    widest = 0
    for m in range(len(first_flow) - 1):
        widest = max(widest, first_flow[m + 1] - first_flow[m])
    return widest


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
    widest = widest_split(flows[1])
    onward, moves = np.zeros(widest + 1), np.zeros(widest, np.int64)
    for i in range(block):
        now[i] = initial[rows[i] if len(initial) > 1 else 0]
    for t in range(steps + 1):
        if slot[t] >= 0:
            write_block(now, done, slot[t], rows[0], counts_out, counters_out)
        if t == steps:
            return
        for i in range(block):
            a_rates = by_step_group[rows[i] if len(by_step_group) > 1 else 0]
            a_rates_now = a_rates[t if len(a_rates) > 1 else 0]
            b_rates = by_group_flow[rows[i] if len(by_group_flow) > 1 else 0]
            c_rates = by_step_flow[rows[i] if len(by_step_flow) > 1 else 0]
            step_flow = c_rates[t if len(c_rates) > 1 else 0]
            for g in range(groups):
                before = now[i, g]
                after[:] = before
                class_rate = a_rates_now[g if len(a_rates_now) > 1 else 0]
                group_flow = b_rates[g if len(b_rates) > 1 else 0]
                if move_group(
                    before,
                    after,
                    done[i, g],
                    stream_base(keys[i], t, g),
                    keys[i],
                    class_rate,
                    group_flow,
                    step_flow,
                    flows,
                    step_length,
                    onward,
                    moves,
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
