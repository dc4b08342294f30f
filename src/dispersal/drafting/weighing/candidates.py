"""Every mention of a place that could be a destination, with the clause that it stands in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispersal.drafting.clauses import PlaceGroup, clause_around, groups_of
from dispersal.drafting.discourse import groups_meant
from dispersal.world import countries, neighbours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispersal.drafting.article import Article
    from dispersal.drafting.mentions import Mention


@dataclass(frozen=True)
class Candidate:
    """A mention of a place, or a pronoun for it.

    ``start`` and ``end`` are where the places named together with it stand in the sentence.
    ``manner`` is empty, ``inside`` for a country that says where another place lies, or
    ``pronoun``.
    """

    mention: Mention
    sentence: int
    group: PlaceGroup
    start: int
    end: int
    manner: str = ""


@dataclass(frozen=True)
class Surroundings:
    """What is known of an article as a whole.

    Parameters
    ----------
    article : Article
        The text.
    by_sentence : Mapping of int to list of Mention
        Its places.
    headings : tuple of str
        The heading above each sentence, or nothing.
    openings : tuple of int
        The first sentence of the paragraph of each sentence.
    theatre : str
        Code of the country that is named most.
    near : frozenset of str
        Codes of its neighbours.
    times : Counter of str
        How often each place is named.
    """

    article: Article
    by_sentence: dict[int, list[Mention]]
    headings: tuple[str, ...]
    openings: tuple[int, ...]
    theatre: str
    near: frozenset[str]
    times: Counter[str]


def surroundings_of(article: Article, places: Sequence[Mention]) -> Surroundings:
    """Return what is known of an article as a whole.

    Parameters
    ----------
    article : Article
        What to read.
    places : sequence of Mention
        Its places.
    """
    by_sentence: dict[int, list[Mention]] = {}
    named: Counter[str] = Counter()
    for one in places:
        by_sentence.setdefault(one.sentence, []).append(one)
        named.update(codes_of(one)[:1])
    theatre = named.most_common(1)[0][0] if named else ""
    near = neighbours(theatre) if theatre in countries() else ()
    headings, openings, first, heading = [], [], 0, ""
    sentences = article.sentences
    for number, sentence in enumerate(sentences):
        if number == 0 or sentence.paragraph != sentences[number - 1].paragraph:
            first = number
            alone = (
                number + 1 == len(sentences)
                or sentences[number + 1].paragraph != sentence.paragraph
            )
            if alone and len(sentence.text) < 80 and sentence.text[-1] not in '.;,”"':
                heading = sentence.text
        headings.append(heading)
        openings.append(first)
    return Surroundings(
        article,
        by_sentence,
        tuple(headings),
        tuple(openings),
        theatre,
        frozenset(near),
        Counter(one.key for one in places),
    )


def codes_of(place: Mention) -> tuple[str, ...]:
    """Return the countries that a place is or lies in, as far as they are known."""
    return (place.key,) if place.kind in {"country", "people", "area"} else place.countries


def candidates_in(around: Surroundings) -> list[Candidate]:
    """Return every mention that could be a destination, sentence by sentence.

    Parameters
    ----------
    around : Surroundings
        The article.
    """
    found: list[Candidate] = []
    sentences = around.article.sentences
    for number, sentence in enumerate(sentences):
        text, here = sentence.text, around.by_sentence.get(number, [])
        groups = groups_of(text, here)
        grouped = {(one.start, one.end) for group in groups for one in group.places}
        for group in groups:
            start, end = group.places[0].start, group.places[-1].end
            found += [Candidate(one, number, group, start, end) for one in group.places]
        for one in here:
            if (one.start, one.end) not in grouped:
                clause = clause_around(text, one.start, one.end)
                lone = PlaceGroup((one,), clause[0], clause[1], one.is_people, clause[2])
                found.append(Candidate(one, number, lone, one.start, one.end, "inside"))
        earlier: list[Mention] = []
        if number and sentences[number - 1].paragraph == sentence.paragraph:
            earlier = around.by_sentence.get(number - 1, [])
        for group in groups_meant(text, number, here, earlier):
            start, end = group.places[0].start, group.places[-1].end
            found += [Candidate(one, number, group, start, end, "pronoun") for one in group.places]
    return found


def following(one: Candidate, around: Surroundings) -> str:
    """Return the sentence after that of a candidate, or nothing at the end of the article."""
    sentences = around.article.sentences[one.sentence + 1 : one.sentence + 2]
    return "".join(sentence.text for sentence in sentences)
