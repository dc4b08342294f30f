"""Answers kept beside a run are checked, cut to what a page shows, and shown if there are any."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from dispersal.cli.report import report as report_command
from dispersal.errors import InputError
from dispersal.forecast.forecast import Forecast
from dispersal.report.document import document
from dispersal.report.schema import check
from dispersal.report.whatif.answers import COMMANDS, DIGITS, INFLUENCES, answers
from dispersal.report.whatif.names import in_words, names_in_judgements
from dispersal.whatif.store import FOLDER, keep
from dispersal.whatif.update.history import HISTORY

from .asked import Asked, ask

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    return ask(tmp_path_factory.mktemp("asked"))


@pytest.fixture
def run(asked: Asked, tmp_path: Path) -> Path:
    """The folder of the saved forecast with every answer."""
    folder = asked.forecast.save(tmp_path / "run")
    for kind, record in asked.records.items():
        if kind == "history":
            (folder / HISTORY).write_text(json.dumps(record), encoding="utf-8")
        else:
            keep(folder, record)
    return folder


def numbers_of(value: Any) -> list[float]:
    """Return every number in a value, in order."""
    if isinstance(value, dict):
        return [number for part in value.values() for number in numbers_of(part)]
    if isinstance(value, list):
        return [number for part in value for number in numbers_of(part)]
    return [value] if isinstance(value, float | int) and not isinstance(value, bool) else []


def test_every_answer_is_shown_as_the_schema_says(asked: Asked) -> None:
    made = document(asked.forecast, whatif=asked.records)
    found = check(json.loads(json.dumps(made, allow_nan=False)))
    assert found.whatif is not None
    assert set(made["whatif"]) == set(asked.records) == set(COMMANDS)


def test_without_answers_nothing_is_different(asked: Asked) -> None:
    plain = document(asked.forecast)
    assert "whatif" not in plain
    assert document(asked.forecast, whatif={}) == plain
    only = document(asked.forecast, whatif={"levers": asked.records["levers"]})
    assert {key: value for key, value in only.items() if key != "whatif"} == plain
    assert set(only["whatif"]) == {"levers"}


def test_a_run_without_answers_shows_none(asked: Asked, tmp_path: Path) -> None:
    assert answers(asked.forecast, asked.forecast.save(tmp_path / "run")) == {}


def test_answers_are_found_in_the_folder_of_the_run(asked: Asked, run: Path) -> None:
    assert answers(asked.forecast, run) == answers(asked.forecast, asked.records)


def test_numbers_are_those_of_the_records(asked: Asked) -> None:
    shown = answers(asked.forecast, asked.records)
    for kind in ("levers", "sensitivity", "information", "update"):
        assert len(numbers_of(shown[kind])) > 10
        wanted = [float(f"{number:.{DIGITS}g}") for number in numbers_of(asked.records[kind])]
        assert numbers_of(shown[kind]) == pytest.approx(wanted[: len(numbers_of(shown[kind]))])


@pytest.mark.parametrize("kind", [kind for kind in COMMANDS if kind != "history"])
def test_an_answer_of_another_layout_is_refused(asked: Asked, kind: str) -> None:
    for change in ({"surplus": 1}, {"draws": "many"}, {"versions": None}):
        broken = {**asked.records[kind], **change}
        (key,) = change
        with pytest.raises(InputError, match=f"{kind}.{key}.*run `{COMMANDS[kind]}` again"):
            answers(asked.forecast, {kind: broken})
    missing = {key: value for key, value in asked.records[kind].items() if key != "seed"}
    with pytest.raises(InputError, match=f"{kind}.seed"):
        answers(asked.forecast, {kind: missing})


@pytest.mark.parametrize("kind", COMMANDS)
def test_an_answer_of_another_forecast_is_refused(asked: Asked, kind: str) -> None:
    for key, value in (("case_hash", "f" * 64), ("cutoff", "2015-01-01")):
        record = copy.deepcopy(asked.records[kind])
        (record["forecasts"][-1] if kind == "history" else record)[key] = value
        with pytest.raises(InputError, match=f"{kind} of {key} {value[:10]}"):
            answers(asked.forecast, {kind: record})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda levers: levers.update(columns=levers["columns"][1:]), "expected the columns by"),
        (lambda levers: levers["levers"][0]["rows"][0].pop(), "expected rows of 15 cells"),
        (lambda levers: levers["levers"][0]["rows"][0].__setitem__(7, "few"), "mean of lever"),
    ],
)
def test_rows_of_levers_are_checked(asked: Asked, change: Any, message: str) -> None:
    broken = copy.deepcopy(asked.records["levers"])
    change(broken)
    with pytest.raises(InputError, match=message):
        answers(asked.forecast, {"levers": broken})


def test_an_unknown_kind_is_refused(asked: Asked) -> None:
    with pytest.raises(InputError, match="did you mean 'levers'"):
        answers(asked.forecast, {"lever": asked.records["levers"]})


def test_a_damaged_file_is_named(asked: Asked, run: Path) -> None:
    (run / FOLDER / "levers.json").write_text('{"kind": "lev', encoding="utf-8")
    with pytest.raises(InputError, match=r"levers\.json damaged"):
        answers(asked.forecast, run)


def test_long_lists_are_cut_but_doubtful_rows_stay(asked: Asked) -> None:
    record = copy.deepcopy(asked.records["influence"])
    sure, doubtful = record["rows"][1], record["rows"][0]
    record["rows"] = [sure] * (INFLUENCES + 5) + [doubtful]
    rows = answers(asked.forecast, {"influence": record})["influence"]["rows"]
    assert len(rows) == INFLUENCES + 1
    assert rows[-1]["trusted"] is False


def test_experts_are_shown_with_names(asked: Asked) -> None:
    shown = answers(asked.forecast, asked.records)["experts"]
    code = asked.records["experts"]["claims"][0]["name"]
    name = names_in_judgements(asked.forecast)[code]
    assert name != code
    assert [claim["name"] for claim in shown["claims"]] == [name, "staying in Iraq and Syria"]
    assert shown["claims"][0]["published_later"] == f"at least 12 more in {name}"
    assert "words" not in shown
    assert "log_score" not in json.dumps(shown)


def test_areas_of_judgements_are_no_countries_of_the_same_code(asked: Asked) -> None:
    assert in_words("NAM", names_in_judgements(asked.forecast)) == "North America"


def test_sources_of_answers_are_listed(asked: Asked) -> None:
    made = document(asked.forecast, later=asked.case, whatif=asked.records)
    row = asked.records["experts"]["claims"][0]
    assert set(row["sources"]) <= set(made["ledger"]["sources"])
    assert "unlisted" not in made["ledger"]["sources"]


def test_the_command_shows_what_is_kept_in_the_run(asked: Asked, run: Path) -> None:
    done = CliRunner().invoke(report_command, [str(run)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    page = (run / "report.html").read_text(encoding="utf-8")
    assert '"whatif":{"levers":{"kind":"levers"' in page
    (run / FOLDER / "levers.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InputError, match="levers"):
        CliRunner().invoke(report_command, [str(run)], catch_exceptions=False)


def test_a_report_of_another_case_shows_no_answer_of_this_one(asked: Asked) -> None:
    case = asked.forecast.case.as_known_on("2016-06-01")
    other = Forecast.of(replace(asked.forecast.ensemble, case=case))
    with pytest.raises(InputError, match=r"expected \w+, that of the forecast"):
        document(other, whatif=asked.records)
