"""Fates, cohorts and home countries as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dispersal.forecast.lookup import origins_of
from dispersal.forecast.quantities import QUANTITIES
from dispersal.model.states import ALL_FATES

if TYPE_CHECKING:
    from dispersal.case.asking import Day
    from dispersal.forecast.forecast import Forecast

FloatArray = NDArray[np.float64]

#: The levels of an 80 % interval and its middle.
LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}

#: Cohorts, each with the parts that it is also reported by.
COHORTS = {
    "holdouts": ("holdouts", "underground", "resurgent"),
    "free_agents": ("free_agents", "elsewhere", "third_country"),
    "returnees": ("returned", "home_at_large", "home_in_custody", "home_in_programme"),
}

#: Columns of the table of home countries.
ORIGIN_COLUMNS = ("departed", "killed", "detained", "holdouts", "free_agents", "returned")


def spread_of(values: FloatArray, prefix: str = "") -> dict[str, float]:
    """Return 10 %, 50 % and 90 % quantiles and the mean of draws.

    Examples
    --------
    >>> spread_of(np.arange(11.0))
    {'p10': 1.0, 'p50': 5.0, 'p90': 9.0, 'mean': 5.0}
    """
    quantiles = np.quantile(values, list(LEVELS.values()))
    found = dict(zip(LEVELS, quantiles.tolist(), strict=True)) | {"mean": float(values.mean())}
    return {f"{prefix}{name}": value for name, value in found.items()}


def shares_of(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Return shares, 0 where there is nobody.

    Examples
    --------
    >>> shares_of(np.array([1.0, 0.0]), np.array([4.0, 0.0])).tolist()
    [0.25, 0.0]
    """
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def fates_table(
    forecast: Forecast, date: Day | None = None, origin: str | None = None
) -> pd.DataFrame:
    """Return where those who ever joined are on a day.

    Parameters
    ----------
    forecast : Forecast
    date : str, date or time stamp, optional
        Default: the last day of the period.
    origin : str, optional
        Default: everyone from abroad, ``foreign``.

    Returns
    -------
    pandas.DataFrame
        Index: fate, ``departed`` last; columns ``p10``, ``p50``, ``p90`` and ``mean`` in persons
        of all strata, and ``share_p10`` … ``share_mean`` of those who ever joined.
    """
    people = _by_fate(forecast, date, origin)
    return _rows(people, [fate for fate in ALL_FATES if fate != "not_joined"] + ["departed"])


def cohorts(forecast: Forecast, date: Day | None = None, origin: str | None = None) -> pd.DataFrame:
    """Return holdouts, free agents and returnees, and the parts of each.

    Parameters
    ----------
    forecast, date, origin
        As for :func:`fates_table`.

    Returns
    -------
    pandas.DataFrame
        Index: cohort and part (the whole cohort first); columns as :func:`fates_table`.
    """
    people = _by_fate(forecast, date, origin)
    table = _rows(people, [part for parts in COHORTS.values() for part in parts])
    pairs = [
        (cohort, "all" if at == 0 else part)
        for cohort, parts in COHORTS.items()
        for at, part in enumerate(parts)
    ]
    table.index = pd.MultiIndex.from_tuples(pairs, names=["cohort", "part"])
    return table


def origins_table(
    forecast: Forecast, date: Day | None = None, top: int = 15, group: str = "foreign"
) -> pd.DataFrame:
    """Return the home countries to which most have come back.

    Parameters
    ----------
    forecast : Forecast
    date : str, date or time stamp, optional
    top : int
        How many countries.
    group : {"foreign", "local", "all"}
        Whose homes: by default those abroad.

    Returns
    -------
    pandas.DataFrame
        Index: origin; columns ``name`` and ``departed_p10`` … ``returned_mean``, in persons of
        all strata; the highest median of those home first.
    """
    counts = forecast.counts(date).sum(axis=2)
    records = []
    for at in origins_of(forecast.ensemble, group):
        code = forecast.ensemble.origins[at]
        record: dict[str, object] = {"origin": code, "name": forecast.names[code]}
        for quantity in ORIGIN_COLUMNS:
            record |= spread_of(add_up(counts[:, at], quantity), f"{quantity}_")
        records.append(record)
    columns = ["origin", "name"] + [
        f"{quantity}_{level}" for quantity in ORIGIN_COLUMNS for level in (*LEVELS, "mean")
    ]
    table = pd.DataFrame(records, columns=columns).set_index("origin")
    return table.sort_values(["returned_p50", "returned_mean"], ascending=False).head(top)


def add_up(people: FloatArray, quantity: str) -> FloatArray:
    """Return a quantity from counts whose last axis is the fates."""
    fates = [ALL_FATES.index(fate) for fate in QUANTITIES[quantity]]
    return np.asarray(people[..., fates].sum(axis=-1))


def _by_fate(forecast: Forecast, date: Day | None, origin: str | None) -> FloatArray:
    chosen = origins_of(forecast.ensemble, origin)
    return np.asarray(forecast.counts(date)[:, chosen].sum(axis=(1, 2)))


def _rows(people: FloatArray, quantities: list[str]) -> pd.DataFrame:
    joined = add_up(people, "departed")
    rows = {
        name: spread_of(add_up(people, name))
        | spread_of(shares_of(add_up(people, name), joined), "share_")
        for name in quantities
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("fate")
