"""Figures that are told again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from dispersal.forecast.published import published_distribution, published_draws, told_again
from dispersal.forecast.repeats import ASSUMED, learn_repeats

if TYPE_CHECKING:
    from dispersal.forecast.forecast import Forecast


def series(values: list[float], days: list[str], quantity: str = "returned") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "figure_id": [f"f{at}" for at in range(len(values))], "quantity": quantity,
            "origin": "TUN", "low": values, "high": values, "as_of": pd.to_datetime(days),
            "published": pd.to_datetime(days), "tags": [frozenset[str]()] * len(values),
        }
    )  # fmt: skip


def test_the_chance_is_learnt_from_pairs_that_count_less_the_further_apart() -> None:
    assumed, weight = ASSUMED
    same_day = learn_repeats(series([100, 100], ["2016-01-01", "2016-01-01"]))
    assert same_day.chances["returned"] == pytest.approx((assumed * weight + 1) / (weight + 1))
    years = 731 / 365.25
    apart = learn_repeats(series([100, 200], ["2015-01-01", "2017-01-01"]))
    assert apart.chances["returned"] == pytest.approx(
        assumed * weight / (weight + np.exp(-years)), rel=1e-3
    )
    figure, day = apart.last["returned", "TUN"]
    assert figure == pytest.approx(200.0)
    assert day == dt.date(2017, 1, 1)


def test_one_end_and_misprints_are_no_figures_to_repeat() -> None:
    rows = series([100, 100], ["2016-01-01", "2016-02-01"])
    rows.loc[1, "high"] = np.nan
    assert learn_repeats(rows).last["returned", "TUN"][1] == dt.date(2016, 1, 1)
    misprinted = rows.assign(tags=pd.Series([frozenset({"misprint"})] * 2, dtype=object))
    assert not learn_repeats(misprinted).last


def test_an_empty_ledger_has_nothing_to_repeat() -> None:
    repeats = learn_repeats(series([100], ["2016-01-01"]).iloc[:0])
    assert repeats.of("returned", "TUN", dt.date(2017, 1, 1)) == (0.0, 0.0)


def test_the_chance_fades_and_is_none_before_the_last_figure() -> None:
    repeats = learn_repeats(series([100], ["2016-07-01"]))
    days = [dt.date(2016, 7, 1), dt.date(2017, 7, 1), dt.date(2019, 7, 1)]
    chances = [repeats.of("returned", "TUN", day)[0] for day in days]
    assert chances == sorted(chances, reverse=True)
    assert chances[1] == pytest.approx(chances[0] / np.e, rel=0.01)
    assert repeats.of("returned", "TUN", dt.date(2016, 6, 30)) == pytest.approx((0.0, 100.0))
    assert repeats.of("killed", "TUN", dt.date(2017, 1, 1)) == (0.0, 0.0)


def test_draws_repeat_the_last_figure_as_often_as_is_said(forecast: Forecast) -> None:
    when = dt.date(2017, 6, 1)
    chance, figure = told_again(forecast, "returned", "TUN", when)
    assert figure == pytest.approx(799.0)
    drawn = forecast.draws("returned", "TUN", when, as_published=True)
    assert (drawn == figure).mean() == pytest.approx(chance, abs=4 * np.sqrt(0.2 / drawn.size))
    assert np.array_equal(drawn, published_draws(forecast, "returned", "TUN", when))
    # Men alone are not whom the series counts.
    assert told_again(forecast, "returned", "TUN", when, "men") == (0.0, 0.0)


def test_the_distribution_holds_the_repeats_and_the_draws_of_everyone(forecast: Forecast) -> None:
    when = dt.date(2017, 6, 1)
    chance, figure = told_again(forecast, "returned", "TUN", when)
    centre, scale = published_distribution(forecast, "returned", "TUN", when)
    size = forecast.size
    assert len(centre) == len(scale) > size
    assert len(centre[size:]) / len(centre) == pytest.approx(chance, abs=1 / size)
    assert centre[size:] == pytest.approx(np.log1p(figure))
