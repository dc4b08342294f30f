"""Checks of ``case.yaml`` as a whole: its period, its end, its name."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dispersal.case.checks.ranges import number
from dispersal.case.checks.registry import fault_check
from dispersal.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispersal.case.draft import Draft

_FILE = "case.yaml"


@fault_check("name_mismatch")
def name_mismatch(draft: Draft) -> Iterator[Fault]:
    """Find a case that is not called like its folder."""
    question, folder = draft.question, draft.folder_name
    if question and folder is not None and question.name != folder:
        expected = f"{folder}, the name of the folder; or rename the folder"
        yield Fault("name_mismatch", _FILE, None, "name", question.name, expected)


@fault_check("period_order")
def period_order(draft: Draft) -> Iterator[Fault]:
    """Find a simulation that ends before it begins."""
    if draft.question:
        period = draft.question.period
        if period.until <= period.start:
            expected = f"a day after {period.start}, which period.start says"
            yield Fault("period_order", _FILE, None, "period.until", str(period.until), expected)


@fault_check("asked_outside_period")
def asked_outside_period(draft: Draft) -> Iterator[Fault]:
    """Find a question asked outside the period that is simulated."""
    if draft.question:
        asked, period = draft.question.asked_on, draft.question.period
        if period.start < period.until and not period.start <= asked <= period.until:
            expected = f"a day of the period, {period.start} to {period.until}"
            yield Fault("asked_outside_period", _FILE, None, "asked_on", str(asked), expected)


@fault_check("modes_sum")
def modes_sum(draft: Draft) -> Iterator[Fault]:
    """Find probabilities of the modes of ending that do not add up to 1."""
    if draft.question:
        total = math.fsum(draft.question.end.modes.values())
        if abs(total - 1) > 1e-6:
            found = f"a sum of {number(round(total, 6))}"
            expected = "probabilities that sum to 1"
            yield Fault("modes_sum", _FILE, None, "end.modes", found, expected)


@fault_check("end_order")
def end_order(draft: Draft) -> Iterator[Fault]:
    """Find quantiles of the end's date that are out of order or before the period."""
    if not draft.question:
        return
    start = draft.question.period.start
    judged = set()
    for position, end in enumerate(draft.question.end.judgements, start=1):
        where = f"end.judgements[{position}]"
        for later, early, late in (("p50", end.p10, end.p50), ("p90", end.p50, end.p90)):
            if late < early:
                expected = f"a day not before {early}, the quantile before it"
                yield Fault("end_order", _FILE, None, f"{where}.{later}", str(late), expected)
        if end.p10 < start:
            expected = f"a day not before {start}, which period.start says"
            yield Fault("end_order", _FILE, None, f"{where}.p10", str(end.p10), expected)
        if end.judged_on in judged:
            expected = "one judgement a day, since the latest one is used"
            where += ".judged_on"
            yield Fault("end_order", _FILE, None, where, str(end.judged_on), expected)
        judged.add(end.judged_on)


@fault_check("agreed_without_mode")
def agreed_without_mode(draft: Draft) -> Iterator[Fault]:
    """Find a settlement in force of a group that cannot end by a settlement."""
    if draft.question:
        end = draft.question.end
        if end.agreed_on is not None and not end.modes["negotiated"]:
            expected = "a probability of the mode negotiated above 0, or no such day"
            found = str(end.agreed_on)
            yield Fault("agreed_without_mode", _FILE, None, "end.agreed_on", found, expected)


@fault_check("home_theatre_mismatch")
def home_theatre_mismatch(draft: Draft) -> Iterator[Fault]:
    """Find a place on which the territory and the role of home theatre disagree.

    A zone may be part of the home theatre as part of a country that the territory names.
    """
    if not draft.question or not draft.places.readable:
        return
    territory = draft.question.territory.places
    for row, place in draft.places.rows:
        is_home = "home_theatre" in place.roles
        if is_home and place.place not in territory and place.country not in territory:
            expected = "no home_theatre among the roles, since territory.places of case.yaml "
            expected += f"does not name {place.place}"
        elif not is_home and place.place in territory:
            expected = "home_theatre among the roles, since territory.places of case.yaml "
            expected += f"names {place.place}"
        else:
            continue
        found = ";".join(place.roles)
        yield Fault("home_theatre_mismatch", draft.places.file, row, "roles", found, expected)
