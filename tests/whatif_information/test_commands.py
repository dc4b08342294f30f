"""``dispersal information`` and ``indicators``."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from dispersal.cli.information import indicators, information, read_thresholds
from dispersal.errors import InputError
from dispersal.forecast.store import load_forecast
from dispersal.whatif import runs
from tests.forecast.synthetic import make_forecast

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    return make_forecast(folder, draws=100).save(folder / "saved")


def test_figures_are_printed_and_kept(run: Path) -> None:
    done = CliRunner().invoke(information, [str(run), "--top", "4"])
    assert done.exit_code == 0, done.output
    assert "To be narrowed: returned, all from abroad, on 31 December 2018." in done.output
    assert "Figures worth most" in done.output
    assert f"Kept in {run}" in done.output.replace("\n", "")
    record = json.loads((run / "whatif" / "information.json").read_text(encoding="utf-8"))
    assert record["kind"] == "information"
    assert record["figures"][0]["name"] in done.output


def test_figures_as_json(run: Path) -> None:
    options = ["--json", "--target", "returned:each", "--published-on", "2017-12-31"]
    done = CliRunner().invoke(information, [str(run), *options])
    assert done.exit_code == 0, done.output
    record = json.loads(done.stdout)
    assert (record["target"], record["as_of"]) == ("returned:each@2018-12-31", "2017-12-31")


def test_observables_are_printed_and_kept(run: Path) -> None:
    done = CliRunner().invoke(indicators, [str(run), "--threshold", "holdouts=1"])
    assert done.exit_code == 0, done.output
    assert "observables of 7 March 2018 were compared" in done.output.replace("\n", " ")
    assert "Returnees above" in done.output
    record = json.loads((run / "whatif" / "indicators.json").read_text(encoding="utf-8"))
    assert [each["cohort"] for each in record["cohorts"]] == [
        "holdouts",
        "free_agents",
        "returnees",
    ]
    assert record["cohorts"][0]["threshold"] == 1


def test_observables_as_json(run: Path) -> None:
    done = CliRunner().invoke(indicators, [str(run), "--json", "--by", "2017-12-31"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["by"] == "2017-12-31"


def test_a_case_is_forecast_first(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def open_run(name: str, **settings: Any) -> SimpleNamespace:
        asked.update(settings, name=name)
        return SimpleNamespace(forecast=load_forecast(run))

    monkeypatch.setattr(runs, "open_run", open_run)
    options = ["--as-known-on", "2017-03-07", "--draws", "60", "--seed", "4", "--json"]
    done = CliRunner().invoke(indicators, ["tiny", *options])
    assert done.exit_code == 0, done.output
    assert (asked["name"], asked["as_known_on"]) == ("tiny", "2017-03-07")
    assert (asked["draws"], asked["seed"]) == (60, 4)
    assert json.loads(done.stdout)["kind"] == "indicators"


def test_a_slip_in_a_target_is_told_before_anything_is_fitted() -> None:
    done = CliRunner().invoke(information, ["isis_2017", "--target", "retuned_total"])
    assert isinstance(done.exception, InputError)
    assert "did you mean 'returned'" in str(done.exception)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("many", "found threshold 'many', expected N or COHORT=N"),
        ("holdouts=-3", "found threshold 'holdouts=-3'"),
        ("holdout=3", "did you mean 'holdouts'"),
    ],
)
def test_slips_in_thresholds_are_told(asked: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_thresholds((asked,))
