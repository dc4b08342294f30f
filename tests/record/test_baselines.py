from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from dispersal.case import Ledger, load_case
from dispersal.case.schema import TagRule
from dispersal.record.baselines import Baseline, Prediction, ReferenceShares, learn_baselines
from dispersal.record.baselines.known import known_on
from dispersal.record.baselines.linear_trend import extrapolated
from dispersal.record.baselines.spread import PRIOR, Spread, learn_spread, revisions_of
from tests.forecast.synthetic import CUTOFF, write_tiny

from .figures import figure

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.case.schema import Figure

DAY = dt.date(2018, 1, 1)
SHARES = ReferenceShares({"returned": np.linspace(0.1, 0.5, 41)})


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return load_case(write_tiny(tmp_path)).ledger


def said(baselines: dict[str, Baseline]) -> dict[tuple[str, str, str], tuple[str, list[float]]]:
    """Return everything that baselines say of some figures."""
    found = {}
    for name, baseline in baselines.items():
        for quantity in ("returned", "departed", "killed"):
            for origin in ("TUN", "FRA", "BEL", "SYR"):
                prediction = baseline.predict(quantity, origin, DAY)
                if prediction is not None:
                    found[name, quantity, origin] = (prediction.rule, list(prediction.draws()))
    return found


def predict(
    ledger: Ledger, name: str, quantity: str, origin: str, day: dt.date = DAY
) -> Prediction:
    found = learn_baselines(ledger, CUTOFF, SHARES)[name].predict(quantity, origin, day)
    assert found is not None
    return found


def test_the_last_figure_known_stands(ledger: Ledger) -> None:
    prediction = predict(ledger, "last_figure", "returned", "TUN")
    assert prediction.rule == "last figure"
    assert np.expm1(prediction.point) == pytest.approx(799)
    before = learn_baselines(ledger, dt.date(2016, 12, 31))["last_figure"]
    earlier = before.predict("returned", "TUN", DAY)
    assert earlier is not None
    assert np.expm1(earlier.point) == pytest.approx(599)


def test_without_a_figure_the_pooled_share_of_the_departed_counts(ledger: Ledger) -> None:
    """By hand: 799 + 249 returned of 5999 + 999 departed; Belgium's departed: √(400·500) − 1."""
    for name in ("last_else_share", "pooled_share"):
        prediction = predict(ledger, name, "returned", "BEL")
        assert prediction.rule == "pooled share"
        departed = np.sqrt(400 * 500) - 1
        assert np.expm1(prediction.point) == pytest.approx(departed * 1048 / 6998)


def test_the_pooled_share_holds_for_countries_with_figures_too(ledger: Ledger) -> None:
    prediction = predict(ledger, "pooled_share", "returned", "TUN")
    assert prediction.rule == "pooled share"
    assert np.expm1(prediction.point) == pytest.approx(5999 * 1048 / 6998)


def test_all_but_the_last_figure_speak_of_the_same_rows(ledger: Ledger) -> None:
    found = said(learn_baselines(ledger, CUTOFF, SHARES))
    rows: dict[str, set[tuple[str, str]]] = {}
    for name, quantity, origin in found:
        rows.setdefault(name, set()).add((quantity, origin))
    everywhere = rows["last_else_share"]
    assert ("returned", "BEL") in everywhere
    assert ("returned", "SYR") not in everywhere
    assert ("killed", "TUN") not in everywhere
    assert rows.pop("last_figure") == everywhere - {("returned", "BEL")}
    assert set(map(frozenset, rows.values())) == {frozenset(everywhere)}


def test_nothing_published_later_is_seen(ledger: Ledger) -> None:
    wild = tuple(
        figure(f"x{n}_{origin}", quantity, origin, 10.0**n, published="2017-03-08", as_of=day)
        for n, day in enumerate(("2015-01-01", "2017-01-01", "2017-03-07"), start=1)
        for quantity in ("returned", "departed", "killed")
        for origin in ("TUN", "FRA", "BEL", "SYR")
    )
    more = replace(ledger, figure_rows=ledger.figure_rows + wild)
    before = said(learn_baselines(ledger, CUTOFF, SHARES))
    assert said(learn_baselines(more, CUTOFF, SHARES)) == before
    after = said(learn_baselines(more, dt.date(2017, 3, 8), SHARES))
    for name in ("last_figure", "pooled_share", "linear_trend", "last_changes", "reference_class"):
        assert after[name, "returned", "TUN"] != before[name, "returned", "TUN"], name


def test_bounds_and_misprints_do_not_count(ledger: Ledger) -> None:
    cells = {"as_of": "2017-02-01", "published": "2017-02-02"}
    bound = figure(
        "bound", "returned", "TUN", 0, low=5000, high=None, qualifier="at_least", **cells
    )
    misprint = figure("wrong", "returned", "TUN", 80_000, **cells)
    rule = TagRule(tag="misprint", figure_id="wrong", reason="a digit too many")
    more = replace(ledger, figure_rows=(*ledger.figure_rows, bound, misprint), tag_rules=(rule,))
    assert said(learn_baselines(more, CUTOFF)) == said(learn_baselines(ledger, CUTOFF))


def test_of_figures_for_one_day_the_last_published_counts() -> None:
    rows = (
        figure("a", "returned", "TUN", 99, as_of="2016-01-01", published="2016-01-02"),
        figure("b", "returned", "TUN", 399, as_of="2016-01-01", published="2016-05-02"),
        figure("c", "returned", "TUN", 1599, as_of="2016-01-01", published="2016-05-02"),
    )
    prediction = predict(Ledger(rows), "last_figure", "returned", "TUN")
    assert np.expm1(prediction.point) == pytest.approx(np.sqrt(400 * 1600) - 1)


def test_the_spread_grows_with_the_time_since_the_last_figure(ledger: Ledger) -> None:
    scales = [
        predict(ledger, "last_figure", "returned", "FRA", dt.date(year, 2, 1)).scales[0]
        for year in (2017, 2018, 2019)
    ]
    spread = revisions_of(known_on(ledger, CUTOFF))["returned"]
    assert scales == pytest.approx(
        [spread.after(years) for years in (0.0, 365 / 365.25, 730 / 365.25)]
    )
    assert scales[0] < scales[1] < scales[2]


def test_the_spread_is_learnt_from_successive_figures(ledger: Ledger) -> None:
    """The tiny ledger has two revisions of returns; the posterior mode is found by brute force."""
    changes = np.log([800 / 600, 250 / 200])
    years = np.array([366, 245]) / 365.25
    at_once = np.exp(np.linspace(-5, 0, 251))[:, None]
    a_year = np.exp(np.linspace(-4, 1, 251))[None, :]
    scale = np.sqrt(at_once[..., None] ** 2 + a_year[..., None] ** 2 * years)
    loss = -stats.t.logpdf(changes, 4, scale=scale).sum(axis=-1)
    loss += np.log(at_once / PRIOR.at_once) ** 2 / 2 + np.log(a_year / PRIOR.a_year) ** 2 / 2
    row, column = np.unravel_index(loss.argmin(), loss.shape)
    found = (at_once[row, 0], a_year[0, column])
    spread = revisions_of(known_on(ledger, CUTOFF))["returned"]
    assert (spread.at_once, spread.a_year) == pytest.approx(found, rel=0.03)


def test_many_revisions_outweigh_the_prior() -> None:
    rng = np.random.default_rng(2)
    years = rng.uniform(0, 3, 3_000)
    truth = Spread(0.5, 0.05)
    scale = np.array([truth.after(gap) for gap in years])
    spread = learn_spread(scale * rng.standard_t(4, years.size), years)
    assert spread.at_once == pytest.approx(0.5, abs=0.04)
    assert spread.a_year < 0.2


def test_draws_of_one_component_are_its_quantiles() -> None:
    draws = Prediction.around("last figure", 3.0, 0.2).draws()
    levels = (np.arange(400) + 0.5) / 400
    assert draws == pytest.approx(3.0 + 0.2 * stats.t.ppf(levels, 4))
    assert (Prediction.around("last figure", 0.1, 1.0).draws() >= 0).all()


def test_draws_of_a_mixture_are_its_quantiles() -> None:
    centres, scales = np.array([1.0, 4.0, 4.5]), np.array([0.1, 0.5, 0.05])
    draws = Prediction("last changes", centres, scales).draws()
    at = stats.t.cdf((draws[:, None] - centres) / scales, 4).mean(axis=1)
    assert at == pytest.approx((np.arange(400) + 0.5) / 400, abs=5e-3)


def growing(values: tuple[float, ...], origin: str = "TUN") -> tuple[Figure, ...]:
    return tuple(
        figure(
            f"{origin}{year}", "returned", origin, value,
            as_of=f"{year}-01-01", published=f"{year}-01-02",
        )
        for year, value in enumerate(values, start=2017 - len(values) + 1)
    )  # fmt: skip


def test_the_trend_goes_on_along_the_line() -> None:
    rows = growing((100, 200, 300, 400))
    prediction = predict(Ledger(rows), "linear_trend", "returned", "TUN", dt.date(2019, 1, 1))
    assert prediction.rule == "linear trend"
    assert np.expm1(prediction.point) == pytest.approx(600, rel=2e-3)


def test_a_trend_needs_three_figures_and_half_a_year(ledger: Ledger) -> None:
    assert predict(ledger, "linear_trend", "returned", "TUN").rule == "last figure"
    years = np.array([2016.0, 2016.2, 2016.4])
    assert extrapolated(np.ones(3), years, 2018.0) is None
    assert extrapolated(np.log1p([9.0, 5.0, 1.0]), 2016 + np.arange(3.0), 2030.0) == 0.0


def test_the_spread_of_trends_is_learnt_from_their_misses() -> None:
    """Lines that always hold leave less spread than lines that never do."""
    names = ("TUN", "FRA", "BEL")
    straight = [row for name in names for row in growing((10, 20, 30, 40, 50, 60), name)]
    crooked = [row for name in names for row in growing((10, 40, 10, 40, 10, 60), name)]
    scales = [
        predict(Ledger(tuple(rows)), "linear_trend", "returned", "TUN").scales[0]
        for rows in (straight, crooked)
    ]
    assert scales[0] < scales[1] / 5


def test_changes_seen_anywhere_are_applied_to_the_last_figure() -> None:
    """All figures are a year apart, so that a change over a year comes back as it was."""
    rows = (*growing((999, 1999, 1999)), *growing((99, 49), "FRA"))
    prediction = predict(Ledger(rows), "last_changes", "returned", "TUN", dt.date(2018, 1, 1))
    assert prediction.rule == "last changes"
    steps = np.sort(prediction.centres - np.log(2000))
    assert steps == pytest.approx([-np.log(2), 0.0, 0.0, np.log(2)], abs=2e-3)


def test_changes_are_scaled_to_the_horizon() -> None:
    known = Ledger((*growing((999, 1999, 1999)), *growing((99, 49), "FRA")))
    spread = revisions_of(known_on(known, CUTOFF))["returned"]
    far = predict(known, "last_changes", "returned", "TUN", dt.date(2021, 1, 1))
    largest = far.centres.max() - np.log(2000)
    assert largest == pytest.approx(np.log(2) * spread.after(4.0) / spread.after(1.0), rel=5e-3)


def test_without_a_last_figure_the_countries_own_residuals_count(ledger: Ledger) -> None:
    prediction = predict(ledger, "last_changes", "returned", "BEL", CUTOFF)
    assert prediction.rule == "pooled share"
    share = 1048 / 6998
    residuals = [
        np.log(800) - np.log1p(share * 5999),
        np.log(250) - np.log1p(share * 999),
    ]
    centre = np.log1p((np.sqrt(400 * 500) - 1) * share)
    assert np.sort(prediction.centres - centre) == pytest.approx(np.sort([*residuals, 0.0]))


def test_the_reference_class_gives_shares_of_the_departed(ledger: Ledger) -> None:
    prediction = predict(ledger, "reference_class", "returned", "FRA")
    assert prediction.rule == "reference class"
    assert np.expm1(prediction.centres) == pytest.approx(999 * np.linspace(0.1, 0.5, 41))
    assert predict(ledger, "reference_class", "departed", "FRA").rule == "last figure"
    assert "reference_class" not in learn_baselines(ledger, CUTOFF)
