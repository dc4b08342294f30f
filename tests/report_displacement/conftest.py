from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from dispersal.displacement import forecast_camps, read_flee, score_camps, score_flee
from dispersal.report.displacement import write_displacement
from dispersal.report.displacement.positions import Positions, positions_of
from dispersal.report.displacement.results import Results, results_of
from tests.displacement.folders import LOCATIONS, write_folder

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.displacement import CampForecast, CampScore, FleeFolder, FleeResult


@dataclass(frozen=True)
class Run:
    """Both kinds of results of the small conflict, and what is drawn of them.

    Flee's rules are run on the same conflict without coordinates.
    """

    folder: FleeFolder
    forecast: CampForecast
    score: CampScore
    flee: FleeResult
    own: Results
    expected: Results
    positions: Positions


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = read_flee(write_folder(tmp_path_factory.mktemp("small") / "small_one"))
    bare = re.sub(r"\d+\.\d,\d+\.\d", ",", LOCATIONS)
    without = read_flee(write_folder(tmp_path_factory.mktemp("bare") / "bare", locations=bare))
    forecast = forecast_camps(folder, days_known=4, draws=50, seed=3)
    score, flee = score_camps(forecast), score_flee(without)
    own, expected = results_of(forecast, score), results_of(flee)
    return Run(folder, forecast, score, flee, own, expected, positions_of(folder))


@pytest.fixture(scope="session")
def written(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_displacement(run.forecast, run.score, tmp_path_factory.mktemp("out") / "new")


@pytest.fixture(scope="session")
def written_flee(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_displacement(run.flee, None, tmp_path_factory.mktemp("out"))
