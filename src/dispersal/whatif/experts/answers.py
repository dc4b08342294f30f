"""What the forecast, and the reference class, answer to the question of a judgement."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from dispersal.record.baselines.known import known_on
from dispersal.whatif.experts.areas import Destination, destination, origins_of_area
from dispersal.whatif.experts.measured import REMNANT, RISE, year_of_day
from dispersal.whatif.experts.reading import CUMULATIVE, MASS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from dispersal.case import Case
    from dispersal.forecast.forecast import Forecast
    from dispersal.record.baselines import ReferenceShares
    from dispersal.record.baselines.known import Known
    from dispersal.whatif.experts.destinations import Reached
    from dispersal.whatif.experts.measured import Outcome
    from dispersal.whatif.experts.reading import Claim

FloatArray = NDArray[np.float64]

#: Draws whose end comes later count as this year: a score needs a number.
LATEST: Final = 2100.0

#: Members at a place from one on have reached it.
SOMEBODY: Final = 1.0


@dataclass(frozen=True, eq=False)
class Answer:
    """An answer to the question of a judgement.

    Parameters
    ----------
    draws : float array, shape (D,), or None
        Of a number, on the scale on which it is scored.
    chance : float or None
        Of an event.
    """

    draws: FloatArray | None = None
    chance: float | None = None


def model_answer(forecast: Forecast, claim: Claim, found: Outcome) -> Answer | None:
    """Return what the forecast says, over the days on which the outcome was measured.

    Parameters
    ----------
    forecast : Forecast
    claim : Claim
        Of the kind ``numeric`` or ``event``.
    found : Outcome

    Returns
    -------
    Answer or None
        None where the model has no such quantity, or the days lie outside its period.
    """
    if claim.scale == "year" or claim.proposition == "ends":
        return _end(forecast, claim)
    days = [day for day in (found.earlier_day, found.base_day, found.day) if day is not None]
    if not days or not all(forecast.first_day <= day <= forecast.last_day for day in days):
        return None
    if claim.judgement.quantity in CUMULATIVE:
        return _added(forecast, claim, days)
    if claim.proposition == "lives_on":
        strength = _members(forecast, ("holdouts", "in_group"), days[-1])
        return Answer(chance=float((strength >= REMNANT).mean()))
    if claim.proposition == "rises" and claim.judgement.quantity == "remnant_strength":
        before, after = (_members(forecast, ("holdouts", "in_group"), day) for day in days[-2:])
        return Answer(chance=float((after >= RISE * before).mean()))
    if claim.judgement.quantity == "share_remaining_in_theatre":
        before, after = (
            _over(forecast, "remaining", claim.area, day) for day in (days[-2], days[-1])
        )
        return Answer(draws=np.asarray(after / np.maximum(before, 1.0)))
    return None


def _end(forecast: Forecast, claim: Claim) -> Answer | None:
    """Return the last territory's end, if the judgement speaks of the whole theatre."""
    whole = set(forecast.case.territory.places)
    row = claim.judgement
    if row.quantity != "end_date_of_territory" or set(row.place.split("+")) != whole:
        return None
    months = forecast.ensemble.months
    start = year_of_day(months.start)
    ends = np.asarray(forecast.ensemble.end, float) / (12.0 * months.parts)
    years = np.minimum(start + ends, LATEST)
    if claim.kind == "event":
        return Answer(chance=float((years <= year_of_day(claim.until)).mean()))
    return Answer(draws=years)


def _members(forecast: Forecast, quantities: Sequence[str], day: dt.date) -> FloatArray:
    found = [forecast.draws(name, "all", day, "adults") for name in quantities]
    return np.asarray(np.sum(found, axis=0))


def _over(forecast: Forecast, quantity: str, area: str, day: dt.date) -> FloatArray:
    """Return a quantity of an area's home countries, shape (D,)."""
    known = set(forecast.ensemble.origins)
    origins = [code for code in origins_of_area(forecast.case, area) if code in known]
    found = [forecast.draws(quantity, code, day) for code in origins]
    return np.asarray(np.sum(found, axis=0)) if found else np.zeros(forecast.size)


def _added(forecast: Forecast, claim: Claim, days: list[dt.date]) -> Answer | None:
    quantity = CUMULATIVE[claim.judgement.quantity]
    if not origins_of_area(forecast.case, claim.area):
        return None
    counts = [_over(forecast, quantity, claim.area, day) for day in days]
    added = counts[-1] - counts[-2]
    if claim.kind == "numeric":
        return Answer(draws=np.log1p(np.maximum(added, 0.0)))
    if claim.proposition == "mass":
        assert claim.judgement.high is not None
        return Answer(chance=float((added >= MASS * claim.judgement.high).mean()))
    years = [(last - first).days / 365.25 for first, last in itertools.pairwise(days)]
    before, after = (counts[1] - counts[0]) / years[0], (counts[2] - counts[1]) / years[1]
    return Answer(chance=float(((after >= RISE * before) & (after >= 1.0)).mean()))


@dataclass(frozen=True, eq=False)
class PastEndings:
    """What past endings led to, and what was known of this case at the cut-off.

    Parameters
    ----------
    shares : ReferenceShares
    case : Case
        As known on the cut-off.
    known : Known
    """

    shares: ReferenceShares
    case: Case
    known: Known

    @classmethod
    def of(cls, shares: ReferenceShares, case: Case, cutoff: dt.date) -> PastEndings:
        """Return the shares of past endings, to be applied to a case as known on a day."""
        return cls(shares, case, known_on(case.ledger, cutoff))


def reference_answer(past: PastEndings, claim: Claim) -> Answer | None:
    """Return what past endings say of those who come home in the end.

    The share of the departed that came home after past endings, less those known to be back at
    the cut-off. Past endings say nothing of the pace or of single places, so that other
    questions have no answer.
    """
    shares = past.shares.shares.get("returned")
    if CUMULATIVE.get(claim.judgement.quantity) != "returned" or shares is None:
        return None
    departed = back = 0.0
    for origin in origins_of_area(past.case, claim.area):
        departed += past.known.departed(origin) or 0.0
        series = past.known.series.get(("returned", origin))
        back += float(np.expm1(series.last)) if series else 0.0
    if not departed:
        return None
    added = np.maximum(shares * departed - back, 0.0)
    if claim.kind == "numeric":
        return Answer(draws=np.log1p(added))
    if claim.proposition == "mass":
        assert claim.judgement.high is not None
        return Answer(chance=float((added >= MASS * claim.judgement.high).mean()))
    return None


def model_sizes(
    forecast: Forecast, claim: Claim, places: Sequence[Reached]
) -> tuple[FloatArray | None, ...]:
    """Return draws of how many reach each name of a ranking by the forecast, shape (D,) each.

    They are counted from the publication, or from the cut-off if that is later, to the last day
    that counts; None where the model has no such place.
    """
    start = max(claim.judgement.published, forecast.cutoff)
    until = min(claim.until, forecast.last_day)
    if until <= start:
        return tuple(None for _ in places)
    return tuple(
        place_size(forecast, where_of(forecast, claim, one), start, until) for one in places
    )


def where_of(forecast: Forecast, claim: Claim, one: Reached) -> Destination:
    """Return the destination of a name in a ranking of places, or of cohorts of everyone."""
    if one.kind != "fate":
        return Destination(one.name, one.kind, one.codes)
    if claim.judgement.quantity != "cohorts_after_collapse":
        return Destination(one.name, "unknown", ())
    names = {
        "hardcore_underground": "+".join(forecast.case.territory.places),
        "free_agents_next_theatre": "other_conflict_areas",
        "returnees": "home_countries",
    }
    return destination(forecast.case, names.get(one.name, one.name))


def place_size(
    forecast: Forecast, where: Destination, start: dt.date, until: dt.date
) -> FloatArray | None:
    """Return draws of how many come to a destination between two days, shape (D,).

    Of the home theatre it is who is in the group or underground there on the last day.
    """
    if where.kind == "remnant":
        return _members(forecast, ("holdouts", "in_group"), until)
    if where.kind == "home":
        known = [code for code in where.codes if code in forecast.ensemble.origins]
        parts = [
            forecast.draws("returned", code, until) - forecast.draws("returned", code, start)
            for code in known
        ]
        return np.asarray(np.sum(parts, axis=0)) if parts else None
    states = [name.split(":") for name in forecast.ensemble.place_states]
    there = {
        parts[1]
        for parts in states
        if parts[0] in ("elsewhere", "third_country") and parts[1] in where.codes
    }
    if not there:
        return None
    found = [
        forecast.arrived(place, until) - forecast.arrived(place, start) for place in sorted(there)
    ]
    return np.asarray(np.sum(found, axis=0))


def interval(draws: FloatArray) -> tuple[float, float, float]:
    """Return the 10 %, 50 % and 90 % quantiles of draws.

    Examples
    --------
    >>> interval(np.arange(11.0))
    (1.0, 5.0, 9.0)
    """
    low, middle, high = np.quantile(draws, [0.1, 0.5, 0.9])
    return float(low), float(middle), float(high)
