"""Where a folder's places are: positions, home countries, and where curves begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.path import Path

from dispersal.displacement.network import build_network
from dispersal.displacement.schedule import make_schedule
from dispersal.forecast.wording import listed
from dispersal.report.displacement.results import plain_name
from dispersal.world.polygons import polygons

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.displacement import FleeFolder

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

#: A position, degrees east and north.
Position = tuple[float, float]

#: Names that a sentence lists.
_LISTED = 5


@dataclass(frozen=True, slots=True, eq=False)
class Positions:
    """Where a folder's places are.

    Parameters
    ----------
    places : mapping of str to (float, float)
        Degrees east and north of each place that has a position.
    home : frozenset of str
        Codes of the countries (ISO 3166-1 alpha-3) in which the home places with a position lie.
    centre : (float, float) or None
        The middle of the places that people flee from, weighted by how many the rules of the folder
        take from each; None if there is none with a position.
    conflict : bool array, shape (days, locations)
        Whether people flee from a place on a day.
    missing : str or None
        In words, what has no position; None if nothing lacks one.
    """

    places: dict[str, Position]
    home: frozenset[str]
    centre: Position | None
    conflict: Flags
    missing: str | None

    @property
    def can_be_drawn(self) -> bool:
        """Whether there is a map."""
        return self.centre is not None


def positions_of(folder: FleeFolder) -> Positions:
    """Return where the places of a folder are.

    A latitude and a longitude of 0 were left out in locations.csv, or mean the same. There is a
    map if a camp and a place that people flee from have positions.
    """
    places = {
        location.name: (location.longitude, location.latitude)
        for location in folder.locations
        if (location.longitude, location.latitude) != (0.0, 0.0)
        and abs(location.longitude) <= 180
        and abs(location.latitude) <= 90
    }
    camps = set(folder.camps)
    at_home = [
        places[location.name]
        for location in folder.locations
        if location.name in places and not location.foreign and location.name not in camps
    ]
    weights = _fled_from(folder)
    danger = weights > 0
    known = [at for at, location in enumerate(folder.locations) if location.name in places]
    shares = weights.sum(axis=0)[known]
    centre = None
    if shares.sum() > 0 and camps & set(places):
        points = np.array([places[folder.locations[at].name] for at in known])
        middle = shares @ points / shares.sum()
        centre = (float(middle[0]), float(middle[1]))
    return Positions(places, _countries_of(at_home), centre, danger, _missing(folder, places))


def _fled_from(folder: FleeFolder) -> Floats:
    """Return how many people the rules take from each place on each day, shape (days, locations).

    Where on a day nobody flees from any place in conflict, the shares of the day count for one.
    """
    schedule = make_schedule(folder, build_network(folder))
    people = np.array([float(location.population) for location in folder.locations])
    shares = schedule.danger * np.maximum(people, 1.0)
    whole = shares.sum(axis=1, keepdims=True)
    shares = np.divide(shares, whole, out=np.zeros_like(shares), where=whole > 0)
    return np.asarray(shares * np.maximum(schedule.fleeing, 1.0)[:, None])


def _countries_of(points: list[Position]) -> frozenset[str]:
    """Return the countries that hold some points, without those that hold few of them.

    Outlines for a map of the world are coarse, so that a place near a border can be on the wrong
    side of it.
    """
    found: dict[str, int] = {}
    for code, shape in polygons().items():
        for rings in shape:
            inside = int(Path(rings[0]).contains_points(points).sum()) if points else 0
            if inside:
                found[code] = found.get(code, 0) + inside
    return frozenset(code for code, count in found.items() if 3 * count >= len(points))


def _missing(folder: FleeFolder, places: dict[str, Position]) -> str | None:
    """Return, in words, which places have no position."""
    without = [plain_name(one.name) for one in folder.locations if one.name not in places]
    if not without:
        return None
    file = f"locations.csv of {folder.name}"
    if len(without) == len(folder.locations):
        return f"There is no map: {file} gives no coordinates."
    more = len(without) - _LISTED
    named = [*without[:_LISTED], f"{more} more"] if more > 0 else without
    said = "is not on the map: it has" if len(without) == 1 else "are not on the map: they have"
    return f"{listed(named)} {said} no coordinates in {file}."
