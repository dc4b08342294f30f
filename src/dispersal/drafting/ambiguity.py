"""Places that can mean several: one name for each, and a question where the text does not tell."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from dispersal.case.vocabulary import AREA_CODES
from dispersal.drafting.gazetteer import ambiguities, towns_named
from dispersal.drafting.locating import FEATURES
from dispersal.drafting.tokens import fold
from dispersal.world import countries, country_name

if TYPE_CHECKING:
    from dispersal.drafting.article import Article
    from dispersal.drafting.mentions import Mention


def under_one_name(found: list[Mention]) -> list[Mention]:
    """Give all mentions of a place that has no code one name.

    It is the name as it is first written; of a name with and without its natural feature
    (``Sambisa``, ``Sambisa forest``) the one that is written more often.
    """
    names: dict[str, str] = {}
    count: Counter[str] = Counter()
    for one in found:
        if one.key not in countries() and one.key not in AREA_CODES:
            plain = one.key.title() if one.key.isupper() and len(one.key) > 3 else one.key
            names.setdefault(fold(one.key), plain)
            count[fold(one.key)] += 1
    same = {}
    for name in names:
        stem, _, feature = name.rpartition(" ")
        if stem in names and feature in FEATURES:
            best = name if count[name] >= count[stem] else stem
            same[name] = same[stem] = names[best]
    return [
        one
        if one.key in countries() or one.key in AREA_CODES
        else replace(one, key=same.get(fold(one.key), names[fold(one.key)]))
        for one in found
    ]


def asked(found: list[Mention], article: Article) -> list[Mention]:
    """Put a question on what can mean more than one place, and take the likeliest as a guess."""
    result: list[Mention] = []
    known = ambiguities()
    # What stands in the same article decides: a name is used in one sense throughout.
    settled: dict[str, str] = {}
    for one in found:
        stem = one.words if one.words in known else one.words.removesuffix("s")
        ambiguity = known.get(stem)
        if ambiguity is not None:
            best, alone = ambiguity.likeliest(_without(article.text, one.words))
            settled.setdefault(stem, best)
            one = replace(one, key=_key_of(best, one))
            if not alone:
                one = replace(
                    one,
                    question=ambiguity.question,
                    choices=ambiguity.choices,
                    confidence=min(one.confidence, 0.6),
                )
        elif one.kind == "town" and len(one.countries) > 1:
            one = _town_asked(one, found)
        result.append(one)
    return [one for one in result if one.key != "(a person)"]


def _without(text: str, words: str) -> str:
    return text.replace(words, " ")


def _key_of(choice: str, one: Mention) -> str:
    if one.kind in {"region", "town"}:
        return one.key  # Punjab stays Punjab: only the country that it lies in is asked
    return choice


def _town_asked(one: Mention, found: list[Mention]) -> Mention:
    """Ask in which country a town lies that several have, unless the article names just one."""
    named = {other.key for other in found}
    here = [code for code in one.countries if code in named]
    if len(here) == 1:
        towns = [town for town in towns_named(one.key) if town.countries[0] == here[0]]
        place = towns[0] if towns else None
        return replace(
            one,
            countries=(here[0],),
            latitude=place.latitude if place else one.latitude,
            longitude=place.longitude if place else one.longitude,
        )
    choices = tuple((here or list(one.countries))[:4])
    listed = " or ".join(f"{country_name(code)} ({code})" for code in choices)
    return replace(one, question=f"{one.words}: in {listed}?", choices=choices, confidence=0.6)
