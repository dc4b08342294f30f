"""What a sentence takes over from the one before: pronouns, “so will …”, lists that go on."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from dispersal.drafting.clauses import PlaceGroup, clause_around

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispersal.drafting.mentions import Mention


@dataclass(frozen=True, slots=True)
class Destination:
    """One place where a cohort is foreseen, with how it is said."""

    mention: Mention
    cohort: str
    negated: bool
    hedge: str
    cue: str
    confidence: float


#: “They may hide there.”, not “There are few.” and not “from there”.
_THERE: Final = re.compile(
    r"(?<!from )\bthere\b(?! (?:is|are|was|were|will|would|may|might|could|can|has|have|had|seems?|"
    r"must|should|remains?|it)\b)(?!['’])"
)
_IT: Final = re.compile(
    r"^[“\"]?(?:It|This|That|The (?:country|region|city|town|area|lake|island|province|forest|"
    r"valley|place|desert|kingdom|republic|archipelago|peninsula))\b(?=.{0,30}\b"
    r"(?:would|will|could|may|might|is|offers|has|remains|attracts|can)\b)"
)
_SO: Final = re.compile(
    r"(?i)(?:^|[;:,.–—] |\band )[“\"]?(?:(?P<same>so|as|likewise|thus)|(?P<nor>nor|neither)) "
    r"(?:too )?(?:will|would|could|may|might|does|do|is|are|can|should|probably will)\s+"
    r"(?:perhaps |probably |the |some |those |most |many |\w+s (?:from|of|in) )*$"
)
_SAME: Final = re.compile(
    r"(?i)\bthe same (?:\w+ ){0,3}(?:for|of|to|in|with)\s+(?:\w+s from |the |those |men )*$"
)
#: “Tanzanians might do the same”
_DOES_THE_SAME: Final = re.compile(
    r"(?i)^[^.;]{0,30}\b(?:do (?:the same|likewise|so too)|follow suit|"
    r"follow (?:them|their example))\b"
)
_TOO: Final = re.compile(r"(?i)^,? (?:too|as well|likewise|also|similarly)\b")
#: What may stand between the places of one list: “Italy, where …, or else Britain”.
_GOES_ON: Final = re.compile(
    r"(?i)^\W*(?:(?:or|and|nor|else|even|perhaps|then|also|to|into|in|the|failing that|possibly|"
    r"maybe|still more|above all|more rarely|as far as|if not|less often|next|finally|later|"
    r"further|farther|beyond that|on to|a few to|some to|others to)\b\W*){1,6}$"
)


def groups_meant(
    text: str, number: int, here: Sequence[Mention], earlier: Sequence[Mention]
) -> list[PlaceGroup]:
    """Return groups for the pronouns of a sentence that stand for a place.

    Parameters
    ----------
    text : str
        The sentence.
    number : int
        Its number.
    here : sequence of Mention
        Its places.
    earlier : sequence of Mention
        Those of the sentence before, if it is in the same paragraph.
    """
    found: list[PlaceGroup] = []
    for match in _THERE.finditer(text):
        named = [one for one in here if one.end <= match.start() and not one.is_people]
        named = named or [one for one in earlier if not one.is_people]
        if named:
            one = replace(named[-1], sentence=number, start=match.start(), end=match.end())
            before, after, relative = clause_around(text, match.start(), match.end())
            found.append(PlaceGroup((one,), f"{before}in ", after, False, relative))
    subject = _IT.match(text)
    named = [one for one in earlier if not one.is_people]
    if subject and named and not any(one.start < 40 and not one.is_people for one in here):
        one = replace(named[0], sentence=number, start=subject.start(), end=subject.end())
        _, after, _ = clause_around(text, subject.start(), subject.end())
        found.append(PlaceGroup((one,), "", after, False))
    return found


def taken_over(
    text: str, group: PlaceGroup, known: Sequence[Destination], latest: Sequence[Destination]
) -> list[Destination]:
    """Return what a group of places takes over from the one before it, or nothing.

    Parameters
    ----------
    text : str
        The sentence.
    group : PlaceGroup
        Places for which it has no cue of their own.
    known : sequence of Destination
        What was found in the sentence so far.
    latest : sequence of Destination
        What was found in the sentence before.
    """
    source = (known or latest)[-1] if known or latest else None
    if source is None:
        return []
    front = text[: group.places[0].start]
    so = _SO.search(front)
    denied = bool(so and so["nor"])
    too = _TOO.match(group.after) and not group.before.strip()
    if not (so or too or _SAME.search(front) or _DOES_THE_SAME.match(group.after)):
        last = known[-1].mention.end if known else 0
        between = text[last : group.places[0].start]
        goes_on = (
            known
            and not group.is_people
            and _GOES_ON.match(between.rsplit(",", 1)[-1])
            and "," in between
        )
        if not goes_on or len(between) > 110 or re.search(r"[;:]|\bbut\b|\bwhile\b", between):
            return []
        denied = source.negated
    return [
        Destination(one, source.cohort, denied, source.hedge, "as before", 0.5)
        for one in group.places
    ]
