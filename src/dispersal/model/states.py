"""The states a member can be in, and the flows between them, for one case.

A state's name is ``fate``, or ``fate:place``, or ``fate:place:host``. The list is made from the
case's places and hosts, so that nothing here knows of one war.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispersal.case import Case
    from dispersal.case.schema import Host, Place

#: No organisation: alone, or with a group that the case does not list.
ALONE = "-"

#: Every fate of the forecast, in the order of its arrays.
ALL_FATES = (
    "not_joined",
    "in_group",
    "killed",
    "detained",
    "underground",
    "resurgent",
    "moving",
    "elsewhere",
    "third_country",
    "home_at_large",
    "home_in_custody",
    "home_in_programme",
    "demobilised",
)

#: Ways out of the group that time and origin drive together; the classes of flows.
CLASSES = (
    "joining",
    "killed",
    "detained",
    "underground",
    "onward",
    "home",
    "demobilised",
    "steady",
)

ARRIVING = "arriving_home"
HOMEWARD = "moving:home"


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow between two states, and the rule that gives its hazard.

    Parameters
    ----------
    source, target : str
        States.
    kind : str
        One of ``CLASSES``.
    rule : str
        How ``build`` weighs it, e.g. ``theatre`` or ``arrive``.
    """

    source: str
    target: str
    kind: str
    rule: str


@dataclass(frozen=True)
class StateSpace:
    """States and flows of a case.

    Parameters
    ----------
    custody : tuple of str
        Places where members are held, within the home theatre.
    custody_on_the_way : tuple of str
        Places where those stopped on a journey are held.
    sanctuaries, theatres : tuple of (place, host)
        Options to stay near, and to move on; a host is ``ALONE`` or a name of hosts.csv.
    third_countries : tuple of str
        Countries to settle in; a place that is a theatre is none.
    resurgent_at : tuple of str
        Sanctuaries where the group's own can return to fighting.
    """

    custody: tuple[str, ...]
    custody_on_the_way: tuple[str, ...]
    sanctuaries: tuple[tuple[str, str], ...]
    theatres: tuple[tuple[str, str], ...]
    third_countries: tuple[str, ...]
    resurgent_at: tuple[str, ...]

    @cached_property
    def theatre_places(self) -> tuple[str, ...]:
        """Places of the theatres, each once."""
        return tuple(dict.fromkeys(place for place, _ in self.theatres))

    @cached_property
    def states(self) -> tuple[str, ...]:
        """Every state's name."""
        held = dict.fromkeys((*self.custody, *self.custody_on_the_way))
        return (
            "not_joined",
            "in_group",
            "killed",
            "demobilised",
            *(f"detained:{place}" for place in held),
            *(f"underground:{place}:{host}" for place, host in self.sanctuaries),
            *(f"resurgent:{place}" for place in self.resurgent_at),
            *(f"moving:{place}" for place in self.theatre_places),
            *(f"moving:{place}" for place in self.third_countries),
            HOMEWARD,
            *(f"elsewhere:{place}:{host}" for place, host in self.theatres),
            *(f"third_country:{place}" for place in self.third_countries),
            ARRIVING,
            "home_at_large",
            "home_in_custody",
            "home_in_programme",
        )

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """Every flow."""
        return tuple(self._flows())

    def _flows(self) -> Iterator[Flow]:
        yield Flow("not_joined", "in_group", "joining", "one")
        yield Flow("in_group", "killed", "killed", "one")
        yield Flow("in_group", "demobilised", "demobilised", "one")
        for place in self.custody:
            yield Flow("in_group", f"detained:{place}", "detained", "custody")
        for place, host in self.sanctuaries:
            yield Flow("in_group", f"underground:{place}:{host}", "underground", "sanctuary")
        for place in self.theatre_places:
            yield Flow("in_group", f"moving:{place}", "onward", "theatre")
        for place in self.third_countries:
            yield Flow("in_group", f"moving:{place}", "onward", "third_country")
        yield Flow("in_group", HOMEWARD, "home", "homeward")
        yield from self._journeys()
        yield from self._afterwards()
        yield from self._at_home()

    def _journeys(self) -> Iterator[Flow]:
        arrivals = {f"moving:{place}": f"third_country:{place}" for place in self.third_countries}
        arrivals[HOMEWARD] = ARRIVING
        for place, host in self.theatres:
            yield Flow(f"moving:{place}", f"elsewhere:{place}:{host}", "steady", "arrive_at_host")
        for source, target in arrivals.items():
            yield Flow(source, target, "steady", "arrive")
        for source in (*(f"moving:{place}" for place in self.theatre_places), *arrivals):
            if source != HOMEWARD:
                yield Flow(source, ARRIVING, "steady", "deported")
            yield Flow(source, "in_group", "steady", "turned_back")
            for place in self.custody_on_the_way:
                yield Flow(source, f"detained:{place}", "steady", "held_on_the_way")

    def _afterwards(self) -> Iterator[Flow]:
        for place, host in self.sanctuaries:
            state = f"underground:{place}:{host}"
            yield Flow(state, "killed", "steady", "underground_killed")
            yield Flow(state, HOMEWARD, "steady", "underground_home")
            for held in self.custody:
                yield Flow(state, f"detained:{held}", "steady", "underground_detained")
            if place in self.resurgent_at:
                yield Flow(state, f"resurgent:{place}", "steady", "resurgence")
        for place in self.resurgent_at:
            state = f"resurgent:{place}"
            yield Flow(state, "killed", "steady", "resurgent_killed")
            for held in self.custody:
                yield Flow(state, f"detained:{held}", "steady", "resurgent_detained")
        for place, host in self.theatres:
            yield Flow(f"elsewhere:{place}:{host}", "killed", "steady", "onward_killed")
            yield Flow(f"elsewhere:{place}:{host}", ARRIVING, "steady", "onward_home")
        for place in self.third_countries:
            yield Flow(f"third_country:{place}", ARRIVING, "steady", "third_country_home")
        yield Flow("demobilised", "killed", "steady", "demobilised_killed")
        yield Flow("demobilised", "home_at_large", "steady", "demobilised_home")
        for place, host in self.sanctuaries:
            yield Flow("demobilised", f"underground:{place}:{host}", "steady", "rearmed")
        for place in dict.fromkeys((*self.custody, *self.custody_on_the_way)):
            state = f"detained:{place}"
            yield Flow(state, ARRIVING, "steady", "released_home")
            yield Flow(state, "killed", "steady", "detained_killed")
            if place in self.custody:
                for at, host in self.sanctuaries:
                    yield Flow(state, f"underground:{at}:{host}", "steady", "escape")

    def _at_home(self) -> Iterator[Flow]:
        for state in ("home_at_large", "home_in_custody", "home_in_programme"):
            yield Flow(ARRIVING, state, "steady", state)
        yield Flow("home_in_custody", "home_at_large", "steady", "end_of_custody")
        yield Flow("home_in_programme", "home_at_large", "steady", "end_of_programme")


#: Moves that a forecast counts from the cut-off on.
MOVES = ("demobilised", "killed_after_demobilisation", "released")


def move_of(source: str, target: str) -> str | None:
    """Return which of ``MOVES`` a flow between two states is, or None.

    Examples
    --------
    >>> move_of("in_group", "demobilised"), move_of("detained:SYR", ARRIVING)
    ('demobilised', 'released')
    """
    if target == "demobilised":
        return "demobilised"
    if (source, target) == ("demobilised", "killed"):
        return "killed_after_demobilisation"
    return "released" if fate_of(source) == "detained" and target == ARRIVING else None


def fate_of(state: str) -> str:
    """Return the fate that a state belongs to.

    Examples
    --------
    >>> fate_of("elsewhere:LBY:isil_libya"), fate_of("arriving_home")
    ('elsewhere', 'home_at_large')
    """
    return "home_at_large" if state == ARRIVING else state.split(":")[0]


def place_of(state: str) -> str | None:
    """Return the place that a state names, or None.

    Examples
    --------
    >>> place_of("detained:SYR"), place_of("killed"), place_of("moving:home")
    ('SYR', None, None)
    """
    parts = () if state == HOMEWARD else state.split(":")
    return parts[1] if len(parts) > 1 else None


def make_states(case: Case) -> StateSpace:
    """Return the states of a case as known on a day.

    What a case leaves out still has a place: without a sanctuary, or with none where anyone is
    left to hide with, and without a place of custody, the home theatre itself serves; without
    theatres or third countries nobody moves on. A place that is both a theatre and a third country
    counts as a theatre, where one can also stay alone.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> space = make_states(load_case("isis_2017").as_known_on("2017-03-07"))
    >>> space.custody, space.sanctuaries[0]
    (('SYR', 'IRQ', 'SYR-NORTHEAST'), ('SYR-BADIA', 'is_remnant_badia'))
    """
    territory = case.territory.places

    def with_role(role: str) -> tuple[Place, ...]:
        return tuple(place for place in case.places if role in place.roles)

    inside = {
        place.place for place in case.places if {place.place, place.country} & set(territory)
    } | set(territory)
    custody = tuple(p.place for p in with_role("custody") if p.place in inside) or territory
    on_the_way = tuple(p.place for p in with_role("custody") if p.place not in inside)
    near = tuple(place.place for place in with_role("sanctuary"))
    last = case.known_on or case.period.start
    there = tuple(host for host in case.hosts if host.until is None or host.until > last)
    sanctuaries = _near(case.hosts, near)
    if not {ALONE, *(host.host for host in there)}.intersection(host for _, host in sanctuaries):
        sanctuaries += _near(there, territory)
    at_war = tuple(p.place for p in with_role("theatre"))
    theatres = tuple(
        (place, host) for place in at_war for host in (*_hosts_at(case.hosts, place), ALONE)
    )
    remnants = {ALONE, *(host.host for host in case.hosts if host.kind == "remnant")}
    resurgent = tuple(dict.fromkeys(place for place, host in sanctuaries if host in remnants))
    return StateSpace(
        custody=custody,
        custody_on_the_way=on_the_way or custody,
        sanctuaries=sanctuaries,
        theatres=theatres,
        third_countries=tuple(p.place for p in with_role("third_country") if p.place not in at_war),
        resurgent_at=resurgent,
    )


def _near(hosts: tuple[Host, ...], places: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((place, host) for place in places for host in _hosts_at(hosts, place) or (ALONE,))


def _hosts_at(hosts: tuple[Host, ...], place: str) -> tuple[str, ...]:
    return tuple(host.host for host in hosts if host.place == place)
