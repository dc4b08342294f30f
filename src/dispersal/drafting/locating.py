"""Words beside a name that speak for a place: prepositions, provinces, mountains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispersal.drafting.gazetteer import longest_match, towns_named
from dispersal.drafting.names import opens
from dispersal.drafting.words import words

if TYPE_CHECKING:
    from dispersal.drafting.tokens import Token

#: Votes of the word before the name.
_BEFORE: Final = {
    "in": 2.0, "near": 2.0, "around": 2.0, "outside": 2.0, "inside": 1.5, "throughout": 2.0,
    "into": 1.5, "towards": 1.5, "toward": 1.5, "across": 1.5, "at": 2.0, "from": 1.0, "to": 1.0,
    "cross": 2.0, "crossed": 2.0, "crossing": 1.5, "through": 2.0, "along": 2.0, "off": 1.0,
    "via": 1.5, "beyond": 1.0, "between": 0.8, "within": 1.0, "overlooking": 2.0, "besieged": 1.0,
    "neighbouring": 2.0, "neighboring": 2.0, "downtown": 2.0, "rural": 1.5, "greater": 1.0,
    "above": 1.0, "reach": 0.8, "reached": 0.8, "northern": 2.0, "southern": 2.0, "eastern": 2.0,
    "western": 2.0, "central": 1.5, "north-eastern": 2.0, "north-western": 2.0,
    "south-eastern": 2.0, "south-western": 2.0, "northeastern": 2.0, "northwestern": 2.0,
    "southeastern": 2.0, "southwestern": 2.0, "upper": 1.0, "lower": 1.0, "over": 0.5, "left": 0.3,
    "held": 1.0, "entered": 1.5, "took": 1.0, "captured": 1.5, "seized": 1.5, "lost": 0.8,
    "stormed": 1.5, "retook": 1.5, "recaptured": 1.5, "besieging": 1.5, "leave": 0.3, "under": 0.2,
}  # fmt: skip
#: Words before ``of`` and a name, and after a name.
PLACES: Final = words("places")
#: Natural features that belong to a name though they are written small: ``Sambisa forest``.
FEATURES: Final = words("features")
_OFFICES: Final = words("offices")
_CAPITAL_FEATURES: Final = frozenset(word.capitalize() for word in FEATURES | _OFFICES)
_BEFORE_FEATURE: Final = frozenset(
    {
        "Lake",
        "Mount",
        "Gulf",
        "Cape",
        "Port",
        "Fort",
        "River",
        "Camp",
        "Wadi",
        "Jebel",
        "Jabal",
        "Oued",
        "Sierra",
        "Cerro",
        "Rio",
        "Río",
        "Gunung",
        "Koh",
        "Pulau",
        "Isla",
        "Tell",
        "Tal",
        "Khor",
        "Villa",
    }
)
_DIRECTIONS: Final = words("directions")
_FEATURES_OF: Final = words("features of")
_AGREEMENTS: Final = words("agreements")
_LISTED: Final = frozenset({",", "and", "or", "to", "–", "—"})


def votes_for_place(tokens: tuple[Token, ...], first: int, last: int) -> float:
    """Return how strongly the words beside a name speak for a place; against it is negative.

    Parameters
    ----------
    tokens : tuple of Token
        Words of the sentence.
    first, last : int
        The name is ``tokens[first:last]``.

    Examples
    --------
    >>> from dispersal.drafting.tokens import tokens_of
    >>> votes_for_place(tuple(tokens_of("the hills near Oro")), 3, 4)
    2.0
    """
    before = tokens[first - 1].lower if first else ""
    if before == "the" and first > 1:
        before = tokens[first - 2].lower
        with_the = True
    else:
        with_the = False
    after = tokens[last].lower if last < len(tokens) else ""
    inside = [token.text for token in tokens[first:last]]
    score = 0.0
    if inside[-1] in _CAPITAL_FEATURES or inside[0] in _BEFORE_FEATURE:
        score += 2.0 if len(inside) > 1 else -2.0
    if after in FEATURES | _OFFICES and not with_the_is_odd(with_the, after):
        score += 2.0
    if before in _BEFORE and not _is_office(tokens, first, before):
        alone = len(inside) == 1 and not inside[0].endswith("s") and _ends_there(after)
        score += _BEFORE[before] * ((1.0 if alone else 0.4) if with_the else 1.0)
    if before in {"to", "from"} and _moves(tokens, first):
        score += 1.2
    if before == "as" and first > 1 and tokens[first - 2].lower == "such":
        score += (
            1.2 if {token.lower for token in tokens[max(0, first - 9) : first]} & PLACES else 0.3
        )
    if after in {"fell", "was", "is", "falls"} and last + 1 < len(tokens):
        lost = tokens[last + 1].lower in {
            "lost",
            "taken",
            "captured",
            "retaken",
            "stormed",
            "besieged",
        }
        score += 2.0 if lost or after == "fell" else 0.0
    if before == "of" and first > 1 and tokens[first - 2].lower in PLACES:
        score += 2.0
    if before in {"above", "below", "beyond", "behind"} and first > 1:
        score += 1.0 if tokens[first - 2].lower in PLACES else 0.0
    if before in {"of", "from"} and first > 1 and tokens[first - 2].lower in _PEOPLE:
        score += 1.2
    if before == "from" and after == "to":
        score += 1.0
    if before in PLACES and before.islower():
        score += 1.0
    if after == "-" and last + 1 < len(tokens) and tokens[last + 1].lower in {"based", "born"}:
        score += 1.5
    if after == "," and _place_follows(tokens, last + 1):
        score += 1.5
    if first > 1 and tokens[first - 1].text in _LISTED and _place_before(tokens, first - 2):
        score += 1.5
    if after in {"and", "or", "to", ","} and _place_follows(tokens, last + 1):
        score += 0.7
    if after in _AGREEMENTS:
        score += 0.5
    if len(inside) > 2 or (with_the and score < 1.5 and after not in _AGREEMENTS):
        score -= 0.5
    if opens(tokens, first) and score == 0 and after in {"is", "was", "fell", "has", "lies"}:
        score += 0.3
    return score


_MOVING: Final = words("moving")
_OF_A_GROUP: Final = words("nouns of a group")


_PEOPLE: Final = words("people of a place")


def _moves(tokens: tuple[Token, ...], first: int) -> bool:
    return any(token.lower in _MOVING for token in tokens[max(0, first - 4) : first - 1])


def _ends_there(after: str) -> bool:
    """Return whether a name is not the adjective of what follows: ``in the Maute ranks``."""
    return after not in _OF_A_GROUP


def _is_office(tokens: tuple[Token, ...], first: int, before: str) -> bool:
    """Return whether a name after ``at`` is somebody's employer, or is looked at."""
    if before != "at":
        return False
    nearby = {token.lower for token in tokens[max(0, first - 4) : first]}
    return bool(
        nearby
        & {
            "researcher",
            "analyst",
            "professor",
            "fellow",
            "lecturer",
            "expert",
            "scholar",
            "historian",
            "director",
            "works",
            "worked",
            "studies",
            "studied",
            "teaches",
            "looked",
            "looks",
            "shouted",
            "fired",
            "aimed",
            "laughed",
            "angry",
            "specialist",
            "adviser",
        }
    )


def with_the_is_odd(with_the: bool, after: str) -> bool:
    """Return whether an article makes a name of an office no place: ``the Kato camp`` is one."""
    return with_the and after in {"state", "department", "division", "border", "road"}


def _place_follows(tokens: tuple[Token, ...], at: int) -> bool:
    texts = [token.text for token in tokens]
    while at < len(tokens) and tokens[at].lower in {
        "in",
        "the",
        "northern",
        "southern",
        "eastern",
        "western",
        "central",
        "south",
        "north",
    }:
        at += 1
    if at >= len(tokens):
        return False
    match = longest_match(texts, at)
    return match is not None and match[0].kind in {"country", "region", "area"}


def _place_before(tokens: tuple[Token, ...], at: int) -> bool:
    """Return whether the word before a comma or ``and`` is a place, itself after a preposition."""
    texts = [token.text for token in tokens]
    for begin in range(max(0, at - 4), at + 1):
        match = longest_match(texts, begin)
        if match and begin + match[1] == at + 1 and match[0].kind in {"country", "region", "area"}:
            return True
    return bool(tokens[at].is_capital and towns_named(tokens[at].text))


def wider_name(
    tokens: tuple[Token, ...], first: int, last: int, *, by_side: bool = True
) -> tuple[int, int] | None:
    """Return where a longer name lies that holds a region: ``Banda Aceh``, ``North Aceh``.

    Examples
    --------
    >>> from dispersal.drafting.tokens import tokens_of
    >>> wider_name(tuple(tokens_of("in North Aceh now")), 2, 3)
    (1, 3)
    """
    begin, end = first, last
    while begin and tokens[begin - 1].is_capital and not opens(tokens, begin - 1):
        begin -= 1
    while end < len(tokens) and tokens[end].is_capital:
        end += 1
    for start in range(begin, first + 1):
        for stop in range(end, last - 1, -1):
            name = " ".join(token.text for token in tokens[start:stop])
            if (start, stop) != (first, last) and stop - start < 5 and towns_named(name):
                return start, stop
    if by_side and begin < first and tokens[first - 1].text in _DIRECTIONS:
        return first - 1, last
    return None


def with_feature(tokens: tuple[Token, ...], first: int, last: int) -> tuple[int, int]:
    """Return the name with the natural feature that belongs to it: ``Cal Madow mountains``.

    Provinces, districts and towns written with a small letter do not belong to the name.

    Examples
    --------
    >>> from dispersal.drafting.tokens import tokens_of
    >>> with_feature(tuple(tokens_of("in the Kato forest")), 2, 3)
    (2, 4)
    >>> with_feature(tuple(tokens_of("in Kato district")), 1, 2)
    (1, 2)
    """
    if last < len(tokens) and (
        tokens[last].text in _CAPITAL_FEATURES or tokens[last].text in FEATURES
    ):
        nxt = tokens[last].text
        if nxt not in {"coast", "border", "Border", "range", "pass", "park", "gap", "Camp", "camp"}:
            return first, last + 1
        if nxt == "park":
            return first, last
    if first and tokens[first - 1].text in _BEFORE_FEATURE:
        return first - 1, last
    of_what = tokens[first - 2] if first > 1 and tokens[first - 1].text == "of" else None
    if of_what is not None and of_what.is_capital and of_what.lower in _FEATURES_OF:
        return first - 2, last  # Strait of Malacca
    return first, last
