"""The record of a report is that of the scores."""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from dispersal.case import Case, Ledger, load_case
from dispersal.errors import InputError
from dispersal.record.backtest import Backtest
from dispersal.record.baselines.learn import BASELINES
from dispersal.record.scores import Scores, score
from dispersal.report.document import document
from dispersal.report.numbers import counts, measure, shares
from dispersal.report.scored import cutoffs_of, record
from tests.record.figures import figure

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.forecast.forecast import Forecast


@pytest.fixture(scope="module")
def case(tiny: Path, forecast: Forecast) -> Case:
    return load_case(tiny / "tiny")


@pytest.fixture(scope="module")
def scores(forecast: Forecast) -> Scores:
    """Scores of a dozen figures that were published later, and of two that give one end."""
    rows = [
        figure(f"{quantity}_{origin}_{day}", quantity, origin, value, as_of=day)
        for quantity, value in (("returned", 400), ("killed", 900))
        for origin in ("TUN", "FRA", "BEL")
        for day in ("2017-12-01", "2018-06-01")
    ]
    rows += [
        figure("at_least", "returned", "TUN", 100, high=None, qualifier="at_least"),
        figure("too_late", "returned", "TUN", 100, as_of="2021-01-01", published="2021-01-02"),
        figure("other", "repatriated", "TUN", 10),
        figure("nowhere", "returned", "XXX", 10),
    ]
    return score(forecast, Ledger(tuple(rows)), forecast.last_day)


@pytest.fixture(scope="module")
def found(forecast: Forecast, scores: Scores) -> dict[str, Any]:
    made = record(forecast, scores, None)
    assert made is not None
    return made


@pytest.fixture(scope="module")
def tested(case: Case, forecast: Forecast, scores: Scores) -> Backtest:
    fine: Any = SimpleNamespace(problems=list, warnings=list)
    day = forecast.cutoff
    return Backtest(case, {day: scores}, {day: fine}, {day: forecast.provenance.record()})


def test_every_scored_figure_is_there(found: dict[str, Any], scores: Scores) -> None:
    rows = scores.rows.set_index("figure_id")
    assert [row["figure"] for row in found["rows"]] == list(rows.index)
    for row in found["rows"]:
        wanted = rows.loc[row["figure"]]
        assert row["p50"] == counts(wanted["p50"])
        assert row["crps"] == measure(wanted["crps"])
        assert row["pit"] == shares(wanted["pit"])


def test_quantities_and_coverage_are_those_of_the_summary(
    found: dict[str, Any], scores: Scores
) -> None:
    summary = scores.summary()
    assert [row["quantity"] for row in found["quantities"]] == list(summary.index)
    for row in found["quantities"]:
        wanted = summary.loc[row["quantity"]]
        assert row["crps"] == measure(wanted["crps"])
        assert row["covers80"] == shares(wanted["covers80"])
    levels = {(row["quantity"], row["level"]): row["share"] for row in found["coverage"]}
    assert levels["returned", 0.8] == shares(summary.loc["returned", "covers80"])
    assert len(levels) == 3 * len(summary)


def test_baselines_are_those_of_the_skills(found: dict[str, Any], scores: Scores) -> None:
    skills = scores.skills().set_index(["quantity", "baseline"])
    assert len(found["baselines"]) == len(skills)
    for row in found["baselines"]:
        wanted = skills.loc[(row["quantity"], row["baseline"])]
        assert row["skill"] == measure(wanted["skill"])
        assert row["name"] == BASELINES[row["baseline"]]
    best = [row["quantity"] for row in found["baselines"] if row["best"]]
    assert best == ["returned"]  # nothing was known of the dead


def test_misses_lead_to_what_was_known(found: dict[str, Any], scores: Scores) -> None:
    assert [miss["figure"] for miss in found["misses"]] == list(scores.rows["figure_id"])
    known = {miss["figure"]: miss["known"] for miss in found["misses"]}
    assert known["returned_TUN_2017-12-01"] == ["t2", "t3"]
    assert known["killed_TUN_2017-12-01"] == []


def test_it_says_in_words_what_was_scored_and_what_was_not(found: dict[str, Any]) -> None:
    first, *_, bounds, left_out = found["text"]
    assert first.startswith(
        "12 figures of 3 home countries, published after 7 March 2017 and speaking of days up to "
        "1 June 2018, are scored"
    )
    assert bounds.startswith("1 more gives one end only")
    assert left_out == (
        "Of the figures published later, 1 that speaks of a day outside the period, 1 of a home "
        "country that the forecast does not have and 1 of a quantity that is not forecast are left "
        "out."
    )


def test_without_later_figures_there_is_no_record(forecast: Forecast) -> None:
    assert record(forecast, None, None) is None
    assert record(forecast, score(forecast, Ledger()), None) is None


def test_cutoffs_are_those_of_a_backtest(
    forecast: Forecast, tested: Backtest, tmp_path: Path
) -> None:
    told = cutoffs_of(forecast, tested)
    assert [(row["cutoff"], row["quantity"]) for row in told] == [
        ("2017-03-07", "killed"), ("2017-03-07", "returned"),
    ]  # fmt: skip
    skills = tested.skills()
    best = skills[skills["best"].astype(bool)].set_index("quantity")
    assert told[1]["skill"] == measure(best.loc["returned", "skill"])
    assert told[1]["crps"] == measure(best.loc["returned", "forecast"])
    assert told[1]["skill"] == pytest.approx(1 - told[1]["crps"] / told[1]["score"], abs=1e-3)
    assert told[0]["crps"] == measure(
        tested.scores[forecast.cutoff].summary().loc["killed", "crps"]
    )
    assert told[1]["baseline"] == BASELINES[str(best.loc["returned", "baseline"])]
    assert cutoffs_of(forecast, tested.save(tmp_path / "saved")) == told
    assert document(forecast, backtest=tmp_path / "saved")["record"]["cutoffs"] == told


def test_a_backtest_of_another_case_is_refused(
    forecast: Forecast, tested: Backtest, tmp_path: Path
) -> None:
    folder = tested.save(tmp_path / "saved")
    told = json.loads((folder / "backtest.json").read_text())
    (folder / "backtest.json").write_text(json.dumps(told | {"case": "other"}))
    with pytest.raises(InputError, match="a backtest of case other, expected one of tiny"):
        cutoffs_of(forecast, folder)


@pytest.mark.parametrize("name", ["backtest.json", "skills.csv"])
def test_a_folder_that_is_no_backtest_is_refused(
    forecast: Forecast, tested: Backtest, tmp_path: Path, name: str
) -> None:
    folder = tested.save(tmp_path / "saved")
    (folder / name).unlink()
    with pytest.raises(InputError, match="expected the folder of a saved backtest"):
        cutoffs_of(forecast, folder)
    with pytest.raises(InputError, match="expected the folder of a saved backtest"):
        cutoffs_of(forecast, tmp_path / "nothing")


def test_a_damaged_table_is_refused(forecast: Forecast, tested: Backtest, tmp_path: Path) -> None:
    folder = tested.save(tmp_path / "saved")
    pd.DataFrame({"cutoff": [dt.date(2017, 3, 7)]}).to_csv(folder / "skills.csv")
    with pytest.raises(InputError, match="expected the folder of a saved backtest"):
        cutoffs_of(forecast, folder)
