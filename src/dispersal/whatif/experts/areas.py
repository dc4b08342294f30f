"""The places that judgements name: home countries, theatres, the home theatre, neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dispersal.record.totals import AREAS

if TYPE_CHECKING:
    from dispersal.case import Case

#: Regions of origins.csv in each larger area; those of the totals first, so that both agree.
REGIONS: Final[dict[str, tuple[str, ...]]] = {
    **AREAS,
    "AFR": ("north_africa", "africa_sub_saharan"),
    "ASI": ("asia_south", "asia_south_east", "asia_east", *AREAS["CAS"]),
    "NAF": ("north_africa",),
    "NAM": ("north_america",),
    "WST": ("europe_west", "north_america", "oceania"),
}

#: Countries of theatres in each larger area.
THEATRES: Final[dict[str, tuple[str, ...]]] = {
    "AFR": ("LBY", "EGY", "NGA", "NER", "TCD", "CMR", "MLI", "BFA", "SOM"),
    "NAF": ("LBY", "EGY", "TUN", "DZA"),
    "SAH": ("MLI", "BFA", "NER", "TCD"),
    "SEA": ("PHL", "IDN", "MYS"),
    "WAF": ("NGA", "NER", "TCD", "CMR", "MLI", "BFA"),
}

#: Names of rankings that are no codes: the home theatre, what surrounds it, anywhere else.
HOME_THEATRE: Final = frozenset({"SYR_desert", "desert_IRQ_SYR", "stay_in_IRQ_SYR"})
NEIGHBOURS: Final = {"neighbouring_countries": ("TUR", "LBN", "JOR", "SAU", "IRN")}
ANYWHERE: Final = frozenset({"other_conflict_areas", "other_armed_group"})
HOMES: Final = frozenset({"home_countries", "WLD"})


@dataclass(frozen=True)
class Destination:
    """A place as a judgement names it.

    Parameters
    ----------
    name : str
        As in the ranking.
    kind : {"remnant", "theatre", "near", "home", "unknown"}
        The home theatre, another theatre, a neighbour of the home theatre, a home country.
    codes : tuple of str
        Places of a theatre or neighbour, origins of a home.
    """

    name: str
    kind: str
    codes: tuple[str, ...]


def origins_of_area(case: Case, area: str) -> tuple[str, ...]:
    """Return the home countries of a code: itself, those of a region, or all foreign ones.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> case = load_case("isis_2017")
    >>> origins_of_area(case, "NAM"), origins_of_area(case, "TUN"), origins_of_area(case, "XYZ")
    (('CAN', 'USA'), ('TUN',), ())
    """
    foreign = [row for row in case.origins if row.kind == "foreign"]
    if area in HOMES:
        return tuple(row.origin for row in foreign)
    parts = REGIONS.get(area, (area,))
    return tuple(row.origin for row in foreign if row.region in parts or row.origin in parts)


def destination(case: Case, name: str, *, home: bool = False) -> Destination:
    """Return what a name in a ranking stands for.

    Parameters
    ----------
    case : Case
    name : str
        A code, codes joined with ``+``, or one of the names above.
    home : bool
        Whether the ranking is one of returnees, so that a code means a home country.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> case = load_case("isis_2017")
    >>> [destination(case, name).kind for name in ("IRQ+SYR", "LBY", "EUR", "TUR")]
    ['remnant', 'theatre', 'home', 'near']
    >>> destination(case, "SAU", home=True).codes
    ('SAU',)
    """
    territory = set(case.territory.places)
    if name in HOME_THEATRE or set(name.split("+")) <= territory:
        return Destination(name, "remnant", case.territory.places)
    if name in NEIGHBOURS:
        return Destination(name, "near", NEIGHBOURS[name])
    theatres = tuple(
        row.place
        for row in case.places
        if "theatre" in row.roles and not {row.place, row.country} & territory
    )
    if name in ANYWHERE:
        return Destination(name, "theatre", theatres)
    if home or name in HOMES:
        return _home(case, name)
    inside = THEATRES.get(name, (name,))
    countries = {row.place: row.country or row.place for row in case.places}
    found = tuple(place for place in theatres if place in inside or countries[place] in inside)
    if found:
        return Destination(name, "theatre", found)
    if any(name == row.place and "transit" in row.roles for row in case.places):
        return Destination(name, "near", (name,))
    return _home(case, name)


def _home(case: Case, name: str) -> Destination:
    origins = origins_of_area(case, name)
    return Destination(name, "home" if origins else "unknown", origins)
