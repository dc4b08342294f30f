"""National ledgers of what became of everyone: the shares of all fates at once.

A few countries have published, later, what became of their whole contingent. The forecast's
shares of fates are scored on these, next to the reference class as known at the same cut-off.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dispersal.metrics import energy_score
from dispersal.reference.history import History, read_history
from dispersal.reference.leave_out import known_shares
from dispersal.reference.mixed import mixed_shares
from dispersal.reference.readings import readings_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from dispersal.forecast.forecast import Forecast
    from dispersal.reference import Reference
    from dispersal.reference.history import Outcome

FloatArray = NDArray[np.float64]

#: Fates of the forecast that make up each fate of a ledger: whoever is still in the group once
#: its territory is gone is there in hiding.
PARTS: Final = {
    "killed": ("killed",),
    "detained": ("detained",),
    "underground": ("in_group", "underground", "resurgent"),
    "onward": ("moving", "elsewhere", "third_country"),
    "home": ("home_at_large", "home_in_custody", "home_in_programme", "demobilised"),
}


def score_ledgers(
    forecast: Forecast,
    reference: Reference,
    national: Mapping[str, str] | None = None,
    history: History | None = None,
) -> pd.DataFrame:
    """Score the forecast's shares of fates on national ledgers published after the cut-off.

    Shares are of those who left; the dead who are not reported count as still there, as offices
    count them.

    Parameters
    ----------
    forecast : Forecast
    reference : Reference
        As known on the forecast's cut-off; its shares are scored on the same fates.
    national : mapping of str to str
        Origins by case of the history; default: the case's ``reference_cases``.
    history : History, optional
        Default: the built-in one.

    Returns
    -------
    pandas.DataFrame
        A line a ledger: ``case_id``, ``origin``, ``day``, ``fates`` (those told with two ends),
        ``energy`` and ``energy_reference`` (smaller is better); for each fate ``<fate>`` (the
        published share), ``<fate>_p2_5``, ``<fate>_p50``, ``<fate>_p97_5`` and
        ``<fate>_inside95``; NaN or missing where it is not told.
    """
    known = history or read_history()
    lines = []
    named = forecast.case.reference_cases if national is None else national
    for case_id, origin in named.items():
        rows = [
            row
            for row in known.of(case_id)
            if row.published > forecast.cutoff and row.as_of <= forecast.last_day
        ]
        if origin not in forecast.ensemble.origins or not rows:
            continue
        day = max(row.as_of for row in rows)
        shares = told_shares(known, case_id, rows)
        if len(shares) < 2:
            continue
        own = forecast_shares(forecast, origin, day)
        ensemble = forecast.ensemble
        other = mixed_shares(reference, forecast.case, ensemble.size, ensemble.seed)
        line: dict[str, object] = {
            "case_id": case_id,
            "origin": origin,
            "day": day,
            "fates": ";".join(shares),
            "energy": energy_of(own, shares),
            "energy_reference": energy_of(other, shares),
        }
        for fate, share in shares.items():
            low, middle, high = np.quantile(own[fate], [0.025, 0.5, 0.975])
            line |= {
                fate: share, f"{fate}_p2_5": low, f"{fate}_p50": middle, f"{fate}_p97_5": high,
                f"{fate}_inside95": bool(low <= share <= high),
            }  # fmt: skip
        lines.append(line)
    return pd.DataFrame(lines)


def told_shares(history: History, case_id: str, rows: Sequence[Outcome]) -> dict[str, float]:
    """Return the shares that a ledger's rows tell of with two ends, by fate."""
    part = replace(history, endings=(history.ending(case_id),), outcomes=tuple(rows))
    readings, sizes = readings_of(part)
    table = known_shares(readings, sizes)
    if case_id not in table.index:
        return {}
    row = table.to_dict("index")[case_id]
    return {str(fate): float(share) for fate, share in row.items() if not np.isnan(share)}


def forecast_shares(forecast: Forecast, origin: str, day: dt.date) -> dict[str, FloatArray]:
    """Return draws of the share of each of the model's fates among an origin's adults."""
    counts = {
        fate: sum(
            (forecast.draws(part, origin, day, "adults") for part in parts),
            start=np.zeros(forecast.ensemble.size),
        )
        for fate, parts in PARTS.items()
    }
    unknown = counts["killed"] * (1.0 - forecast.ensemble.reported)
    counts["killed"] = counts["killed"] - unknown
    counts["underground"] = counts["underground"] + unknown
    everyone = np.maximum(sum(counts.values(), start=np.zeros(1)), 1.0)
    return {fate: np.asarray(count / everyone) for fate, count in counts.items()}


def energy_of(draws: Mapping[str, FloatArray], shares: Mapping[str, float]) -> float:
    """Return the energy score of draws of shares on those that are told; smaller is better."""
    vectors = np.stack([draws[fate] for fate in shares], axis=1)
    return float(energy_score(vectors, np.array([*shares.values()], dtype=np.float64)))
