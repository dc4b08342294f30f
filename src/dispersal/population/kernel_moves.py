"""One step of one group's people, in stages over many states at once.

Each stage is a loop of its own over a few states, so that what one state has to wait for (a
guess gone wrong, a root, a sum) does not hold up the next. The numbers of every state still come
from its own stream in the order in which ``kernels.split`` takes them: nobody's path depends on it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dispersal.population.binomial import INVERSION_BELOW, binomial_from
from dispersal.population.compiled import compiled
from dispersal.population.kernel_split import place_few, split_many
from dispersal.population.kernels import LOG_2, ONE_BY_ONE, leavers
from dispersal.population.streams import stream, uniform

#: States that go through the stages together.
CHUNK = 128


@compiled
def workplace(first_flow: Any, classes: int) -> tuple[Any, ...]:
    """Return room to work in for a chunk of states: hazards, decisions, splits."""
    widest = 0
    for m in range(len(first_flow) - 1):
        widest = max(widest, first_flow[m + 1] - first_flow[m])
    size = CHUNK + 1
    hazards = (
        np.empty(classes),  # hazards of the classes
        np.empty(CHUNK * (widest + 1)),  # onward, one state after the other
        np.empty(size, np.int64),  # chosen: positions among the busy sources
        np.empty(size, np.uint64),  # begin: of each in ``onward``
        np.empty(size),  # cumulated hazard
    )
    decisions = (
        np.empty(size, np.int64),  # at: position of those whose people leave among the chosen
        np.empty(size, np.int64),  # people there
        np.empty(size),  # uniform number of an inversion, −1 where there is to be none
        np.empty(size),  # probability that nobody leaves
        np.empty(size),  # odds of leaving
        np.empty((2, size), np.uint64),  # streams
        np.empty(size, np.int64),  # left: leavers who have no destination yet
    )
    splits = (
        np.empty(size, np.int64),  # active: those with leavers to split by binomials
        np.empty(size, np.uint64),  # place of the next flow in ``onward``
        np.empty(size, np.uint64),  # place behind the last one
        np.empty(size, np.uint64),  # the next flow
    )
    return hazards, decisions, splits


@compiled
def move_group(
    before: Any,
    after: Any,
    done: Any,
    base: Any,
    key: Any,
    class_rates: Any,
    group_flow: Any,
    step_flow: Any,
    plain: bool,
    flows: Any,
    step_length: float,
    work: Any,
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
    class_rates, group_flow, step_flow : float64[C], float64[F], float64[F]
        The factors of the hazards in this step.
    plain : bool
        Whether ``step_flow`` is 1 for every flow.
    flows : tuple of arrays
        Busy sources [M], their first flows [M + 1], targets [F], classes [F], counters [F].
    work
        Of ``workplace``.
    """
    busy, first_flow, targets, flow_class, counter = flows
    hazards, decisions, splits = work
    rates, onward, chosen, begin, cumulated = hazards
    at, left = decisions[0], decisions[6]
    active, place, end, flow = splits
    for c in range(len(rates)):
        rates[c] = class_rates[c]
    moved = False
    for start in range(0, len(busy), CHUNK):
        states = 0
        for m in range(start, min(start + CHUNK, len(busy))):
            chosen[states] = m
            states += before[busy[m]] > 0
        if states == 0:
            continue
        if plain:
            add_hazards(states, first_flow, flow_class, group_flow, step_length, hazards)
        else:
            add_step_hazards(
                states, first_flow, flow_class, group_flow, step_flow, step_length, hazards
            )
        leaving, few = decide(states, before, busy, base, key, hazards, decisions)
        if leaving == 0:
            continue
        moved = True
        if few > 0:
            count_few(leaving, cumulated, decisions)
        if few < leaving:
            count_many(leaving, cumulated, decisions)
        many = 0
        for i in range(leaving):
            m = chosen[at[i]]
            after[busy[m]] -= left[i]
            place[i] = begin[at[i]]
            end[i] = begin[at[i]] + np.uint64(first_flow[m + 1] - first_flow[m])
            flow[i] = first_flow[m]
            active[many] = i
            many += left[i] > ONE_BY_ONE
        split_many(many, targets, counter, onward, decisions, splits, after, done)
        place_few(leaving, targets, counter, onward, decisions, splits, after, done)
    return moved


@compiled
def add_hazards(
    states: int,
    first_flow: Any,
    flow_class: Any,
    group_flow: Any,
    step_length: float,
    hazards: Any,
) -> None:
    """Add up the hazards of the chosen states' flows, as ``kernels.hazards_onward`` does."""
    rates, onward, chosen, begin, cumulated = hazards
    one, free = np.uint64(1), np.uint64(0)
    for i in range(states):
        first, last = first_flow[chosen[i]], first_flow[chosen[i] + 1]
        begin[i] = free
        j, e = free + np.uint64(last - first), np.uint64(last)
        free = j + one
        total = 0.0
        onward[j] = total
        for _ in range(last - first):
            j -= one
            e -= one
            total += rates[flow_class[e]] * group_flow[e]
            onward[j] = total
        cumulated[i] = total * step_length


@compiled
def add_step_hazards(
    states: int,
    first_flow: Any,
    flow_class: Any,
    group_flow: Any,
    step_flow: Any,
    step_length: float,
    hazards: Any,
) -> None:
    """Add up hazards as ``add_hazards`` does, where flows have factors of their own by step."""
    rates, onward, chosen, begin, cumulated = hazards
    one, free = np.uint64(1), np.uint64(0)
    for i in range(states):
        first, last = first_flow[chosen[i]], first_flow[chosen[i] + 1]
        begin[i] = free
        j, e = free + np.uint64(last - first), np.uint64(last)
        free = j + one
        total = 0.0
        onward[j] = total
        for _ in range(last - first):
            j -= one
            e -= one
            total += rates[flow_class[e]] * group_flow[e] * step_flow[e]
            onward[j] = total
        cumulated[i] = total * step_length


@compiled
def decide(
    states: int, before: Any, busy: Any, base: Any, key: Any, hazards: Any, decisions: Any
) -> tuple[int, int]:
    """List the states that someone may leave; return their number, and of those by inversion.

    Where inversion finds nobody, which is known at once, a state is not listed.
    """
    _, _, chosen, _, cumulated = hazards
    at, people, u_at, none_at, _, streams, _ = decisions
    leaving, few = 0, 0
    for i in range(states):
        source, x = busy[chosen[i]], cumulated[i]
        n = before[source]
        if x == 0.0:
            continue
        a, b = stream(base, key, source)
        at[leaving] = i
        people[leaving] = n
        if x <= LOG_2 and n * x < INVERSION_BELOW:
            u, a, b = uniform(a, b)
            # 1 − n·x is below exp(−n·x); but only where it mostly decides does the branch pay.
            none = 1.0 if n * x < 0.1 and u < 1.0 - n * x else math.exp(-n * x)
            u_at[leaving], none_at[leaving] = u, none
            someone = u >= none
            few += someone
        else:
            u_at[leaving] = -1.0
            someone = True
        streams[0, leaving], streams[1, leaving] = a, b
        leaving += someone
    return leaving, few


@compiled
def count_few(leaving: int, cumulated: Any, decisions: Any) -> None:
    """Count the leavers of listed states by inversion, as ``kernels.leavers`` does."""
    at, people, u_at, none_at, odds, streams, left = decisions
    for i in range(leaving):
        odds[i] = math.expm1(cumulated[at[i]])  # p / (1 − p)
    for i in range(leaving):
        if u_at[i] >= 0.0:
            left[i], streams[0, i], streams[1, i] = binomial_from(
                u_at[i], none_at[i], people[i], odds[i], streams[0, i], streams[1, i]
            )


@compiled
def count_many(leaving: int, cumulated: Any, decisions: Any) -> None:
    """Count the leavers of listed states where inversion would take long."""
    at, people, u_at, _, _, streams, left = decisions
    for i in range(leaving):
        if u_at[i] < 0.0:
            left[i], streams[0, i], streams[1, i] = leavers(
                people[i], cumulated[at[i]], streams[0, i], streams[1, i]
            )
