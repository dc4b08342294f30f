"""What a new case takes where nothing is said: places around the home theatre, days, modes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dispersal.authoring.start.regions import regions
from dispersal.authoring.start.sizes import UNKNOWN, contingent_range
from dispersal.case.vocabulary import END_MODES
from dispersal.errors import DispersalError
from dispersal.world import countries, great_circle_km, neighbours
from dispersal.world.polygons import polygons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispersal.authoring.start.answers import Answers
    from dispersal.authoring.start.zones import Located

#: How notes begin of rows that the author of the case has not judged yet.
DEFAULT: Final = "default: "

#: Nearest neighbours that count as theatres where no theatre is named.
THEATRES: Final = 3

#: Nearest countries that stand in for land neighbours of an island.
ACROSS_WATER: Final = 5

Cells = dict[str, str]


@dataclass(frozen=True)
class Days:
    """The period, the peak, and which of them nobody gave."""

    start: dt.date
    until: dt.date
    peak: dt.date
    taken: tuple[str, ...]


def days_of(answers: Answers) -> Days:
    """Return the days of a case: five years before the question to three years after it or more.

    The end of the period lies a year after the latest day judged for the end, but not ten years
    after the question. The peak is in the middle between the start and the question.
    """
    asked = answers.asked_on
    start = answers.since.replace(day=1) if answers.since else dt.date(asked.year - 5, 1, 1)
    year = asked.year + 3
    if answers.end is not None:
        year = max(year, min(answers.end[2].year + 1, asked.year + 10))
    until = _last_of_month(answers.until) if answers.until else dt.date(year, 12, 31)
    peak = answers.peak or start + (asked - start) / 2
    named = {"period.start": answers.since, "period.until": answers.until}
    named["territory.peak_date"] = answers.peak
    return Days(start, until, peak, tuple(key for key, given in named.items() if given is None))


def _last_of_month(day: dt.date) -> dt.date:
    following = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return following - dt.timedelta(days=1)


def past_modes(asked_on: dt.date) -> tuple[dict[str, float], int]:
    """Return how past groups ended, as shares, and how many endings that rests on.

    One is added to each mode, so that none is impossible. Contingents of one ending count once;
    endings after the day of the question do not count.
    """
    from dispersal.reference.history import read_history  # brings JAX, which nothing else needs

    known = read_history().as_known_on(asked_on)
    endings = {(one.end_date, one.place, one.end_mode) for one in known.endings}
    count = Counter(mode for _, _, mode in endings)
    total = len(endings) + len(END_MODES)
    shares = {mode: round((count[mode] + 1) / total, 2) for mode in END_MODES}
    largest = max(shares, key=lambda mode: shares[mode])
    shares[largest] = round(1.0 - sum(s for mode, s in shares.items() if mode != largest), 2)
    return shares, len(endings)


def origin_rows(answers: Answers, home: Sequence[str]) -> list[Cells]:
    """Return the rows of origins.csv.

    Local members are from the countries of the home theatre that are named among the origins,
    or from all of them if none is. Each home country abroad has a range of members: its part of
    their size if that is known, else one that says that nothing is.
    """
    mine = [code for code in answers.origins if code in home] or list(home)
    abroad = [code for code in answers.origins if code not in home]
    named = [(code, "local") for code in mine if answers.local]
    named += [(code, "foreign") for code in abroad]
    size: Cells = {}
    if abroad:
        total = answers.foreign_members
        low, high = UNKNOWN if total is None else contingent_range(*total, len(abroad))
        size = {"members_low": f"{low:.0f}", "members_high": f"{high:.0f}"}
    return [
        {
            "origin": code,
            "name": countries()[code].name,
            "region": regions()[code],
            "kind": kind,
            **(size if kind == "foreign" else {}),
        }
        for code, kind in named
    ]


def place_rows(
    home: Sequence[str], zones: Sequence[Located], theatres: Sequence[str] | None
) -> list[Cells]:
    """Return the rows of places.csv: the home theatre, its zones, and what lies around it.

    A country without zones is its own sanctuary. Land neighbours are on the way and places to
    settle; the nearest of them count as theatres unless theatres are named. For an island the
    nearest countries stand in, and none of them as a theatre.
    """
    rows = [_home(code, any(zone.country == code for zone in zones)) for code in home]
    rows += [_zone(zone) for zone in zones]
    near = nearest(home, zones)
    by_land = [code for code in near if any(code in neighbours(one) for one in home)]
    at_war = by_land[:THEATRES] if theatres is None else [c for c in theatres if c not in home]
    around = by_land or across_water(home)[:ACROSS_WATER]
    rows += [_around(code, home, code in at_war, named=theatres is not None) for code in around]
    rows += [
        _row(code, "theatre", "theatre named when the case was made")
        for code in at_war
        if code not in around
    ]
    return rows


def nearest(home: Sequence[str], zones: Sequence[Located]) -> list[str]:
    """Return the other countries, the one whose capital is nearest to the home theatre first."""
    points = [(zone.latitude, zone.longitude) for zone in zones] or [
        (countries()[code].latitude, countries()[code].longitude) for code in home
    ]
    others = [one for one in countries().values() if one.iso3 not in home]
    at = np.array([one.latitude for one in others]), np.array([one.longitude for one in others])
    km = np.sum([great_circle_km(*point, *at) for point in points], axis=0)
    return [others[index].iso3 for index in km.argsort(kind="stable")]


def across_water(home: Sequence[str]) -> list[str]:
    """Return other countries on the map, the one whose coast is nearest first.

    Examples
    --------
    >>> across_water(["LKA"])[0]
    'IND'
    """
    try:
        outlines = polygons()
    except DispersalError:  # put together without its map
        return nearest(home, ())
    corners = {
        code: np.concatenate([rings[0] for rings in shapes])[:, ::-1]
        for code, shapes in outlines.items()
        if code in countries()
    }
    mine = np.concatenate(
        [
            corners.get(code, np.array([[countries()[code].latitude, countries()[code].longitude]]))
            for code in home
        ]
    )
    km = {
        code: float(great_circle_km(*mine.T[:, :, None], *there.T[:, None, :]).min())
        for code, there in corners.items()
        if code not in home
    }
    return sorted(km, key=lambda code: km[code])


def host_rows(group: str, places: Sequence[Cells], day: dt.date) -> list[Cells]:
    """Return the rows of hosts.csv: what may be left of the group, at each sanctuary."""
    rows = []
    for place in places:
        if "sanctuary" in place["roles"].split(";"):
            slug = place["place"].lower().replace("-", "_")
            rows.append(
                {
                    "host": f"remnant_{slug}",
                    "name": f"{group}, remnant in {place['name']}",
                    "place": place["place"],
                    "kind": "remnant",
                    "published": day.isoformat(),
                    "affinity": "1",
                    "note": f"{DEFAULT}what may be left of the group; judge how many it could hold "
                    "(capacity_low, capacity_high)",
                }
            )
    return rows


def _home(code: str, zoned: bool) -> Cells:
    if zoned:
        return _row(code, "home_theatre;custody", "home theatre, and prisons of the government")
    note = "home theatre, sanctuary as a whole, and prisons of the government; zones tell more"
    return _row(code, "home_theatre;sanctuary;custody", note)


def _zone(zone: Located) -> Cells:
    return {
        "place": zone.place,
        "name": zone.name,
        "country": zone.country,
        "latitude": f"{zone.latitude:g}",
        "longitude": f"{zone.longitude:g}",
        "roles": "home_theatre;sanctuary",
        "note": f"{DEFAULT}zone named when the case was made; judge whether members can hide there",
    }


def _around(code: str, home: Sequence[str], at_war: bool, *, named: bool) -> Cells:
    mine = [one for one in home if code in neighbours(one)]
    where = " and ".join(countries()[one].name for one in mine)
    about = f"land neighbour of {where}" if mine else "among the nearest countries"
    roles = "transit;third_country"
    if at_war:
        roles = "theatre;transit"
        about += ", named as a theatre" if named else "; judge whether there is a war to join"
    else:
        about += "; judge whether members pass or settle there"
    return _row(code, roles, about)


def _row(code: str, roles: str, note: str) -> Cells:
    name = countries()[code].name
    return {"place": code, "name": name, "roles": roles, "note": f"{DEFAULT}{note}"}
