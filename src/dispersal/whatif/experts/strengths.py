"""What became of judgements of strength: of the remnant, and of other theatres."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np

from dispersal.forecast.wording import number
from dispersal.whatif.experts.measured import (
    AGREE,
    HALF_YEAR,
    REMNANT,
    RISE,
    Outcome,
    in_words,
    recorded,
    rose,
    sources_of,
    unknown,
)
from dispersal.whatif.experts.series import UNUSED_TAGS

if TYPE_CHECKING:
    from dispersal.whatif.experts.reading import Claim
    from dispersal.whatif.experts.series import Evidence


def lives_on(evidence: Evidence, claim: Claim) -> Outcome:
    """Return whether strengths published of days after the end are those of a remnant."""
    row = claim.judgement
    place = (
        row.place
        if row.place not in ("", "WLD")
        else "+".join(sorted(evidence.case.territory.places))
    )
    end = recorded(evidence.case, "end_date_of_territory", place, dt.date.min)
    start = max(row.published + HALF_YEAR, end.as_of if end else dt.date.min)
    found = [
        rows
        for rows in strengths(evidence, ("strength", "underground_strength"), place)
        if start <= rows["day"] <= start + 2 * 2 * HALF_YEAR
    ]
    sizes = [rows["low"] for rows in found]
    if not sizes:
        return unknown("no strength is published of days after the end")
    most = max(rows["high"] for rows in found)
    ids = tuple(rows["figure_id"] for rows in found)
    return Outcome(
        True,
        f"{in_words(min(sizes), most)} members counted after the end",
        low=min(sizes),
        high=most,
        truth=min(sizes) >= REMNANT,
        day=max(rows["day"] for rows in found),
        figure_ids=ids,
        sources=sources_of(evidence, ids),
    )


def strength_rose(evidence: Evidence, claim: Claim) -> Outcome:
    """Return whether a strength rose: the middles of the half-years around and after."""
    row = claim.judgement
    whole = set(row.place.split("+")) == set(evidence.case.territory.places)
    if row.quantity == "remnant_strength" and not whole:
        return unknown("strengths published of one country alone are mostly of single cities")
    here = row.quantity == "remnant_strength"
    names = ("strength", "underground_strength") if here else ("theatre_strength",)
    rows = strengths(evidence, names, row.place)
    day, month = row.published, dt.timedelta(days=31)
    now = [one for one in rows if day - HALF_YEAR <= one["day"] <= day + month]
    then = [
        one
        for one in rows
        if min(day + HALF_YEAR, claim.until - HALF_YEAR) <= one["day"]
        and day + month < one["day"] <= claim.until
    ]
    if not now or not then:
        return unknown("no strength is published of both times")
    levels_now, levels_then = ([one["middle"] for one in part] for part in (now, then))
    if max(levels_now) > AGREE * min(levels_now):
        return unknown("strengths published of that time differ more than fourfold")
    middle_now, middle_then = np.median(levels_now), np.median(levels_then)
    higher = max(levels_then) > RISE * max(levels_now)
    if higher and min(levels_then) < min(levels_now) / RISE:
        return unknown("later strengths lie on both sides: sources contradict each other")
    ids = tuple(one["figure_id"] for one in (*now, *then))
    return Outcome(
        True,
        f"{number(float(middle_now))} then, {number(float(middle_then))} later",
        truth=rose(float(middle_now), float(middle_then)),
        base_day=now[-1]["day"],
        day=then[-1]["day"],
        figure_ids=ids,
        sources=sources_of(evidence, ids),
    )


def strengths(evidence: Evidence, quantities: tuple[str, ...], place: str) -> list[dict[str, Any]]:
    """Return the strengths of the group published of a place, by day; a bound is a level, too."""
    rows = evidence.aggregates
    parts = set(place.split("+"))
    keep = rows["quantity"].isin(quantities) & rows["place"].map(
        lambda name: set(name.split("+")) == parts
    )
    if "theatre_strength" not in quantities:
        keep &= rows["host"] == ""
    found: list[dict[str, Any]] = []
    for record in rows[keep].sort_values(["as_of", "figure_id"]).to_dict("records"):
        if record["tags"] & UNUSED_TAGS:
            continue
        ends = [end for end in (record["low"], record["high"]) if np.isfinite(end)]
        found.append(
            {
                "figure_id": str(record["figure_id"]),
                "day": record["as_of"].date(),
                "low": float(min(ends)),
                "high": float(max(ends)),
                "middle": float(np.sqrt(min(ends) * max(ends))),
            }
        )
    return found
