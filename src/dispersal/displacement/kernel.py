"""The inner loop of Flee's rules on expected counts."""

from __future__ import annotations

from typing import Any

import numpy as np

from dispersal.population.compiled import compiled


@compiled
def crowding(present: float, capacity: float, buffer: float) -> float:
    """Return how welcome one more is: 1 below the buffer, 0 at capacity, linear between."""
    if capacity < 1.0 or present <= buffer * capacity:
        return 1.0
    if present >= capacity:
        return 0.0
    return 1.0 - (present - buffer * capacity) / (capacity * (1.0 - buffer))


@compiled
def weigh(
    present: Any, capacities: Any, score: Any, camp: Any, opened: Any, routes: Any, rules: Any,
    welcome: Any, full: Any, shares: Any,
) -> None:  # fmt: skip
    """Write how welcome people are, which camps refuse them, and the share of each route.

    Shares of a place's open routes add up to 1; where none is open all are 0.
    """
    first_route, route_end, route_distance, first_step, step_pair = routes
    buffer, softening, power = rules
    for node in range(len(present)):
        welcome[node] = crowding(present[node], capacities[node], buffer)
        full[node] = camp[node] and welcome[node] < 0.5
    for node in range(len(present)):
        total, count = 0.0, 0
        for r in range(first_route[node], first_route[node + 1]):
            shares[r] = -1.0
            passable = True
            for step in range(first_step[r], first_step[r + 1]):
                passable = passable and opened[step_pair[step]]
            if passable:
                end = route_end[r]
                weight = (softening + score[end]) / route_distance[r] * welcome[end]
                shares[r] = weight**power
                total += shares[r]
                count += 1
        for r in range(first_route[node], first_route[node + 1]):
            if shares[r] < 0.0:
                shares[r] = 0.0
            elif total > 0.0:
                shares[r] /= total
            else:
                shares[r] = 1.0 / count


@compiled
def depart(
    stand: int, people: float, chance: float, full: Any, opened: Any, shares: Any, choices: Any,
    stays: Any, leaving: Any,
) -> None:  # fmt: skip
    """Split the people of a stand into those who stay and those who begin a journey."""
    first_route, route_end, journeys, nodes, nexts, ends, journey_pair = choices
    node = nodes[stand]
    move = people * chance
    stays[stand] += people - move
    if nexts[stand] == -1:
        left = 0.0
        for r in range(first_route[node], first_route[node + 1]):
            if shares[r] > 0.0 and not full[route_end[r]]:
                leaving[journeys[r]] += move * shares[r]
                left += shares[r]
        stays[stand] += move * max(1.0 - left, 0.0)
    elif nexts[stand] >= 0 and opened[journey_pair[nexts[stand]]] and not full[ends[stand]]:
        leaving[nexts[stand]] += move
    else:
        stays[node] += move


@compiled
def advance(
    part: float, chance: Any, full: Any, opened: Any, shares: Any, choices: Any, journeys: Any,
    before: Any, after: Any, today: Any, busy: Any, leaving: Any,
) -> None:  # fmt: skip
    """Let a part of all travellers advance by a day; who arrives decides again.

    Parameters
    ----------
    part : float
        Their share.
    before : tuple of float64 arrays
        Travellers who set out this morning [J], on the road [stages], turned back [stages].
    after : tuple of float64 arrays
        Stands, on the road, turned back: added to.
    today, busy, leaving : float64[km, S], bool[km], float64[J]
        Room to work in, all 0 before and after: people by kilometres of today and stand.
    """
    journey_stand, days, left, km, speed, first_stage, backs = journeys
    setting_out, moving, turned = before
    stays, still_moving, still_turned = after
    for j in range(len(days)):
        first, last = first_stage[j], first_stage[j + 1]
        for k in range(days[j]):
            people = part * (setting_out[j] if k == 0 else moving[first + k - 1])
            if people > 0.0:
                if k + 1 == days[j]:
                    gone = int(left[j])
                    today[gone, journey_stand[j]] += people
                    busy[gone] = True
                else:
                    still_moving[first + k] += people
        for stage in range(first, last):
            if turned[stage] > 0.0:
                if stage + 1 == last:
                    stays[backs[j]] += part * turned[stage]
                else:
                    still_turned[stage + 1] += part * turned[stage]
    node, nexts = choices[3], choices[4]
    first_route, route_journey = choices[0], choices[2]
    for gone in range(len(today)):
        if not busy[gone]:
            continue
        busy[gone] = False
        for stand in range(today.shape[1]):
            people = today[gone, stand]
            if people == 0.0:
                continue
            today[gone, stand] = 0.0
            depart(
                stand, people, chance[node[stand]], full, opened, shares, choices, stays, leaving
            )
            if nexts[stand] >= 0:
                begin, end = nexts[stand], nexts[stand] + 1
            else:
                begin, end = first_route[node[stand]], first_route[node[stand] + 1]
            for option in range(begin, end):
                j = option if nexts[stand] >= 0 else route_journey[option]
                if leaving[j] == 0.0:
                    continue
                if days[j] > 1:
                    still_moving[first_stage[j]] += leaving[j]
                else:
                    sofar = gone + max(int(np.rint(km[j])), 1)
                    if sofar < speed[j] and sofar < len(today):
                        today[sofar, journey_stand[j]] += leaving[j]
                        busy[sofar] = True
                    else:
                        stays[journey_stand[j]] += leaving[j]
                leaving[j] = 0.0


@compiled
def run_days(
    schedule: Any, people: Any, routes: Any, choices: Any, foot_choices: Any, journeys: Any,
    rules: Any, settings: Any, out: Any,
) -> int:  # fmt: skip
    """Run all days; return the first day on which nobody can flee though some should, else -1.

    Parameters
    ----------
    schedule : tuple of arrays, first axis T
        Chance, score, camp, danger, open roads, closing roads, people fleeing.
    people : tuple of float64 arrays
        Stands at the start [S], populations [N], capacities [N].
    settings : tuple
        Whether those who flee lower populations; parts of a day's travellers; number of kilometres
        that can be counted in a day; stands of those who flee [N]; first stand of those who walk,
        and the end of these.
    out : tuple of float64 arrays
        People at locations [T, N], on the road [T], fleeing from each location [T, N].
    """
    chances, scores, camps, dangers, opens, closings, fleeing = schedule
    stays, populations, capacities = people
    take, parts, reach, fresh, walk_from, walk_to = settings
    at_places, on_roads, fled = out
    nodes, pairs_of = choices[3], choices[6]
    first_stage = journeys[5]
    n, stages = len(populations), first_stage[-1]
    moving, turned = np.zeros(stages), np.zeros(stages)
    setting_out, leaving = np.zeros(len(pairs_of)), np.zeros(len(pairs_of))
    today, busy = np.zeros((reach, len(stays))), np.zeros(reach, dtype=np.bool_)
    present, welcome, full = np.zeros(n), np.zeros(n), np.zeros(n, dtype=np.bool_)
    shares, morning = np.zeros(len(routes[1])), np.zeros(n, dtype=np.bool_)
    for t in range(len(chances)):
        weights = populations * dangers[t]
        total = weights.sum()
        if fleeing[t] > 0.0:
            if total <= 0.0:
                return t
            for node in range(n):
                more = fleeing[t] * weights[node] / total
                fled[t, node] = more
                stays[fresh[node]] += more
                if take:
                    populations[node] = max(populations[node] - more, 0.0)
        for j in range(len(pairs_of)):
            if closings[t, pairs_of[j]]:
                for stage in range(first_stage[j], first_stage[j + 1]):
                    turned[stage] += moving[stage]
                    moving[stage] = 0.0
        count_present(stays, nodes, present)
        weigh(
            present, capacities, scores[t], camps[t], opens[t], routes, rules, welcome, full, shares
        )
        evening = np.zeros(len(stays))
        for stand in range(len(stays)):
            if stays[stand] > 0.0:
                walks = walk_from <= stand < walk_to
                depart(
                    stand, stays[stand], chances[t, nodes[stand]], full, opens[t], shares,
                    foot_choices if walks else choices, evening, setting_out,
                )  # fmt: skip
        stays[:] = evening
        still_moving, still_turned = np.zeros(stages), np.zeros(stages)
        morning[:] = full
        for _ in range(parts):
            count_present(stays, nodes, present)
            weigh(
                present, capacities, scores[t], camps[t], opens[t], routes, rules, welcome, full,
                shares,
            )  # fmt: skip
            full |= morning
            advance(
                1.0 / parts, chances[t], full, opens[t], shares, choices, journeys,
                (setting_out, moving, turned), (stays, still_moving, still_turned), today, busy,
                leaving,
            )  # fmt: skip
        moving[:], turned[:] = still_moving, still_turned
        setting_out[:] = 0.0
        count_present(stays, nodes, present)
        at_places[t] = present
        on_roads[t] = moving.sum() + turned.sum()
    return -1


@compiled
def count_present(stays: Any, nodes: Any, present: Any) -> None:
    """Write how many people are at each location."""
    present[:] = 0.0
    for stand in range(len(stays)):
        present[nodes[stand]] += stays[stand]
