"""Places that an article names: countries, peoples, regions, towns, and unknown names."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from dispersal.drafting.ambiguity import asked, under_one_name
from dispersal.drafting.gazetteer import longest_match
from dispersal.drafting.known_places import place_mention
from dispersal.drafting.locating import wider_name, with_feature
from dispersal.drafting.names import Run, runs_of, tokens_in
from dispersal.drafting.voting import by_votes, free_pieces
from dispersal.world import countries

if TYPE_CHECKING:
    from dispersal.drafting.article import Article
    from dispersal.drafting.gazetteer import Entry
    from dispersal.drafting.mentions import Mention
    from dispersal.drafting.sentences import Sentence
    from dispersal.drafting.tokens import Token


_BEFORE_TOWN: Final = frozenset(
    {"Villa", "San", "Santa", "Nueva", "Nuevo", "Porto", "Puerto", "Port", "Fort", "Ciudad",
     "Little", "Hotel", "Radio", "Rue", "Via", "Avenida"}
)  # fmt: skip
_TOWN_WORDS: Final = frozenset({"Town", "City", "Street", "Road", "Square", "Bridge", "Avenue"})


def places_in(
    article: Article, persons: frozenset[str], organisations: list[Mention]
) -> list[Mention]:
    """Return every place that is named, in the order of the text, one mention each.

    Parameters
    ----------
    article : Article
        What to read.
    persons : frozenset of str
        Names that are no places.
    organisations : list of Mention
        Names of organisations: a place inside such a name is not a mention of the place, unless
        it opens the name (``Ugandan Army``).

    Examples
    --------
    >>> from dispersal.drafting import read_article
    >>> article = read_article("Two Tunisians hid near Vavuniya in Sri Lanka.")
    >>> [(one.words, one.key) for one in places_in(article, frozenset(), [])]
    [('Tunisians', 'TUN'), ('Vavuniya', 'Vavuniya'), ('Sri Lanka', 'LKA')]
    """
    taken = defaultdict(list)
    for one in organisations:
        taken[one.sentence].append((one.start, one.end))
    sure: list[Mention] = []
    open_runs: list[tuple[Run, Sentence, tuple[Token, ...]]] = []
    for number, (sentence, tokens) in enumerate(
        zip(article.sentences, tokens_in(article), strict=True)
    ):
        known, used = _known_in(number, sentence, tokens, taken[number], persons)
        sure.extend(known)
        for run in runs_of(number, sentence, tokens):
            pieces = free_pieces(run, tokens, sentence, used, taken[number])
            open_runs.extend((piece, sentence, tokens) for piece in pieces)
    found = [*sure, *by_votes(open_runs, persons, sure)]
    found.sort(key=lambda one: (one.sentence, one.start))
    return asked(under_one_name(found), article)


def _known_in(
    number: int,
    sentence: Sentence,
    tokens: tuple[Token, ...],
    spans: list[tuple[int, int]],
    persons: frozenset[str],
) -> tuple[list[Mention], set[int]]:
    found: list[Mention] = []
    used: set[int] = set()
    words = [token.text for token in tokens]
    at = 0
    while at < len(tokens):
        match = longest_match(words, at) if tokens[at].is_word else None
        if match is None:
            at += 1
            continue
        entry, length = match
        first, last = at, at + length
        inside = next((span for span in spans if span[0] <= tokens[first].start < span[1]), None)
        opens_name = inside is not None and tokens[first].start == inside[0]
        whole_name = inside is not None and tokens[last - 1].end >= inside[1]
        if (
            (inside is not None and not _shows_country(tokens, first, entry, opens_name))
            or (opens_name and whole_name)
            or (
                entry.code == "WST"
                and tokens[first].text == "West"
                and not _is_the_west(tokens, at)
            )
            or _is_language(tokens, first, last, entry)
            or _is_of_a_person(tokens, first, last, persons, sentence)
            or _is_second_people(found, entry, tokens, first, number)
        ):
            at = last
            continue
        if entry.kind == "country" and last < len(tokens) and tokens[last].text in _TOWN_WORDS:
            at = last
            continue  # Congo Town, Kuwait City
        wider = wider_name(tokens, first, last, by_side=False) if entry.kind == "country" else None
        of_a_town = first and tokens[first - 1].text in _BEFORE_TOWN and entry.kind == "country"
        if wider is not None or of_a_town:
            at = last
            continue  # Villa El Salvador is a town
        if entry.kind == "region":
            first, last = wider_name(tokens, first, last) or with_feature(tokens, first, last)
        start, end = tokens[first].start, tokens[last - 1].end
        used.update(range(first, last))
        found.append(place_mention(number, start, end, sentence.text[start:end], entry))
        at = max(at + 1, last)
    return found, used


def _is_the_west(tokens: tuple[Token, ...], at: int) -> bool:
    """Return whether ``West`` is the West, not a side: ``the West treats it as …``."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    alone = following is None or not (following.is_capital or following.text in {"of", "and"})
    return bool(at) and tokens[at - 1].lower == "the" and alone


def _shows_country(tokens: tuple[Token, ...], first: int, entry: Entry, opens_name: bool) -> bool:
    """Return whether a name of an organisation names a country, too.

    ``Ugandan Army`` and ``Mission in Somalia`` do; a region or town in a name says only what the
    organisation is called.
    """
    if entry.code not in countries():
        return False
    if opens_name and entry.kind in {"people", "country"}:
        return True
    before = [token.lower for token in tokens[max(0, first - 2) : first]]
    return entry.kind == "country" and bool(
        before[-1:] in (["of"], ["in"], ["and"]) or before in (["of", "the"], ["in", "the"])
    )


def _is_language(tokens: tuple[Token, ...], first: int, last: int, entry: Entry) -> bool:
    """Return whether a people's name is a language: ``spoke French``, ``English-speaking``."""
    if entry.kind != "people":
        return False
    before = tokens[first - 1].lower if first else ""
    after = [token.lower for token in tokens[last : last + 2]]
    if after[:1] in (["language"], ["speakers"], ["dialect"], ["lessons"]) or (
        after[:1] == ["-"] and after[1:] in (["speaking"], ["language"], ["speaker"], ["speakers"])
    ):
        return True
    return before in {"speak", "speaks", "spoke", "speaking", "fluent"} or (
        before == "in"
        and tokens[first].text in {"English", "French", "Spanish", "Portuguese"}
        and (not after or not after[0].isalpha() or after[0] in {"and", "or", "that", "to"})
    )


def _is_of_a_person(
    tokens: tuple[Token, ...], first: int, last: int, persons: frozenset[str], sentence: Sentence
) -> bool:
    """Return whether a name of a place is a part of a person's: ``Michael Jordan``."""
    if sentence.text[tokens[first].start : tokens[last - 1].end] in persons:
        return True
    for begin in range(max(0, first - 3), first + 1):
        for end in range(last, min(len(tokens), last + 3) + 1):
            if end - begin > last - first:
                text = sentence.text[tokens[begin].start : tokens[end - 1].end]
                if " " in text and text in persons:
                    return True
    return False


def _is_second_people(
    found: list[Mention], entry: Entry, tokens: tuple[Token, ...], first: int, number: int
) -> bool:
    """Return whether a people stands after another: ``Bosnian Serbs`` are of Bosnia."""
    if not found or entry.code not in {"SRB", "HRV", "ALB", "TUR", "RUS"}:
        return False
    before = found[-1]
    return (
        before.sentence == number
        and before.end + 1 == tokens[first].start
        and before.kind in {"people", "country"}
    )
