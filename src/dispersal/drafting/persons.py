"""Names of persons: found only so that nothing is proposed about them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from dispersal.drafting.gazetteer import longest_match, organisation_words, towns_named
from dispersal.drafting.names import OTHER_CAPITALS, TITLES, Run, runs_of, tokens_in
from dispersal.drafting.words import words

if TYPE_CHECKING:
    from dispersal.drafting.article import Article
    from dispersal.drafting.tokens import Token

_SPEECH: Final = "|".join(sorted(words("speech")))
_ROLE_AFTER: Final = re.compile(
    r"^, (?:an? |the |who |its |their |our |head of|director|professor|senior|chief|former|author|"
    r"deputy|founder|\d\d\b)"
)


def persons_in(article: Article) -> frozenset[str]:
    """Return every name of a person, and its last part, as they are written.

    A name is one if a title stands before it, or if it has two or three parts, is known neither
    as a place nor by a word of an organisation, and speaks or is introduced with a role.

    Examples
    --------
    >>> from dispersal.drafting import read_article
    >>> text = "Ana Roe, a historian, said so. Colonel Kato left Gulu."
    >>> sorted(persons_in(read_article(text)))
    ['Ana Roe', 'Kato', 'Roe']
    """
    found: set[str] = set()
    for number, (sentence, tokens) in enumerate(
        zip(article.sentences, tokens_in(article), strict=True)
    ):
        for run in runs_of(number, sentence, tokens):
            name = _person(run, sentence.text, tokens)
            if name:
                parts = name.split()
                found.add(name)
                if len(parts) > 1 and len(parts[-1]) > 1:
                    found.add(parts[-1])
    return frozenset(found)


def _person(run: Run, text: str, tokens: tuple[Token, ...]) -> str:
    inside = list(tokens[run.first : run.last])
    titled = False
    while inside and inside[0].lower.rstrip(".") in TITLES:
        titled = True
        inside.pop(0)
        if inside and inside[0].text == ".":
            inside.pop(0)
    if not inside:
        return ""
    name = text[inside[0].start : inside[-1].end]
    before = tokens[run.first - 1] if run.first else None
    if before is not None and before.text == "." and run.first > 1:
        before = tokens[run.first - 2]
    if before is not None and before.lower in TITLES and before.is_word:
        titled = True
    if _is_other(inside, name):
        return ""
    if titled and len(inside) <= 4:
        known = longest_match([token.text for token in inside], 0)
        return "" if known and known[0].kind != "people" and len(inside) == known[1] else name
    after = text[inside[-1].end :]
    speaks = _speaks(after, text[: inside[0].start])
    if not 2 <= len(inside) <= 4:
        return ""
    if any(longest_match([token.text for token in inside], at) for at in range(len(inside))):
        return ""
    if speaks or (_ROLE_AFTER.match(after) and not towns_named(name) and not _located(before)):
        return name
    return ""


def _located(before: Token | None) -> bool:
    return before is not None and before.lower in {"in", "near", "to", "from", "around", "at"}


def _speaks(after: str, before: str) -> bool:
    return bool(
        re.match(rf"^,? (?:\w+ly )?(?:{_SPEECH})\b", after)
        or re.search(rf"\b(?:{_SPEECH}) $", before)
    )


def _is_other(inside: list[Token], name: str) -> bool:
    known = organisation_words()
    return (
        name in known.names
        or any(known.kind_of(token.text) for token in inside)
        or all(token.lower in OTHER_CAPITALS for token in inside)
        or any(token.text.isupper() and len(token.text) > 2 for token in inside)
    )
