"""The folder of a run holds the numbers of its results, and harms nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from dispersal.cli.displacement import displacement
from dispersal.errors import InputError
from dispersal.report.displacement import write_displacement
from dispersal.report.displacement.results import results_of
from tests.displacement.folders import write_folder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.report_displacement.conftest import Run


def test_camps_are_the_quantiles_of_the_draws(run: Run, written: Path) -> None:
    table = pd.read_csv(written / "camps.csv")
    levels = {"p2_5": 0.025, "p10": 0.1, "p50": 0.5, "p90": 0.9, "p97_5": 0.975}
    assert list(table.columns) == ["date", "camp", *levels, "counted"]
    found = run.forecast.quantiles(tuple(levels.values()))
    for at, name in enumerate(levels):
        wide = table.pivot_table(index="date", columns="camp", values=name)[list(run.own.camps)]
        np.testing.assert_allclose(wide.to_numpy(), found.to_numpy()[at], rtol=1e-9)
        assert list(wide.index) == [str(day)[:10] for day in found["date"].to_numpy()]
    counted = table.pivot_table(index="date", columns="camp", values="counted")
    np.testing.assert_array_equal(
        counted[list(run.own.camps)].to_numpy(), run.forecast.data[run.forecast.first :]
    )


def test_camps_under_flees_rules_are_the_expected_counts(run: Run, written_flee: Path) -> None:
    table = pd.read_csv(written_flee / "camps.csv", parse_dates=["date"])
    by_day = run.flee.by_day()
    assert list(table["camp"]) == list(by_day["camp"])
    assert (table["date"] == by_day["date"]).all()
    np.testing.assert_allclose(table["expected"], by_day["forecast"], rtol=1e-9)
    np.testing.assert_array_equal(table["counted"], by_day["data"])


def test_errors_are_those_of_the_score_and_say_what_is_fed(
    run: Run, written: Path, written_flee: Path
) -> None:
    for path, errors in ((written, run.score.errors), (written_flee, run.flee.errors)):
        table = pd.read_csv(path / "errors.csv", index_col="forecast")
        assert list(table.index) == list(errors.index)
        np.testing.assert_allclose(table[list(errors.columns)], errors, rtol=1e-5)
        assert set(table.index[table["fed"]]) == {"flee_rules", "shares_of_capacity"}
        assert not table["words"].str.contains("*", regex=False).any()


def test_run_json_says_what_made_it_and_is_written_last(run: Run, written: Path) -> None:
    record = json.loads((written / "run.json").read_text(encoding="utf-8"))
    assert {name: record[name] for name in run.forecast.provenance()} == run.forecast.provenance()
    assert (record["rules"], record["draws"], record["first_day"]) == ("dispersal", 50, 5)
    assert (record["start"], record["days"]) == ("2020-01-01", 10)
    assert record["settings"]["max_move_speed"] == run.folder.settings.max_move_speed
    assert record["coverage"]["0.8"] == run.score.coverage[0.8]
    files = {file.name for file in written.iterdir()} - {"run.json"}
    assert set(record["files"]) == files
    pictures = {f"{name}.{kind}" for name in ("camps", "map", "errors") for kind in ("svg", "png")}
    assert files == {"camps.csv", "errors.csv", "report.html", *pictures}
    for name, digest in record["files"].items():
        assert hashlib.sha256((written / name).read_bytes()).hexdigest() == digest


def test_nothing_is_overwritten(run: Run, written: Path, tmp_path: Path) -> None:
    before = (written / "run.json").read_bytes()
    with pytest.raises(InputError, match="expected a new or an empty folder"):
        write_displacement(run.forecast, run.score, written)
    assert (written / "run.json").read_bytes() == before
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="expected a new or an empty folder"):
        write_displacement(run.flee, None, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


def test_a_score_belongs_to_a_forecast(run: Run, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="found no score"):
        write_displacement(run.forecast, None, tmp_path)
    with pytest.raises(InputError, match="beside Flee's rules"):
        write_displacement(run.flee, run.score, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_pictures_are_drawings_of_every_camp(run: Run, written: Path) -> None:
    texts = {}
    for name in ("camps", "map", "errors"):
        root = ET.parse(written / f"{name}.svg").getroot()
        texts[name] = " ".join(" ".join(root.itertext()).split())
        assert (written / f"{name}.png").read_bytes()[:4] == b"\x89PNG"
        assert "seed 3" in texts[name]
    for camp in run.own.camps:
        assert camp in texts["camps"]
    assert "Flee's rules, with capacities (fed the answer)" in texts["errors"]
    assert "counted later" in texts["camps"]
    svg = (written / "camps.svg").read_text(encoding="utf-8")
    assert len(re.findall(r'id="middle:', svg)) == len(run.own.camps)


def test_figures_are_those_of_the_files(run: Run) -> None:
    assert run.own.figures("Camp One") == [(2, 80.0, True), (4, 80.0, True), (8, 180.0, False)]
    assert all(not known for _, _, known in run.expected.figures("Camp One"))
    assert run.own.known_until == dt.date(2020, 1, 5)
    assert run.expected.known_until is None


def test_at_the_end_stands_the_interval_or_the_expected_count(run: Run) -> None:
    last = run.forecast.counts[-1]
    for at in range(len(run.own.camps)):
        assert run.own.at_end(at) == pytest.approx(np.quantile(last[at], [0.1, 0.5, 0.9]))
        assert set(run.expected.at_end(at)) == {float(run.flee.forecast[-1, at])}
    assert results_of(run.flee).spread == {}


def test_the_command_writes_the_folder(tmp_path: Path) -> None:
    folder = str(write_folder(tmp_path / "small"))
    out = tmp_path / "out"
    with pytest.MonkeyPatch.context() as patch:
        # Drawing is tested above and takes seconds.
        for name in ("draw_camps", "draw_map_of_camps", "draw_errors"):
            patch.setattr(f"dispersal.report.displacement.write.{name}", lambda *_: None)
        done = CliRunner().invoke(displacement, [folder, "--out", str(out)])
        quiet = [folder, "--out", str(tmp_path / "quiet"), "--json"]
        record = json.loads(CliRunner().invoke(displacement, quiet, catch_exceptions=False).output)
    assert done.exit_code == 0, done.output
    assert f"are in {out}" in done.output
    assert record["rules"] == "flee"
    assert {"camps.csv", "errors.csv", "report.html", "run.json"} == {f.name for f in out.iterdir()}
    with pytest.raises(InputError, match="expected a new or an empty folder"):
        CliRunner().invoke(displacement, [folder, "--out", str(out)], catch_exceptions=False)
