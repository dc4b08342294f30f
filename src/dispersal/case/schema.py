"""The rows of every table of a case, one model a table (docs/case-format.md).

A model checks one cell at a time; what holds between cells, rows and files is checked in
:mod:`dispersal.case.checks`. Field order is column order. Text that is not given is ``""``,
numbers and days that are not given are None.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Final

from pydantic import Field

from dispersal.case.cells import (
    Affinity,
    Amount,
    Day,
    Governance,
    Identifier,
    Joined,
    Latitude,
    Longitude,
    RequiredText,
    Share,
    Text,
    one_of,
)
from dispersal.case.judging import Judgement, Outcome
from dispersal.case.tablerow import TableRow
from dispersal.case.vocabulary import (
    AGGREGATE_QUANTITIES,
    AREA_CODES,
    DIRECTIONS,
    END_MODES,
    FIGURE_QUANTITIES,
    HOST_KINDS,
    ORIGIN_KINDS,
    POLICIES,
    QUALIFIERS,
    REGIONS,
    ROLES,
    STRATA,
    TAGS,
)

__all__ = [
    "AGGREGATE_QUANTITIES",
    "AREA_CODES",
    "DIRECTIONS",
    "END_MODES",
    "FIGURE_QUANTITIES",
    "HOST_KINDS",
    "ORIGIN_KINDS",
    "POLICIES",
    "QUALIFIERS",
    "REGIONS",
    "REQUIRED_TABLES",
    "ROLES",
    "STRATA",
    "TABLES",
    "TAGS",
    "Aggregate",
    "Figure",
    "Host",
    "Judgement",
    "Origin",
    "Outcome",
    "Place",
    "Policy",
    "Source",
    "TableRow",
    "TagRule",
]


class Origin(TableRow):
    """A home country or region of origins.csv."""

    id_column: ClassVar[str] = "origin"

    origin: RequiredText
    name: RequiredText
    region: Annotated[str, one_of("unknown_region", REGIONS)]
    kind: Annotated[str, one_of("unknown_kind", ORIGIN_KINDS)]
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    members_low: Amount | None = None
    members_high: Amount | None = None
    governance: Governance | None = None
    population: Amount | None = None
    gdp_per_capita_usd: Amount | None = None
    source: Text = ""


class Policy(TableRow):
    """What a home or transit state does, from policies.csv."""

    id_column: ClassVar[str] = "policy_id"

    policy_id: RequiredText
    actor: RequiredText
    policy: Annotated[str, one_of("unknown_policy", POLICIES)]
    stratum: Annotated[str, one_of("unknown_stratum", STRATA)] | None = None
    from_: Day = Field(alias="from")
    until: Day | None = None
    low: Share
    high: Share
    published: Day
    source: Text = ""
    note: Text = ""


class Place(TableRow):
    """Where members can be: a country or a zone of places.csv."""

    id_column: ClassVar[str] = "place"

    place: RequiredText
    name: RequiredText
    country: Text = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    roles: Annotated[
        tuple[Annotated[str, one_of("unknown_role", ROLES)], ...], Joined, Field(min_length=1)
    ]
    governance: Governance | None = None
    conflict_deaths: Amount | None = None
    source: Text = ""
    note: Text = ""


class Host(TableRow):
    """An organisation that may take members in, from hosts.csv."""

    id_column: ClassVar[str] = "host"
    free_text: ClassVar[frozenset[str]] = frozenset({"name", "aliases", "note"})

    host: Identifier
    name: RequiredText
    place: RequiredText
    kind: Annotated[str, one_of("unknown_kind", HOST_KINDS)]
    from_: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    published: Day
    affinity: Affinity
    thaw_months: Amount | None = None
    capacity_low: Amount | None = None
    capacity_high: Amount | None = None
    aliases: Annotated[tuple[str, ...], Joined] = ()
    source: Text = ""
    note: Text = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name under which the evidence may speak of this host."""
        return (self.host, self.name, *self.aliases)


class Figure(TableRow):
    """One published figure of a home country, from evidence/figures.csv."""

    id_column: ClassVar[str] = "figure_id"

    figure_id: RequiredText
    quantity: Annotated[str, one_of("unknown_quantity", FIGURE_QUANTITIES)]
    origin: RequiredText
    low: Amount | None
    high: Amount | None
    qualifier: Annotated[str, one_of("unknown_qualifier", QUALIFIERS)]
    as_of: Day
    published: Day
    source: RequiredText
    quoted_by: Text = ""
    note: Text = ""


class Aggregate(TableRow):
    """One published figure of a place, a host or the whole, from evidence/aggregates.csv."""

    id_column: ClassVar[str] = "figure_id"
    free_text: ClassVar[frozenset[str]] = frozenset({"host", "note"})

    figure_id: RequiredText
    quantity: Annotated[str, one_of("unknown_quantity", AGGREGATE_QUANTITIES)]
    place: Text = ""
    host: Text = ""
    low: Amount | None
    high: Amount | None
    qualifier: Annotated[str, one_of("unknown_qualifier", QUALIFIERS)]
    as_of: Day
    published: Day
    source: RequiredText
    note: Text = ""

    @property
    def places(self) -> tuple[str, ...]:
        """The places that ``place`` joins with ``+``."""
        return tuple(self.place.split("+")) if self.place else ()


class Source(TableRow):
    """One publication, from evidence/sources.csv."""

    id_column: ClassVar[str] = "key"
    free_text: ClassVar[frozenset[str]] = frozenset({"title", "author_or_publisher"})

    key: RequiredText
    title: RequiredText
    author_or_publisher: RequiredText
    published: Day
    url: Text = ""


class TagRule(TableRow):
    """One tag and the figures it is put on, from evidence/tags.csv."""

    free_text: ClassVar[frozenset[str]] = frozenset({"note_contains", "reason"})

    tag: Annotated[str, one_of("unknown_tag", TAGS)]
    figure_id: Text = ""
    note_contains: Text = ""
    quantity: Text = ""
    source: Text = ""
    origin: Text = ""
    reason: RequiredText


#: Every table of a case, by its path in the folder.
TABLES: Final[dict[str, type[TableRow]]] = {
    "origins.csv": Origin,
    "policies.csv": Policy,
    "places.csv": Place,
    "hosts.csv": Host,
    "experts.csv": Judgement,
    "evidence/figures.csv": Figure,
    "evidence/aggregates.csv": Aggregate,
    "evidence/outcomes.csv": Outcome,
    "evidence/sources.csv": Source,
    "evidence/tags.csv": TagRule,
}
REQUIRED_TABLES: Final = ("origins.csv", "places.csv")
