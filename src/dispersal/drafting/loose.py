"""The cue of a place that no word in its clause governs: the nearest of the sentence, or none."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from dispersal.drafting.destination_cues import (
    BYSTANDERS,
    CUES,
    FORESEEN,
    HAPPENED,
    NOUNS,
    STRONG,
)
from dispersal.drafting.governing import IN_RELATIVE, NOT_TO, Cue, leading_word
from dispersal.drafting.proposals import COHORTS
from dispersal.drafting.words import compiled
from dispersal.world import countries

if TYPE_CHECKING:
    from dispersal.drafting.clauses import PlaceGroup

_MEMBERS: Final = compiled("members")
#: What a state, an army or a paper does is no movement of members.
_OFFICE: Final = re.compile(
    r"(?i)^(?:['’]s)? (?:\w+ )?(?:government|army|officials?|police|troops|soldiers|forces?|"
    r"ministry|ministers?|president|authorities|press|newspapers?|intelligence|navy|courts?|parliament|"
    r"embassy|diplomats?|mediators?|law|language|war|charity|says?|said|wants?|hopes?|fears?)\b"
)
#: “Donors should fund …”: what is asked for is not foreseen.
_ADVICE: Final = re.compile(
    r"(?i)\b(?:should|ought to|we (?:urge|recommend|call on)|recommends? (?:that|to))\b"
    r"(?! (?:be (?:expected|regarded|assumed|noted|added|remembered|mentioned)|expect|they|it|"
    r"that))"
)
_OUTLOOK: Final = re.compile(
    r"(?i)\b(?:will|would|may|might|could|likely|expect\w*|probabl\w+|['’]ll|['’]d)\b"
)
_AT_MOST: Final = 110


#: “an official in Addis Ababa”, “the attack on Bangui”, “leaving Libya”: no place to go to.
_NO_AIM: Final = re.compile(
    r"(?i)\b(?:(?:officials?|officers?|diplomats?|analysts?|readers?|colleagues|spokes\w+|lawyers?|"
    r"ministers?|council|government|president|parliament|courts?|embassy|authorities|interviewed|"
    r"journalists?|researchers?|residents|elders|prosecutors?|newspapers?|university|institute|talks?|"
    r"meeting|conference|summit|ceremony|adopted|signed|agreement|office|ministry|recruiters?)"
    r"(?: (?:based|held|also|planned|here|reached))? (?:in|at|from)|"
    r"(?:attack|assault|march|offensive|siege|battle|fall|loss|capture|raid|bombing|coup|defeat|"
    r"election|recruitment) (?:on|in|of|for|against|at)|"
    r"cross(?:es|ing|ed)?(?: back| over)?|slip(?:ping)? (?:back )?over|"
    r"leaving|leave|left|quit|abandon\w*|fled|evacuat\w+|lost|visit(?:s|ed)?) (?:the )?"
    r"(?:\w+ern )?$"
)


def is_no_aim(before: str) -> bool:
    """Return whether the words in front of a place say that it is none to go to.

    Examples
    --------
    >>> is_no_aim("as an official in "), is_no_aim("they will go on to ")
    (True, False)
    """
    return bool(_NO_AIM.search(before))


def is_advice(text: str) -> bool:
    """Return whether a sentence only says what ought to be done.

    Examples
    --------
    >>> is_advice("Donors should fund centres in Niger."), is_advice("Some may reach Niger.")
    (True, False)
    """
    return bool(_ADVICE.search(text)) and not _OUTLOOK.search(text) and not _MEMBERS.search(text)


def speaks_for_state(group: PlaceGroup) -> bool:
    """Return whether a capital stands for its government: “Ankara would send them on”."""
    if group.before.strip('“"‘ ').lower() not in {"", "and", "but", "that", "if", "yet"}:
        return False
    capital = all(one.kind == "town" and one.words in _capitals() for one in group.places)
    return capital and not _AS_PLACE.match(group.after)


_AS_PLACE: Final = re.compile(
    r"(?i)^,? (?:is|are|offers?|looks?|seems?|beckons|has|(?:will|would|may|might|could|can) "
    r"(?:be|hide|shelter|draw|attract|fill|see|offer|become|remain|get|absorb)|and|or|—|:|,)\b"
)


@functools.cache
def _capitals() -> frozenset[str]:
    return frozenset(one.capital for one in countries().values())


def loose_cue(group: PlaceGroup, segment: str, text: str, carried: str) -> Cue | None:
    """Return the nearest cue of the sentence, if it foresees and nothing speaks against it.

    Parameters
    ----------
    group : PlaceGroup
        Places that no cue governs.
    segment : str
        The part of the sentence in which the subject does not change.
    text : str
        The sentence.
    carried : str
        The cohort that the sentences before speak of, or nothing.
    """
    leading = leading_word(group.before)
    word = (leading["word"] or ":").lower() if leading else ""
    if word in NOT_TO or IN_RELATIVE.search(group.before) or _OFFICE.match(group.after):
        return None
    if group.is_relative or not FORESEEN.search(segment):
        return None
    if HAPPENED.search(group.before) and not FORESEEN.search(group.before):
        return None
    if BYSTANDERS.search(group.before) and not _MEMBERS.search(text):
        return None
    at = segment.find(group.places[0].words)
    best: tuple[float, Cue] | None = None
    for cohort in COHORTS:
        for pattern, bonus in ((STRONG[cohort], 30), (CUES[cohort], 0), (NOUNS[cohort], -20)):
            for match in pattern.finditer(segment):
                far = at - match.end() if match.end() <= at else match.start() - at
                score = bonus - far
                if far <= _AT_MOST and (best is None or score > best[0]):
                    best = score, Cue(cohort, match.group(), -1, 0.4)
    if best is not None:
        return best[1]
    directed = word in {"to", "into", "towards", "toward", "for", ":"} or not word
    ahead = FORESEEN.search(group.before) or FORESEEN.search(group.after[:60])
    if carried and directed and ahead:
        return Cue(carried, "as in the sentence before", -1, 0.35)
    return None
