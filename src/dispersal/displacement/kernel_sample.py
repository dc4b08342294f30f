"""The inner loop of Flee's rules on whole people: every decision is a random number of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from dispersal.displacement.kernel import spend_night, turn_back
from dispersal.displacement.kernel_split import choose, flee_from, share_of
from dispersal.displacement.kernel_weights import begin_day, look
from dispersal.population.binomial import binomial
from dispersal.population.compiled import compiled
from dispersal.population.streams import stream, stream_base

#: Purposes of random streams within a day: who flees, who sets out, and each part of arrivals.
FLEE, SET_OUT, ARRIVE = 0, 1, 2


@compiled
def may_fill(
    here: Any, stays: Any, capacities: Any, stands: Any, buffer: float, weights: Any, filling: Any
) -> tuple[bool, bool]:
    """Mark the places that could become fuller than they like, if all who arrive went there.

    Returns whether there are any, and whether they are others than were marked.
    """
    first_stand, of_node = stands.first, stands.of_node
    welcome = weights.welcome
    arriving = here.sum()
    some = other = False
    for node in weights.limited:
        fills = False
        if welcome[node] != 0.0:
            present = arriving
            for at in range(first_stand[node], first_stand[node + 1]):
                present += stays[of_node[at]]
            fills = present > buffer * capacities[node]
        some = some or fills
        other = other or fills != filling[node]
        filling[node] = fills
    return some, other


@compiled
def mark_delicate(filling: Any, stands: Any, routes: Any, journeys: Any, delicate: Any) -> None:
    """Mark stands that have to do with places that may fill within the day.

    At these, the chances of people can change, or people fill the place, or they can come to such a
    stand before the day is over. All other travellers can be taken at once: it is the same.
    """
    node_of, following_of, end_of = stands.node, stands.following, stands.end
    first_route, end, journey_of = routes.first, routes.end, routes.journey
    nights, to_stand = journeys.nights, journeys.stand
    for stand in range(len(node_of)):
        node, following = node_of[stand], following_of[stand]
        marked = filling[node]
        if following == -1:
            for r in range(first_route[node], first_route[node + 1]):
                marked = marked or filling[end[r]]
        elif following >= 0:
            marked = marked or filling[end_of[stand]]
        delicate[stand] = marked
    again = True
    while again:
        again = False
        for stand in range(len(node_of)):
            node, following = node_of[stand], following_of[stand]
            if delicate[stand] or following == -2:
                continue
            if following >= 0:
                marked = nights[following] == 0 and delicate[to_stand[following]]
            else:
                marked = False
                for r in range(first_route[node], first_route[node + 1]):
                    j = journey_of[r]
                    marked = marked or (nights[j] == 0 and delicate[to_stand[j]])
            if marked:
                delicate[stand] = again = True


@compiled
def sample_departures(
    stays: Any, walkers: Any, stands: Any, routes: Any, journeys: Any, weights: Any, out: Any,
    went: Any, base: Any, key: Any,
) -> None:  # fmt: skip
    """Draw who of every stand begins a journey, and which."""
    node_of, following_of, end_of = stands.node, stands.following, stands.end
    first_route, journey_of, foot_of = routes.first, routes.journey, routes.foot
    stay, go, onward, chance, opened, full = (
        weights.stay,
        weights.go,
        weights.onward,
        weights.chance,
        weights.opened,
        weights.full,
    )
    for stand in range(len(stays)):
        people = stays[stand]
        if people == 0:
            continue
        node, following = node_of[stand], following_of[stand]
        a, b = stream(base, key, stand)
        if following == -1:
            on_foot = walkers[0] <= stand < walkers[1]
            first, last = first_route[node], first_route[node + 1]
            stays[stand] = choose(people, first, last, stay[node], go, onward, went, a, b)
            for r in range(first, last):
                if went[r] > 0:
                    out[foot_of[r] if on_foot else journey_of[r]] += went[r]
                    went[r] = 0
            continue
        move, a, b = binomial(people, chance[node], 1.0 - chance[node], a, b)
        stays[stand] -= move
        if following >= 0 and opened[journeys.pair[following]] and not full[end_of[stand]]:
            out[following] += move
        else:
            stays[node] += move


@compiled
def sample_arrivals(
    parts: int, turn: int, here: Any, stays: Any, moving: Any, stands: Any, routes: Any,
    journeys: Any, weights: Any, delicate: Any, today: Any, chain: Any, heads: Any, went: Any,
    base: Any, key: Any,
) -> None:  # fmt: skip
    """Let one of so many parts of those who arrive decide again, as long as their day lasts.

    All who arrive at stands that are not delicate are of the first part. Takes them from ``here``;
    see ``arrive`` for the rest.
    """
    node_of, following_of, end_of = stands.node, stands.following, stands.end
    first_route, journey_of = routes.first, routes.journey
    pair, to_stand, nights, left_on_day, length, limit, first_stage, back = (
        journeys.pair,
        journeys.stand,
        journeys.nights,
        journeys.left,
        journeys.length,
        journeys.limit,
        journeys.first_stage,
        journeys.back,
    )
    stay, go, onward, chance, opened, full = (
        weights.stay,
        weights.go,
        weights.onward,
        weights.chance,
        weights.opened,
        weights.full,
    )
    n_stands = len(stays)
    turn %= parts
    far = -1  # the most kilometres gone by anyone yet
    for j in range(here.shape[1]):
        turn = turn + 1 if turn + 1 < parts else 0
        if here[1, j] > 0:
            people = share_of(here[1, j], parts, turn)
            here[1, j] -= people
            stays[back[j]] += people
        if here[0, j] > 0:
            people = here[0, j]
            if delicate[to_stand[j]]:
                people = share_of(people, parts, turn)
            here[0, j] -= people
            if people > 0:
                cell = left_on_day[j] * n_stands + to_stand[j]
                far = max(far, left_on_day[j])
                if today[cell] == 0:
                    chain[cell] = heads[left_on_day[j]]
                    heads[left_on_day[j]] = cell
                today[cell] += people
    gone = -1
    while gone < far:
        gone += 1
        cell = heads[gone]
        heads[gone] = -1
        while cell >= 0:
            people = today[cell]
            today[cell] = 0
            a, b = stream(base, key, cell)
            stand = cell - gone * n_stands
            cell = chain[cell]
            node, following = node_of[stand], following_of[stand]
            first, last = first_route[node], first_route[node + 1]
            if following == -1:
                stays[stand] += choose(people, first, last, stay[node], go, onward, went, a, b)
            else:
                move, a, b = binomial(people, chance[node], 1.0 - chance[node], a, b)
                stays[stand] += people - move
                if following == -2 or not opened[pair[following]] or full[end_of[stand]]:
                    stays[node] += move
                    continue
                first, last = 0, 1
                went[0] = move
            for r in range(first, last):
                move = went[r]
                if move == 0:
                    continue
                went[r] = 0
                j = following if following >= 0 else journey_of[r]
                if nights[j] > 0:
                    moving[first_stage[j]] += move
                    continue
                sofar = gone + length[j]
                if sofar >= limit[j]:
                    stays[to_stand[j]] += move
                    continue
                far = max(far, sofar)
                to = sofar * n_stands + to_stand[j]
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
    filling, delicate = np.zeros(len(populations), np.bool_), np.zeros(n_stands, np.bool_)
    for draw in range(len(keys)):
        key = (keys[draw, 0], keys[draw, 1])
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
            some, other = may_fill(here, stays, capacities, stands, rules[0], weights, filling)
            if other:
                mark_delicate(filling, stands, routes, journeys, delicate)
            left = parts if some else 1
            first = left
            while left > 0:
                sample_arrivals(
                    left, t, here, stays, moving, stands, routes, journeys, weights, delicate,
                    today, chain, heads, went, stream_base(key, t, ARRIVE + left), key,
                )  # fmt: skip
                left -= 1
                if left > 0:
                    changed = look(
                        camp, stays, capacities, stands, routes, rules, weights, False, False
                    )
                    # The same chances as for the first part: all others at once.
                    if left == first - 1 and not changed:
                        left = 1
            for stand in range(n_stands):
                at_places[draw, t, stands.node[stand]] += stays[stand]
            on_roads[draw, t] = moving.sum() + turned.sum()
    return -1
