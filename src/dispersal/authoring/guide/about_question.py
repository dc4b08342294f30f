"""What to fill in of the question itself, of sources and of judgements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispersal.authoring.guide.finding import Finding, some, usual
from dispersal.model.design import UNKNOWN_SIZE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispersal.case import Case

#: How the description of a new case begins that nobody has written yet.
UNWRITTEN: Final = "Armed group that holds territory in "


def end(case: Case, _folder: str) -> Iterator[Finding]:
    """Find a case without a judgement of the end that was made by the day of the question."""
    if case.end.judgements:
        return
    asked = case.asked_on
    yield Finding(
        "end",
        "case.yaml",
        "end.judgements",
        f"no judgement by {asked} of when the last territory is lost",
        f"the forecast takes {usual('end_delay')} months from the question (80 %); when it ends "
        "moves every count after it",
        f"under end.judgements: - {{judged_on: {asked}, p10: DATE, p50: DATE, p90: DATE, "
        "source: '', note: WHY}",
    )


def size(case: Case, _folder: str) -> Iterator[Finding]:
    """Find local members of whose number nothing is said."""
    local = [row for row in case.origins if row.kind == "local"]
    silent = [row.origin for row in local if row.members_low is None]
    if not silent or case.group.members_low is not None:
        return
    low, high = UNKNOWN_SIZE
    yield Finding(
        "size",
        "case.yaml",
        "group.members_low",
        f"no range of how many local members there ever were ({some(silent)})",
        f"the forecast takes {low:,.0f} to {high:,.0f} (80 %), and every count of them is a share "
        "of it",
        "under group: members_low: N and members_high: N, ends of an 80 % range",
        tuple(silent),
    )


def modes(case: Case, _folder: str) -> Iterator[Finding]:
    """Find a case that can end in one way only."""
    possible = [mode for mode, share in case.end.modes.items() if share > 0]
    if len(possible) > 1:
        return
    yield Finding(
        "modes",
        "case.yaml",
        "end.modes",
        f"only {possible[0]} has a probability",
        "the forecast takes it as certain how the group ends; past groups have surprised",
        "under end.modes: a probability for each mode that can be thought of; "
        "`dispersal reference` tells how past groups ended",
    )


def links(case: Case, _folder: str) -> Iterator[Finding]:
    """Find cited sources that cannot be looked up."""
    keys = [row.key for row in case.ledger.source_rows if not row.url]
    if keys:
        yield Finding(
            "links",
            "evidence/sources.csv",
            "url",
            f"no address of {some(keys)}",
            "a reader cannot follow their figures to where they were published",
            "the address, in the cell url of each",
            tuple(keys),
        )


def experts(case: Case, _folder: str) -> Iterator[Finding]:
    """Find a case without judgements of others."""
    if not case.experts:
        yield Finding(
            "experts",
            "experts.csv",
            "judgement_id",
            "no published judgement of what will come",
            "`dispersal experts` can compare the forecast with them, and take the end from them",
            "one judgement a row; docs/case-format.md has the columns",
        )


def description(case: Case, _folder: str) -> Iterator[Finding]:
    """Find a description that nobody has written."""
    if case.group.description.startswith(UNWRITTEN):
        yield Finding(
            "description",
            "case.yaml",
            "group.description",
            "the description says only what was asked when the case was made",
            "readers of the report learn from it who is meant",
            "a sentence or two under group.description",
        )
