from __future__ import annotations

import csv
import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from dispersal.errors import InputError
from dispersal.forecast.forecast import Forecast
from dispersal.forecast.store import free_folder, load_forecast

from .synthetic import CUTOFF

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def run(forecast: Forecast, tmp_path: Path) -> Path:
    return forecast.save(tmp_path / "run")


def test_a_loaded_forecast_is_the_saved_one_bit_for_bit(forecast: Forecast, run: Path) -> None:
    loaded = load_forecast(run)
    for name in ("fates", "places", "arrivals", "end", "mode", "strata_places"):
        saved, read = getattr(forecast.ensemble, name), getattr(loaded.ensemble, name)
        assert saved.dtype == read.dtype
        assert saved.tobytes() == read.tobytes()
    for name in ("bias", "error"):
        saved, read = getattr(forecast.ensemble, name), getattr(loaded.ensemble, name)
        assert list(saved) == list(read)
        assert all(saved[key].tobytes() == read[key].tobytes() for key in saved)
    for name in ("cutoff", "seed", "months", "now", "origins", "strata", "place_states", "timings"):
        assert getattr(forecast.ensemble, name) == getattr(loaded.ensemble, name)
    assert loaded.case == forecast.case
    assert loaded.provenance == forecast.provenance
    figure = forecast.draws("returned", "TUN", "2018-10-31", as_published=True)
    again = loaded.draws("returned", "TUN", "2018-10-31", as_published=True)
    assert figure.tobytes() == again.tobytes()
    pd.testing.assert_frame_equal(loaded.summary(), forecast.summary(), check_exact=True)


def test_the_posterior_and_its_contraction_are_kept(forecast: Forecast, tmp_path: Path) -> None:
    values = np.random.default_rng(1).normal(size=(2, 5))
    tree = xr.DataTree.from_dict({"posterior": xr.Dataset({"x": (("chain", "draw"), values)})})
    contraction = pd.DataFrame({"unit": ["share"], "contraction": [1 / 3]}, index=["x"])
    made = Forecast(forecast.ensemble, forecast.provenance, tree, contraction)
    loaded = load_forecast(made.save(tmp_path / "run"))
    assert loaded.posterior is not None
    assert loaded.contraction is not None
    assert (loaded.posterior["posterior"]["x"].to_numpy() == values).all()
    pd.testing.assert_frame_equal(loaded.contraction, contraction, check_exact=True)


def test_a_run_of_format_2_is_read_without_strata_at_places(run: Path) -> None:
    with xr.open_dataset(run / "draws.nc", engine="h5netcdf") as stored:
        older = stored.load().drop_vars(["strata_places", "kind", "moves", "move"])
    older = older.assign_attrs(format=2)
    older.to_netcdf(run / "draws.nc", engine="h5netcdf")
    record = json.loads((run / "run.json").read_text())
    record["files"]["draws.nc"] = hashlib.sha256((run / "draws.nc").read_bytes()).hexdigest()
    (run / "run.json").write_text(json.dumps(record | {"format": 2}))
    loaded = load_forecast(run)
    assert loaded.ensemble.strata_places is None
    assert loaded.draws("elsewhere", "all", place="LBY").size == loaded.size
    with pytest.raises(InputError, match="'women' at a place in a forecast of format 2"):
        loaded.draws("elsewhere", "all", place="LBY", stratum="women")
    with pytest.raises(InputError, match="'released' of a forecast of an earlier format"):
        loaded.moved("released")
    again = load_forecast(loaded.save(run.parent / "again"))
    assert again.ensemble.strata_places is None
    assert again.ensemble.moves is None


def test_a_run_is_never_overwritten(forecast: Forecast, run: Path) -> None:
    before = (run / "run.json").read_bytes()
    with pytest.raises(InputError, match="expected a new or an empty folder"):
        forecast.save(run)
    assert (run / "run.json").read_bytes() == before
    assert free_folder(run).name == "run-2"
    (run.parent / "run-2").mkdir()
    assert free_folder(run).name == "run-3"


def test_a_file_in_the_way_is_an_error(forecast: Forecast, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(InputError, match="expected a new or an empty folder"):
        forecast.save(tmp_path / "taken")
    with pytest.raises(InputError, match="taken"):
        forecast.save(tmp_path / "taken" / "run")


def test_the_record_says_where_the_numbers_come_from(forecast: Forecast, run: Path) -> None:
    record = json.loads((run / "run.json").read_text())
    assert record["case"] == "tiny"
    assert record["case_hash"] == forecast.case.content_hash
    assert record["cutoff"] == CUTOFF.isoformat()
    assert record["seed"] == 3
    assert set(record["versions"]) == {"dispersal", "python", "jax", "numpyro", "numpy", "numba"}
    assert record["timings"] == {"simulate": 0.01}
    with xr.open_dataset(run / "draws.nc", engine="h5netcdf") as stored:
        assert stored.attrs["case_hash"] == record["case_hash"]
        assert stored.attrs["version_numpy"] == record["versions"]["numpy"]
        assert stored["fates"].attrs["units"] == "persons"
        assert stored["fates"].sel(origin="TUN", fate="killed", stratum="men").dims == (
            "draw",
            "instant",
        )


def test_every_row_of_the_evidence_is_followed_to_its_source(run: Path) -> None:
    with (run / "evidence.csv").open(encoding="utf-8") as stream:
        rows = {row["figure_id"]: row for row in csv.DictReader(stream)}
    assert "later" not in rows
    assert len(rows) == 7
    assert rows["t3"]["source_title"] == "A report"
    assert rows["t3"]["source_url"] == "https://example.org/report"


@pytest.mark.parametrize("name", ["run.json", "draws.nc", "case/tiny/case.yaml"])
def test_a_missing_file_is_named(run: Path, name: str) -> None:
    (run / name).unlink()
    with pytest.raises(InputError, match=name.split("/")[-1]):
        load_forecast(run)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.json", b"{not json"),
        ("run.json", b"[]"),
        ("run.json", b"\xff\xfe"),
        ("run.json", b'{"format": 1}'),
        ("draws.nc", b"not a NetCDF file"),
        ("case/tiny/origins.csv", b"origin\nTUN\n"),
    ],
)
def test_a_damaged_file_is_named(run: Path, name: str, content: bytes) -> None:
    (run / name).write_bytes(content)
    with pytest.raises(InputError, match=name.split("/")[-1]):
        load_forecast(run)


def test_one_flipped_bit_of_the_draws_is_found(run: Path) -> None:
    content = bytearray((run / "draws.nc").read_bytes())
    content[len(content) // 2] ^= 1
    (run / "draws.nc").write_bytes(bytes(content))
    with pytest.raises(InputError, match="damaged or changed"):
        load_forecast(run)


def test_a_changed_case_is_found(run: Path) -> None:
    file = run / "case" / "tiny" / "case.yaml"
    file.write_text(
        file.read_text()
        .replace("military_defeat: 0.8", "military_defeat: 0.7")
        .replace("negotiated: 0.2", "negotiated: 0.3")
    )
    with pytest.raises(InputError, match="changed"):
        load_forecast(run)


def test_a_later_format_is_refused(run: Path) -> None:
    record = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps(record | {"format": 5}))
    with pytest.raises(InputError, match=r"found format 5 .*, expected 2 or 3 or 4, which"):
        load_forecast(run)
