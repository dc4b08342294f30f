"""A line through a country's last figures goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from dispersal.record.baselines.known import Known, year_of
from dispersal.record.baselines.prediction import Prediction
from dispersal.record.baselines.spread import PRIOR, Spread, learn_spread

if TYPE_CHECKING:
    import datetime as dt

FloatArray = NDArray[np.float64]

#: A line goes through this many last figures at most, and at least.
MOST: Final = 5
LEAST: Final = 3

#: They have to span this many years: a line through one moment leads anywhere.
SHORTEST: Final = 0.5


def extrapolated(values: FloatArray, years: FloatArray, at: float) -> float | None:
    """Return log(1 + n) of the least-squares line of counts through the last figures.

    Parameters
    ----------
    logs : float array, shape (N,)
        log(1 + n).
    years : float array, shape (N,)
        Ascending.
    at : float
        The year asked for.

    Returns
    -------
    float or None
        None if there are too few figures, or they lie too close together. Not below 0.

    Examples
    --------
    >>> years = np.array([2014.0, 2015.0, 2016.0])
    >>> round(float(np.expm1(extrapolated(np.log1p([10.0, 20.0, 30.0]), years, 2018.0))), 6)
    50.0
    >>> extrapolated(np.zeros(2), years[:2], 2018.0) is None
    True
    """
    values, years = values[-MOST:], years[-MOST:]
    if values.size < LEAST or years[-1] - years[0] < SHORTEST:
        return None
    from_middle = years - years.mean()
    counts = np.expm1(values)
    slope = (from_middle @ counts) / (from_middle @ from_middle)
    return float(np.log1p(max(counts.mean() + slope * (at - years.mean()), 0.0)))


@dataclass(frozen=True, eq=False)
class LinearTrend:
    """The line goes on, with the spread of the misses that such lines made before.

    Parameters
    ----------
    known : Known
    misses : dict of str to Spread
        By quantity: how far figures were from the line through those before them.
    """

    known: Known
    misses: dict[str, Spread]

    @classmethod
    def learn(cls, known: Known) -> LinearTrend:
        """Learn the spread from every figure that had enough before it."""
        found = {}
        for quantity in known.quantities:
            errors, gaps = [], []
            for _, series in known.of(quantity):
                for at in range(LEAST, series.logs.size):
                    before, year = slice(0, at), series.years[at]
                    line = extrapolated(series.logs[before], series.years[before], year)
                    if line is not None:
                        errors.append(series.logs[at] - line)
                        gaps.append(year - series.years[at - 1])
            found[quantity] = learn_spread(np.array(errors), np.array(gaps))
        return cls(known, found)

    def predict(self, quantity: str, origin: str, as_of: dt.date) -> Prediction | None:
        """Return the prediction of a figure, or None where there are too few before it."""
        series = self.known.series.get((quantity, origin))
        if series is None:
            return None
        year = year_of(as_of)
        line = extrapolated(series.logs, series.years, year)
        if line is None:
            return None
        spread = self.misses.get(quantity, PRIOR)
        return Prediction.around("linear trend", line, spread.after(abs(year - series.last_year)))
