"""The layout of the report document, with types (docs/report-format.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from dispersal.errors import InputError
from dispersal.report.layout import (
    Answer,
    Country,
    Ends,
    Fate,
    Flow,
    Link,
    Map,
    Meta,
    Named,
    Numbers,
    Origin,
    Part,
    Place,
    Sankey,
    Table,
    Theatre,
    Theatres,
    Three,
    TitledTable,
)
from dispersal.report.whatif.layout_told import WhatIf  # noqa: TC001 (pydantic reads it)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Quantity(Part):
    """Scores of a quantity."""

    quantity: str
    rows: int
    origins: int
    crps: float
    crps_se: float | None
    crps_median: float | None
    covers50: float
    covers80: float
    covers95: float


class Baseline(Part):
    """A baseline next to the forecast."""

    quantity: str
    baseline: str
    name: str
    forecast: float
    score: float
    skill: float | None
    skill_low: float | None
    skill_high: float | None
    best: bool
    rows: int


class Coverage(Part):
    """How often figures lay inside an interval."""

    quantity: str
    level: float
    share: float
    rows: int


class Histogram(Part):
    """Figures by tenth of their forecast."""

    counts: list[int]
    p_value: float | None


class Scored(Part):
    """A scored figure."""

    figure: str
    p10: float
    p50: float
    p90: float
    crps: float
    pit: float


class Miss(Part):
    """A large miss, with the figures that were known."""

    figure: str
    origin: str
    quantity: str
    as_of: str
    observed: float
    p10: float
    p50: float
    p90: float
    crps: float
    known: list[str]


class Cutoff(Part):
    """Scores of a quantity at a cut-off, next to the best baseline."""

    cutoff: str
    quantity: str
    rows: int
    crps: float
    baseline: str | None
    score: float | None
    skill: float | None
    skill_low: float | None
    skill_high: float | None
    covers50: float
    covers80: float
    covers95: float


class Record(Part):
    """How close the forecast came to what was published later."""

    text: list[str]
    quantities: list[Quantity]
    baselines: list[Baseline]
    coverage: list[Coverage]
    histogram: Histogram
    misses: list[Miss]
    rows: list[Scored]
    cutoffs: list[Cutoff] | None


class Told(Part):
    """What the evidence could tell of a parameter."""

    parameter: str
    unit: str
    meaning: str
    source: str
    fitted: bool
    prior: Ends
    posterior: Ends
    contraction: float


class Figure(Part):
    """A row of the figures of the ledger."""

    id: str
    kind: Literal["figure", "aggregate"]
    quantity: str
    origin: str
    place: str
    host: str
    low: float | None
    high: float | None
    qualifier: Literal["point", "about", "range", "at_least", "at_most"]
    as_of: str
    published: str
    source: str
    note: str
    tags: list[str]
    known: bool
    used: bool


class Source(Part):
    """Where figures come from."""

    title: str
    publisher: str
    published: str
    url: str


class Evidence(Part):
    """Figures, each with the keys of ``Figure``, their sources, and which of them disagree."""

    figures: Table
    sources: dict[str, Source]
    disagreements: list[list[str]]


class Term(Part):
    """A term of the glossary."""

    term: str
    text: str


class Document(Part):
    """The whole document."""

    format: Literal[2]
    meta: Meta
    instants: list[str]
    ahead: int
    answer: Answer
    regions: list[Named]
    strata: list[Named]
    groups: list[Named]
    fates: list[Fate]
    cohorts: list[Named]
    places: list[Place]
    origins: list[Origin]
    areas: list[Named]
    map: Map
    shares: dict[str, dict[str, Three]]
    sankey: Sankey
    countries: list[Country]
    theatres: Theatres
    tables: list[TitledTable]
    record: Record | None
    told: list[Told]
    ledger: Evidence
    glossary: list[Term]
    limits: list[str]
    line: list[str]
    whatif: WhatIf | None = None


def check(document: Mapping[str, Any]) -> Document:
    """Return a document as typed parts.

    Parameters
    ----------
    document : mapping
        As :func:`dispersal.report.document.document` makes it, or as JSON has it.

    Raises
    ------
    InputError
        If a key is missing, unknown or of another type, or a series has another length than
        the instants that it runs over.
    """
    try:
        found = Document.model_validate(document)
        flows = [Flow.model_validate(row) for row in unpacked(document["map"]["flows"])]
        for row in unpacked(document["ledger"]["figures"]):
            Figure.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"found {where or 'a document'} with {first['msg']!r}, expected a report document of "
            f"format 2 ({error.error_count()} faults)"
        ) from None
    whole = len(found.instants)
    ahead = whole - found.ahead
    remnant = found.theatres.remnant
    series: list[tuple[str, int, Sequence[Three | Numbers]]] = [
        ("map.flows", ahead, (*flows, *(flow.mean for flow in flows))),
        ("sankey.links", ahead, [s for link in found.sankey.links for s in _of(link)]),
        ("shares", whole, [s for fates in found.shares.values() for s in fates.values()]),
        ("countries.counts", whole, [s for c in found.countries for s in c.counts.values()]),
        ("countries.published", ahead, [s for c in found.countries for s in c.published.values()]),
        ("theatres.remnant", ahead, (remnant.underground, remnant.resurgent, remnant.strength)),
        ("theatres.remnant", ahead, (remnant.probability_above,)),
        ("theatres.table", ahead, [s for t in found.theatres.table for s in _over_time(t)]),
    ]  # fmt: skip
    for name, length, parts in series:
        for part in parts:
            lists = [part.p10, part.p50, part.p90] if isinstance(part, Three) else [part]
            if any(len(numbers) != length for numbers in lists):
                raise InputError(
                    f"found a series of {len(lists[0])} numbers in {name}, expected {length}"
                )
    return found


def unpacked(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a table as mappings.

    Examples
    --------
    >>> unpacked({"columns": ["a", "b"], "rows": [[1, 2]]})
    [{'a': 1, 'b': 2}]
    """
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def _of(link: Link) -> tuple[Numbers, ...]:
    return link.mean, link.p10, link.p90


def _over_time(theatre: Theatre) -> tuple[Three, ...]:
    return theatre.series.arrived, theatre.series.present
