"""Numbers as a person reads them: two significant figures, an interval, never a point alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

#: Counts below this are not given as digits.
FEW = 5

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def rounded(count: float) -> int:
    """Return a count to two significant figures, in steps of five where it begins with a 1.

    The finer step keeps the rounding below 5 % everywhere: 1,050 is neither 1,000 nor 1,100.

    Examples
    --------
    >>> [rounded(n) for n in (7.4, 12.2, 96, 104, 834, 1_052, 28_900)]
    [7, 12, 96, 105, 830, 1050, 29000]
    """
    if abs(count) < 10:
        return math.floor(count + 0.5)
    step = 10.0 ** (math.floor(math.log10(abs(count))) - 1)
    if step >= 10 and abs(count) < 20 * step:
        step /= 2
    return round(math.floor(count / step + 0.5) * step)


def number(count: float) -> str:
    """Return a count in words a table can hold.

    Examples
    --------
    >>> number(0.2), number(3), number(1_234), number(56_780)
    ('none', 'a few', '1,250', '57,000')
    """
    if count < 0.5:
        return "none"
    if count < FEW:
        return "a few"
    return f"{rounded(count):,}"


def estimate(p10: float, p50: float, p90: float) -> str:
    """Return a median with its 80 % interval.

    Examples
    --------
    >>> estimate(620, 800, 1_050)
    'about 800 (620 to 1,050)'
    >>> estimate(0, 2, 12), estimate(0, 1, 3), estimate(0, 0, 0.1), estimate(2, 8, 20)
    ('a few (at most about 12)', 'a few', 'none', 'about 8 (a few to 20)')
    """
    low, middle, high = number(p10), number(p50), number(p90)
    if p50 < FEW:
        if high == middle:
            return middle
        return f"{middle} (at most {'' if p90 < FEW else 'about '}{high})"
    return f"about {middle}" if low == high else f"about {middle} ({low} to {high})"


def cell(p10: float, p50: float, p90: float) -> str:
    """Return a median with its 80 % interval, short enough for a table.

    Examples
    --------
    >>> cell(620, 800, 1_050), cell(0, 2, 12), cell(0, 1, 2)
    ('800 (620–1,050)', 'a few (0–12)', 'a few')
    """
    if p90 < FEW:
        return number(p50)

    def end(count: float) -> str:
        return "0" if count < 0.5 else "<5" if count < FEW else number(count)

    return f"{number(p50)} ({end(p10)}–{end(p90)})"


def percent(share: float) -> str:
    """Return a share as a percentage; what is nearly none or nearly all is not rounded to it.

    Examples
    --------
    >>> percent(0.426), percent(0.0004), percent(0.998), percent(0.0), percent(1.0)
    ('43 %', 'under 1 %', 'over 99 %', 'under 1 %', 'over 99 %')
    """
    if share < 0.01:
        return "under 1 %"
    if share > 0.99:
        return "over 99 %"
    return f"{math.floor(100 * share + 0.5)} %"


def share_cell(p10: float, p50: float, p90: float) -> str:
    """Return a median share with its 80 % interval, short enough for a table.

    Examples
    --------
    >>> share_cell(0.31, 0.4, 0.52), share_cell(0.001, 0.002, 0.03), share_cell(0.0, 0.001, 0.002)
    ('40 % (31–52)', '<1 % (<1–3)', '<1 %')
    """
    low, middle, high = (
        percent(share).replace("under ", "<").replace("over ", ">") for share in (p10, p50, p90)
    )
    if low == high:
        return middle
    return f"{middle} ({low.removesuffix(' %')}–{high.removesuffix(' %')})"


def day(when: dt.date) -> str:
    """Return a day in words, whatever the language of the system.

    Examples
    --------
    >>> from datetime import date
    >>> day(date(2017, 3, 7))
    '7 March 2017'
    """
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def month(when: dt.date) -> str:
    """Return the month of a day in words.

    Examples
    --------
    >>> from datetime import date
    >>> month(date(2019, 10, 19))
    'October 2019'
    """
    return f"{_MONTHS[when.month - 1]} {when.year}"


def listed(parts: list[str]) -> str:
    """Return a list in words.

    Examples
    --------
    >>> listed(["Libya"]), listed(["Libya", "Yemen", "Mali"])
    ('Libya', 'Libya, Yemen and Mali')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
