"""Paired differences as tables: by fate, stratum, home country and place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dispersal.forecast.quantities import QUANTITIES
from dispersal.forecast.tables import LEVELS
from dispersal.model.states import fate_of, place_of
from dispersal.whatif.compare import COMPARED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispersal.whatif.compare import Comparison

FloatArray = NDArray[np.float64]

#: Quantities that are compared by home country.
BY_ORIGIN: Final = ("returned", "killed", "detained", "holdouts", "free_agents")

#: Cohorts whose places are compared.
AT_PLACES: Final = ("detained", "holdouts", "elsewhere", "third_country")

#: Home countries and places that a record keeps of a lever, those that change most.
MOST: Final = 12

COLUMNS: Final = (
    "by",
    "quantity",
    "origin",
    "place",
    "stratum",
    "base",
    "lever",
    "mean",
    "p10",
    "p50",
    "p90",
    "up",
    "down",
    "variance_cut",
)


def paired_table(comparison: Comparison, lever: str) -> pd.DataFrame:
    """Return the paired differences of a lever.

    Parameters
    ----------
    comparison : Comparison
    lever : str

    Returns
    -------
    pandas.DataFrame
        Columns ``by`` (fate, stratum, country or place), ``quantity``, ``origin``, ``place``,
        ``stratum``; ``base`` and ``lever``, the median persons; ``mean``, ``p10``, ``p50`` and
        ``p90`` of the difference; ``up`` and ``down``, the shares of the draws in which it is
        above and below 0; ``variance_cut``, by how much pairing cuts its variance: that of two
        independent runs over that of the pairs, NaN where nothing ever differs.
    """
    return pd.DataFrame(list(_rows(comparison, lever)), columns=list(COLUMNS))


def _rows(comparison: Comparison, lever: str) -> Iterator[tuple[Any, ...]]:
    def row(
        by: str, quantity: str, origin: str, place: str = "", stratum: str = "all"
    ) -> tuple[Any, ...]:
        asked: dict[str, Any] = {"origin": origin, "place": place or None, "stratum": stratum}
        before = comparison.draws(None, quantity, **asked)
        after = comparison.draws(lever, quantity, **asked)
        return by, quantity, origin, place, stratum, *differences(before, after)

    strata = comparison.base.strata
    for group in ("foreign", "local"):
        for quantity in COMPARED:
            yield row("fate", quantity, group)
    for quantity in BY_ORIGIN:
        for stratum in strata if len(strata) > 1 else ():
            yield row("stratum", quantity, "foreign", stratum=stratum)
    for origin in comparison.base.origins:
        for quantity in BY_ORIGIN:
            yield row("country", quantity, origin)
    both = (comparison.base, comparison.levers[lever].outcomes)
    for quantity in AT_PLACES:
        fates = QUANTITIES[quantity]
        shared = [
            {place_of(state) for state in world.place_states if fate_of(state) in fates}
            for world in both
        ]
        for place in sorted(str(name) for name in shared[0] & shared[1]):
            yield row("place", quantity, "all", place)


def differences(before: FloatArray, after: FloatArray) -> tuple[float, ...]:
    """Return what :func:`paired_table` tells of two worlds' draws, from ``base`` on.

    Examples
    --------
    >>> base = np.array([10.0, 20.0, 30.0])
    >>> found = dict(zip(COLUMNS[5:], differences(base, base + [0.0, 1.0, 2.0]), strict=True))
    >>> found["mean"], round(found["up"], 2), found["down"], round(found["variance_cut"], 1)
    (1.0, 0.67, 0.0, 221.0)
    """
    gap = after - before
    spread = gap.var()
    cut = float((before.var() + after.var()) / spread) if spread > 0 else float("nan")
    return (
        float(np.median(before)),
        float(np.median(after)),
        float(gap.mean()),
        *(float(value) for value in np.quantile(gap, list(LEVELS.values()))),
        float((gap > 0).mean()),
        float((gap < 0).mean()),
        cut,
    )


def record(comparison: Comparison) -> dict[str, Any]:
    """Return the comparison's own part of its record."""
    names = {row.origin: row.name for row in comparison.case.origins}
    names |= {row.place: row.name for row in comparison.case.places}
    tables = {name: comparison.table(name) for name in comparison.levers}
    return {
        "date": comparison.date.isoformat(),
        "columns": [*COLUMNS, "name"],
        "levers": [
            {
                "name": lever.name,
                "title": lever.title,
                "rationale": lever.rationale,
                "source": lever.source,
                "changes": list(lever.changes),
                "effect": lever.carriers.origin,
                "rests_on": lever.carriers.sentence,
                "mechanisms": list(lever.carriers.mechanisms),
                "parameters": dict(lever.carriers.parameters),
                "variance_cut": variance_cut(tables[lever.name]),
                "rows": _kept(tables[lever.name], names),
            }
            for lever in comparison.levers.values()
        ],
    }


def variance_cut(table: pd.DataFrame) -> dict[str, float | None]:
    """Return by how much pairing cut the variance of differences by fate of those from abroad.

    Returns
    -------
    dict
        ``least`` and ``median`` over the fates that differ in any draw; None where none does.
    """
    fates = table[(table["by"] == "fate") & (table["origin"] == "foreign")]
    cuts = fates["variance_cut"].dropna()
    if cuts.empty:
        return {"least": None, "median": None}
    return {"least": float(cuts.min()), "median": float(cuts.median())}


def _kept(table: pd.DataFrame, names: dict[str, str]) -> list[list[Any]]:
    """Return all rows by fate and stratum, and of countries and places those that change most."""
    most = [table[table["by"].isin(["fate", "stratum"])]]
    for by in ("country", "place"):
        rows = table[(table["by"] == by) & ((table["up"] > 0) | (table["down"] > 0))]
        size = rows["mean"].abs()
        most.append(rows.assign(size=size).nlargest(MOST, "size").drop(columns="size"))
    kept = pd.concat(most)
    label = [
        names.get(place or origin, place or origin)
        for origin, place in zip(kept["origin"], kept["place"], strict=True)
    ]
    kept = kept.assign(name=label)
    return [
        [None if isinstance(cell, float) and np.isnan(cell) else _short(cell) for cell in row]
        for row in kept.itertuples(index=False, name=None)
    ]


def _short(cell: Any) -> Any:
    return float(f"{cell:.6g}") if isinstance(cell, float) else cell
