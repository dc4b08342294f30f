"""How camps lie: how near to where people flee from, in which country, and when a way is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from dispersal.displacement.network import build_network
from dispersal.displacement.schedule import make_schedule

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.displacement.flee_files import FleeFolder
    from dispersal.displacement.network import Network

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

#: Days of a step of the latent field.
STEP = 7

#: Days of a month.
MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What the rules know of camps besides their figures.

    Parameters
    ----------
    access : ndarray, shape (steps, camps)
        log Σ_z a_z / (km_z + offset), over places z that people flee from, with their shares a_z in
        that step and km along the shortest roads, open or not; minus its mean.
    opened : ndarray of bool, shape (days, camps)
        Whether any place of the countries in conflict has an open way to the camp, and the camp
        is open.
    country : ndarray of int, shape (camps,)
        Number of the camp's country.
    at_home : float
        People who could flee: the population of the countries in which there is conflict.
    """

    access: Floats
    opened: Flags
    country: NDArray[np.int64]
    at_home: float


def surroundings_of(folder: FleeFolder, offset_km: float) -> Surroundings:
    """Read from a folder how its camps lie.

    Parameters
    ----------
    folder : FleeFolder
    offset_km : float
        Added to every distance, in kilometres.
    """
    network = build_network(folder)
    schedule = make_schedule(folder, network)
    names = [location.name for location in folder.locations]
    camps = np.array([names.index(camp) for camp in folder.camps])
    people = np.array([float(location.population) for location in folder.locations])
    is_camp = np.zeros(len(names), dtype=bool)
    is_camp[camps] = True
    fought = np.asarray(schedule.danger.any(axis=0)).tolist()
    countries = [location.country for location in folder.locations]
    at_war = {name for name, fights in zip(countries, fought, strict=True) if fights}
    home = np.array([name in (at_war or {countries[0]}) for name in countries]) & ~is_camp
    km = _lengths(folder, network)
    everywhere = np.ones(len(km), dtype=bool)
    near = 1.0 / (_distances(network, km, everywhere, len(names))[:, camps] + offset_km)
    usual = np.where(home, np.maximum(people, 1.0), 0.0)
    if not usual.any():
        usual = np.where(is_camp, 0.0, 1.0)
    days = folder.figures.days
    steps = -(-days // STEP)
    access = np.zeros((steps, len(camps)))
    for step in range(steps):
        fleeing = schedule.danger[step * STEP : (step + 1) * STEP].mean(axis=0) * people
        weights = fleeing if fleeing.any() else usual
        access[step] = np.log(weights @ near / weights.sum() + 1e-12)
    opened = np.zeros((days, len(camps)), dtype=bool)
    ways: dict[bytes, Flags] = {}
    for day in range(days):
        roads = schedule.opened[day]
        key = roads.tobytes()
        if key not in ways:
            reached = np.isfinite(_distances(network, km, roads, len(names)))
            ways[key] = np.asarray(reached[usual > 0][:, camps].any(axis=0))
        opened[day] = np.logical_and(ways[key], schedule.camp[day, camps])
    of_camps = [countries[at] for at in camps]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(of_camps))}
    return Surroundings(
        access - access.mean(),
        opened,
        np.array([numbers[name] for name in of_camps], dtype=np.int64),
        float(people[home].sum()),
    )


def _lengths(folder: FleeFolder, network: Network) -> Floats:
    """Return the length of each directed road, shape (P,)."""
    numbers = {location.name: at for at, location in enumerate(folder.locations)}
    shortest: dict[tuple[int, int], float] = {}
    for route in folder.routes:
        one, two = numbers[route.name1], numbers[route.name2]
        for pair in ((one, two), (two, one)):
            shortest[pair] = min(shortest.get(pair, np.inf), route.km)
    return np.array([shortest[int(one), int(two)] for one, two in network.pairs])


def _distances(network: Network, km: Floats, opened: Flags, places: int) -> Floats:
    """Return kilometres between all places along open roads; infinite where there is no way."""
    pairs = network.pairs[opened]
    graph = csr_array((km[opened], (pairs[:, 0], pairs[:, 1])), shape=(places, places))
    return np.asarray(dijkstra(graph))
