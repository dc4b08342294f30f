"""Organisations by their initials, and one name for all mentions of an organisation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from dispersal.drafting.gazetteer import longest_match, towns_named
from dispersal.drafting.mentions import Mention
from dispersal.drafting.tokens import fold
from dispersal.drafting.words import words

if TYPE_CHECKING:
    from dispersal.drafting.article import Article
    from dispersal.drafting.sentences import Sentence
    from dispersal.drafting.tokens import Token

_ABBREVIATION: Final = re.compile(
    r"[A-Z][A-Z&]{1,9}[a-z]?(?:-[A-Z][A-Za-z]{0,4})*|[A-Z]{1,3}\d{1,3}"
)
#: Abbreviations that are no organisation.
_NO_ORGANISATION: Final = words("no organisation")


def abbreviations_in(
    number: int, sentence: Sentence, tokens: tuple[Token, ...], taken: set[int]
) -> list[int]:
    """Return which words of a sentence are abbreviations of organisations."""
    if sentence.text.isupper():
        return []
    found = []
    for at, token in enumerate(tokens):
        plain = token.text.upper()
        if at in taken or not _ABBREVIATION.fullmatch(token.text) or plain in _NO_ORGANISATION:
            continue
        if at == 0 and number < 4 and _is_dateline(sentence.text[token.end :]):
            continue
        if len(token.text) > 4 and (towns_named(token.text) or longest_match([plain.title()], 0)):
            continue
        found.append(at)
    return found


def _is_dateline(after: str) -> bool:
    """Return whether a word in capitals opens a report: ``NAIROBI, 3 March —``."""
    return bool(re.match(r"^(?:,[^.]{0,40}| \([^)]*\))? ?(?:[—–-]|\d)", after))


def under_one_name(found: list[Mention], article: Article) -> list[Mention]:
    """Give all mentions of an organisation the name under which it is first written.

    An abbreviation in brackets after a name is the same organisation, and so is a name that
    differs in case and accents only.
    """
    keys: dict[str, str] = {}
    previous: Mention | None = None
    result = []
    for one in found:
        for letters in _initials(one.key):
            keys.setdefault(letters, one.key)
        text = article.sentences[one.sentence].text
        folded = fold(one.key)
        bracketed = (
            previous is not None
            and previous.sentence == one.sentence
            and re.fullmatch(
                r",? ?[(\[](?:or |the |known as )?[“\"]?", text[previous.end : one.start]
            )
        )
        if bracketed and previous is not None:
            keys[folded] = previous.key
            keys[folded.split(" ", 1)[0]] = previous.key
        key = keys.setdefault(folded, one.key)
        named = Mention(
            one.sentence, one.start, one.end, one.words, key, one.kind, one.reason, one.confidence
        )
        result.append(named)
        previous = named
    return result


def _initials(name: str) -> tuple[str, ...]:
    """Return the abbreviations that a name of three and more words can have."""
    parts = [word for word in re.split(r"[ -]", name.replace("'s", "")) if word]
    capitals = "".join(word[0] for word in parts if word[0].isupper())
    every = "".join(word[0] for word in parts)
    small = {"in", "the", "of", "for", "and", "de", "la"}
    main = "".join(word[0] for word in parts if word not in small)
    return tuple({fold(capitals), fold(every), fold(main)}) if len(capitals) >= 3 else ()
