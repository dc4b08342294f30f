from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dispersal.model.design import make_design
from dispersal.model.hosts import Welcome, welcome_of
from dispersal.model.options import (
    ALONE_WEIGHT,
    Covariates,
    covariates,
    custody_shares,
    host_shares,
    sanctuary_shares,
    softmax,
    theatre_shares,
    third_country_shares,
)
from dispersal.model.states import ALONE, make_states

from .cases import CUTOFF, at_medians, future, host, origin, place

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.case import Case
    from dispersal.model.forward import Forward
    from dispersal.model.states import StateSpace

UTILITIES = arrays(np.float64, (3, 5), elements=st.floats(-800.0, 800.0))
ALLOWED = arrays(np.bool_, (3, 5))


@given(UTILITIES, ALLOWED)
def test_logit_shares_sum_to_one_or_none(
    utility: NDArray[np.float64], allowed: NDArray[np.bool_]
) -> None:
    shares = softmax(utility, allowed)
    assert (shares[~allowed] == 0).all()
    assert shares.sum(axis=-1) == pytest.approx(allowed.any(axis=-1).astype(float))
    assert (shares >= 0).all()


@given(UTILITIES, st.permutations(range(5)), st.floats(-50.0, 50.0))
def test_logit_shares_know_neither_order_nor_level(
    utility: NDArray[np.float64], order: list[int], level: float
) -> None:
    shares = softmax(utility)
    assert softmax(utility[:, order]) == pytest.approx(shares[:, order])
    assert softmax(utility + level) == pytest.approx(shares, abs=1e-9)


@given(UTILITIES, st.integers(0, 4), st.floats(0.0, 10.0))
def test_what_improves_never_loses(utility: NDArray[np.float64], at: int, more: float) -> None:
    better = utility.copy()
    better[:, at] += more
    assert (softmax(better)[:, at] >= softmax(utility)[:, at] - 1e-12).all()


def test_the_forbidden_do_not_drown_the_allowed() -> None:
    assert softmax(np.array([1000.0, 0.0, 0.0]), np.array([False, True, True])).tolist() == [
        0.0,
        0.5,
        0.5,
    ]
    assert softmax(np.zeros((2, 0))).shape == (2, 0)


@pytest.fixture(scope="module")
def medians(isis_forward: Forward) -> Forward:
    return at_medians(isis_forward)


@pytest.fixture(scope="module")
def space(isis_forward: Forward) -> StateSpace:
    return make_states(isis_forward.design.case)


def of_sanctuaries(forward: Forward, space: StateSpace) -> tuple[Welcome, Covariates]:
    case = forward.design.case
    welcome = welcome_of(space.sanctuaries, case.hosts, forward.ahead)
    return welcome, covariates(case, tuple(where for where, _ in space.sanctuaries))


def of_theatres(forward: Forward, space: StateSpace) -> tuple[Welcome, Covariates]:
    case = forward.design.case
    welcome = welcome_of(space.theatres, case.hosts, forward.ahead)
    return welcome, covariates(case, space.theatre_places)


def test_shares_of_the_built_in_case_sum_to_one(isis_forward: Forward, space: StateSpace) -> None:
    near = sanctuary_shares(isis_forward, *of_sanctuaries(isis_forward, space))
    onward = theatre_shares(isis_forward, space, *of_theatres(isis_forward, space))
    thirds = covariates(isis_forward.design.case, space.third_countries)
    third = third_country_shares(isis_forward, thirds)
    custody = custody_shares(isis_forward, space)
    origins = len(isis_forward.design.origins)
    for shares in (near, onward, third, custody):
        assert shares.shape[:2] == (isis_forward.draws, origins)
        assert shares.sum(axis=-1) == pytest.approx(np.ones((isis_forward.draws, origins)))
        assert (shares >= 0).all()


def test_nobody_moves_on_to_the_own_country(isis_forward: Forward, space: StateSpace) -> None:
    origins = isis_forward.design.origins
    onward = theatre_shares(isis_forward, space, *of_theatres(isis_forward, space))
    assert "AFG" in origins
    assert "EGY" in origins
    assert (onward[:, origins.index("AFG"), space.theatre_places.index("AFG")] == 0).all()
    # A zone of the own country is the own country, too.
    assert (onward[:, origins.index("EGY"), space.theatre_places.index("EGY-SINAI")] == 0).all()
    assert (onward[:, origins.index("EGY"), space.theatre_places.index("AFG")] > 0).all()
    thirds = covariates(isis_forward.design.case, space.third_countries)
    third = third_country_shares(isis_forward, thirds)
    assert (third[:, origins.index("DEU"), space.third_countries.index("DEU")] == 0).all()


def test_shares_are_none_where_only_the_own_country_is_left(small: Case) -> None:
    case = replace(small, places=(*small.places[:2], place("FRA", "third_country")))
    forward = future(case)
    thirds = covariates(forward.design.case, ("FRA",))
    third = third_country_shares(forward, thirds)
    assert third[:, :, 0].mean(axis=0).tolist() == [1.0, 0.0, 1.0, 1.0]


@pytest.mark.parametrize("factor", [0.05, 0.5, 0.95])
@pytest.mark.parametrize("at", range(9))
def test_a_closer_calmer_or_kinder_theatre_never_loses(
    medians: Forward, space: StateSpace, at: int, factor: float
) -> None:
    welcome, facts = of_theatres(medians, space)
    before = theatre_shares(medians, space, welcome, facts)[0, :, at]
    # Medians: members seek what is close, ungoverned, at war, warm, and speaks their language.
    column = np.arange(facts.governance.size) == at
    changes = [
        {"km_theatre": np.where(column, facts.km_theatre * factor, facts.km_theatre)},
        {"km_origin": np.where(column, facts.km_origin * factor, facts.km_origin)},
        {"governance": facts.governance - column / factor},
        {"conflict": facts.conflict + column / factor},
        {"language": np.where(column, 1.0, facts.language)},
    ]
    for change in changes:
        after = theatre_shares(medians, space, welcome, replace(facts, **change))[0, :, at]
        assert (after >= before - 1e-12).all(), change.keys()
    hosts = [where == space.theatre_places[at] for where, _ in space.theatres]
    warm = np.where(hosts, welcome.at_start + (1 - welcome.at_start) * factor, welcome.at_start)
    after = theatre_shares(medians, space, replace(welcome, at_start=warm), facts)[0, :, at]
    assert (after >= before - 1e-12).all()
    assert after.sum() > before.sum()


@pytest.mark.parametrize("factor", [0.05, 0.5, 0.95])
@pytest.mark.parametrize("at", range(7))
def test_a_closer_wilder_or_kinder_sanctuary_never_loses(
    medians: Forward, space: StateSpace, at: int, factor: float
) -> None:
    welcome, facts = of_sanctuaries(medians, space)
    before = sanctuary_shares(medians, welcome, facts)[0, :, at]
    column = np.arange(facts.governance.size) == at
    closer = replace(
        facts,
        km_theatre=np.where(column, facts.km_theatre * factor, facts.km_theatre),
        km_origin=np.where(column, facts.km_origin * factor, facts.km_origin),
    )
    wilder = replace(facts, governance=facts.governance - column)
    warm = replace(welcome, at_start=np.maximum(welcome.at_start, column * 1.0))
    for changed in (
        sanctuary_shares(medians, welcome, closer),
        sanctuary_shares(medians, welcome, wilder),
        sanctuary_shares(medians, warm, facts),
    ):
        assert (changed[0, :, at] >= before - 1e-12).all()


def test_a_closer_third_country_or_one_that_speaks_the_language_gains(
    medians: Forward, space: StateSpace
) -> None:
    facts = covariates(medians.design.case, space.third_countries)
    before = third_country_shares(medians, facts)[0]
    for at in range(len(space.third_countries)):
        column = np.arange(facts.governance.size) == at
        closer = replace(facts, km_theatre=np.where(column, 60.0, facts.km_theatre))
        kin = replace(facts, language=np.where(column, 1.0, facts.language))
        for changed in (closer, kin):
            after = third_country_shares(medians, changed)[0]
            assert (after[:, at] >= before[:, at] - 1e-12).all()


def test_a_sanctuary_whose_host_is_gone_takes_nobody(small: Case) -> None:
    ended = host("gone", "IRQ-ANBAR", 0.9, until="2017-01-01")
    distant = host("distant", "IRQ-ANBAR", 0.9, **{"from": "2019-06-01"})
    case = replace(small, hosts=(*small.hosts, ended, distant))
    for until in ("2018-12-31", "2019-12-31"):
        forward = future(case, until=type(CUTOFF).fromisoformat(until))
        space = make_states(forward.design.case)
        shares = sanctuary_shares(forward, *of_sanctuaries(forward, space))
        assert (shares[:, :, space.sanctuaries.index(("IRQ-ANBAR", "gone"))] == 0).all()
        # One that comes later keeps its share, whatever the last day of the forecast.
        assert (shares[:, :, space.sanctuaries.index(("IRQ-ANBAR", "distant"))] > 0).all()


def test_arrivals_split_among_the_hosts_of_a_place(small: Case) -> None:
    hosts = (
        host("warm", "LBY-FEZZAN", 0.8),
        host("cool", "LBY-FEZZAN", -0.2, thaw_months=12),
        host("gone", "LBY-FEZZAN", 1.0, until="2016-01-01"),
    )
    forward = at_medians(future(replace(small, hosts=hosts)), theatre_welcome=1.0)
    space = make_states(forward.design.case)
    welcome, facts = of_theatres(forward, space)
    shares = dict(zip(space.theatres, host_shares(forward, space, welcome)[0], strict=True))
    weights = {"warm": np.exp(2 * 0.9), "cool": np.exp(2 * 0.4), "gone": 0.0, ALONE: ALONE_WEIGHT}
    total = sum(weights.values())
    assert {name: shares["LBY-FEZZAN", name] for name in weights} == pytest.approx(
        {name: weight / total for name, weight in weights.items()}
    )
    # The place is as warm as the warmest host that is still there.
    other = theatre_shares(forward, space, replace(welcome, at_start=welcome.at_start * 0.9), facts)
    assert (other == theatre_shares(forward, space, welcome, facts)).all()


def test_host_shares_sum_to_one_at_each_place(isis_forward: Forward, space: StateSpace) -> None:
    welcome, _ = of_theatres(isis_forward, space)
    shares = host_shares(isis_forward, space, welcome)
    for where in space.theatre_places:
        here = [at for at, (one, _) in enumerate(space.theatres) if one == where]
        assert shares[:, here].sum(axis=1) == pytest.approx(np.ones(isis_forward.draws))
        assert (shares[:, here] > 0).all()


def test_custody_by_hand(small: Case) -> None:
    question = small.question_file
    territory = question.territory.model_copy(update={"places": ("IRQ", "SYR", "JOR")})
    places = (
        place("IRQ", "home_theatre", "custody"),
        place("IRQ-NORTH", "custody", country="IRQ", latitude=36, longitude=43),
        place("SYR", "home_theatre", "custody"),
        place("JOR", "home_theatre", "custody"),
    )
    origins = (
        origin("TUN"),
        origin("IRQ", "local"),
        origin("SYR", "local"),
        origin("EGY", "local"),
    )
    case = replace(
        small,
        question_file=question.model_copy(update={"territory": territory}),
        places=places,
        origins=origins,
        hosts=(),
        policies=(),
    )
    forward = at_medians(future(case), territory_custody=0.6)
    space = make_states(forward.design.case)
    assert space.custody == ("IRQ", "IRQ-NORTH", "SYR", "JOR")
    shares = custody_shares(forward, space)[0]
    assert shares[0].tolist() == pytest.approx([0.3, 0.3, 0.2, 0.2])
    assert shares[1].tolist() == pytest.approx([0.45, 0.45, 0.05, 0.05])
    assert shares[2].tolist() == pytest.approx([0.025, 0.025, 0.9, 0.05])
    # Locals whose country holds nobody are held as foreigners are.
    assert shares[3].tolist() == pytest.approx(shares[0].tolist())


def test_one_country_of_custody_holds_everyone(small_forward: Forward) -> None:
    shares = custody_shares(small_forward, make_states(small_forward.design.case))
    assert (shares == 1.0).all()


def test_relabelling_places_and_origins_permutes_the_shares(isis: Case) -> None:
    turned = replace(
        isis, places=isis.places[::-1], hosts=isis.hosts[::-1], origins=isis.origins[::-1]
    )
    found = []
    for case in (isis, turned):
        forward = at_medians(future(case, draws=2))
        space = make_states(forward.design.case)
        thirds = covariates(forward.design.case, space.third_countries)
        names = (space.sanctuaries, space.theatre_places, space.third_countries, space.custody)
        shares = (
            sanctuary_shares(forward, *of_sanctuaries(forward, space)),
            theatre_shares(forward, space, *of_theatres(forward, space)),
            third_country_shares(forward, thirds),
            custody_shares(forward, space),
        )
        found.append(
            {
                (origin, name): share[0, i, j]
                for options, share in zip(names, shares, strict=True)
                for i, origin in enumerate(forward.design.origins)
                for j, name in enumerate(options)
            }
        )
    assert found[0] == pytest.approx(found[1], rel=1e-12)


def test_covariates_of_a_few_places(isis: Case) -> None:
    case = isis.as_known_on(CUTOFF)
    facts = covariates(case, ("SYR-IDLIB", "AFG"))
    origins = make_design(isis, CUTOFF).origins
    assert facts.km_theatre[0] < 800 < 2000 < facts.km_theatre[1] < 3000
    assert facts.governance.tolist() == [-1.9, -1.2264]
    assert facts.conflict.tolist() == pytest.approx([0.0, np.log(18992)])
    assert facts.km_origin[origins.index("TUR"), 0] < 1000
    assert not facts.foreign[origins.index("SYR"), 0]
    assert facts.foreign[origins.index("IRQ"), 0]
    assert ((facts.language >= 0) & (facts.language <= 1)).all()
    assert facts.language[origins.index("TUN"), 0] > facts.language[origins.index("FRA"), 0]
