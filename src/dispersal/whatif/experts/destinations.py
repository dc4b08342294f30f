"""What became of the places that a judgement names: whether members reached them, by evidence."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dispersal.forecast.wording import number
from dispersal.whatif.experts.areas import NEIGHBOURS, Destination, destination
from dispersal.whatif.experts.measured import sources_of
from dispersal.whatif.experts.series import by_day
from dispersal.whatif.experts.strengths import strengths

if TYPE_CHECKING:
    import pandas as pd

    from dispersal.whatif.experts.reading import Claim
    from dispersal.whatif.experts.series import Evidence, Level

#: Aggregates that tell of members who came to a theatre from abroad. Foreigners who are there
#: (``theatre_foreign``) may have come before the judgement, or never have been in this group.
ARRIVALS: Final = ("arrived",)


@dataclass(frozen=True)
class Reached:
    """What was published of a place that a judgement names.

    Parameters
    ----------
    name, kind : str
        As in :class:`Destination`, or the fate that was named.
    codes : tuple of str
    reached : bool or None
        Whether members came there afterwards; None where nothing tells.
    low, high : float or None
        Persons, where they were counted.
    day : datetime.date or None
        Of the last figure.
    figure_ids, sources : tuple of str
    text : str
    """

    name: str
    kind: str
    codes: tuple[str, ...]
    reached: bool | None
    text: str
    low: float | None = None
    high: float | None = None
    day: dt.date | None = None
    figure_ids: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def size(self) -> float | None:
        """The middle of what was counted; None where nobody counted."""
        return None if self.low is None or self.high is None else (self.low + self.high) / 2


def reached(evidence: Evidence, claim: Claim) -> tuple[Reached, ...]:
    """Return what became of each name of a ranking, in its order.

    Parameters
    ----------
    evidence : Evidence
    claim : Claim
        Of the kind ``ranking``.
    """
    row = claim.judgement
    if row.quantity != "most_likely_destination":
        fates = tuple(_fate(evidence, claim, name) for name in claim.names)
        if sum(one.size is not None for one in fates) > 1:
            return fates
        # One count alone says nothing of an order of fates.
        nothing = "fewer than two of them were counted"
        return tuple(Reached(one.name, one.kind, (), None, nothing) for one in fates)
    home = claim.cohort == "returnees"
    found = [destination(evidence.case, name, home=home) for name in claim.names]
    return tuple(place_reached(evidence, one, row.published, claim.until) for one in found)


def place_reached(evidence: Evidence, where: Destination, day: dt.date, until: dt.date) -> Reached:
    """Return what was published of a destination after a day.

    Parameters
    ----------
    evidence : Evidence
    where : Destination
    day, until : datetime.date
        Figures of days after ``day``, to ``until``.
    """
    if where.kind == "remnant":
        return _remnant(evidence, where, day, until)
    if where.kind == "home":
        return _homes(evidence, where, day, until)
    if where.kind in ("theatre", "near"):
        return _arrivals(evidence, where, day, until)
    return Reached(where.name, where.kind, (), None, "no place of the case")


def _remnant(evidence: Evidence, where: Destination, day: dt.date, until: dt.date) -> Reached:
    place = "+".join(evidence.case.territory.places)
    rows = [
        row
        for row in strengths(evidence, ("underground_strength",), place)
        if day < row["day"] <= until
    ]
    if not rows:
        return Reached(where.name, where.kind, where.codes, None, "no strength is published")
    low, high = min(row["low"] for row in rows), max(row["high"] for row in rows)
    ids = tuple(row["figure_id"] for row in rows)
    said = f"{number(low)} to {number(high)} underground" if low < high else f"{number(low)} there"
    return Reached(
        where.name, where.kind, where.codes, True, said, low, high, rows[-1]["day"], ids,
        sources_of(evidence, ids),
    )  # fmt: skip


def _arrivals(evidence: Evidence, where: Destination, day: dt.date, until: dt.date) -> Reached:
    """Return arrivals counted or reported at a theatre or a neighbour."""
    countries = {row.place: row.country or row.place for row in evidence.case.places}
    inside = set(where.codes) | {countries.get(code, code) for code in where.codes}
    rows = evidence.aggregates
    home = set(evidence.case.territory.places)
    rows = rows[rows["quantity"].isin(ARRIVALS) & rows["place"].isin(inside - home)]
    rows = _between(rows, day, until)
    reports = [
        row
        for row in evidence.case.outcomes
        if row.quantity == "arrived" and row.place in inside and day < row.published <= until
    ]
    ids = tuple(str(name) for name in rows["figure_id"])
    sources = (*sources_of(evidence, ids), *(row.source for row in reports))
    ids += tuple(row.outcome_id for row in reports)
    if not ids:
        nothing = "no arrival was published"
        return Reached(where.name, where.kind, where.codes, None, nothing)
    days = [stamp.date() for stamp in rows["as_of"]] + [row.as_of for row in reports]
    counted = rows[rows["origin"] == ""]
    if counted.empty:
        # Figures of one home country's people say that some came, not how many.
        said = "arrivals reported, not counted"
        if not rows.empty:
            said = f"counted of {', '.join(sorted(set(rows['origin'])))} only"
        return Reached(
            where.name, where.kind, where.codes, True, said, None, None, max(days), ids, sources
        )
    low, high = _largest(counted)
    said = f"{number(low)} counted" if low == high else f"{number(low)} to {number(high)} counted"
    return Reached(
        where.name, where.kind, where.codes, True, said, low, high, max(days), ids, sources
    )


def _largest(rows: pd.DataFrame) -> tuple[float, float]:
    """Return the ends over the figures of each place, added up over places.

    Where some figures have two ends, a bound alone says no more.
    """
    low = high = 0.0
    for _, part in rows.groupby("place"):
        ends = part[["low", "high"]].to_numpy(float)
        whole = ends[~np.isnan(ends).any(axis=1)]
        ends = whole if len(whole) else ends
        low += float(np.nanmin(ends))
        high += float(np.nanmax(ends))
    return low, high


def _homes(evidence: Evidence, where: Destination, day: dt.date, until: dt.date) -> Reached:
    """Return how many more came home to an area's countries than was known on the day.

    Those brought home by their state are told apart: their rows overlap, so that the largest of
    a country counts.
    """
    more = brought = 0.0
    told, ids, days = False, list[str](), list[dt.date]()
    for origin in where.codes:
        returned = evidence.country("returned", origin)
        known = by_day(level for level in returned if level.published <= day)
        later = [level for level in returned if _afterwards(level, day, until)]
        if known and later:
            told = True
            best = max(later, key=lambda level: level.low)
            if best.low > known[-1].high:
                more += best.low - known[-1].high
                ids += [*known[-1].figure_ids, *best.figure_ids]
                days.append(best.day)
        repatriated = [
            level
            for level in evidence.country("repatriated", origin)
            if _afterwards(level, day, until)
        ]
        if repatriated:
            most = max(repatriated, key=lambda level: level.low)
            brought += most.low
            ids += most.figure_ids
            days.append(most.day)
    found = tuple(ids)
    if not more and not brought:
        nothing = "no country there published returns before and after"
        if told:
            nothing = "no country there published more than before"
        return Reached(where.name, where.kind, where.codes, False if told else None, nothing)
    parts = [f"at least {number(more)} more came home"] if more else []
    parts += [f"at least {number(brought)} brought home by their state"] if brought else []
    size = more or brought
    return Reached(
        where.name, where.kind, where.codes, True, "; ".join(parts), size, size, max(days), found,
        sources_of(evidence, found),
    )  # fmt: skip


def _fate(evidence: Evidence, claim: Claim, name: str) -> Reached:
    """Return what was counted of a fate that a judgement names, of one country or of all."""
    day, until, origin = claim.judgement.published, claim.until, claim.area
    if name == "hardcore_underground":
        return _renamed(
            _remnant(
                evidence,
                destination(evidence.case, "+".join(evidence.case.territory.places)),
                day,
                until,
            ),
            name,
        )
    if name == "free_agents_next_theatre":
        return _renamed(
            _arrivals(evidence, destination(evidence.case, "other_conflict_areas"), day, until),
            name,
        )
    rows = _between(evidence.aggregates, day, until)
    if name == "returnees":
        whole = "+".join(sorted(evidence.case.territory.places))
        rows = rows[(rows["quantity"] == "returned_total") & (rows["place"] == whole)]
        rows = rows[rows["high"].notna()]
    else:
        rows = rows[rows["origin"] == origin]
        quantity, places = {
            "killed": ("foreign_killed", None),
            "stay_in_IRQ_SYR": ("foreign_detained", None),
            "captured_tried_in_IRQ_SYR": ("foreign_detained", None),
            "other_armed_group": ("arrived", evidence.case.territory.places),
            "neighbouring_countries": ("arrived", NEIGHBOURS["neighbouring_countries"]),
        }.get(name, ("", None))
        rows = rows[rows["quantity"] == quantity]
        if places is not None:
            rows = rows[rows["place"].isin(places)]
    if rows.empty:
        return Reached(name, "fate", (), None, "nothing was counted")
    chosen = rows.sort_values(["as_of", "figure_id"]).iloc[-1]
    ids = (str(chosen["figure_id"]),)
    low, high = _largest(rows.loc[[chosen.name]])
    ever = "ever, by" if name == "returnees" else "on"
    said = f"{number(high)} {ever} {chosen['as_of'].date()}"
    return Reached(
        name, "fate", (), True, said, low or high, high, chosen["as_of"].date(), ids,
        sources_of(evidence, ids),
    )  # fmt: skip


def _renamed(one: Reached, name: str) -> Reached:
    return Reached(
        name, "fate", one.codes, one.reached, one.text, one.low, one.high, one.day,
        one.figure_ids, one.sources,
    )  # fmt: skip


def _afterwards(level: Level, day: dt.date, until: dt.date) -> bool:
    return day < level.day <= until and level.published > day


def _between(rows: pd.DataFrame, day: dt.date, until: dt.date) -> pd.DataFrame:
    """Return rows of days after a day that were published after it, to another day."""
    days = rows["as_of"].dt.date
    found: pd.DataFrame = rows[(days > day) & (days <= until) & (rows["published"].dt.date > day)]
    return found
