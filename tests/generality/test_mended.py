"""What generated cases broke, each by a small case of its own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.text import Text

from dispersal.forecast.answer import answer
from dispersal.forecast.theatre import telling_size
from dispersal.inference.program import _members
from dispersal.model.calendar import Months
from dispersal.model.design import country_of, fit_months, make_design
from dispersal.model.hosts import welcome_of
from dispersal.model.states import make_states
from tests.model.cases import host

from .means import Means, posterior_of
from .properties import Forecasted
from .recipes import Recipe
from .uncompiled import formulas_by_numpy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .recipes import Row

CUTOFF = dt.date(2016, 11, 30)
PAST = dt.date(2016, 1, 31)


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    with formulas_by_numpy():
        yield


def recipe(origins: list[Row] | None = None, **tables: list[Row]) -> Recipe:
    """Return a case of local members in one country, with other tables added."""
    question = {
        "schema_version": 1,
        "name": "small",
        "title": "A small case",
        "question": "Where do they go?",
        "asked_on": CUTOFF,
        "group": {
            "name": "The group",
            "description": "Invented.",
            "members_low": 200,
            "members_high": 900,
        },
        "territory": {"places": ["COL"], "peak_date": dt.date(2010, 1, 1)},
        "period": {"start": dt.date(2014, 1, 1), "until": dt.date(2018, 6, 30)},
        "step": "month",
        "strata": ["men"],
        "end": {"modes": {"negotiated": 1.0}, "agreed_on": dt.date(2016, 11, 24)},
    }
    here: list[Row] = [{"place": "COL", "name": "Colombia", "roles": "home_theatre"}]
    rows = {
        "origins.csv": origins or [local("COL")],
        "places.csv": [*here, *tables.get("places", [])],
        "hosts.csv": tables.get("hosts", []),
        "policies.csv": [],
    }
    return Recipe(question, rows, CUTOFF)


def local(name: str, **more: object) -> Row:
    return {"origin": name, "name": name, "region": "latin_america", "kind": "local"} | more


def foreign(name: str, **more: object) -> Row:
    return local(name) | {"kind": "foreign"} | more


def place(name: str, roles: str) -> Row:
    return {"place": name, "name": name, "roles": roles}


def zone(name: str, roles: str, country: str = "COL") -> Row:
    return place(name, roles) | {"country": country, "latitude": 3, "longitude": -72}


def gone(name: str, where: str) -> Row:
    row: Row = {"host": name, "name": name, "place": where, "kind": "local", "affinity": 0.5}
    return row | {"published": PAST, "until": PAST, "note": "judgement"}


def arrived(case: Recipe, folder: Path, prefix: str) -> float:
    """Return how many are expected in some states at the end."""
    means = Means.of(posterior_of(case, case.load(folder)))
    there = [at for at, state in enumerate(means.states) if state.startswith(prefix)]
    return float(means.free[:, :, :, there, -1].sum())


def test_a_theatre_at_home_keeps_nobody_from_third_countries(tmp_path: Path) -> None:
    abroad = [place("ECU", "third_country")]
    before = arrived(recipe(places=abroad), tmp_path / "before", "third_country")
    both = recipe(places=[*abroad, zone("COL-WAR", "theatre")])
    after = arrived(both, tmp_path / "after", "third_country")
    assert after == pytest.approx(before, rel=1e-9)
    assert before > 1


def test_where_every_host_is_gone_members_hide_in_the_home_theatre(tmp_path: Path) -> None:
    left = recipe(places=[zone("COL-HILLS", "sanctuary")], hosts=[gone("left", "COL-HILLS")])
    space = make_states(left.load(tmp_path / "left").as_known_on(CUTOFF))
    assert space.sanctuaries == (("COL-HILLS", "left"), ("COL", "-"))
    assert arrived(left, tmp_path / "again", "underground:COL:") > 0
    assert arrived(left, tmp_path / "hills", "underground:COL-HILLS") == 0


def test_those_stopped_on_the_way_are_held_whatever_the_order_of_rows(tmp_path: Path) -> None:
    prisons = [zone("COL-EAST", "custody"), zone("COL-WEST", "custody")]
    for number, rows in enumerate((prisons, prisons[::-1])):
        space = make_states(recipe(places=rows).load(tmp_path / str(number)))
        assert set(space.custody_on_the_way) == {"COL-EAST", "COL-WEST"}


def test_the_fit_ends_at_the_cutoff_however_early_it_is() -> None:
    start = dt.date(2016, 11, 1)
    for days in (0, 20, 40, 75):
        cutoff = start + dt.timedelta(days=days)
        months = fit_months(start, cutoff)
        last = months.instant(months.steps)
        assert abs((last - cutoff).days) <= 16
        assert months.steps % 3 == 0
        assert months.steps >= 3


def test_a_capacity_that_begins_at_nothing_is_not_nothing() -> None:
    hosts = (
        host("some", "COL", 0.5, capacity_low=0, capacity_high=49),
        host("none", "COL", 0.5, capacity_low=0, capacity_high=0),
    )
    options = tuple(("COL", row.host) for row in hosts)
    found = welcome_of(options, hosts, Months(CUTOFF, 3)).capacity
    assert found.tolist() == [7.0, 0.0]


def test_a_range_of_members_counts_for_those_from_abroad_too(tmp_path: Path) -> None:
    rows = [foreign("ESP", members_low=100, members_high=400), foreign("VEN"), local("COL")]
    design = make_design(recipe(rows).load(tmp_path), CUTOFF)
    values = {"members_level": np.zeros(1), "members_population": 0.0, "members_sd": 9.0}
    mean, deviation = _members(values, design)
    assert design.sized.tolist() == [True, False, True]
    assert float(mean[0]) == pytest.approx(np.log(200))
    assert float(deviation[0]) < 1
    assert (float(mean[1]), float(deviation[1])) == (0.0, 9.0)


def test_a_group_may_be_next_to_nobody(tmp_path: Path) -> None:
    nobody = recipe()
    nobody.question["group"] |= {"members_low": 0, "members_high": 4}
    design = make_design(nobody.load(tmp_path), CUTOFF)
    assert np.exp(design.local_members[0, 0]) == pytest.approx(2.0)


def test_a_local_zone_lies_in_the_country_of_the_home_theatre(tmp_path: Path) -> None:
    at = {"latitude": 3, "longitude": -72}
    case = recipe([local("COL-META", **at), foreign("VEN-APURE", **at)]).load(tmp_path)
    assert country_of(case, "COL-META") == "COL"
    assert country_of(case, "VEN-APURE") is None


def test_a_case_of_local_members_alone_reads_well(tmp_path: Path) -> None:
    at = {"latitude": 3, "longitude": -72}
    rows = [local("COL-META", **at), local("COL-CAUCA", **at)]
    made = Forecasted.of(recipe(rows, places=[place("ECU", "third_country")]), tmp_path)
    words = answer(made.forecast)
    assert "local people who ever joined, by 30 June 2018" in words.text
    assert "demobilised" in words.text
    assert "come home to COL-" in words.text
    assert "from abroad" not in words.text
    assert [table.columns[:3] for table in words.tables] == [
        ("fate or cohort", "local members", "share"),
        ("home region", "ever joined", "home"),
    ]
    assert telling_size(made.forecast) < 200
    drawn = made.forecast.plot.fates()
    texts = " ".join(text.get_text() for text in drawn.figure.findobj(Text))
    assert "Local members on 30 June 2018" in " ".join(texts.split())
    assert "abroad" not in texts
    plt.close("all")


def test_a_case_of_members_from_abroad_alone_reads_well(tmp_path: Path) -> None:
    rows = [foreign("VEN", members_low=100, members_high=400)]
    made = Forecasted.of(recipe(rows, places=[place("ECU", "theatre")]), tmp_path)
    words = answer(made.forecast)
    assert "local" not in words.text
    assert "Those who move on to another theatre after the cut-off reach ECU" in words.text
    assert [table.columns[0] for table in words.tables] == [
        "fate or cohort",
        "home country",
        "theatre",
    ]
