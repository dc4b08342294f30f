"""Where an article foresees members going or staying: a cohort and a place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dispersal.drafting.denials import hedge_of
from dispersal.drafting.proposals import COHORTS
from dispersal.drafting.weighing.candidates import candidates_in, surroundings_of
from dispersal.drafting.weighing.features import features_of
from dispersal.drafting.weighing.weights import LEAST, any_of, cohorts_of, weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispersal.drafting.article import Article
    from dispersal.drafting.mentions import Mention
    from dispersal.drafting.weighing.candidates import Candidate, Surroundings

    _Weighed = tuple[Candidate, dict[str, float]]

#: Features of words that deny, which are left out to see what would be there without them.
_DENIES: Final = re.compile(
    r"deni|\b(?:not|no|never|nobody|non|neither|nor|hardly|unlik|unlikely|improbabl|won't|don't|"
    r"doesn't|isn't|aren't|cannot|can't|wouldn't)\b"
)


@dataclass(frozen=True, slots=True)
class Destination:
    """One place where a cohort is foreseen, with how it is said.

    ``words`` are the features that spoke most for it, and ``confidence`` the probability that the
    weights give it.
    """

    mention: Mention
    cohort: str
    negated: bool
    hedge: str
    words: tuple[str, ...]
    confidence: float


def destinations_in(article: Article, places: Sequence[Mention]) -> list[Destination]:
    """Return where members are foreseen to go or stay, in the order of the text.

    Each place and cohort stands once, at the mention that speaks most for it. What the text
    denies there is returned as negated.

    Parameters
    ----------
    article : Article
        What to read.
    places : sequence of Mention
        Its places.
    """
    around = surroundings_of(article, places)
    found: list[tuple[int, int, Destination]] = []
    for mentions in candidates_by_place(around).values():
        rows = _affirmed(mentions) or _denied(mentions)
        found += [(one.sentence, one.start, row) for one, row in rows]
    return [row for _, _, row in sorted(found, key=lambda each: each[:2])]


def candidates_by_place(around: Surroundings) -> dict[str, list[_Weighed]]:
    """Return the mentions of each place with their features.

    Parameters
    ----------
    around : Surroundings
        The article.
    """
    found: dict[str, list[_Weighed]] = {}
    for one in candidates_in(around):
        found.setdefault(one.mention.key, []).append((one, features_of(one, around)))
    return found


def _affirmed(mentions: list[_Weighed]) -> list[tuple[Candidate, Destination]]:
    chances = weights().chances([features for _, features in mentions])
    together = any_of(chances)
    found = []
    for cohort in cohorts_of(together):
        at = COHORTS.index(cohort)
        one, features = mentions[int(np.argmax(chances[:, at]))]
        found.append((one, _row(one, features, cohort, together[at], negated=False)))
    return found


def _denied(mentions: list[_Weighed]) -> list[tuple[Candidate, Destination]]:
    """Return what a text denies: a destination, were it not for the words that deny it."""
    for one, features in mentions:
        if one.manner == "inside" or "denied" not in features:
            continue
        without = {name: value for name, value in features.items() if not _DENIES.search(name)}
        chances = weights().probabilities(without)
        if chances.sum() >= LEAST:
            at = int(np.argmax(chances))
            return [(one, _row(one, without, COHORTS[at], chances[at], negated=True))]
    return []


def _row(
    one: Candidate, features: dict[str, float], cohort: str, chance: float, *, negated: bool
) -> Destination:
    told = tuple(dict.fromkeys(_bare(name) for name in weights().reasons(features, cohort)))
    clause = one.group.before + "…" + one.group.after
    confidence = round(float(chance), 2)
    return Destination(one.mention, cohort, negated, hedge_of(clause), told[:3], confidence)


def _bare(name: str) -> str:
    """Return the words of a feature: ``sentence: forest`` is ``forest``."""
    return name.split(": ", 1)[1]
