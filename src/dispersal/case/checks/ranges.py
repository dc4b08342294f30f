"""Checks of ranges, qualifiers and spans of time within one row."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from dispersal.case.checks.registry import fault_check
from dispersal.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from dispersal.case.draft import Draft
    from dispersal.case.schema import Aggregate, Figure, Policy


def evidence_rows(draft: Draft) -> Iterator[tuple[str, int, Figure | Aggregate]]:
    """Yield every row of evidence with its file and its row number."""
    for row, figure in draft.figures.rows:
        yield draft.figures.file, row, figure
    for row, aggregate in draft.aggregates.rows:
        yield draft.aggregates.file, row, aggregate


def number(value: float | None) -> str:
    """Return a number as a person writes it; "" for None.

    Examples
    --------
    >>> number(2500.0), number(0.35)
    ('2500', '0.35')
    """
    if value is None:
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def _ranges(draft: Draft) -> Iterator[tuple[str, int, str, float | None, float | None]]:
    """Yield every 80 % range of the tables: file, row, name before ``_low``, low, high."""
    for file, row, figure in evidence_rows(draft):
        yield file, row, "", figure.low, figure.high
    for row, origin in draft.origins.rows:
        yield draft.origins.file, row, "members_", origin.members_low, origin.members_high
    for row, policy in draft.policies.rows:
        yield draft.policies.file, row, "", policy.low, policy.high
    for row, host in draft.hosts.rows:
        yield draft.hosts.file, row, "capacity_", host.capacity_low, host.capacity_high
    for row, judgement in draft.experts.rows:
        yield draft.experts.file, row, "", judgement.low, judgement.high
    for row, outcome in draft.outcomes.rows:
        yield draft.outcomes.file, row, "", outcome.low, outcome.high


@fault_check("low_above_high")
def low_above_high(draft: Draft) -> Iterator[Fault]:
    """Find a range that runs from its larger to its smaller end."""
    for file, row, name, low, high in _ranges(draft):
        if low is not None and high is not None and low > high:
            expected = f"at most {number(high)}, which {name}high says"
            yield Fault("low_above_high", file, row, f"{name}low", number(low), expected)
    for row, judgement in draft.experts.rows:
        low, mode, high = judgement.low, judgement.mode, judgement.high
        if mode is None:
            continue
        if (low is not None and mode < low) or (high is not None and mode > high):
            expected = f"a number between low {number(low)} and high {number(high)}"
            yield Fault("low_above_high", draft.experts.file, row, "mode", number(mode), expected)
    group = draft.question.group if draft.question else None
    if group and group.members_low is not None and group.members_high is not None:
        low, high = group.members_low, group.members_high
        if low > high:
            expected = f"at most {number(high)}, which group.members_high says"
            where = "group.members_low"
            yield Fault("low_above_high", "case.yaml", None, where, number(low), expected)


@fault_check("half_range")
def half_range(draft: Draft) -> Iterator[Fault]:
    """Find an optional range of which one end is missing."""
    for file, row, name, low, high in _ranges(draft):
        if name and (low is None) != (high is None):
            missing = f"{name}low" if low is None else f"{name}high"
            expected = "both ends of the range, or neither"
            yield Fault("half_range", file, row, missing, "", expected)
    group = draft.question.group if draft.question else None
    if group and (group.members_low is None) != (group.members_high is None):
        missing = "group.members_low" if group.members_low is None else "group.members_high"
        expected = "both ends of the range, or neither"
        yield Fault("half_range", "case.yaml", None, missing, "", expected)


@fault_check("qualifier_mismatch")
def qualifier_mismatch(draft: Draft) -> Iterator[Fault]:
    """Find a qualifier that does not fit the ends that are given."""
    for file, row, figure in evidence_rows(draft):
        low, high, qualifier = figure.low, figure.high, figure.qualifier
        found: tuple[str, str, str] | None = None
        if qualifier == "at_least" and high is not None:
            found = "high", number(high), "an empty cell, since the qualifier is at_least"
        elif qualifier == "at_most" and low is not None:
            found = "low", number(low), "an empty cell, since the qualifier is at_most"
        elif low is None and qualifier != "at_most":
            found = "low", "", f"a number, since the qualifier is {qualifier}"
        elif high is None and qualifier != "at_least":
            found = "high", "", f"a number, since the qualifier is {qualifier}"
        elif qualifier == "point" and low != high:
            expected = f"{number(low)} as in low, since the qualifier is point; or write range"
            found = "high", number(high), expected
        if found:
            yield Fault("qualifier_mismatch", file, row, *found)


@fault_check("percent_out_of_range")
def percent_out_of_range(draft: Draft) -> Iterator[Fault]:
    """Find a percentage above 100."""
    for row, figure in draft.aggregates.rows:
        if figure.quantity.endswith("_percent"):
            for column, value in (("low", figure.low), ("high", figure.high)):
                if value is not None and value > 100:
                    yield Fault(
                        "percent_out_of_range",
                        draft.aggregates.file,
                        row,
                        column,
                        number(value),
                        "a percentage from 0 to 100",
                    )


@fault_check("until_before_from")
def until_before_from(draft: Draft) -> Iterator[Fault]:
    """Find what ends before it begins."""
    spans: list[tuple[str, int, date | None, date | None]] = [
        (draft.policies.file, row, policy.from_, policy.until)
        for row, policy in draft.policies.rows
    ]
    spans += [(draft.hosts.file, row, host.from_, host.until) for row, host in draft.hosts.rows]
    for file, row, start, until in spans:
        if start is not None and until is not None and until < start:
            expected = f"a day not before {start}, which from says"
            yield Fault("until_before_from", file, row, "until", str(until), expected)


@fault_check("overlapping_policies")
def overlapping_policies(draft: Draft) -> Iterator[Fault]:
    """Find rows of one actor, policy and stratum of which it is not clear which is in force.

    A row without an end gives way to the next one; a row with an end must end before it.
    """
    series: dict[tuple[str, str, str], list[tuple[int, Policy]]] = {}
    for row, policy in draft.policies.rows:
        key = (policy.actor, policy.policy, policy.stratum or "")
        series.setdefault(key, []).append((row, policy))
    for rows in series.values():
        rows.sort(key=lambda entry: entry[1].from_)
        for (row, policy), (next_row, following) in itertools.pairwise(rows):
            file = draft.policies.file
            of_actor = f"row {row}, the same policy of {policy.actor}"
            if following.from_ == policy.from_:
                expected = f"another day than in {of_actor}; or only one of the two rows"
                found = str(following.from_)
                yield Fault("overlapping_policies", file, next_row, "from", found, expected)
            elif policy.until is not None and policy.until >= following.from_:
                expected = f"a day before {following.from_}, when row {next_row} takes over; or "
                expected += "an empty cell"
                found = str(policy.until)
                yield Fault("overlapping_policies", file, row, "until", found, expected)


@fault_check("missing_thaw")
def missing_thaw(draft: Draft) -> Iterator[Fault]:
    """Find a hostile host without the months in which the rift halves."""
    for row, host in draft.hosts.rows:
        if host.affinity < 0 and not host.thaw_months:
            found = number(host.thaw_months)
            expected = f"a number of months above 0, since affinity is {number(host.affinity)}"
            yield Fault("missing_thaw", draft.hosts.file, row, "thaw_months", found, expected)
