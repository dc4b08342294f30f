from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from dispersal.case import Ledger, load_case
from dispersal.case.schema import TagRule
from dispersal.record.baselines import PRIOR, Spread, learn_baseline, learn_spread
from tests.forecast.synthetic import CUTOFF, write_tiny

from .test_scores import figure

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2018, 1, 1)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return load_case(write_tiny(tmp_path)).ledger


def test_the_last_figure_known_stands(ledger: Ledger) -> None:
    prediction = learn_baseline(ledger, CUTOFF).predict("returned", "TUN", DAY)
    assert prediction is not None
    assert prediction.rule == "last figure"
    assert np.expm1(prediction.centre) == pytest.approx(799)
    earlier = learn_baseline(ledger, dt.date(2016, 12, 31)).predict("returned", "TUN", DAY)
    assert earlier is not None
    assert np.expm1(earlier.centre) == pytest.approx(599)


def test_without_a_figure_the_pooled_share_of_the_departed_counts(ledger: Ledger) -> None:
    """By hand: 799 + 249 returned of 5999 + 999 departed; Belgium's departed: √(400·500) − 1."""
    prediction = learn_baseline(ledger, CUTOFF).predict("returned", "BEL", DAY)
    assert prediction is not None
    assert prediction.rule == "pooled share"
    departed = np.sqrt(400 * 500) - 1
    assert np.expm1(prediction.centre) == pytest.approx(departed * 1048 / 6998)


def test_without_departed_there_is_nothing(ledger: Ledger) -> None:
    baseline = learn_baseline(ledger, CUTOFF)
    assert baseline.predict("returned", "SYR", DAY) is None
    assert baseline.predict("killed", "TUN", DAY) is None
    assert baseline.predict("departed", "SYR", DAY) is None


def test_nothing_published_later_is_seen(ledger: Ledger) -> None:
    wild = tuple(
        figure(f"x{n}_{origin}", quantity, origin, 10.0**n, published="2017-03-08", as_of=day)
        for n, day in enumerate(("2015-01-01", "2017-01-01", "2017-03-07"), start=1)
        for quantity in ("returned", "departed", "killed")
        for origin in ("TUN", "FRA", "BEL", "SYR")
    )
    more = replace(ledger, figure_rows=ledger.figure_rows + wild)
    assert learn_baseline(more, CUTOFF) == learn_baseline(ledger, CUTOFF)
    assert learn_baseline(more, dt.date(2017, 3, 8)) != learn_baseline(ledger, dt.date(2017, 3, 8))


def test_bounds_and_misprints_do_not_stand(ledger: Ledger) -> None:
    cells = {"as_of": "2017-02-01", "published": "2017-02-02"}
    bound = figure(
        "bound", "returned", "TUN", 0, low=5000, high=None, qualifier="at_least", **cells
    )
    misprint = figure("wrong", "returned", "TUN", 80_000, **cells)
    rule = TagRule(tag="misprint", figure_id="wrong", reason="a digit too many")
    more = replace(ledger, figure_rows=(*ledger.figure_rows, bound, misprint), tag_rules=(rule,))
    assert learn_baseline(more, CUTOFF) == learn_baseline(ledger, CUTOFF)


def test_of_figures_for_one_day_the_last_published_counts() -> None:
    rows = (
        figure("a", "returned", "TUN", 99, as_of="2016-01-01", published="2016-01-02"),
        figure("b", "returned", "TUN", 399, as_of="2016-01-01", published="2016-05-02"),
        figure("c", "returned", "TUN", 1599, as_of="2016-01-01", published="2016-05-02"),
    )
    prediction = learn_baseline(Ledger(rows), CUTOFF).predict("returned", "TUN", DAY)
    assert prediction is not None
    assert np.expm1(prediction.centre) == pytest.approx(np.sqrt(400 * 1600) - 1)


def test_the_spread_grows_with_the_time_since_the_last_figure(ledger: Ledger) -> None:
    baseline = learn_baseline(ledger, CUTOFF)
    scales = []
    for year in (2017, 2018, 2019):
        prediction = baseline.predict("returned", "FRA", dt.date(year, 2, 1))
        assert prediction is not None
        scales.append(prediction.scale)
    spread = baseline.revisions["returned"]
    assert scales == pytest.approx(
        [spread.after(years) for years in (0.0, 365 / 365.25, 730 / 365.25)]
    )
    assert scales[0] < scales[1] < scales[2]


def test_the_spread_is_learnt_from_successive_figures(ledger: Ledger) -> None:
    """The tiny ledger has two revisions of returns; the posterior mode is found by brute force."""
    changes = np.log([800 / 600, 250 / 200])
    years = np.array([366, 245]) / 365.25
    best, found = np.inf, (0.0, 0.0)
    for at_once in np.exp(np.linspace(-5, 0, 251)):
        for a_year in np.exp(np.linspace(-4, 1, 251)):
            scale = np.sqrt(at_once**2 + a_year**2 * years)
            loss = -stats.t.logpdf(changes, 4, scale=scale).sum()
            loss += (
                np.log(at_once / PRIOR.at_once) ** 2 / 2 + np.log(a_year / PRIOR.a_year) ** 2 / 2
            )
            if loss < best:
                best, found = loss, (at_once, a_year)
    spread = learn_baseline(ledger, CUTOFF).revisions["returned"]
    assert (spread.at_once, spread.a_year) == pytest.approx(found, rel=0.03)


def test_many_revisions_outweigh_the_prior() -> None:
    rng = np.random.default_rng(2)
    years = rng.uniform(0, 3, 3_000)
    truth = Spread(0.5, 0.05)
    scale = np.array([truth.after(gap) for gap in years])
    spread = learn_spread(scale * rng.standard_t(4, years.size), years)
    assert spread.at_once == pytest.approx(0.5, abs=0.04)
    assert spread.a_year < 0.2


def test_predictive_draws_are_a_distribution_around_the_point(ledger: Ledger) -> None:
    prediction = learn_baseline(ledger, CUTOFF).predict("returned", "TUN", DAY)
    assert prediction is not None
    draws = prediction.draws()
    assert np.median(draws) == pytest.approx(prediction.centre)
    quartile = prediction.centre + prediction.scale * stats.t.ppf(0.75, 4)
    assert np.quantile(draws, 0.75) == pytest.approx(quartile, rel=1e-3)
    assert (draws >= 0).all()
