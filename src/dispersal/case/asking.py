"""What a caller may ask with: days, spans of days, one name or several."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import TypeAlias

from dispersal.case.cells import parse_day
from dispersal.errors import InputError, nearest_name

#: A day as ISO text, as a date or as a time stamp (pandas' is a datetime).
Day: TypeAlias = str | date | datetime
Span: TypeAlias = tuple[Day | None, Day | None]
Names: TypeAlias = str | Collection[str]


def day_of(value: Day) -> date:
    """Return a day given as text, as a date or as a time stamp.

    Raises
    ------
    InputError
        If it is no day.

    Examples
    --------
    >>> day_of("2017-03-07")
    datetime.date(2017, 3, 7)
    """
    try:
        # A time stamp may be pandas' NaT, which has no date.
        return parse_day(value.date() if isinstance(value, datetime) else value)
    except ValueError as error:
        raise InputError(f"found {str(value)!r}, expected {error}") from None


def names_in(names: Names) -> frozenset[str]:
    """Return one name or several as a set."""
    return frozenset([names]) if isinstance(names, str) else frozenset(names)


def known_names(names: Names, known: Iterable[str], what: str) -> frozenset[str]:
    """Return one name or several as a set.

    Raises
    ------
    InputError
        If one of them is not known; the message has the nearest that is.
    """
    asked = names_in(names)
    for name in sorted(asked - set(known)):
        raise InputError(no_such(what, name, known))
    return asked


def no_such(what: str, found: str, known: Iterable[str]) -> str:
    """Return the message about a name that is not known.

    Examples
    --------
    >>> no_such("a tag", "would_bee", ["would_be", "present"])
    "found 'would_bee', expected a tag; did you mean 'would_be'?"
    """
    nearest = nearest_name(found, known)
    hint = f"; did you mean {nearest!r}?" if nearest else ""
    return f"found {found!r}, expected {what}{hint}"
