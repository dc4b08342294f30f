"""What a number counts: members of the group by what became of them, or nothing of interest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from dispersal.drafting.destination_cues import CUES, FORESEEN, STRONG
from dispersal.drafting.proposals import COHORTS
from dispersal.drafting.words import compiled, pattern

if TYPE_CHECKING:
    from dispersal.drafting.quantities import Quantity

_MEMBERS: Final = pattern("members")
_NOT_MEMBERS: Final = re.compile(
    rf"(?i)^(?:(?:[\w’'-]+ ){{0,3}}(?:{pattern('bystanders')})|"
    rf"(?:[\w’'-]+ )?(?:{pattern('things')}))\b"
)
_NEAR: Final = re.compile(rf"(?i)^(?:[\w’'-]+ ){{0,4}}?(?:{_MEMBERS})\b")
_ELLIPTIC: Final = compiled("goes on", "^,? ?(?:")

#: Cues of each count, the more telling first.
_CUES: Final = tuple(
    (name, compiled(f"counts {name}"))
    for name in (
        *("underground", "returned", "killed", "demobilised", "detained", "arrived"),
        *("departed", "remaining", "strength", "other"),
    )
)

#: How much farther a cue may stand than one of these: they are said of many numbers.
_WEAK: Final = {"strength": 25, "departed": 10, "remaining": 20}
#: Words for who is counted tell less than a verb does: “300 foreign volunteers were killed”.
_WHO: Final = re.compile(
    r"(?i)foreign.*|volunteers?|nationals|returnees?|defectors?|survivors?|prison\w*|recruit\w*|"
    r"inmates|captives?|dissidents|remnant|hard core|candidates?|suspects?|programme|come from|"
    r"came from"
)
_NOUN: Final = 35
#: “1,100 of the 4,500 fighters”: the second is the whole.
_PART: Final = re.compile(
    r"(?i)(?:\d[\d,]*|per ?cent|percent|%|\b(?:half|third|quarter|fifth|tenth|most|many|rest|some|"
    r"majority|hundred|thousand|dozen|minority|few)s?) of (?:the |its |their |some |about |an? )*$"
)
#: What a foreseen movement makes of those who are counted.
_FORESEEN_AS: Final = {
    "returnees": "returned",
    "holdouts": "remaining",
    "free_agents": "arrived",
    "third_country": "arrived",
}


def counts_members(
    text: str, quantity: Quantity, peoples: list[tuple[int, int]], before_text: str = ""
) -> bool:
    """Return whether a number counts members of the group, or a share of them.

    Parameters
    ----------
    text : str
        The sentence.
    quantity : Quantity
        A number in it.
    peoples : list of (int, int)
        Where the sentence names peoples: ``300 Tunisians`` are people.
    before_text : str
        The sentence before: a bare number counts what it speaks of.

    Examples
    --------
    >>> from dispersal.drafting.quantities import quantities_of
    >>> text = "Some 300 fighters held 12 villages for two years."
    >>> [counts_members(text, one, []) for one in quantities_of(text)]
    [True, False, False]
    """
    before, after = text[: quantity.start], text[quantity.end :]
    if not before.strip() and re.match(r"[.)](?:\s|$)", after):
        return False  # the number of a paragraph
    if re.match(r"(?i)^[-–]?(?:year|month|day|week|hour|km|mile|point|man\b)", after):
        return False
    if re.search(
        r"(?i)(?:[$€£]|resolution|article|no\.|chapter|page|aged|age|highway|km|"
        r"brigade|battalion|division|unit|block|camp|zone|level|version|vol\.?) ?$",
        before,
    ):
        return False
    if not quantity.is_share and quantity.high <= 4 and not _strict_members(after):
        return False
    rest = after.lstrip(" -–")
    if _NOT_MEMBERS.match(rest) and not _NEAR_FIRST.match(rest):
        return False
    if quantity.is_share:
        return not re.match(
            r"(?i)^ ?(?:of )?(?:the |its |their )?(?:[\w-]+ )?(?:territory|land|country|population|"
            r"villages?|towns?|districts?|budget|cost|economy|houses|civilians|refugees|vote|votes|"
            r"area|century|mile|cases|hour|year|day|dozen|village|million|gdp|attacks)\b",
            rest,
        )
    gap = after[: _first_people(quantity, peoples)]
    if len(gap) < 25 and re.fullmatch(r" ?(?:[\w’'-]+ ){0,2}", gap):
        return True
    if _NEAR.match(rest) or _ELLIPTIC.match(rest) or _is_strength(before, after):
        return True
    speaks_of_members = re.search(rf"(?i)\b(?:{_PEOPLE})\b", f"{before_text} {text}")
    return bool(_BARE.match(after) and quantity.high >= 5 and speaks_of_members)


_PEOPLE: Final = (
    "fighters?|members?|militants?|combatants?|rebels?|guerrillas?|insurgents?|men|recruits?|"
    "volunteers?|cadres|foreigners|jihadists?|mercenaries|prisoners|returnees"
)
#: Nothing that is counted stands behind the number.
_BARE: Final = re.compile(
    r"^ ?(?:$|[.;)”\"]|,(?! \d)|"
    r"(?:in|by|at|before|after|when|since|of whom|according|this|last|down|up|today|on) )"
)


_NEAR_FIRST: Final = re.compile(
    r"(?i)^(?:[\w’'-]+ )?(?:fighters?|members?|militants?|combatants?|rebels?|guerrillas?|"
    r"insurgents?|recruits?|child soldiers|men|women)\b"
)


def _strict_members(after: str) -> bool:
    return bool(
        re.match(
            r"(?i)^ (?:[\w’'-]+ )?(?:fighters|members|militants|combatants|rebels|guerrillas|"
            r"insurgents|recruits)\b",
            after,
        )
    )


def _first_people(quantity: Quantity, peoples: list[tuple[int, int]]) -> int:
    starts = [start - quantity.end for start, _ in peoples if start >= quantity.end]
    return max(0, min(starts, default=10_000))


def _is_strength(before: str, after: str) -> bool:
    """Return whether a bare number is a size: ``put its strength at 4,000``."""
    named = re.search(
        r"(?i)(?:strength|membership|ranks|force|numbers?|size)\b[^.;]{0,40}$", before
    )
    return bool(named and re.match(r"^\s*(?:$|[,.;:)]|in |at |by |and |to |before |when )", after))


def what_is_counted(text: str, quantity: Quantity) -> tuple[str, float]:
    """Return what a number of members counts, and how sure that is.

    The cue nearest to the number in its clause decides, those after it before those in front;
    a clause ends at a semicolon, at ``while`` or ``but``, and at another number.

    Examples
    --------
    >>> from dispersal.drafting.quantities import quantities_of
    >>> text = "Of 2,300 fighters, 400 were killed and 120 have returned."
    >>> [what_is_counted(text, one)[0] for one in quantities_of(text)]
    ['strength', 'killed', 'returned']
    """
    before, after = _clause(text, quantity)
    if not quantity.is_share and _PART.search(text[: quantity.start]):
        return "strength", 0.5
    best: tuple[float, str] | None = None
    for order, (name, cue) in enumerate(_CUES):
        weak = _WEAK.get(name, 0)
        for piece, behind in ((after, True), (before, False)):
            hits = list(cue.finditer(piece))
            if not hits:
                continue
            far = hits[0].start() if behind else len(piece) - hits[-1].end() + 12
            match = hits[0] if behind else hits[-1]
            score = far + weak + order + (_NOUN if _WHO.fullmatch(match.group()) else 0)
            if best is None or score < best[0]:
                best = (score, name)
    if best is None or best[1] == "strength":
        moving = _foreseen_movement(after)
        if moving:
            return moving, 0.5
    if best is not None:
        return best[1], 0.75 if best[0] < 40 else 0.55
    if re.match(
        r"(?i)^ ?(?:[\w’'-]+ ){0,2}(?:fighters|members|men|combatants|guerrillas|rebels)", after
    ):
        return "strength", 0.4
    return "other", 0.3


def _foreseen_movement(after: str) -> str:
    """Return what a movement that the clause foresees makes of the number, or nothing."""
    ahead = FORESEEN.search(after[:40])
    if ahead is None:
        return ""
    hits = [
        (match.start(), cohort)
        for cohort in COHORTS
        for cues in (STRONG[cohort], CUES[cohort])
        if (match := cues.search(after[:90], ahead.start()))
    ]
    return _FORESEEN_AS[min(hits)[1]] if hits else ""


def _clause(text: str, quantity: Quantity) -> tuple[str, str]:
    stop = re.compile(
        r"(?i);|:| – | — |"
        r", (?:while|whereas|but|and (?:another|a further|some|about|\d|the|then))\b|"
        r"\bwhile\b|, (?:a|another|some|about|of whom) (?=\d)|"
        r",? and (?:another |about |some )?(?=\d)|"
        r", (?:about |another |some )?(?=\d{2})"
    )
    ends = [match.start() for match in stop.finditer(text, quantity.end)]
    starts = [match.end() for match in stop.finditer(text, 0, quantity.start)]
    return text[max(starts, default=0) : quantity.start], text[
        quantity.end : min(ends, default=len(text))
    ]
