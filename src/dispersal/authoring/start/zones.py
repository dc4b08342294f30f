"""Zones of a new home theatre: an identifier, and the country that each lies in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dispersal.authoring.countries import UnnamedCountryError, code_of
from dispersal.authoring.start.answers import ASKED
from dispersal.errors import CaseError, DispersalError, Fault
from dispersal.world import countries
from dispersal.world.names import fold_name
from dispersal.world.polygons import polygons

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.authoring.start.answers import Answers, Zone

#: The case format allows identifiers of 3 to 20 characters.
_LONGEST: Final = 20


@dataclass(frozen=True)
class Located:
    """A zone with its identifier and the code of its country."""

    place: str
    name: str
    country: str
    latitude: float
    longitude: float


def locate_zones(answers: Answers) -> tuple[Located, ...]:
    """Return the zones of a new case, each with an identifier of its own and its country.

    The country is the one in brackets behind a zone's name; else the only country that was
    named; else the one on the map.

    Raises
    ------
    CaseError
        If the country of a zone cannot be told.
    """
    faults: list[Fault] = []
    found: list[Located] = []
    taken: set[str] = set()
    for number, zone in enumerate(answers.zones, start=1):
        name, said = zone.parts()
        try:
            country = _country(zone, said, answers.places)
        except _UnknownError as error:
            where = f"zones[{number}]"
            faults.append(Fault("unknown_country", ASKED, None, where, error.found, error.expected))
            continue
        place = _identifier(country, name, taken)
        taken.add(place)
        found.append(Located(place, name, country, zone.latitude, zone.longitude))
    if faults:
        raise CaseError(answers.name, faults)
    return tuple(found)


class _UnknownError(Exception):
    def __init__(self, found: str, expected: str) -> None:
        self.found, self.expected = found, expected


def _country(zone: Zone, said: str, places: tuple[str, ...]) -> str:
    if said:
        try:
            return code_of(said)
        except UnnamedCountryError as error:
            raise _UnknownError(said, error.expected) from None
    if len(places) == 1:
        return places[0]
    on_map = country_at(zone.latitude, zone.longitude)
    if on_map is None or (places and on_map not in places):
        found = f"{zone.name} at {zone.latitude:g}, {zone.longitude:g}"
        expected = "the country that the zone lies in, in brackets behind its name"
        raise _UnknownError(found, expected)
    return on_map


def country_at(latitude: float, longitude: float) -> str | None:
    """Return the country on the map of the world at a point; None at sea or without the map.

    Examples
    --------
    >>> country_at(33.0, 41.0), country_at(0.0, -30.0)
    ('IRQ', None)
    """
    try:
        outlines = polygons()
    except DispersalError:  # put together without its map
        return None
    for code, shapes in outlines.items():
        for rings in shapes:
            inside = [_inside(ring, latitude, longitude) for ring in rings]
            if inside[0] and not any(inside[1:]):
                return code if code in countries() else None
    return None


def _inside(ring: NDArray[np.float64], latitude: float, longitude: float) -> bool:
    """Count the edges that a line to the east crosses."""
    x, y = ring[:-1].T
    next_x, next_y = ring[1:].T
    across = (y > latitude) != (next_y > latitude)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = x + (latitude - y) / (next_y - y) * (next_x - x)
    return bool((across & (longitude < at)).sum() % 2)


def _identifier(country: str, name: str, taken: set[str]) -> str:
    """Return capitals, digits and hyphens of a zone's name, behind its country's code.

    Names in other scripts than Latin are numbered.
    """
    word = re.sub(r"[^A-Z0-9]+", "-", fold_name(name).upper()).strip("-")
    word = word if re.fullmatch(r"[A-Z0-9-]+", word) else "ZONE"
    stem = f"{country}-{word}"[:_LONGEST].rstrip("-")
    identifier, number = stem, 2
    while identifier in taken:
        end = f"-{number}"
        identifier, number = f"{stem[: _LONGEST - len(end)]}{end}", number + 1
    return identifier
