"""Words of probability as numbers, from the declared table words.csv."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

#: Where the numbers come from, by the key of the table's column ``source``.
SOURCES: Final = {
    "icd_203": "Office of the Director of National Intelligence (2015), Intelligence Community "
    "Directive 203, Analytic Standards, D.6.e(2)(a): ranges of seven terms; the middle is used.",
    "kent_1964": "Kent (1964), Words of Estimative Probability. Studies in Intelligence 8(4), "
    "49-65: 93 % give or take 6, 75 give or take 12, and their synonyms.",
    "reagan_1989": "Reagan, Mosteller and Youtz (1989), Quantitative meanings of verbal "
    "probability expressions. Journal of Applied Psychology 74, 433-442: range of `possible`.",
    "assumed": "an assumption of this table, as its note says",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What some words are taken to mean.

    Parameters
    ----------
    words, term : str
        As used, and the term of the scale that they are taken for.
    probability, low, high : float
        That what was said comes true, and the range of the scale.
    source : str
        A key of ``SOURCES``.
    note : str
    """

    words: str
    term: str
    probability: float
    low: float
    high: float
    source: str
    note: str


@cache
def table() -> dict[str, Words]:
    """Return the table, by words.

    Examples
    --------
    >>> table()["very likely"].probability, table()["very likely"].source
    (0.875, 'icd_203')
    """
    text = files(__package__).joinpath("words.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {
        row["words"]: Words(
            row["words"],
            row["term"],
            float(row["probability"]),
            float(row["low"]),
            float(row["high"]),
            row["source"],
            row["note"],
        )
        for row in rows
    }


def meaning(words: str) -> Words | None:
    """Return what some words mean; of words not in the table, the longest part that is.

    Examples
    --------
    >>> meaning("will").term, meaning("it is very likely that").term
    ('said without a hedge', 'very likely')
    >>> meaning("task is to prevent") is None
    True
    """
    known = table()
    asked = words.strip().lower()
    if asked in known:
        return known[asked]
    parts = [name for name in known if re.search(rf"\b{re.escape(name)}\b", asked)]
    return known[max(parts, key=len)] if parts else None
