"""The document of displacement: all that its page shows, as plain data."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dispersal.forecast.wording import day, number
from dispersal.report.displacement.results import OWN, plain_name
from dispersal.report.displacement.tables import errors_table
from dispersal.report.displacement.words import (
    LIMITS,
    LINE,
    about,
    finding_of_camps,
    finding_of_errors,
    sentences,
    source_line,
)
from dispersal.report.numbers import FIVE, counts, measure, shares

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.report.displacement.positions import Positions
    from dispersal.report.displacement.results import Results

#: Version of the layout.
FORMAT: Final = 1

#: A page has at most about so many days; of longer times every second, third … is shown.
MOST_INSTANTS: Final = 1000


def displacement_document(results: Results, positions: Positions) -> dict[str, Any]:
    """Return everything that the page of displacement shows, as plain data, ready for JSON.

    Parameters
    ----------
    results : Results
    positions : Positions
        Of the same folder.

    Returns
    -------
    dict
        ``dispersal.report.displacement.layout.check_displacement`` says whether a document is one.
    """
    days = shown_days(results.days, results.first)
    made = results.provenance
    known = results.known_until
    return {
        "kind": "displacement",
        "format": FORMAT,
        "meta": {
            "case": results.folder.name,
            "title": f"{results.folder.name}: people in camps",
            "question": "Which camps do the people reach who flee from the conflict?",
            "about": about(results),
            "source": source_line(results),
            "cutoff": None if known is None else known.isoformat(),
            "until": results.date(results.days - 1).isoformat(),
            "seed": made.get("seed"),
            "draws": made.get("draws"),
            "versions": {"dispersal": made["dispersal"]},
        },
        "instants": [results.date(int(at)).isoformat() for at in days],
        "ahead": int(np.searchsorted(days, results.first)),
        "answer": {"sentences": sentences(results), "changes": []},
        "tables": [_last_day(results)],
        "limits": list(LIMITS),
        "line": list(LINE),
        "displacement": {
            "rules": results.rules,
            "findings": {
                "camps": finding_of_camps(results),
                "errors": finding_of_errors(results),
            },
            "map": _map_of_camps(results, positions, days),
            "missing": positions.missing,
            "camps": [_camp(results, at, positions, days) for at in range(len(results.camps))],
            "errors": _errors_listed(results),
            "coverage": [
                {"level": level, "share": shares(share)}
                for level, share in results.coverage.items()
            ],
            "notes": [str(note) for note in results.folder.notes],
        },
    }


def shown_days(days: int, first: int) -> NDArray[np.int64]:
    """Return the days that a page shows, among them the first, the last, and the first forecast.

    Examples
    --------
    >>> shown_days(4, 2).tolist(), len(shown_days(2500, 31))
    ([0, 1, 2, 3], 835)
    """
    step = -(-days // MOST_INSTANTS)
    chosen = {*range(0, first, step), *range(first, days, step), days - 1}
    return np.array(sorted(chosen), dtype=np.int64)


def _camp(
    results: Results, at: int, positions: Positions, days: NDArray[np.int64]
) -> dict[str, Any]:
    name = results.camps[at]
    ahead = days[days >= results.first] - results.first
    located = list(positions.places)
    country = next(one.country for one in results.folder.locations if one.name == name)
    return {
        "name": plain_name(name),
        "country": plain_name(country),
        "place": located.index(name) if positions.can_be_drawn and name in located else None,
        "middle": counts(results.middle[ahead, at]),
        "spread": {level: counts(results.spread[level][ahead, at]) for level in FIVE}
        if results.spread
        else None,
        "counted": counts(results.counted[days, at]),
        "beside": None if results.beside is None else counts(results.beside[days, at]),
        "figures": [
            {"date": results.date(when).isoformat(), "count": counts(count), "known": known}
            for when, count, known in results.figures(name)
        ],
    }


def _map_of_camps(
    results: Results, positions: Positions, days: NDArray[np.int64]
) -> dict[str, Any] | None:
    if positions.centre is None:
        return None
    located = {name: at for at, name in enumerate(positions.places)}
    numbers = {one.name: at for at, one in enumerate(results.folder.locations)}
    lon, lat = positions.centre
    return {
        "home": sorted(positions.home),
        "centre": {"lon": round(lon, 4), "lat": round(lat, 4)},
        "places": [
            {
                "name": plain_name(name),
                "lon": round(east, 4),
                "lat": round(north, 4),
                "camp": name in results.camps,
                "conflict": _spans(positions.conflict[days, numbers[name]]),
            }
            for name, (east, north) in positions.places.items()
        ],
        "roads": [
            [located[route.name1], located[route.name2]]
            for route in results.folder.routes
            if route.name1 in located and route.name2 in located
        ],
    }


def _spans(flags: NDArray[np.bool_]) -> list[list[int]]:
    """Return first and last positions of each run of true ones.

    Examples
    --------
    >>> _spans(np.array([True, True, False, True]))
    [[0, 1], [3, 3]]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [[int(one), int(two) - 1] for one, two in list(pairwise(edges))[::2]]


def _errors_listed(results: Results) -> list[dict[str, Any]]:
    return [
        {
            "name": row["words"],
            "rescaled": measure(row["rescaled"]),
            "normal": measure(row["normal"]),
            "crps": measure(row.get("crps")),
            "fed": bool(row["fed"]),
            "own": row["forecast"] == OWN[results.rules],
        }
        for row in errors_table(results).to_dict("records")
    ]


def _last_day(results: Results) -> dict[str, Any]:
    """Return the camps on the last day in words."""
    columns = ["camp", "median" if results.spread else "expected"]
    columns += ["80 % interval"] if results.spread else []
    columns += ["counted", *(["last known"] if results.first else [])]
    rows = []
    for at, camp in enumerate(results.camps):
        low, middle, high = results.at_end(at)
        row = [plain_name(camp), number(middle)]
        row += [f"{number(low)} to {number(high)}"] if results.spread else []
        row.append(number(float(results.counted[-1, at])))
        if results.first:
            row.append(number(float(results.counted[results.first - 1, at])))
        rows.append(row)
    title = f"People in camps on {day(results.date(results.days - 1))}"
    return {"title": title, "columns": columns, "rows": rows}
