"""The instants of a report, and counts of people at them, draws on the last axis."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from dispersal.forecast import lookup
from dispersal.forecast.quantities import QUANTITIES
from dispersal.model.states import ALL_FATES

if TYPE_CHECKING:
    import datetime as dt

    from dispersal.forecast.ensemble_types import Ensemble
    from dispersal.forecast.forecast import Forecast

FloatArray = NDArray[np.float64]
Number = TypeVar("Number", bound=np.generic)


class People:
    """Counts of a forecast at the instants of a report.

    Instants are the first days of quarters before the cut-off, and of every month from the
    instant nearest to it on; the last is the last day of the period. There, between two months,
    counts are linear, as everywhere in a forecast, and so have a fraction.

    Parameters
    ----------
    forecast : Forecast
    """

    def __init__(self, forecast: Forecast) -> None:
        self.forecast = forecast
        self._kept: dict[tuple[str, str], FloatArray] = {}

    @property
    def ensemble(self) -> Ensemble:
        """The draws."""
        return self.forecast.ensemble

    @cached_property
    def picks(self) -> NDArray[np.int64]:
        """Indices of the instants on the months of the ensemble, shape (T,)."""
        months, now = self.ensemble.months, self.ensemble.now
        firsts = range(0, now, months.parts)
        past = [at for at in firsts if months.instant(at).month in (1, 4, 7, 10)]
        return np.array([*past, *range(now, months.steps + 1)], dtype=np.int64)

    @cached_property
    def ahead(self) -> int:
        """Index of the instant nearest to the cut-off."""
        return int(np.searchsorted(self.picks, self.ensemble.now))

    @cached_property
    def instants(self) -> list[dt.date]:
        """The days."""
        days = [self.ensemble.months.instant(int(at)) for at in self.picks]
        return [*days[:-1], self.forecast.last_day]

    def of(self, quantity: str, stratum: str = "all") -> FloatArray:
        """Return the people of a quantity, by origin.

        Parameters
        ----------
        quantity : str
            A key of ``dispersal.forecast.quantities.QUANTITIES``.
        stratum : str
            A key of ``dispersal.forecast.quantities.WHO``.

        Returns
        -------
        float array, shape (O, T, D)
            As ``Forecast.draws`` counts them at each instant.
        """
        key = (quantity, stratum)
        if key not in self._kept:
            self._kept[key] = self.of_fates(QUANTITIES[quantity], stratum)
        return self._kept[key]

    def of_fates(self, fates: tuple[str, ...], stratum: str = "all") -> FloatArray:
        """Return the people in some fates together, by origin, shape (O, T, D)."""
        by_fate = self.ensemble.by_fate
        # The last instant but one, too: the last day lies between it and the last.
        instants = np.union1d(self.picks, [self.ensemble.months.steps - 1])
        total = np.zeros((*by_fate.shape[:2], instants.size), dtype=np.int32)
        for at in lookup.strata_of(self.ensemble, stratum):
            for fate in fates:
                total += by_fate.of(at, ALL_FATES.index(fate), instants)
        return self.at_days(total, np.searchsorted(instants, self.picks))

    def at_days(self, counts: NDArray[Any], picks: NDArray[np.int64] | None = None) -> FloatArray:
        """Return counts of months at the instants, the draws last.

        Parameters
        ----------
        counts : whole numbers, shape (D, ..., M)
            At first days of months, the last of which follows the last day of the period; the
            one before it is that of the last month.
        picks : int array, optional
            Which of them; default: all.

        Returns
        -------
        float array, shape (..., T, D)
        """
        ensemble = self.ensemble
        left_out = ensemble.months.steps - ensemble.months.position(self.forecast.last_day)
        last = lookup.at_position(counts, counts.shape[-1] - 1 - left_out)
        chosen = counts if picks is None else counts[..., picks]
        found = draws_last(chosen).astype(np.float64)
        found[..., -1, :] = np.moveaxis(last, 0, -1)
        return found

    @cached_property
    def kinds(self) -> dict[str, list[int]]:
        """Indices of the origins of each group: foreign, local, all."""
        return {
            name: lookup.origins_of(self.ensemble, name) for name in ("foreign", "local", "all")
        }

    @cached_property
    def regions(self) -> dict[str, list[int]]:
        """Indices of the origins by region, in the order of the case's origins; all kinds."""
        region = {row.origin: row.region for row in self.forecast.case.origins}
        found: dict[str, list[int]] = {}
        for at, origin in enumerate(self.ensemble.origins):
            found.setdefault(region[origin], []).append(at)
        return dict(sorted(found.items()))


def draws_last(values: NDArray[Number]) -> NDArray[Number]:
    """Return an array with its first axis, the draws, made the last and contiguous."""
    return np.ascontiguousarray(np.moveaxis(values, 0, -1))
