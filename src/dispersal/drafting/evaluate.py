"""How much of what annotators found is proposed, and how much of what is proposed they found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dispersal.case.vocabulary import AREA_CODES
from dispersal.drafting.tokens import fold
from dispersal.world import countries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dispersal.drafting.proposals import Proposals

MEASURED: Final = (
    *("places", "organisations", "numbers", "numbers_values", "dates", "destinations"),
    "destination_places",
)


@dataclass(frozen=True)
class Score:
    """Counts of one kind: what was proposed, annotated, and both.

    Examples
    --------
    >>> score = Score(10, 12, 9, 9)
    >>> round(score.precision, 2), round(score.recall, 2)
    (0.9, 0.75)
    """

    proposed: int
    annotated: int
    right: int
    found: int

    @property
    def precision(self) -> float:
        """Share of what was proposed that is right; 1 if nothing was."""
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        """Share of what was annotated that was found; 1 if nothing was."""
        return self.found / self.annotated if self.annotated else 1.0

    def __add__(self, other: Score) -> Score:
        """Return the counts of two articles together."""
        return Score(
            self.proposed + other.proposed,
            self.annotated + other.annotated,
            self.right + other.right,
            self.found + other.found,
        )


def evaluate(proposals: Proposals, annotation: Mapping[str, Any]) -> dict[str, Score]:
    """Compare proposals with what a person annotated.

    Places match by code, or by name without case, accents and ``the``; organisations if one name
    holds the other; numbers if both ends are within 1 % (and, for ``numbers``, they count the
    same); dates if they are equal; destinations if place and cohort match. What the article
    denies is no destination.

    Parameters
    ----------
    proposals : Proposals
        From :func:`dispersal.drafting.propose`.
    annotation : Mapping
        Lists ``places``, ``organisations``, ``numbers``, ``dates`` and ``destinations``.

    Returns
    -------
    dict of str to Score
        By the names of `MEASURED`.

    Examples
    --------
    >>> from dispersal.drafting import propose, read_article
    >>> found = propose(read_article("Most of the rebels will return to Peru."))
    >>> evaluate(found, {"places": ["PER", "COL"]})["places"]
    Score(proposed=1, annotated=2, right=1, found=1)
    """
    places = [str(row.values["place"]) for row in proposals.of_kind("place")]
    organisations = [str(row.values["name"]) for row in proposals.of_kind("organisation")]
    numbers = [row.values for row in proposals.of_kind("number")]
    dates = [str(row.values["date"]) for row in proposals.of_kind("date")]
    destinations = [
        row.values for row in proposals.of_kind("destination") if not row.values["negated"]
    ]
    pairs = list(dict.fromkeys((str(row["place"]), str(row["cohort"])) for row in destinations))
    wanted = [(str(one["place"]), str(one["cohort"])) for one in _list(annotation, "destinations")]
    given = _list(annotation, "numbers")
    return {
        "places": _score(places, [str(one) for one in _list(annotation, "places")], same_place),
        "organisations": _score(
            organisations,
            [str(one) for one in _list(annotation, "organisations")],
            same_organisation,
        ),
        "numbers": _score(numbers, given, _same_number),
        "numbers_values": _score(numbers, given, _same_value),
        "dates": _score(dates, [str(one) for one in _list(annotation, "dates")], str.__eq__),
        "destinations": _score(pairs, wanted, lambda a, b: a[1] == b[1] and same_place(a[0], b[0])),
        "destination_places": _score(
            list(dict.fromkeys(place for place, _ in pairs)),
            list(dict.fromkeys(place for place, _ in wanted)),
            same_place,
        ),
    }


def _list(annotation: Mapping[str, Any], key: str) -> list[Any]:
    return list(annotation.get(key) or ())


def _score(
    proposed: Sequence[Any], annotated: Sequence[Any], same: Callable[[Any, Any], bool]
) -> Score:
    """Match one to one: a row of the annotation is found once."""
    left = list(annotated)
    right = 0
    for one in proposed:
        match = next((at for at, other in enumerate(left) if same(one, other)), None)
        if match is not None:
            left.pop(match)
            right += 1
    return Score(len(proposed), len(annotated), right, right)


def same_place(one: str, other: str) -> bool:
    """Return whether two names or codes are of the same place.

    Examples
    --------
    >>> same_place("the Nuba Mountains", "Nuba"), same_place("TCD", "Chad")
    (True, False)
    """
    codes = {one, other} & (countries().keys() | AREA_CODES.keys())
    return one == other if codes else _bare(one) == _bare(other)


#: “the Sambisa forest” and “Sambisa” are one place.
_COMMON: Final = re.compile(
    r" (?:forest|mountains?|hills|valley|park|desert|province|state|region|district|city|plateau|"
    r"gorge|islands?|peninsula|camp|basin)$"
)


def _bare(name: str) -> str:
    return _COMMON.sub("", fold(name))


def same_organisation(one: str, other: str) -> bool:
    """Return whether two names are equal, or one is a part of the other.

    Examples
    --------
    >>> same_organisation("the Northern Front", "Northern Front of Oro")
    True
    """
    a, b = f" {fold(one)} ", f" {fold(other)} "
    return a in b or b in a


def _same_value(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(
        abs(float(one[end]) - float(other[end])) <= 0.01 * abs(float(other[end])) + 1e-9
        for end in ("low", "high")
    )


def _same_number(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return str(one["counts"]) == str(other["counts"]) and _same_value(one, other)
