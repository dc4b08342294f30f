"""What a sentence takes over from the one before: pronouns that stand for a place."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dispersal.drafting.clauses import PlaceGroup, clause_around

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispersal.drafting.mentions import Mention


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
