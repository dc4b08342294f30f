"""The share of the departed, pooled over countries."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispersal.record.baselines.known import Known, year_of
from dispersal.record.baselines.prediction import Prediction
from dispersal.record.baselines.spread import (
    PRIOR,
    SHARE_PRIOR,
    Spread,
    learn_spread,
)

if TYPE_CHECKING:
    import datetime as dt

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PooledShare:
    """A country's departed times the share that all countries together have had so far.

    Parameters
    ----------
    known : Known
    shares : dict of str to float
        By quantity: persons over persons departed, over the countries that have both.
    residuals : dict of str to float array
        By quantity: log(1 + n) of those countries' own figures, less what the share gives them.
    spreads : dict of str to Spread
        By quantity: the countries' scatter around the share, and what a year adds.
    empirical : bool
        Whether the residuals themselves are the distribution, or a Student-t of their scale.
    """

    known: Known
    shares: dict[str, float]
    residuals: dict[str, FloatArray]
    spreads: dict[str, Spread]
    empirical: bool = False

    @classmethod
    def learn(cls, known: Known, revisions: dict[str, Spread]) -> PooledShare:
        """Learn shares and their scatter from the last figures."""
        shares, residuals, spreads = {}, {}, {}
        for quantity in known.quantities:
            pairs = [
                (series.last, departed)
                for origin, series in known.of(quantity)
                if quantity != "departed" and (departed := known.departed(origin)) is not None
            ]
            if not pairs:
                continue
            own, departed = np.array(pairs).T
            if departed.sum() > 0:
                share = float(np.expm1(own).sum() / departed.sum())
                residual = own - np.log1p(share * departed)
                scatter = learn_spread(residual, np.zeros(residual.size), SHARE_PRIOR).at_once
                a_year = revisions.get(quantity, PRIOR).a_year
                shares[quantity], residuals[quantity] = share, residual
                spreads[quantity] = Spread(scatter, a_year)
        return cls(known, shares, residuals, spreads)

    def predict(self, quantity: str, origin: str, as_of: dt.date) -> Prediction | None:
        """Return the prediction of a figure, or None without departed or a share of them."""
        departed = self.known.departed(origin)
        if departed is None or quantity not in self.shares:
            return None
        centre = math.log1p(self.shares[quantity] * departed)
        years = abs(year_of(as_of) - year_of(self.known.cutoff))
        scale = self.spreads[quantity].after(years)
        if self.empirical:
            steps = self.residuals[quantity] * scale / self.spreads[quantity].after(0.0)
            return Prediction.empirical("pooled share", centre, steps, scale)
        return Prediction.around("pooled share", centre, scale)
