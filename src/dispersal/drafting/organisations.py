"""Organisations that an article names: by words of their names, abbreviations, and what they do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from dispersal.drafting.abbreviations import abbreviations_in, under_one_name
from dispersal.drafting.gazetteer import longest_match, organisation_words, towns_named
from dispersal.drafting.mentions import Mention
from dispersal.drafting.names import OPENERS, OTHER_CAPITALS, opens, runs_of, tokens_in
from dispersal.drafting.words import compiled, words

if TYPE_CHECKING:
    from dispersal.drafting.article import Article
    from dispersal.drafting.names import Run
    from dispersal.drafting.sentences import Sentence
    from dispersal.drafting.tokens import Token

_ARMED_AFTER: Final = compiled(
    "armed after", r"^(?:['’]s)? (?:(?!former|some|many|most|several|other)\w+ )?(?:"
)
_ARMED_BEFORE: Final = compiled("armed before", "(?:", r") (?:the |a |an )?$")
_JOINING: Final = frozenset({"of", "for", "against"})
#: Offices that are called after where they were sent.
_ABOUT: Final = frozenset({"Commission", "Committee", "Panel", "Council", "Office", "Group"})
_SENT: Final = frozenset({"Mission", "Operation", "Observer"})
#: What a name is said to be, before or after it.
_KIND: Final = (
    r"(?:newspaper|daily|weekly|magazine|broadcaster|news agency|agency|think-?tank|charity|NGO|"
    r"institute|group|militia|party|organi[sz]ation|company|firm|movement|network|outfit|website|"
    r"radio station|station|faction|paper|insurgency|alliance|coalition)"
)
_KIND_BEFORE: Final = re.compile(rf"\b{_KIND} (?:called |named |known as )?[“\"]?$")
_KIND_AFTER: Final = re.compile(
    rf"^[”\"]?(?:, (?:an? |the |its |their )(?:[\w’'-]+ ){{0,4}}{_KIND}\b|"
    r" (?:newspaper|daily|weekly|magazine|centre|center|news agency|agency|charity|"
    r"foundation|institute|party)\b)"
)


def organisations_in(article: Article, persons: frozenset[str]) -> list[Mention]:
    """Return every organisation that is named, in the order of the text.

    Parameters
    ----------
    article : Article
        What to read.
    persons : frozenset of str
        Names of persons, which are no organisations.

    Examples
    --------
    >>> from dispersal.drafting import read_article
    >>> article = read_article("The Popular Front of Oro (PFO) left. PFO men, said Reuters.")
    >>> [(one.words, one.key) for one in organisations_in(article, frozenset())]
    [('Popular Front of Oro', 'Popular Front of Oro'), ('PFO', 'Popular Front of Oro'), \
('PFO', 'Popular Front of Oro'), ('Reuters', 'Reuters')]
    """
    found: list[Mention] = []
    for number, (sentence, tokens) in enumerate(
        zip(article.sentences, tokens_in(article), strict=True)
    ):
        taken: set[int] = set()
        for run in runs_of(number, sentence, tokens):
            found.extend(_of_run(run, sentence, tokens, persons, taken))
        found.extend(
            _mention(
                sentence, tokens, number, at, at + 1, taken, "office", 0.8, rule="abbreviation"
            )
            for at in abbreviations_in(number, sentence, tokens, taken)
        )
    return under_one_name(sorted(found, key=lambda one: (one.sentence, one.start)), article)


def _of_run(
    run: Run,
    sentence: Sentence,
    tokens: tuple[Token, ...],
    persons: frozenset[str],
    taken: set[int],
) -> list[Mention]:
    if any(at in taken for at in range(run.first, run.last)):
        return []
    kinds = organisation_words()
    known = _known_name(run, tokens)
    if known:
        first, last, key = known
        if tokens[last - 1].text.endswith(("State", "Qaeda", "Qaida")):
            last = _with_branch(tokens, last)
        if last > known[1]:
            key = sentence.text[tokens[first].start : tokens[last - 1].end]
        return [_mention(sentence, tokens, run.sentence, first, last, taken, "name", 0.95, key)]
    at = [n for n in range(run.first, run.last) if kinds.kind_of(tokens[n].text)]
    if at and run.text not in persons:
        first, last = _extent(run, at, tokens)
        kind = kinds.kind_of(tokens[at[-1] if at[-1] < last else at[0]].text)
        if last - first > 1 or (kind == "press" and tokens[first].text in _ALONE):
            return [_mention(sentence, tokens, run.sentence, first, last, taken, kind, 0.9)]
        if tokens[first].text in _ALONE:
            return [_mention(sentence, tokens, run.sentence, first, last, taken, kind, 0.8)]
        return []
    return _by_deeds(run, sentence, tokens, persons, taken)


#: Words that name an organisation by themselves.
_ALONE: Final = words("alone")


def _known_name(run: Run, tokens: tuple[Token, ...]) -> tuple[int, int, str] | None:
    names = organisation_words().names
    for first in range(run.first, run.last):
        for last in range(min(run.last, first + 4), first, -1):
            text = " ".join(token.text for token in tokens[first:last])
            if text in names:
                return first, last, names[text]
    return None


def _with_branch(tokens: tuple[Token, ...], last: int) -> int:
    """Return the end of ``X in (the) Place``: the branch of a group is an organisation, too."""
    at = last
    if at < len(tokens) and tokens[at].text == "in":
        at += 1
        if at < len(tokens) and tokens[at].text == "the":
            at += 1
        begin = at
        while at < len(tokens) and tokens[at].is_capital:
            at += 1
        if at > begin:
            return at
    return last


def _extent(run: Run, at: list[int], tokens: tuple[Token, ...]) -> tuple[int, int]:
    """Return where the name begins and ends: ``Movement for the Liberation of Oro``."""
    first, last = run.first, run.last
    while first < at[0] and tokens[first].lower in OPENERS and opens(tokens, first):
        first += 1
    if first > 0 and tokens[first - 1].text == "'s" and first > 1 and tokens[first - 2].is_capital:
        owner = [token.text for token in tokens[first - 2 : first - 1]]
        if not longest_match(owner, 0) and not towns_named(owner[0]):
            first -= 2  # Lord's Resistance Army
            while first and tokens[first - 1].is_capital and not opens(tokens, first - 1):
                first -= 1  # Ugandan People's Defence Force
    of_what = tokens[first - 2] if first > 1 and tokens[first - 1].text == "of" else None
    if of_what and of_what.is_capital and first < at[0] and of_what.lower in words("features of"):
        first -= 2  # Gulf of Guinea Observatory
    if last + 1 < len(tokens) and tokens[last].text in {"'s", "’s"} and tokens[last + 1].is_capital:
        last += 1
        while last < len(tokens) and tokens[last].is_capital:
            last += 1
    while last + 1 < len(tokens):
        step = last
        if (
            tokens[step].text not in _JOINING
            and not (
                (tokens[step].text == "in" and tokens[step - 1].text in _SENT)
                or (tokens[step].text == "on" and tokens[step - 1].text in _ABOUT)
            )
            and not (tokens[step].text == "and" and _still_open(tokens, first, step))
        ):
            break
        step += 1
        if tokens[step].text == "the":
            step += 1
        if step >= len(tokens) or not tokens[step].is_capital:
            break
        while step < len(tokens) and tokens[step].is_capital:
            step += 1
        last = step
    return first, last


def _still_open(tokens: tuple[Token, ...], first: int, at: int) -> bool:
    """Return whether ``and`` goes on with a name: ``Institute for War and Peace``."""
    inside = [token.text for token in tokens[first:at]]
    if organisation_words().kind_of(inside[-1]):
        return False
    if not {"for", "of"} & set(inside) and inside[-1] not in {"Justice", "Equality"}:
        return False
    following = [token.text for token in tokens[at + 1 : at + 4]]
    return (
        bool(following)
        and following[0] != "the"
        and (inside[-1] in words("directions") or not longest_match(inside, len(inside) - 1))
    )


def _by_deeds(
    run: Run,
    sentence: Sentence,
    tokens: tuple[Token, ...],
    persons: frozenset[str],
    taken: set[int],
) -> list[Mention]:
    """Return a name that only what stands beside it shows to be an armed group's."""
    inside = tokens[run.first : run.last]
    text = [token.text for token in inside]
    if (
        run.text in persons
        or all(token.lower in OTHER_CAPITALS for token in inside)
        or any(longest_match(text, at) for at in range(len(text)))
    ):
        return []
    before = sentence.text[: inside[0].start]
    after = sentence.text[inside[-1].end :]
    kind = "press" if _KIND_BEFORE.search(before) or _KIND_AFTER.match(after) else ""
    if inside[0].text == "The" and len(inside) > 1 and not opens(tokens, run.first):
        kind = "press"  # told The New Vision
    if kind and not opens_alone(inside, tokens, run):
        return [_mention(sentence, tokens, run.sentence, run.first, run.last, taken, kind, 0.7)]
    if towns_named(run.text) and not run.text.startswith(("Al-", "al-")):
        return []
    named = bool(_ARMED_AFTER.match(after)) and not re.search(r"\b(?:in|near|from|at) $", before)
    if (named or _ARMED_BEFORE.search(before)) and not opens_alone(inside, tokens, run):
        confidence = 0.75 if named and before.endswith("the ") else 0.6
        return [
            _mention(
                sentence, tokens, run.sentence, run.first, run.last, taken, "armed", confidence
            )
        ]
    return []


def opens_alone(inside: tuple[Token, ...], tokens: tuple[Token, ...], run: Run) -> bool:
    """Return whether a run is one word that has its capital from opening the sentence."""
    return len(inside) == 1 and inside[0].text.isalpha() and opens(tokens, run.first)


def _mention(
    sentence: Sentence,
    tokens: tuple[Token, ...],
    number: int,
    first: int,
    last: int,
    taken: set[int],
    kind: str,
    confidence: float,
    key: str = "",
    rule: str = "",
) -> Mention:
    taken.update(range(first, last))
    start, end = tokens[first].start, tokens[last - 1].end
    words = sentence.text[start:end]
    reasons = {
        "name": "name of a group in group_names.txt",
        "armed": "word of an armed group in or beside the name",
        "institute": "word of an institute in the name",
        "office": "word of an office in the name",
        "press": "word of a newspaper or agency in the name",
    }
    reason = "abbreviation in capitals" if rule == "abbreviation" else reasons[kind]
    return Mention(number, start, end, words, key or words, kind, reason, confidence)
