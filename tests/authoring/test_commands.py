"""``dispersal new``, ``check``, ``evidence`` and ``schema`` at the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

import dispersal
from dispersal.authoring import json_schema
from dispersal.case import load_case
from dispersal.cli import main
from tests.case.small import write_small
from tests.forecast.synthetic import make_posterior, replace_simulation

from .conftest import contents

if TYPE_CHECKING:
    from collections.abc import Sequence

NEW = [
    "new", "mine", "--group", "The group", "--place", "Kolumbien", "--members", "8000", "12000",
    "--mode", "negotiated=0.9", "--mode", "fragmentation", "--asked-on", "2016-12-01",
    "--end", "2017-01-01", "2017-08-01", "2018-12-01", "--agreed-on", "2016-11-24",
]  # fmt: skip


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(arguments: Sequence[str], code: int = 0, typed: str | None = None) -> Result:
    result = CliRunner().invoke(main, list(arguments), input=typed)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


def test_from_nothing_to_a_forecast_in_two_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second is the one that the first prints; only the fit and the simulation are replaced."""
    printed = run(NEW).stdout
    (line,) = [line for line in printed.splitlines() if "dispersal forecast" in line]
    asked: dict[str, Any] = {}

    def fit(case: Any, **settings: Any) -> Any:
        asked["case"] = case
        settings["progress"](1, 1)
        return make_posterior(case)

    def from_past(case: Any, *_: object, **__: object) -> Any:
        asked["past"] = True
        return case

    monkeypatch.setattr(dispersal, "fit", fit)
    monkeypatch.setattr("dispersal.cli.run.with_reference_fates", from_past)
    monkeypatch.setattr("tests.forecast.synthetic.CUTOFF", load_case("./mine").asked_on)
    replace_simulation(monkeypatch)
    words = line.split()[1:]
    assert words == ["forecast", "./mine", "--fates-from-reference"]
    result = run([*words, "--draws", "10", "--as-known-on", "2017-03-07", "--no-report"])
    assert asked["past"]
    assert asked["case"].group.name == "The group"
    assert "Where do the members of The group go" in result.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        ["--place", "Mali", "--members", "3000", "9000"],
        ["--place", "Syria", "--place", "Iraq", "--foreign-only", "--origin", "Tunisia",
         "--origin", "France", "--foreign-members", "2000", "9000", "--mode", "withdrawal"],
        ["--zone", "Vanni (Sri Lanka)", "9.3", "80.4", "--step", "week", "--mode", "negotiated"],
    ],
)  # fmt: skip
def test_a_new_case_really_runs(options: list[str]) -> None:
    """Nothing replaced: fitted, simulated and drawn, on priors and past endings alone."""
    run(["new", "mine", "--no-input", "--group", "G", "--asked-on", "2016-12-01", *options])
    run(["forecast", "./mine", "--fates-from-reference", "--draws", "200", "--out", "run"])
    assert Path("run/report.html").is_file()
    forecast = dispersal.load_forecast("run")
    kind = "foreign" if "--foreign-only" in options else "local"
    ever = forecast.fates_table(origin=kind)["p50"].sum()
    assert 1_000 < ever < 60_000


def test_new_prints_json(work: Path) -> None:
    found = json.loads(run([*NEW, "--json"]).stdout)
    assert found["case"] == "mine"
    assert found["next"][1] == "dispersal check ./mine"
    assert {file for file in found["files"] if not (work / "mine" / file).is_file()} == set()


def test_new_asks_at_a_terminal_and_asks_again(work: Path) -> None:
    typed = [
        "",  # a group is needed
        "The group",
        "Kolumbienn",
        "Kolumbien; Panamá",
        "Italien, Spanien",
        "y",
        "5000 x",
        "8000, 12000",
        "100 200",
        "negotiated=0.9 fragmentation",
        "1.12.2016",
        "2016-12-01",
        "2017-01-01 2017-08-01",
        "2017-01-01 2017-08-01 2018-12-01",
        "2016-11-24",
        "men; women",
    ]
    result = run(["new", "mine", "--input"], typed="\n".join(typed) + "\n")
    assert "an answer is needed here" in result.stderr
    assert "near are Kolumbien (COL, German)" in result.stderr
    assert "expected a number in digits" in result.stderr
    assert "cannot be told apart" in result.stderr
    assert "one more entry" in result.stderr
    assert "What is the group called" not in result.stdout
    case = load_case(work / "mine")
    assert case.territory.places == ("COL", "PAN")
    assert [row.origin for row in case.origins] == ["COL", "PAN", "ITA", "ESP"]
    assert (case.group.members_low, case.strata) == (8000, ("men", "women"))
    assert (str(case.asked_on), str(case.end.agreed_on)) == ("2016-12-01", "2016-11-24")
    assert str(case.end.judgements[0].p90) == "2018-12-01"


def test_new_asks_only_for_what_is_not_given(work: Path) -> None:
    options = ["--origin", "Italy", "--strata", "men", "--input"]
    result = run([*NEW, *options], typed="100 200\n")
    assert result.stderr.count("): ") == 1
    assert "How many came from abroad in all" in result.stderr
    italy = load_case(work / "mine").origins[-1]
    assert (italy.members_low, italy.members_high) == (100, 200)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["new", "mine", "--no-input"], "the key group, which is required"),
        (["new", "mine", "--no-input", "--group", "G"], "at least one country or zone"),
        (["new", "Mine"], "did you mean 'mine'?"),
        ([*NEW, "--theatre", "Mali", "--no-theatres"], "expected one of them"),
        ([*NEW, "--place", "Erewhon"], "name or code of a country"),
        ([*NEW, "--mode", "defeat"], "military_defeat, negotiated"),
        ([*NEW, "--strata", "men,boys"], "men, women or minors"),
        ([*NEW, "--out", "/dev/null"], "can be made"),
        (["evidence", "add", "demo"], "Missing option '--quantity'"),
        (["evidence", "import", "demo", "x.csv"], "Missing option '--map'"),
        (["evidence", "imprt"], "No such command 'imprt'"),
        (["schema", "cases"], "'cases' is not one of 'case', 'levers', 'columns'"),
        (["check", "demo", "--run", "nowhere"], "the folder of a saved forecast"),
    ],
)
def test_bad_input_ends_with_2(work: Path, arguments: list[str], words: str) -> None:
    write_small(work)
    before = contents(work)
    result = run(arguments, code=2)
    assert words in " ".join(result.output.split())
    assert contents(work) == before


def test_a_name_that_is_taken_is_told_before_anything_is_asked(work: Path) -> None:
    run(NEW)
    before = contents(work)
    assert "there already" in run(["new", "mine", "--input"], code=2, typed="").stderr
    assert contents(work) == before


def test_check_tells_what_to_fill_in_next(work: Path) -> None:
    run(["new", "mine", "--no-input", "--group", "G", "--place", "Mali", "--mode", "withdrawal",
         "--asked-on", "2016-12-01"])  # fmt: skip
    words = " ".join(run(["check", "./mine"]).stdout.split())
    assert "no faults" in words
    assert "1. case.yaml, end.judgements: no judgement by 2016-12-01" in words
    assert "2. case.yaml, group.members_low" in words
    assert "→ dispersal evidence add ./mine --quantity strength --place MLI" in words
    assert "more: --top" in words
    assert "6. " not in words
    assert "6. " in run(["check", "./mine", "--top", "20"]).stdout
    plain = run(["check", "./mine", "--no-guide"]).stdout
    assert "fill in" not in plain
    found = json.loads(run(["check", "./mine", "--json"]).stdout)
    assert found["ok"]
    assert [one["rule"] for one in found["guide"]["findings"]][:2] == ["end", "size"]
    assert {"file", "column", "why", "how", "rows", "worth"} <= set(found["guide"]["findings"][0])
    assert "guide" not in json.loads(run(["check", "./mine", "--json", "--no-guide"]).stdout)


def test_a_case_with_faults_gets_no_guide(work: Path) -> None:
    (write_small(work) / "places.csv").unlink()
    result = run(["check", "demo"], code=2)
    assert "fill in" not in result.stdout
    assert "guide" not in json.loads(run(["check", "demo", "--json"], code=2).stdout)


def test_evidence_is_added_and_said(work: Path) -> None:
    demo = write_small(work)
    command = [
        "evidence", "add", "demo", "--quantity", "returned", "--origin", "Tunesien", "--low", "900",
        "--high", "1000", "--as-of", "2017-01-31", "--published", "2017-02-01",
        "--source", "new_1", "--title", "A report", "--publisher", "Institute",
    ]  # fmt: skip
    before = contents(work)
    assert "nothing is written" in run([*command, "--dry-run"]).stdout
    assert contents(work) == before
    result = run(command)
    assert "evidence/figures.csv, row 8: new_1-returned-tun,returned,TUN,900,1000" in result.stdout
    assert "1 figure added to demo" in result.stdout
    assert load_case(demo).ledger.source("new_1").title == "A report"
    again = run(command, code=2)
    assert "does not tell already" in again.stderr
    found = json.loads(run([*command, "--low", "901", "--json"]).stdout)
    assert found["rows"][0]["row"] == 9
    assert found["written"] is True


def test_evidence_is_imported_and_said(work: Path) -> None:
    write_small(work)
    Path("columns.yaml").write_text(
        "columns: {origin: Land, low: N, high: N}\n"
        "constants: {quantity: killed, as_of: 2017-01-31, published: 2017-02-01, source: un_2016}\n"
    )
    Path("list.csv").write_text("Land,N,Rest\nTunesien,5,x\nFrance,7,y\n")
    command = ["evidence", "import", "demo", "list.csv", "--map", "columns.yaml"]
    result = run([*command, "--dry-run"])
    assert "note: columns of list.csv that are not used: Rest" in result.stdout
    assert "2 figures would be added" in result.stdout
    assert json.loads(run([*command, "--json"]).stdout)["rows"][1]["cells"]["origin"] == "FRA"
    Path("list.csv").write_text("Land,N\nTunezien,5\nFrance,~7\n")
    told = run(command, code=2).stderr
    assert "list.csv, row 2, column Land: found 'Tunezien'" in told
    assert "list.csv, row 3, column N: found '~7'" in told


def test_a_package_is_written_and_said(work: Path) -> None:
    write_small(work)
    assert "demo/evidence/datapackage.json" in run(["evidence", "package", "demo"]).stdout
    found = json.loads(run(["evidence", "package", "demo", "--json"]).stdout)
    assert Path(found["file"]).is_file()
    assert "move the old one" in run(["evidence", "package", "demo", "--licence", "X"], 2).stderr


def test_a_schema_is_printed_or_written(work: Path) -> None:
    assert json.loads(run(["schema", "case"]).stdout) == json_schema("case")
    run(["schema", "levers", "--out", "levers.json"])
    assert json.loads(Path("levers.json").read_text(encoding="utf-8")) == json_schema("levers")
    assert "there already" in run(["schema", "case", "--out", "levers.json"], code=2).stderr
    found = json.loads(run(["schema", "columns", "--out", "c.json", "--json"]).stdout)
    assert found == {"schema": "columns", "file": "c.json"}
    assert "can be written" in run(["schema", "case", "--out", "no/c.json"], code=2).stderr


@pytest.mark.parametrize("command", ["add", "import", "package"])
def test_every_command_of_evidence_has_an_example_and_json(command: str) -> None:
    printed = run(["evidence", command, "--help"]).stdout
    assert f"Example: dispersal evidence {command}" in " ".join(printed.split())
    assert "--json" in printed
