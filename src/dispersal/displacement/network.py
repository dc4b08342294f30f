"""The road network as arrays: where people can stand, what they can choose, how long it takes.

A *stand* is a location together with what is left of the route that was chosen: two people in one
town with different plans are not alike. A *journey* is a road, in one direction, to a stand.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from dispersal.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.displacement.flee_files import FleeFolder
    from dispersal.displacement.places import Location
    from dispersal.displacement.settings import Settings

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

#: More routes than this from all places together are taken for a mistake in the settings.
MOST_ROUTES = 2_000_000

#: More nights on all roads, or stands × kilometres of a day, are a mistake, too.
MOST_STAGES = 50_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Stands, roads, routes and journeys, by number.

    Parameters
    ----------
    pairs : ndarray, shape (P, 2)
        Roads by direction, each once: from and to, as numbers of locations.
    stand_node : ndarray, shape (S,)
        The location of each stand. The first N stands are the locations without a plan.
    stand_next, stand_end : ndarray, shape (S,)
        Of a stand with a plan, the journey that it takes next and the last location of the plan;
        -1 without one, -2 where the plan cannot be followed from there.
    fresh, lost : ndarray, shape (N,)
        The stand of those who have not moved yet, and of those whose plan leads nowhere.
    first_route : ndarray, shape (N + 1,)
        Where the routes of each location begin.
    route_end, route_journey, route_foot : ndarray, shape (R,)
        Last location; journey to begin with, by vehicle and for those who have not moved yet.
    route_distance : ndarray, shape (R,)
        (softening + km) ^ distance power.
    first_step, step_pair : ndarray, shape (R + 1,), (total,)
        The roads of each route.
    journey_pair, journey_stand, journey_days : ndarray, shape (J,)
        Road, stand at its end, days on the road until arrival.
    journey_left : ndarray, shape (J,)
        Kilometres of the day of arrival.
    journey_km, journey_speed : ndarray, shape (J,)
        Length and kilometres a day.
    first_stage : ndarray, shape (J + 1,)
        Where the stages of each journey begin: one for each night spent on the road.
    """

    pairs: Ints
    stand_node: Ints
    stand_next: Ints
    stand_end: Ints
    fresh: Ints
    lost: Ints
    first_route: Ints
    route_end: Ints
    route_journey: Ints
    route_foot: Ints
    route_distance: Floats
    first_step: Ints
    step_pair: Ints
    journey_pair: Ints
    journey_stand: Ints
    journey_days: Ints
    journey_left: Floats
    journey_km: Floats
    journey_speed: Floats
    first_stage: Ints


@dataclass
class Roads:
    """Directed pairs of locations and the roads between them."""

    pairs: dict[tuple[int, int], int] = field(default_factory=dict)
    km: list[list[float]] = field(default_factory=list)
    speed: list[float] = field(default_factory=list)
    ends: dict[int, list[int]] = field(default_factory=dict)

    def add(self, start: int, end: int, km: float, speed: float) -> None:
        """Add a road in one direction; a second one weighs, but is never taken."""
        if (start, end) not in self.pairs:
            self.pairs[start, end] = len(self.pairs)
            self.km.append([])
            self.speed.append(speed)
            self.ends.setdefault(start, []).append(end)
        self.km[self.pairs[start, end]].append(km)


@dataclass
class Journeys:
    """Stands with plans and the journeys between them, numbered as they are met."""

    roads: Roads
    nodes: int
    walk: float
    stands: dict[tuple[int, tuple[int, ...]], int] = field(default_factory=dict)
    known: dict[tuple[int, int, bool], int] = field(default_factory=dict)

    def stand(self, node: int, plan: tuple[int, ...]) -> int:
        """Return the number of a stand."""
        if not plan:
            return node
        return self.stands.setdefault((node, plan), self.nodes + len(self.stands))

    def journey(self, path: tuple[int, ...], *, on_foot: bool = False) -> int:
        """Return the number of the journey that begins a path of at least two locations."""
        pair = self.roads.pairs[path[0], path[1]]
        key = (pair, self.stand(path[1], path[2:]), on_foot)
        return self.known.setdefault(key, len(self.known))


def routes_from(
    roads: Roads, start: int, markers: frozenset[int], awareness: int
) -> list[tuple[tuple[int, ...], float]]:
    """Return all routes of at most so many roads, each with its kilometres.

    A route never visits a location twice; markers are no destinations, and the road that leads to
    one is not counted. Where two roads connect the same locations, each makes a route.
    """
    found: list[tuple[tuple[int, ...], float]] = []
    open_paths: list[tuple[tuple[int, ...], float, int]] = [((start,), 0.0, 0)]
    while open_paths:
        path, km, taken = open_paths.pop()
        for end in roads.ends.get(path[-1], []):
            if end in path:
                continue
            for length in roads.km[roads.pairs[path[-1], end]]:
                longer, far = (*path, end), km + length
                count = taken if end in markers else taken + 1
                if end not in markers:
                    found.append((longer, far))
                if count < awareness:
                    open_paths.append((longer, far, count))
        if len(found) > MOST_ROUTES:
            break
    return found


def build_network(folder: FleeFolder) -> Network:
    """Give a number to all that people can be at or choose.

    Raises
    ------
    InputError
        If there are more routes, nights or kilometres of a day than can be meant.
    """
    settings, nodes = folder.settings, len(folder.locations)
    roads = _roads(folder)
    markers = frozenset(at for at, p in enumerate(folder.locations) if p.kind == "marker")
    numbers = Journeys(roads, nodes, settings.max_walk_speed)
    first, ends, begin, foot, distance, steps, first_step = [0], [], [], [], [], [], [0]
    for node in range(nodes):
        for path, km in routes_from(roads, node, markers, settings.awareness_level):
            ends.append(path[-1])
            begin.append(numbers.journey(path))
            foot.append(numbers.journey(path, on_foot=settings.start_on_foot))
            distance.append((settings.softening + km) ** settings.distance_power)
            steps += [roads.pairs[a, b] for a, b in itertools.pairwise(path)]
            first_step.append(len(steps))
        first.append(len(ends))
        if len(ends) > MOST_ROUTES:
            raise InputError(f"{settings.awareness_level} roads ahead give too many routes")
    # Stands met late need journeys, which lead to stands with shorter plans, already met or not.
    done = 0
    plans: list[tuple[int, tuple[int, ...]]] = []
    following: list[int] = []
    while done < len(numbers.stands):
        plans = list(numbers.stands)
        following += [numbers.journey((node, *plan)) for node, plan in plans[done:]]
        done = len(plans)
    return _arrays(
        folder.locations, settings, numbers, plans, following,
        (first, ends, begin, foot, distance, steps, first_step),
    )  # fmt: skip


def _roads(folder: FleeFolder) -> Roads:
    roads = Roads()
    numbers = {location.name: at for at, location in enumerate(folder.locations)}
    for route in folder.routes:
        one, two = numbers[route.name1], numbers[route.name2]
        speed = folder.settings.max_move_speed if route.speed is None else route.speed
        roads.add(one, two, route.km, speed)
        roads.add(two, one, route.km, speed)
    return roads


def _arrays(
    locations: tuple[Location, ...],
    settings: Settings,
    numbers: Journeys,
    plans: list[tuple[int, tuple[int, ...]]],
    following: list[int],
    routes: tuple[list[int], list[int], list[int], list[int], list[float], list[int], list[int]],
) -> Network:
    first, ends, begin, foot, distance, steps, first_step = routes
    nodes, roads = len(locations), numbers.roads
    each = np.arange(nodes)
    node = [*range(nodes), *(at for at, _ in plans)]
    nexts = [*[-1] * nodes, *following]
    last = [*[-1] * nodes, *(plan[-1] for _, plan in plans)]
    fresh = lost = each
    if settings.start_on_foot:
        fresh = each + len(node)
        node, nexts, last = [*node, *each], nexts + [-1] * nodes, last + [-1] * nodes
    if plans:
        lost = each + len(node)
        node, nexts, last = [*node, *each], nexts + [-2] * nodes, last + [-2] * nodes
    keys = list(numbers.known)
    km = np.array([roads.km[pair][0] for pair, _, _ in keys], dtype=np.float64)
    speed = np.array(
        [settings.max_walk_speed if walks else roads.speed[pair] for pair, _, walks in keys],
        dtype=np.float64,
    )
    nights = np.floor(km / speed)
    if nights.sum() > MOST_STAGES or len(node) * speed.max(initial=0.0) > MOST_STAGES:
        raise InputError(
            f"roads take {nights.sum():,.0f} nights, and a day has {speed.max():,.0f} km: "
            "expected speeds that fit the lengths of routes.csv"
        )
    days = nights.astype(np.int64) + 1
    pairs = np.array(list(roads.pairs), dtype=np.int64).reshape(-1, 2)
    whole = np.asarray
    return Network(
        pairs,
        whole(node, np.int64),
        whole(nexts, np.int64),
        whole(last, np.int64),
        whole(fresh, np.int64),
        whole(lost, np.int64),
        whole(first, np.int64),
        whole(ends, np.int64),
        whole(begin, np.int64),
        whole(foot, np.int64),
        whole(distance, np.float64),
        whole(first_step, np.int64),
        whole(steps, np.int64),
        whole([pair for pair, _, _ in keys], np.int64),
        whole([stand for _, stand, _ in keys], np.int64),
        days,
        km - (days - 1) * speed,
        km,
        speed,
        np.concatenate([[0], np.cumsum(days - 1)]).astype(np.int64),
    )
