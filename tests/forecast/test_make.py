from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import dispersal
from dispersal.case import load_case
from dispersal.errors import InputError

from .synthetic import make_posterior, replace_simulation, write_tiny

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def posterior(tmp_path: Path) -> Any:
    return make_posterior(load_case(write_tiny(tmp_path)))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    return replace_simulation(monkeypatch)


def test_the_package_makes_a_forecast_when_called(posterior: Any, asked: dict[str, Any]) -> None:
    made = dispersal.forecast(posterior, until="2018-12-31", draws=7, seed=5)
    assert isinstance(made, dispersal.Forecast)
    assert made.size == 7
    assert made.provenance.seed == 5
    assert asked["until"] == made.last_day
    assert asked["threads"] is None


def test_a_made_forecast_carries_its_posterior_and_timings(
    posterior: Any, asked: dict[str, Any], tmp_path: Path
) -> None:
    made = dispersal.forecast(posterior, draws=3)
    assert asked["until"] is None
    assert made.provenance.timings == {"fit": 12.346, "simulate": 0.01}
    folder = made.save(tmp_path / "run")
    assert {file.name for file in folder.iterdir()} == {
        "case", "contraction.csv", "draws.nc", "evidence.csv", "posterior.nc", "run.json",
        "summary.csv",
    }  # fmt: skip
    loaded = dispersal.load_forecast(folder)
    assert loaded.provenance == made.provenance
    assert loaded.ensemble.timings == made.ensemble.timings


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"draws": 0}, "expected 1 or more"),
        ({"seed": -1}, "expected 0 or more"),
        ({"until": "2017-03-07"}, "after the cut-off, 2017-03-07"),
        ({"until": "2019-01-01"}, "end of the case's period, 2018-12-31"),
        ({"until": "soon"}, "YYYY-MM-DD"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    posterior: Any, asked: dict[str, Any], settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        dispersal.forecast(posterior, **settings)
    assert not asked
