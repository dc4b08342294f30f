"""Each judgement as a claim that can be true or false, or with the reason why it is none."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dispersal.whatif.experts.words import meaning

if TYPE_CHECKING:
    from dispersal.case.schema import Judgement

#: Judgements of how many more there will be: the cumulative quantity they add to.
CUMULATIVE: Final = {
    "returned_total_additional": "returned",
    "returned_total_europe_additional": "returned",
    "returned_total_west_additional": "returned",
    "departed_total_additional": "departed",
}

#: The area of quantities that name one.
AREA_OF: Final = {
    "returned_total_europe_additional": "EUR",
    "returned_total_west_additional": "WST",
}

STRENGTHS: Final = frozenset({"remnant_strength", "theatre_strength"})
RANKINGS: Final = frozenset(
    {"most_likely_destination", "outcome_mix_of_those_in_theatre", "cohorts_after_collapse"}
)

#: Quantities that no published aggregate measures.
UNMEASURED: Final = {
    "attack_level": "no aggregate of the ledger measures attacks",
    "dispersal_multiple_of_afghan_1990s": "no figure compares with the dispersal of the 1990s",
    "arrivals_per_month": "arrivals are not judged ahead",
}

#: Of the numbers in a note marked as a ceiling, this part is a mass return.
MASS: Final = 0.5

#: Without a horizon a number or an event is looked for so long, and a change over so long.
NUMBER_YEARS: Final = 3
CHANGE_YEARS: Final = 2


@dataclass(frozen=True)
class Claim:
    """What a judgement says, in a form that later evidence can meet.

    Parameters
    ----------
    judgement : Judgement
    kind : {"numeric", "event", "ranking", "none"}
    scale : {"count", "share", "year", ""}
        Unit of a numeric claim.
    area : str
        Home country or area of those it speaks of; empty where they are not told apart.
    proposition : str
        Of an event: ``rises`` (the yearly number, or the strength, is a quarter above that
        before), ``mass`` (half of the ceiling or more come), ``lives_on`` (a remnant is there
        after the territory is lost), ``ends`` (the last territory is lost).
    probability : float or None
        Of the proposition; of a ranking, that members reach a place it names.
    until : datetime.date
        The last day that counts: the horizon, or some years after publication.
    words : str
        The term its words were taken for.
    reason : str
        Why it is no claim, if ``kind`` is none.
    """

    judgement: Judgement
    kind: str
    scale: str
    area: str
    proposition: str
    probability: float | None
    until: dt.date
    words: str
    reason: str = ""

    @property
    def question(self) -> tuple[str, str, str, str]:
        """What judgements must share to be pooled: the thing, of whom, where, in which form."""
        row = self.judgement
        quantity = CUMULATIVE.get(row.quantity, row.quantity)
        form = self.proposition if self.kind == "event" else f"{self.kind} {self.cohort}".strip()
        return quantity, self.area, row.place if self.area != row.place else "", form

    @property
    def cohort(self) -> str:
        """Of whom a ranking speaks, as its note says after ``cohort=``; else empty."""
        found = re.search(r"cohort=(\w+)", self.judgement.note)
        return found[1] if found else ""

    @property
    def names(self) -> tuple[str, ...]:
        """Places or fates of a ranking, in its order."""
        return tuple(name for name in self.judgement.ranking.split(";") if name)


def read(judgement: Judgement, last_day: dt.date) -> Claim:
    """Return a judgement as a claim.

    Low, middle and high are the 10 %, 50 % and 90 % quantiles of a number; a bound alone is the
    one or the other. A direction is the event that the number rises by a quarter or more: ``up``
    gives it the probability of the words, ``down`` and ``none`` give that to the opposite. The
    number of a ceiling is no forecast: the claim is that half of them come, or do not.

    Parameters
    ----------
    judgement : Judgement
    last_day : datetime.date
        Of the case's period: how long a judgement without a day is followed.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> rows = {row.judgement_id: row for row in load_case("isis_2017").experts}
    >>> end = dt.date(2020, 12, 31)
    >>> claim = read(rows["xj_052"], end)
    >>> claim.kind, claim.proposition, claim.probability, claim.question
    ('event', 'rises', 0.75, ('returned', 'NLD', '', 'rises'))
    >>> read(rows["xj_029"], end).reason
    'a policy aim, no judgement of what will be'
    """
    kind, scale, proposition, reason = _form(judgement)
    words = meaning(judgement.probability_words)
    if kind in ("event", "ranking") and words is None and not reason:
        kind, reason = "none", f"no probability is declared for {judgement.probability_words!r}"
    chance = None if words is None else words.probability
    against = proposition in ("rises", "mass") and judgement.direction in ("down", "none")
    if chance is not None and kind == "event" and against:
        chance = round(1.0 - chance, 6)
    years = CHANGE_YEARS if proposition == "rises" else NUMBER_YEARS
    until = judgement.horizon or judgement.published + dt.timedelta(days=round(365.25 * years))
    if proposition == "ends" and judgement.horizon is None:
        until = last_day
    return Claim(
        judgement,
        kind,
        scale,
        AREA_OF.get(judgement.quantity, judgement.origin),
        proposition,
        chance if kind in ("event", "ranking") else None,
        until,
        "" if words is None else words.term,
        reason,
    )


def _form(row: Judgement) -> tuple[str, str, str, str]:
    """Return kind, scale, proposition, and why a judgement is no claim."""
    bounded = not row.low is row.mode is row.high is None
    if "AIM:" in row.note:
        return "none", "", "", "a policy aim, no judgement of what will be"
    if "CURRENT:" in row.note:
        return "none", "", "", "speaks of the present"
    if row.quantity in UNMEASURED:
        return "none", "", "", UNMEASURED[row.quantity]
    if row.quantity in RANKINGS:
        return ("ranking", "", "", "") if row.ranking else ("none", "", "", "names no place")
    if row.quantity in CUMULATIVE:
        if "CEILING:" in row.note and row.high is not None:
            return "event", "", "mass", ""
        return ("numeric", "count", "", "") if bounded else ("event", "", "rises", "")
    if row.quantity.startswith("end_date"):
        return ("numeric", "year", "", "") if bounded else ("event", "", "ends", "")
    if row.quantity.startswith("share"):
        if bounded:
            return "numeric", "share", "", ""
        if row.direction == "down":
            return "none", "", "", "says that it is hard, and gives no number"
        return "event", "", "lives_on", ""
    if row.quantity in STRENGTHS:
        if row.place in ("", "WLD") and row.direction == "down":
            return "none", "", "", "speaks of the whole network, whose strength is not counted"
        if row.place in ("", "WLD") or row.direction == "none":
            return "event", "", "lives_on", ""
        return "event", "", "rises", ""
    return "none", "", "", f"no rule tells what becomes of {row.quantity}"
