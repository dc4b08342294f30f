"""An outcome, and the rules that every outcome shares."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dispersal.forecast.wording import number

if TYPE_CHECKING:
    from dispersal.case import Case
    from dispersal.case.schema import Outcome as OutcomeRow
    from dispersal.whatif.experts.series import Evidence

#: A number that is a quarter larger has risen; sources agree no better.
RISE: Final = 1.25

#: Strengths published of about one time that differ more than this say no level.
AGREE: Final = 4.0

#: A remnant counts from this size on, as in the forecast's answer.
REMNANT: Final = 1_000.0

#: Half a year.
HALF_YEAR: Final = dt.timedelta(days=183)


@dataclass(frozen=True)
class Outcome:
    """What became of a judgement.

    Parameters
    ----------
    known : bool
    low, high : float or None
        Of a numeric claim, in its unit.
    truth : bool or None
        Whether an event came true.
    earlier_day, base_day, day : datetime.date or None
        From when to when it was measured; a change of pace, before and after ``base_day``.
    figure_ids, sources : tuple of str
        Rows of the ledger and of outcomes.csv, and the publications they cite.
    text : str
        In words; why, if it is not known.
    """

    known: bool
    text: str
    low: float | None = None
    high: float | None = None
    truth: bool | None = None
    earlier_day: dt.date | None = None
    base_day: dt.date | None = None
    day: dt.date | None = None
    figure_ids: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def unknown(text: str) -> Outcome:
    """Return an outcome that is not known, with the reason."""
    return Outcome(False, text)


def year_of_day(day: dt.date) -> float:
    """Return a day as a decimal year.

    Examples
    --------
    >>> round(year_of_day(dt.date(2019, 3, 23)), 3)
    2019.222
    """
    first, following = dt.date(day.year, 1, 1), dt.date(day.year + 1, 1, 1)
    return day.year + (day - first).days / (following - first).days


def day_of_year(year: float) -> dt.date:
    """Return the day of a decimal year.

    Examples
    --------
    >>> day_of_year(2017.5), day_of_year(year_of_day(dt.date(2019, 3, 23)))
    (datetime.date(2017, 7, 2), datetime.date(2019, 3, 23))
    """
    whole = int(year)
    first, following = dt.date(whole, 1, 1), dt.date(whole + 1, 1, 1)
    return first + dt.timedelta(days=round((year - whole) * (following - first).days - 1e-6))


def recorded(case: Case, quantity: str, place: str, after: dt.date) -> OutcomeRow | None:
    """Return the row of outcomes.csv for a quantity and place that was published after a day."""
    rows = [
        row
        for row in case.outcomes
        if row.quantity == quantity and row.place == place and row.published > after
    ]
    return min(rows, key=lambda row: row.as_of, default=None)


def rose(before: float, after: float) -> bool:
    """Return whether a number rose by a quarter or more; from nothing, by one or more.

    Examples
    --------
    >>> rose(10, 12), rose(10, 13), rose(0, 0), rose(0, 5)
    (False, True, False, True)
    """
    return after >= RISE * before and after >= 1.0


def in_words(low: float, high: float) -> str:
    """Return a range of counts in words.

    Examples
    --------
    >>> in_words(10_000, 18_000), in_words(7, 7)
    ('10,000 to 18,000', '7')
    """
    ends = [number(low), number(high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def sources_of(evidence: Evidence, figure_ids: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys of the publications that figures cite, each once."""
    return tuple(dict.fromkeys(evidence.case.ledger.row(name).source for name in figure_ids))
