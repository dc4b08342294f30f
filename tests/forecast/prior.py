"""Draws from the priors in the place of a fit."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from dispersal.inference.diagnostics import Diagnostics
from dispersal.inference.observation import observe
from dispersal.inference.posterior import Posterior
from dispersal.model.design import make_design
from dispersal.model.parameters import table
from tests.model.drawn import prior_values

if TYPE_CHECKING:
    from dispersal.case import Case

CUTOFF = dt.date(2017, 3, 7)


def prior_posterior(case: Case, draws: int, cutoff: dt.date = CUTOFF, seed: int = 4) -> Posterior:
    """Return draws from the priors in the place of a fit."""
    design = make_design(case, cutoff)
    samples = {name: value[None] for name, value in prior_values(design, draws, seed).items()}
    diagnostics = Diagnostics(pd.DataFrame({"rhat": [1.0]}, index=["x"]), 0, 100, 1.0, 1.0)
    return Posterior(design, table(), observe(design), samples, {}, diagnostics, seed, {})
