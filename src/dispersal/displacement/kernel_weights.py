"""What the loops of Flee's rules share: how welcome places are, and the chances of routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dispersal.population.compiled import compiled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]


class Days(NamedTuple):
    """What each day brings; ``new`` says whether chances, scores, camps or roads have changed."""

    chance: Floats
    score: Floats
    camp: Flags
    danger: Floats
    opened: Flags
    closing: Flags
    fleeing: Floats
    new: Flags
    closes: Flags


class Stands(NamedTuple):
    """Stands; ``first`` and ``of_node`` list those of each location."""

    node: Ints
    following: Ints
    end: Ints
    first: Ints
    of_node: Ints
    fresh: Ints


class Routes(NamedTuple):
    """Routes of each location; ``first_origin`` and ``origin`` list from where each is seen."""

    first: Ints
    end: Ints
    journey: Ints
    foot: Ints
    distance: Floats
    first_step: Ints
    step_pair: Ints
    first_origin: Ints
    origin: Ints


class Journeys(NamedTuple):
    """Journeys in whole kilometres of a day.

    ``left`` are those of the day of arrival after nights on the road; ``length`` those that a
    journey adds to a day that is not over, and ``limit`` is where the day is over.
    """

    pair: Ints
    stand: Ints
    nights: Ints
    left: Ints
    length: Ints
    limit: Ints
    first_stage: Ints
    back: Ints


class Weights(NamedTuple):
    """Chances as they are now, and what they are made of.

    Parameters
    ----------
    base : ndarray, shape (R,)
        Weight of each route but for crowding; below 0 where it is closed.
    go : ndarray, shape (R,)
        Chance of someone at its beginning to set out on it today.
    onward : ndarray, shape (R + 1,)
        Sum of ``go`` over this route and the later ones of the same location.
    stay : ndarray, shape (N,)
        Chance to set out on none.
    chance : ndarray, shape (N,)
        Chance to decide at all.
    opened : ndarray of bool, shape (P,)
        Which roads are open.
    welcome : ndarray, shape (N,)
        How welcome one more is.
    full, morning : ndarray of bool, shape (N,)
        Which camps refuse people now, and did in the morning.
    limited : ndarray, shape (C,)
        Locations that can be full.
    stale : ndarray of bool, shape (N,)
        Locations whose chances must be taken anew.
    """

    base: Floats
    go: Floats
    onward: Floats
    stay: Floats
    chance: Floats
    opened: Flags
    welcome: Floats
    full: Flags
    morning: Flags
    limited: Ints
    stale: Flags


@compiled
def crowding(present: float, capacity: float, buffer: float) -> float:
    """Return how welcome one more is: 1 below the buffer, 0 at capacity, linear between."""
    if capacity < 1.0 or present <= buffer * capacity:
        return 1.0
    if present >= capacity:
        return 0.0
    return 1.0 - (present - buffer * capacity) / (capacity * (1.0 - buffer))


@compiled
def begin_day(t: int, days: Any, routes: Any, rules: Any, weights: Any) -> None:
    """Take over what has changed overnight: chances, open roads, scores."""
    softening = rules[1]
    weights.chance[:] = days.chance[t]
    weights.opened[:] = days.opened[t]
    for r in range(len(routes.end)):
        base = (softening + days.score[t, routes.end[r]]) / routes.distance[r]
        for step in range(routes.first_step[r], routes.first_step[r + 1]):
            if not days.opened[t, routes.step_pair[step]]:
                base = -1.0
        weights.base[r] = base


@compiled
def weigh(routes: Any, power: float, weights: Any) -> None:
    """Write the chances of the routes of all stale locations.

    Where no route has weight, all open ones are alike.
    """
    first_route, end = routes.first, routes.end
    base, go, onwards, full, welcome = (
        weights.base, weights.go, weights.onward, weights.full, weights.welcome,
    )  # fmt: skip
    stale, chance, stay = weights.stale, weights.chance, weights.stay
    for node in range(len(stale)):
        if not stale[node]:
            continue
        stale[node] = False
        first, last = first_route[node], first_route[node + 1]
        total, count = 0.0, 0
        for r in range(first, last):
            weight = 0.0
            if base[r] >= 0.0:
                weight = base[r] * welcome[end[r]]
                if power != 1.0:
                    weight = weight**power
                total += weight
                count += 1
            go[r] = weight
        move = chance[node]
        left = 0.0
        for r in range(first, last):
            share = go[r] / total if total > 0.0 else 1.0 / max(count, 1)
            if base[r] < 0.0 or full[end[r]]:
                share = 0.0
            go[r] = move * share
            left += share
        stay[node] = 1.0 - move + move * max(1.0 - left, 0.0)
        onward = 0.0
        for r in range(last - 1, first - 1, -1):
            onward += go[r]
            onwards[r] = onward


@compiled
def look(
    camp: Any, stays: Any, capacities: Any, stands: Any, routes: Any, rules: Any, weights: Any,
    morning: bool, everything: bool,
) -> bool:  # fmt: skip
    """See how full places are now; return whether that changed any chance.

    A camp that refuses people in the morning does so all day.
    """
    first_stand, of_node = stands.first, stands.of_node
    first_origin, origin = routes.first_origin, routes.origin
    welcomes, fulls, mornings = weights.welcome, weights.full, weights.morning
    stale, limited = weights.stale, weights.limited
    buffer, _, power = rules
    changed = everything
    if everything:
        stale[:] = True
    for node in limited:
        present = 0.0
        for at in range(first_stand[node], first_stand[node + 1]):
            present += stays[of_node[at]]
        welcome = crowding(present, capacities[node], buffer)
        full = bool(camp[node]) and welcome < 0.5
        if morning:
            mornings[node] = full
        full = full or mornings[node]
        if welcome != welcomes[node] or full != fulls[node]:
            welcomes[node], fulls[node] = welcome, full
            changed = True
            for at in range(first_origin[node], first_origin[node + 1]):
                stale[origin[at]] = True
    if changed:
        weigh(routes, power, weights)
    return changed
