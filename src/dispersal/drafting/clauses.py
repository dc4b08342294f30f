"""Places of a sentence in groups (``Libya, Mali and Chad``), and the clause that each stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dispersal.drafting.words import compiled

if TYPE_CHECKING:
    from dispersal.drafting.mentions import Mention

_JOINT: Final = compiled("joins places", r"^(?:[\s,]|['’]s\b|\b(?:", "))*$")
_INSIDE: Final = re.compile(
    r"(?i)^,? ?(?:in|of|inside|on|across|"
    r"in the (?:north|south|east|west|far \w+|interior)(?:-?\w+)? of|"
    r"on the \w+ (?:side|coast|border) of|['’]s)? ?(?:the )?"
    r"(?:(?:north|south|east|west|north-?east|north-?west|south-?east|"
    r"south-?west)(?:ern)? |central |neighbouring |nearby |remote |far )*$"
)
_STOP: Final = compiled("ends a clause", "(?:", ")")


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """Places of a sentence that are named together, and the clause around them.

    ``before`` and ``after`` are the text of the clause in front of and behind the group; a
    relative clause begins with ``where`` or ``which``.
    """

    places: tuple[Mention, ...]
    before: str
    after: str
    is_people: bool
    is_relative: bool = False


def groups_of(text: str, mentions: list[Mention]) -> list[PlaceGroup]:
    """Return the groups of places of a sentence.

    A country that only says where the place before it lies is left out: ``Goma, in Congo``.

    Parameters
    ----------
    text : str
        The sentence.
    mentions : list of Mention
        Its places, in order.
    """
    groups: list[list[Mention]] = []
    ends: list[int] = []  # behind each group, with what only says where it lies
    skipped = ""
    for one in mentions:
        if _BORDER.search(text[: one.start]):
            if groups:
                ends[-1] = one.end  # “along the border with Cameroon” says where the place is
            continue
        if one.is_people and _OF_PLACE.match(text[one.end :]):
            skipped = one.words  # “the Afghan province of Nangarhar”
            continue
        if groups:
            previous = groups[-1][-1]
            between = text[ends[-1] : one.start]
            if skipped:
                between = between.replace(skipped, "")
            alike = previous.is_people == one.is_people
            if not one.is_people and _lies_in(previous, one, between) and _INSIDE.match(between):
                ends[-1] = one.end
                continue
            passing = _PASSING.search(text[: groups[-1][0].start]) and between.strip() == "to"
            if (
                alike
                and not passing
                and _JOINT.match(between)
                and between.strip()
                and "from" not in between
            ):
                groups[-1].append(one)
                ends[-1] = one.end
                continue
        groups.append([one])
        ends.append(one.end)
    found = []
    for members, end in zip(groups, ends, strict=True):
        before, after, relative = clause_around(text, members[0].start, end)
        found.append(PlaceGroup(tuple(members), before, after, members[0].is_people, relative))
    return found


#: “through Mexico to California”
_PASSING: Final = re.compile(
    r"(?i)\b(?:through|via|from|by way of|across|over|cross|crossing) (?:the )?$"
)
_BORDER: Final = re.compile(r"(?i)\b(?:borders?|frontier) (?:with|of|to) (?:the )?$")
_OF_PLACE: Final = re.compile(
    r"^ (?:province|city|town|port|region|island|district|village|side|coast|part|half|capital|"
    r"enclave|department|state) of (?:the )?[A-ZÀ-Þ]"
)


def _lies_in(place: Mention, other: Mention, between: str) -> bool:
    """Return whether a second place only says where the first lies."""
    if place.kind in {"country", "area", "people"}:
        return False
    if other.kind in {"country", "people"}:
        return not place.countries or other.key in place.countries
    inside = re.match(r"(?i)^,? (?:in|of|inside|on)\b", between)
    return bool(inside) and other.kind != "unknown"


_BARE: Final = re.compile(r"(?i)\s*(?:(?:to|in|into|at|on|for|near|the|towards|perhaps)\s+){0,3}")


def clause_around(text: str, start: int, end: int) -> tuple[str, str, bool]:
    """Return the clause in front of and behind words, and whether it is relative."""
    stops = list(_STOP.finditer(text, 0, start))
    # A colon or a dash right before the group introduces it.
    if stops and _BARE.fullmatch(text[stops[-1].end() : start]):
        stops.pop()
    begin = stops[-1].end() if stops else 0
    relative = bool(stops) and stops[-1].group().lstrip(", ").lower() in _RELATIVE
    ends = [match.start() for match in _STOP.finditer(text, end)]
    return text[begin:start], text[end : min(ends, default=len(text))], relative


_RELATIVE: Final = frozenset({"where", "which", "who", "whose", "because", "until", "unless", "if"})
