"""Flee's locations.csv and routes.csv."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from dispersal.displacement.reading import Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispersal.displacement.reading import Reading

Kind = Literal["camp", "idp_camp", "conflict", "hub", "marker", "town"]

LOCATIONS = "input_csv/locations.csv"
ROUTES = "input_csv/routes.csv"

COLUMNS = (
    "name", "region", "country", "latitude", "longitude", "location_type", "conflict_date",
    "population",
)  # fmt: skip
ROUTE_COLUMNS = ("name1", "name2", "distance", "forced_redirection")

#: What a type may contain, in the order in which Flee looks for it.
TYPES: tuple[tuple[str, Kind], ...] = (
    ("camp", "camp"),
    ("conflict", "conflict"),
    ("forward", "hub"),
    ("marker", "marker"),
    ("default", "town"),
    ("town", "town"),
)

#: Free columns that mean something here.
LOCATION_EXTRAS = ("conflict_intensity",)
ROUTE_EXTRAS = ("max_move_speed",)


@dataclass(frozen=True, slots=True)
class Location:
    """A place that people can be in.

    Parameters
    ----------
    name, region, country : str
        As in the file; a country that is left out is "unknown".
    latitude, longitude : float
        Degrees; 0 where left out. No rule uses them.
    kind : str
        What the location type says, at the start of day 0.
    population, capacity : int
        Of a camp the last column is its capacity, otherwise its population; the other is 0, and a
        capacity under 1 means no limit.
    foreign : bool
        In another country than the first location.
    intensity : float
        Of the conflict at the start; 0 without one.
    extra : mapping of str to str
        Free columns.
    """

    name: str
    region: str
    country: str
    latitude: float
    longitude: float
    kind: Kind
    population: int
    capacity: int
    foreign: bool
    intensity: float
    extra: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Route:
    """A road between two locations, open both ways.

    Parameters
    ----------
    name1, name2 : str
        Its ends.
    km : float
        Its length, above 0.
    speed : float or None
        Kilometres a day on this road, where it has its own.
    """

    name1: str
    name2: str
    km: float
    speed: float | None


def kind_of(text: str) -> Kind | None:
    """Return what a location type means, or None.

    Examples
    --------
    >>> kind_of("conflict_zone"), kind_of("IDPcamp"), kind_of("forwarding_hub"), kind_of("lake")
    ('conflict', 'idp_camp', 'hub', None)
    """
    lower = text.lower()
    for part, kind in TYPES:
        if part in lower:
            return "idp_camp" if kind == "camp" and "idp" in lower else kind
    return None


def read_locations(reading: Reading) -> tuple[Location, ...]:
    """Read locations.csv; faults and notes go to ``reading``."""
    rows = reading.rows(LOCATIONS)
    extras = _extra_columns(reading, rows, len(COLUMNS), LOCATION_EXTRAS)
    found: dict[str, Location] = {}
    home: str | None = None
    for row in rows:
        if row.is_comment:
            continue
        if home is None:
            home = row.cell(2) or "unknown"
        location = _location(reading, row, extras, home)
        if location is None:
            continue
        if location.name in found:
            reading.fault("repeated_name", row, "name", location.name, "each location once")
        found[location.name] = location
    if not found and not reading.faults:
        reading.fault("no_rows", Row(LOCATIONS, None, ()), None, "no row", "at least one location")
    return tuple(found.values())


def read_routes(reading: Reading, names: frozenset[str]) -> tuple[Route, ...]:
    """Read routes.csv; faults and notes go to ``reading``."""
    rows = reading.rows(ROUTES, may_be_empty=True)
    extras = _extra_columns(reading, rows, len(ROUTE_COLUMNS), ROUTE_EXTRAS)
    found: list[Route] = []
    seen: set[frozenset[str]] = set()
    for row in rows:
        if row.is_comment:
            continue
        route = _route(reading, row, extras, names)
        if route is None:
            continue
        pair = frozenset((route.name1, route.name2))
        if pair in seen:
            reading.note(
                "repeated_route", row, None, f"{route.name1}, {route.name2}",
                "each pair once: it weighs twice, and is travelled as the first row says",
            )  # fmt: skip
        seen.add(pair)
        found.append(route)
    return tuple(found)


def _location(reading: Reading, row: Row, extras: tuple[str, ...], home: str) -> Location | None:
    if len(row.cells) < len(COLUMNS):
        reading.fault(
            "too_few_cells", row, None, ",".join(row.cells), f"{len(COLUMNS)} cells: {COLUMNS}"
        )
        return None
    if not row.cell(0):
        reading.fault("empty_cell", row, "name", "", "a name")
        return None
    kind = kind_of(row.cell(5))
    if kind is None:
        names = ("camp", "idpcamp", "conflict_zone", "forwarding_hub", "marker", "town")
        expected = f"one of {', '.join(names)}"
        reading.fault("unknown_type", row, "location_type", row.cell(5), expected, names)
        return None
    if kind == "conflict" and reading.whole(row, 6, "conflict_date") > 0:
        kind = "town"
    people = reading.whole(row, 7, "population") if row.cell(7) else 0
    if people < 0:
        reading.fault("negative", row, "population", row.cell(7), "0 or more")
    country = row.cell(2) or "unknown"
    is_camp = kind in ("camp", "idp_camp")
    extra = {name: row.cell(at) for at, name in enumerate(extras, len(COLUMNS)) if row.cell(at)}
    at = len(COLUMNS) + extras.index("conflict_intensity") if "conflict_intensity" in extra else 0
    intensity = reading.number(row, at, "conflict_intensity") if at else 1.0
    return Location(
        row.cell(0),
        row.cell(1),
        country,
        reading.number(row, 3, "latitude") if row.cell(3) else 0.0,
        reading.number(row, 4, "longitude") if row.cell(4) else 0.0,
        kind,
        0 if is_camp else people,
        people if is_camp else 0,
        country != home,
        intensity if kind == "conflict" else 0.0,
        MappingProxyType(extra),
    )


def _route(
    reading: Reading, row: Row, extras: tuple[str, ...], names: frozenset[str]
) -> Route | None:
    before = len(reading.faults)
    for at in (0, 1):
        if row.cell(at) not in names:
            expected = "a location of locations.csv"
            reading.fault("unknown_location", row, ROUTE_COLUMNS[at], row.cell(at), expected, names)
    if row.cell(0) == row.cell(1):
        reading.fault("same_ends", row, "name2", row.cell(1), "another location than name1")
    km = reading.number(row, 2, "distance")
    if km <= 0 and len(reading.faults) == before:
        reading.fault("no_length", row, "distance", row.cell(2), "kilometres above 0")
    forced = row.cell(3)
    if forced not in ("", "0", "1", "2"):
        reading.fault("unknown_code", row, "forced_redirection", forced, "0, 1, 2 or nothing")
    elif forced in ("1", "2"):
        reading.note(
            "no_effect", row, "forced_redirection", forced,
            "0 or nothing: nobody is redirected (nor by Flee 3, where a 1 counts the road twice)",
        )  # fmt: skip
    speed = None
    if "max_move_speed" in extras:
        at = len(ROUTE_COLUMNS) + extras.index("max_move_speed")
        if row.cell(at):
            speed = reading.number(row, at, "max_move_speed")
            if speed <= 0 and len(reading.faults) == before:
                reading.fault("no_speed", row, "max_move_speed", row.cell(at), "above 0")
    if len(reading.faults) > before:
        return None
    return Route(row.cell(0), row.cell(1), km, speed)


def _extra_columns(
    reading: Reading, rows: list[Row], fixed: int, known: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the names of the free columns, and note those that mean nothing here."""
    header = next((row for row in rows if row.is_comment and len(row.cells) > fixed), None)
    if header is None:
        return ()
    extras = header.cells[fixed:]
    for name in extras:
        if name and name not in known:
            expected = f"one of {', '.join(known)}: other columns change nothing"
            reading.note("unused_column", header, name, name, expected, known)
    return extras
