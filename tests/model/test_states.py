from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dispersal.model.design import make_design
from dispersal.model.parameters import table
from dispersal.model.states import (
    ALL_FATES,
    ALONE,
    CLASSES,
    StateSpace,
    fate_of,
    make_states,
    place_of,
)
from dispersal.model.weights import Rules
from dispersal.population import Process

from .cases import CUTOFF, host, place

if TYPE_CHECKING:
    from dispersal.case import Case


def as_process(space: StateSpace) -> Process:
    """Return the states and flows as the engine takes them, with all of its checks."""
    flows = [(flow.source, flow.target, flow.kind) for flow in space.flows]
    return Process.from_names(["all"], space.states, flows, step=1.0, classes=CLASSES)[0]


def without(case: Case, *roles: str) -> Case:
    """Return a case no place of which has some roles."""
    places = tuple(
        row.model_copy(update={"roles": kept})
        for row in case.places
        if (kept := tuple(role for role in row.roles if role not in roles))
    )
    return replace(case, places=places)


def check(space: StateSpace) -> None:
    states = set(space.states)
    assert max(Counter(space.states).values()) == 1
    pairs = Counter((flow.source, flow.target) for flow in space.flows)
    assert max(pairs.values()) == 1
    for flow in space.flows:
        assert {flow.source, flow.target} <= states, flow
        assert flow.source != flow.target
        assert flow.kind in CLASSES
        assert hasattr(Rules, f"_{flow.rule}") or flow.rule in table(), flow.rule
    assert {fate_of(state) for state in states} <= set(ALL_FATES)
    sources = {flow.source for flow in space.flows}
    assert states - sources <= {"killed", "demobilised", "home_at_large"}
    targets = {flow.target for flow in space.flows}
    assert states - targets == {"not_joined"}
    assert as_process(space).n_states == len(states)


def test_the_built_in_case(isis: Case) -> None:
    space = make_states(isis.as_known_on(CUTOFF))
    check(space)
    assert {fate_of(state) for state in space.states} == set(ALL_FATES)
    assert space.custody == ("SYR", "IRQ", "SYR-NORTHEAST")
    assert space.custody_on_the_way == ("TUR",)
    assert ("SYR-IDLIB", "nusra_hts") in space.sanctuaries
    assert ("LBY", "isil_libya") in space.theatres
    assert ("LBY", ALONE) in space.theatres
    assert "IRN" not in {place_of(state) for state in space.states}


def test_the_small_case(small: Case) -> None:
    space = make_states(small.as_known_on(CUTOFF))
    check(space)
    assert space.custody == ("IRQ",)
    assert space.custody_on_the_way == ("IRQ",)
    assert space.sanctuaries == (
        ("IRQ-ANBAR", "remnant_iraq"),
        ("IRQ-ANBAR", "old_rival"),
        ("LBY-FEZZAN", "is_libya"),
    )
    assert space.resurgent_at == ("IRQ-ANBAR",)
    assert space.theatre_places == ("LBY-FEZZAN",)
    assert space.third_countries == ("TUR",)


@pytest.mark.parametrize(
    "roles",
    [
        ("sanctuary",),
        ("theatre",),
        ("third_country",),
        ("custody",),
        ("theatre", "third_country"),
        ("sanctuary", "theatre", "third_country", "custody", "transit"),
    ],
)
def test_a_case_may_leave_out_any_role(small: Case, roles: tuple[str, ...]) -> None:
    space = make_states(without(small, *roles))
    check(space)
    assert space.custody == ("IRQ",)
    if "sanctuary" in roles:
        assert space.sanctuaries == (("IRQ", ALONE),)
        assert space.resurgent_at == ("IRQ",)
    assert bool(space.theatres) == ("theatre" not in roles)
    assert bool(space.third_countries) == ("third_country" not in roles)


def test_a_case_without_hosts_has_members_alone(small: Case) -> None:
    space = make_states(replace(small, hosts=()))
    check(space)
    assert space.sanctuaries == (("IRQ-ANBAR", ALONE), ("LBY-FEZZAN", ALONE))
    assert space.theatres == (("LBY-FEZZAN", ALONE),)


def test_a_place_without_a_role_in_the_model_changes_nothing(small: Case) -> None:
    more = replace(small, places=(*small.places, place("IRN", "transit")))
    assert make_states(more) == make_states(small)


def test_the_order_of_places_and_hosts_only_orders_the_states(isis: Case) -> None:
    case = isis.as_known_on(CUTOFF)
    turned = replace(case, places=case.places[::-1], hosts=case.hosts[::-1])
    one, other = make_states(case), make_states(turned)
    assert set(one.states) == set(other.states)
    assert set(one.flows) == set(other.flows)


def test_a_theatre_is_no_third_country_as_well(small: Case) -> None:
    both = place("YEM", "theatre", "third_country")
    space = make_states(replace(small, places=(*small.places, both)))
    check(space)
    assert "YEM" in space.theatre_places
    assert "YEM" not in space.third_countries


def test_only_the_group_itself_resurges(small: Case) -> None:
    rival = host("rival", "IRQ-ANBAR", -0.5, kind="rival", thaw_months=12)
    space = make_states(replace(small, hosts=(rival,)))
    assert space.sanctuaries == (("IRQ-ANBAR", "rival"), ("LBY-FEZZAN", ALONE))
    assert space.resurgent_at == ("LBY-FEZZAN",)
    check(space)


def test_custody_outside_the_theatre_is_custody_on_the_way(small: Case) -> None:
    places = (*small.places, place("JOR", "custody"), place("IRQ-NORTH", "custody", country="IRQ",
              latitude=36, longitude=43))  # fmt: skip
    space = make_states(replace(small, places=places))
    check(space)
    assert space.custody == ("IRQ", "IRQ-NORTH")
    assert space.custody_on_the_way == ("JOR",)


def test_names_tell_fate_and_place(isis: Case) -> None:
    space = make_states(isis.as_known_on(CUTOFF))
    known = {row.place for row in isis.places}
    for state in space.states:
        where = place_of(state)
        assert where is None or where in known
        assert (where is None) == (":" not in state or state == "moving:home")
    assert fate_of("arriving_home") == "home_at_large"


def test_what_is_known_later_adds_no_state(isis: Case) -> None:
    states = make_states(make_design(isis, CUTOFF).case).states
    assert not any("hurras_aldin" in state for state in states)
    assert any("hurras_aldin" in state for state in make_states(isis).states)
