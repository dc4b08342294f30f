"""Checks that stop nothing: what an author of a case will want to look at again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from dispersal.case.checks.ranges import evidence_rows, number
from dispersal.case.checks.references import cited_sources
from dispersal.case.checks.registry import note_check
from dispersal.case.tagging import tags_of
from dispersal.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispersal.case.draft import Draft


@note_check("published_before_as_of")
def published_before_as_of(draft: Draft) -> Iterator[Fault]:
    """Note a figure that was published before the day it speaks of; only a plan can be."""
    for file, row, figure in evidence_rows(draft):
        if figure.published < figure.as_of:
            expected = f"a day not before as_of, {figure.as_of}, unless the figure is a plan"
            found = str(figure.published)
            yield Fault("published_before_as_of", file, row, "published", found, expected)


@note_check("published_before_source")
def published_before_source(draft: Draft) -> Iterator[Fault]:
    """Note a figure older than its source: a forecast may see it too early."""
    days = {source.key: source.published for source in draft.sources.values()}
    for file, row, figure in evidence_rows(draft):
        day = days.get(figure.source)
        if day is not None and figure.published < day:
            expected = f"a day not before {day}, on which {figure.source} was published"
            found = str(figure.published)
            yield Fault("published_before_source", file, row, "published", found, expected)


@note_check("source_after_question")
def source_after_question(draft: Draft) -> Iterator[Fault]:
    """Note a source of origins or places from after the question: these rows have no day.

    A forecast as known on the day of the question would use them all the same.
    """
    if not draft.question:
        return
    days = {source.key: source.published for source in draft.sources.values()}
    asked = draft.question.asked_on
    rows = [(draft.origins.file, row, origin.source) for row, origin in draft.origins.rows]
    rows += [(draft.places.file, row, place.source) for row, place in draft.places.rows]
    seen: set[tuple[str, str]] = set()
    for file, row, key in rows:
        if key in days and days[key] > asked and (file, key) not in seen:
            seen.add((file, key))
            expected = f"a source published by {asked}, which asked_on says; it is of {days[key]}"
            yield Fault("source_after_question", file, row, "source", key, expected)


@note_check("unused_source")
def unused_source(draft: Draft) -> Iterator[Fault]:
    """Note a source that nothing cites."""
    cited = {key for _, _, _, key in cited_sources(draft)}
    for row, source in draft.sources.rows:
        if source.key not in cited:
            expected = "a source that some row cites"
            yield Fault("unused_source", draft.sources.file, row, "key", source.key, expected)


@note_check("origin_without_evidence")
def origin_without_evidence(draft: Draft) -> Iterator[Fault]:
    """Note an origin without a figure or a range of members: only priors speak for it."""
    with_figures = {figure.origin for figure in draft.figures.values()}
    group = draft.question.group if draft.question else None
    for row, origin in draft.origins.rows:
        if origin.origin in with_figures or origin.members_low is not None:
            continue
        if origin.kind == "local" and group and group.members_low is not None:
            continue
        expected = "a figure in evidence/figures.csv, or members_low and members_high"
        file = draft.origins.file
        yield Fault("origin_without_evidence", file, row, "origin", origin.origin, expected)


@note_check("unmatched_host")
def unmatched_host(draft: Draft) -> Iterator[Fault]:
    """Note a host of the evidence that is no name and no alias of a host in hosts.csv."""
    known = {name.casefold() for host in draft.hosts.values() for name in host.names}
    seen: set[str] = set()
    for row, figure in draft.aggregates.rows:
        host = figure.host
        if host and host.casefold() not in known and host not in seen:
            seen.add(host)
            expected = "a name or an alias of a host in hosts.csv"
            yield Fault("unmatched_host", draft.aggregates.file, row, "host", host, expected)


@note_check("unused_tag")
def unused_tag(draft: Draft) -> Iterator[Fault]:
    """Note a tag whose text occurs in no note."""
    figures = [figure for _, _, figure in evidence_rows(draft)]
    for row, rule in draft.tags.rows:
        if rule.note_contains and not any(tags_of(figure, (rule,)) for figure in figures):
            expected = "a text that occurs in the note of some figure"
            found = rule.note_contains
            yield Fault("unused_tag", draft.tags.file, row, "note_contains", found, expected)


@note_check("equal_range")
def equal_range(draft: Draft) -> Iterator[Fault]:
    """Note a range with two equal ends: it may be a point."""
    for file, row, figure in evidence_rows(draft):
        if figure.qualifier == "range" and figure.low == figure.high:
            expected = "an end above low, or the qualifier point"
            yield Fault("equal_range", file, row, "high", number(figure.high), expected)


@note_check("period_not_months")
def period_not_months(draft: Draft) -> Iterator[Fault]:
    """Note a period that does not run over whole months."""
    if draft.question:
        period = draft.question.period
        if period.start.day != 1:
            expected = "the first day of a month"
            found = str(period.start)
            yield Fault("period_not_months", "case.yaml", None, "period.start", found, expected)
        if (period.until + timedelta(days=1)).day != 1:
            expected = "the last day of a month"
            found = str(period.until)
            yield Fault("period_not_months", "case.yaml", None, "period.until", found, expected)


@note_check("end_after_period")
def end_after_period(draft: Draft) -> Iterator[Fault]:
    """Note a likely day of the end that the simulation does not reach."""
    if draft.question:
        until = draft.question.period.until
        for position, end in enumerate(draft.question.end.judgements, start=1):
            if end.p50 > until:
                where = f"end.judgements[{position}].p50"
                expected = f"a day not after {until}, which period.until says"
                yield Fault("end_after_period", "case.yaml", None, where, str(end.p50), expected)


@note_check("empty_table")
def empty_table(draft: Draft) -> Iterator[Fault]:
    """Note an optional table without rows."""
    for table in (
        draft.policies,
        draft.hosts,
        draft.experts,
        draft.figures,
        draft.aggregates,
        draft.outcomes,
        draft.sources,
        draft.tags,
    ):
        if table.present and table.readable and not table.names:
            expected = "rows, or no such file"
            yield Fault("empty_table", table.file, None, None, "only a header", expected)
