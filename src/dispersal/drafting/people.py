"""Numbers that count members of the group: what they count, of whom, where and when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dispersal.drafting.counting import counts_members, what_is_counted
from dispersal.drafting.dates import dates_of
from dispersal.drafting.quantities import quantities_of

if TYPE_CHECKING:
    from dispersal.drafting.article import Article
    from dispersal.drafting.mentions import Mention
    from dispersal.drafting.quantities import Quantity


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of members in a sentence; ``values`` as in the review file."""

    sentence: int
    found: str
    values: dict[str, Any]
    reason: str
    confidence: float


def numbers_in(article: Article, places: list[Mention]) -> list[Counted]:
    """Return the numbers of an article that count members of a group or a share of them.

    Years, distances, money and bystanders are left out.

    Examples
    --------
    >>> from dispersal.drafting import read_article
    >>> article = read_article("By June 2019 at least 40 fighters in 3 camps were dead.")
    >>> [(one.values["low"], one.values["counts"]) for one in numbers_in(article, [])]
    [(40.0, 'killed')]
    """
    found: list[Counted] = []
    for number, sentence in enumerate(article.sentences):
        text = sentence.text
        dated = dates_of(text)
        here = [one for one in places if one.sentence == number]
        previous = article.sentences[number - 1].text if number else ""
        peoples = [(one.start, one.end) for one in here if one.is_people]
        for quantity in quantities_of(text):
            in_date = any(
                quantity.number_start < one.end and one.start < quantity.end for one in dated
            )
            if in_date or not counts_members(text, quantity, peoples, previous):
                continue
            counts, confidence = what_is_counted(text, quantity)
            origin, place = _of_whom(text, quantity, here)
            values = {
                "counts": counts,
                "low": round(quantity.low, 4),
                "high": round(quantity.high, 4),
                "qualifier": quantity.qualifier,
                "share": quantity.is_share,
                "origin": origin,
                "place": place,
                "as_of": dated[0].iso if len(dated) == 1 else "",
            }
            words = text[quantity.start : quantity.end]
            reason = f"number of people beside words for {counts}"
            found.append(Counted(number, words, values, reason, confidence))
    return found


def _of_whom(text: str, quantity: Quantity, here: list[Mention]) -> tuple[str, str]:
    """Return the origin and the place that stand with a number: ``300 Tunisians in Libya``."""
    origin = place = ""
    for one in here:
        if one.start < quantity.end:
            continue
        between = text[quantity.end : one.start]
        if len(between) > 60 or re.search(r"[.;:]|\bwhile\b|\bbut\b|\d", between):
            break
        if not origin and (
            (one.is_people and len(between.split()) <= 3)
            or re.search(r"(?i)\b(?:from|of|out of) (?:the )?$", between)
        ):
            if one.kind in {"people", "country"}:
                origin = one.key
        elif not place and re.search(
            r"(?i)\b(?:in|at|into|to|across|inside|near) (?:[\w-]+ ){0,2}$", between
        ):
            place = one.key
    return origin, place
