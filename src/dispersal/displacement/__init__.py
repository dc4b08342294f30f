"""A second model beside that of fighters: civilians on a road network, read from Flee's folders."""

from dispersal.displacement.calibrated import (
    CampForecast,
    CampScore,
    Parameters,
    forecast_camps,
    score_camps,
)
from dispersal.displacement.flee_files import FleeFolder, read_flee
from dispersal.displacement.flee_rules import FleeMean, flee_mean
from dispersal.displacement.flee_sample import FleeSampled, flee_sample
from dispersal.displacement.flee_work import FleeWork, prepare_flee
from dispersal.displacement.validate import CampError, FleeResult, camp_error, run_flee, score_flee

__all__ = [
    "CampError",
    "CampForecast",
    "CampScore",
    "FleeFolder",
    "FleeMean",
    "FleeResult",
    "FleeSampled",
    "FleeWork",
    "Parameters",
    "camp_error",
    "flee_mean",
    "flee_sample",
    "forecast_camps",
    "prepare_flee",
    "read_flee",
    "run_flee",
    "score_camps",
    "score_flee",
]
