"""What became of a judgement: one rule a kind of claim, from what was published after it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dispersal.forecast.wording import number
from dispersal.whatif.experts import strengths as strength_rules
from dispersal.whatif.experts.measured import (
    HALF_YEAR,
    Outcome,
    in_words,
    recorded,
    rose,
    sources_of,
    unknown,
    year_of_day,
)
from dispersal.whatif.experts.reading import CUMULATIVE, MASS
from dispersal.whatif.experts.series import by_day, change

if TYPE_CHECKING:
    from dispersal.whatif.experts.reading import Claim
    from dispersal.whatif.experts.series import Change, Evidence

UNKNOWN_SHARES: Final = "no figure tells of those who were left: only of all who ever joined"


def outcome(evidence: Evidence, claim: Claim) -> Outcome:
    """Return what became of a number or an event.

    Parameters
    ----------
    evidence : Evidence
    claim : Claim
        Of the kind ``numeric`` or ``event``.
    """
    if claim.scale == "year" or claim.proposition == "ends":
        return _ended(evidence, claim)
    if claim.judgement.quantity in CUMULATIVE:
        return _added(evidence, claim)
    if claim.judgement.quantity == "share_remaining_in_theatre":
        return _share_left(evidence, claim)
    if claim.scale == "share":
        return unknown(UNKNOWN_SHARES)
    if claim.proposition == "lives_on":
        return strength_rules.lives_on(evidence, claim)
    return strength_rules.strength_rose(evidence, claim)


def _ended(evidence: Evidence, claim: Claim) -> Outcome:
    row = claim.judgement
    found = recorded(evidence.case, row.quantity, row.place, row.published)
    if found is None:
        return unknown("no day is recorded in outcomes.csv")
    year = year_of_day(found.as_of)
    return Outcome(
        True,
        found.as_of.isoformat(),
        low=year,
        high=year,
        truth=found.as_of <= claim.until if claim.kind == "event" else None,
        day=found.as_of,
        figure_ids=(found.outcome_id,),
        sources=(found.source,),
    )


def _added(evidence: Evidence, claim: Claim) -> Outcome:
    row = claim.judgement
    quantity = CUMULATIVE[row.quantity]
    rises = claim.proposition == "rises"
    found = change(evidence, quantity, claim.area, row.published, claim.until, before=rises)
    if found is None and claim.kind == "numeric" and quantity == "returned":
        return _at_most(evidence, claim)
    if found is None:
        return unknown(f"no figures of {quantity} of {claim.area} before and after")
    low, high = found.added
    said = f"{in_words(low, high)} more from {found.base.day} to {found.last.day}"
    if found.countries > 1:
        said += f" in {found.countries} countries and, in proportion, the others"
    if not rises:
        found = replace(found, earlier=None)
    known = Outcome(
        True,
        said,
        low=low,
        high=high,
        earlier_day=found.earlier.day if found.earlier else None,
        base_day=found.base.day,
        day=found.last.day,
        figure_ids=found.figure_ids,
        sources=sources_of(evidence, found.figure_ids),
    )
    if claim.kind == "numeric":
        return known
    if claim.proposition == "mass":
        assert row.high is not None
        half = MASS * row.high
        truth = True if low >= half else False if high < half else None
        if truth is None:
            return unknown(f"{said}: on both sides of half of {number(row.high)}")
        return replace(known, text=f"{said}, of {number(row.high)}", truth=truth)
    before, after = yearly(found)
    said = f"{before:.0f} a year before {found.base.day}, {after:.0f} a year until {found.last.day}"
    return replace(known, text=said, low=None, high=None, truth=rose(before, after))


def _at_most(evidence: Evidence, claim: Claim) -> Outcome:
    """Return all who ever came back as the most that can have been added, where that is known."""
    rows = evidence.aggregates
    whole = "+".join(sorted(evidence.case.territory.places))
    place = whole if claim.area == "WLD" else claim.area
    rows = rows[(rows["quantity"] == "returned_total") & (rows["place"] == place)]
    after = rows["as_of"].dt.date > claim.judgement.published
    rows = rows[after & (rows["as_of"].dt.date <= claim.until) & rows["high"].notna()]
    if rows.empty:
        return unknown(f"no figures of returned of {claim.area} before and after")
    last = rows.sort_values(["as_of", "figure_id"]).iloc[-1]
    ids, day = (str(last["figure_id"]),), last["as_of"].date()
    said = f"at most {number(float(last['high']))} ever, by {day}"
    return Outcome(
        True, said, high=float(last["high"]), base_day=claim.judgement.published, day=day,
        figure_ids=ids, sources=sources_of(evidence, ids),
    )  # fmt: skip


def yearly(found: Change) -> tuple[float, float]:
    """Return how many a year were added before and after a day, from the middles of figures."""
    assert found.earlier is not None
    years = [
        (last.day - first.day).days / 365.25
        for first, last in ((found.earlier, found.base), (found.base, found.last))
    ]
    before = max(found.base.middle - found.earlier.middle, 0.0) / years[0]
    after = max(found.last.middle - found.base.middle, 0.0) / years[1]
    return before, after


def _share_left(evidence: Evidence, claim: Claim) -> Outcome:
    """Return which part of those in the theatre was left: two figures of ``remaining``."""
    row = claim.judgement
    series = by_day(evidence.country("remaining", claim.area))
    if len(series) < 2:
        return unknown(f"no figures of remaining of {claim.area} before and after")
    known = [level for level in series if level.day <= row.published] or series[:1]
    first = known[-1]
    last = min(series, key=lambda level: abs(level.day - claim.until))
    if last.day < row.published + HALF_YEAR:
        return unknown(f"no figures of remaining of {claim.area} before and after")
    low, high = last.low / first.high, min(last.high / first.low, 1.0)
    ids = (*first.figure_ids, *last.figure_ids)
    return Outcome(
        True,
        f"{number(last.middle)} on {last.day} of {number(first.middle)} on {first.day}",
        low=min(low, 1.0),
        high=high,
        base_day=first.day,
        day=last.day,
        figure_ids=ids,
        sources=sources_of(evidence, ids),
    )
