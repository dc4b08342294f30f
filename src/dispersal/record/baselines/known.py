"""The figures that a baseline may learn from: published by the cut-off, no misprints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dispersal.inference.observation import value_and_width

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from dispersal.case import Ledger

FloatArray = NDArray[np.float64]

DAYS_IN_YEAR = 365.25


@dataclass(frozen=True, eq=False)
class Series:
    """The figures of one quantity of one home country, by the day they speak of.

    Parameters
    ----------
    logs : float array, shape (N,)
        log(1 + n), N ≥ 1.
    years : float array, shape (N,)
        Days they speak of, in years since 1970; ascending.
    last : float
        What the last figure says: of several of one day, the last published; of several of those,
        their geometric mean on 1 + n.
    """

    logs: FloatArray
    years: FloatArray
    last: float

    @property
    def last_year(self) -> float:
        """The day of the last figure."""
        return float(self.years[-1])


@dataclass(frozen=True, eq=False)
class Known:
    """Everything that a baseline learns from.

    Parameters
    ----------
    cutoff : datetime.date
    series : dict
        By quantity and origin.
    """

    cutoff: dt.date
    series: dict[tuple[str, str], Series]

    @property
    def quantities(self) -> tuple[str, ...]:
        """Quantities of which a figure is known."""
        return tuple(sorted({quantity for quantity, _ in self.series}))

    @property
    def largest(self) -> float:
        """log(1 + n) of the largest figure known; infinite if none is."""
        return max((float(one.logs.max()) for one in self.series.values()), default=np.inf)

    def of(self, quantity: str) -> Iterator[tuple[str, Series]]:
        """Yield origin and series of a quantity."""
        for (name, origin), series in self.series.items():
            if name == quantity:
                yield origin, series

    def changes(self, quantity: str) -> tuple[FloatArray, FloatArray]:
        """Return changes of log(1 + n) between consecutive figures, and the years between."""
        found = [series for _, series in self.of(quantity)]
        steps = [np.diff(series.logs) for series in found]
        years = [np.diff(series.years) for series in found]
        return np.concatenate([np.zeros(0), *steps]), np.concatenate([np.zeros(0), *years])

    def departed(self, origin: str) -> float | None:
        """Return how many have departed by the last figure; None if there is no figure."""
        series = self.series.get(("departed", origin))
        return None if series is None else float(np.expm1(series.last))


def known_on(ledger: Ledger, cutoff: dt.date) -> Known:
    """Return what a baseline may learn from on a day.

    Parameters
    ----------
    ledger : Ledger
        May hold rows published later; they are not seen.
    cutoff : datetime.date
        The last day that counts.

    Returns
    -------
    Known
        Figures with two ends (``point``, ``about``, ``range``), except misprints. A range counts
        as its geometric middle.
    """
    rows = ledger.as_known_on(cutoff).figures
    value, _, side = value_and_width(rows)
    misprint = np.array(["misprint" in tags for tags in rows["tags"]], dtype=bool)
    rows = rows.assign(value=value)[(side == 0) & ~misprint & np.isfinite(value)]
    rows = rows.sort_values(["as_of", "published", "figure_id"], kind="stable")
    found = {}
    for (quantity, origin), part in rows.groupby(["quantity", "origin"], sort=True):
        final = part[part["as_of"] == part["as_of"].max()]
        final = final[final["published"] == final["published"].max()]
        found[str(quantity), str(origin)] = Series(
            logs=part["value"].to_numpy(float),
            years=np.array([year_of(day) for day in part["as_of"]]),
            last=float(final["value"].mean()),
        )
    return Known(cutoff, found)


def year_of(day: dt.date) -> float:
    """Return a day in years since 1970.

    Examples
    --------
    >>> import datetime
    >>> round(year_of(datetime.date(2017, 1, 1)) - year_of(datetime.date(2016, 1, 1)), 3)
    1.002
    """
    return (pd.Timestamp(day) - pd.Timestamp(1970, 1, 1)).days / DAYS_IN_YEAR
