"""The commands on a saved run: what they print, and what they keep beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner

from dispersal.case import load_case
from dispersal.cli import main
from dispersal.errors import InputError
from dispersal.forecast.ensemble import simulate
from dispersal.forecast.forecast import Forecast
from dispersal.forecast.store import load_posterior
from dispersal.whatif.store import FOLDER, keep, kept
from tests.case.small import write_small
from tests.forecast.prior import prior_posterior

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved run of the small case, whose posterior is its prior."""
    folder = tmp_path_factory.mktemp("runs")
    case = write_small(folder)
    question = (case / "case.yaml").read_text(encoding="utf-8")
    before, rest = question.split("parameters:\n")
    (case / "case.yaml").write_text(before + rest[rest.index("notes:") :], encoding="utf-8")
    posterior = prior_posterior(load_case(case), 80)
    statistics = {"lp": np.zeros((1, 80))}
    tree = replace(posterior, statistics=statistics).to_arviz()
    forecast = Forecast.of(simulate(posterior, draws=20, seed=4), tree, posterior.contraction())
    return forecast.save(folder / "run")


def asked(*arguments: str) -> str:
    result = CliRunner().invoke(main, list(arguments), env={"COLUMNS": "100"})
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_saved_posterior_is_the_same(saved: Path) -> None:
    posterior = prior_posterior(load_case(saved / "case" / "demo"), 80)
    again = load_posterior(saved)
    assert again.design.origins == posterior.design.origins
    assert again.design.months == posterior.design.months
    for name, values in posterior.samples.items():
        np.testing.assert_array_equal(again.samples[name], values)


def test_compare_prints_and_keeps_what_a_lever_does(saved: Path) -> None:
    printed = asked("compare", str(saved), "--lever", "no_custody", "--draws", "30")
    words = " ".join(printed.split())
    assert "No custody (no_custody) What if nobody is held?" in words
    assert "comes from the priors of custody_months" in words
    assert "Home countries that change most" not in words  # custody changes what follows a return
    assert "in custody" in words
    record = kept(saved)["levers"]
    assert record["draws"] == 30
    assert record["levers"][0]["name"] == "no_custody"


def test_an_earlier_answer_is_never_lost(saved: Path) -> None:
    before = json.loads(asked("compare", str(saved), "--draws", "10", "--seed", "1", "--json"))
    after = json.loads(asked("compare", str(saved), "--draws", "10", "--seed", "2", "--json"))
    files = sorted((saved / FOLDER).glob("levers*.json"))
    records = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    assert before in records
    assert kept(saved)["levers"] == after
    assert len(files) >= 2


def test_levers_are_listed(saved: Path) -> None:
    assert asked("compare", str(saved), "--list") == "no_custody: No custody.\n"
    assert "no_entry_bans" in asked("compare", "isis_2017", "--list")


def test_sensitivity_prints_indices_and_a_tornado(saved: Path) -> None:
    printed = asked("sensitivity", str(saved), "--output", "killed:TUN", "--base", "2")
    assert "What killed:TUN hangs on, per cent" in printed
    assert "Mean of killed:TUN with one input low and high" in printed
    assert "all other inputs" in printed
    assert kept(saved)["sensitivity"]["outputs"][0]["output"] == "killed:TUN"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("compare", "--lever", "no_custdy"), "did you mean 'no_custody'"),
        (("sensitivity", "--output", "killed:TNU"), "did you mean 'TUN'"),
    ],
)
def test_bad_input_is_told_without_a_traceback(
    saved: Path, arguments: tuple[str, ...], message: str
) -> None:
    command, *options = arguments
    result = CliRunner().invoke(main, [command, str(saved), *options])
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_an_answer_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="did you mean 'levers'"):
        keep(tmp_path, {"kind": "lever"})
    keep(tmp_path, {"kind": "levers"})
    (tmp_path / FOLDER / "experts.json").write_text('{"kind": "levers"}', encoding="utf-8")
    with pytest.raises(InputError, match="of another kind"):
        kept(tmp_path)
    (tmp_path / FOLDER / "experts.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="damaged"):
        kept(tmp_path)
