"""Hypothesis strategies for whole cases: any group, any theatre, any ending."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from dispersal import world
from dispersal.case.schema import (
    END_MODES,
    FIGURE_QUANTITIES,
    HOST_KINDS,
    POLICIES,
    QUALIFIERS,
    REGIONS,
    ROLES,
    STRATA,
    TAGS,
)

from .recipes import Recipe, Row

if TYPE_CHECKING:
    from collections.abc import Callable

COUNTRIES = tuple(sorted(world.countries()))
SOURCE = "src_1"

#: Text as authors write it.
NAMES = ("Côte d’Or, east", "The “old” front", "Δ valley; upper", "a", "North-West <zone> & co")

#: Roles beside that of the home theatre.
OTHER_ROLES = ROLES[1:]

#: Aggregates: total quantities that the model reads, and one that it does not.
TOTALS = ("foreign_departed_total", "returned_total", "foreign_killed", "strength", "arrived")


def _cut(day: dt.date, days: int) -> dt.date:
    return day + dt.timedelta(days=days)


def amounts(most: int = 50_000) -> st.SearchStrategy[int]:
    """Return whole numbers over several orders of magnitude, 0 among them."""
    return st.one_of(st.sampled_from([0, 1, 2]), st.integers(3, 300), st.integers(300, most))


@st.composite
def ranges(draw: Callable[..., Any], most: int = 50_000) -> tuple[int, int]:
    """Return two amounts in order."""
    low, high = sorted((draw(amounts(most)), draw(amounts(most))))
    return low, high


@st.composite
def located(draw: Callable[..., Any], prefix: str, number: int, zone: bool) -> Row:
    """Return an identifier: a country, or a zone with coordinates."""
    if not zone:
        return {"id": draw(st.sampled_from(COUNTRIES))}
    return {
        "id": f"{prefix}-{number}",
        "latitude": draw(st.integers(-90, 90)),
        "longitude": draw(st.integers(-180, 180)),
    }


@st.composite
def places(draw: Callable[..., Any], zones_only: bool) -> tuple[list[str], list[Row]]:
    """Return the territory, and the rows of places.csv."""
    rows: dict[str, Row] = {}

    def add(prefix: str, number: int, *fixed: str, fewest: int = 0) -> str:
        at = draw(located(prefix, number, zones_only or draw(st.booleans())))
        more = draw(st.lists(st.sampled_from(OTHER_ROLES), min_size=fewest, unique=True))
        row: Row = {"place": at["id"], "name": draw(st.sampled_from(NAMES)), "note": "judgement"}
        row |= {"roles": ";".join((*fixed, *more))}
        if "latitude" in at:
            homes = [code for code in rows if len(code) == 3 and not fixed]
            country = st.sampled_from([*homes, *COUNTRIES[:5]] if homes else COUNTRIES)
            row |= {"country": draw(country)}
            row |= {"latitude": at["latitude"], "longitude": at["longitude"]}
        if draw(st.booleans()):
            row["governance"] = draw(st.integers(-25, 25)) / 10
        if draw(st.booleans()):
            row["conflict_deaths"] = draw(amounts())
        rows.setdefault(at["id"], row)
        return str(at["id"])

    territory = [add("HOME", number, "home_theatre") for number in range(draw(st.integers(1, 3)))]
    for number in range(draw(st.integers(0, 6))):
        add("PLACE", number, fewest=1)
    return list(dict.fromkeys(territory)), list(rows.values())


@st.composite
def origins(draw: Callable[..., Any], kinds: str, zones_only: bool, known: list[Row]) -> list[Row]:
    """Return the rows of origins.csv."""
    rows: dict[str, Row] = {}
    at_places = [row for row in known if zones_only is ("latitude" in row)]
    for number in range(draw(st.integers(1, 6))):
        if at_places and draw(st.booleans()):
            chosen = draw(st.sampled_from(at_places))
            at = {"id": chosen["place"]}
            at |= {name: chosen[name] for name in ("latitude", "longitude") if name in chosen}
        else:
            at = draw(located("ORIGIN", number, zones_only or draw(st.booleans())))
        kind = kinds if kinds != "mixed" else draw(st.sampled_from(["foreign", "local"]))
        row: Row = {"origin": at["id"], "name": draw(st.sampled_from(NAMES)), "kind": kind}
        row["region"] = draw(st.sampled_from(REGIONS))
        row |= {name: at[name] for name in ("latitude", "longitude") if name in at}
        if draw(st.booleans()):
            row["members_low"], row["members_high"] = draw(ranges())
        if draw(st.booleans()):
            row |= {"population": draw(amounts(10**9)), "source": SOURCE}
        if draw(st.booleans()):
            row |= {"governance": draw(st.integers(-25, 25)) / 10, "source": SOURCE}
        rows.setdefault(at["id"], row)
    return list(rows.values())


@st.composite
def hosts(draw: Callable[..., Any], at: list[str], cutoff: dt.date) -> list[Row]:
    """Return the rows of hosts.csv."""
    rows = []
    for number in range(draw(st.integers(0, 6))):
        affinity = draw(st.integers(-10, 10)) / 10
        row: Row = {"host": f"host_{number}", "name": draw(st.sampled_from(NAMES))}
        row |= {"place": draw(st.sampled_from(at)), "kind": draw(st.sampled_from(HOST_KINDS))}
        row |= {"affinity": affinity, "note": "judgement"}
        row["published"] = _cut(cutoff, -draw(st.integers(-60, 900)))
        if affinity < 0 or draw(st.booleans()):
            row["thaw_months"] = draw(st.integers(1, 60))
        if draw(st.booleans()):
            row["capacity_low"], row["capacity_high"] = draw(ranges(5_000))
        if draw(st.booleans()):
            row["from"] = _cut(cutoff, draw(st.integers(-900, 900)))
        if draw(st.booleans()):
            row["until"] = _cut(row.get("from", cutoff), draw(st.integers(0, 900)))
        rows.append(row)
    return rows


@st.composite
def policies(draw: Callable[..., Any], actors: list[str], cutoff: dt.date) -> list[Row]:
    """Return the rows of policies.csv: no two at once of one actor, kind and stratum."""
    rows: dict[tuple[str, str, str], Row] = {}
    for number in range(draw(st.integers(0, 8))):
        key = (
            draw(st.sampled_from(actors)),
            draw(st.sampled_from(POLICIES)),
            draw(st.sampled_from(["", *STRATA])),
        )
        low, high = sorted((draw(st.integers(0, 100)), draw(st.integers(0, 100))))
        row: Row = {"policy_id": f"p{number}", "low": low / 100, "high": high / 100}
        row |= dict(zip(("actor", "policy", "stratum"), key, strict=True))
        row["from"] = _cut(cutoff, draw(st.integers(-900, 900)))
        row["published"] = _cut(cutoff, -draw(st.integers(-60, 900)))
        row["note"] = "judgement"
        if draw(st.booleans()):
            row["until"] = _cut(row["from"], draw(st.integers(0, 900)))
        rows.setdefault(key, row)
    return list(rows.values())


@st.composite
def published(draw: Callable[..., Any], start: dt.date, cutoff: dt.date) -> Row:
    """Return what figures and aggregates have in common."""
    qualifier = draw(st.sampled_from(QUALIFIERS))
    low, high = draw(ranges())
    if qualifier == "point":
        high = low
    as_of = _cut(start, draw(st.integers(0, max((cutoff - start).days, 1))))
    return {
        "low": None if qualifier == "at_most" else low,
        "high": None if qualifier == "at_least" else high,
        "qualifier": qualifier,
        "as_of": as_of,
        "published": _cut(as_of, draw(st.integers(0, 90))),
        "source": SOURCE,
    }


@st.composite
def evidence(
    draw: Callable[..., Any],
    codes: list[str],
    territory: list[str],
    start: dt.date,
    cutoff: dt.date,
) -> dict[str, list[Row]]:
    """Return the tables of the evidence: some figures of each kind, or none."""
    figures, aggregates, tags = [], [], []
    for number in range(draw(st.integers(0, 5))):
        row: Row = {"figure_id": f"f{number}", "origin": draw(st.sampled_from(codes))}
        row["quantity"] = draw(st.sampled_from(FIGURE_QUANTITIES))
        figures.append(row | draw(published(start, cutoff)))
        if draw(st.booleans()):
            tag = draw(st.sampled_from(TAGS))
            tags.append({"tag": tag, "figure_id": f"f{number}", "reason": "generated"})
    for number in range(draw(st.integers(0, 4))):
        row = {"figure_id": f"a{number}", "place": "+".join(territory)}
        kind = draw(st.sampled_from(["area", "lost", "total"]))
        row |= draw(published(start, cutoff))
        if kind == "area":
            row["quantity"] = "control_area_km2"
        elif kind == "lost":
            row["quantity"] = "share_territory_lost_percent"
            for end in ("low", "high"):
                row[end] = None if row[end] is None else row[end] % 101
            if row["low"] is not None and row["high"] is not None:
                row["low"], row["high"] = sorted((row["low"], row["high"]))
        else:
            row["quantity"] = draw(st.sampled_from(TOTALS))
        aggregates.append(row)
    return {
        "evidence/figures.csv": figures,
        "evidence/aggregates.csv": aggregates,
        "evidence/tags.csv": tags,
    }


@st.composite
def ends(draw: Callable[..., Any], start: dt.date, cutoff: dt.date) -> dict[str, Any]:
    """Return how the group may end: one mode or several, judged or not, agreed or not."""
    chosen = draw(st.lists(st.sampled_from(END_MODES), min_size=1, unique=True))
    weights = [draw(st.integers(1, 9)) for _ in chosen]
    modes = {mode: weight / sum(weights) for mode, weight in zip(chosen, weights, strict=True)}
    found: dict[str, Any] = {"modes": modes}
    if "negotiated" in modes and draw(st.booleans()):
        found["agreed_on"] = _cut(cutoff, draw(st.integers(-400, 100)))
    judged: dict[dt.date, dict[str, Any]] = {}
    for _ in range(draw(st.integers(0, 2))):
        on = _cut(cutoff, draw(st.integers(-300, 60)))
        steps = sorted(draw(st.integers(-100, 2_000)) for _ in range(3))
        days = [max(_cut(cutoff, step), start) for step in steps]
        judged[on] = {"judged_on": on} | dict(zip(("p10", "p50", "p90"), days, strict=True))
    return found | {"judgements": list(judged.values())}


@st.composite
def cases(draw: Callable[..., Any]) -> Recipe:
    """Return any case that ``dispersal check`` accepts and that leaves a step to forecast."""
    start = _cut(dt.date(1975, 1, 1), draw(st.integers(0, 18_000)))
    length = draw(st.one_of(st.integers(3, 24), st.integers(3, 120)))
    until = _cut(start, round(length * 30.44))
    cutoff = _cut(start, draw(st.integers(0, (until - start).days - 32)))
    kinds = draw(st.sampled_from(["mixed", "local", "foreign"]))
    zones_only = draw(st.booleans())
    territory, rows = draw(places(zones_only))
    homes = draw(origins(kinds, zones_only, rows))
    codes = [row["origin"] for row in homes]
    known = [row["place"] for row in rows]
    organisations = draw(hosts(known, cutoff))
    remnants = [row["host"] for row in organisations if row["kind"] == "remnant"]
    group: dict[str, Any] = {"name": "The group", "description": "Generated."}
    group["remnant"] = draw(st.sampled_from(["", *remnants]))
    if draw(st.booleans()):
        group["members_low"], group["members_high"] = draw(ranges())
    area: dict[str, Any] = {"places": territory}
    area["peak_date"] = _cut(start, draw(st.integers(-700, (until - start).days)))
    if draw(st.booleans()):
        area["peak_area_km2"] = draw(amounts(500_000))
    strata = draw(st.lists(st.sampled_from(STRATA), min_size=1, unique=True))
    question = {
        "schema_version": 1,
        "name": "generated",
        "title": "A generated case",
        "question": "Where do they go?",
        "asked_on": cutoff,
        "group": group,
        "territory": area,
        "period": {"start": start, "until": until},
        "step": draw(st.sampled_from(["month", "month", "week"])),
        "strata": strata,
        "end": draw(ends(start, cutoff)),
    }
    source = {"key": SOURCE, "title": "A report", "author_or_publisher": "An office"}
    tables = {
        "origins.csv": homes,
        "places.csv": rows,
        "hosts.csv": organisations,
        "policies.csv": draw(policies([*codes, *known], cutoff)),
        "evidence/sources.csv": [source | {"published": dt.date(1970, 1, 1)}],
    }
    tables |= draw(evidence(codes, territory, start, cutoff))
    return Recipe(question, tables, cutoff)
