"""Runs of capitalised words in a sentence: the material of names."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dispersal.drafting.tokens import Token, tokens_of
from dispersal.drafting.words import words

if TYPE_CHECKING:
    from dispersal.drafting.article import Article
    from dispersal.drafting.sentences import Sentence

#: Words between capitals that belong to a name.
PARTICLES: Final = words("particles")
#: Words that are written with a capital at the beginning of a sentence, and are no names.
OPENERS: Final = words("openers")
#: Titles before the name of a person.
TITLES: Final = words("titles")
#: Capitalised words that name neither a place nor an organisation nor a person.
OTHER_CAPITALS: Final = words("other capitals")


@dataclass(frozen=True, slots=True)
class Run:
    """Capitalised words that stand together: ``tokens[first:last]`` of a sentence."""

    sentence: int
    first: int
    last: int
    text: str


@functools.lru_cache(maxsize=64)
def tokens_in(article: Article) -> tuple[tuple[Token, ...], ...]:
    """Return the tokens of every sentence of an article."""
    return tuple(tuple(tokens_of(sentence.text)) for sentence in article.sentences)


def runs_of(number: int, sentence: Sentence, tokens: tuple[Token, ...]) -> list[Run]:
    """Return the runs of capitalised words of a sentence.

    A word that opens the sentence (``The``, ``Most``) is no part of a run, nor is a title.
    """
    found: list[Run] = []
    at = 0
    while at < len(tokens):
        if not starts_name(tokens, at):
            at += 1
            continue
        last = at + 1
        while last < len(tokens):
            if tokens[last].is_capital or _is_dotted_initial(tokens, last):
                last += 1
            elif (
                tokens[last].text in {"'", "’"}
                and tokens[last - 1].text.endswith("s")
                and last + 1 < len(tokens)
                and tokens[last + 1].is_capital
            ):
                last += 2  # Workers' Party
            elif (
                tokens[last].text in PARTICLES
                and last + 1 < len(tokens)
                and tokens[last + 1].is_capital
            ):
                last += 2
            else:
                break
        text = sentence.text[tokens[at].start : tokens[last - 1].end]
        found.append(Run(number, at, last, text))
        at = last
    return found


def starts_name(tokens: tuple[Token, ...], at: int) -> bool:
    """Return whether a name can begin at a token."""
    token = tokens[at]
    if not token.is_capital:
        return bool(
            re.match(r"(?:al|el|an|as|ash|ad|ar)-[A-Z]", token.text)
            or (token.text in {"al", "el"} and at + 1 < len(tokens) and tokens[at + 1].is_capital)
        )
    return not (opens(tokens, at) and token.lower in OPENERS)


def opens(tokens: tuple[Token, ...], at: int) -> bool:
    """Return whether a token is the first word of a sentence or of a quotation in it."""
    before = [token for token in tokens[:at] if token.is_word or token.text[0].isdigit()]
    if not before:
        return True
    previous = tokens[at - 1].text
    return previous in '“"‘«:—–•' or (previous in "'" and at > 1)


def _is_dotted_initial(tokens: tuple[Token, ...], at: int) -> bool:
    """Return whether a token is the full stop of an initial: ``J. Roe``."""
    return (
        tokens[at].text == "."
        and len(tokens[at - 1].text) == 1
        and at + 1 < len(tokens)
        and tokens[at + 1].is_capital
    )
