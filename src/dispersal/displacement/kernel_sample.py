"""The inner loop of Flee's rules on whole people: every decision is a random number of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from dispersal.displacement.kernel import spend_night, turn_back
from dispersal.displacement.kernel_filling import mark_delicate, may_fill
from dispersal.displacement.kernel_split import choose, choose_of_many, flee_from, share_of
from dispersal.displacement.kernel_weights import begin_day, look
from dispersal.population.binomial import binomial
from dispersal.population.compiled import compiled, from_start
from dispersal.population.few import MOST_TRIALS
from dispersal.population.streams import stream, stream_base

#: Purposes of random streams within a day: who flees, who sets out, and each part of arrivals.
FLEE, SET_OUT, ARRIVE = 0, 1, 2


@compiled
def sample_departures(
    stays: Any, walkers: Any, stands: Any, routes: Any, journeys: Any, weights: Any, out: Any,
    went: Any, base: Any, key: Any,
) -> None:  # fmt: skip
    """Draw who of every stand begins a journey, and which."""
    node_of, following_of, end_of = stands.node, stands.following, stands.end
    first_route, journey_of, foot_of = routes.first, routes.journey, routes.foot
    stay, onward, chance, opened, full = (
        weights.stay,
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
            if people <= MOST_TRIALS:
                left = choose(people, first, last, stay[node], onward, went, a, b)
            else:
                left = choose_of_many(people, first, last, stay[node], onward, went, a, b)
            stays[stand] = left
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
    parts: int, turn: int, here: Any, pool: Any, ends: Any, stands: Any, routes: Any,
    journeys: Any, weights: Any, delicate: Any, today: Any, chain: Any, heads: Any, went: Any,
    base: Any, key: Any,
) -> None:  # fmt: skip
    """Let one of so many parts of those who arrive decide again, as long as their day lasts.

    All who arrive at stands that are not delicate are of the first part. Takes them from ``here``;
    see ``arrive`` for the rest.
    """
    node_of, following_of, end_of = stands.node, stands.following, stands.end
    first_route, journey_of = routes.first, routes.journey
    pair, to_stand, left_on_day, length, back = (
        journeys.pair,
        journeys.stand,
        journeys.left,
        journeys.length,
        journeys.back,
    )
    limit, slot = ends
    stay, onward, chance, opened, full = (
        weights.stay,
        weights.onward,
        weights.chance,
        weights.opened,
        weights.full,
    )
    n_stands = len(node_of)
    stays = pool[:n_stands]
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
            if following == -1 and people <= MOST_TRIALS:
                stays[stand] += choose(people, first, last, stay[node], onward, went, a, b)
            elif following == -1:
                left = choose_of_many(people, first, last, stay[node], onward, went, a, b)
                stays[stand] += left
            else:
                move, a, b = binomial(people, chance[node], 1.0 - chance[node], a, b)
                stays[stand] += people - move
                if following == -2 or not opened[pair[following]] or full[end_of[stand]]:
                    stays[node] += move
                    continue
                first, last = 0, 1
                went[0] = move
            for route in range(first, last):
                r = from_start(route)
                move = went[r]
                went[r] = 0
                journey = from_start(following if following >= 0 else journey_of[r])
                sofar = gone + length[journey]
                if sofar >= limit[journey]:
                    pool[from_start(slot[journey])] += move
                    continue
                far = max(far, sofar)
                arrived = sofar * n_stands + to_stand[journey]
                # Without a branch, which a processor would guess wrong too often.
                to, distance = from_start(arrived), from_start(sofar)
                already, head, link = today[to], heads[distance], chain[to]
                today[to] = already + move
                known = already > 0 or move == 0
                chain[to] = link if known else head
                heads[distance] = head if known else arrived


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
    pool, populations = np.zeros(n_stands + stages, np.int64), inhabitants.copy()
    stays, moving, turned = pool[:n_stands], pool[n_stands:], np.zeros(stages, np.int64)
    far = journeys.nights > 0
    ends = (
        np.where(far, 0, journeys.limit),
        np.where(far, n_stands + journeys.first_stage[:-1], journeys.stand),
    )
    setting_out, here = np.zeros(n_journeys, np.int64), np.zeros((2, n_journeys), np.int64)
    today, chain = np.zeros(reach * n_stands, np.int64), np.zeros(reach * n_stands, np.int64)
    heads, fleeing = np.full(reach, -1), np.zeros(len(populations), np.int64)
    onward = np.zeros(len(populations) + 1)
    went = np.zeros(len(routes.end) + 4, np.int64)
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
                    left, t, here, pool, ends, stands, routes, journeys, weights, delicate,
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
