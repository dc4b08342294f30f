"""The counts by which a forecast is followed over time, and how far each of them moved."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dispersal.errors import InputError
from dispersal.forecast import lookup
from dispersal.forecast.quantities import counted
from dispersal.forecast.store import RUN, SUMMARY
from dispersal.forecast.tables import add_up

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.forecast.forecast import Forecast

FloatArray = NDArray[np.float64]

#: Quantities of all from abroad, and of all locals.
OF_ALL: Final = (
    "departed",
    "killed",
    "detained",
    "remaining",
    "holdouts",
    "free_agents",
    "returned",
)

#: Quantities of each home country.
OF_EACH: Final = ("departed", "returned", "killed", "remaining")

#: Groups of origins that are followed, and the origin's place in the name of an output.
GROUPS: Final = ("foreign", "local")

#: Columns of a table of outputs.
LEVELS: Final = ("p10", "p50", "p90")


def names_of(origins: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return (quantity, origin) of every output that is followed.

    Examples
    --------
    >>> len(names_of(("TUN",))), names_of(("TUN",))[-1]
    (18, ('remaining', 'TUN'))
    """
    found = [(quantity, group) for group in GROUPS for quantity in OF_ALL]
    return found + [(quantity, origin) for origin in origins for quantity in OF_EACH]


def draws_of(forecast: Forecast, names: list[tuple[str, str]]) -> FloatArray:
    """Return the draws of outputs on the last day, shape (draws, outputs)."""
    counts, ensemble = forecast.counts(), forecast.ensemble
    found: dict[str, FloatArray] = {}
    for quantity in dict.fromkeys(quantity for quantity, _ in names):
        people = counts[:, :, lookup.strata_of(ensemble, counted(quantity).stratum)].sum(axis=2)
        found[quantity] = add_up(people, quantity)
    chosen = {origin: lookup.origins_of(ensemble, origin) for _, origin in names}
    return np.stack([found[name][:, chosen[of]].sum(axis=1) for name, of in names], axis=1)


def read_outputs(run: Path) -> tuple[str, pd.DataFrame]:
    """Return the last day of a saved forecast, and its outputs on that day.

    Parameters
    ----------
    run : Path
        Folder of a saved forecast; of its files only the summary is read.

    Returns
    -------
    day : str
    outputs : pandas.DataFrame
        Index: (quantity, origin); columns ``p10``, ``p50``, ``p90`` and ``mean``, persons.

    Raises
    ------
    InputError
        If the summary is missing or changed.
    """
    file = run / SUMMARY
    try:
        content = file.read_bytes()
        expected = json.loads((run / RUN).read_text(encoding="utf-8"))["files"][SUMMARY]
    except (OSError, ValueError, LookupError) as error:
        raise InputError(f"found {run} damaged ({error}), expected a saved forecast") from None
    if hashlib.sha256(content).hexdigest() != expected:
        raise InputError(f"found {file} damaged or changed, expected it as {RUN} records it")
    table = pd.read_csv(file, keep_default_na=False)
    day = str(table["date"].max())
    table = table[(table["date"] == day) & (table["place"] == "")]
    usual = {name: counted(name).stratum for name in {*OF_ALL, *OF_EACH}}
    table = table[table["stratum"] == table["quantity"].map(usual)]
    table = table.set_index(["quantity", "origin"])[[*LEVELS, "mean"]].astype(float)
    wanted = [name for name in names_of(tuple(_single(table))) if name in table.index]
    return day, table.loc[wanted]


def compared(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return outputs before and after, and by how much their means differ.

    Parameters
    ----------
    before, after : pandas.DataFrame
        As :func:`read_outputs` gives them.

    Returns
    -------
    pandas.DataFrame
        Index: (quantity, origin); ``p10``, ``p50``, ``p90`` and ``<level>_before``; ``half``,
        half of the earlier 80 % interval; ``width``, the later interval's width over the earlier
        one's; ``persons``, by which the mean moved.

    Examples
    --------
    >>> index = pd.MultiIndex.from_tuples([("returned", "TUN")], names=["quantity", "origin"])
    >>> one = pd.DataFrame({"p10": 80.0, "p50": 100.0, "p90": 120.0, "mean": 100.0}, index=index)
    >>> compared(one, one + 10.0)[["persons", "half", "width"]].iloc[0].tolist()
    [10.0, 20.0, 1.0]
    """
    both = after.join(before.add_suffix("_before"), how="inner")
    half = (both["p90_before"] - both["p10_before"]) / 2
    width = (both["p90"] - both["p10"]) / 2 / half.where(half > 0, np.nan)
    both = both.assign(half=half, width=width, persons=both["mean"] - both["mean_before"])
    return both.drop(columns=["mean", "mean_before"])


def quantiles(outputs: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """Return outputs as plain data: [p10, p50, p90] by origin and quantity, one decimal."""
    found: dict[str, dict[str, list[float]]] = {}
    for quantity, origin, *values in outputs[list(LEVELS)].reset_index().itertuples(index=False):
        found.setdefault(str(origin), {})[str(quantity)] = [round(float(v), 1) for v in values]
    return found


def _single(table: pd.DataFrame) -> list[str]:
    origins: dict[str, Any] = dict.fromkeys(table.index.get_level_values("origin"))
    return [origin for origin in origins if origin not in (*GROUPS, "all")]
