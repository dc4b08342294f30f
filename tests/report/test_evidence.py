"""The ledger of a report: what was known, what was used, what contradicts what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dispersal.case import Ledger
from dispersal.case.schema import Aggregate
from dispersal.inference.observation import observe
from dispersal.model.design import make_design
from dispersal.report.evidence import disagreements
from dispersal.report.names import areas_listed
from dispersal.report.schema import unpacked
from tests.record.figures import figure

if TYPE_CHECKING:
    from dispersal.forecast.forecast import Forecast


def test_known_and_used_figures_are_marked(forecast: Forecast, made: dict[str, Any]) -> None:
    rows = {row["id"]: row for row in unpacked(made["ledger"]["figures"])}
    case = forecast.case
    used = set(observe(make_design(case, forecast.cutoff)).figure_id)
    assert {name for name, row in rows.items() if row["used"]} == used
    assert {name for name, row in rows.items() if not row["known"]} == {"later"}
    assert rows["t2"] | {"tags": []} == {
        "id": "t2", "kind": "figure", "quantity": "returned", "origin": "TUN", "place": "",
        "host": "", "low": 599, "high": 599, "qualifier": "point", "as_of": "2015-12-31",
        "published": "2016-01-02", "source": "s1", "note": "", "tags": [], "known": True,
        "used": "t2" in used,
    }  # fmt: skip


def test_every_figure_leads_to_its_source(made: dict[str, Any]) -> None:
    sources = made["ledger"]["sources"]
    assert {row["source"] for row in unpacked(made["ledger"]["figures"])} == set(sources)
    assert sources["s1"]["url"] == "https://example.org/report"
    assert sources["s2"] == {
        "title": "A later report", "publisher": "Institute", "published": "2017-12-01", "url": "",
    }  # fmt: skip


def found(*rows: Any) -> list[list[str]]:
    figures = tuple(row for row in rows if not isinstance(row, Aggregate))
    aggregates = tuple(row for row in rows if isinstance(row, Aggregate))
    return disagreements(Ledger(figures, aggregates).query())


def test_figures_of_the_same_thing_and_time_disagree() -> None:
    first = figure("a", "returned", "TUN", 500)
    second = figure("b", "returned", "TUN", 800, as_of="2018-03-01")
    assert found(first, second) == [["a", "b"]]


def test_other_things_and_other_times_do_not() -> None:
    first = figure("a", "returned", "TUN", 500)
    assert found(first, figure("b", "returned", "FRA", 800)) == []
    assert found(first, figure("b", "killed", "TUN", 800)) == []
    assert found(first, figure("b", "returned", "TUN", 800, as_of="2018-06-01")) == []


def test_what_can_both_be_true_does_not() -> None:
    first = figure("a", "returned", "TUN", 500)
    assert found(first, figure("b", "returned", "TUN", 540, qualifier="about")) == []
    assert found(first, figure("b", "returned", "TUN", 560, qualifier="about")) == [["a", "b"]]
    assert found(first, figure("b", "returned", "TUN", 400, high=None, qualifier="at_least")) == []
    assert found(
        first, figure("b", "returned", "TUN", 0, low=None, high=400, qualifier="at_most")
    ) == [["a", "b"]]
    assert found(first, figure("b", "returned", "TUN", 400, high=600, qualifier="range")) == []


def test_sets_are_of_three_months_and_none_is_part_of_another() -> None:
    days = ("2018-01-01", "2018-02-01", "2018-03-01", "2018-05-01", "2018-05-20")
    rows = [
        figure(name, "returned", "TUN", value, as_of=day)
        for name, value, day in zip("abcde", (500, 500, 900, 500, 500), days, strict=True)
    ]
    assert found(*rows) == [["a", "b", "c"], ["b", "c", "d"], ["c", "d", "e"]]
    later = figure("e", "returned", "TUN", 900, as_of="2018-04-01")
    first = figure("a", "returned", "TUN", 899, as_of="2018-01-01")
    assert found(*rows[1:4], later, first) == [["a", "b", "c", "e"], ["b", "c", "e", "d"]]


def test_aggregates_are_of_a_place_and_a_host() -> None:
    def strength(name: str, count: float, host: str = "") -> Aggregate:
        return Aggregate.model_validate(
            {
                "figure_id": name, "quantity": "theatre_strength", "place": "LBY", "host": host,
                "low": count, "high": count, "qualifier": "point", "as_of": "2016-01-01",
                "published": "2016-01-02", "source": "s",
            }
        )  # fmt: skip

    assert found(strength("a", 3000), strength("b", 6500)) == [["a", "b"]]
    assert found(strength("a", 3000), strength("b", 6500, "is_libya")) == []


def test_no_figures_do_not_disagree() -> None:
    assert disagreements(Ledger().query()) == []
    assert isinstance(Ledger().query(), pd.DataFrame)


def test_areas_have_names(forecast: Forecast) -> None:
    areas = areas_listed(forecast, ["EUR", "SYR+TUN", "TUN", "", "XXX", "CHE"])
    assert {area["id"]: area["name"] for area in areas} == {
        "EUR": "Europe", "SYR+TUN": "Syria and Tunisia", "CHE": "Switzerland",
    }  # fmt: skip
