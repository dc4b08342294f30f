"""The shares of fates of a country, scored together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dispersal.metrics import energy_score
from dispersal.record.select import stratum_of

if TYPE_CHECKING:
    import datetime as dt

    from dispersal.forecast.forecast import Forecast
    from dispersal.record.baselines import Baseline

FloatArray = NDArray[np.float64]

#: Fates whose published shares of the departed are scored together.
FATES: Final = ("returned", "killed", "remaining", "detained")


def score_fates(
    forecast: Forecast, rows: pd.DataFrame, baselines: dict[str, Baseline]
) -> pd.DataFrame:
    """Score the shares of the departed wherever one source gives them together.

    Parameters
    ----------
    forecast : Forecast
    rows : pandas.DataFrame
        Figures with two ends, as ``Ledger.figures``, with their ``value``, log(1 + n).
    baselines : dict of str to Baseline

    Returns
    -------
    pandas.DataFrame
        A line for each country, day and source that gives the departed and at least two fates:
        ``origin``, ``as_of``, ``source``, ``fates`` (joined with ``;``), ``departed``, ``energy``
        of the forecast, and ``energy_<baseline>``. Baselines say nothing of how fates go
        together: their draws are independent. A share above 1 counts as 1.
    """
    found = []
    for _, group in rows.groupby(["origin", "as_of", "source"], sort=True):
        by_quantity = {row["quantity"]: row for row in group.to_dict("records")}
        fates = [name for name in FATES if name in by_quantity]
        if "departed" not in by_quantity or len(fates) < 2:
            continue
        first = by_quantity["departed"]
        origin, day = str(first["origin"]), first["as_of"].date()
        names = ["departed", *fates]
        observed = np.expm1([by_quantity[name]["value"] for name in names])
        if observed[0] <= 0:
            continue
        drawn = [
            forecast.draws(
                name, origin, day, stratum_of(name, by_quantity[name]["tags"]), as_published=True
            )
            for name in names
        ]
        truth = _shares(observed[:, None])[0]
        line: dict[str, Any] = {
            "origin": origin, "as_of": first["as_of"], "source": first["source"],
            "fates": ";".join(fates),
            "departed": float(observed[0]),
            "energy": float(energy_score(_shares(np.stack(drawn)), truth)),
        }  # fmt: skip
        for name, baseline in baselines.items():
            line[f"energy_{name}"] = _of_baseline(baseline, names, origin, day, truth)
        found.append(line)
    columns = ["origin", "as_of", "source", "fates", "departed", "energy"]
    return pd.DataFrame(found, columns=[*columns, *(f"energy_{name}" for name in baselines)])


def _of_baseline(
    baseline: Baseline, names: list[str], origin: str, day: dt.date, truth: FloatArray
) -> float:
    predictions = [baseline.predict(name, origin, day) for name in names]
    rng = np.random.default_rng(0)
    drawn = [rng.permutation(np.expm1(found.draws())) for found in predictions if found is not None]
    if len(drawn) < len(names):
        return float("nan")
    return float(energy_score(_shares(np.stack(drawn)), truth))


def _shares(counts: FloatArray) -> FloatArray:
    """Return shares, shape (D, K), of counts whose first row is the departed, shape (1 + K, D)."""
    return np.asarray(np.minimum(counts[1:] / np.maximum(counts[0], 1.0), 1.0).T)
