"""Names in no table of countries and regions: the words beside them decide, all together."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dispersal.drafting.gazetteer import towns_named
from dispersal.drafting.known_places import place_mention
from dispersal.drafting.locating import votes_for_place, with_feature
from dispersal.drafting.mentions import Mention
from dispersal.drafting.names import OTHER_CAPITALS, TITLES, Run, opens
from dispersal.drafting.tokens import fold

if TYPE_CHECKING:
    from dispersal.drafting.sentences import Sentence
    from dispersal.drafting.tokens import Token

#: Votes that make a place of a name that is in no table, and of a town.
_ENOUGH: Final = 2.0
#: Towns among the largest are believed without a word beside them.
_LARGE: Final = 12_000


def free_pieces(
    run: Run,
    tokens: tuple[Token, ...],
    sentence: Sentence,
    used: set[int],
    spans: list[tuple[int, int]],
) -> list[Run]:
    """Return the parts of a run that are neither known places nor organisations nor titles."""
    pieces: list[Run] = []
    begin: int | None = None
    for at in range(run.first, run.last + 1):
        free = (
            at < run.last
            and at not in used
            and not any(start <= tokens[at].start < end for start, end in spans)
        )
        if free and begin is None:
            # Titles and particles do not begin a name.
            free = tokens[at].is_capital or tokens[at].text.startswith(("al-", "el-"))
            free = free and tokens[at].lower not in TITLES
        if free and begin is None:
            begin = at
        elif not free and begin is not None:
            text = sentence.text[tokens[begin].start : tokens[at - 1].end]
            pieces.append(Run(run.sentence, begin, at, text))
            begin = None
    return pieces


def by_votes(
    runs: list[tuple[Run, Sentence, tuple[Token, ...]]],
    persons: frozenset[str],
    sure: list[Mention],
) -> list[Mention]:
    """Decide names that are in no table of countries and regions, all mentions together."""
    votes: dict[str, float] = defaultdict(float)
    held: dict[str, list[tuple[Run, Sentence, tuple[Token, ...]]]] = defaultdict(list)
    for run, sentence, tokens in runs:
        words = run.text.split()
        if run.text in persons or _ends_like_a_person(words, persons):
            continue
        if all(fold(word) in OTHER_CAPITALS for word in words):
            continue
        key = fold(run.text)
        opener = run.last - run.first == 1 and opens(tokens, run.first)
        if not opener or towns_named(run.text):
            votes[key] += votes_for_place(tokens, run.first, run.last)
        held[key].append((run, sentence, tokens))
    for key, members in held.items():
        towns = towns_named(members[0][0].text)
        if towns:
            votes[key] += 2.0 if min(town.rank for town in towns) < _LARGE else 1.0
    places = {(one.sentence, one.start, one.end) for one in sure if one.kind != "people"}
    for _ in range(3):  # along a list: each name speaks for its neighbour
        for key, members in held.items():
            if votes[key] >= _ENOUGH:
                continue
            for run, sentence, tokens in members:
                if opens(tokens, run.first) and not towns_named(run.text):
                    continue
                if _stands_in_list(run, sentence, tokens, places):
                    votes[key] += 2.0
                    break
        for key, members in held.items():
            if votes[key] >= _ENOUGH:
                places |= {
                    (run.sentence, tokens[run.first].start, tokens[run.last - 1].end)
                    for run, _, tokens in members
                }
    found: list[Mention] = []
    for key, members in held.items():
        if votes[key] >= _ENOUGH:
            found.extend(_voted(votes[key], members))
    return found


def _voted(score: float, members: list[tuple[Run, Sentence, tuple[Token, ...]]]) -> list[Mention]:
    found = []
    for run, sentence, tokens in members:
        first, last = with_feature(tokens, run.first, run.last)
        start, end = tokens[first].start, tokens[last - 1].end
        words = sentence.text[start:end]
        towns = towns_named(run.text)
        if towns:
            town = place_mention(run.sentence, start, end, words, towns[0])
            several = tuple(dict.fromkeys(code for one in towns for code in one.countries))
            found.append(replace(town, countries=several))
        else:
            confidence = min(0.85, 0.5 + 0.1 * score)
            reason = "a name in no table, used like a place"
            found.append(
                Mention(run.sentence, start, end, words, words, "unknown", reason, confidence)
            )
    return found


_BETWEEN: Final = re.compile(
    r"(?i)^(?:, |,? (?:and|or)(?: perhaps| also| even)?,? )"
    r"(?:(?:in|to|at|into|from|near|around|of) )?(?:the )?$"
)


def _stands_in_list(
    run: Run,
    sentence: Sentence,
    tokens: tuple[Token, ...],
    places: set[tuple[int, int, int]],
) -> bool:
    """Return whether a place stands before or behind a name in a list: ``Rolpa, Rukum``."""
    start, end = tokens[run.first].start, tokens[run.last - 1].end
    for number, first, last in places:
        if number != run.sentence:
            continue
        between = sentence.text[last:start] if last <= start else sentence.text[end:first]
        if 0 < len(between) < 20 and _BETWEEN.match(between):
            return True
    return False


def _ends_like_a_person(words: list[str], persons: frozenset[str]) -> bool:
    return len(words) > 1 and words[-1] in persons
