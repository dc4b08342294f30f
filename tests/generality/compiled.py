"""What JAX compiles, next to the same formulas run by NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispersal.forecast.world import World

from .means import DRAWS, SEED
from .uncompiled import formulas_by_numpy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.inference.posterior import Posterior


def compiled_formulas_agree(posterior: Posterior) -> None:
    """Start and hazards of a case are the same, whoever works them out."""
    compiled = _worked_out(posterior)
    with formulas_by_numpy():
        plain = _worked_out(posterior)
    for name, found in compiled.items():
        # Of thousands of people nearly all may have joined: who has not is what cancels.
        least = 1e-9 if name.startswith("past") else 1e-12
        np.testing.assert_allclose(plain[name], found, rtol=1e-9, atol=least, err_msg=name)


def _worked_out(posterior: Posterior) -> dict[str, NDArray[np.float64]]:
    world = World.drawn(posterior, DRAWS, SEED, posterior.design.case.period.until)
    hazards = world.maker.of(0, DRAWS)
    found = {f"past {name}": counts for name, counts in world.past(0, DRAWS).counts().items()}
    for name in ("by_step_group", "by_group_flow", "by_step_flow"):
        found[name] = np.asarray(getattr(hazards, name))
    return found
