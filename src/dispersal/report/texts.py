"""The texts that every report carries: glossary, limits, and the line the project keeps.

They are those of docs/glossary.md and docs/limits.md, from ``texts.csv``, which is made from them.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def _texts() -> tuple[dict[str, str], ...]:
    text = files("dispersal.report").joinpath("texts.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def glossary() -> list[dict[str, str]]:
    """Return the terms of the glossary, in its order.

    Examples
    --------
    >>> glossary()[0]["term"]
    'Member'
    """
    return [
        {"term": row["term"], "text": row["text"]} for row in _texts() if row["kind"] == "glossary"
    ]


def limits(case: str) -> list[str]:
    """Return what a forecast cannot tell; some of it holds for one built-in case only.

    Parameters
    ----------
    case : str
        Name of the case.

    Examples
    --------
    >>> len(limits("isis_2017")) > len(limits("another")) > 10
    True
    """
    return [row["text"] for row in _texts() if row["kind"] == "limit" and row["case"] in ("", case)]


def the_line() -> list[str]:
    """Return what the project does not do, and for whom it is made.

    Examples
    --------
    >>> the_line()[1].split(".")[0]
    'No person-level data'
    """
    return [row["text"] for row in _texts() if row["kind"] == "line"]
