"""Who says what a sentence says: an organisation or a kind of source, never a person's name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dispersal.drafting.mentions import Mention

_SPEECH: Final = (
    r"(?:said|says?|told|tells?|argued?s?|warn(?:ed|s)?|wrote|writes?|estimated?s?|believes?|believed|"
    r"thinks?|noted?s?|reported?s?|predicted?s?|reckon(?:ed|s)?|suggest(?:ed|s)?|claim(?:ed|s)?|"
    r"announced|acknowledged?s?|conceded?s?|put|puts|found|finds|recorded|counted|expects?|expected|"
    r"assess(?:ed|es)|published|calculates?|calculated|maintains?|insists?)"
)
_SOURCES: Final = (
    r"(?:officials?|analysts?|diplomats?|researchers?|experts?|residents?|villagers|commanders?|"
    r"spokes(?:man|woman|person)|ministers?|ministry|government|army|police|military|investigators|"
    r"observers|monitors|mediators|aid workers|defectors|former fighters|fighters|rebels|sources?|"
    r"historians?|a report|the report|reports|a study|the study|the panel|the authors?|elders|"
    r"intelligence (?:officials|officers|services|sources)|security (?:officials|sources|forces)|"
    r"prosecutors?|lawyers?|witnesses|he|she)"
)
_BY_GROUP: Final = re.compile(
    rf"(?i)\b(?P<who>(?:[\w-]+ ){{0,2}}?{_SOURCES})\b(?: \w+)? {_SPEECH}\b"
)
_AFTER_GROUP: Final = re.compile(
    rf"(?i)\b{_SPEECH} (?:the |a |an |one )?(?P<who>(?:[\w-]+ )?{_SOURCES})\b"
)
_ACCORDING: Final = re.compile(
    rf"(?i)\baccording to (?:the |a |an |one |some )?(?P<who>(?:[\w-]+ ){{0,2}}{_SOURCES})\b"
)


def said_by(text: str, organisations: list[Mention], persons: frozenset[str]) -> str:
    """Return whom a sentence names as its source.

    Parameters
    ----------
    text : str
        The sentence.
    organisations : list of Mention
        Those that it names.
    persons : frozenset of str
        Names of persons in the article; a person is given as ``a person quoted``, or by the
        organisation that is named with them.

    Examples
    --------
    >>> said_by("Most will stay, according to army officials.", [], frozenset())
    'army officials'
    >>> said_by("“Most will stay,” said Ana Roe.", [], frozenset({"Ana Roe"}))
    'a person quoted'
    """
    speaking = re.search(rf"(?i)\baccording to\b|\b{_SPEECH}\b", text)
    if speaking is None:
        return ""
    for one in organisations:
        before, after = text[: one.start], text[one.end :]
        if (
            re.search(r"(?i)according to (?:\w+ ){0,3}$", before)
            or re.match(rf"(?i)^[\s)]*(?:\w+ )?{_SPEECH}\b", after)
            or re.search(rf"(?i)\b{_SPEECH} (?:the |a |an )?$", before)
        ):
            return one.key
    named = [name for name in persons if name in text]
    if named:
        beside = [
            one.key
            for one in organisations
            if one.kind != "armed"
            and re.search(r"(?:\bof|\bat|\bfor|\bfrom|\bwith|\bby) (?:the )?$", text[: one.start])
        ]
        return beside[0] if beside else "a person quoted"
    for pattern in (_ACCORDING, _BY_GROUP, _AFTER_GROUP):
        match = pattern.search(text)
        if match:
            who = re.sub(r"^(?i:the|a|an|one|some) ", "", match["who"].strip())
            return "a person quoted" if who.lower() in {"he", "she"} else who
    return ""
