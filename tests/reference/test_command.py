"""``dispersal reference``."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

import dispersal.reference
from dispersal.cli import main
from dispersal.reference import LeaveOneOut, Reference, fit_reference
from tests.reference.simulated import QUICK, cases_table, outcome_rows

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def asked(
    built_in: Reference, scored: LeaveOneOut, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """Replace the fit by one that is there already; return what was asked of it."""
    found: dict[str, Any] = {}

    def fit(*tables: Any, **settings: Any) -> Reference:
        found.update(settings, tables=tables)
        settings["progress"](1, 1)
        return built_in

    monkeypatch.setattr(dispersal.reference, "fit_reference", fit)
    monkeypatch.setattr(dispersal.reference, "leave_one_out", lambda *_, **__: scored)
    return found


def test_it_prints_the_shares_and_the_cases_behind_them(asked: dict[str, Any]) -> None:
    result = CliRunner().invoke(main, ["reference", "--mode", "negotiated"])
    assert result.exit_code == 0, result.output
    words = " ".join(result.stdout.split())
    assert "A new case that ends by a negotiated settlement" in words
    assert "farc_2017: FARC-EP. Sources: aporrea_farc_2018, arn_2025" in words
    assert "isis_nld" not in words
    assert "fitting" not in result.stdout
    every = CliRunner().invoke(main, ["reference"]).stdout
    assert "isis_nld" in every
    assert "fragmentation" in every


def test_settings_reach_the_fit(asked: dict[str, Any]) -> None:
    options = ["--as-known-on", "2017-03-07", "--leave-out", "isis_tun", "--seed", "3"]
    assert CliRunner().invoke(main, ["reference", *options]).exit_code == 0
    assert asked["as_known_on"] == "2017-03-07"
    assert asked["leave_out"] == ("isis_tun",)
    assert asked["seed"] == 3


def test_json_holds_shares_cases_sources_and_scores(asked: dict[str, Any]) -> None:
    options = ["--mode", "negotiated", "--leave-one-out", "--json"]
    result = CliRunner().invoke(main, ["reference", *options])
    found = json.loads(result.stdout)
    shares = found["shares"]["negotiated"]
    assert sum(line["mean"] for line in shares.values()) == pytest.approx(1, abs=1e-4)
    assert {row["end_mode"] for row in found["cases"]} == {"negotiated"}
    cited = {key for row in found["cases"] for key in row["sources"].split(";")}
    assert cited <= set(found["sources"])
    gains = {row["baseline"]: row["gain"] for row in found["leave_one_out"]["gains"]}
    assert set(gains) == {"pooled_point", "pooled_spread"}
    text = CliRunner().invoke(main, ["reference", "--leave-one-out"], terminal_width=100).stdout
    assert f"Gain over the pooled mean as a point: {100 * gains['pooled_point']:+.0f} %" in text


def test_cases_never_seen_are_taken_from_any_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = {**QUICK, "warmup": 25, "draws": 50}
    monkeypatch.setattr(dispersal.reference, "fit_reference", partial(fit_reference, **short))
    rows = outcome_rows(("case_01", "home", 500, 700), ("case_02", "killed", 100, None))
    rows.to_csv(tmp_path / "mine.csv", index=False)
    cases_table(3).to_csv(tmp_path / "theirs.csv", index=False)
    command = ["reference", "--outcomes", str(tmp_path / "mine.csv")]
    command += ["--cases", str(tmp_path / "theirs.csv")]
    result = CliRunner().invoke(main, [*command, "--mode", "negotiated"])
    assert result.exit_code == 0, result.output
    assert "in 2 past cases" in result.stdout
    assert "case_01: A group. Sources: a" in result.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--mode", "negociated"], "did you mean 'negotiated'?"),
        (["--leave-out", "isis_nlt"], "did you mean 'isis_nld'?"),
        (["--as-known-on", "2017"], "expected a day as YYYY-MM-DD"),
        (["--outcomes", "none.csv"], "none.csv: found 'nothing', expected a file of this name"),
    ],
)
def test_bad_input_ends_with_2(options: list[str], message: str) -> None:
    result = CliRunner().invoke(main, ["reference", *options])
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_help_has_an_example() -> None:
    result = CliRunner().invoke(main, ["reference", "--help"])
    assert "Example: dispersal reference --mode negotiated" in result.stdout
