"""How far a forecast of camps is from what was counted later, beside rules without a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dispersal.displacement.flee_rules import flee_mean
from dispersal.displacement.flee_work import prepare_flee
from dispersal.displacement.validate import camp_error, split_by_shares
from dispersal.errors import InputError
from dispersal.metrics import crps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.displacement.calibrated.forecast import CampForecast

    Floats = NDArray[np.float64]

#: Central intervals whose coverage is told.
INTERVALS = (0.5, 0.8, 0.95)

#: Rows of ``CampScore.errors`` in words, and whether they are fed what is forecast.
ROWS = {
    "dispersal": "Dispersal rules, median",
    "last_shares": "shares of the last known figures",
    "growth_shares": "shares of the growth so far",
    "equal_shares": "equal shares",
    "flee_rules_without_capacities": "Flee's rules, no camp ever full",
    "flee_rules": "Flee's rules, with capacities *",
    "shares_of_capacity": "shares of capacity *",
}


@dataclass(frozen=True, slots=True, eq=False)
class CampScore:
    """Scores on the days after the last known one.

    Parameters
    ----------
    errors : DataFrame
        One row a forecast (``ROWS``). ``rescaled`` and ``normal`` are Flee's error; ``crps`` is
        the continuous ranked probability score of the camps, added up and divided by the people
        in all camps, averaged over days; of a forecast without uncertainty, that is its normal
        error.
    coverage : dict of float to float
        For each of ``INTERVALS``, the share of camps and days whose count is inside.
    total_coverage : dict of float to float
        The same for the people in all camps together.
    total_crps : float
        Score of log(1 + people in all camps), averaged over days.
    days : int
        How many days are scored.
    """

    errors: pd.DataFrame
    coverage: dict[float, float]
    total_coverage: dict[float, float]
    total_crps: float
    days: int


def score_camps(forecast: CampForecast) -> CampScore:
    """Score a forecast against the folder's figures of later days, interpolated as Flee does.

    The rules beside it are told the true total of each day, as a forecast with ``total="given"``
    is. Those with capacities are fed the answer in published folders, and marked.
    """
    data = forecast.data[forecast.first :]
    people = np.maximum(data.sum(axis=1), 1.0)
    last = forecast.evidence.counts
    grown = np.zeros(len(last))
    for one in forecast.evidence.arrivals:
        grown[one.camp] += max(one.grown, 0.0)
    capacity = _capacities(forecast)
    points = {
        "last_shares": split_by_shares(last, data),
        "growth_shares": split_by_shares(last, data)
        if not grown.any()
        else _grow(last, grown, data),
        "equal_shares": split_by_shares(np.zeros(len(last)), data),
        **_flee(forecast),
        "shares_of_capacity": split_by_shares(capacity, data),
    }
    lines = {}
    error = camp_error(forecast.median, data)
    scores = crps(forecast.counts.astype(np.float64), data)
    lines["dispersal"] = (error.rescaled, error.normal, float((scores.sum(1) / people).mean()))
    for name, point in points.items():
        error = camp_error(point, data)
        lines[name] = (error.rescaled, error.normal, error.normal)
    errors = pd.DataFrame.from_dict(
        {name: lines[name] for name in ROWS if name in lines},
        orient="index",
        columns=["rescaled", "normal", "crps"],
    )
    totals = forecast.counts.sum(axis=1).astype(np.float64)
    total_score = crps(np.log1p(totals), np.log1p(data.sum(axis=1)))
    return CampScore(
        errors.rename_axis("forecast"),
        {level: _covered(forecast.counts, data, level) for level in INTERVALS},
        {level: _covered(totals, data.sum(axis=1), level) for level in INTERVALS},
        float(np.mean(total_score)),
        len(data),
    )


def _grow(last: Floats, grown: Floats, data: Floats) -> Floats:
    """Return the last figures plus the growth of the total, split by shares of past growth."""
    total = data.sum(axis=1)
    more = total - last.sum()
    added = last + np.maximum(more, 0.0)[:, None] * (grown / grown.sum())
    return np.asarray(added * (total / added.sum(axis=1))[:, None])


def _capacities(forecast: CampForecast) -> Floats:
    places = {location.name: location for location in forecast.folder.locations}
    return np.array([max(float(places[camp].capacity), 0.0) for camp in forecast.camps])


def _flee(forecast: CampForecast) -> dict[str, Floats]:
    """Return the camps of Flee's rules on the days that are scored, where they can be run."""
    work = prepare_flee(forecast.folder)
    try:
        runs = {
            "flee_rules_without_capacities": flee_mean(work, capacities=False),
            "flee_rules": flee_mean(work),
        }
    except InputError:  # nobody can flee though some should
        return {}
    return {
        name: run.at_places[forecast.first :, [run.names.index(camp) for camp in forecast.camps]]
        for name, run in runs.items()
    }


def _covered(draws: NDArray[np.int64] | Floats, data: Floats, level: float) -> float:
    """Return the share of counts within the central interval of their draws (last axis)."""
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=-1)
    return float(((data >= low) & (data <= high)).mean())
