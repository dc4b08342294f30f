"""What became of a group, as published later, next to the forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from dispersal.case import Ledger
from dispersal.case.schema import Aggregate, TagRule
from dispersal.record.outcomes import OUTCOMES, modelled, published_values, score_outcomes
from dispersal.record.totals import records

if TYPE_CHECKING:
    from dispersal.forecast.forecast import Forecast

ROW: dict[str, Any] = {
    "figure_id": "o1", "quantity": "killed_total", "place": "SYR", "host": "", "low": 100,
    "high": 100, "qualifier": "point", "as_of": "2018-01-01", "published": "2018-02-01",
    "source": "s2", "note": "",
}  # fmt: skip


def ledger(*rows: dict[str, Any], tag: str = "") -> Ledger:
    rules = [TagRule.model_validate({"tag": tag, "figure_id": "o1", "reason": "x"})] if tag else []
    rows_of = tuple(Aggregate.model_validate(ROW | row) for row in rows)
    return Ledger(aggregate_rows=rows_of, tag_rules=tuple(rules))


def only(later: Ledger) -> dict[str, Any]:
    return records(later.aggregates)[0]


@pytest.mark.parametrize("quantity", sorted(OUTCOMES))
def test_every_outcome_counts_what_it_names(forecast: Forecast, quantity: str) -> None:
    later = ledger({"quantity": quantity, "place": ""})
    _, count = modelled(forecast, only(later))
    row = OUTCOMES[quantity]
    if row.move:
        expected = forecast.moved(row.move, "2018-01-01")
    else:
        # A local member who gives up is at home at once; returns that are published cross a border.
        foreign = quantity.startswith("foreign") or quantity == "returned_total"
        group = "foreign" if foreign else "all"
        counts = [forecast.draws(fate, group, "2018-01-01", "adults") for fate in row.fates]
        expected = np.sum(counts, axis=0)
        both = [forecast.draws(fate, "all", "2018-01-01", "adults") for fate in row.fates]
        assert (np.median(np.sum(both, axis=0)) > np.median(expected)) == (group == "foreign")
    np.testing.assert_allclose(count, expected)
    (line,) = score_outcomes(forecast, later).rows.to_dict("records")
    assert line["p50"] == pytest.approx(np.median(expected), rel=0.4)
    assert line["p2_5"] < line["p10"] < line["p50"] < line["p90"] < line["p97_5"]


def test_members_at_a_place_and_with_a_host(forecast: Forecast) -> None:
    day = "2018-01-01"
    there = {"quantity": "members_present", "place": "LBY", "as_of": day}
    _, count = modelled(forecast, only(ledger(there)))
    np.testing.assert_allclose(count, forecast.draws("elsewhere", "all", day, place="LBY"))
    both = there | {"place": "LBY+YEM"}
    _, count = modelled(forecast, only(ledger(both)))
    draws = (forecast.draws("elsewhere", "all", day, place=one) for one in ("LBY", "YEM"))
    np.testing.assert_allclose(count, sum(draws))
    joined = {"quantity": "newcomers_at_host", "place": "", "host": "affiliate in libya"}
    _, count = modelled(forecast, only(ledger(joined)))
    expected = forecast.draws("elsewhere", "all", day, place="LBY:is_libya")
    np.testing.assert_allclose(count, expected)
    desert = {"quantity": "members_present", "place": "SYR-BADIA"}
    _, count = modelled(forecast, only(ledger(desert)))
    assert (count >= forecast.draws("underground", "all", day, place="SYR-BADIA")).all()


def test_inside_and_outside(forecast: Forecast) -> None:
    middle = float(np.median(forecast.draws("killed", "all", "2018-01-01", "adults")))
    rows = (
        {"low": middle, "high": middle},
        {"figure_id": "far", "low": 1e7, "high": 1e7},
        {"figure_id": "least", "low": middle / 100, "high": None, "qualifier": "at_least"},
        {"figure_id": "most", "low": None, "high": middle / 100, "qualifier": "at_most"},
    )
    found = score_outcomes(forecast, ledger(*rows))
    inside = found.rows.set_index("figure_id")[["inside80", "inside95"]].to_dict("index")
    assert inside == {
        "o1": {"inside80": True, "inside95": True},
        "far": {"inside80": False, "inside95": False},
        "least": {"inside80": True, "inside95": True},
        "most": {"inside80": False, "inside95": False},
    }
    assert set(found.misses["figure_id"]) == {"far", "most"}
    chances = found.rows.set_index("figure_id")["probability"]
    assert chances["least"] > 0.99
    assert chances["o1"] > 0.8


def test_what_cannot_be_compared_is_listed_with_its_reason(forecast: Forecast) -> None:
    rows = [
        {"figure_id": "known", "as_of": "2016-12-01", "published": "2017-01-01"},
        {"figure_id": "late", "as_of": "2030-01-01", "published": "2030-02-01"},
        {"figure_id": "camps", "quantity": "camp_population"},
        {"figure_id": "part", "place": "LBY"},
        {"figure_id": "other", "host": "somebody"},
        {"figure_id": "nowhere", "quantity": "members_present", "place": "FRA"},
        {"figure_id": "nobody", "quantity": "newcomers_at_host", "host": "nobody"},
    ]
    found = score_outcomes(forecast, ledger(*rows))
    assert found.rows.empty
    named = {name for names in found.left_out.values() for name in names}
    assert named == {row["figure_id"] for row in rows} - {"known"}
    assert found.misses.empty
    ignored = score_outcomes(forecast, ledger({}, tag="misprint"))
    assert ignored.left_out == {"tagged to be ignored": ("o1",)}


def test_a_doubtful_figure_is_given_more_room_and_the_same_one_always(forecast: Forecast) -> None:
    sure = published_values(forecast, only(ledger({})))
    doubtful = published_values(forecast, only(ledger({}, tag="doubtful")))
    assert doubtful.std() > 1.5 * sure.std()
    again = published_values(forecast, only(ledger({})))
    pd.testing.assert_series_equal(pd.Series(sure), pd.Series(again))
