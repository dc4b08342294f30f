"""Classes of sources: who published a figure, told from a few words, and how it was put."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispersal.case.schema import Source

#: Words in ``author_or_publisher`` that tell a class, in order of precedence. Everything else is
#: the press, nearly always quoting an office, or the office itself: names do not tell them apart.
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "research": (
        "ICSR", "Soufan", "ICCT", "Institute", "Institut", "Quilliam", "IHS", "Jamestown", "KCSS",
        "New America", "Center", "Centre", "Foundation", "University", "Pacific Forum", "AIIS",
        "War on the Rocks", "USIP", "RAND", "Egmont", "RUSI", "CTC", "ICG", "Crisis Group",
    ),
    "international": (
        "UN", "UNSC", "United Nations", "EU", "European Commission", "European Parliament",
        "Europol", "Eurojust", "Interpol", "INTERPOL", "NATO", "OSCE", "Global Coalition", "CJTF",
        "African Union", "ICRC", "IOM", "World Bank",
    ),
}  # fmt: skip

PRESS_OR_OFFICE: Final = "press_or_office"
UNOFFICIAL: Final = "unofficial"


def publisher_class(source: Source) -> str:
    """Return ``research``, ``international`` or ``press_or_office``.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> ledger = load_case("isis_2017").ledger
    >>> [publisher_class(ledger.source(key)) for key in ("soufan_2015", "srf_che_2016")]
    ['research', 'press_or_office']
    """
    for name, words in WORDS.items():
        if any(re.search(rf"\b{re.escape(word)}\b", source.author_or_publisher) for word in words):
            return name
    return PRESS_OR_OFFICE


def source_class(source: Source, tags: frozenset[str]) -> str:
    """Return the class of a row's source: ``unofficial`` if so tagged, else the publisher's."""
    return UNOFFICIAL if "unofficial" in tags else publisher_class(source)


def form_of(qualifier: str, side: int) -> str:
    """Return how a row was put: ``exact`` (point or about), ``range`` or ``bound``.

    Parameters
    ----------
    qualifier : str
    side : int
        As in ``Observations``: rows of a part of the people are bounds whatever their wording.

    Examples
    --------
    >>> form_of("about", 0), form_of("range", 0), form_of("point", 1)
    ('exact', 'range', 'bound')
    """
    if side:
        return "bound"
    return "range" if qualifier == "range" else "exact"
