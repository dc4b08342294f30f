"""Totals and strengths over many origins, and sources that lie apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from dispersal.case import Ledger
from dispersal.case.schema import Aggregate
from dispersal.record.totals import disagreement, origins_in, score_totals

if TYPE_CHECKING:
    from dispersal.forecast.forecast import Forecast

ROW: dict[str, Any] = {
    "figure_id": "w1", "quantity": "returned_total", "place": "WLD", "host": "", "low": 100,
    "high": 100, "qualifier": "point", "as_of": "2018-01-01", "published": "2018-02-01",
    "source": "s2", "note": "",
}  # fmt: skip


def ledger(*rows: dict[str, Any]) -> Ledger:
    return Ledger(aggregate_rows=tuple(Aggregate.model_validate(ROW | row) for row in rows))


def test_a_total_lies_around_the_sum_of_the_origins(forecast: Forecast) -> None:
    found = score_totals(
        forecast, ledger({}, {"figure_id": "e1", "place": "WLD", "note": "origin=EUR"})
    )
    middles = found.rows.set_index("figure_id")["p50"].to_dict()
    assert set(middles) == {"w1", "e1"}
    everyone = np.median(forecast.draws("returned", "foreign", "2018-01-01", "adults"))
    european = np.median(
        forecast.draws("returned", "FRA", "2018-01-01", "adults")
        + forecast.draws("returned", "BEL", "2018-01-01", "adults")
    )
    assert set(origins_in(forecast, "EUR")) == {"FRA", "BEL"}
    assert middles["w1"] == pytest.approx(everyone, rel=0.35)
    assert middles["e1"] == pytest.approx(european, rel=0.35)


def test_the_score_falls_as_the_figure_nears_the_forecast(forecast: Forecast) -> None:
    middle = float(np.median(forecast.draws("returned", "foreign", "2018-01-01", "adults")))
    scores = [
        score_totals(forecast, ledger({"low": n, "high": n})).rows["crps"].iloc[0]
        for n in (middle, 3 * middle, 30 * middle)
    ]
    assert scores == sorted(scores)
    near = score_totals(forecast, ledger({"low": middle, "high": middle})).rows
    far = score_totals(forecast, ledger({"low": 1e7, "high": 1e7})).rows
    assert near["inside80"].all()
    assert not far["inside95"].any()


def test_bounds_get_the_chance_that_they_are_true(forecast: Forecast) -> None:
    later = ledger(
        {"figure_id": "low", "low": 1.0, "high": None, "qualifier": "at_least"},
        {"figure_id": "high", "low": None, "high": 1.0, "qualifier": "at_most"},
    )
    bounds = score_totals(forecast, later).bounds.set_index("figure_id")
    assert bounds["probability"].to_dict() == pytest.approx({"low": 1.0, "high": 0.0}, abs=0.01)


def test_strength_counts_those_in_the_group_and_in_hiding(forecast: Forecast) -> None:
    later = ledger({"quantity": "strength", "place": "SYR"})
    row = score_totals(forecast, later).rows.iloc[0]
    everyone = forecast.draws("in_group", "all", "2018-01-01", "adults") + forecast.draws(
        "holdouts", "all", "2018-01-01", "adults"
    )
    assert row["p50"] == pytest.approx(np.median(everyone), rel=0.4)


def test_whatever_is_not_scored_is_told(forecast: Forecast) -> None:
    later = ledger(
        {"figure_id": "early", "published": "2017-01-01"},
        {"figure_id": "far", "as_of": "2030-01-01"},
        {"figure_id": "other", "quantity": "camp_population"},
        {"figure_id": "one", "note": "origin=TUN"},
        {"figure_id": "host", "host": "is_libya"},
        {"figure_id": "where", "note": "origin=XYZ"},
        {"figure_id": "nobody", "note": "origin=SEA"},
    )
    found = score_totals(forecast, later)
    assert found.rows.empty
    assert found.bounds.empty
    assert sorted(sum(found.left_out.values(), ())) == [
        "far", "host", "nobody", "one", "other", "where",
    ]  # fmt: skip


def test_disagreement_is_the_assumed_one_without_pairs_and_near_the_truth_with_many() -> None:
    rng = np.random.default_rng(3)
    values = np.expm1(8.0 + 0.9 * rng.standard_normal(400))
    frame = pd.DataFrame(
        {
            "quantity": "strength", "place": np.repeat(np.arange(200).astype(str), 2), "host": "",
            "origin": "", "low": values, "high": values, "as_of": pd.Timestamp("2016-01-01"),
        }
    )  # fmt: skip
    assert disagreement(frame.iloc[:0], "strength") == 0.5
    assert disagreement(frame, "underground_strength") == pytest.approx(0.9, rel=0.1)
    apart = frame.assign(as_of=pd.to_datetime(["2015-01-01", "2016-01-01"] * 200))
    assert disagreement(apart, "strength") == 0.5
