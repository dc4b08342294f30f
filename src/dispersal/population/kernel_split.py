"""Where the leavers of many states go: the stages of ``kernel_moves`` that need no hazards."""

from __future__ import annotations

from typing import Any

import numpy as np

from dispersal.population.binomial import binomial_half
from dispersal.population.compiled import compiled
from dispersal.population.kernels import ONE_BY_ONE
from dispersal.population.streams import uniform


@compiled
def split_many(
    active: int,
    targets: Any,
    counter: Any,
    onward: Any,
    decisions: Any,
    splits: Any,
    after: Any,
    done: Any,
) -> None:
    """Send leavers along flows by conditional binomials, until few are left in every state.

    One flow of every state after the other: a state's binomials wait for each other.
    """
    _, _, _, _, _, streams, left_at = decisions
    active_at, place, _, flow = splits
    one = np.uint64(1)
    while active > 0:
        kept = 0
        for q in range(active):
            i = active_at[q]
            j, e, left = place[i], flow[i], left_at[i]
            both, rest = onward[j], onward[j + one]
            here = both - rest
            near = here <= rest
            less = here if near else rest
            count = 0
            if less > 0.0:
                count, streams[0, i], streams[1, i] = binomial_half(
                    left, less / both, streams[0, i], streams[1, i]
                )
            if not near:
                count = left - count
            after[targets[e]] += count
            if len(done) > 0 and counter[e] >= 0:
                done[counter[e]] += count
            place[i], flow[i], left_at[i] = j + one, e + one, left - count
            active_at[kept] = i
            kept += left - count > ONE_BY_ONE
        active = kept


@compiled
def place_few(
    leaving: int,
    targets: Any,
    counter: Any,
    onward: Any,
    decisions: Any,
    splits: Any,
    after: Any,
    done: Any,
) -> None:
    """Send those who are left along flows one by one."""
    _, _, _, _, _, streams, left_at = decisions
    _, place, end, flow = splits
    one = np.uint64(1)
    for i in range(leaving):
        a, b = streams[0, i], streams[1, i]
        first, last, next_flow = place[i], end[i], flow[i]
        whole = onward[first]
        for _ in range(left_at[i]):
            u, a, b = uniform(a, b)
            level = u * whole
            e = next_flow
            # Counting them all costs less than guessing wrong where to stop.
            for j in range(first + one, last):
                e += np.uint64(onward[j] > level)
            after[targets[e]] += 1
            if len(done) > 0 and counter[e] >= 0:
                done[counter[e]] += 1
