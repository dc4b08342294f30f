"""The record: how good forecasts were, next to plain baselines."""
