"""What a text denies, and how it hedges what it does not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from dispersal.drafting.destination_cues import (
    HEDGED,
    NEGATED,
    NEGATED_BEHIND,
    NOT_NEGATED,
    SURE,
)
from dispersal.drafting.words import pattern

if TYPE_CHECKING:
    from dispersal.drafting.clauses import PlaceGroup

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


#: “played down a suggestion that …”: a frame denies all that it holds.
_FRAME: Final = re.compile(
    r"(?i)\b(?:no evidence|play(?:s|ed)? down|found no ?one|nobody who|"
    r"(?:suggestion|rumou?rs?|claim|idea|notion) that|media reports|denie[sd] that|"
    r"nor (?:did|do|does) \w+ expect)\b(?![^;]*"
    r"(?:;|, but\b|, though\b|, although\b|\bhowever\b))"
)
#: “A return to Peru isn't to be expected.”
_MOVE: Final = re.compile(
    r"(?i)^\W*(?:an?|any|the|such an?) (?:[\w-]+ ){0,3}(?:return|move|exodus|flight|shift|transfer|"
    r"relocation|suggestion|idea|notion|report|withdrawal)s?\b"
)
_IS_NOT: Final = re.compile(
    r"(?i)^[^.;]{0,60}\b(?:(?:is|are|was|were|will|would|can|could|does|do)(?: not\b|n['’]t\b)|"
    r"cannot\b|(?:been|was|is) (?:put about|denied|dismissed))"
)


def is_framed(front: str, before: str, behind: str) -> bool:
    """Return whether the sentence around a clause denies it.

    Parameters
    ----------
    front, before : str
        The sentence and the clause in front of the place.
    behind : str
        The sentence behind it.

    Examples
    --------
    >>> is_framed("He played down a report that they would go to ", "they would go to ", ".")
    True
    >>> is_framed("A return to ", "A return to ", " isn't to be expected.")
    True
    """
    return bool(_FRAME.search(front) or (_MOVE.match(before) and _IS_NOT.match(behind)))


_VERB_NOT: Final = re.compile(r"(?i)^(?:not|n['’]t|never)\b")
_BELIEVES: Final = re.compile(
    r"(?i)^\S+ (?:be |been )?(?:\w+ly )?(?:believe|expect|think|likely|want|see|"
    r"foresee|imagine|wish|"
    r"plan|intend|dare|possible|allow|let)"
)
_MODALS: Final = re.compile(
    r"(?i)\b(?:could|will|would|may|might|can|should|shall|likely|expected|bound|set)\b"
)


_STAYS: Final = re.compile(r"(?i)\b(?:not|never) leave\b")
_SUBJECT_AT_MOST: Final = 20


def is_denied(text: str, group: PlaceGroup, following: str) -> bool:
    """Return whether a sentence denies that anyone goes to a place that it names.

    Parameters
    ----------
    text : str
        The sentence.
    group : PlaceGroup
        The place and those named together with it.
    following : str
        The sentence after it.

    Examples
    --------
    >>> from dispersal.drafting import propose, read_article
    >>> rows = propose(read_article("They will not return to Peru.")).of_kind("destination")
    >>> [row.values["negated"] for row in rows]
    [True]
    """
    behind = text[group.places[-1].end :]
    subject = len(group.before) < _SUBJECT_AT_MOST and bool(NEGATED_BEHIND.match(group.after))
    return (
        is_negated(group.before)
        or subject
        or bool(DISMISSED.match(behind))
        or bool(TAKEN_BACK.match(following))
        or is_framed(text[: group.places[0].start], group.before, behind)
    )


def is_negated(before: str) -> bool:
    """Return whether what is said in front of a place is denied.

    A “not” with another verb of its own denies only that: “those who were not charged could
    return to Peru”.

    Examples
    --------
    >>> is_negated("They will not return to "), is_negated("They will not leave ")
    (True, False)
    """
    near = NOT_NEGATED.sub(" ", before.rsplit(", and ", 1)[-1][-90:])
    if _STAYS.search(near):
        return False
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
