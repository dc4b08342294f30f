"""A sentence as words, each with its place in it."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final

from dispersal.world.names import fold_name


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark: ``text`` at ``start`` to ``end`` of its sentence."""

    text: str
    start: int
    end: int

    @property
    def is_capital(self) -> bool:
        """Whether it is written like a name; scripts without capitals count as names."""
        first = self.text[0]
        return first.isalpha() and not first.islower()

    @property
    def is_word(self) -> bool:
        """Whether it begins with a letter."""
        return self.text[0].isalpha()

    @property
    def lower(self) -> str:
        """The word without capitals."""
        return self.text.lower()


_TOKEN: Final = re.compile(
    r"(?:[A-Z]\.){2,}"  # U.S.
    r"|\d+(?:[.,\u00a0\u202f]\d+)*"
    r"|[^\W\d_](?:\w|[’'ʼ‘](?=\w)|-(?=\w)|·(?=\w))*"
    r"|\S"
)
_POSSESSIVE: Final = re.compile(r"[’'](?:s|S)$")
_PREFIXES: Final = ("al-", "el-", "ez-", "as-", "ad-", "an-", "ar-", "ash-", "at-", "ul-", "az-")


def tokens_of(text: str) -> list[Token]:
    """Return the words and marks of a sentence.

    A possessive ``'s`` is a token of its own, and ``Saudi-led`` is three: its first part is a
    name, and the rest is not.

    Examples
    --------
    >>> [token.text for token in tokens_of("Mali's 2,000 French-backed men in Deir ez-Zor.")]
    ['Mali', "'s", '2,000', 'French', '-', 'backed', 'men', 'in', 'Deir', 'ez-Zor', '.']
    """
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        word, start = match.group(), match.start()
        tail = _POSSESSIVE.search(word)
        if tail:
            found.extend(_parted(word[: tail.start()], start))
            found.append(Token(tail.group(), start + tail.start(), match.end()))
        else:
            found.extend(_parted(word, start))
    return found


def _parted(word: str, start: int) -> list[Token]:
    left, hyphen, right = word.rpartition("-")
    parts = hyphen and right.islower() and left[:1].isupper() and len(right) >= 3
    if parts and left.casefold() not in {"al", "el", "anti", "mai"}:
        # “Lashkar-e-Taiba” ends with a capital; “Al-Qaeda-linked” parts before “linked”.
        at = start + len(left)
        return [
            *_parted(left, start),
            Token("-", at, at + 1),
            Token(right, at + 1, start + len(word)),
        ]
    return [Token(word, start, start + len(word))]


@functools.lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Return a name as it is looked up: without case, accents and punctuation.

    Examples
    --------
    >>> fold("Côte d’Ivoire"), fold("the Kivus")
    ('cote d ivoire', 'kivus')
    """
    return fold_name(text)
