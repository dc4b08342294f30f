"""What became of a group's members, as published after the cut-off, next to the forecast.

Every aggregate that the forecast can speak of: totals and stocks of the whole group, and members at
a place or with a host. What a publisher counts differs from what is modelled; how far is assumed in
one table, by kind of count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from dispersal.errors import InputError
from dispersal.forecast import lookup
from dispersal.forecast.published import DEGREES, noise_stream
from dispersal.record.totals import TOTALS, records

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from dispersal.case import Ledger
    from dispersal.forecast.forecast import Forecast

    FloatArray = NDArray[np.float64]
    Figure = dict[str, Any]

#: Spread of what is published around what is modelled, on log(1 + n): of an office's own
#: caseload, and of an estimate or claim. Half of it for the first is definitions (who counts as a
#: member), as caseloads of programmes ran from 0.7 to 2.7 times the expected (docs/reference.md).
CASELOAD: Final = 0.3
ESTIMATE: Final = 0.5

#: Spread that the tag ``doubtful`` adds.
DOUBTFUL: Final = 1.0

LEVELS: Final = (0.025, 0.1, 0.5, 0.9, 0.975)


@dataclass(frozen=True)
class Outcome:
    """How a published quantity is counted in a forecast.

    Parameters
    ----------
    spread : float
    fates : tuple of str
        Quantities of the forecast that add up to it; empty where a move counts.
    move : str
        One of ``dispersal.model.states.MOVES``; empty where fates count.
    stratum : str
    group : str
        Whose fates count: ``all`` or ``foreign``. A local who gives up is home at once, so that
        published returns are of foreign members.
    """

    spread: float
    fates: tuple[str, ...] = ()
    move: str = ""
    stratum: str = "adults"
    group: str = "all"


def _of_total(quantity: str, spread: float) -> Outcome:
    fates, group = TOTALS[quantity]
    return Outcome(spread, fates, group=group)


OUTCOMES: Final = {
    **{
        name: _of_total(name, CASELOAD if name == "returned_total" else ESTIMATE) for name in TOTALS
    },
    "detained_total": Outcome(CASELOAD, ("detained",)),
    "foreign_detained": Outcome(CASELOAD, ("detained",), group="foreign"),
    "demobilised_total": Outcome(CASELOAD, move="demobilised", stratum="all"),
    "in_programme": Outcome(CASELOAD, ("demobilised", "home_in_programme")),
    "killed_after_demobilisation": Outcome(CASELOAD, move="killed_after_demobilisation"),
    "released_total": Outcome(CASELOAD, move="released", stratum="all"),
}

#: Fates in which members can be at a place.
AT_PLACE: Final = ("elsewhere", "third_country", "underground", "resurgent", "detained")


@dataclass(frozen=True, eq=False)
class OutcomeScores:
    """Published outcomes next to the forecast.

    Parameters
    ----------
    rows : pandas.DataFrame
        A line a figure: ``figure_id``, ``quantity``, ``where``, ``as_of``, ``published``,
        ``qualifier``, ``low``, ``high``, ``p2_5``, ``p10``, ``p50``, ``p90``, ``p97_5`` (persons,
        as some source would publish them), ``inside80``, ``inside95``, and ``probability``: of a
        bound, that it is true; of other figures, of one at least as far from the median.
    left_out : dict of str to tuple of str
        Other aggregates published later, by reason.
    """

    rows: pd.DataFrame
    left_out: dict[str, tuple[str, ...]]

    @property
    def misses(self) -> pd.DataFrame:
        """The figures outside their 95 % interval."""
        return self.rows[~self.rows["inside95"].astype(bool)] if len(self.rows) else self.rows


COLUMNS: Final = (
    "figure_id", "quantity", "where", "as_of", "published", "qualifier", "low", "high", "p2_5",
    "p10", "p50", "p90", "p97_5", "inside80", "inside95", "probability",
)  # fmt: skip


def score_outcomes(forecast: Forecast, later: Ledger) -> OutcomeScores:
    """Compare a forecast with every aggregate published after its cut-off that it speaks of.

    A figure with two ends is inside an interval if the middle of its ends, on the scale of
    log(1 + n), is. A bound is inside the 95 % interval if its side has a probability of 2.5 % or
    more, and inside the 80 % interval from 10 % on.

    Parameters
    ----------
    forecast : Forecast
    later : Ledger
        Its figures known at the cut-off, of days outside the forecast, or tagged ``misprint`` or
        ``overlap``, are not scored.
    """
    aggregates = later.aggregates
    fresh = aggregates[aggregates["published"] > pd.Timestamp(forecast.cutoff)]
    lines, left_out = [], dict[str, list[str]]()
    for figure in records(fresh):
        found = _values_or_reason(forecast, figure)
        if isinstance(found, str):
            left_out.setdefault(found, []).append(figure["figure_id"])
        else:
            lines.append(_line(figure, found))
    table = pd.DataFrame(lines, columns=list(COLUMNS))
    return OutcomeScores(table, {reason: tuple(names) for reason, names in left_out.items()})


def _values_or_reason(forecast: Forecast, figure: Figure) -> FloatArray | str:
    if figure["tags"] & {"misprint", "overlap"}:
        return "tagged to be ignored"
    if not forecast.cutoff <= figure["as_of"].date() <= forecast.last_day:
        return f"outside {forecast.cutoff} to {forecast.last_day}"
    try:
        return published_values(forecast, figure)
    except InputError as error:
        return str(error)


def published_values(forecast: Forecast, figure: Figure) -> FloatArray:
    """Return draws of log(1 + n) of a figure as some source would publish it, shape (D,).

    Raises
    ------
    InputError
        If the forecast does not speak of it; the message says why.
    """
    spread, counted = modelled(forecast, figure)
    scale = float(np.hypot(spread, DOUBTFUL * ("doubtful" in figure["tags"])))
    day = figure["as_of"].date()
    where = figure["place"] or "all"
    rng = noise_stream(forecast.ensemble.seed, figure["quantity"], where, day, figure["host"])
    noise = scale * rng.standard_t(DEGREES, forecast.size)
    return np.asarray(np.maximum(np.log1p(counted) + noise, 0.0))


def modelled(forecast: Forecast, figure: Figure) -> tuple[float, FloatArray]:
    """Return the spread of publications, and the modelled count of a figure, shape (D,).

    Raises
    ------
    InputError
        If the forecast does not speak of it.
    """
    quantity, day, place = figure["quantity"], figure["as_of"].date(), figure["place"]
    if quantity == "members_present":
        there = [at_place(forecast, AT_PLACE, one, day) for one in place.split("+")]
        return ESTIMATE, np.asarray(np.sum(there, axis=0))
    if quantity == "newcomers_at_host":
        host = _host(forecast, figure["host"])
        where = f"{place or _place_of(forecast, host)}:{host}"
        return ESTIMATE, at_place(forecast, ("elsewhere", "underground"), where, day)
    if quantity not in OUTCOMES:
        raise InputError("not forecast")
    if figure["host"] or figure["origin"]:
        raise InputError("of another group, or of one origin")
    whole = {frozenset(forecast.case.territory.places), frozenset({"WLD"}), frozenset()}
    if frozenset(place.split("+")) - {""} not in whole:
        raise InputError("of a part of the theatre, or of another place")
    row = OUTCOMES[quantity]
    if row.move:
        return row.spread, forecast.moved(row.move, day)
    stratum = row.stratum
    if "affiliates" in figure["tags"]:
        stratum = "all"
    counts = [forecast.draws(fate, row.group, day, stratum) for fate in row.fates]
    return row.spread, np.asarray(np.sum(counts, axis=0))


def at_place(forecast: Forecast, fates: Sequence[str], place: str, day: Any) -> FloatArray:
    """Return who is at a place, or with a host there, in any of some fates, shape (D,).

    Raises
    ------
    InputError
        If nobody can be there in any of them.
    """
    ensemble = forecast.ensemble
    known = {
        fate
        for at in lookup.states_of(ensemble, tuple(fates))
        for fate, code, *host in [ensemble.place_states[at].split(":")]
        if place in (code, f"{code}:{host[0]}" if host else code)
    }
    if not known:
        raise InputError(f"nobody can be at {place}")
    counts = [forecast.draws(fate, "all", day, place=place) for fate in sorted(known)]
    return np.asarray(np.sum(counts, axis=0))


def _host(forecast: Forecast, name: str) -> str:
    wanted = name.casefold()
    for host in forecast.case.hosts:
        if wanted in {known.casefold() for known in host.names}:
            return host.host
    raise InputError(f"no host {name!r} as known at the cut-off")


def _place_of(forecast: Forecast, host: str) -> str:
    return next(row.place for row in forecast.case.hosts if row.host == host)


def _line(figure: Figure, values: FloatArray) -> dict[str, object]:
    p2_5, p10, p50, p90, p97_5 = np.quantile(values, LEVELS)
    low, high = figure["low"], figure["high"]
    line = {name: figure[name] for name in ("figure_id", "quantity", "as_of", "published")}
    line |= {"qualifier": figure["qualifier"], "low": low, "high": high}
    line["where"] = ":".join(filter(None, (figure["place"], figure["host"])))
    quantiles = {"p2_5": p2_5, "p10": p10, "p50": p50, "p90": p90, "p97_5": p97_5}
    line |= {name: float(np.expm1(value)) for name, value in quantiles.items()}
    if np.isfinite(low) and np.isfinite(high):
        observed = (np.log1p(low) + np.log1p(high)) / 2
        below, above = float((values <= observed).mean()), float((values >= observed).mean())
        line["probability"] = min(1.0, 2 * min(below, above))
        line["inside80"] = bool(p10 <= observed <= p90)
        line["inside95"] = bool(p2_5 <= observed <= p97_5)
        return line
    is_true: Callable[[FloatArray, Any], NDArray[np.bool_]]
    is_true = np.greater_equal if np.isfinite(low) else np.less_equal
    chance = float(is_true(values, np.log1p(low if np.isfinite(low) else high)).mean())
    return line | {"probability": chance, "inside80": chance >= 0.1, "inside95": chance >= 0.025}
