from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispersal.model.design import (
    FIT_STEP,
    coordinates,
    country_of,
    fit_months,
    make_design,
    theatre_centre,
)
from dispersal.world import UnknownCountryError

from .cases import CUTOFF, origin, place, policy

if TYPE_CHECKING:
    from dispersal.case import Case
    from dispersal.model.design import Design


@given(st.dates(dt.date(1990, 1, 1), dt.date(2010, 1, 1)), st.integers(1, 4_000))
def test_the_fit_has_whole_quarters_that_end_at_the_cutoff(start: dt.date, days: int) -> None:
    cutoff = start + dt.timedelta(days)
    months = fit_months(start, cutoff)
    assert months.steps % FIT_STEP == 0
    assert months.steps >= FIT_STEP
    assert months.start <= start
    if months.steps > FIT_STEP:
        assert abs(months.position(cutoff) - months.steps) <= 0.5
        assert months.position(start) < FIT_STEP


def test_shapes(isis_design: Design, small_design: Design) -> None:
    for design in (isis_design, small_design):
        origins, steps = len(design.origins), design.steps
        assert design.months.steps == FIT_STEP * steps
        assert design.region.shape == design.local.shape == design.population.shape == (origins,)
        assert design.covariates.shape == (origins, 3)
        assert design.local_members.shape == (origins, 2)
        assert design.held.shape == (steps + 1,)
        assert design.open_home.shape == (origins, steps)
        assert 2 * (design.knots - 2) < steps <= 2 * (design.knots - 1)
        assert design.strata.tolist() == [True] * 3
        assert design.region.max() + 1 == len(design.regions)


def test_covariates_of_return(isis_design: Design) -> None:
    foreign = isis_design.covariates[~isis_design.local]
    assert np.abs(foreign.mean(axis=0)).max() < 1e-12
    assert (isis_design.covariates[isis_design.local] == 0).all()
    at = {name: isis_design.origins.index(name) for name in ("TUR", "JOR", "FRA", "AUS")}
    distance, governance, border = isis_design.covariates.T
    assert distance[at["JOR"]] < distance[at["FRA"]] < distance[at["AUS"]]
    assert governance[at["AUS"]] > governance[at["JOR"]]
    assert border[at["TUR"]] == border[at["JOR"]] == pytest.approx(border[at["FRA"]] + 1)


def test_population_counts_from_ten_million(small_design: Design) -> None:
    at = small_design.origins.index("FRA")
    assert small_design.population[at] == pytest.approx(math.log(6.67))
    assert small_design.population[small_design.origins.index("IRQ")] == 0


def test_local_members_come_from_the_origin_or_the_group(small: Case, small_design: Design) -> None:
    at = small_design.origins.index("IRQ")
    mean, deviation = small_design.local_members[at]
    assert mean == pytest.approx(math.log(math.sqrt(1000 * 3000)))
    assert deviation == pytest.approx(math.log(3) / (2 * 1.2816), rel=1e-4)
    two = replace(
        small,
        origins=(
            origin("IRQ", "local"),
            origin("SYR", "local", members_low=100, members_high=400),
            origin("FRA"),
        ),
        policies=(),
    )
    design = make_design(two, CUTOFF)
    assert np.exp(design.local_members[:2, 0]) == pytest.approx([math.sqrt(500 * 1500), 200])


def test_bans_close_homes_from_their_quarter_on(small: Case) -> None:
    row = policy("TUN", "entry_ban", 0.2, 0.4, "2016-06-01")
    design = make_design(replace(small, policies=(row,)), CUTOFF)
    shut = np.flatnonzero(design.open_home[0] < 1)
    assert design.open_home[0, shut] == pytest.approx(np.full(shut.size, 0.7))
    middle = [design.months.instant(FIT_STEP * int(step) + 1) for step in shut]
    assert middle[0] >= dt.date(2016, 6, 1)
    assert shut.tolist() == list(range(design.steps - shut.size, design.steps))
    assert (design.open_home[1:] == 1).all()


def test_places_and_countries(small: Case) -> None:
    assert coordinates(small, "IRQ-ANBAR") == (33.0, 41.0)
    assert coordinates(small, "RUS-CAUCASUS") == (43.3, 45.7)
    assert theatre_centre(small) == coordinates(small, "IRQ")
    assert country_of(small, "IRQ-ANBAR") == "IRQ"
    assert country_of(small, "TUN") == "TUN"
    assert country_of(small, "RUS-CAUCASUS") is None
    with pytest.raises(UnknownCountryError, match="NOWHERE"):
        coordinates(small, "NOWHERE")


def test_nothing_that_is_published_later_is_seen(small: Case) -> None:
    later = policy("FRA", "entry_ban", 0.5, 0.9, "2016-01-01", published="2017-03-08")
    one = make_design(small, CUTOFF)
    other = make_design(replace(small, policies=(*small.policies, later)), CUTOFF)
    assert np.array_equal(one.open_home, other.open_home)
    assert later not in other.case.policies


def test_the_order_of_origins_permutes_the_arrays(isis: Case, isis_design: Design) -> None:
    turned = make_design(replace(isis, origins=isis.origins[::-1]), CUTOFF)
    assert turned.origins == isis_design.origins[::-1]
    assert turned.regions == isis_design.regions
    for name in ("region", "local", "population", "covariates", "local_members", "open_home"):
        array, other = getattr(isis_design, name), getattr(turned, name)
        assert array[::-1] == pytest.approx(other, abs=1e-12), name
    assert np.array_equal(turned.held, isis_design.held)


def test_a_place_without_members_changes_no_array(small: Case, small_design: Design) -> None:
    more = make_design(replace(small, places=(*small.places, place("IRN", "transit"))), CUTOFF)
    assert np.array_equal(more.covariates, small_design.covariates)
    assert np.array_equal(more.held, small_design.held)
