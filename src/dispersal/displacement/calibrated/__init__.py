"""The Dispersal rules: camps forecast from the first days' arrivals, with uncertainty."""

from dispersal.displacement.calibrated.evidence import Known, known_on
from dispersal.displacement.calibrated.forecast import CampForecast, Total, forecast_camps
from dispersal.displacement.calibrated.parameters import Parameters
from dispersal.displacement.calibrated.scoring import CampScore, score_camps

__all__ = [
    "CampForecast",
    "CampScore",
    "Known",
    "Parameters",
    "Total",
    "forecast_camps",
    "known_on",
    "score_camps",
]
