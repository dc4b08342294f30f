"""Every quantity at the ends of the quarters, as one long table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dispersal.forecast import lookup
from dispersal.forecast.labelled import labelled_fates, labelled_places, table_of
from dispersal.forecast.tables import LEVELS

if TYPE_CHECKING:
    from dispersal.forecast.forecast import Forecast

COLUMNS = ("quantity", "origin", "place", "stratum", "date", "p10", "p50", "p90", "mean")


def summary(forecast: Forecast) -> pd.DataFrame:
    """Return quantiles of the true counts on the cut-off, at quarter ends and on the last day.

    Parameters
    ----------
    forecast : Forecast
        Where it has a tally, of all draws that are in it, kept or not: see docs/scale.md.

    Returns
    -------
    pandas.DataFrame
        Columns ``quantity``; ``origin`` (a code, or ``foreign``, ``local``, ``all``); ``place``
        (empty: anywhere); ``stratum``; ``date``; ``p10``, ``p50``, ``p90`` and ``mean`` in
        persons. Single origins: the stratum that published figures count, and everyone;
        groups of origins: every stratum; places: everyone, by group of origins.
    """
    if forecast.tally is not None:
        return table_of(forecast.tally, forecast.ensemble)[list(COLUMNS)]
    parts = []
    for day in lookup.quarter_ends(forecast.ensemble):
        labels, values = [], []
        for some, draws in (
            *labelled_fates(forecast.ensemble, forecast.counts(day)),
            *labelled_places(forecast.ensemble, forecast.counts_at_places(day)),
        ):
            labels += some
            values.append(draws)
        block = np.concatenate(values, axis=1)
        low, middle, high = np.quantile(block, list(LEVELS.values()), axis=0)
        frame = pd.DataFrame(labels, columns=["quantity", "origin", "place", "stratum"])
        parts.append(
            frame.assign(
                date=pd.Timestamp(day), p10=low, p50=middle, p90=high, mean=block.mean(axis=0)
            )
        )
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]
