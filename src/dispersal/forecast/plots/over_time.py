"""Draws of a quantity on many days at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispersal.forecast import lookup
from dispersal.forecast.quantities import counted
from dispersal.model.states import ALL_FATES

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from dispersal.forecast.forecast import Forecast


def draws_over_time(
    forecast: Forecast,
    quantity: str,
    origin: str | None,
    days: list[dt.date],
    stratum: str | None = None,
) -> NDArray[np.float64]:
    """Return what ``forecast.draws`` returns for each day, shape (days, D), much faster.

    Parameters
    ----------
    forecast : Forecast
    quantity, origin, stratum
        As for :meth:`Forecast.draws`.
    days : list of date
        Within the period.

    Raises
    ------
    InputError
        For an unknown name.
    """
    what = counted(quantity, stratum)
    ensemble = forecast.ensemble
    origins = lookup.origins_of(ensemble, origin)
    strata = lookup.strata_of(ensemble, what.stratum)
    total = np.zeros((ensemble.size, ensemble.months.steps + 1), dtype=np.int64)
    for fate in (ALL_FATES.index(name) for name in what.fates):
        for stratum_at in strata:
            people = ensemble.by_fate.of(stratum_at, fate)
            total += people[:, origins].sum(axis=1, dtype=np.int64)
    positions = (ensemble.months.position(day) for day in days)
    return np.stack([lookup.at_position(total, position) for position in positions])
