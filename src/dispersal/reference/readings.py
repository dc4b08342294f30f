"""One reading per case and fate from figures that overlap, repeat and disagree.

Figures are never counted as independent of one another: of each outcome and place the latest
stand, and what they say together is one range. See docs/reference.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from dispersal.model.fates import FATES
from dispersal.model.pressure import NORMAL_P90
from dispersal.reference.vocabulary import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dispersal.reference.history import Ending, History, Outcome

#: Figures of the same outcome and place this close to the latest speak of the same time.
SAME_TIME_DAYS: Final = 31

#: What a share cannot be told from another to, as a share of the members.
RESOLUTION: Final = 0.01

#: Added to counts before taking logs, so that none is a figure, too.
HALF_A_PERSON: Final = 0.5

#: Least deviation of the log of a size: even registers differ by a tenth.
SIZE_WIDTH: Final = 0.1

#: A size with one end lies beyond it by about this much, on the log scale, give or take.
BEYOND: Final = (0.4, 0.5)

#: Where no size is known, it is around the sum of what is told, give or take.
UNKNOWN_SIZE: Final = (0.5, 1.5)


@dataclass(frozen=True, slots=True)
class Size:
    """How many members a case had, as a log-normal.

    Parameters
    ----------
    middle : float
        Median, persons.
    width : float
        Standard deviation of the log.
    known : bool
        False where only the figures of fates themselves tell of it.
    """

    middle: float
    width: float
    known: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What the figures of a case say together of one fate.

    Parameters
    ----------
    case_id, fate : str
    low, high : float or None
        Ends, in ``unit``; None where not told.
    unit : {"persons", "fraction"}
    width : float
        Standard deviation that the definitions add, on the log scale.
    sources : tuple of str
    """

    case_id: str
    fate: str
    low: float | None
    high: float | None
    unit: str
    width: float
    sources: tuple[str, ...]

    @property
    def side(self) -> int:
        """0 for two ends, 1 for at least, −1 for at most."""
        return 1 if self.high is None else -1 if self.low is None else 0

    @property
    def middle(self) -> float:
        """The geometric middle of the ends, or the end that is told."""
        shift = HALF_A_PERSON if self.unit == "persons" else RESOLUTION / 2
        ends = [end + shift for end in (self.low, self.high) if end is not None]
        return math.exp(sum(map(math.log, ends)) / len(ends)) - shift

    @property
    def spread(self) -> float:
        """Standard deviation of the log, from the range (its ends are an 80 % interval)."""
        if self.low is None or self.high is None:
            return 0.0
        shift = HALF_A_PERSON if self.unit == "persons" else RESOLUTION / 2
        return math.log((self.high + shift) / (self.low + shift)) / (2 * NORMAL_P90)


def readings_of(history: History) -> tuple[list[Reading], dict[str, Size]]:
    """Return one reading per case and fate, and the size of each case.

    Examples
    --------
    >>> from dispersal.reference.history import read_history
    >>> readings, sizes = readings_of(read_history().without(["milf_2014"]))
    >>> [(r.low, r.high) for r in readings if (r.case_id, r.fate) == ("isis_nld", "detained")]
    [(25.0, 25.0)]
    >>> round(sizes["isis_nld"].middle), sizes["isis_nld"].known
    (300, True)
    """
    readings: list[Reading] = []
    sizes: dict[str, Size] = {}
    for ending in history.endings:
        parts = _parts(history.of(ending.case_id))
        sizes[ending.case_id] = size = size_of(ending, parts)
        for fate in FATES:
            of_fate = [part for part in parts if OUTCOMES[part.outcome].fate == fate]
            if of_fate:
                readings.append(_add_up(ending.case_id, fate, of_fate, size))
    return readings, sizes


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands of one outcome at one place."""

    outcome: str
    place: str
    low: float | None
    high: float | None
    unit: str
    as_of: pd.Timestamp
    sources: tuple[str, ...]


def _parts(rows: Sequence[Outcome]) -> list[_Part]:
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for row in rows:
        groups.setdefault((row.outcome, row.place), []).append(row)
    parts = [_latest(groups[key]) for key in sorted(groups)]
    parts = [part for part in parts if _stands(part, parts)]
    return [_bounded(part, parts) for part in parts]


def _latest(rows: Sequence[Outcome]) -> _Part:
    """Return the range of the latest figures; a share of the members needs no size."""
    last = max(row.as_of for row in rows)
    rows = [row for row in rows if (last - row.as_of).days <= SAME_TIME_DAYS]
    unit = "fraction" if any(row.unit == "fraction" for row in rows) else "persons"
    rows = [row for row in rows if row.unit == unit]
    lows = [row.low for row in rows if row.low is not None]
    highs = [row.high for row in rows if row.high is not None]
    # Where one figure has an end and another has not, the ends that are told make the range.
    ends = [*lows, *highs]
    return _Part(
        rows[0].outcome,
        rows[0].place,
        min(ends) if lows else None,
        max(ends) if highs else None,
        unit,
        pd.Timestamp(last),
        tuple(sorted({row.source for row in rows})),
    )


def _stands(part: _Part, parts: Iterable[_Part]) -> bool:
    """Return whether no later figure of the outcome covers this one.

    A figure without a place and figures of places may speak of the same people; the later stand,
    and only those of one day add up.
    """
    rivals = [
        other
        for other in parts
        if other.outcome == part.outcome and (not other.place) != (not part.place)
    ]
    return all(other.as_of <= part.as_of for other in rivals)


def _bounded(part: _Part, parts: Iterable[_Part]) -> _Part:
    """Return the part with its lower end off, where it can only bound the fate from above."""
    released = part.outcome == "captured" and any(
        other.place == part.place and other.outcome in ("demobilised", "home") for other in parts
    )
    if part.high is None or not (released or OUTCOMES[part.outcome].upper_only):
        return part
    return _Part(part.outcome, part.place, None, part.high, part.unit, part.as_of, part.sources)


def _add_up(case_id: str, fate: str, parts: Sequence[_Part], size: Size) -> Reading:
    unit = "fraction" if any(part.unit == "fraction" for part in parts) else "persons"
    if unit == "fraction" and not size.known:
        parts = [part for part in parts if part.unit == unit]

    def scale(part: _Part) -> float:
        return 1.0 / size.middle if unit != part.unit else 1.0

    lows = [part.low * scale(part) for part in parts if part.low is not None]
    highs = [part.high * scale(part) for part in parts if part.high is not None]
    converted = any(part.unit != unit for part in parts)
    width = max(OUTCOMES[part.outcome].width for part in parts)
    return Reading(
        case_id,
        fate,
        sum(lows) if lows else None,
        sum(highs) if len(highs) == len(parts) else None,
        unit,
        math.hypot(width, size.width if converted else 0.0),
        tuple(sorted({source for part in parts for source in part.sources})),
    )


def size_of(ending: Ending, parts: Sequence[_Part] = ()) -> Size:
    """Return the size of a case.

    The members, or, where they are not given, the members from abroad if all that is told of
    fits among them. A size with one end lies beyond it. With no size, the sum of the counts.
    """
    if size := _between(ending.members_low, ending.members_high):
        return size
    counts = [part for part in parts if part.unit == "persons"]
    least = sum(part.low for part in counts if part.low is not None)
    foreign = _between(ending.foreign_low, ending.foreign_high)
    if foreign and (ending.foreign_high is None or least <= ending.foreign_high):
        return foreign
    ends = [(part.low, part.high) for part in counts]
    told = sum(math.sqrt((low or high or 0.0) * (high or low or 0.0)) for low, high in ends)
    middle, width = UNKNOWN_SIZE
    return Size(max(told, 1.0) * math.exp(middle), width, known=False)


def _between(low: float | None, high: float | None) -> Size | None:
    ends = [end for end in (low, high) if end]
    if not ends:
        return None
    if len(ends) == 2:
        width = math.log(ends[1] / ends[0]) / (2 * NORMAL_P90)
        return Size(math.sqrt(ends[0] * ends[1]), math.hypot(width, SIZE_WIDTH), known=True)
    shift, width = BEYOND
    return Size(ends[0] * math.exp(shift if low else -shift), width, known=True)
