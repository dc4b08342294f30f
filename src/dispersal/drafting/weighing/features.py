"""What stands around a mention of a place, as numbers that the weights are multiplied with."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from dispersal.drafting.denials import is_denied
from dispersal.drafting.weighing.candidates import codes_of, following
from dispersal.drafting.weighing.stems import TELLING, spoken_near, spoken_of, stems_of
from dispersal.drafting.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispersal.drafting.mentions import Mention
    from dispersal.drafting.weighing.candidates import Candidate, Surroundings

#: How much a word counts by where it stands: those in the clause of the place more than others.
SCALES: Final = {
    "clause before": 0.7,
    "clause behind": 0.6,
    "sentence": 0.4,
    "sentence before": 0.3,
    "sentence behind": 0.2,
    "opening": 0.3,
    "heading": 0.5,
}
_MANY: Final = 3


def features_of(one: Candidate, around: Surroundings) -> dict[str, float]:
    """Return the features of a candidate by name; those that are not there are 0.

    Parameters
    ----------
    one : Candidate
        A mention of a place.
    around : Surroundings
        Its article.
    """
    found = {"always": 1.0}
    found.update(_of_place(one, around))
    found.update(_of_words(one, around))
    found.update(_of_subjects(one, around))
    return found


def _of_place(one: Candidate, around: Surroundings) -> dict[str, float]:
    """Return what is known of the place and of where in the article it stands."""
    place, sentence = one.mention, around.article.sentences[one.sentence]
    last = around.article.sentences[-1].paragraph
    relation = _relation(place, around)
    here = around.by_sentence.get(one.sentence, [])
    asylum = gives_asylum(place)
    names = [
        f"kind: {place.kind}",
        f"relation: {relation}",
        f"kind and relation: {place.kind} {relation}",
        f"part of the article: {min(4, 5 * sentence.paragraph // (last + 1))}",
        f"times named: {min(3, around.times[place.key])}",
        f"named together: {min(4, len(one.group.places))}",
        f"places in the sentence: {min(4, len(here))}",
    ]
    told = {
        f"manner: {one.manner}": bool(one.manner),
        "country of asylum": asylum,
        f"country of asylum: {place.kind}": asylum,
        "relative clause": one.group.is_relative,
        "question": sentence.text.rstrip('”"’ ').endswith("?"),
        "begins the sentence": one.start < _MANY,
        "short sentence": len(sentence.text) < 60,
        "first sentence": one.sentence == 0,
        "first sentences": one.sentence < _MANY,
        "last paragraph": sentence.paragraph == last,
        "quoted": sentence.text[:1] in {"“", '"', "'"},
        "denied": is_denied(sentence.text, one.group, following(one, around)),
        "year": bool(re.search(r"\b(?:19|20)\d\d\b", sentence.text)),
    }
    return dict.fromkeys(names + [name for name, holds in told.items() if holds], 1.0)


def _relation(place: Mention, around: Surroundings) -> str:
    codes = codes_of(place)
    if not codes:
        return "unknown"
    if around.theatre in codes:
        return "theatre" if place.kind in {"country", "people", "area"} else "inside"
    return "near" if around.near.intersection(codes) else "far"


def gives_asylum(place: Mention) -> bool:
    """Return whether a place lies in a country that has no war to join."""
    codes = codes_of(place) if place.kind != "people" else ()
    return bool(codes) and all(code in words("countries of asylum") for code in codes)


def _of_words(one: Candidate, around: Surroundings) -> dict[str, float]:
    """Return the words of the clause, of the sentence and of those around it."""
    text = around.article.sentences[one.sentence].text
    spans = [(place.start, place.end) for place in around.by_sentence.get(one.sentence, [])]
    begin = max(0, one.start - len(one.group.before))
    before = stems_of(text[begin : one.start], _moved(spans, begin))
    behind = stems_of(one.group.after)
    front = ["^", *stems_of(text[: one.start], spans)]
    rest = [*stems_of(text[one.end :], _moved(spans, one.end)), "$"]
    found: dict[str, float] = {}
    parts = {
        "clause before": before,
        "clause behind": behind,
        "sentence": stems_of(text, spans),
        "sentence before": stems_of(_neighbour(one, around, -1)),
        "sentence behind": stems_of(_neighbour(one, around, 1)),
        "opening": stems_of(_opening(one, around)),
        "heading": stems_of(around.headings[one.sentence]),
    }
    for part, stems in parts.items():
        found.update(dict.fromkeys((f"{part}: {word}" for word in stems), SCALES[part]))
    found.update(_pairs("clause before", before))
    found.update(_pairs("clause behind", behind))
    for far, word in enumerate(reversed(front[-3:]), 1):
        found[f"word {far} before: {word}"] = 1.0
    found[f"word behind: {rest[0]}"] = 1.0
    return found


def _pairs(part: str, stems: Iterable[str]) -> dict[str, float]:
    return dict.fromkeys(
        (f"{part}: {first} {second}" for first, second in itertools.pairwise(stems)), SCALES[part]
    )


def _moved(spans: Iterable[tuple[int, int]], by: int) -> list[tuple[int, int]]:
    return [(start - by, end - by) for start, end in spans if start >= by]


def _neighbour(one: Candidate, around: Surroundings, step: int) -> str:
    """Return the sentence before or behind, if it is in the same paragraph."""
    sentences, at = around.article.sentences, one.sentence + step
    if not 0 <= at < len(sentences):
        return ""
    same = sentences[at].paragraph == sentences[one.sentence].paragraph
    return sentences[at].text if same else ""


def _opening(one: Candidate, around: Surroundings) -> str:
    first = around.openings[one.sentence]
    return around.article.sentences[first].text if first != one.sentence else ""


def _of_subjects(one: Candidate, around: Surroundings) -> dict[str, float]:
    """Return what the clause, the sentence and the paragraph speak of."""
    sentences, number = around.article.sentences, one.sentence
    first, paragraph = around.openings[number], sentences[number].paragraph
    text = sentences[number].text
    earlier = " ".join(sentence.text for sentence in sentences[first:number])
    later = " ".join(
        sentence.text for sentence in sentences[number + 1 :] if sentence.paragraph == paragraph
    )
    parts = {
        "clause before": one.group.before,
        "clause behind": one.group.after,
        "sentence": text,
        "earlier in the paragraph": earlier,
        "later in the paragraph": later,
        "sentence before": _neighbour(one, around, -1),
        "opening": _opening(one, around),
        "heading": around.headings[number],
    }
    found: dict[str, float] = {}
    for part, words_of in parts.items():
        count = spoken_of(words_of)
        telling = sum(count[subject] for subject in TELLING)
        for subject, times in count.items():
            found[f"{part} speaks of {subject}"] = min(times, 3) / 2 + 0.25
            if subject in TELLING:
                found[f"{part} speaks most of {subject}"] = times / telling
    for subject, near in spoken_near(text, one.start, one.end).items():
        found[f"near: {subject}"] = min(near, 2.0)
    return found
