"""Flee's conflicts.csv and closures.csv: what changes from day to day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from dispersal.displacement.reading import Row

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.displacement.places import Location
    from dispersal.displacement.reading import Reading

CONFLICTS = "input_csv/conflicts.csv"
CLOSURES = "input_csv/closures.csv"

ClosureKind = Literal["country", "location", "link", "camp", "idpcamp"]
SecondName = Literal["link", "ignored"]

CLOSURE_KINDS: tuple[ClosureKind, ...] = ("country", "location", "link", "camp", "idpcamp")
CLOSURE_COLUMNS = ("closure_type", "name1", "name2", "closure_start", "closure_end")

#: What Flee takes for no conflict.
NO_CONFLICT = 1e-6


@dataclass(frozen=True, slots=True)
class Closure:
    """Something that is closed from one day until another.

    Parameters
    ----------
    kind : str
        ``country``: all roads between two countries; ``location``: all roads of a location;
        ``link``: the road between two locations; ``camp`` and ``idpcamp``: a camp becomes a town.
    name1, name2 : str
        Countries or locations; the second is empty for locations and camps.
    start, end : int
        Days on which it closes and opens again; -1 is never.
    """

    kind: ClosureKind
    name1: str
    name2: str
    start: int
    end: int


def read_conflicts(
    reading: Reading, locations: tuple[Location, ...], days: int
) -> NDArray[np.float64]:
    """Read conflicts.csv as intensities.

    Returns
    -------
    ndarray, shape (days, locations)
        Missing (NaN) for locations that have no column: nothing ever changes there.
    """
    names = [location.name for location in locations]
    found = np.full((days, len(names)), np.nan)
    rows = reading.rows(CONFLICTS)
    if not rows:
        return found
    header, body = rows[0], rows[1:]
    columns = _columns(reading, header, names)
    filled = max((at for at, name in enumerate(header.cells) if name), default=0)
    if len(body) < days:
        expected = f"{days} rows of days, as long as the period"
        reading.fault("too_few_rows", rows[-1], None, f"{len(body)} rows", expected)
    for day, row in enumerate(body[:days]):
        if row.cell(0) != str(day):
            reading.note(
                "day_by_position", row, "#Day", row.cell(0), f"{day}: rows are read in their order"
            )
        if any(row.cells[filled + 1 :]):
            extra = ",".join(row.cells[filled + 1 :])
            reading.fault("too_many_cells", row, None, extra, "no more cells than the header has")
        for at, place in columns.items():
            # Of a location with two columns, the larger.
            found[day, place] = np.fmax(found[day, place], reading.number(row, at, header.cell(at)))
    for at, location in enumerate(locations):
        if location.kind == "conflict" and days and np.isnan(found[0, at]):
            expected = "a column for each location that starts in conflict: it never ends"
            reading.note("no_column", header, None, location.name, expected)
    return found


def read_closures(
    reading: Reading, locations: tuple[Location, ...], second_name: SecondName
) -> tuple[Closure, ...]:
    """Read closures.csv; faults and notes go to ``reading``."""
    found = []
    if not (reading.folder / CLOSURES).is_file():
        whole = Row(CLOSURES, None, ())
        reading.note("missing_file", whole, None, "no file", "a file of this name: nothing closes")
    for row in reading.rows(CLOSURES, needed=False):
        if not row.is_comment:
            closure = _closure(reading, row, locations, second_name)
            if closure is not None:
                found.append(closure)
    return tuple(found)


def _columns(reading: Reading, header: Row, names: list[str]) -> dict[int, int]:
    places: dict[int, int] = {}
    for at, name in enumerate(header.cells[1:], 1):
        if not name:
            continue
        if name not in names:
            expected = "a location of locations.csv: the column changes nothing"
            reading.note("unknown_location", header, name, name, expected, names)
        elif names.index(name) in places.values():
            expected = "each location once: of its columns the larger number holds on each day"
            reading.note("repeated_name", header, name, name, expected)
            places[at] = names.index(name)
        else:
            places[at] = names.index(name)
    return places


def _closure(
    reading: Reading, row: Row, locations: tuple[Location, ...], second_name: SecondName
) -> Closure | None:
    text, name1, name2 = row.cell(0), row.cell(1), row.cell(2)
    if text == "remove_forced_redirection":
        reading.note("no_effect", row, "closure_type", text, "nothing: nobody is redirected")
        return None
    kind = next((known for known in CLOSURE_KINDS if known == text), None)
    if kind is None:
        expected = f"one of {', '.join(CLOSURE_KINDS)}: the row changes nothing"
        reading.note("unknown_type", row, "closure_type", text, expected, CLOSURE_KINDS)
        return None
    start, end = (reading.whole(row, at, CLOSURE_COLUMNS[at]) for at in (3, 4))
    names = {location.name: location for location in locations}
    countries = {location.country for location in locations}
    if kind == "country":
        for at in (1, 2):
            if row.cell(at) not in countries:
                expected = "a country of locations.csv: the row closes nothing"
                column = CLOSURE_COLUMNS[at]
                reading.note("unknown_country", row, column, row.cell(at), expected, countries)
        return Closure("country", name1, name2, start, end)
    if kind == "location" and name2:
        expected = "nothing for a location"
        if name2 not in names:
            expected = "a location, or nothing: all roads of the first are closed, as Flee does"
        elif second_name == "link":
            expected += ": read as the link between the two (Flee closes all roads of the first)"
            kind = "link"
        else:
            expected += ": all roads of the first are closed, as Flee does"
        reading.note("second_name", row, "name2", name2, expected)
    for at in (1, 2) if kind == "link" else (1,):
        if row.cell(at) not in names:
            expected = "a location of locations.csv"
            reading.fault(
                "unknown_location", row, CLOSURE_COLUMNS[at], row.cell(at), expected, names
            )
            return None
    if kind in ("camp", "idpcamp") and names[name1].kind not in ("camp", "idp_camp"):
        expected = "a camp: from the end of the closure on it is one"
        reading.note("not_a_camp", row, "name1", name1, expected)
    return Closure(kind, name1, name2 if kind == "link" else "", start, end)
