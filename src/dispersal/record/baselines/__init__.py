"""Baselines: forecasts anyone could make of the figures known at the cut-off (docs/scores.md)."""

from dispersal.record.baselines.learn import learn_baselines
from dispersal.record.baselines.prediction import Baseline, Prediction
from dispersal.record.baselines.reference_class import ReferenceShares

__all__ = ["Baseline", "Prediction", "ReferenceShares", "learn_baselines"]
