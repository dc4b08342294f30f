"""Pressure: how much of its peak territory the group still holds, before and after the cut-off.

Lines S1 and S2 of the design: the group declines, its end is uncertain, and the loss of territory
drives death, capture and leaving.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

if TYPE_CHECKING:
    import datetime as dt

    from dispersal.case import Case, Ledger
    from dispersal.model.calendar import Months

FloatArray = NDArray[np.float64]

#: The 90 % quantile of the standard normal: an 80 % range is twice this many deviations wide.
NORMAL_P90 = 1.2815515655446004

#: Share of the peak territory below which the group counts as holding none.
LEAST_SHARE = 0.02

#: Shortest time from the cut-off to the end that the fall of territory is spread over, months.
SHORTEST = 1e-6


def territory_evidence(case: Case, ledger: Ledger) -> pd.DataFrame:
    """Return what the evidence says of the share of the peak territory still held.

    Areas are divided by the case's peak area; percentages lost are taken from one. Rows that
    speak of a part of the home theatre only are left out, and so are those of days before the
    peak. A range counts with its middle, a bound with its one end.

    Returns
    -------
    pandas.DataFrame
        Columns ``figure_id``, ``as_of`` and ``share`` (0 to 1), sorted by day.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> case = load_case("isis_2017").as_known_on("2017-03-07")
    >>> territory_evidence(case, case.ledger)["share"].round(2).tolist()[-1]
    0.67
    """
    whole = set(case.territory.places)
    rows = ledger.aggregates
    of_whole = np.array([set(place.split("+")) == whole for place in rows["place"]], dtype=bool)
    rows = rows[of_whole & ~rows["host"].astype(bool)]
    middle = rows[["low", "high"]].mean(axis=1)
    area = rows["quantity"].eq("control_area_km2") & bool(case.territory.peak_area_km2)
    lost = rows["quantity"].eq("share_territory_lost_percent")
    share = np.where(area, middle / (case.territory.peak_area_km2 or 1.0), 1.0 - middle / 100.0)
    evidence = pd.DataFrame(
        {"figure_id": rows["figure_id"], "as_of": rows["as_of"], "share": np.clip(share, 0.0, 1.0)}
    )[area | lost]
    evidence = evidence[evidence["as_of"] >= pd.Timestamp(case.territory.peak_date)]
    return evidence.sort_values(["as_of", "figure_id"], ignore_index=True)


def share_held(case: Case, ledger: Ledger, months: Months, cutoff: dt.date) -> FloatArray:
    """Return the share of the peak territory held at each instant up to the cut-off.

    One until the peak; afterwards the non-increasing least-squares fit to the evidence
    (isotonic regression), linear between its days and flat after the last one. Without any
    evidence the group is taken to hold all it held.

    Returns
    -------
    float array, shape (steps + 1,)
        Values after the cut-off repeat the last one.
    """
    evidence = territory_evidence(case, ledger)
    instants = np.arange(months.steps + 1, dtype=np.float64)
    peak = months.position(case.territory.peak_date)
    if evidence.empty:
        return np.ones(months.steps + 1)
    at = np.array([months.position(day.date()) for day in evidence["as_of"]])
    fitted = isotonic_regression(evidence["share"].to_numpy(), increasing=False).x
    held = np.interp(instants, np.concatenate([[peak], at]), np.concatenate([[1.0], fitted]))
    after = instants > months.position(cutoff)
    if after.any():
        now = months.position(cutoff)
        held[after] = np.interp(now, np.append(peak, at), np.append(1.0, fitted))
    return np.asarray(np.maximum(held, LEAST_SHARE * (held > 0)), dtype=np.float64)


def end_of(
    case: Case,
    months: Months,
    cutoff: dt.date,
    delay: FloatArray,
    normal: FloatArray,
) -> FloatArray:
    """Return the instant at which the last territory is lost.

    The latest judgement known by the cut-off gives the 10 %, 50 % and 90 % quantiles of the
    day; between and beyond them the log of the months since one month before the cut-off is
    normal on each side of the median (a split log-normal). Draws sooner than half a month after
    the cut-off are moved to that. Without a judgement the parameter ``end_delay`` counts from
    the cut-off.

    Parameters
    ----------
    delay : float array, shape (draws,)
        Draws of ``end_delay``, months.
    normal : float array, shape (draws,)
        Standard normal draws: where in the distribution the day lies.

    Returns
    -------
    float array, shape (draws,)
        Positions on ``months``, in its steps.
    """
    now = months.position(cutoff) / months.parts
    judgement = case.end.judgement_known_on(cutoff)
    if judgement is None:
        return np.asarray(months.parts * (now + delay))
    origin = now - 1.0
    low, middle, high = (
        np.log(max(months.position(day) / months.parts - origin, 0.25))
        for day in (judgement.p10, judgement.p50, judgement.p90)
    )
    spread = np.where(normal < 0, middle - low, high - middle) / NORMAL_P90
    end = origin + np.exp(middle + np.maximum(spread, 0.05) * normal)
    return np.asarray(months.parts * np.maximum(end, now + 0.5), dtype=np.float64)


def share_held_after(
    held_now: float, now: float, end: FloatArray, shape: FloatArray, instants: FloatArray
) -> FloatArray:
    """Return the share held from the cut-off on, for each draw of the end.

    c(t) = c₀ · (1 − (t − t₀)/(T − t₀))^γ until the end T, then none; c₀ up to t₀ in any case,
    since the cut-off's own share is known.

    Parameters
    ----------
    held_now : float
        Share c₀ at the cut-off.
    now : float
        Position t₀ of the cut-off, in steps.
    end, shape : float array, shape (draws,)
        T (in steps) and γ.
    instants : float array, shape (T + 1,)
        Positions, in steps.

    Returns
    -------
    float array, shape (draws, T + 1)

    Examples
    --------
    >>> share_held_after(0.8, 0.0, np.array([4.0]), np.array([1.0]), np.array([0.0, 2.0, 4.0, 9.0]))
    array([[0.8, 0.4, 0. , 0. ]])
    """
    # An end at or before t₀ (t₀ is rounded to a month) is one right after it.
    left = 1.0 - (instants[None, :] - now) / np.maximum(end[:, None] - now, SHORTEST)
    return held_now * np.clip(left, 0.0, 1.0) ** shape[:, None]


def dislodging(held: Any, xp: Any = np) -> Any:
    """Return the hazard of being dislodged per unit of elasticity: −Δ log c, per step.

    Members are dislodged in proportion to the relative loss of territory; below
    ``LEAST_SHARE`` the group holds none, so that the last loss is finite.

    Parameters
    ----------
    held : float array, shape (..., T + 1)
    xp : module
        ``numpy`` or ``jax.numpy``.

    Returns
    -------
    float array, shape (..., T)

    Examples
    --------
    >>> dislodging(np.array([1.0, 1.0, 0.5])).round(3)
    array([0.   , 0.693])
    """
    logs = xp.log(xp.maximum(held, LEAST_SHARE))
    return xp.maximum(logs[..., :-1] - logs[..., 1:], 0.0)
