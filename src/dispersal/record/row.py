"""One scored figure: the forecast's scores and those of every baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from dispersal.forecast.published import noise_stream, published_distribution
from dispersal.metrics import crps, interval_score, log_score, probability_transform

if TYPE_CHECKING:
    import datetime as dt

    from dispersal.forecast.forecast import Forecast
    from dispersal.record.baselines import Baseline

FloatArray = NDArray[np.float64]

#: Central intervals whose coverage is reported, by column.
INTERVALS: Final = {"inside50": 0.5, "inside80": 0.8, "inside95": 0.95}

#: Scores of a figure, by column; of a baseline the column is ``<score>_<baseline>``.
MEASURES: Final = ("crps", "crps_count", "log_score", "interval_score")

#: Ends of the years from the cut-off to the day that a figure speaks of, with their names.
HORIZONS: Final = ((0.0, "before"), (1.0, "0-1"), (2.0, "1-2"), (3.0, "2-3"), (np.inf, "3+"))


def horizon_of(years: float) -> str:
    """Return the name of a span after the cut-off; ``before`` it, if years are negative.

    Examples
    --------
    >>> [horizon_of(years) for years in (-0.1, 0.0, 1.5, 9.0)]
    ['before', '0-1', '1-2', '3+']
    """
    return next(name for end, name in HORIZONS if years < end)


def forecast_scores(
    forecast: Forecast, figure: dict[str, Any], stratum: str | None, value: float, top: float
) -> dict[str, Any]:
    """Return the forecast's scores of a figure.

    Parameters
    ----------
    figure : dict
        With ``figure_id``, ``quantity``, ``origin`` and ``as_of``.
    value : float
        log(1 + n) of the figure.
    top : float
        Up to which log(1 + n) differences of counts are weighed.
    """
    quantity, origin, day = figure["quantity"], figure["origin"], figure["as_of"].date()
    drawn = forecast.draws(quantity, origin, day, stratum, as_published=True)
    draws = np.log1p(drawn)
    p10, p50, p90 = np.expm1(np.quantile(draws, [0.1, 0.5, 0.9]))
    found: dict[str, Any] = {"observed": float(np.expm1(value)), "p10": p10, "p50": p50, "p90": p90}
    centre, scale = published_distribution(forecast, quantity, origin, day, stratum)
    found |= _measures(draws, centre, scale, value, top)
    # Ties are broken by a number of the figure's own, the same in every process.
    tie = noise_stream(forecast.ensemble.seed, quantity, origin, day, figure["figure_id"]).random()
    found["pit"] = probability_transform(draws, value, tie)
    return found | inside(draws, value)


def inside(draws: FloatArray, value: float) -> dict[str, bool]:
    """Return whether a value lies in each central interval of draws, by column."""
    found = {}
    for name, level in INTERVALS.items():
        low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
        found[name] = bool(low <= value <= high)
    return found


def baseline_scores(
    baselines: dict[str, Baseline],
    quantity: str,
    origin: str,
    day: dt.date,
    value: float,
    top: float,
) -> dict[str, Any]:
    """Return every baseline's rule and scores of a figure; NaN where it says nothing."""
    found: dict[str, Any] = {"baseline": "", "crps_baseline_point": np.nan, "crps_baseline": np.nan}
    for name, baseline in baselines.items():
        prediction = baseline.predict(quantity, origin, day)
        if prediction is None:
            scores = dict.fromkeys(MEASURES, np.nan)
        else:
            scores = _measures(
                prediction.draws(), prediction.centres, prediction.scales, value, top
            )
        found[f"rule_{name}"] = "" if prediction is None else prediction.rule
        found |= {f"{measure}_{name}": score for measure, score in scores.items()}
        if name == "last_else_share" and prediction is not None:
            found["baseline"] = prediction.rule
            found["crps_baseline_point"] = abs(prediction.point - value)
            found["crps_baseline"] = scores["crps"]
    return found


def _measures(
    draws: FloatArray, centres: FloatArray, scales: FloatArray, value: float, top: float
) -> dict[str, float]:
    low, high = np.quantile(draws, [0.05, 0.95])
    # An exponentiated Student-t has no mean, and so no CRPS: it is weighed up to a threshold.
    counts, count = np.expm1(np.minimum(draws, top)), float(np.expm1(min(value, top)))
    return {
        "crps": float(crps(draws, value)),
        "crps_count": float(crps(counts, count)),
        "log_score": log_score(centres, scales, float(np.expm1(value))),
        "interval_score": float(interval_score(low, high, np.asarray(value))),
    }
