from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dispersal.cli import main
from dispersal.report import page

if TYPE_CHECKING:
    from click.testing import CliRunner


@pytest.fixture
def run(runner: CliRunner, tiny: Path, quick: dict[str, Any]) -> Path:
    """A saved forecast of the tiny case, without a page."""
    options = ["--draws", "20", "--out", "run", "--no-report"]
    assert runner.invoke(main, ["forecast", str(tiny), *options]).exit_code == 0
    return Path("run")


def test_forecast_ends_with_a_report(runner: CliRunner, tiny: Path, quick: dict[str, Any]) -> None:
    result = runner.invoke(main, ["forecast", str(tiny), "--draws", "20", "--out", "run"])
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1] == "The report for a browser is run/report.html"
    assert "drawing" in result.stderr
    assert 'id="dispersal-data"' in Path("run/report.html").read_text(encoding="utf-8")
    asked = ["forecast", str(tiny), "--draws", "20", "--out", "other", "--json"]
    assert json.loads(runner.invoke(main, asked).stdout)["report"] == "other/report.html"
    # The run is still a run.
    assert runner.invoke(main, ["score", "run", str(tiny)]).exit_code == 0


def test_a_report_can_be_left_out(runner: CliRunner, tiny: Path, run: Path) -> None:
    assert not (run / "report.html").exists()
    asked = ["forecast", str(tiny), "--draws", "20", "--out", "other", "--no-report", "--json"]
    assert json.loads(runner.invoke(main, asked).stdout)["report"] is None


def test_report_is_written_beside_the_run_or_where_it_is_asked_for(
    runner: CliRunner, run: Path
) -> None:
    result = runner.invoke(main, ["report", "run"])
    assert result.exit_code == 0, result.output
    assert result.stdout == "Written to run/report.html\n"
    result = runner.invoke(main, ["report", "run", "-o", "new/here.html", "--json"])
    found = json.loads(result.stdout)
    assert found["report"] == "new/here.html"
    assert found["bytes"] == Path("new/here.html").stat().st_size
    assert (found["case"], found["cutoff"]) == ("tiny", "2017-03-07")
    text = Path("new/here.html").read_text(encoding="utf-8")
    assert text == Path("run/report.html").read_text(encoding="utf-8")


def test_later_figures_are_shown(runner: CliRunner, tiny: Path, run: Path) -> None:
    asked = ["report", "run", "--evidence", str(tiny), "-o", "with.html"]
    assert runner.invoke(main, asked).exit_code == 0
    runner.invoke(main, ["report", "run", "-o", "without.html"])
    ledgers = [json.dumps(data_of(Path(name))["ledger"]) for name in ("with.html", "without.html")]
    assert ['"later"' in ledger for ledger in ledgers] == [True, False]


def data_of(file: Path) -> dict[str, Any]:
    text = file.read_text(encoding="utf-8")
    start = text.index('id="dispersal-data">') + len('id="dispersal-data">')
    found: dict[str, Any] = json.loads(text[start : text.index("</script>", start)])
    return found


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "found nothing at nowhere/run.json"),
        (["run", "-o", "mine.html"], "found a file at mine.html that is not a report"),
        (["run", "-o", "run"], "found the folder run, expected the name of a file"),
        (["run", "-o", "mine.html/report.html"], "mine.html/report.html, expected a file"),
        (["run", "--evidence", "no_such.csv"], "no_such.csv"),
        (["run", "--backtest", "run"], "backtest.json"),
        ([], "Missing argument 'RUN'"),
        (["run", "--out", "x.html"], "--out"),
    ],
)
def test_bad_input_ends_with_2_and_changes_nothing(
    runner: CliRunner, run: Path, arguments: list[str], message: str
) -> None:
    Path("mine.html").write_text("<p>mine</p>")
    before = sorted(Path().rglob("*"))
    result = runner.invoke(main, ["report", *arguments])
    assert result.exit_code == 2, result.output
    assert message in result.stderr
    assert not result.stdout
    assert sorted(Path().rglob("*")) == before
    assert Path("mine.html").read_text() == "<p>mine</p>"


def test_a_missing_front_end_is_noticed_before_the_work(
    runner: CliRunner, tiny: Path, quick: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "_BUNDLE", ("report.js", "nothing.css"))
    result = runner.invoke(main, ["forecast", str(tiny), "--draws", "20"])
    assert result.exit_code == 1
    assert "run `make web`" in result.stderr
    assert "fit" not in quick
    result = runner.invoke(main, ["forecast", str(tiny), "--draws", "20", "--no-report"])
    assert result.exit_code == 0
