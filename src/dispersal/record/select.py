"""Which published figures a forecast is scored on, and whom each of them counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dispersal.case import Case, Ledger, load_case, read_figures
from dispersal.forecast.quantities import PUBLISHED, STRATUM_QUANTITIES

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from dispersal.forecast.forecast import Forecast


def ledger_of(figures: str | Path | Ledger | Case, forecast: Forecast) -> Ledger:
    """Return the ledger of a case, of its name or folder, or of a file of figures.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    if isinstance(figures, Ledger):
        return figures
    if isinstance(figures, Case):
        return figures.ledger
    if str(figures).endswith(".csv"):
        return read_figures(figures, forecast.case.ledger.tag_rules)
    return load_case(figures).ledger


def select_rows(
    rows: pd.DataFrame, forecast: Forecast, until: dt.date
) -> tuple[pd.DataFrame, dict[str, tuple[str, ...]]]:
    """Return the figures to score, and the names of the others by the first reason.

    Parameters
    ----------
    rows : pandas.DataFrame
        As ``Ledger.figures``.
    forecast : Forecast
    until : datetime.date
        Figures that speak of later days are left out.
    """
    last = min(until, forecast.last_day)
    strata = set(forecast.ensemble.strata)
    forecast_quantities = {*PUBLISHED} | {
        name for name, (_, stratum) in STRATUM_QUANTITIES.items() if stratum in strata
    }
    reasons = {
        "known at the cut-off": rows["published"] <= pd.Timestamp(forecast.cutoff),
        "misprint": pd.Series(["misprint" in tags for tags in rows["tags"]], rows.index, bool),
        f"outside {forecast.first_day} to {last}": (
            rows["as_of"] < pd.Timestamp(forecast.first_day)
        )
        | (rows["as_of"] > pd.Timestamp(last)),
        "unknown origin": ~rows["origin"].isin(forecast.ensemble.origins),
        "quantity not forecast": ~rows["quantity"].isin(forecast_quantities),
    }
    left_out: dict[str, tuple[str, ...]] = {}
    keep = pd.Series(True, rows.index)
    for reason, meets in reasons.items():
        dropped = rows[keep & meets]
        if reason == "unknown origin":
            ids = [f"{row.figure_id} ({row.origin})" for row in dropped.itertuples()]
        else:
            ids = list(dropped["figure_id"])
        left_out[reason] = tuple(ids)
        keep &= ~meets
    return rows[keep], left_out


def stratum_of(quantity: str, tags: frozenset[str]) -> str | None:
    """Return whom a figure counts, as the observation model reads its tags.

    Examples
    --------
    >>> stratum_of("returned", frozenset({"fighters"})), stratum_of("returned", frozenset())
    ('men', 'adults')
    """
    if quantity in STRATUM_QUANTITIES:
        return None
    if "affiliates" in tags:
        return "all"
    return "men" if "fighters" in tags else "adults"
