"""The movement rules of Flee 3 on expected counts, one floating-point number a place and stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dispersal.displacement.kernel import run_days
from dispersal.displacement.network import build_network
from dispersal.displacement.schedule import make_schedule
from dispersal.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.displacement.flee_files import FleeFolder
    from dispersal.displacement.network import Network

    Floats = NDArray[np.float64]


#: Parts into which a day's travellers are split: later ones find camps fuller.
PARTS = 4


@dataclass(frozen=True, slots=True, eq=False)
class FleeMean:
    """Expected counts under Flee's rules.

    Parameters
    ----------
    names : tuple of str
        Locations.
    at_places : ndarray, shape (days, locations)
        People at each location in the evening of each day.
    on_roads : ndarray, shape (days,)
        People between locations.
    fled : ndarray, shape (days, locations)
        People who fled from each location on each day.
    start : ndarray, shape (locations,)
        People in camps before day 0.
    debt : ndarray, shape (days,)
        By how many the counts of the data fell, and nobody has fled for since.
    """

    names: tuple[str, ...]
    at_places: Floats
    on_roads: Floats
    fled: Floats
    start: Floats
    debt: Floats

    def at(self, name: str) -> Floats:
        """Return the people at a location by day, shape (days,)."""
        return np.asarray(self.at_places[:, self.names.index(name)])


def flee_mean(folder: FleeFolder, *, capacities: bool = True, parts: int = PARTS) -> FleeMean:
    """Run Flee's rules on expected counts.

    How crowded a camp is, is taken from expected counts: in the morning for those who set out,
    and before each part of the travellers for those who arrive and go on; a camp that refuses
    people in the morning does so all day. Flee looks anew for every person, at counts that chance
    has moved; docs/displacement.md says how much that matters.

    Parameters
    ----------
    folder : FleeFolder
        As ``read_flee`` gives it.
    capacities : bool
        Whether camps have the capacities of locations.csv; without, they are never full.
    parts : int
        Into how many parts a day's travellers are split, 1 or more.

    Raises
    ------
    InputError
        If people should flee on a day, but no inhabited location is in conflict; or parts is 0.
    """
    if parts < 1:
        raise InputError(f"parts is {parts}, expected 1 or more")
    network = build_network(folder)
    schedule = make_schedule(folder, network)
    settings, nodes = folder.settings, len(folder.locations)
    days = folder.figures.days
    start = _start(folder)
    stays = np.zeros(len(network.stand_node))
    stays[network.fresh] = start
    limits = np.array([float(location.capacity) for location in folder.locations])
    limits *= settings.capacity_scaling if capacities else 0.0
    out = (np.zeros((days, nodes)), np.zeros(days), np.zeros((days, nodes)))
    walks = (
        (int(network.fresh[0]), int(network.fresh[-1]) + 1) if settings.start_on_foot else (0, 0)
    )
    stopped = run_days(
        (
            schedule.chance, schedule.score, schedule.camp, schedule.danger, schedule.opened,
            schedule.closing, schedule.fleeing,
        ),
        (stays, np.array([float(place.population) for place in folder.locations]), limits),
        (
            network.first_route, network.route_end, network.route_distance, network.first_step,
            network.step_pair,
        ),
        _choices(network, network.route_journey),
        _choices(network, network.route_foot),
        _journeys(network),
        (settings.capacity_buffer, settings.weight_softening, settings.weight_power),
        (
            settings.take_from_population, parts, _reach(network), network.fresh, *walks,
        ),
        out,
    )  # fmt: skip
    if stopped >= 0:
        raise InputError(
            f"{folder.name}: {schedule.fleeing[stopped]:.0f} people flee on day {stopped}, "
            "expected an inhabited location in conflict on that day"
        )
    names = tuple(location.name for location in folder.locations)
    return FleeMean(names, *out, start, schedule.debt)


def _start(folder: FleeFolder) -> Floats:
    """Return the people in camps before day 0: as many as the data say."""
    start = np.zeros(len(folder.locations))
    if folder.settings.insert_day0:
        camps = set(folder.camps)
        for at, location in enumerate(folder.locations):
            if location.name in camps:
                start[at] = folder.figures.series[location.name].on(np.zeros(1, np.int64))[0]
    return start


def _choices(network: Network, journeys: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    return (
        network.first_route, network.route_end, journeys, network.stand_node, network.stand_next,
        network.stand_end, network.journey_pair,
    )  # fmt: skip


def _journeys(network: Network) -> tuple[NDArray[np.int64] | Floats, ...]:
    start = network.pairs[network.journey_pair, 0]
    # Who had a plan when the road closed goes back with a plan that leads nowhere from there.
    planned = network.stand_next[network.journey_stand] >= 0
    return (
        network.journey_stand, network.journey_days, network.journey_left, network.journey_km,
        network.journey_speed, network.first_stage,
        np.where(planned, network.lost[start], start),
    )  # fmt: skip


def _reach(network: Network) -> int:
    speeds = network.journey_speed
    return int(np.ceil(speeds.max())) if len(speeds) else 1
