"""A text cut into sentences and paragraphs, each with its place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from dispersal.drafting.words import words


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: ``text[start:end]`` of its article, and the paragraph it is in, from 0."""

    start: int
    end: int
    text: str
    paragraph: int


#: Words that end with a full stop in the middle of a sentence.
ABBREVIATIONS: Final = words("abbreviations")

_BREAK: Final = re.compile(r"\n[ \t]*\n\s*|\n(?=[ \t]*(?:[-*•–#]|\d{1,2}[.)])\s)")
_END: Final = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s+|$)")
_NEXT: Final = re.compile(r"\s+[\"'“‘«(\[]*(?:[^\W_]|[—–-])")
_WORD_BEFORE: Final = re.compile(r"([^\W\d_](?:[\w.]*\w)?)$")


def sentences_of(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a text in order.

    Paragraphs end at an empty line or before a bullet; a short line without a full stop
    (a heading) is a sentence of its own.

    Examples
    --------
    >>> [s.text for s in sentences_of("Dr. Roe left. “Where to?” Home.")]
    ['Dr. Roe left.', '“Where to?”', 'Home.']
    """
    found: list[Sentence] = []
    for paragraph, (start, end) in enumerate(_paragraphs(text)):
        for first, last in _cut(text, start, end):
            while first < last and text[first].isspace():
                first += 1
            while last > first and text[last - 1].isspace():
                last -= 1
            if first < last:
                found.append(Sentence(first, last, text[first:last], paragraph))
    return tuple(found)


def _paragraphs(text: str) -> list[tuple[int, int]]:
    cuts, start = [], 0
    breaks = [(match.start(), match.end()) for match in _BREAK.finditer(text)]
    breaks += [(at, at + 1) for at in _headings(text)]
    for end, following in sorted(set(breaks)):
        if end >= start:
            cuts.append((start, end))
            start = following
    cuts.append((start, len(text)))
    return [(first, last) for first, last in cuts if text[first:last].strip()]


def _headings(text: str) -> list[int]:
    """Return the line ends after short lines that are no part of a wrapped paragraph."""
    ends, at = [], 0
    lines = text.split("\n")
    longest = max(map(len, lines))
    for number, line in enumerate(lines[:-1]):
        at += len(line)
        bare, following = line.strip(), lines[number + 1].strip()
        short = len(bare) < 0.6 * longest and len(bare) < 70
        if bare and following[:1].isupper() and short and bare[-1] not in ",;":
            ends.append(at)
        at += 1
    return ends


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    cuts, begin = [], start
    for match in _END.finditer(text, start, end):
        stop = match.end()
        if stop >= end or _ends_here(text, match, begin, end):
            cuts.append((begin, stop))
            begin = stop
    if begin < end:
        cuts.append((begin, end))
    return cuts


def _ends_here(text: str, match: re.Match[str], begin: int, end: int) -> bool:
    following = _NEXT.match(text, match.end(), end)
    if following is None:
        return match.group()[0] != "."
    first = following.group()[-1]
    if first.islower():
        # “Home?” he asked.
        return False
    if not match.group().startswith("."):
        return True
    before = _WORD_BEFORE.search(text[begin : match.start()])
    if before is None:
        # “2. Going home” is a heading with its number.
        return not re.fullmatch(r"\W*(?:\d{1,3}|[IVX]+)", text[begin : match.start()])
    word = before.group(1)
    if word.casefold() in ABBREVIATIONS:
        # “in the U.S. The army” ends; “U.S. officials” does not.
        return word.casefold() in {"u.s", "u.k", "u.n", "p.m", "a.m", "etc"} and bool(
            re.match(
                r"\s+(?:The|This|These|In|It|He|She|They|But|And|A|An|Some|Most)\b",
                text[match.end() : end],
            )
        )
    # An initial: “J. Roe”.
    return not (len(word) == 1 and word.isupper() and word != "I")
