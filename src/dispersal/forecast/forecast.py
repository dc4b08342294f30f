"""The forecast: what an ensemble answers, with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispersal.errors import InputError
from dispersal.forecast import lookup
from dispersal.forecast.placed import at_place
from dispersal.forecast.provenance import Provenance
from dispersal.forecast.published import published_draws
from dispersal.forecast.quantities import (
    STRATUM_QUANTITIES,
    Counted,
    counted,
)
from dispersal.forecast.repeats import Repeats, learn_repeats
from dispersal.model.states import ALL_FATES

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    import pandas as pd
    import xarray as xr

    from dispersal.case import Case
    from dispersal.case.asking import Day
    from dispersal.forecast.ensemble_types import Ensemble
    from dispersal.forecast.plots import Plots
    from dispersal.forecast.tally import Tally
    from dispersal.forecast.theatre import EndDate

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Forecast:
    """Draws of every quantity, by origin, place, stratum and day.

    Parameters
    ----------
    ensemble : Ensemble
    provenance : Provenance
    posterior : xarray.DataTree, optional
        The posterior it was made from, as ArviZ writes it.
    contraction : pandas.DataFrame, optional
        What the evidence told of each parameter, from ``Posterior.contraction``.
    tally : Tally, optional
        Of more draws than are kept, for the summary: see docs/scale.md.
    """

    ensemble: Ensemble
    provenance: Provenance
    posterior: xr.DataTree | None = field(default=None, repr=False)
    contraction: pd.DataFrame | None = field(default=None, repr=False)
    tally: Tally | None = field(default=None, repr=False)

    @classmethod
    def of(
        cls,
        ensemble: Ensemble,
        posterior: xr.DataTree | None = None,
        contraction: pd.DataFrame | None = None,
        tally: Tally | None = None,
    ) -> Forecast:
        """Return the forecast of an ensemble that this process made."""
        return cls(ensemble, Provenance.of(ensemble), posterior, contraction, tally)

    @property
    def case(self) -> Case:
        """The case, as known on the cut-off."""
        return self.ensemble.case

    @property
    def cutoff(self) -> dt.date:
        """The last day whose evidence was seen."""
        return self.ensemble.cutoff

    @property
    def size(self) -> int:
        """Number of draws that are kept whole."""
        return self.ensemble.size

    @property
    def first_day(self) -> dt.date:
        """First day that can be asked for."""
        return self.ensemble.months.instant(0)

    @property
    def last_day(self) -> dt.date:
        """Last day of the period."""
        return lookup.last_day(self.ensemble)

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of origins and places, by their code."""
        found = {place.place: place.name for place in self.case.places}
        return found | {origin.origin: origin.name for origin in self.case.origins}

    @cached_property
    def repeats(self) -> Repeats:
        """How often a national series tells its last figure again, and those figures."""
        return learn_repeats(self.case.ledger.figures)

    def draws(
        self,
        quantity: str,
        origin: str | None = None,
        date: Day | None = None,
        stratum: str | None = None,
        place: str | None = None,
        as_published: bool = False,
    ) -> FloatArray:
        """Return one value a draw.

        Parameters
        ----------
        quantity : str
            A key of ``dispersal.forecast.quantities.QUANTITIES`` or ``STRATUM_QUANTITIES``.
        origin : str, optional
            A code of origins.csv, or ``foreign`` (the default), ``local`` or ``all``.
        date : str, date or time stamp, optional
            Default: the last day of the period. Between monthly instants counts are linear.
        stratum : {"men", "women", "minors", "adults", "all"}, optional
            Default: adults for departed, returned, killed, remaining and detained, as published
            figures count adults; everyone for other quantities and at places.
        place : str, optional
            Only those at this place, from the cut-off on: a code, or a code and a host as
            ``LBY:isil_libya``. By stratum for ``foreign``, ``local`` and ``all`` only.
        as_published : bool
            Draw the figure that the origin's national series would publish, not the truth.

        Returns
        -------
        float array, shape (D,)
            Persons.

        Raises
        ------
        InputError
            For an unknown name, or a day outside the period; it names the nearest.
        """
        what = counted(quantity, stratum)
        when = lookup.day_within(self.ensemble, date)
        if place is not None:
            if quantity in STRATUM_QUANTITIES or as_published:
                raise InputError(
                    "found as_published or a quantity of one stratum with a place, expected "
                    "neither: places are counted as they are, by stratum where one is given"
                )
            return at_place(self.ensemble, what, origin, when, place, stratum or "all")
        if as_published:
            return published_draws(
                self, quantity, lookup.series_of(self.ensemble, what, origin), when, stratum
            )
        return self._count(what, origin, when)

    def arrived(self, place: str, date: Day | None = None) -> FloatArray:
        """Return how many have ever arrived at a theatre or third country since the cut-off.

        Parameters
        ----------
        place : str
            A code, or a code and a host as ``LBY:isil_libya``; everyone counts.
        date : str, date or time stamp, optional

        Returns
        -------
        float array, shape (D,)
            Persons.

        Raises
        ------
        InputError
            For an unknown place or a day outside the forecast.
        """
        ensemble = self.ensemble
        found = lookup.states_at(ensemble, ("elsewhere", "third_country"), place)
        ahead = lookup.position_ahead(ensemble, lookup.day_within(ensemble, date))
        return lookup.at_position(ensemble.arrivals[:, found].sum(1, dtype=np.int64), ahead)

    def moved(self, move: str, date: Day | None = None) -> FloatArray:
        """Return how many ever made one of ``states.MOVES`` since the cut-off, shape (D,).

        Raises
        ------
        InputError
            For an unknown move or day, or a run saved before format 4.
        """
        return lookup.moved(self.ensemble, move, lookup.day_within(self.ensemble, date))

    def counts(self, date: Day | None = None) -> FloatArray:
        """Return the persons in every fate on a day, shape (D, O, S, F)."""
        when = lookup.day_within(self.ensemble, date)
        ends, after = lookup.fates_around(self.ensemble, when)
        return lookup.at_position(np.stack(ends, axis=-1), after)

    def counts_at_places(self, date: Day | None = None) -> FloatArray:
        """Return the persons in every state at a place on a day, shape (D, O, P).

        Raises
        ------
        InputError
            For a day before the cut-off.
        """
        when = lookup.day_within(self.ensemble, date)
        return lookup.at_position(self.ensemble.places, lookup.position_ahead(self.ensemble, when))

    def summary(self) -> pd.DataFrame:
        """Return quantiles of every quantity: see ``dispersal.forecast.summary``."""
        from dispersal.forecast.summary import summary

        return summary(self)

    def cohorts(self, date: Day | None = None) -> pd.DataFrame:
        """Return holdouts, free agents and returnees: see ``dispersal.forecast.tables``."""
        from dispersal.forecast import tables

        return tables.cohorts(self, date)

    def fates_table(self, date: Day | None = None, origin: str | None = None) -> pd.DataFrame:
        """Return every fate of those who ever joined: see ``dispersal.forecast.tables``."""
        from dispersal.forecast import tables

        return tables.fates_table(self, date, origin)

    def origins_table(self, date: Day | None = None, top: int = 15) -> pd.DataFrame:
        """Return the home countries with most returnees: see ``dispersal.forecast.tables``."""
        from dispersal.forecast import tables

        return tables.origins_table(self, date, top)

    def theatres_table(self, date: Day | None = None) -> pd.DataFrame:
        """Return the other theatres, ranked: see ``dispersal.forecast.theatre``."""
        from dispersal.forecast import theatre

        return theatre.theatres_table(self, date)

    def remnant(
        self, start: Day | None = None, until: Day | None = None, threshold: float = 1_000
    ) -> pd.DataFrame:
        """Return the remnant's strength over time: see ``dispersal.forecast.theatre``."""
        from dispersal.forecast import theatre

        return theatre.remnant(self, start, until, threshold)

    def end_date(self) -> EndDate:
        """Return when the last territory is lost: see ``dispersal.forecast.theatre``."""
        from dispersal.forecast import theatre

        return theatre.end_date(self)

    def to_xarray(self) -> xr.Dataset:
        """Return the draws with named axes and units: see ``dispersal.forecast.dataset``."""
        from dispersal.forecast.dataset import to_xarray

        return to_xarray(self)

    @property
    def plot(self) -> Plots:
        """Figures in matplotlib: see ``dispersal.forecast.plots``."""
        from dispersal.forecast.plots import Plots

        return Plots(self)

    def save(self, folder: str | Path) -> Path:
        """Write a new folder: see ``dispersal.forecast.store`` and docs/forecast-format.md.

        Raises
        ------
        InputError
            If there is something in the folder already.
        """
        from dispersal.forecast.store import save

        return save(self, folder)

    def _count(self, what: Counted, origin: str | None, when: dt.date) -> FloatArray:
        ensemble = self.ensemble
        chosen = np.ix_(
            range(ensemble.size),
            lookup.origins_of(ensemble, origin),
            lookup.strata_of(ensemble, what.stratum),
            [ALL_FATES.index(fate) for fate in what.fates],
        )
        ends, after = lookup.fates_around(ensemble, when)
        # Whole numbers are added before they are weighed: exact in any order.
        sums = [counts[chosen].sum(axis=(1, 2, 3), dtype=np.int64) for counts in ends]
        return lookup.at_position(np.stack(sums, axis=-1), after)
