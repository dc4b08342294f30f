"""The last figure times a change seen before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispersal.record.baselines.known import Known, year_of
from dispersal.record.baselines.prediction import Prediction
from dispersal.record.baselines.spread import PRIOR, Spread

if TYPE_CHECKING:
    import datetime as dt

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LastChanges:
    """Every change between consecutive figures of any country may happen again.

    A change c over g years becomes c · s(h) / s(g) over h years, with s the learnt spread.

    Parameters
    ----------
    known : Known
    units : dict of str to float array
        By quantity: changes of log(1 + n) in units of the spread of their span.
    revisions : dict of str to Spread
        By quantity.
    """

    known: Known
    units: dict[str, FloatArray]
    revisions: dict[str, Spread]

    @classmethod
    def learn(cls, known: Known, revisions: dict[str, Spread]) -> LastChanges:
        """Collect the changes, over all countries."""
        units = {}
        for quantity, spread in revisions.items():
            changes, years = known.changes(quantity)
            units[quantity] = changes / np.array([spread.after(gap) for gap in years])
        return cls(known, units, revisions)

    def predict(self, quantity: str, origin: str, as_of: dt.date) -> Prediction | None:
        """Return the prediction of a figure, or None where there is no earlier one."""
        series = self.known.series.get((quantity, origin))
        if series is None:
            return None
        years = abs(year_of(as_of) - series.last_year)
        scale = self.revisions.get(quantity, PRIOR).after(years)
        steps = self.units.get(quantity, np.zeros(0)) * scale
        return Prediction.empirical("last changes", series.last, steps, scale)
