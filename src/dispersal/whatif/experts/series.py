"""What the ledger tells of a cumulative number before and after a day, by country and area."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dispersal.whatif.experts.areas import origins_of_area

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from dispersal.case import Case

#: A figure within nine months of a day says what the number was on that day.
NEAR: Final = dt.timedelta(days=274)

#: Two figures less than three months apart say nothing of a change.
APART: Final = dt.timedelta(days=91)

#: How far a figure given as ``about`` may be off, as in the observation model.
ABOUT: Final = 0.05

#: Countries that publish figures have to be at least this part of an area's departed.
COVERED: Final = 0.5

#: Figures that count something else, or only a part.
UNUSED_TAGS: Final = frozenset(
    {"misprint", "redefined", "partial", "identified", "doubtful", "overlap", "would_be"}
)

#: Totals of an area as the ledger publishes them, by the quantity of a country.
AGGREGATED: Final = {"returned": "returned_total"}


@dataclass(frozen=True)
class Level:
    """A published number: its two ends, its day, the rows it stands on, when it was published."""

    low: float
    high: float
    day: dt.date
    figure_ids: tuple[str, ...]
    published: dt.date

    @property
    def middle(self) -> float:
        """Half-way between the ends."""
        return (self.low + self.high) / 2


@dataclass(frozen=True)
class Change:
    """How far a cumulative number rose after a day.

    Parameters
    ----------
    base, last : Level
        At the day, and as last published within the window; of an area their sums over the
        countries that have both.
    earlier : Level or None
        Before the day.
    covered : float
        Part of the area's departed that those countries have.
    countries : int
        How many countries were added up; 0 where the ledger has the area's own total.
    """

    base: Level
    last: Level
    earlier: Level | None
    covered: float
    countries: int

    @property
    def figure_ids(self) -> tuple[str, ...]:
        """Rows it stands on."""
        levels = [level for level in (self.earlier, self.base, self.last) if level]
        return tuple(dict.fromkeys(name for level in levels for name in level.figure_ids))

    @property
    def added(self) -> tuple[float, float]:
        """Least and most that can have been added; for countries without figures in proportion."""
        low = max(self.last.low - self.base.high, 0.0)
        high = max(self.last.high - self.base.low, 0.0)
        return low, high / self.covered


def level_of(row: dict[str, Any]) -> Level | None:
    """Return a figure with two ends as a level; None for one that has only one."""
    low, high = float(row["low"]), float(row["high"])
    if not (np.isfinite(low) and np.isfinite(high)):
        return None
    if row["qualifier"] == "about":
        low, high = low * (1 - ABOUT), high * (1 + ABOUT)
    ids = (str(row["figure_id"]),)
    return Level(low, high, row["as_of"].date(), ids, row["published"].date())


@dataclass(frozen=True, eq=False)
class Evidence:
    """A case with all that was published since, and its figures by country.

    Parameters
    ----------
    case : Case
    """

    case: Case

    @cached_property
    def aggregates(self) -> pd.DataFrame:
        """Figures of places and totals, as ``Ledger.aggregates``."""
        return self.case.ledger.aggregates

    @cached_property
    def _by_country(self) -> dict[tuple[str, str], tuple[Level, ...]]:
        rows = self.case.ledger.figures.sort_values(["as_of", "published", "figure_id"])
        found: dict[tuple[str, str], list[Level]] = {}
        for key, level in _usable(rows, ("quantity", "origin")):
            found.setdefault((key[0], key[1]), []).append(level)
        return {key: tuple(part) for key, part in found.items()}

    @cached_property
    def _totals(self) -> dict[tuple[str, str], tuple[Level, ...]]:
        rows = self.aggregates[self.aggregates["quantity"].isin(AGGREGATED.values())]
        rows = rows.sort_values(["as_of", "published", "figure_id"])
        found: dict[tuple[str, str], list[Level]] = {}
        for key, level in _usable(rows, ("quantity", "place")):
            found.setdefault((key[0], key[1]), []).append(level)
        return {key: tuple(part) for key, part in found.items()}

    def country(self, quantity: str, origin: str) -> tuple[Level, ...]:
        """Return every usable figure of a country, by day and publication."""
        return self._by_country.get((quantity, origin), ())

    def total(self, quantity: str, area: str) -> tuple[Level, ...]:
        """Return every usable total of an area, by day and publication."""
        return self._totals.get((AGGREGATED.get(quantity, ""), area), ())


def _usable(rows: pd.DataFrame, keys: tuple[str, str]) -> Iterator[tuple[tuple[str, str], Level]]:
    for record in rows.to_dict("records"):
        row = {str(name): value for name, value in record.items()}
        level = None if row["tags"] & UNUSED_TAGS else level_of(row)
        if level is not None:
            yield (str(row[keys[0]]), str(row[keys[1]])), level


def by_day(figures: Iterable[Level]) -> list[Level]:
    """Return a series with one figure a day: of several of one day, the last published."""
    return list({level.day: level for level in figures}.values())


def around(
    series: list[Level], day: dt.date, until: dt.date, since: dt.date | None = None
) -> tuple[Level | None, Level, Level] | None:
    """Return the level before a day, at the day and as last known by another day.

    The level at the day is the nearest within ``NEAR``; the last one is at least ``APART``
    after the day and after that level. The level before is the nearest to two years (or
    ``since``) before the day.
    """
    near = [level for level in series if abs(level.day - day) <= NEAR and level.day <= until]
    if not near:
        return None
    base = min(near, key=lambda level: abs(level.day - day))
    later = [level for level in series if max(day, base.day) + APART <= level.day <= until]
    if not later:
        return None
    start = since or day - dt.timedelta(days=731)
    before = [level for level in series if level.day <= base.day - APART]
    earlier = min(before, key=lambda level: abs(level.day - start), default=None)
    return earlier, base, later[-1]


def change(
    evidence: Evidence,
    quantity: str,
    area: str,
    day: dt.date,
    until: dt.date,
    *,
    before: bool = False,
) -> Change | None:
    """Return how far a cumulative number rose after a day, or None if no figures tell.

    Of an area there may be a total of its own, or countries with figures at both ends that are
    added up, provided that they have half of the area's departed; what reaches furthest counts.

    Parameters
    ----------
    evidence : Evidence
    quantity : {"returned", "departed"}
    area : str
        A home country or a larger area.
    day, until : datetime.date
        Figures of days from about ``day`` to ``until``.
    before : bool
        Whether a level before the day is needed.
    """
    single = area in {row.origin for row in evidence.case.origins}
    own = evidence.country(quantity, area) if single else evidence.total(quantity, area)
    total = around(by_day(own), day, until)
    found = []
    if total is not None and not (before and total[0] is None):
        found.append(Change(total[1], total[2], total[0], 1.0, int(single)))
    added = None if single else _added_up(evidence, quantity, area, day, until, before)
    found += [] if added is None else [added]
    return max(found, key=lambda one: one.last.day, default=None)


def _added_up(
    evidence: Evidence, quantity: str, area: str, day: dt.date, until: dt.date, before: bool
) -> Change | None:
    """Return the sum over an area's countries that have figures at both ends."""
    found, weights, whole = [], 0.0, 0.0
    for origin in origins_of_area(evidence.case, area):
        departed = evidence.country("departed", origin)
        weight = departed[-1].middle if departed else 0.0
        whole += weight
        triple = around(by_day(evidence.country(quantity, origin)), day, until)
        if triple is not None and not (before and triple[0] is None):
            found.append(triple)
            weights += weight
    if not found or whole <= 0 or weights < COVERED * whole:
        return None
    earlier = [triple[0] for triple in found if triple[0] is not None]
    complete = len(earlier) == len(found)
    return Change(
        _sum([triple[1] for triple in found]),
        _sum([triple[2] for triple in found]),
        _sum(earlier) if complete else None,
        weights / whole,
        len(found),
    )


def _sum(parts: list[Level]) -> Level:
    """Return levels added up, on their median day."""
    days = sorted(part.day for part in parts)
    return Level(
        sum(part.low for part in parts),
        sum(part.high for part in parts),
        days[len(days) // 2],
        tuple(name for part in parts for name in part.figure_ids),
        max(part.published for part in parts),
    )
