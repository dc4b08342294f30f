"""The engine: counts that move between states, expected and sampled.

Importing this package switches JAX to double precision, here and nowhere else: counts up to
millions and hazards over many steps do not fit in the 24 bits of a single.
"""

from __future__ import annotations

import jax

jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]

from dispersal.population.expected import Expected, expected, expected_many  # noqa: E402
from dispersal.population.hazards import HazardError, Hazards  # noqa: E402
from dispersal.population.mean import mean_totals  # noqa: E402
from dispersal.population.process import Process, ProcessError  # noqa: E402
from dispersal.population.room import room_left  # noqa: E402
from dispersal.population.sample import Sampled, sample  # noqa: E402
from dispersal.population.totals import SampledTotals, Totals, sample_totals  # noqa: E402

__all__ = [
    "Expected",
    "HazardError",
    "Hazards",
    "Process",
    "ProcessError",
    "Sampled",
    "SampledTotals",
    "Totals",
    "expected",
    "expected_many",
    "mean_totals",
    "room_left",
    "sample",
    "sample_totals",
]
