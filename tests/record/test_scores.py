from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dispersal.case import Ledger, load_case
from dispersal.case.schema import TagRule
from dispersal.errors import InputError
from dispersal.forecast.forecast import Forecast
from dispersal.forecast.published import published_distribution, told_again
from dispersal.metrics import crps, log_score
from dispersal.record.baselines import ReferenceShares, learn_baselines
from dispersal.record.baselines.learn import BASELINES
from dispersal.record.scores import score
from dispersal.record.summary import summarise
from tests.forecast.synthetic import FILES, write_tiny

from .figures import figure

if TYPE_CHECKING:
    from pathlib import Path


def _truths(forecast: Forecast, per_series: int) -> Ledger:
    """Figures that are published as a forecast says: each is one of its own draws."""
    rng = np.random.default_rng(8)
    rows = []
    for quantity in ("returned", "killed", "remaining", "detained", "departed"):
        for origin in ("TUN", "FRA", "BEL"):
            for number in range(per_series):
                day = pd.Timestamp("2017-04-01") + pd.Timedelta(days=int(rng.integers(600)))
                draws = forecast.draws(quantity, origin, day, as_published=True)
                rows.append(
                    figure(
                        f"{quantity}_{origin}_{number}",
                        quantity,
                        origin,
                        float(rng.choice(draws)),
                        as_of=day.date(),
                        published="2019-01-01",
                    )
                )
    return Ledger(tuple(rows))


def test_a_calibrated_forecast_covers_what_it_says(forecast: Forecast) -> None:
    table = score(forecast, _truths(forecast, 60)).rows
    assert len(table) == 900
    for column, level in (("inside50", 0.5), ("inside80", 0.8), ("inside95", 0.95)):
        tolerance = 3.5 * np.sqrt(level * (1 - level) / len(table))
        assert table[column].mean() == pytest.approx(level, abs=tolerance + 1 / forecast.size)
    assert stats.kstest(table["pit"], "uniform").statistic < 0.06


def test_a_wrong_forecast_scores_worse_than_the_right_one(forecast: Forecast) -> None:
    truths = _truths(forecast, 10)
    right = score(forecast, truths).by_quantity["crps"]
    shifted = {name: values + 1.0 for name, values in forecast.ensemble.bias.items()}
    wrong = Forecast.of(replace(forecast.ensemble, bias=shifted))
    assert (score(wrong, truths).by_quantity["crps"] > right).all()


def test_countries_count_equally_however_many_figures_they_have(forecast: Forecast) -> None:
    rows = [figure(f"t{n}", "returned", "TUN", 10.0) for n in range(9)]
    rows.append(figure("f", "returned", "FRA", 200.0))
    scores = score(forecast, Ledger(tuple(rows)))
    by_origin = scores.rows.groupby("origin")["crps"].mean()
    expected = (by_origin["TUN"] + by_origin["FRA"]) / 2
    assert scores.by_quantity.loc["returned", "crps"] == pytest.approx(expected)
    assert scores.by_origin.loc[("returned", "TUN"), "rows"] == 9
    assert scores.rows["origin"].iloc[0] == "TUN"
    assert scores.rows["crps"].is_monotonic_decreasing


def test_a_range_counts_as_its_geometric_middle(forecast: Forecast) -> None:
    row = figure("r", "returned", "FRA", 0, low=99, high=399, qualifier="range")
    assert score(forecast, Ledger((row,))).rows.loc[0, "observed"] == pytest.approx(199)


def test_bounds_get_a_probability_and_no_crps(forecast: Forecast) -> None:
    rows = (
        figure("least", "returned", "TUN", 0, low=1500, high=None, qualifier="at_least"),
        figure("most", "returned", "TUN", 0, low=None, high=1500, qualifier="at_most"),
    )
    scores = score(forecast, Ledger(rows))
    assert scores.rows.empty
    draws = forecast.draws("returned", "TUN", "2018-01-01", as_published=True)
    chance = scores.bounds.set_index("figure_id")["probability"]
    assert chance["least"] == (draws >= 1500).mean()
    assert chance["most"] == (draws <= 1500).mean()


def test_whatever_is_left_out_is_listed(forecast: Forecast) -> None:
    rows = (
        figure("kept", "returned", "TUN", 900),
        figure("early", "returned", "TUN", 900, as_of="2017-01-01", published="2017-03-07"),
        figure("late", "returned", "TUN", 900, as_of="2019-06-01", published="2019-06-02"),
        figure("misprinted", "returned", "TUN", 90_000),
        figure("stranger", "returned", "DEU", 300),
        figure("fetched", "repatriated", "TUN", 3),
    )
    rule = TagRule(tag="misprint", figure_id="misprinted", reason="a digit too many")
    scores = score(forecast, Ledger(rows, tag_rules=(rule,)))
    assert list(scores.rows["figure_id"]) == ["kept"]
    assert scores.left_out == {
        "known at the cut-off": ("early",),
        "misprint": ("misprinted",),
        "outside 2016-06-01 to 2018-12-31": ("late",),
        "unknown origin": ("stranger (DEU)",),
        "quantity not forecast": ("fetched",),
    }


def test_figures_of_later_days_are_left_out_on_request(forecast: Forecast) -> None:
    rows = (
        figure("a", "returned", "TUN", 900),
        figure("b", "returned", "TUN", 900, as_of="2018-07-01"),
    )
    scores = score(forecast, Ledger(rows), until="2018-06-30")
    assert list(scores.rows["figure_id"]) == ["a"]
    assert scores.left_out["outside 2016-06-01 to 2018-06-30"] == ("b",)
    with pytest.raises(InputError, match="YYYY-MM-DD"):
        score(forecast, Ledger(rows), until="June")


def test_tags_say_whom_a_figure_counts(forecast: Forecast) -> None:
    rows = (figure("men", "returned", "TUN", 900), figure("all", "returned", "TUN", 900))
    rules = (
        TagRule(tag="fighters", figure_id="men", reason="men only"),
        TagRule(tag="affiliates", figure_id="all", reason="with families"),
    )
    table = score(forecast, Ledger(rows, tag_rules=rules)).rows.set_index("figure_id")
    for name, stratum in (("men", "men"), ("all", "all")):
        draws = forecast.draws("returned", "TUN", "2018-01-01", stratum, as_published=True)
        assert table.loc[name, "p50"] == pytest.approx(np.median(draws), rel=0.02)


def test_a_file_a_case_and_its_ledger_score_alike(forecast: Forecast, tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    by_case = score(forecast, folder)
    assert list(by_case.rows["figure_id"]) == ["later"]
    file = tmp_path / "some_figures.csv"
    file.write_text(FILES["evidence/figures.csv"], encoding="utf-8")
    for other in (file, load_case(folder), load_case(folder).ledger):
        pd.testing.assert_frame_equal(score(forecast, other).rows, by_case.rows)


def test_a_file_that_is_not_there_is_bad_input(forecast: Forecast) -> None:
    with pytest.raises(InputError, match=r"nowhere\.csv"):
        score(forecast, "nowhere.csv")


def test_nothing_to_score_is_a_table_without_rows(forecast: Forecast) -> None:
    scores = score(forecast, Ledger())
    assert scores.by_quantity.empty
    assert scores.by_origin.empty
    assert scores.record()["rows"] == []


def test_the_record_is_plain_json(forecast: Forecast, tmp_path: Path) -> None:
    rows = (figure("a", "returned", "SYR", 900), figure("b", "returned", "FRA", 250))
    record = score(forecast, Ledger(rows)).record()
    read = json.loads(json.dumps(record, allow_nan=False))
    assert read == record
    assert {row["figure_id"] for row in read["rows"]} == {"a", "b"}
    without = next(row for row in read["rows"] if row["figure_id"] == "a")
    assert without["crps_baseline"] is None
    assert without["as_of"] == "2018-01-01"


def test_skill_is_measured_on_the_rows_that_the_baseline_knows(forecast: Forecast) -> None:
    rows = (figure("a", "returned", "SYR", 900), figure("b", "returned", "FRA", 250))
    scores = score(forecast, Ledger(rows))
    line = scores.by_quantity.loc["returned"]
    own = scores.rows.set_index("figure_id")
    assert line["rows"] == 2
    assert line["baseline_rows"] == 1
    assert line["crps_there"] == own.loc["b", "crps"]
    assert line["crps_elsewhere"] == own.loc["a", "crps"]
    crps_there = own["crps"].to_numpy(float)[own.index == "b"]
    baseline = own["crps_baseline"].to_numpy(float)[own.index == "b"]
    assert line["skill"] == pytest.approx(1 - crps_there[0] / baseline[0])


def test_published_figures_are_draws_of_the_distribution_that_is_scored(
    forecast: Forecast,
) -> None:
    """Where each draw falls in its own Student-t is uniform, over many days and origins."""
    places = []
    for quantity in ("returned", "killed", "remaining"):
        for origin in ("TUN", "FRA", "BEL"):
            for day in pd.date_range("2017-03-01", "2018-12-01", freq="MS"):
                centre, scale = published_distribution(forecast, quantity, origin, day)
                drawn = forecast.draws(quantity, origin, day, as_published=True)
                _, last = told_again(forecast, quantity, origin, day.date())
                new = drawn != last
                own = (np.log1p(drawn) - centre[: drawn.size]) / scale[: drawn.size]
                places.append(stats.t.cdf(own[new], 4))
    assert stats.kstest(np.concatenate(places), "uniform").statistic < 0.02


def test_log_score_is_that_of_the_published_distribution(forecast: Forecast) -> None:
    rule = TagRule(tag="fighters", figure_id="a", reason="men only")
    rows = score(forecast, Ledger((figure("a", "returned", "TUN", 900),), tag_rules=(rule,))).rows
    centre, scale = published_distribution(forecast, "returned", "TUN", "2018-01-01", "men")
    expected = log_score(centre, scale, 900)
    assert rows["log_score"].tolist() == pytest.approx([expected])


def test_interval_score_and_crps_of_counts_are_those_of_the_draws(forecast: Forecast) -> None:
    rows = score(forecast, Ledger((figure("a", "returned", "TUN", 900),))).rows
    draws = forecast.draws("returned", "TUN", "2018-01-01", as_published=True)
    low, high = np.quantile(np.log1p(draws), [0.05, 0.95])
    outside = max(low - np.log(901), 0) + max(np.log(901) - high, 0)
    assert rows["interval_score"].tolist() == pytest.approx([high - low + 20 * outside])
    # The largest figure known is Tunisia's 5,999: differences above it are not weighed.
    expected = crps(np.minimum(draws, 5999), 900)
    assert rows["crps_count"].tolist() == pytest.approx([float(expected)])


def test_figures_are_grouped_by_the_years_after_the_cutoff(forecast: Forecast) -> None:
    days = {"a": "2017-01-01", "b": "2017-03-08", "c": "2018-03-01", "d": "2018-07-01"}
    rows = tuple(figure(name, "returned", "TUN", 900, as_of=day) for name, day in days.items())
    scores = score(forecast, Ledger(tuple(
        row.model_copy(update={"published": dt.date(2019, 1, 1)}) for row in rows
    )))  # fmt: skip
    named = dict(zip(scores.rows["figure_id"], scores.rows["horizon"], strict=True))
    assert named == {"a": "before", "b": "0-1", "c": "0-1", "d": "1-2"}
    table = scores.by_horizon
    assert list(table.index) == [("returned", name) for name in ("before", "0-1", "1-2")]
    assert table["rows"].tolist() == [1, 2, 1]


def test_size_is_what_was_known_of_the_departed(forecast: Forecast) -> None:
    rows = (
        figure("a", "returned", "TUN", 900),
        figure("b", "returned", "SYR", 900),
        figure("c", "departed", "TUN", 90_000),
    )
    sizes = score(forecast, Ledger(rows)).rows.set_index("figure_id")["departed"]
    assert sizes["a"] == sizes["c"] == pytest.approx(5999)
    assert sizes["b"] == np.median(forecast.draws("departed", "SYR"))


def test_every_baseline_is_scored_on_the_rows(forecast: Forecast) -> None:
    rows = (figure("a", "returned", "TUN", 900), figure("b", "returned", "FRA", 250))
    reference = ReferenceShares({"returned": np.full(50, 0.3)})
    scores = score(forecast, Ledger(rows), reference=reference)
    assert set(scores.skills()["baseline"]) == set(BASELINES)
    table = scores.rows.set_index("figure_id")
    assert table.loc["a", "rule_reference_class"] == "reference class"
    baseline = learn_baselines(forecast.case, forecast.cutoff)["last_changes"]
    prediction = baseline.predict("returned", "FRA", dt.date(2018, 1, 1))
    assert prediction is not None
    expected = float(crps(prediction.draws(), np.log(251)))
    assert table["crps_last_changes"]["b"] == pytest.approx(expected)
    expected = log_score(prediction.centres, prediction.scales, 250)
    assert table["log_score_last_changes"]["b"] == pytest.approx(expected)
    best = scores.skills().set_index("baseline")["score"]
    assert scores.by_quantity["best"].tolist() == [best.astype(float).idxmin()]
    assert scores.by_quantity["crps_best"].tolist() == [best.min()]


def test_figures_without_a_baseline_are_listed_apart(forecast: Forecast) -> None:
    rows = (figure("a", "returned", "SYR", 900), figure("b", "returned", "FRA", 250))
    scores = score(forecast, Ledger(rows))
    assert scores.without_baseline == ("a",)
    assert set(scores.skills()["rows"]) == {1}
    assert scores.record()["without_baseline"] == ["a"]


def test_rows_of_two_forecasts_can_be_summarised_together(forecast: Forecast) -> None:
    rows = (figure("a", "returned", "TUN", 900), figure("b", "killed", "FRA", 250))
    parts = [score(forecast, Ledger((row,))).rows for row in rows]
    both = score(forecast, Ledger(rows))
    together = summarise(pd.concat(parts, ignore_index=True), ["quantity", "horizon"])
    pd.testing.assert_frame_equal(together, both.by_horizon)
