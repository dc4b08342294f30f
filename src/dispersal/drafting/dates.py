"""Days, months and years that a sentence names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH: Final = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR: Final = r"(?:19|20)\d{2}"
_DAY: Final = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"

_PATTERNS: Final = (
    re.compile(rf"(?<![\d-])(?P<year>{_YEAR})-(?P<month_number>\d\d)(?:-(?P<day>\d\d))?(?![\d-])"),
    re.compile(
        rf"(?i)\b(?P<day>{_DAY})(?: of)? (?P<month>{_MONTH}),? (?P<year>{_YEAR})\b(?![,.]\d)"
    ),
    re.compile(rf"(?i)\b(?P<month>{_MONTH}) (?P<day>{_DAY}),? (?P<year>{_YEAR})\b(?![,.]\d)"),
    re.compile(
        rf"(?i)\b(?:(?:early|mid|late)[ -])?"
        rf"(?P<month>{_MONTH}),?(?: of)? (?P<year>{_YEAR})\b(?![,.]\d)"
    ),
    re.compile(rf"\b(?P<day>\d\d?)[./](?P<month_number>\d\d?)[./](?P<year>{_YEAR})\b"),
    re.compile(rf"(?<![\d.,$€£-])(?P<year>{_YEAR})(?![\d%]|[,.]\d|s\b|-strong)"),
)
#: “2,015 fighters” is no year, and “2000 fighters” is none either.
_COUNTED: Final = re.compile(
    r"^ (?:\w+ )?(?:fighters?|men|women|people|members|militants|rebels|combatants|guerrillas|"
    r"soldiers|troops|civilians|recruits|foreigners|prisoners|detainees|km|kilomet|miles|weapons|"
    r"children|square|dollars|returnees|refugees|families|persons|insurgents)"
)
_COUNTING: Final = re.compile(
    r"(?i)\b(?:about|around|some|roughly|nearly|almost|over|more than|fewer than|at least|up to|"
    r"another|approximately|least|estimated|than) $"
)
_IN_A_YEAR: Final = re.compile(
    r"(?i)\b(?:in|since|by|until|from|after|before|during|early|mid|late|again in|of) $"
)
_SHORT_YEAR: Final = re.compile(rf"(?<!\d)({_YEAR})[-–/](\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a sentence: ``text[start:end]`` is ``iso`` (a year, a month or a day)."""

    start: int
    end: int
    iso: str


def dates_of(text: str) -> list[Dated]:
    """Return every date of a sentence that says its year.

    Examples
    --------
    >>> [found.iso for found in dates_of("On 7 March 2017, three years after June 2014")]
    ['2017-03-07', '2014-06']
    >>> [found.iso for found in dates_of("From 2009-11 the 2000 fighters of the 1990s left")]
    ['2009', '2011']
    """
    found: list[Dated] = []
    for match in _SHORT_YEAR.finditer(text):
        year = int(match[1])
        last = year // 100 * 100 + int(match[2])
        month_like = match[0][4] == "-" and 1 <= int(match[2]) <= 12 and last <= year
        if last > year and not month_like:
            found.append(Dated(match.start(), match.start() + 4, str(year)))
            found.append(Dated(match.start() + 4, match.end(), str(last)))
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < one.end and one.start < match.end() for one in found):
                continue
            iso = _iso(match)
            plain = iso is not None and len(iso) == 4
            before = text[: match.start()]
            counted = plain and (
                (_COUNTED.match(text[match.end() :]) and not _IN_A_YEAR.search(before))
                or _COUNTING.search(before)
            )
            if iso and not counted:
                found.append(Dated(match.start(), match.end(), iso))
    return sorted(found, key=lambda one: one.start)


def _iso(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    year = int(parts["year"])
    month = None
    if parts.get("month"):
        month = _MONTHS[parts["month"].lower().rstrip(".")]
    elif parts.get("month_number"):
        month = int(parts["month_number"])
    day = int(re.sub(r"\D", "", parts["day"])) if parts.get("day") else None
    if month is None:
        return f"{year}"
    if not 1 <= month <= 12:
        return None
    if day is None:
        return f"{year}-{month:02d}"
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def day_of(iso: str, *, last: bool = False) -> str:
    """Return the first or last day of a year or month, and a day as it is.

    Examples
    --------
    >>> day_of("2017"), day_of("2017-02", last=True), day_of("2017-03-07")
    ('2017-01-01', '2017-02-28', '2017-03-07')
    """
    parts = [int(part) for part in iso.split("-")]
    if len(parts) == 3:
        return iso
    year, month = parts[0], parts[1] if len(parts) == 2 else (12 if last else 1)
    if not last:
        return date(year, month, 1).isoformat()
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1).isoformat()
