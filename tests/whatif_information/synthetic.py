"""Figures and forecasts of which the value of information is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispersal.case import load_case
from dispersal.forecast.by_fate import Kept
from dispersal.forecast.forecast import Forecast
from dispersal.model.states import ALL_FATES
from dispersal.whatif.information_cut import Cut, Yardstick, cut_of
from dispersal.whatif.information_figures import Figure
from dispersal.whatif.information_values import common_noise, values_of
from tests.forecast.synthetic import make_ensemble, write_tiny

if TYPE_CHECKING:
    from pathlib import Path

FloatArray = NDArray[np.float64]

#: Middle and standard deviation of a target on the log scale.
MIDDLE, SPREAD = 7.0, 0.3


def figure_of(centre: FloatArray, scale: float, name: str = "returned:TUN") -> Figure:
    quantity, _, origin = name.partition(":")
    return Figure(name, "national", quantity, origin, centre, np.full(centre.size, scale))


def correlated(share: float, draws: int, seed: int) -> tuple[FloatArray, FloatArray]:
    """Return a normal target on the log scale, and a normal centre that tells a share of it."""
    rng = np.random.default_rng(seed)
    known, other = rng.normal(size=(2, draws))
    target = np.sqrt(share) * known + np.sqrt(1.0 - share) * other
    return MIDDLE + SPREAD * target, MIDDLE + known


def cuts(target: FloatArray, figure: Figure, values: int = 100) -> tuple[Cut, Cut, float]:
    """Return the cuts of the width, the score and the variance of a target on the log scale."""
    yardstick = Yardstick(np.expm1(target)[None], seed=1)
    now = yardstick.now()
    found = values_of(figure, common_noise(target.size, seed=1), values)
    then = yardstick.expected(found)
    width, crps = cut_of(now.width, then.width), cut_of(now.crps, then.crps)
    return width, crps, 1.0 - then.variance / now.variance


def decisive_forecast(folder: Path, draws: int = 400, seed: int = 5) -> Forecast:
    """Return a forecast in which nobody knows how many came home to Tunisia, and all else is sure.

    They came home before the cut-off and stay there; figures count them all but exactly.
    """
    ensemble = make_ensemble(load_case(write_tiny(folder)), draws, seed)
    rng = np.random.default_rng(seed)
    fates = np.repeat(ensemble.fates[:1], draws, axis=0)
    home, killed, settled = (
        ALL_FATES.index(fate) for fate in ("home_at_large", "killed", "demobilised")
    )
    # The dead of France vary, too, and have nothing to do with anybody else.
    fates[:, 1, 0, killed] = rng.integers(50, 400, draws)[:, None]
    # Who is not at home is among those of whom no figures are published: it is known who left.
    returned = rng.integers(500, 3_000, draws)[:, None]
    fates[:, 0, 0, home], fates[:, 0, 0, settled] = returned, 3_000 - returned
    origins = len(ensemble.origins)
    return Forecast.of(
        replace(
            ensemble,
            by_fate=Kept(fates, ensemble.now),
            bias={name: np.zeros((draws, origins)) for name in ensemble.bias},
            error={name: np.full(draws, 0.05) for name in ensemble.error},
        )
    )
