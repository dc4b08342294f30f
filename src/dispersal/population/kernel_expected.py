"""The inner loops of mean trajectories, where no gradient and no environment is asked for."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dispersal.population.compiled import compiled, inlined

#: Flows into a state that are added up together.
LANES = 4
# Up to this cumulated hazard twelve powers of the series are exact to rounding.
SERIES_TO = 0.25
TERMS = tuple((-1.0) ** k / math.factorial(k + 1) for k in range(13))


@inlined
def leaving_series(x: float) -> float:
    """Return (1 − exp(−x)) / x for x up to ``SERIES_TO``, without branches or division."""
    total = TERMS[12]
    for term in TERMS[11::-1]:
        total = term + x * total
    return total


@compiled
def run_mean(
    start: Any,
    class_rates: Any,
    group_flow: Any,
    step_flows: Any,
    flows: Any,
    inflow: Any,
    step_length: float,
    counts_out: Any,
    counters_out: Any,
) -> None:
    """Run the mean of one group in one draw through all steps.

    Parameters
    ----------
    start : float64[S]
    class_rates, group_flow, step_flows : float64[T or 1, C], float64[F], float64[T or 1, F]
        The factors of the hazards.
    flows : tuple of int64[F]
        Sources, classes, counters (−1 for none).
    inflow : tuple
        Of ``mean.inflow_of``.
    counts_out, counters_out : float64[T + 1, S], float64[T + 1, K]
    """
    sources, flow_class, counter = flows
    targets, sizes, flow_at, pair_at = inflow
    states, classes = len(start), class_rates.shape[1]
    now, done = start.copy(), np.zeros(counters_out.shape[1])
    weight, sums = np.empty(len(sources)), np.empty((classes, states))
    lane_weight = np.empty(len(flow_at))
    total, share, added = np.empty(states), np.empty(states), np.empty(states)
    going = np.empty((classes, states))
    counts_out[0] = now
    counters_out[0] = done
    for t in range(len(counts_out) - 1):
        if t == 0 or len(step_flows) > 1:
            for e in range(len(sources)):
                weight[e] = group_flow[e] * step_flows[t, e]
            add_by_class(weight, sources, flow_class, sums)
            for j in range(len(flow_at)):
                lane_weight[j] = weight[flow_at[j]] if flow_at[j] >= 0 else 0.0
        rates = class_rates[t if len(class_rates) > 1 else 0]
        total[:] = 0.0
        for c in range(classes):
            rate = rates[c]
            for s in range(states):
                total[s] += rate * sums[c, s]
        write_share(total, step_length, share)
        for c in range(classes):
            rate = rates[c]
            for s in range(states):
                going[c, s] = now[s] * share[s] * rate
        # Rounding may take share · total past 1 by one part in 10^16.
        for s in range(states):
            now[s] *= max(1.0 - share[s] * total[s], 0.0)
        add_lanes(going.ravel(), lane_weight, pair_at, sizes, added)
        for i in range(states):
            now[targets[i]] += added[i]
        counts_out[t + 1] = now
        if len(done) > 0:
            for e in range(len(counter)):
                if counter[e] >= 0:
                    done[counter[e]] += going[flow_class[e], sources[e]] * weight[e]
            counters_out[t + 1] = done


@compiled
def add_by_class(weight: Any, sources: Any, flow_class: Any, sums: Any) -> None:
    """Add up the weights of flows [F] by class and source [C, S]."""
    sums[:] = 0.0
    for e in range(len(weight)):
        sums[flow_class[e], sources[e]] += weight[e]


@compiled
def write_share(total: Any, step_length: float, share: Any) -> None:
    """Write (1 − exp(−Λ·Δt)) / Λ of every state, as ``hazards.leaving`` does in JAX."""
    beyond = 0
    for s in range(len(total)):
        x = total[s] * step_length
        beyond += x > SERIES_TO
        share[s] = step_length * leaving_series(min(x, SERIES_TO))
    if beyond > 0:
        for s in range(len(total)):
            x = total[s] * step_length
            if x > SERIES_TO:
                share[s] = step_length * (-math.expm1(-x) / x)


@compiled
def add_lanes(going: Any, weight: Any, pair_at: Any, sizes: Any, added: Any) -> None:
    """Add up what arrives [S], in the order of ``inflow``'s targets."""
    added[:] = 0.0
    first = np.uint64(0)
    one, two, three = np.uint64(1), np.uint64(2), np.uint64(3)
    for block in range(len(sizes)):
        for i in range(sizes[block]):
            j = first + np.uint64(LANES) * np.uint64(i)
            left = going[pair_at[j]] * weight[j] + going[pair_at[j + one]] * weight[j + one]
            right = going[pair_at[j + two]] * weight[j + two]
            right += going[pair_at[j + three]] * weight[j + three]
            added[i] += left + right
        first += np.uint64(LANES * sizes[block])


@compiled
def add_mean(
    start: Any,
    class_rates: Any,
    group_flows: Any,
    step_flows: Any,
    flows: Any,
    inflow: Any,
    step_length: float,
    instants: Any,
    rows: Any,
    columns: Any,
    room: Any,
    out: Any,
) -> None:
    """Add the mean counts of all groups of one draw at some instants to a table.

    Parameters
    ----------
    start : float64[G, S]
    class_rates, group_flows, step_flows : float64[T or 1, G or 1, C], [G or 1, F], [T or 1, F]
    flows, inflow, step_length
        As in ``run_mean``.
    instants : int64[R]
    rows, columns : int64[G], int64[S]
        Where each group and state adds to, −1 for nowhere.
    room : float64[T + 1, S]
        Written.
    out : float64[A, B, R]
        Added to.
    """
    nothing = np.empty((len(room), 0))
    for g in range(len(start)):
        if rows[g] < 0:
            continue
        run_mean(
            start[g],
            np.ascontiguousarray(class_rates[:, g if class_rates.shape[1] > 1 else 0]),
            group_flows[g if len(group_flows) > 1 else 0],
            step_flows,
            flows,
            inflow,
            step_length,
            room,
            nothing,
        )
        for s in range(len(columns)):
            if columns[s] >= 0:
                for r in range(len(instants)):
                    out[rows[g], columns[s], r] += room[instants[r], s]
