"""The inner loop of Flee's rules on expected counts."""

from __future__ import annotations

from typing import Any

import numpy as np

from dispersal.displacement.kernel_weights import begin_day, look
from dispersal.population.compiled import compiled

#: Fewer expected people than this stay where they are: far below what a sum over all can hold.
NEGLIGIBLE = 1e-15


@compiled
def set_out(
    stays: Any, walkers: Any, stands: Any, routes: Any, journeys: Any, weights: Any, out: Any
) -> None:
    """Split the people of every stand into those who stay and those who begin a journey.

    Who gives up a plan is counted without one, at a stand that has had its turn.
    """
    node_of, following_of, end_of = stands.node, stands.following, stands.end
    first_route, journey_of, foot_of = routes.first, routes.journey, routes.foot
    stay, go, chance, opened, full = (
        weights.stay,
        weights.go,
        weights.chance,
        weights.opened,
        weights.full,
    )
    for stand in range(len(stays)):
        people = stays[stand]
        if people == 0.0:
            continue
        node, following = node_of[stand], following_of[stand]
        if following == -1:
            on_foot = walkers[0] <= stand < walkers[1]
            for r in range(first_route[node], first_route[node + 1]):
                if go[r] > 0.0:
                    out[foot_of[r] if on_foot else journey_of[r]] += people * go[r]
            stays[stand] = people * stay[node]
            continue
        move = people * chance[node]
        stays[stand] = people - move
        if following >= 0 and opened[journeys.pair[following]] and not full[end_of[stand]]:
            out[following] += move
        else:
            stays[node] += move


@compiled
def spend_night(journeys: Any, setting_out: Any, moving: Any, turned: Any, here: Any) -> None:
    """Let everyone on a road advance by a day; ``here`` gets who arrives: there, and back."""
    first_stage = journeys.first_stage
    for j in range(len(setting_out)):
        first, last = first_stage[j], first_stage[j + 1]
        if first == last:
            here[0, j], here[1, j] = setting_out[j], 0
        else:
            here[0, j], here[1, j] = moving[last - 1], turned[last - 1]
            for stage in range(last - 1, first, -1):
                moving[stage], turned[stage] = moving[stage - 1], turned[stage - 1]
            moving[first], turned[first] = setting_out[j], 0
        setting_out[j] = 0


@compiled
def turn_back(closing: Any, journeys: Any, moving: Any, turned: Any) -> None:
    """Turn back everyone on a road that closes."""
    pair, first_stage = journeys.pair, journeys.first_stage
    for j in range(len(pair)):
        if closing[pair[j]]:
            for stage in range(first_stage[j], first_stage[j + 1]):
                turned[stage] += moving[stage]
                moving[stage] = 0


@compiled
def arrive(
    part: float, here: Any, stands: Any, routes: Any, journeys: Any, weights: Any, today: Any,
    chain: Any, heads: Any, more: Any, off: Any,
) -> None:  # fmt: skip
    """Let a part of those who arrive decide again, as long as their day lasts.

    Parameters
    ----------
    here : float64[2, J]
        Who arrives at the end of journeys, and back at the beginning of those that closed.
    today, chain, heads : float64[km · S], int64[km · S], int64[km]
        People by kilometres of today and stand; all cells of as many kilometres as a list. Empty
        (0, any, -1) before and after.
    more, off : float64[S], float64[J]
        Set: whom stands gain, and who spends the first night on a journey.
    """
    node_of, following_of, end_of = stands.node, stands.following, stands.end
    first_route, journey_of = routes.first, routes.journey
    pair, to_stand, nights, left_on_day, length, limit, back = (
        journeys.pair,
        journeys.stand,
        journeys.nights,
        journeys.left,
        journeys.length,
        journeys.limit,
        journeys.back,
    )
    stay, go, chance, opened, full = (
        weights.stay,
        weights.go,
        weights.chance,
        weights.opened,
        weights.full,
    )
    n_stands = len(more)
    more[:] = 0.0
    off[:] = 0.0
    for j in range(len(off)):
        if here[1, j] > 0.0:
            more[back[j]] += part * here[1, j]
        if here[0, j] > 0.0:
            cell = left_on_day[j] * n_stands + to_stand[j]
            if today[cell] == 0.0:
                chain[cell] = heads[left_on_day[j]]
                heads[left_on_day[j]] = cell
            today[cell] += part * here[0, j]
    for gone in range(len(heads)):
        cell = heads[gone]
        heads[gone] = -1
        while cell >= 0:
            people = today[cell]
            today[cell] = 0.0
            stand = cell - gone * n_stands
            cell = chain[cell]
            if people < NEGLIGIBLE:
                more[stand] += people
                continue
            node, following = node_of[stand], following_of[stand]
            first, last = first_route[node], first_route[node + 1]
            if following == -1:
                more[stand] += people * stay[node]
            else:
                first, last = 0, 1
                move = people * chance[node]
                more[stand] += people - move
                if following == -2 or not opened[pair[following]] or full[end_of[stand]]:
                    more[node] += move
                    continue
            for r in range(first, last):
                j = following
                if following == -1:
                    j = journey_of[r]
                    move = people * go[r]
                    if move == 0.0:
                        continue
                if nights[j] > 0:
                    off[j] += move
                    continue
                sofar = gone + length[j]
                if sofar >= limit[j]:
                    more[to_stand[j]] += move
                    continue
                to = sofar * n_stands + to_stand[j]
                if today[to] == 0.0:
                    chain[to] = heads[sofar]
                    heads[sofar] = to
                today[to] += move


@compiled
def run_days(
    days: Any, people: Any, stands: Any, routes: Any, journeys: Any, weights: Any, rules: Any,
    settings: Any, out: Any,
) -> int:  # fmt: skip
    """Run all days; return the first day on which nobody can flee though some should, else -1.

    Parameters
    ----------
    days : Days
    people : tuple of float64 arrays
        Stands at the start [S], populations [N], capacities [N].
    settings : tuple
        Whether those who flee lower populations; parts of a day's travellers; number of kilometres
        that can be counted in a day; first stand of those who walk, and the end of these.
    out : tuple of float64 arrays
        People at locations [T, N], on the road [T], fleeing from each location [T, N].
    """
    stays, populations, capacities = people
    take, parts, reach, walk_from, walk_to = settings
    at_places, on_roads, fled = out
    n_stands, n_journeys, stages = len(stays), len(journeys.pair), journeys.first_stage[-1]
    moving, turned = np.zeros(stages), np.zeros(stages)
    setting_out, here = np.zeros(n_journeys), np.zeros((2, n_journeys))
    more, off = np.zeros(n_stands), np.zeros(n_journeys)
    today = np.zeros(reach * n_stands)
    chain, heads = np.zeros(reach * n_stands, np.int64), np.full(reach, -1)
    for t in range(len(days.fleeing)):
        if days.fleeing[t] > 0.0:
            total = 0.0
            for node in range(len(populations)):
                total += populations[node] * days.danger[t, node]
            if total <= 0.0:
                return t
            for node in range(len(populations)):
                new = days.fleeing[t] * (populations[node] * days.danger[t, node]) / total
                fled[t, node] = new
                stays[stands.fresh[node]] += new
                if take:
                    populations[node] = max(populations[node] - new, 0.0)
        if days.closes[t]:
            turn_back(days.closing[t], journeys, moving, turned)
        if days.new[t]:
            begin_day(t, days, routes, rules, weights)
        camp = days.camp[t]
        look(camp, stays, capacities, stands, routes, rules, weights, True, days.new[t])
        set_out(stays, (walk_from, walk_to), stands, routes, journeys, weights, setting_out)
        spend_night(journeys, setting_out, moving, turned, here)
        for part in range(parts):
            changed = look(camp, stays, capacities, stands, routes, rules, weights, False, False)
            # The same chances as a moment ago: as many come again.
            if part == 0 or changed:
                arrive(
                    1.0 / parts, here, stands, routes, journeys, weights, today, chain, heads,
                    more, off,
                )  # fmt: skip
            for stand in range(n_stands):
                stays[stand] += more[stand]
            for j in range(n_journeys):
                if off[j] > 0.0:
                    moving[journeys.first_stage[j]] += off[j]
        for stand in range(n_stands):
            at_places[t, stands.node[stand]] += stays[stand]
        on_roads[t] = moving.sum() + turned.sum()
    return -1
