"""Checks of countries and zones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dispersal.case.checks.registry import fault_check
from dispersal.case.schema import AREA_CODES
from dispersal.errors import Fault, InputError, nearest_name
from dispersal.world import countries, find_country

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispersal.case.draft import Draft

_ZONE = re.compile(r"[A-Z0-9-]{3,20}")
_COUNTRY_OR_ZONE = (
    "a country's ISO 3166-1 alpha-3 code, or a zone's own identifier "
    "(3 to 20 capitals, digits and hyphens) with latitude and longitude"
)


def is_country(code: str) -> bool:
    """Return whether a code is an ISO 3166-1 alpha-3 code, or XKX for Kosovo.

    Examples
    --------
    >>> is_country("TUN"), is_country("DESERT-SYR")
    (True, False)
    """
    return code in countries()


def nearest_country(text: str, name: str = "") -> str | None:
    """Return the code that a wrong code, or the name beside it, most likely means.

    Examples
    --------
    >>> nearest_country("TNS", "Tunisia")
    'TUN'
    """
    for candidate in (text, name):
        if candidate:
            try:
                return find_country(candidate)
            except InputError:
                continue
    return nearest_name(text, countries())


def _located(draft: Draft) -> Iterator[tuple[str, int, str, str, str, bool]]:
    """Yield file, row, column, identifier, name and whether both coordinates are given."""
    for row, origin in draft.origins.rows:
        given = (origin.latitude is not None) + (origin.longitude is not None)
        yield draft.origins.file, row, "origin", origin.origin, origin.name, given == 2
    for row, place in draft.places.rows:
        given = (place.latitude is not None) + (place.longitude is not None)
        yield draft.places.file, row, "place", place.place, place.name, given == 2


@fault_check("unknown_country")
def unknown_country(draft: Draft) -> Iterator[Fault]:
    """Find an origin or place that is neither a country nor a zone with coordinates."""
    for file, row, column, code, name, located in _located(draft):
        if is_country(code) or (_ZONE.fullmatch(code) and (located or len(code) > 3)):
            continue
        nearest = nearest_country(code, name)
        yield Fault("unknown_country", file, row, column, code, _COUNTRY_OR_ZONE, nearest)
    for row, place in draft.places.rows:
        if place.country and not is_country(place.country):
            nearest = nearest_country(place.country)
            expected = "the ISO 3166-1 alpha-3 code of the country in which the zone lies"
            file = draft.places.file
            yield Fault("unknown_country", file, row, "country", place.country, expected, nearest)


@fault_check("zone_without_coordinates")
def zone_without_coordinates(draft: Draft) -> Iterator[Fault]:
    """Find a zone that does not say where it lies."""
    for file, row, _, code, _, located in _located(draft):
        if not is_country(code) and len(code) > 3 and _ZONE.fullmatch(code) and not located:
            expected = f"latitude and longitude in degrees, since {code} is a zone"
            yield Fault("zone_without_coordinates", file, row, "latitude", "", expected)


@fault_check("country_with_coordinates")
def country_with_coordinates(draft: Draft) -> Iterator[Fault]:
    """Find a country with coordinates, which could only contradict the known ones."""
    positions = [
        (draft.origins.file, row, origin.origin, origin.latitude, origin.longitude)
        for row, origin in draft.origins.rows
    ]
    positions += [
        (draft.places.file, row, place.place, place.latitude, place.longitude)
        for row, place in draft.places.rows
    ]
    for file, row, code, latitude, longitude in positions:
        if is_country(code):
            for column, value in (("latitude", latitude), ("longitude", longitude)):
                if value is not None:
                    expected = f"an empty cell, since {code} is a country"
                    yield Fault("country_with_coordinates", file, row, column, str(value), expected)


@fault_check("country_of_zone")
def country_of_zone(draft: Draft) -> Iterator[Fault]:
    """Find a zone that names no country to lie in, and a country that names one."""
    file = draft.places.file
    for row, place in draft.places.rows:
        if is_country(place.place) and place.country:
            expected = f"an empty cell, since {place.place} is a country"
            yield Fault("country_of_zone", file, row, "country", place.country, expected)
        elif len(place.place) > 3 and not place.country and _ZONE.fullmatch(place.place):
            expected = f"the code of the country in which {place.place} lies"
            yield Fault("country_of_zone", file, row, "country", "", expected)


@fault_check("unknown_area")
def unknown_area(draft: Draft) -> Iterator[Fault]:
    """Find an aggregate, a judgement or an outcome of no known place, country or larger area."""
    if not (draft.places.readable and draft.origins.readable):
        return
    own = draft.places.known() | draft.origins.known()
    mentions = [
        (draft.aggregates.file, row, "place", figure.place) for row, figure in draft.aggregates.rows
    ]
    for row, judgement in draft.experts.rows:
        mentions.append((draft.experts.file, row, "origin", judgement.origin))
        mentions.append((draft.experts.file, row, "place", judgement.place))
    for row, outcome in draft.outcomes.rows:
        mentions.append((draft.outcomes.file, row, "origin", outcome.origin))
        mentions.append((draft.outcomes.file, row, "place", outcome.place))
    for file, row, column, text in mentions:
        for part in text.split("+") if text else ():
            if part in own or part in AREA_CODES or is_country(part):
                continue
            expected = "a place of places.csv, a country's ISO code or an area's code "
            expected += f"({', '.join(AREA_CODES)}); several joined with +"
            nearest = nearest_name(part, own) or nearest_country(part)
            yield Fault("unknown_area", file, row, column, part, expected, nearest)
