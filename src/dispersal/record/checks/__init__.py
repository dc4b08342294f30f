"""Checks of the fitted model: predictions, priors, evidence left out (docs/checks.md)."""

from dispersal.record.checks.folds import CountriesLeftOut, leave_countries_out
from dispersal.record.checks.predictive import PredictiveCheck, predictive_check
from dispersal.record.checks.priors import PriorSensitivity, prior_sensitivity
from dispersal.record.checks.sources import SourcesLeftOut, leave_sources_out

__all__ = [
    "CountriesLeftOut",
    "PredictiveCheck",
    "PriorSensitivity",
    "SourcesLeftOut",
    "leave_countries_out",
    "leave_sources_out",
    "predictive_check",
    "prior_sensitivity",
]
