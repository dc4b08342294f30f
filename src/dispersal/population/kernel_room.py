"""The inner loops of mean trajectories into states that have room for so many only."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dispersal.population.compiled import compiled
from dispersal.population.kernel_expected import SERIES_TO, leaving_series

#: Least capacity, so that the room of a state of none is defined: full as soon as anyone is there.
LEAST_CAPACITY = 1e-9


@compiled
def leaving_share(x: float) -> float:
    """Return (1 − exp(−x)) / x."""
    return leaving_series(x) if x <= SERIES_TO else -math.expm1(-x) / x


@compiled
def filled(present: float, coming: float, capacity: float) -> float:
    """Return the room left on average over a step in which it fills up.

    Where ``a`` would come if all were welcome, and the state takes in a part 1 − n/c of those who
    would, n(t) = c − (c − n)·exp(−a·t/c): never more than c. Its mean room is
    (1 − n/c)·(1 − exp(−u))/u with u = a/c.
    """
    capacity = max(capacity, LEAST_CAPACITY)
    room = min(max(1.0 - present / capacity, 0.0), 1.0)
    return room * leaving_share(coming / capacity)


@compiled
def run_room(
    start: Any,
    by_step_group: Any,
    by_group_flow: Any,
    by_step_flow: Any,
    flows: Any,
    limited: Any,
    capacities: Any,
    step_length: float,
    out: Any,
) -> None:
    """Run the mean of all groups of one draw, writing the room left for each flow.

    Parameters
    ----------
    start : float64[G, S]
    by_step_group, by_group_flow, by_step_flow : float64
        The factors of the hazards, as in ``Hazards`` of one draw.
    flows : tuple of int64 arrays
        Busy sources [M], their first flows [M + 1], targets [F], classes [F], and of each flow
        the position of its target in ``limited``, −1 for others [F].
    limited, capacities : int64[n], float64[n]
    out : float64[T, F]
    """
    busy, first_flow, targets, flow_class, into = flows
    now, after = start.copy(), start.copy()
    coming, rates = np.empty(len(limited)), np.empty((len(now), len(targets)))
    for t in range(len(out)):
        class_row, step_row = min(t, len(by_step_group) - 1), min(t, len(by_step_flow) - 1)
        coming[:] = 0.0
        for g in range(len(now)):
            class_group, flow_group = (
                min(g, by_step_group.shape[1] - 1),
                min(g, len(by_group_flow) - 1),
            )
            for m in range(len(busy)):
                if now[g, busy[m]] == 0.0:
                    continue
                elsewhere, here = 0.0, 0.0
                for e in range(first_flow[m], first_flow[m + 1]):
                    rate = by_step_group[class_row, class_group, flow_class[e]]
                    rate *= by_group_flow[flow_group, e] * by_step_flow[step_row, e]
                    rates[g, e] = rate
                    if into[e] < 0:
                        elsewhere += rate
                    else:
                        here += rate
                if here > 0.0:
                    # As long as anyone could be there: if all states of limited room were full.
                    stay = now[g, busy[m]] * step_length * leaving_share(elsewhere * step_length)
                    for e in range(first_flow[m], first_flow[m + 1]):
                        if into[e] >= 0:
                            coming[into[e]] += stay * rates[g, e]
        for h in range(len(limited)):
            present = 0.0
            for g in range(len(now)):
                present += now[g, limited[h]]
            coming[h] = filled(present, coming[h], capacities[h])
        for e in range(len(targets)):
            out[t, e] = coming[into[e]] if into[e] >= 0 else 1.0
        for g in range(len(now)):
            for m in range(len(busy)):
                source = busy[m]
                if now[g, source] == 0.0:
                    continue
                total = 0.0
                for e in range(first_flow[m], first_flow[m + 1]):
                    rates[g, e] *= out[t, e]
                    total += rates[g, e]
                share = leaving_share(total * step_length) * step_length
                left = now[g, source] * share
                for e in range(first_flow[m], first_flow[m + 1]):
                    after[g, targets[e]] += left * rates[g, e]
                # Rounding may take share · total past 1 by one part in 10^16.
                after[g, source] += now[g, source] * (max(1.0 - share * total, 0.0) - 1.0)
        now[:] = after
