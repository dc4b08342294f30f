"""What a text denies, and how it hedges what it does not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from dispersal.drafting.destination_cues import HEDGED, NEGATED, NOT_NEGATED, SURE
from dispersal.drafting.words import pattern

if TYPE_CHECKING:
    from dispersal.drafting.governing import Cue

#: “… is improbable”, behind the place.
DISMISSED: Final = re.compile(
    rf"(?i)^[^.;]{{0,90}}\b(?:is|are|seems?|looks?|would be|remains?|as) (?:\w+ ){{0,2}}"
    rf"(?:{pattern('implausible')})\b"
)
#: “We regard this as fanciful.”, the sentence after.
TAKEN_BACK: Final = re.compile(
    rf"(?i)^(?:but )?(?:we|i|this|that|it|all of this|both|neither)\b.{{0,50}}"
    rf"\b(?:{pattern('implausible')}|do(?:es)? not (?:believe|expect) (?:it|this|so)|"
    r"doubt (?:it|this)|no evidence|no sign|sceptical|will not happen|won['’]t happen)\b"
)


_VERB_NOT: Final = re.compile(r"(?i)^(?:not|n['’]t|never)\b")
_BELIEVES: Final = re.compile(
    r"(?i)^\S+ (?:be |been )?(?:\w+ly )?(?:believe|expect|think|likely|want|see|"
    r"foresee|imagine|wish|"
    r"plan|intend|dare|possible|allow|let)"
)
_MODALS: Final = re.compile(
    r"(?i)\b(?:could|will|would|may|might|can|should|shall|likely|expected|bound|set)\b"
)


def is_negated(before: str, cue: Cue) -> bool:
    """Return whether what the cue says is denied in front of the place.

    A “not” with another verb of its own denies only that: “those who were not charged could
    return to Peru”.
    """
    if "not leave" in cue.words or "never leave" in cue.words:
        return False
    near = NOT_NEGATED.sub(" ", before.rsplit(", and ", 1)[-1][-90:])
    for match in NEGATED.finditer(near):
        rest = near[match.start() :]
        own = _VERB_NOT.match(match.group()) and _MODALS.search(near[match.end() :])
        if not own or _BELIEVES.match(rest):
            return True
    return False


def hedge_of(clause: str) -> str:
    """Return the word that hedges a clause, or the one that makes it sure."""
    hedge = HEDGED.search(clause)
    if hedge:
        return hedge.group().lower()
    sure = SURE.search(clause)
    return sure.group().lower() if sure else ""
