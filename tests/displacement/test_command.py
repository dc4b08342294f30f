"""The command prints what the result holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner

from dispersal.cli.displacement import displacement
from dispersal.displacement import forecast_camps, read_flee, run_flee, score_camps
from dispersal.errors import CaseError
from tests.displacement.folders import write_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_text(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "small")
    done = CliRunner().invoke(displacement, [str(folder)], catch_exceptions=False)
    assert done.exit_code == 0
    assert "small: 10 days from 2020-01-01, 230 people flee and 60 are in" in done.output
    result = run_flee(folder)
    for words, line in [
        ("Flee's rules  ", "flee_rules"),
        ("shares of day 30, true total given", "shares_of_day_30"),
    ]:
        printed = next(row for row in done.output.splitlines() if row.startswith(words))
        error = float(result.errors["rescaled"].to_dict()[line])
        assert f" {error:.3f} " in printed
    camp = next(row for row in done.output.splitlines() if row.startswith("Camp One"))
    assert camp.split()[-2:] == ["180", "180"]
    assert "closures.csv, row 5, column name2: found 'Btown'" in done.output


def test_json_and_options(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "small")
    (folder / "other.yml").write_text("move_rules:\n  max_move_speed: 90\n", encoding="utf-8")
    options = ["--rules", "flee", "--settings", "other.yml", "--second-name", "ignored", "--json"]
    done = CliRunner().invoke(displacement, [str(folder), *options], catch_exceptions=False)
    found = json.loads(done.output)
    result = run_flee(folder, settings="other.yml", second_name="ignored")
    assert result.folder.settings.max_move_speed == 90
    assert (found["rules"], found["days"], found["start"]) == ("flee", 10, "2020-01-01")
    assert found["camps"]["Shelter"]["data"] == [0, 10, 20, 30, 40, 36, 32, 28, 24, 20]
    assert found["camps"]["Camp One"]["forecast"] == result.forecast[:, 0].round(3).tolist()
    assert found["errors"]["flee_rules"] == pytest.approx(
        result.errors.round(6).to_dict(orient="index")["flee_rules"]
    )
    assert any("as Flee does" in note for note in found["notes"])


def test_faults_end_the_command(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "small", routes="Aville,Nowhere,10\n")
    with pytest.raises(CaseError, match="found 'Nowhere', expected a location"):
        CliRunner().invoke(displacement, [str(folder)], catch_exceptions=False)


def test_only_rules_that_exist_are_offered(tmp_path: Path) -> None:
    done = CliRunner().invoke(displacement, [str(tmp_path), "--rules", "other"])
    assert done.exit_code == 2
    assert "'other' is not one of 'flee', 'dispersal'" in done.output


def test_own_rules_in_words_and_as_json(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "small")
    options = [str(folder), "--rules", "dispersal", "--days-known", "5", "--draws", "60"]
    done = CliRunner().invoke(displacement, options, catch_exceptions=False)
    assert "known until 2020-01-06 (day 5)" in done.output
    forecast = forecast_camps(read_flee(folder), days_known=5, draws=60)
    score = score_camps(forecast)
    row = next(line for line in done.output.splitlines() if line.startswith("Dispersal rules"))
    assert f"{float(score.errors['rescaled'].to_dict()['dispersal']):.3f}" in row
    done = CliRunner().invoke(
        displacement,
        [*options, "--figures", "published", "--total", "forecast", "--json"],
        catch_exceptions=False,
    )
    found = json.loads(done.output)
    other = forecast_camps(
        read_flee(folder), days_known=5, draws=60, known="published", total="forecast"
    )
    assert found["known_until"] == "2020-01-06"
    assert (found["figures"], found["total"], found["seed"]) == ("published", "forecast", 1)
    middle = other.quantiles().sel(level=0.5, camp="Camp One").values
    assert [line[2] for line in np.array(found["camps"]["Camp One"]["quantiles"]).T] == list(middle)


def test_options_of_other_rules_are_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(displacement, [str(tmp_path), "--draws", "10"])
    assert done.exit_code == 2
    assert "found --draws with --rules flee, expected --rules dispersal" in done.output
