"""How close a forecast came to what was published afterwards (docs/scores.md)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dispersal.case import Case, Ledger, load_case, read_figures
from dispersal.case.asking import Day, day_of
from dispersal.forecast.plain import plain_rows
from dispersal.forecast.quantities import PUBLISHED, STRATUM_QUANTITIES
from dispersal.inference.observation import value_and_width
from dispersal.record.baselines import Baseline, learn_baseline

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.forecast.forecast import Forecast

FloatArray = NDArray[np.float64]

#: Figures of later days are not scored, unless asked for.
UNTIL: Final = dt.date(2020, 12, 31)

#: Central intervals whose coverage is reported, by column.
INTERVALS: Final = {"inside50": 0.5, "inside80": 0.8, "inside95": 0.95}

_ROW: Final = ("figure_id", "quantity", "origin", "as_of", "published", "low", "high", "qualifier")
_SCORE: Final = (
    "observed", "p10", "p50", "p90", "crps", "pit", *INTERVALS,
    "baseline", "crps_baseline_point", "crps_baseline",
)  # fmt: skip


def crps(draws: FloatArray, observed: FloatArray | float) -> FloatArray:
    """Return the continuous ranked probability score of draws.

    E|X − y| − ½ E|X − X′| of the empirical distribution of the draws [1]_: the absolute error if
    all draws are equal; smaller is better.

    Parameters
    ----------
    draws : float array, shape (..., D)
    observed : float or float array, shape (...)

    Returns
    -------
    float array, shape (...)
        In the unit of the draws.

    References
    ----------
    .. [1] Gneiting and Raftery (2007), Strictly proper scoring rules, prediction, and
       estimation. JASA 102, 359-378, section 4.2.

    Examples
    --------
    >>> float(crps(np.array([1.0, 1.0]), 3.0)), float(crps(np.array([0.0, 1.0]), 0.5))
    (2.0, 0.25)
    """
    # Imported only when it is needed: it compiles for seconds.
    import scoringrules

    draws, observed = np.asarray(draws, float), np.asarray(observed, float)
    return np.asarray(
        scoringrules.crps_ensemble(observed, draws, estimator="qd", backend="numpy"), dtype=float
    )


@dataclass(frozen=True)
class Scores:
    """A forecast against figures published after its cut-off, on log(1 + n).

    Parameters
    ----------
    rows : pandas.DataFrame
        One scored figure a row, largest misses first: ``observed`` (persons; a range's geometric
        middle), ``p10`` to ``p90`` as published, ``crps``, ``pit`` (share of the draws
        below), ``inside50`` … ``inside95``, ``baseline`` (the rule used, empty if neither had
        anything to go by), ``crps_baseline_point`` and ``crps_baseline``.
    bounds : pandas.DataFrame
        Figures that give one end: ``probability`` is the forecast's that they hold.
    left_out : dict of str to tuple of str
        Figures that were not scored, by reason.
    """

    rows: pd.DataFrame
    bounds: pd.DataFrame
    left_out: dict[str, tuple[str, ...]]

    @property
    def by_quantity(self) -> pd.DataFrame:
        """Scores by quantity, countries weighted equally.

        Columns ``rows``, ``origins``, ``crps``, ``covers50`` … (share of rows inside), and on the
        rows for which the baseline has something: ``baseline_rows``, ``crps_there`` (of the
        forecast), ``crps_baseline_point``, ``crps_baseline``, ``skill_point`` and ``skill``, which
        are 1 − CRPS / CRPS of the baseline; and ``crps_elsewhere`` on the rows without.
        """
        parts = {str(name): _scored(part) for name, part in self.rows.groupby("quantity")}
        return pd.DataFrame.from_dict(parts, orient="index").rename_axis("quantity")

    @property
    def by_origin(self) -> pd.DataFrame:
        """Scores by quantity and country; columns as :attr:`by_quantity`."""
        parts = {key: _scored(part) for key, part in self.rows.groupby(["quantity", "origin"])}
        index = pd.MultiIndex.from_tuples(parts, names=["quantity", "origin"]) if parts else None
        return pd.DataFrame(list(parts.values()), index=index)

    def record(self) -> dict[str, Any]:
        """Return the scores as plain data, ready for JSON: what is missing is None."""
        return {
            "by_quantity": plain_rows(self.by_quantity.reset_index()),
            "by_origin": plain_rows(self.by_origin.reset_index()),
            "rows": plain_rows(self.rows),
            "bounds": plain_rows(self.bounds),
            "left_out": {reason: list(ids) for reason, ids in self.left_out.items()},
        }


def score(forecast: Forecast, figures: str | Path | Ledger | Case, until: Day = UNTIL) -> Scores:
    """Score a forecast against a ledger, next to the baseline known at its cut-off.

    Parameters
    ----------
    forecast : Forecast
    figures : str, Path, Ledger or Case
        A file with the columns of figures.csv, a case folder or the name of a built-in case, or
        either of them read. Tags come with a case; a file alone gets those that the forecast's
        case puts on it.
    until : str, date or time stamp
        Figures that speak of later days are left out.

    Returns
    -------
    Scores
        Of the figures published after the cut-off; those left out are listed by reason.

    Raises
    ------
    InputError
        If the figures cannot be read.
    """
    ledger = _ledger(figures, forecast)
    left_out: dict[str, tuple[str, ...]] = {}
    rows = _select(ledger.figures, forecast, day_of(until), left_out)
    value, _, side = value_and_width(rows)
    baseline = learn_baseline(forecast.case.ledger, forecast.cutoff)
    scored: list[dict[str, Any]] = []
    bounds: list[dict[str, Any]] = []
    for at, row in enumerate(rows.to_dict("records")):
        stratum = _stratum(row["quantity"], row["tags"])
        day = row["as_of"].date()
        draws = np.log1p(
            forecast.draws(row["quantity"], row["origin"], day, stratum, as_published=True)
        )
        known = {name: row[name] for name in _ROW}
        if side[at] == 0:
            scored.append(
                known | _score_row(draws, value[at]) | _baseline(baseline, known, value[at])
            )
        else:
            holds = draws >= value[at] if side[at] > 0 else draws <= value[at]
            bounds.append(known | {"probability": float(holds.mean())})
    table = pd.DataFrame(scored, columns=[*_ROW, *_SCORE])
    table = table.sort_values(["crps", "figure_id"], ascending=[False, True], ignore_index=True)
    return Scores(table, pd.DataFrame(bounds, columns=[*_ROW, "probability"]), left_out)


def _ledger(figures: str | Path | Ledger | Case, forecast: Forecast) -> Ledger:
    if isinstance(figures, Ledger):
        return figures
    if isinstance(figures, Case):
        return figures.ledger
    if str(figures).endswith(".csv"):
        return read_figures(figures, forecast.case.ledger.tag_rules)
    return load_case(figures).ledger


def _select(
    rows: pd.DataFrame, forecast: Forecast, until: dt.date, left_out: dict[str, tuple[str, ...]]
) -> pd.DataFrame:
    """Return the rows to score; put the others into ``left_out``, by the first reason."""
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
    keep = pd.Series(True, rows.index)
    for reason, meets in reasons.items():
        dropped = rows[keep & meets]
        if reason == "unknown origin":
            ids = [f"{row.figure_id} ({row.origin})" for row in dropped.itertuples()]
        else:
            ids = list(dropped["figure_id"])
        left_out[reason] = tuple(ids)
        keep &= ~meets
    return rows[keep]


def _stratum(quantity: str, tags: frozenset[str]) -> str | None:
    """Return whom a figure counts, as the observation model reads its tags."""
    if quantity in STRATUM_QUANTITIES:
        return None
    if "affiliates" in tags:
        return "all"
    return "men" if "fighters" in tags else "adults"


def _score_row(draws: FloatArray, value: float) -> dict[str, Any]:
    low, middle, high = np.expm1(np.quantile(draws, [0.1, 0.5, 0.9]))
    found = {"observed": float(np.expm1(value)), "p10": low, "p50": middle, "p90": high}
    below = ((draws < value).mean() + (draws <= value).mean()) / 2
    inside = {}
    for name, level in INTERVALS.items():
        ends = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
        inside[name] = bool(ends[0] <= value <= ends[1])
    return found | {"crps": float(crps(draws, value)), "pit": float(below)} | inside


def _baseline(baseline: Baseline, row: dict[str, Any], value: float) -> dict[str, Any]:
    prediction = baseline.predict(row["quantity"], row["origin"], row["as_of"].date())
    if prediction is None:
        return {"baseline": "", "crps_baseline_point": np.nan, "crps_baseline": np.nan}
    return {
        "baseline": prediction.rule,
        "crps_baseline_point": abs(prediction.centre - value),
        "crps_baseline": float(crps(prediction.draws(), value)),
    }


def _scored(rows: pd.DataFrame) -> dict[str, float]:
    there = rows[rows["baseline"] != ""]
    found: dict[str, float] = {
        "rows": len(rows),
        "origins": rows["origin"].nunique(),
        "crps": _by_country(rows, "crps"),
    }
    for name in INTERVALS:
        found[name.replace("inside", "covers")] = float(rows[name].mean())
    found |= {
        "baseline_rows": len(there),
        "crps_there": _by_country(there, "crps"),
        "crps_baseline_point": _by_country(there, "crps_baseline_point"),
        "crps_baseline": _by_country(there, "crps_baseline"),
    }
    found["skill_point"] = _skill(found["crps_there"], found["crps_baseline_point"])
    found["skill"] = _skill(found["crps_there"], found["crps_baseline"])
    found["crps_elsewhere"] = _by_country(rows[rows["baseline"] == ""], "crps")
    return found


def _by_country(rows: pd.DataFrame, column: str) -> float:
    if rows.empty:
        return float("nan")
    return float(rows.groupby("origin")[column].mean().mean())


def _skill(own: float, other: float) -> float:
    return 1.0 - own / other if other > 0 else float("nan")
