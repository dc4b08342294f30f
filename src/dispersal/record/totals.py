"""Totals and strengths published after the cut-off: many origins at once, and sources that differ.

Agencies count the same group on the same day with numbers that lie far apart. How far is learnt
from what was known at the cut-off: pairs of figures of the same thing from about the same day.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dispersal.forecast.published import DEGREES, noise_stream
from dispersal.metrics import crps
from dispersal.record.row import inside
from dispersal.record.select import stratum_of

if TYPE_CHECKING:
    from dispersal.case import Ledger
    from dispersal.forecast.forecast import Forecast

FloatArray = NDArray[np.float64]
Figure = dict[str, Any]

#: Quantities of the forecast that add up to each aggregate, and whose members count.
TOTALS: Final = {
    "foreign_departed_total": (("departed",), "foreign"),
    "returned_total": (("returned",), "foreign"),
    "foreign_killed": (("killed",), "foreign"),
    "foreign_remaining": (("remaining",), "foreign"),
    "killed_total": (("killed",), "all"),
    "strength": (("in_group", "holdouts"), "all"),
    "underground_strength": (("in_group", "holdouts"), "all"),
}

#: Aggregates of armed strength: of this group or of others, they differ between sources alike.
STRENGTHS: Final = frozenset({"strength", "underground_strength", "theatre_strength"})

#: Areas that published totals speak of: regions of origins.csv, or origins.
AREAS: Final = {
    "EUR": ("europe_west",),
    "WBA": ("europe_south_east",),
    "SEA": ("asia_south_east",),
    "SUN": ("former_soviet_union",),
    "CIS": ("former_soviet_union",),
    "CAS": ("KAZ", "KGZ", "TJK", "TKM", "UZB"),
}

#: Days within which two figures speak of the same.
SAME: Final = 92

#: What is assumed of the spread of sources, as if this many pairs had shown it.
ASSUMED: Final = (0.5, 4.0)


@dataclass(frozen=True, eq=False)
class TotalScores:
    """Totals and strengths next to the forecast.

    Parameters
    ----------
    rows : pandas.DataFrame
        A line a figure with two ends: ``figure_id``, ``quantity``, ``area``, ``as_of``,
        ``observed`` (the middle on the log scale), ``spread`` (of sources, on the log scale),
        ``p10``, ``p50``, ``p90``, ``crps`` on log(1 + n), ``inside50``, ``inside80``,
        ``inside95``, and ``crps_last`` of the last figure of the same known at the cut-off, with
        the same spread; NaN where there was none.
    bounds : pandas.DataFrame
        A line a figure with one end: ``figure_id``, ``quantity``, ``area``, ``as_of``,
        ``qualifier``, ``observed`` and ``probability``, that it is true.
    left_out : dict of str to tuple of str
        Other figures published later, by reason.
    """

    rows: pd.DataFrame
    bounds: pd.DataFrame
    left_out: dict[str, tuple[str, ...]]


def score_totals(forecast: Forecast, later: Ledger) -> TotalScores:
    """Score totals over many origins, and strengths, that were published after the cut-off.

    Strengths count members in the group's territory and in hiding near it, of any origin.
    Strengths of other theatres are left out: they count recruits of those places, too.

    Parameters
    ----------
    forecast : Forecast
    later : Ledger
        Its figures known at the cut-off, or of days outside the forecast, are not scored.
    """
    aggregates = later.aggregates
    fresh = aggregates[aggregates["published"] > pd.Timestamp(forecast.cutoff)]
    known = forecast.case.ledger.aggregates
    spreads = {name: disagreement(known, name) for name in TOTALS}
    lines: dict[bool, list[dict[str, object]]] = {True: [], False: []}
    left_out: dict[str, list[str]] = {}
    for figure in records(fresh):
        reason = _unscored(forecast, figure)
        if reason:
            left_out.setdefault(reason, []).append(figure["figure_id"])
            continue
        spread = spreads[figure["quantity"]]
        values = _published(forecast, figure, spread)
        p10, p50, p90 = np.expm1(np.quantile(values, [0.1, 0.5, 0.9]))
        line: dict[str, object] = {
            "figure_id": figure["figure_id"], "quantity": figure["quantity"],
            "area": figure["origin"] or figure["place"], "as_of": figure["as_of"], "spread": spread,
            "p10": p10, "p50": p50, "p90": p90,
        }  # fmt: skip
        two_ended = bool(np.isfinite(figure["low"]) and np.isfinite(figure["high"]))
        line |= _two_ends(values, figure, known, spread) if two_ended else _one_end(values, figure)
        lines[two_ended].append(line)
    return TotalScores(
        pd.DataFrame(lines[True]),
        pd.DataFrame(lines[False]),
        {reason: tuple(names) for reason, names in left_out.items()},
    )


def disagreement(known: pd.DataFrame, quantity: str) -> float:
    """Return how far sources lie apart about one thing, as a scale on log(1 + n).

    The mean square of log ratios of pairs of figures with two ends, of the same thing within
    three months, is twice the variance of one; it is pooled with an assumed scale of 0.5 that
    counts as four pairs. Strengths of all groups are taken together.

    Parameters
    ----------
    known : pandas.DataFrame
        As ``Ledger.aggregates``.
    quantity : str

    Examples
    --------
    >>> import pandas as pd
    >>> figures = pd.DataFrame({
    ...     "quantity": "theatre_strength", "place": "LBY", "host": "", "origin": "",
    ...     "low": [99.0, 1000.0], "high": [99.0, 1000.0],
    ...     "as_of": pd.to_datetime(["2016-01-01", "2016-02-01"])})
    >>> round(disagreement(figures, "strength"), 2), disagreement(figures, "killed_total")
    (0.85, 0.5)
    """
    alike = STRENGTHS if quantity in STRENGTHS else {quantity}
    rows = known[known["quantity"].isin(alike) & known["low"].notna() & known["high"].notna()]
    squares = [
        (_middle(a["low"], a["high"]) - _middle(b["low"], b["high"])) ** 2 / 2
        for _, same in rows.groupby(["quantity", "place", "host", "origin"])
        for a, b in combinations(records(same), 2)
        if abs((a["as_of"] - b["as_of"]).days) <= SAME
    ]
    scale, weight = ASSUMED
    return float(np.sqrt((sum(squares) + weight * scale**2) / (len(squares) + weight)))


def origins_in(forecast: Forecast, area: str) -> tuple[str, ...]:
    """Return the origins of an area of ``AREAS``, with which the case has to do."""
    parts = AREAS[area]
    rows = forecast.case.origins
    return tuple(row.origin for row in rows if row.region in parts or row.origin in parts)


def records(rows: pd.DataFrame) -> list[Figure]:
    """Return rows as plain data."""
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _unscored(forecast: Forecast, figure: Figure) -> str:
    """Return why a figure is not scored; empty if it is."""
    day = figure["as_of"].date()
    quantity, origin = figure["quantity"], figure["origin"]
    places = forecast.case.territory.places
    whole = {"WLD", "+".join(places), "+".join(reversed(places))}
    if quantity not in TOTALS:
        return "not forecast"
    if not forecast.first_day <= day <= forecast.last_day:
        return f"outside {forecast.first_day} to {forecast.last_day}"
    if figure["host"]:
        return "another group"
    area = origin or ("" if figure["place"] in whole else figure["place"])
    if area in forecast.ensemble.origins and quantity not in STRENGTHS:
        return "of one country"
    if area and area not in AREAS:
        return "part of the theatre, or an unknown area"
    return "" if not area or origins_in(forecast, area) else "no home country there"


def _published(forecast: Forecast, figure: Figure, spread: float) -> FloatArray:
    """Return draws of log(1 + n) of the figure as some source would publish it."""
    quantity, day = figure["quantity"], figure["as_of"].date()
    parts, group = TOTALS[quantity]
    area = next((a for a in (figure["origin"], figure["place"]) if a in AREAS), "")
    origins = origins_in(forecast, area) if area else (group,)
    strengths = quantity in STRENGTHS
    stratum = "adults" if strengths else stratum_of("", figure["tags"])
    count = sum(
        (forecast.draws(part, origin, day, stratum) for part in parts for origin in origins),
        start=np.zeros(forecast.size),
    )
    rng = noise_stream(forecast.ensemble.seed, quantity, area or group, day, "total")
    return np.maximum(np.log1p(count) + spread * rng.standard_t(DEGREES, count.size), 0.0)


def _two_ends(
    values: FloatArray, figure: Figure, known: pd.DataFrame, spread: float
) -> dict[str, object]:
    observed = _middle(figure["low"], figure["high"])
    found: dict[str, object] = {
        "observed": np.expm1(observed),
        "crps": float(crps(values, observed)),
    }
    found |= inside(values, observed)
    same = known[
        (known["quantity"] == figure["quantity"])
        & (known["place"] == figure["place"])
        & (known["origin"] == figure["origin"])
        & known["low"].notna()
        & known["high"].notna()
    ].sort_values(["as_of", "published", "figure_id"])
    found["crps_last"] = np.nan
    if len(same):
        last = _middle(float(same["low"].iloc[-1]), float(same["high"].iloc[-1]))
        noise = np.random.default_rng(0).standard_t(DEGREES, 4_000)
        found["crps_last"] = float(crps(np.maximum(last + spread * noise, 0.0), observed))
    return found


def _one_end(values: FloatArray, figure: Figure) -> dict[str, object]:
    at_least = bool(np.isfinite(figure["low"]))
    end = figure["low"] if at_least else figure["high"]
    true = values >= np.log1p(end) if at_least else values <= np.log1p(end)
    return {
        "qualifier": "at_least" if at_least else "at_most",
        "observed": float(end),
        "probability": float(true.mean()),
    }


def _middle(low: float, high: float) -> float:
    """Return the middle of a range on log(1 + n)."""
    return float((np.log1p(low) + np.log1p(high)) / 2)
