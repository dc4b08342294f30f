"""Names and positions: regions, strata, groups, fates, cohorts, places, origins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dispersal import world
from dispersal.case.schema import AREA_CODES
from dispersal.forecast.theatre import home_places
from dispersal.forecast.wording import listed
from dispersal.report.numbers import measure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispersal.case import Case
    from dispersal.case.schema import Origin, Place
    from dispersal.forecast.forecast import Forecast

REGIONS: Final = {
    "north_africa": "North Africa",
    "middle_east": "Middle East",
    "europe_west": "Western Europe",
    "europe_south_east": "South-Eastern Europe",
    "former_soviet_union": "Former Soviet Union",
    "asia_south": "South Asia",
    "asia_south_east": "South-East Asia",
    "asia_east": "East Asia",
    "africa_sub_saharan": "Sub-Saharan Africa",
    "north_america": "North America",
    "oceania": "Oceania",
    "latin_america": "Latin America",
}
STRATA: Final = {"all": "everyone", "men": "men", "women": "women", "minors": "minors"}
GROUPS: Final = {"foreign": "from abroad", "local": "local members", "all": "all members"}
COHORTS: Final = {
    "holdouts": "holdouts",
    "free_agents": "free agents",
    "returnees": "returnees",
}

#: Areas that notes of the ledger name, beside those of ``dispersal.case.schema.AREA_CODES``.
OTHER_AREAS: Final = {
    "MEA": "the Middle East",
    "SUN": "the former Soviet Union",
    "WEST": "the West",
}

#: Fates in the order in which they are drawn: from the group outwards, the dead last.
FATES: Final = {
    "in_group": ("in the group", None),
    "underground": ("underground", "holdouts"),
    "resurgent": ("active again", "holdouts"),
    "detained": ("detained abroad", None),
    "moving": ("on the way", None),
    "elsewhere": ("in another theatre", "free_agents"),
    "third_country": ("in a third country", "free_agents"),
    "home_at_large": ("home, at large", "returnees"),
    "home_in_custody": ("home, in custody", "returnees"),
    "home_in_programme": ("home, in a programme", "returnees"),
    "demobilised": ("demobilised", None),
    "killed": ("dead", None),
}


def named(names: dict[str, str]) -> list[dict[str, Any]]:
    """Return names as the document lists them."""
    return [{"id": key, "name": name} for key, name in names.items()]


def fates_listed(*, abroad: bool = True) -> list[dict[str, Any]]:
    """Return the fates in drawing order, each with its cohort; who is not from abroad is detained.

    Parameters
    ----------
    abroad : bool
        Whether any members are from abroad.
    """
    found = {key: {"id": key, "name": name, "cohort": of} for key, (name, of) in FATES.items()}
    found["detained"]["name"] = "detained abroad" if abroad else "detained"
    return list(found.values())


def places_listed(forecast: Forecast) -> list[dict[str, Any]]:
    """Return the places of a case, each with a position if any is known."""
    near = home_places(forecast)
    found = []
    for row in forecast.case.places:
        longitude, latitude = position(row)
        found.append(
            {
                "id": row.place,
                "name": row.name,
                "country": row.country or (row.place if row.place in world.countries() else ""),
                "lon": longitude,
                "lat": latitude,
                "roles": list(row.roles),
                "home": row.place in near,
                "note": row.note,
            }
        )
    return found


def origins_listed(case: Case, origins: Iterable[str]) -> list[dict[str, Any]]:
    """Return the home countries in the order of the ensemble."""
    rows = {row.origin: row for row in case.origins}
    found = []
    for code in origins:
        row = rows[code]
        longitude, latitude = position(row)
        found.append(
            {
                "id": code,
                "name": row.name,
                "region": row.region,
                "kind": row.kind,
                "lon": longitude,
                "lat": latitude,
            }
        )
    return found


def areas_listed(forecast: Forecast, codes: Iterable[str]) -> list[dict[str, Any]]:
    """Return the names of areas that figures speak of and that are no place and no origin.

    Parameters
    ----------
    forecast : Forecast
    codes : iterable of str
        As the ledger has them; several joined with ``+``. What has no name is left out.
    """
    known = forecast.names
    others: dict[str, str] = {**AREA_CODES, **OTHER_AREAS}
    others |= {code: found.name for code, found in world.countries().items()}
    found = []
    for code in sorted(set(codes) - set(known) - {""}):
        parts = [known.get(part) or others.get(part, "") for part in code.split("+")]
        if all(parts):
            found.append({"id": code, "name": listed(parts)})
    return found


def position(row: Place | Origin) -> tuple[float | None, float | None]:
    """Return longitude and latitude: the row's own, else those of its country's capital.

    Returns
    -------
    longitude, latitude : float or None
        Degrees east and north, to 0.01; None if neither is known.
    """
    if row.longitude is not None and row.latitude is not None:
        return measure(round(row.longitude, 2)), measure(round(row.latitude, 2))
    code = str(getattr(row, "place", None) or getattr(row, "origin", ""))
    for name in (code, str(getattr(row, "country", ""))):
        if name in world.countries():
            found = world.country(name)
            return found.longitude, found.latitude
    return None, None


def centre(case: Case) -> dict[str, Any]:
    """Return the name and the middle of the home theatre, where flows begin."""
    rows = {place.place: place for place in case.places}
    names = [rows[code].name if code in rows else code for code in case.territory.places]
    points = [position(rows[code]) for code in case.territory.places if code in rows]
    known = [(lon, lat) for lon, lat in points if lon is not None and lat is not None]
    longitude = latitude = None
    if known:
        east, north = np.radians(np.array(known, dtype=float)).T
        x, y = (np.cos(north) * np.cos(east)).mean(), (np.cos(north) * np.sin(east)).mean()
        longitude = round(float(np.degrees(np.arctan2(y, x))), 2)
        latitude = round(float(np.degrees(np.arctan2(np.sin(north).mean(), np.hypot(x, y)))), 2)
    return {"name": listed(names), "lon": longitude, "lat": latitude}
