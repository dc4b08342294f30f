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
    room, rates = np.empty(len(limited)), np.empty(len(targets))
    for t in range(len(out)):
        for h in range(len(limited)):
            present = 0.0
            for g in range(len(now)):
                present += now[g, limited[h]]
            room[h] = min(max(1.0 - present / max(capacities[h], LEAST_CAPACITY), 0.0), 1.0)
        for e in range(len(targets)):
            out[t, e] = room[into[e]] if into[e] >= 0 else 1.0
        class_row, step_row = min(t, len(by_step_group) - 1), min(t, len(by_step_flow) - 1)
        for g in range(len(now)):
            class_group, flow_group = (
                min(g, by_step_group.shape[1] - 1),
                min(g, len(by_group_flow) - 1),
            )
            for m in range(len(busy)):
                source = busy[m]
                if now[g, source] == 0.0:
                    continue
                total = 0.0
                for e in range(first_flow[m], first_flow[m + 1]):
                    rate = by_step_group[class_row, class_group, flow_class[e]]
                    rate *= by_group_flow[flow_group, e] * by_step_flow[step_row, e]
                    rates[e] = rate * out[t, e]
                    total += rates[e]
                x = total * step_length
                share = leaving_series(x) if x <= SERIES_TO else -math.expm1(-x) / x
                share *= step_length
                left = now[g, source] * share
                for e in range(first_flow[m], first_flow[m + 1]):
                    after[g, targets[e]] += left * rates[e]
                # Rounding may take share · total past 1 by one part in 10^16.
                after[g, source] += now[g, source] * (max(1.0 - share * total, 0.0) - 1.0)
        now[:] = after
