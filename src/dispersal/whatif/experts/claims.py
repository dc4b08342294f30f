"""The account of those who asked the question, claim by claim: forecast, evidence, verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dispersal.forecast.wording import estimate
from dispersal.whatif.experts.answers import interval, place_size, where_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from dispersal.forecast.forecast import Forecast
    from dispersal.whatif.experts.destinations import Reached
    from dispersal.whatif.experts.judged import Judged

#: What a number of the forecast counts, by the kind of place.
COUNTED = {
    "remnant": "in the group or underground there on that day",
    "theatre": "arrivals since the cut-off",
    "near": "arrivals since the cut-off",
    "home": "returns since the cut-off",
}


@dataclass(frozen=True)
class AccountClaim:
    """One place, or one cohort, that an account names.

    Parameters
    ----------
    judgement_id, expert : str
    published : datetime.date
    cohort : str
        Of whom it speaks; empty for an account of the cohorts themselves.
    name, words : str
        What is named, and how surely.
    forecast : tuple of float or None
        10 %, 50 % and 90 % quantiles of the forecast, persons.
    counts, until : str, datetime.date or None
        What that number counts, and its last day.
    reached : Reached
        What was published later.
    verdict : {"came true", "partly", "no evidence", "did not"}
    """

    judgement_id: str
    expert: str
    published: dt.date
    cohort: str
    name: str
    words: str
    forecast: tuple[float, float, float] | None
    counts: str
    until: dt.date | None
    reached: Reached
    verdict: str

    @property
    def row(self) -> dict[str, Any]:
        """The claim as a line of a table."""
        low, middle, high = self.forecast or (None, None, None)
        return {
            "judgement_id": self.judgement_id,
            "expert": self.expert,
            "published": self.published,
            "cohort": self.cohort,
            "name": self.name,
            "words": self.words,
            "p10": low,
            "p50": middle,
            "p90": high,
            "forecast": estimate(*self.forecast) if self.forecast else "",
            "counts": self.counts,
            "until": self.until,
            "published_later": self.reached.text,
            "figure_ids": self.reached.figure_ids,
            "sources": self.reached.sources,
            "verdict": self.verdict,
        }


def verdict_of(one: Reached) -> str:
    """Return in two words what became of a named place.

    Examples
    --------
    >>> from dispersal.whatif.experts.destinations import Reached
    >>> verdict_of(Reached("YEM", "theatre", ("YEM",), True, "arrivals reported, not counted"))
    'partly'
    """
    if one.reached is None:
        return "no evidence"
    if not one.reached:
        return "did not"
    return "partly" if one.size is None else "came true"


def account(
    judged: Iterable[Judged], day: dt.date, forecast: Forecast | None
) -> list[AccountClaim]:
    """Return every place and cohort named by those who judged on the day of the question.

    Parameters
    ----------
    judged : iterable of Judged
    day : datetime.date
        The day the question was asked.
    forecast : Forecast or None
        Counted from its cut-off to the last day of its period; of the home theatre, on the day
        of the last figure published of it.
    """
    found = []
    for one in judged:
        row = one.claim.judgement
        if row.published != day or not one.places:
            continue
        for place in one.places:
            ends, counts, until = None, "", None
            if forecast is not None:
                where = where_of(forecast, one.claim, place)
                last = forecast.last_day
                if where.kind == "remnant" and place.day is not None:
                    last = min(place.day, last)
                draws = place_size(forecast, where, forecast.cutoff, last)
                if draws is not None:
                    ends, counts, until = interval(draws), COUNTED.get(where.kind, ""), last
            found.append(
                AccountClaim(
                    row.judgement_id,
                    row.expert,
                    row.published,
                    one.claim.cohort,
                    place.name,
                    row.probability_words,
                    ends,
                    counts,
                    until,
                    place,
                    verdict_of(place),
                )
            )
    return found
