"""Names that mean more than one place, and the words near them that tell which."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from dispersal.drafting.gazetteer.tables import read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A name, what it can mean, the question to ask, and words that speak for each choice."""

    name: str
    choices: tuple[str, ...]
    question: str
    hints: Mapping[str, tuple[str, ...]]

    def likeliest(self, text: str) -> tuple[str, bool]:
        """Return the likeliest choice, and whether the text speaks for it alone.

        Examples
        --------
        >>> ambiguities()["Congo"].likeliest("fighting in Congo, near Goma")
        ('COD', True)
        >>> ambiguities()["Congo"].likeliest("fighting in Congo")
        ('COD', False)
        """
        seen = {choice: self._hits(choice, text) for choice in self.choices}
        best = max(self.choices, key=lambda choice: seen[choice])
        others = sum(hits for choice, hits in seen.items() if choice != best)
        return best, seen[best] > 0 and others == 0

    def _hits(self, choice: str, text: str) -> int:
        words = self.hints.get(choice, ())
        return sum(bool(re.search(rf"\b{re.escape(word)}\b", text)) for word in words)


@functools.cache
def ambiguities() -> Mapping[str, Ambiguity]:
    """Return every ambiguous name of the table.

    Examples
    --------
    >>> ambiguities()["Niger"].choices
    ('NER', 'NGA')
    """
    found = {}
    for row in read_rows("ambiguous.csv"):
        hints = {}
        for part in filter(None, row["hints"].split(";")):
            choice, _, words = part.partition("=")
            hints[choice] = tuple(words.split("|"))
        found[row["name"]] = Ambiguity(
            row["name"], tuple(row["choices"].split(";")), row["question"], MappingProxyType(hints)
        )
    return MappingProxyType(found)
