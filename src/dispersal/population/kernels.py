"""The samplers' decisions: how many leave a state, and where they go."""

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
from dispersal.population.streams import uniform

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
def room(first_flow: Any) -> tuple[Any, Any, Any]:
    """Return arrays for the flows out of any one state: ``onward``, ``went`` and ``moved``."""
    widest = 0
    for m in range(len(first_flow) - 1):
        widest = max(widest, first_flow[m + 1] - first_flow[m])
    events = widest + ONE_BY_ONE
    return np.zeros(widest + 1), np.zeros(events, np.int64), np.zeros(events, np.int64)
