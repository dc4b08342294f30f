"""What a place or an organisation would be in a case: guesses for the column ``use``."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from dispersal.drafting.dates import dates_of
from dispersal.drafting.words import compiled

if TYPE_CHECKING:
    from dispersal.drafting.article import Article
    from dispersal.drafting.mentions import Mention
    from dispersal.drafting.weighing import Destination

_HELD: Final = compiled("held")
_AS_PLACE: Final = {
    "holdouts": "sanctuary",
    "free_agents": "theatre",
    "returnees": "origin",
    "third_country": "third_country",
}
_RIVAL: Final = re.compile(r"(?i)\b(?:rivals?|enem(?:y|ies)|hostile|fought against|at war with)\b")
_ALLIED: Final = re.compile(
    r"(?i)\b(?:affiliates?|allies|allied|branch|franchise|pledged|sister|cousins?|offshoot)\b"
)


def place_uses(
    article: Article, places: list[Mention], destinations: list[Destination]
) -> dict[str, str]:
    """Return a guess of what each place would be: the theatre of the war, an origin, and so on."""
    uses: dict[str, str] = {}
    for foreseen in destinations:
        if not foreseen.negated:
            uses.setdefault(foreseen.mention.key, _AS_PLACE[foreseen.cohort])
    held: Counter[str] = Counter()
    for one in places:
        text = article.sentences[one.sentence].text
        weight = 3 if _HELD.search(text) else 1
        if one.kind in {"country", "people"}:
            held[one.key] += weight
        for code in one.countries if len(one.countries) == 1 else ():
            if one.kind in {"region", "town"}:
                held[code] += 1
        if one.is_people or re.search(r"\bfrom $", text[: one.start]):
            uses.setdefault(one.key, "origin" if one.kind in {"people", "country"} else "mention")
    ranked = [code for code, _ in held.most_common(1)]
    return uses | dict.fromkeys(ranked, "home_theatre")


def organisation_uses(article: Article, organisations: list[Mention]) -> dict[str, str]:
    """Return a guess of what each organisation would be: the group, a host, or only named."""
    armed: Counter[str] = Counter()
    uses: dict[str, str] = {}
    for one in organisations:
        text = article.sentences[one.sentence].text
        beside = text[max(0, one.start - 60) : one.end + 60]
        fighters = re.search(
            r"(?i)\b(?:fighters?|rebels?|militants?|insurgents?|guerrillas?|members|camps?|commanders?|"
            r"combatants|war|surrender\w*|defeat\w*)\b",
            beside,
        )
        state = re.search(
            r"(?i)\b(?:defence|defense|national|armed) (?:army|force|forces)\b", one.key
        )
        if one.kind in {"armed", "name"} or (one.kind == "office" and one.words.isupper()):
            armed[one.key] += (2 if one.kind in {"armed", "name"} else 1) * (2 if fighters else 1)
            if state:
                armed[one.key] -= 3
            if one.kind in {"armed", "name"} and not state:
                tone = (
                    "rival"
                    if _RIVAL.search(beside)
                    else "affiliate"
                    if _ALLIED.search(beside)
                    else "local"
                )
                uses.setdefault(one.key, tone)
    best = armed.most_common(1)
    if best and best[0][1] > 0:
        uses[best[0][0]] = "group"
    return uses


def published_in(article: Article) -> str:
    """Return the day that the first lines of an article give, if they hold a full day."""
    if article.published:
        return article.published
    for sentence in article.sentences[:4]:
        for one in dates_of(sentence.text):
            if len(one.iso) == 10 and sentence.start < 400:
                return one.iso
    return ""
