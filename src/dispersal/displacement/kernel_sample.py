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
    here: Any, stays: Any, capacities: Any, stands: Any, buffer: float, weights: Any
) -> bool:
    """Return whether any place could become fuller than it likes, if all who arrive went there."""
    first_stand, of_node = stands.first, stands.of_node
    welcome = weights.welcome
    arriving = here.sum()
    for node in weights.limited:
        if welcome[node] == 0.0:
            continue
        present = arriving
        for at in range(first_stand[node], first_stand[node + 1]):
            present += stays[of_node[at]]
        if present > buffer * capacities[node]:
            return True
    return False


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
    journeys: Any, weights: Any, today: Any, chain: Any, heads: Any, went: Any, base: Any,
    key: Any,
) -> None:  # fmt: skip
    """Let one of so many parts of those who arrive decide again, as long as their day lasts.

    Takes them from ``here``; see ``arrive`` for the rest.
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
    for j in range(here.shape[1]):
        turn = turn + 1 if turn + 1 < parts else 0
        if here[1, j] > 0:
            people = share_of(here[1, j], parts, turn)
            here[1, j] -= people
            stays[back[j]] += people
        if here[0, j] > 0:
            people = share_of(here[0, j], parts, turn)
            here[0, j] -= people
            if people > 0:
                cell = left_on_day[j] * n_stands + to_stand[j]
                if today[cell] == 0:
                    chain[cell] = heads[left_on_day[j]]
                    heads[left_on_day[j]] = cell
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
            left = 1
            if may_fill(here, stays, capacities, stands, rules[0], weights):
                left = parts
            first = left
            while left > 0:
                sample_arrivals(
                    left, t, here, stays, moving, stands, routes, journeys, weights, today, chain,
                    heads, went, stream_base(key, t, ARRIVE + left), key,
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
