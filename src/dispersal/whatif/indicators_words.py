"""Indicators in plain words."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from dispersal.forecast import wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_COHORTS = {"holdouts": "holdouts", "free_agents": "free agents", "returnees": "returnees"}


def sentence(
    cohort: str,
    threshold: float,
    chance: float,
    rows: Sequence[Mapping[str, Any]],
    early: dt.date,
    late: dt.date,
) -> str:
    """Return what to look out for, in one or two sentences.

    The observable told is the best teller of which some value takes the chance past one half.

    Parameters
    ----------
    cohort : str
    threshold : float
        Persons.
    chance : float
        That the cohort outnumbers it.
    rows : sequence of mapping
        As the lines of ``Cohort.observables``, the best teller first.
    early, late : datetime.date
        Days of the observables and of the outcome.

    Examples
    --------
    >>> row = {"kind": "national", "words": "remaining (Netherlands)", "auc": 0.712,
    ...        "half_value": 231.4, "half_label": None, "half_above": True, "half_chance": 0.1}
    >>> print(sentence("holdouts", 3_000, 0.25, [row], dt.date(2018, 3, 7), dt.date(2020, 12, 31)))
    The chance of holdouts above 3,000 on 31 December 2020 is 25 %. If more than about 230 are \
published as remaining (Netherlands) for March 2018, that becomes more likely than not (AUC 0.71; \
the chance to see this is 10 %).
    """
    above = f"{_COHORTS[cohort]} above {wording.number(threshold)}"
    known = f"The chance of {above} on {wording.day(late)} is {wording.percent(chance)}."
    if not rows:
        return f"{known} That is too far from one half for any observable to be compared."
    told = next((row for row in rows if row["half_chance"] is not None), None)
    best = rows[0]
    if told is None:
        return (
            f"{known} No value of any single observable that is likely to be seen by "
            f"{wording.month(early)} takes it past one half; the best teller is "
            f"{best['words']} (AUC {best['auc']:.2f})."
        )
    becomes = "more" if chance < 0.5 else "less"
    return (
        f"{known} {_condition(told, early)}, that becomes {becomes} likely than not "
        f"(AUC {told['auc']:.2f}; the chance to see this is "
        f"{wording.percent(told['half_chance'])})."
    )


def _condition(row: Mapping[str, Any], early: dt.date) -> str:
    above, kind = row["half_above"], row["kind"]
    if kind == "end_mode":
        if row["half_label"] == "not yet":
            return f"If the last territory is still held in {wording.month(early)}"
        return f"If the last territory is lost by {row['half_label']}"
    if kind == "end_month":
        return f"If the last territory {when_lost(str(row['half_label']), above=above)}"
    count = wording.number(row["half_value"])
    if row["half_value"] < wording.FEW:
        than = f"more than {count}" if above else f"{'none' if count == 'none' else 'hardly any'}"
    else:
        than = f"{'more' if above else 'fewer'} than about {count}"
    verb = "published" if kind == "national" else "counted"
    return f"If {than} are {verb} as {row['words']} for {wording.month(early)}"


def when_lost(label: str, *, above: bool) -> str:
    """Return when the territory is lost, from the label of a month.

    Examples
    --------
    >>> when_lost("2017-11-01", above=True), when_lost("2017-11-01", above=False)
    ('is lost in November 2017 or later', 'is lost in November 2017 or earlier')
    >>> when_lost("not yet", above=True)
    'is still held then'
    """
    if label == "not yet":
        return "is still held then"
    month = wording.month(dt.date.fromisoformat(label))
    return f"is lost in {month} or {'later' if above else 'earlier'}"
