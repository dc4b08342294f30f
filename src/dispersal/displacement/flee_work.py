"""What is the same for every run of Flee's rules on a folder, made once: arrays for the loops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dispersal.displacement.kernel_weights import Days, Journeys, Routes, Stands, Weights
from dispersal.displacement.network import build_network
from dispersal.displacement.schedule import make_schedule

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.displacement.flee_files import FleeFolder
    from dispersal.displacement.network import Network
    from dispersal.displacement.schedule import Schedule

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class FleeWork:
    """A folder made ready: ``flee_mean`` and ``flee_sample`` take it in place of the folder.

    Parameters
    ----------
    name : str
        Name of the folder.
    names : tuple of str
        Locations.
    days, stands, routes, journeys
        The schedule and the network as the loops take them.
    start : ndarray, shape (locations,)
        People in camps before day 0.
    debt : ndarray, shape (days,)
        By how many the counts of the data fell, and nobody has fled for since.
    populations, capacities : ndarray, shape (locations,)
        Inhabitants of places in conflict; room, scaled, 0 where there is no limit.
    rules : tuple of float
        Capacity buffer, weight softening, weight power.
    take : bool
        Whether those who flee lower populations.
    reach : int
        Number of kilometres that can be counted in a day.
    walkers : tuple of int
        First stand of those who walk, and the end of these.
    """

    name: str
    names: tuple[str, ...]
    days: Days
    stands: Stands
    routes: Routes
    journeys: Journeys
    start: Floats
    debt: Floats
    populations: Floats
    capacities: Floats
    rules: tuple[float, float, float]
    take: bool
    reach: int
    walkers: tuple[int, int]

    def limits(self, *, capacities: bool) -> Floats:
        """Return the room in each location; none is ever full without capacities."""
        return self.capacities * (1.0 if capacities else 0.0)

    def weights(self, limits: Floats) -> Weights:
        """Return new arrays for the chances of a run."""
        routes, nodes = len(self.routes.end), len(self.names)
        return Weights(
            np.zeros(routes), np.zeros(routes), np.zeros(routes + 1), np.ones(nodes),
            np.zeros(nodes), np.zeros(self.days.opened.shape[1], dtype=bool), np.ones(nodes),
            np.zeros(nodes, dtype=bool), np.zeros(nodes, dtype=bool), np.flatnonzero(limits >= 1),
            np.zeros(nodes, dtype=bool),
        )  # fmt: skip


def prepare_flee(folder: FleeFolder) -> FleeWork:
    """Make a folder ready for many runs: number its network, carry out its schedule.

    Runs that differ in capacities or chance need that only once.

    Raises
    ------
    InputError
        If there are more routes, nights or kilometres of a day than can be meant.
    """
    network = build_network(folder)
    schedule = make_schedule(folder, network)
    settings, locations = folder.settings, folder.locations
    room = np.array([float(location.capacity) for location in locations])
    fresh = network.fresh
    return FleeWork(
        folder.name,
        tuple(location.name for location in locations),
        _days(schedule),
        Stands(
            network.stand_node,
            network.stand_next,
            network.stand_end,
            *_grouped(network.stand_node, np.arange(len(network.stand_node)), len(locations)),
            fresh,
        ),
        _routes(network, len(locations)),
        _journeys(network),
        _start(folder),
        schedule.debt,
        np.array([float(location.population) for location in locations]),
        room * settings.capacity_scaling,
        (settings.capacity_buffer, settings.weight_softening, settings.weight_power),
        settings.take_from_population,
        int(np.ceil(network.journey_speed.max(initial=1.0))),
        (int(fresh[0]), int(fresh[-1]) + 1) if settings.start_on_foot else (0, 0),
    )


def _days(schedule: Schedule) -> Days:
    new = np.ones(len(schedule.fleeing), dtype=bool)
    new[1:] = False
    for by_day in (schedule.chance, schedule.score, schedule.camp, schedule.opened):
        new[1:] |= (by_day[1:] != by_day[:-1]).any(axis=1)
    return Days(
        schedule.chance, schedule.score, schedule.camp, schedule.danger, schedule.opened,
        schedule.closing, schedule.fleeing, new, np.asarray(schedule.closing.any(axis=1)),
    )  # fmt: skip


def _routes(network: Network, nodes: int) -> Routes:
    origins = np.repeat(np.arange(nodes), np.diff(network.first_route))
    seen = np.unique(np.stack([network.route_end, origins]), axis=1)
    return Routes(
        network.first_route, network.route_end, network.route_journey, network.route_foot,
        network.route_distance, network.first_step, network.step_pair,
        *_grouped(seen[0], seen[1], nodes),
    )  # fmt: skip


def _grouped(groups: Ints, members: Ints, count: int) -> tuple[Ints, Ints]:
    """Return where the members of each group begin, and the members in order of groups."""
    order = np.argsort(groups, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(groups, minlength=count))])
    return first.astype(np.int64), np.ascontiguousarray(members[order])


def _journeys(network: Network) -> Journeys:
    speed = network.journey_speed
    start = network.pairs[network.journey_pair, 0]
    # Who had a plan when the road closed goes back with a plan that leads nowhere from there.
    planned = network.stand_next[network.journey_stand] >= 0
    return Journeys(
        network.journey_pair,
        network.journey_stand,
        network.journey_days - 1,
        network.journey_left.astype(np.int64),
        np.maximum(np.rint(network.journey_km), 1.0).astype(np.int64),
        np.ceil(speed).astype(np.int64),
        network.first_stage,
        np.where(planned, network.lost[start], start),
    )


def _start(folder: FleeFolder) -> Floats:
    """Return the people in camps before day 0: as many as the data say."""
    start = np.zeros(len(folder.locations))
    if folder.settings.insert_day0:
        camps = set(folder.camps)
        for at, location in enumerate(folder.locations):
            if location.name in camps:
                start[at] = folder.figures.series[location.name].on(np.zeros(1, np.int64))[0]
    return start
