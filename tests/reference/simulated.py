"""Simulated histories whose true shares are known, and small tables."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dispersal.case.schema import END_MODES
from dispersal.model.fates import FATES
from dispersal.reference.program import (
    BASIS,
    DEGREES_OF_FREEDOM,
    ERROR,
    LEAST_REST,
    MEAN_SCALE,
    SCALES,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.reference.program import Data

#: An outcome for each fate.
NAMES = dict(zip(FATES, ("killed", "captured", "underground", "next_theatre", "home"), strict=True))

#: Few iterations: what is tested needs no more.
QUICK: dict[str, Any] = {"chains": 2, "warmup": 150, "draws": 250, "require": False}


def cases_table(count: int, **columns: Any) -> pd.DataFrame:
    """Return a table of cases of 1,000 members each, their modes in turn."""
    frame = pd.DataFrame(
        {
            "case_id": [f"case_{at:02d}" for at in range(count)],
            "group": "A group",
            "end_mode": [END_MODES[at % len(END_MODES)] for at in range(count)],
            "end_date": [f"20{at:02d}-01-01" for at in range(count)],
            "members_low": 1_000,
            "members_high": 1_000,
        }
    )
    return frame.assign(**columns)


def outcome_rows(
    *rows: tuple[str, str, float | None, float | None], **columns: Any
) -> pd.DataFrame:
    """Return a table of outcomes from (case, outcome, low, high)."""
    frame = pd.DataFrame(list(rows), columns=["case_id", "outcome", "low", "high"])
    rest = {"unit": "persons", "as_of": "2001-01-01", "published": "2001-02-01", "source": "a"}
    return frame.assign(**{**rest, **columns})


def simulate(seed: int, count: int = 24) -> tuple[pd.DataFrame, pd.DataFrame, NDArray[np.float64]]:
    """Return outcomes, cases and true shares of a history drawn from the model's own prior."""
    rng = np.random.default_rng(seed)
    mean = np.asarray(MEAN_SCALE * rng.standard_normal(BASIS.shape[1]))
    modes = mean + SCALES["mode"] * rng.standard_normal((len(END_MODES), mean.size))
    spread = np.hypot(SCALES["ending"], SCALES["case"])
    at = np.arange(count) % len(END_MODES)
    logs = (modes[at] + spread * rng.standard_normal((count, mean.size))) @ BASIS.T
    shares = np.exp(logs) / np.exp(logs).sum(axis=1, keepdims=True)
    noise = ERROR * rng.standard_t(DEGREES_OF_FREEDOM, shares.shape)
    figures = 1_000 * shares * np.exp(noise * np.maximum(1 - shares, LEAST_REST))
    rows = [
        (f"case_{case:02d}", NAMES[fate], float(value), float(value))
        for case, line in enumerate(figures)
        for fate, value in zip(FATES, line, strict=True)
    ]
    # Where the captured are released is elsewhere: their figures count those held.
    outcomes = outcome_rows(*rows)
    places = np.where(outcomes["outcome"] == "home", "HOM", "WAR")
    return outcomes.assign(place=places), cases_table(count), shares


def same(first: Data, second: Data) -> bool:
    """Return whether the arrays of a fit are the same, to the last bit."""
    pairs = zip(dataclasses.astuple(first), dataclasses.astuple(second), strict=True)
    return all(np.array_equal(np.asarray(a), np.asarray(b)) for a, b in pairs)
