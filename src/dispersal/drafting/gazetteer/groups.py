"""Words that make a name the name of an organisation."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from dispersal.drafting.gazetteer.tables import read_lines, read_rows


@dataclass(frozen=True)
class OrganisationWords:
    """Words of each kind of organisation, and names that no word gives away.

    Examples
    --------
    >>> organisation_words().kind_of("Ministry")
    'office'
    """

    kinds: dict[str, str]
    names: dict[str, str]

    def kind_of(self, word: str) -> str:
        """Return ``armed``, ``institute``, ``office``, ``press``, or nothing."""
        return self.kinds.get(word, "")


@functools.cache
def organisation_words() -> OrganisationWords:
    """Return the words of the tables; a word of several kinds has the first."""
    kinds: dict[str, str] = {}
    for row in read_rows("organisation_words.csv"):
        for word in row["words"].split(";"):
            kinds.setdefault(word, row["kind"])
    names: dict[str, str] = {}
    for line in read_lines("group_names.txt"):
        first, *_ = line.split(";")
        names |= dict.fromkeys(line.split(";"), first)
    return OrganisationWords(kinds, names)
