"""Checks of what rows say about other rows: identifiers, sources, tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispersal.case.checks.places import is_country, nearest_country
from dispersal.case.checks.ranges import evidence_rows
from dispersal.case.checks.registry import fault_check
from dispersal.case.schema import AGGREGATE_QUANTITIES, FIGURE_QUANTITIES
from dispersal.errors import Fault, nearest_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dispersal.case.draft import Draft


def cited_sources(draft: Draft) -> Iterator[tuple[str, int | None, str, str]]:
    """Yield file, row, column and key of every source that the case cites."""
    for row, origin in draft.origins.rows:
        yield draft.origins.file, row, "source", origin.source
    for row, policy in draft.policies.rows:
        yield draft.policies.file, row, "source", policy.source
    for row, place in draft.places.rows:
        yield draft.places.file, row, "source", place.source
    for row, host in draft.hosts.rows:
        yield draft.hosts.file, row, "source", host.source
    for row, judgement in draft.experts.rows:
        yield draft.experts.file, row, "source", judgement.source
    for row, outcome in draft.outcomes.rows:
        yield draft.outcomes.file, row, "source", outcome.source
    for file, row, figure in evidence_rows(draft):
        yield file, row, "source", figure.source
    for row, figure in draft.figures.rows:
        yield draft.figures.file, row, "quoted_by", figure.quoted_by
    if draft.question:
        for number, end in enumerate(draft.question.end.judgements, start=1):
            yield "case.yaml", None, f"end.judgements[{number}].source", end.source
    for number, lever in draft.levers:
        for where, key in lever.sources():
            yield "levers.yaml", None, f"[{number}].{where}", key


@fault_check("unknown_source")
def unknown_source(draft: Draft) -> Iterator[Fault]:
    """Find a cited source that does not stand in evidence/sources.csv."""
    if not draft.sources.readable and draft.sources.present:
        return
    known = draft.sources.known()
    cited = [citation for citation in cited_sources(draft) if citation[3]]
    if cited and not draft.sources.present:
        if draft.folder_name is not None:
            expected = f"a file of this name, since {cited[0][0]} cites {cited[0][3]}"
            yield Fault("missing_file", draft.sources.file, None, None, "nothing", expected)
        return
    for file, row, column, key in cited:
        if key not in known:
            expected = "a key of evidence/sources.csv"
            yield Fault(
                "unknown_source", file, row, column, key, expected, nearest_name(key, known)
            )


@fault_check("duplicate_id")
def duplicate_id(draft: Draft) -> Iterator[Fault]:
    """Find an identifier of two rows; figures and aggregates share theirs."""
    tables: list[tuple[str, Iterable[tuple[str, int, str]]]] = [
        (column, [(file, row, name) for row, name in names])
        for file, column, names in (
            (draft.origins.file, "origin", draft.origins.names),
            (draft.policies.file, "policy_id", draft.policies.names),
            (draft.places.file, "place", draft.places.names),
            (draft.hosts.file, "host", draft.hosts.names),
            (draft.experts.file, "judgement_id", draft.experts.names),
            (draft.outcomes.file, "outcome_id", draft.outcomes.names),
            (draft.sources.file, "key", draft.sources.names),
        )
    ]
    figures = [(draft.figures.file, row, name) for row, name in draft.figures.names]
    figures += [(draft.aggregates.file, row, name) for row, name in draft.aggregates.names]
    tables.append(("figure_id", figures))
    for column, rows in tables:
        first: dict[str, str] = {}
        for file, row, name in rows:
            if name and name in first:
                expected = f"an identifier that is not used twice; it stands in {first[name]}"
                yield Fault("duplicate_id", file, row, column, name, expected)
            first.setdefault(name, f"{file}, row {row}")
    seen: set[str] = set()
    for number, lever in draft.levers:
        if lever.name in seen:
            where = f"[{number}].name"
            yield Fault("duplicate_id", "levers.yaml", None, where, lever.name, "each name once")
        seen.add(lever.name)


@fault_check("unknown_origin")
def unknown_origin(draft: Draft) -> Iterator[Fault]:
    """Find a figure whose origin does not stand in origins.csv."""
    known = draft.origins.known()
    for row, figure in draft.figures.rows:
        code = figure.origin
        if draft.origins.present and draft.origins.readable and code not in known:
            expected, nearest = "an origin of origins.csv", nearest_name(code, known)
        elif not draft.origins.present and len(code) == 3 and not is_country(code):
            # A file of figures on its own: a typing error in a code can still be seen.
            expected, nearest = "a country's ISO 3166-1 alpha-3 code", nearest_country(code)
        else:
            continue
        yield Fault("unknown_origin", draft.figures.file, row, "origin", code, expected, nearest)


@fault_check("unknown_actor")
def unknown_actor(draft: Draft) -> Iterator[Fault]:
    """Find a policy of an actor that is neither an origin nor a place of the case."""
    if not (draft.origins.readable and draft.places.readable):
        return
    known = draft.origins.known() | draft.places.known()
    for row, policy in draft.policies.rows:
        if policy.actor not in known:
            expected = "an origin of origins.csv or a place of places.csv"
            nearest = nearest_name(policy.actor, known)
            file = draft.policies.file
            yield Fault("unknown_actor", file, row, "actor", policy.actor, expected, nearest)


@fault_check("unknown_place")
def unknown_place(draft: Draft) -> Iterator[Fault]:
    """Find a host or a territory at a place that is not in places.csv."""
    if not draft.places.readable:
        return
    known = draft.places.known()
    mentions: list[tuple[str, int | None, str, str]] = [
        (draft.hosts.file, row, "place", host.place) for row, host in draft.hosts.rows
    ]
    if draft.question:
        mentions += [
            ("case.yaml", None, f"territory.places[{number}]", place)
            for number, place in enumerate(draft.question.territory.places, start=1)
        ]
    for file, row, column, place in mentions:
        if place not in known:
            nearest = nearest_name(place, known)
            yield Fault("unknown_place", file, row, column, place, "a place of places.csv", nearest)


@fault_check("unknown_host")
def unknown_host(draft: Draft) -> Iterator[Fault]:
    """Find a remnant of the group that is no host of the kind remnant."""
    remnant = draft.question.group.remnant if draft.question else ""
    if not remnant or not draft.hosts.readable:
        return
    known = draft.hosts.known()
    if remnant not in known:
        expected = "a host of hosts.csv"
        nearest = nearest_name(remnant, known)
        yield Fault("unknown_host", "case.yaml", None, "group.remnant", remnant, expected, nearest)
    for row, host in draft.hosts.rows:
        if host.host == remnant and host.kind != "remnant":
            expected = "remnant, since group.remnant of case.yaml names this host"
            yield Fault("unknown_host", draft.hosts.file, row, "kind", host.kind, expected)


@fault_check("alias_clash")
def alias_clash(draft: Draft) -> Iterator[Fault]:
    """Find a name under which the evidence could mean two hosts."""
    owner: dict[str, str] = {}
    for row, host in draft.hosts.rows:
        for alias in host.aliases:
            if owner.setdefault(alias.casefold(), host.host) != host.host:
                expected = f"an alias that {owner[alias.casefold()]} does not have as well"
                yield Fault("alias_clash", draft.hosts.file, row, "aliases", alias, expected)


@fault_check("missing_basis")
def missing_basis(draft: Draft) -> Iterator[Fault]:
    """Find what has neither a source nor a note that calls it a judgement."""
    judged: list[tuple[str, int, str, str]] = [
        (draft.policies.file, row, policy.source, policy.note)
        for row, policy in draft.policies.rows
    ]
    judged += [
        (draft.places.file, row, place.source, place.note)
        for row, place in draft.places.rows
        if place.governance is not None or place.conflict_deaths is not None
    ]
    judged += [(draft.hosts.file, row, host.source, host.note) for row, host in draft.hosts.rows]
    for file, row, source, note in judged:
        if not source and not note:
            expected = "a source, or a note that says on what the judgement rests"
            yield Fault("missing_basis", file, row, "source", "", expected)
    for row, origin in draft.origins.rows:
        covariates = (origin.governance, origin.population, origin.gdp_per_capita_usd)
        if not origin.source and any(value is not None for value in covariates):
            expected = "the key of the source of governance, population and gdp_per_capita_usd"
            yield Fault("missing_basis", draft.origins.file, row, "source", "", expected)


@fault_check("tag_target")
def tag_target(draft: Draft) -> Iterator[Fault]:
    """Find a tag that is put neither on one figure nor on a text, or on both."""
    file = draft.tags.file
    for row, rule in draft.tags.rows:
        if bool(rule.figure_id) == bool(rule.note_contains):
            found = f"{rule.figure_id} and {rule.note_contains}" if rule.figure_id else ""
            expected = "either figure_id or note_contains"
            yield Fault("tag_target", file, row, "figure_id", found, expected)
        elif rule.figure_id:
            for column in ("quantity", "source", "origin"):
                if found := getattr(rule, column):
                    expected = "an empty cell: only note_contains can be narrowed"
                    yield Fault("tag_target", file, row, column, found, expected)


@fault_check("unknown_tag_target")
def unknown_tag_target(draft: Draft) -> Iterator[Fault]:
    """Find a tag that names a figure, quantity, source or origin that does not exist."""
    if not (draft.figures.readable and draft.aggregates.readable):
        return
    quantities = (*FIGURE_QUANTITIES, *AGGREGATE_QUANTITIES)
    known = (
        ("figure_id", draft.figures.known() | draft.aggregates.known(), "a figure of the case"),
        ("quantity", frozenset(quantities), "a quantity of figures or aggregates"),
        ("source", draft.sources.known(), "a key of evidence/sources.csv"),
        ("origin", draft.origins.known(), "an origin of origins.csv"),
    )
    unreadable = {
        "source": not draft.sources.readable,
        "origin": not draft.origins.readable,
    }
    for row, rule in draft.tags.rows:
        for column, names, expected in known:
            found = getattr(rule, column)
            if found and found not in names and not unreadable.get(column):
                nearest = nearest_name(found, names)
                yield Fault(
                    "unknown_tag_target",
                    draft.tags.file,
                    row,
                    column,
                    found,
                    expected,
                    nearest,
                )
