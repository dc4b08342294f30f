"""A run brought up to date: beside the old one, with its history, refitted where weights fail."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from click.testing import CliRunner

from dispersal.cli.update import influence as influence_command
from dispersal.cli.update import update as update_command
from dispersal.errors import InputError
from dispersal.forecast.store import load_forecast, load_posterior
from dispersal.inference.fit import fit
from dispersal.whatif.store import kept
from dispersal.whatif.update import history_of, influence, update
from tests.whatif_update.conftest import SURPRISE, USUAL, write_rows

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.whatif.update import Update


def files(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


#: A fit by chains that are too short to be trusted.
SHORT = partial(fit, draws=50, blocks=1, require=False)


@pytest.fixture(scope="module")
def usual(saved: Path, tmp_path_factory: pytest.TempPathFactory) -> Update:
    folder = tmp_path_factory.mktemp("usual")
    rows, sources = write_rows(folder, USUAL)
    return update(saved, rows, sources=sources, out=folder / "after")


@pytest.fixture(scope="module")
def surprised(saved: Path, tmp_path_factory: pytest.TempPathFactory) -> Update:
    """Refitted by chains that are too short to be trusted, which is not the question here."""
    folder = tmp_path_factory.mktemp("surprise")
    rows, sources = write_rows(folder, *SURPRISE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dispersal.whatif.update.apply.fit", SHORT)
        return update(saved, rows, sources=sources, out=folder / "after")


def test_a_usual_figure_is_weighed_in(usual: Update, saved: Path) -> None:
    assert (usual.method, usual.why) == ("reweighed", ())
    assert usual.khat < 0.7
    assert usual.effective > 400
    assert str(usual.forecast.cutoff) == "2017-03-10"
    assert usual.forecast.size == load_forecast(saved).size
    assert set(usual.table()["row"]) == {"new1"}


def test_the_new_run_holds_the_rows_and_can_be_read(usual: Update) -> None:
    again = load_forecast(usual.folder)
    assert again.case.ledger.row("new1").source == "office_2017"
    posterior = load_posterior(usual.folder)
    for name, draws in usual.posterior.samples.items():
        np.testing.assert_array_equal(posterior.samples[name], draws, err_msg=name)
    assert posterior.design.months == usual.posterior.design.months


def test_the_answer_is_kept_with_the_new_run(usual: Update) -> None:
    record = kept(usual.folder)["update"]
    assert record == json.loads(json.dumps(usual.record()))
    assert record["method"] == "reweighed"
    assert record["rows"][0]["row"] == "new1"
    moved = {(line["quantity"], line["origin"]): line for line in record["moved"]}
    line = moved["returned", "NLD"]
    assert line["found"] == "weights"
    assert line["persons"] == pytest.approx(line["by"])
    assert line["before"] != line["after"]


def test_nothing_earlier_is_overwritten(saved: Path, tmp_path: Path) -> None:
    before = files(saved)
    rows, sources = write_rows(tmp_path, USUAL)
    first = update(saved, rows, sources=sources)
    assert first.folder == saved.with_name(f"{saved.name}-update-1")
    assert files(saved) == before
    after = files(first.folder)
    # A row of a day before all simulated months, which the fit has no use for.
    unused = USUAL.replace("new1", "new2").replace("2017-03-01", "2010-03-01")
    more, _ = write_rows(tmp_path / "2", unused)
    second = update(first.folder, more)
    assert second.folder == saved.with_name(f"{saved.name}-update-2")
    assert files(first.folder) == after
    assert [entry["run"] for entry in history_of(second.folder)] == [
        saved.name, first.folder.name, second.folder.name,
    ]  # fmt: skip
    assert [entry["added"] for entry in history_of(second.folder)] == [[], ["new1"], ["new2"]]
    assert [entry["method"] for entry in history_of(second.folder)][:2] == ["fitted", "reweighed"]
    outputs = history_of(second.folder)[-1]["outputs"]["NLD"]["returned"]
    assert outputs[0] <= outputs[1] <= outputs[2]
    with pytest.raises(InputError, match="expected a new or an empty folder"):
        update(saved, rows, sources=sources, out=first.folder)


def test_a_fresh_run_has_a_history_of_one(saved: Path) -> None:
    (only,) = history_of(saved)
    made = load_forecast(saved)
    assert (only["method"], only["cutoff"], only["added"]) == ("fitted", "2017-03-07", [])
    drawn = np.quantile(made.draws("returned", "TUN"), [0.1, 0.5, 0.9])
    assert only["outputs"]["TUN"]["returned"] == pytest.approx(drawn, abs=0.06)
    drawn = np.quantile(made.draws("free_agents"), [0.1, 0.5, 0.9])
    assert only["outputs"]["foreign"]["free_agents"] == pytest.approx(drawn, abs=0.06)


def test_a_row_without_effect_moves_nothing(saved: Path, tmp_path: Path) -> None:
    row = USUAL.replace("2017-03-10", "2017-03-05").replace("2017-03-01", "2010-03-01")
    rows, sources = write_rows(tmp_path, row)
    found = update(saved, rows, sources=sources, out=tmp_path / "after")
    assert found.forecast.provenance.cutoff == "2017-03-07"
    assert set(found.unused) == {"new1"}
    assert (found.moved["persons"] == 0.0).all()
    before = load_forecast(saved)
    np.testing.assert_array_equal(found.forecast.ensemble.fates, before.ensemble.fates)
    assert found.forecast.case.ledger.row("new1").as_of.year == 2010


@pytest.mark.slow
def test_a_total_of_months_later_adds_quarters(saved: Path, tmp_path: Path) -> None:
    header = "figure_id,quantity,place,host,low,high,qualifier,as_of,published,source,note\n"
    row = "new1,returned_total,WLD,,900,1300,range,2017-08-01,2017-09-10,office_2017,\n"
    rows, sources = write_rows(tmp_path, row, header=header)
    found = update(saved, rows, sources=sources, out=tmp_path / "after")
    assert (found.method, found.unused) == ("reweighed", {})
    assert found.posterior.design.steps == load_posterior(saved).design.steps + 2
    assert set(found.moved["found"]) == {"difference"}  # time moves a forecast, too
    again = load_posterior(found.folder)
    assert again.design.months == found.posterior.design.months
    assert again.samples["home_profile"].shape[-1] == again.design.knots - 1


def test_a_forecast_does_not_forget(saved: Path, tmp_path: Path) -> None:
    rows, sources = write_rows(tmp_path, USUAL)
    with pytest.raises(InputError, match="expected 2017-03-07, that of the run"):
        update(saved, rows, sources=sources, as_known_on="2017-01-01", out=tmp_path / "after")


@pytest.mark.slow
def test_a_surprise_is_fitted_again(surprised: Update) -> None:
    assert surprised.method == "refitted"
    assert "expected" in surprised.why[0]
    assert history_of(surprised.folder)[-1]["method"] == "refitted"
    moved = {(line["quantity"], line["origin"]): line for line in surprised.record()["moved"]}
    line = moved["returned", "NLD"]
    assert line["after"][1] > 1.3 * line["before"][1]
    assert surprised.posterior.design.months.start.isoformat() == "2011-12-01"


def test_influence_finds_the_planted_figure(saved: Path, tmp_path: Path) -> None:
    # Second among all figures with seeds 4, 5 and 6 of the fit; with 90 and seed 4, eighth.
    rows, sources = write_rows(tmp_path, USUAL.replace("46,46", "110,110"))
    planted = update(saved, rows, sources=sources, out=tmp_path / "after")
    found = influence(planted.folder, "returned:NLD")
    assert "new1" in found.rows.index[:3] or "new1" in found.doubtful
    line = next(line for line in found.record()["rows"] if line["row"] == "new1")
    assert line["shift"] > 2 * line["error"]
    assert set(found.rows.index) == set(planted.posterior.observations.figure_id)
    assert (found.rows["trusted"] == (found.rows["khat"] <= 0.7)).all()


def test_influence_of_a_count_of_many_is_refused(saved: Path) -> None:
    with pytest.raises(InputError, match="expected one count"):
        influence(saved, "returned:each")


def run_command(command: Any, *arguments: str) -> str:
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_commands_print_what_they_found(saved: Path, tmp_path: Path) -> None:
    rows, sources = write_rows(tmp_path, USUAL)
    out = ["--sources", str(sources), "--out", str(tmp_path / "a")]
    text = run_command(update_command, str(saved), str(rows), *out)
    assert "weighed anew: k-hat" in text
    assert "What moved most" in text
    record = json.loads(run_command(influence_command, str(tmp_path / "a"), "--json"))
    assert record["kind"] == "influence"
    assert record["output"]["name"].startswith("returned:foreign@")
    assert set(kept(tmp_path / "a")) == {"update", "influence"}
    shown = run_command(influence_command, str(tmp_path / "a"), "--output", "returned:NLD")
    assert "The rows it rests on most" in shown
