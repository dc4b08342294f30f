from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import dispersal
from dispersal.cli import main
from dispersal.errors import InferenceError
from dispersal.forecast.answer import answer

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import CliRunner

COMMANDS = (
    "forecast",
    "check",
    "score",
    "cases",
    "backtest",
    "reference",
    "report",
    "compare",
    "displacement",
    "draft",
    "evidence",
    "experts",
    "indicators",
    "influence",
    "information",
    "learn",
    "new",
    "schema",
    "sensitivity",
    "update",
)


def test_forecast_prints_the_answer_and_writes_the_run(
    runner: CliRunner, tiny: Path, quick: dict[str, Any]
) -> None:
    result = runner.invoke(main, ["forecast", str(tiny), "--draws", "20"])
    assert result.exit_code == 0, result.output
    words = " ".join(result.stdout.split())
    assert "Where do the members go?" in words
    assert "As known on 7 March 2017, the last territory of The group is lost" in words
    assert "Home countries with most people home" in words
    assert "Tunisia" in words
    assert "are in runs/tiny-2017-03-07" in words
    assert dispersal.load_forecast("runs/tiny-2017-03-07").size == 20


@pytest.mark.parametrize("width", [60, 66, 72, 80, 120])
def test_lines_fit_the_window_and_numbers_are_not_broken(
    runner: CliRunner, tiny: Path, quick: dict[str, Any], width: int
) -> None:
    result = runner.invoke(
        main, ["forecast", str(tiny), "--draws", "20"], env={"COLUMNS": str(width)}
    )
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= width
    assert "…" not in result.stdout
    assert not any(line.lstrip().startswith("%") for line in lines)
    saved = dispersal.load_forecast("runs/tiny-2017-03-07")
    for row in answer(saved).tables[1].rows:
        for word in " ".join(row[1:]).split():
            assert any(word in line for line in lines), word


def test_progress_goes_to_stderr_only(runner: CliRunner, tiny: Path, quick: dict[str, Any]) -> None:
    result = runner.invoke(main, ["forecast", str(tiny), "--draws", "20"])
    for step in ("fitting", "simulating", "saving"):
        assert step in result.stderr
        assert step not in result.stdout


def test_forecast_prints_json_and_nothing_else(
    runner: CliRunner, tiny: Path, quick: dict[str, Any]
) -> None:
    result = runner.invoke(main, ["forecast", str(tiny), "--draws", "20", "--seed", "4", "--json"])
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["case"] == "tiny"
    assert found["seed"] == 4
    assert found["until"] == "2018-12-31"
    assert found["folder"] == "runs/tiny-2017-03-07"
    assert {row["origin"] for row in found["home_countries"]} == {"TUN", "FRA", "BEL"}
    assert {row["place"] for row in found["theatres"]} == {"LBY", "YEM"}
    assert {row["cohort"] for row in found["cohorts"]} == {"holdouts", "free_agents", "returnees"}
    saved = dispersal.load_forecast(found["folder"])
    killed = next(row for row in found["fates"] if row["fate"] == "killed")
    assert killed["p50"] == saved.fates_table().loc["killed", "p50"]


def test_settings_reach_the_fit_and_the_simulation(
    runner: CliRunner, tiny: Path, quick: dict[str, Any]
) -> None:
    options = (
        "--as-known-on 2017-03-07 --until 2018-12-31 --draws 9 --seed 2 --out here "
        "--chains 3 --warmup 50 --fit-draws 60 --workers 1"
    )
    result = runner.invoke(main, ["forecast", str(tiny), *options.split()])
    assert result.exit_code == 0, result.output
    fit, simulate = quick["fit"], quick["simulate"]
    assert str(fit["as_known_on"]) == "2017-03-07"
    assert [fit[name] for name in ("seed", "chains", "warmup", "draws", "workers")] == [
        2,
        3,
        50,
        60,
        1,
    ]
    assert [simulate[name] for name in ("seed", "draws", "threads")] == [2, 9, 1]
    assert str(simulate["until"]) == "2018-12-31"
    assert dispersal.load_forecast("here").size == 9


def test_a_second_run_gets_a_folder_of_its_own(
    runner: CliRunner, tiny: Path, quick: dict[str, Any]
) -> None:
    for _ in range(2):
        result = runner.invoke(main, ["forecast", str(tiny), "--draws", "5"])
        assert result.exit_code == 0
    assert "runs/tiny-2017-03-07-2" in result.stdout
    for name in ("tiny-2017-03-07", "tiny-2017-03-07-2"):
        assert dispersal.load_forecast(f"runs/{name}").size == 5


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--as-known-on", "7 March"], "YYYY-MM-DD"),
        (["--as-known-on", "2016-06-01"], "after the beginning of the case's period, 2016-06-01"),
        (["--as-known-on", "2019-01-01"], "expected a day after the cut-off, 2019-01-01"),
        (["--until", "2017-01-01"], "after the cut-off"),
        (["--until", "2030-01-01"], "end of the case's period, 2018-12-31"),
        (["--draws", "0"], "0 is not in the range"),
        (["--seed", "-1"], "-1 is not in the range"),
        (["--seed", "one"], "'one' is not a valid integer"),
        (["--out", "taken"], "expected a new or an empty folder"),
        (["--sed", "1"], "--seed"),
    ],
)
def test_bad_input_ends_with_2_before_any_work(
    runner: CliRunner, tiny: Path, quick: dict[str, Any], options: list[str], message: str
) -> None:
    from pathlib import Path as NewPath

    NewPath("taken").mkdir()
    NewPath("taken/file").write_text("mine")
    result = runner.invoke(main, ["forecast", str(tiny), *options])
    assert result.exit_code == 2
    assert message in result.stderr
    assert not result.stdout
    assert "fit" not in quick


def test_a_fit_that_falls_short_ends_with_1(
    runner: CliRunner, tiny: Path, quick: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(case: object, **settings: Any) -> None:
        raise InferenceError("found r-hat 1.2 for killed_hazard, expected below 1.01")

    monkeypatch.setattr(dispersal, "fit", fails)
    result = runner.invoke(main, ["forecast", str(tiny)])
    assert result.exit_code == 1
    assert "found r-hat 1.2 for killed_hazard" in result.stderr
    assert "Traceback" not in result.output


def test_an_unknown_case_names_the_nearest(runner: CliRunner, tiny: Path) -> None:
    result = runner.invoke(main, ["forecast", "isis_2071"])
    assert result.exit_code == 2
    assert "did you mean 'isis_2017'" in result.stderr


def test_check_says_what_is_wrong_and_where(runner: CliRunner, tiny: Path) -> None:
    assert runner.invoke(main, ["check", str(tiny)]).exit_code == 0
    file = tiny / "origins.csv"
    file.write_text(file.read_text().replace("FRA,France", "FRX,France"))
    result = runner.invoke(main, ["check", str(tiny)])
    assert result.exit_code == 2
    assert "origins.csv, row 3, column origin: found 'FRX'" in " ".join(result.stdout.split())
    found = json.loads(runner.invoke(main, ["check", str(tiny), "--json"]).stdout)
    assert found["ok"] is False
    assert {"origins.csv"} <= {fault["file"] for fault in found["faults"]}
    forecast = runner.invoke(main, ["forecast", str(tiny)])
    assert forecast.exit_code == 2
    assert "FRX" in forecast.stderr


def test_score_prints_the_forecast_next_to_the_baseline(
    runner: CliRunner, tiny: Path, quick: dict[str, Any]
) -> None:
    runner.invoke(main, ["forecast", str(tiny), "--draws", "30", "--out", "run"])
    result = runner.invoke(main, ["score", "run", str(tiny)], terminal_width=100)
    assert result.exit_code == 0, result.output
    words = " ".join(result.stdout.split())
    assert "The forecast, by quantity" in words
    assert "Next to the baseline" in words
    assert "CRPS of each baseline" in words
    assert "CRPS by year after the cut-off" in words
    assert "returned" in words
    assert "Largest misses" in words
    assert "250 in 2017-02 (2)" in words
    assert "No expert's judgement known at the cut-off speaks of these figures." in words
    assert "Left out, known at the cut-off: 7" in words
    found = json.loads(runner.invoke(main, ["score", "run", str(tiny), "--json"]).stdout)
    assert found["cutoff"] == "2017-03-07"
    line = found["by_quantity"][0]
    assert line["quantity"] == "returned"
    assert line["skill"] == pytest.approx(1 - line["crps_there"] / line["crps_baseline"])
    best = next(row for row in found["baselines"] if row["best"] and row["measure"] == "crps")
    assert (best["baseline"], best["skill"]) == (line["best"], line["skill_best"])
    assert [known["figure_id"] for known in found["misses"][0]["known"]] == ["f2", "f3"]
    by_file = runner.invoke(
        main, ["score", "run", str(tiny / "evidence" / "figures.csv"), "--json"]
    )
    assert json.loads(by_file.stdout)["rows"] == found["rows"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["score", "nowhere", "isis_2017"], "found nothing at nowhere/run.json"),
        (["score", "run", "no_such.csv"], "no_such.csv"),
        (["score", "run"], "Missing argument 'FIGURES'"),
        (["score"], "Missing argument 'RUN'"),
        (["forcast"], "No such command 'forcast'"),
    ],
)
def test_bad_arguments_end_with_2(
    runner: CliRunner, tiny: Path, quick: dict[str, Any], arguments: list[str], message: str
) -> None:
    runner.invoke(main, ["forecast", str(tiny), "--draws", "5", "--out", "run"])
    result = runner.invoke(main, arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_cases_lists_what_is_built_in(runner: CliRunner) -> None:
    assert "isis_2017: " in runner.invoke(main, ["cases"]).stdout
    found = json.loads(runner.invoke(main, ["cases", "--json"]).stdout)
    assert [row["name"] for row in found] == list(dispersal.builtin_cases())
    asked = {row["name"]: row["asked_on"] for row in found}
    assert asked["isis_2017"] == "2017-03-07"


def test_an_end_from_experts_needs_experts(runner: CliRunner, tiny: Path) -> None:
    result = runner.invoke(main, ["forecast", str(tiny), "--end-from-experts", "linear"])
    assert result.exit_code == 2
    assert "expert" in result.stderr
    assert not (tiny.parent / "work" / "runs").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(runner: CliRunner, command: str) -> None:
    result = runner.invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert f"Example: dispersal {command}" in result.stdout
    assert "--json" in result.stdout


def test_the_commands_are_these(runner: CliRunner) -> None:
    assert sorted(main.commands) == sorted(COMMANDS)
    assert (
        f"dispersal, version {dispersal.__version__}" in runner.invoke(main, ["--version"]).stdout
    )


def test_help_needs_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "from dispersal.cli import main\n"
        "main(['--help'], standalone_mode=False)\n"
        "heavy = {'jax', 'numba', 'numpy', 'pandas', 'xarray', 'pydantic', 'rich'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or None)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Commands:" in done.stdout


def test_the_program_ends_without_a_traceback(tiny: Path) -> None:
    command = [sys.executable, "-m", "dispersal.cli", "score", "nowhere", "isis_2017"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("dispersal: found nothing at nowhere/run.json")
    assert "Traceback" not in done.stderr
