"""The inner loop of Flee's rules on whole people: every decision is a random number of its own."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dispersal.displacement.kernel import spend_night, turn_back
from dispersal.displacement.kernel_weights import begin_day, look
from dispersal.population.binomial import binomial, binomial_from
from dispersal.population.compiled import compiled, inlined
from dispersal.population.streams import stream, stream_base, uniform

#: Up to this many people are placed one by one, which is then faster than binomials.
FEW = 8
FEW_LEAVE = 16

#: Purposes of random streams within a day: who flees, who sets out, and each part of arrivals.
FLEE, SET_OUT, ARRIVE = 0, 1, 2


@inlined
def leaving(n: int, p: float, q: float, a: Any, b: Any) -> tuple[int, Any, Any]:
    """Return how many of n leave with probability p = 1 − q; mostly none where n·p is small."""
    if n * p < 0.5 and p <= 0.5:
        u, a, b = uniform(a, b)
        if u < 1.0 - n * p:  # which is below (1 − p)^n
            return 0, a, b
        none = math.exp(n * math.log1p(-p))
        if u < none:
            return 0, a, b
        return binomial_from(u, none, n, p / q, a, b)
    return binomial(n, p, q, a, b)


@compiled
def choose(
    people: int, first: int, last: int, stay: float, go: Any, onward: Any, went: Any, a: Any, b: Any
) -> int:
    """Split people among the routes from ``first`` to before ``last`` and staying: a multinomial.

    Adds to ``went``, int64[R], how many take each; returns how many stay.
    """
    if first == last or onward[first] <= 0.0:
        return people
    left, total, r = people, 1.0, first
    staying = 0
    if people > FEW or people * onward[first] < 0.5:
        left, a, b = leaving(people, onward[first], stay, a, b)
        staying = people - left
        total = onward[first]
        while left > FEW_LEAVE and r + 1 < last and onward[r + 1] > 0.0:
            if go[r] > 0.0:
                taken, a, b = binomial(left, go[r] / onward[r], onward[r + 1] / onward[r], a, b)
                went[r] += taken
                left -= taken
            r += 1
            total = onward[r]
        if left > FEW_LEAVE:
            went[r] += left
            return staying
    for _ in range(left):
        u, a, b = uniform(a, b)
        u = (1.0 - u) * total
        if u > onward[r]:
            staying += 1
            continue
        to = r
        for later in range(r + 1, last):
            to += 1 if u <= onward[later] else 0
        went[to] += 1
    return staying


@compiled
def flee_from(
    people: int, danger: Any, populations: Any, onward: Any, fled: Any, base: Any, key: Any
) -> bool:
    """Draw from where people flee: a multinomial; return whether there is any such place."""
    n = len(populations)
    onward[n] = 0.0
    for node in range(n - 1, -1, -1):
        onward[node] = onward[node + 1] + populations[node] * danger[node]
    if onward[0] <= 0.0:
        return False
    a, b = stream(base, key, 0)
    left = people
    for node in range(n):
        weight = populations[node] * danger[node]
        fled[node] = 0
        if left > 0 and weight > 0.0:
            taken, a, b = binomial(
                left, weight / onward[node], onward[node + 1] / onward[node], a, b
            )
            fled[node] = taken
            left -= taken
    return True


@compiled
def parts_needed(
    parts: int, here: Any, stays: Any, capacities: Any, stands: Any, buffer: float, weights: Any
) -> int:
    """Return into how many parts the arrivals are split: one where no camp can become fuller."""
    arriving = here.sum()
    for node in weights.limited:
        if weights.welcome[node] == 0.0:
            continue
        present = arriving
        for at in range(stands.first[node], stands.first[node + 1]):
            present += stays[stands.of_node[at]]
        if present > buffer * capacities[node]:
            return int(max(min(parts, arriving), 1))
    return 1


@compiled
def sample_departures(
    stays: Any, walkers: Any, stands: Any, routes: Any, journeys: Any, weights: Any, out: Any,
    went: Any, base: Any, key: Any,
) -> None:  # fmt: skip
    """Draw who of every stand begins a journey, and which."""
    for stand in range(len(stays)):
        people = stays[stand]
        if people == 0:
            continue
        node, following = stands.node[stand], stands.following[stand]
        a, b = stream(base, key, stand)
        if following == -1:
            on_foot = walkers[0] <= stand < walkers[1]
            first, last = routes.first[node], routes.first[node + 1]
            stays[stand] = choose(
                people, first, last, weights.stay[node], weights.go, weights.onward, went, a, b
            )
            for r in range(first, last):
                if went[r] > 0:
                    out[routes.foot[r] if on_foot else routes.journey[r]] += went[r]
                    went[r] = 0
            continue
        move, a, b = binomial(people, weights.chance[node], 1.0 - weights.chance[node], a, b)
        stays[stand] -= move
        if (
            following >= 0
            and weights.opened[journeys.pair[following]]
            and not weights.full[stands.end[stand]]
        ):
            out[following] += move
        else:
            stays[node] += move


@compiled
def sample_arrivals(
    part: int, parts: int, turn: int, here: Any, stays: Any, moving: Any, stands: Any, routes: Any,
    journeys: Any, weights: Any, today: Any, chain: Any, heads: Any, went: Any, base: Any,
    key: Any,
) -> None:  # fmt: skip
    """Let a part of those who arrive decide again, as long as their day lasts (see ``arrive``).

    Parts are nearly equal; those who are over are in one or another by turns.
    """
    n_stands = len(stays)
    rotated = (turn + part) % parts
    for j in range(here.shape[1]):
        rotated = rotated + 1 if rotated + 1 < parts else 0
        if here[1, j] > 0:
            stays[journeys.back[j]] += here[1, j] // parts + (rotated < here[1, j] % parts)
        if here[0, j] == 0:
            continue
        people = here[0, j] // parts + (rotated < here[0, j] % parts)
        if people > 0:
            cell = journeys.left[j] * n_stands + journeys.stand[j]
            if today[cell] == 0:
                chain[cell] = heads[journeys.left[j]]
                heads[journeys.left[j]] = cell
            today[cell] += people
    for gone in range(len(heads)):
        cell = heads[gone]
        heads[gone] = -1
        while cell >= 0:
            people = today[cell]
            today[cell] = 0
            a, b = stream(base, key, cell)
            stand = cell - gone * n_stands
            cell = chain[cell]
            node, following = stands.node[stand], stands.following[stand]
            first, last = routes.first[node], routes.first[node + 1]
            if following == -1:
                stays[stand] += choose(
                    people, first, last, weights.stay[node], weights.go, weights.onward, went, a, b
                )
            else:
                move, a, b = binomial(
                    people, weights.chance[node], 1.0 - weights.chance[node], a, b
                )
                stays[stand] += people - move
                if (
                    following == -2
                    or not weights.opened[journeys.pair[following]]
                    or weights.full[stands.end[stand]]
                ):
                    stays[node] += move
                    continue
                first, last = 0, 1
                went[0] = move
            for r in range(first, last):
                move = went[r]
                if move == 0:
                    continue
                went[r] = 0
                j = following if following >= 0 else routes.journey[r]
                if journeys.nights[j] > 0:
                    moving[journeys.first_stage[j]] += move
                    continue
                sofar = gone + journeys.length[j]
                if sofar >= journeys.limit[j]:
                    stays[journeys.stand[j]] += move
                    continue
                to = sofar * n_stands + journeys.stand[j]
                if today[to] == 0:
                    chain[to] = heads[sofar]
                    heads[sofar] = to
                today[to] += move


@compiled
def run_draws(
    keys: Any, days: Any, people: Any, stands: Any, routes: Any, journeys: Any, weights: Any,
    rules: Any, settings: Any, out: Any,
) -> int:  # fmt: skip
    """Run all days of some draws; return the first day on which nobody can flee, else -1.

    Parameters
    ----------
    keys : uint64[D, 2]
    days : Days
    people : tuple of arrays
        Stands at the start, int64[S]; populations, capacities, float64[N].
    settings : tuple
        As ``run_days`` takes them.
    out : tuple of int arrays
        People at locations [D, T, N], on the road [D, T], fleeing from each location [D, T, N].
    """
    start, inhabitants, capacities = people
    take, parts, reach, walk_from, walk_to = settings
    at_places, on_roads, fled = out
    n_stands, n_journeys, stages = len(start), len(journeys.pair), journeys.first_stage[-1]
    stays, populations = start.copy(), inhabitants.copy()
    moving, turned = np.zeros(stages, np.int64), np.zeros(stages, np.int64)
    setting_out, here = np.zeros(n_journeys, np.int64), np.zeros((2, n_journeys), np.int64)
    today, chain = np.zeros(reach * n_stands, np.int64), np.zeros(reach * n_stands, np.int64)
    heads, fleeing = np.full(reach, -1), np.zeros(len(populations), np.int64)
    onward = np.zeros(len(populations) + 1)
    went = np.zeros(len(routes.end) + 1, np.int64)
    for draw in range(len(keys)):
        key = keys[draw]
        stays[:], populations[:] = start, inhabitants
        moving[:] = 0
        turned[:] = 0
        for t in range(len(days.fleeing)):
            if days.fleeing[t] > 0.0:
                base = stream_base(key, t, FLEE)
                more = int(days.fleeing[t])
                if not flee_from(more, days.danger[t], populations, onward, fleeing, base, key):
                    return t
                for node in range(len(populations)):
                    fled[draw, t, node] = fleeing[node]
                    stays[stands.fresh[node]] += fleeing[node]
                    if take:
                        populations[node] = max(populations[node] - fleeing[node], 0.0)
            if days.closes[t]:
                turn_back(days.closing[t], journeys, moving, turned)
            if days.new[t]:
                begin_day(t, days, routes, rules, weights)
            camp = days.camp[t]
            look(camp, stays, capacities, stands, routes, rules, weights, True, days.new[t])
            sample_departures(
                stays, (walk_from, walk_to), stands, routes, journeys, weights, setting_out,
                went, stream_base(key, t, SET_OUT), key,
            )  # fmt: skip
            spend_night(journeys, setting_out, moving, turned, here)
            look(camp, stays, capacities, stands, routes, rules, weights, False, False)
            today_in = parts_needed(parts, here, stays, capacities, stands, rules[0], weights)
            for part in range(today_in):
                if part > 0:
                    look(camp, stays, capacities, stands, routes, rules, weights, False, False)
                sample_arrivals(
                    part, today_in, t, here, stays, moving, stands, routes, journeys, weights,
                    today, chain, heads, went, stream_base(key, t, ARRIVE + part), key,
                )  # fmt: skip
            for stand in range(n_stands):
                at_places[draw, t, stands.node[stand]] += stays[stand]
            on_roads[draw, t] = moving.sum() + turned.sum()
    return -1
