"""Every quantity at the ends of the quarters, as one long table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dispersal.forecast import lookup
from dispersal.forecast.quantities import GROUPS, QUANTITIES, STRATUM_QUANTITIES, counted
from dispersal.forecast.tables import LEVELS, add_up

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from dispersal.forecast.forecast import Forecast

FloatArray = NDArray[np.float64]
COLUMNS = ("quantity", "origin", "place", "stratum", "date", "p10", "p50", "p90", "mean")


def summary(forecast: Forecast) -> pd.DataFrame:
    """Return quantiles of the true counts on the cut-off, at quarter ends and on the last day.

    Parameters
    ----------
    forecast : Forecast

    Returns
    -------
    pandas.DataFrame
        Columns ``quantity``; ``origin`` (a code, or ``foreign``, ``local``, ``all``); ``place``
        (empty: anywhere); ``stratum``; ``date``; ``p10``, ``p50``, ``p90`` and ``mean`` in
        persons. Single origins: the stratum that published figures count, and everyone;
        groups of origins: every stratum; places: everyone, by group of origins.
    """
    parts = []
    for day in lookup.quarter_ends(forecast.ensemble):
        labels, values = [], []
        for label, draws in (*_fates(forecast, day), *_places(forecast, day)):
            labels.append(label)
            values.append(draws)
        block = np.stack(values, axis=1)
        low, middle, high = np.quantile(block, list(LEVELS.values()), axis=0)
        frame = pd.DataFrame(labels, columns=["quantity", "origin", "place", "stratum"])
        parts.append(
            frame.assign(
                date=pd.Timestamp(day), p10=low, p50=middle, p90=high, mean=block.mean(axis=0)
            )
        )
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


Label = tuple[str, str, str, str]


def _fates(forecast: Forecast, day: dt.date) -> Iterator[tuple[Label, FloatArray]]:
    ensemble = forecast.ensemble
    counts = forecast.counts(day)
    strata = {
        name: lookup.strata_of(ensemble, name) for name in ("adults", "all", *ensemble.strata)
    }
    for stratum, indices in strata.items():
        people = counts[:, :, indices].sum(axis=2)
        for quantity in QUANTITIES:
            values = add_up(people, quantity)
            for group in GROUPS:
                chosen = lookup.origins_of(ensemble, group)
                yield (quantity, group, "", stratum), values[:, chosen].sum(axis=1)
            if stratum in ("all", counted(quantity).stratum):
                for at, code in enumerate(ensemble.origins):
                    yield (quantity, code, "", stratum), values[:, at]
    for quantity, (series, stratum) in STRATUM_QUANTITIES.items():
        values = add_up(counts[:, :, lookup.strata_of(ensemble, stratum)].sum(axis=2), series)
        for at, code in enumerate(ensemble.origins):
            yield (quantity, code, "", stratum), values[:, at]


def _places(forecast: Forecast, day: dt.date) -> Iterator[tuple[Label, FloatArray]]:
    counts = forecast.counts_at_places(day)
    by_place: dict[tuple[str, str], list[int]] = {}
    for at, state in enumerate(forecast.ensemble.place_states):
        fate, place = state.split(":")[:2]
        by_place.setdefault((fate, place), []).append(at)
    for group in GROUPS:
        people = counts[:, lookup.origins_of(forecast.ensemble, group)].sum(axis=1)
        for (fate, place), states in by_place.items():
            yield (fate, group, place, "all"), people[:, states].sum(axis=1)
