"""Backtests: a fit for each cut-off, scored on what came after it alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from dispersal.batches import BatchError
from dispersal.case import Case, load_case
from dispersal.errors import InputError
from dispersal.record.backtest import Backtest, backtest
from tests.forecast.synthetic import write_tiny

if TYPE_CHECKING:
    from pathlib import Path

#: Short chains: what is tested is not the fit.
SHORT = {"chains": 2, "warmup": 50, "draws": 50, "blocks": 1, "require": False}
CUTOFFS = ("2016-09-01", "2017-03-07")


@pytest.fixture(scope="module")
def small_case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return load_case(str(write_tiny(tmp_path_factory.mktemp("case"))))


@pytest.fixture(scope="module")
def found(small_case: Case) -> Backtest:
    return backtest(small_case, CUTOFFS, draws=60, seed=3, reference=False, fit_settings=SHORT)


def test_each_cutoff_is_scored_on_what_came_after(found: Backtest) -> None:
    assert [str(day) for day in found.scores] == list(CUTOFFS)
    rows = found.rows
    assert len(rows) > 0
    assert (rows["published"] > rows["cutoff"]).all()
    assert rows["crps"].is_monotonic_decreasing


def test_the_average_weighs_cutoffs_equally(found: Backtest) -> None:
    table = found.averaged()
    line = table[(table["quantity"] == "returned") & table["best"].astype(bool)].iloc[0]
    each = found.skills()
    own = each[(each["quantity"] == "returned") & (each["baseline"] == line["baseline"])]
    assert line["score"] == pytest.approx(own["score"].mean())
    assert line["skill"] == pytest.approx(1 - own["forecast"].mean() / own["score"].mean())
    assert line["score"] == table[table["quantity"] == "returned"]["score"].min()


def test_saved_tables_say_what_the_object_says(found: Backtest, tmp_path: Path) -> None:
    folder = found.save(tmp_path / "out")
    rows = pd.read_csv(folder / "rows.csv")
    np.testing.assert_allclose(rows["crps"], found.rows["crps"])
    record = json.loads((folder / "backtest.json").read_text())
    assert [each["cutoff"] for each in record["cutoffs"]] == list(CUTOFFS)
    assert all(len(each["case_hash"]) == 64 for each in record["cutoffs"])
    with pytest.raises(InputError, match="new or an empty folder"):
        found.save(folder)


@pytest.mark.slow
def test_fits_in_batches_are_the_same_fits(
    small_case: Case, found: Backtest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {"draws": 60, "seed": 3, "reference": False, "fit_settings": SHORT}
    with pytest.raises(InputError, match="found a scheduler without a folder"):
        backtest(small_case, CUTOFFS, scheduler="local", **asked)
    kept = backtest(small_case, CUTOFFS[::-1], batches=tmp_path, **asked)
    names = [f"fit-{day}-seed3-0-0.npz" for day in CUTOFFS]
    assert sorted(file.name for file in tmp_path.iterdir()) == names
    monkeypatch.setattr("dispersal.inference.kept.fit", None)  # nothing is fitted again
    again = backtest(small_case, CUTOFFS, batches=tmp_path, **asked)
    for other in (kept, again):
        pd.testing.assert_frame_equal(other.rows, found.rows)
        pd.testing.assert_frame_equal(other.averaged(), found.averaged())
        assert other.warnings() == found.warnings()
        assert list(other.scores) == list(found.scores)
    longer = SHORT | {"draws": 75}
    with pytest.raises(BatchError, match="it was made with draws 50, not 75"):
        backtest(small_case, CUTOFFS, batches=tmp_path, **asked | {"fit_settings": longer})


@pytest.mark.parametrize("cutoffs", [("2016-09-01", "2016-09-01"), ()])
def test_cutoffs_are_different_days(small_case: Case, cutoffs: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="expected one or more different days"):
        backtest(small_case, cutoffs)
