"""What to fill in of where members can go, and of who waits for them there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispersal.authoring.guide.finding import Finding, by_size, some, usual
from dispersal.authoring.start.defaults import DEFAULT
from dispersal.world import countries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispersal.case import Case


def defaults(case: Case, _folder: str) -> Iterator[Finding]:
    """Find rows that a new case was given, and that nobody has judged."""
    places = [row for row in case.places if row.note.startswith(DEFAULT)]
    if places:
        yield Finding(
            "defaults",
            "places.csv",
            "roles",
            f"roles that were taken from the map: {some([row.name for row in places])}",
            "they say where members can hide, fight on, settle, pass or be held; the rest of the "
            "model only chooses among them",
            "judge the cell roles of each, and say in note on what it rests",
            tuple(row.place for row in places),
        )
    if hosts := [row for row in case.hosts if row.note.startswith(DEFAULT)]:
        yield Finding(
            "defaults",
            "hosts.csv",
            "note",
            f"hosts that were taken as given: {some([row.name for row in hosts])}",
            "a remnant is where most of those stay who hide",
            "judge each row, and say in note on what it rests",
            tuple(row.host for row in hosts),
        )


def hosts(case: Case, _folder: str) -> Iterator[Finding]:
    """Find theatres where nobody is named who could take members in."""
    at = {row.place for row in case.hosts}
    empty = [row for row in case.places if "theatre" in row.roles and row.place not in at]
    if empty:
        yield Finding(
            "hosts",
            "hosts.csv",
            "place",
            f"no organisation at {some([row.name for row in empty])}",
            "those who move on there stay alone, and go by distance, language and governance; a "
            "friend draws them, a rival keeps them away",
            "one organisation a row: kind affiliate, local or rival, and affinity from -1 to 1",
            tuple(row.place for row in empty),
        )


def capacity(case: Case, _folder: str) -> Iterator[Finding]:
    """Find hosts that could take in everyone."""
    open_ = [row for row in case.hosts if row.capacity_low is None]
    if open_:
        yield Finding(
            "capacity",
            "hosts.csv",
            "capacity_low",
            f"no range of how many {some([row.name for row in open_])} could take in",
            "without one a host takes in everyone who comes",
            "the cells capacity_low and capacity_high, an 80 % range of newcomers",
            tuple(row.host for row in open_),
        )


def home_policies(case: Case, _folder: str) -> Iterator[Finding]:
    """Find home countries whose policy towards those who return is not told."""
    told = {row.actor for row in case.policies}
    foreign = [row.origin for row in case.origins if row.kind == "foreign"]
    silent = by_size(case, [origin for origin in foreign if origin not in told])
    if silent:
        names = {row.origin: row.name for row in case.origins}
        yield Finding(
            "home_policies",
            "policies.csv",
            "actor",
            f"no policy of {some([names[one] for one in silent])}",
            f"nobody is barred from home, {usual('custody_share')} of the returnees are taken into "
            f"custody and {usual('programme_share')} into a programme (80 %)",
            f"a row of entry_ban, custody or programme with actor {silent[0]}, low and high",
            silent,
        )


def borders(case: Case, _folder: str) -> Iterator[Finding]:
    """Find countries on the way whose border control is not told."""
    told = {row.actor for row in case.policies if row.policy == "border_control"}
    silent = [row for row in case.places if "transit" in row.roles and row.place not in told]
    if silent:
        yield Finding(
            "borders",
            "policies.csv",
            "actor",
            f"no border control of {some([row.name for row in silent])}",
            f"{usual('journey_interdiction')} of journeys are stopped on the way (80 %)",
            f"a row of border_control with actor {silent[0].place}, low and high",
            tuple(row.place for row in silent),
        )


def governance(case: Case, _folder: str) -> Iterator[Finding]:
    """Find places to hide or fight of which it is not said how they are governed."""
    wanted = {"sanctuary", "theatre"}
    silent = [row for row in case.places if wanted & set(row.roles) and row.governance is None]
    if silent:
        yield Finding(
            "governance",
            "places.csv",
            "governance",
            f"no score of government effectiveness of {some([row.name for row in silent])}",
            "a place without one counts as in the middle of the scale; members seek places that "
            "nobody governs",
            "the cell governance: the Worldwide Governance Indicators of the World Bank, or for a "
            "zone a judgement; with source or note",
            tuple(row.place for row in silent),
        )


def sanctuaries(case: Case, _folder: str) -> Iterator[Finding]:
    """Find a case in which members can hide in a country only as a whole."""
    near = [row for row in case.places if "sanctuary" in row.roles]
    if near and all(row.place in countries() for row in near):
        yield Finding(
            "sanctuaries",
            "places.csv",
            "place",
            f"no zone in which members could hide, only {some([row.name for row in near])} whole",
            "where a remnant stays is a part of the answer",
            "a row with an identifier such as COL-CATATUMBO, its country, latitude and longitude, "
            "and the role sanctuary",
            tuple(row.place for row in near),
        )
