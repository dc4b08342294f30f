"""Parts of the report document: series, names, the map, home countries, theatres."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Numbers = list[float]


class Part(BaseModel):
    """A mapping of the document: unknown keys, infinities and text for numbers are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Three(Part):
    """Quantiles over instants."""

    p10: Numbers
    p50: Numbers
    p90: Numbers


class Five(Three):
    """Quantiles over instants, with the quartiles."""

    p25: Numbers
    p75: Numbers


class Spread(Part):
    """Quantiles and the mean at one moment."""

    p10: float
    p50: float
    p90: float
    mean: float


class Ends(Part):
    """Quantiles of a parameter; None where they were not kept."""

    p10: float | None
    p50: float | None
    p90: float | None


class Meta(Part):
    """What made the forecast."""

    case: str
    title: str
    question: str
    group: str
    case_hash: str
    cutoff: str
    until: str
    seed: int
    draws: int
    versions: dict[str, str]


class Answer(Part):
    """The answer in words, and what would change it most."""

    sentences: list[str]
    changes: list[str]


class Named(Part):
    """A name for a key."""

    id: str
    name: str


class Fate(Named):
    """A fate and the cohort that it is part of."""

    cohort: Literal["holdouts", "free_agents", "returnees"] | None


class Positioned(Named):
    """A name with a position, in degrees, if any is known."""

    lon: float | None
    lat: float | None


class Place(Positioned):
    """A place of the case."""

    country: str
    roles: list[str]
    home: bool
    note: str


class Origin(Positioned):
    """A home country."""

    region: str
    kind: Literal["foreign", "local"]


class Table(Part):
    """A table: the names of its columns, and rows of cells in their order."""

    columns: list[str]
    rows: list[list[Any]]


class TitledTable(Table):
    """A table in words."""

    title: str


class Centre(Part):
    """The home theatre, where flows begin."""

    name: str
    lon: float | None
    lat: float | None


class Map(Part):
    """Flows, each with the keys of ``Flow``."""

    centre: Centre
    flows: Table


class Flow(Three):
    """A row of the flows."""

    from_: str = Field(alias="from")
    stratum: Literal["all", "men", "women", "minors"]
    cohort: Literal["holdouts", "free_agents", "returnees"]
    fate: Literal["underground", "resurgent", "elsewhere", "third_country", "returned"]
    to: str
    mean: Numbers


class Link(Part):
    """A link of the Sankey."""

    group: Literal["foreign", "local"]
    source: str
    target: str
    mean: Numbers
    p10: Numbers
    p90: Numbers


class Sankey(Part):
    """Links from region to fate to place or home."""

    links: list[Link]


class Country(Part):
    """The fans of a home country, adults."""

    origin: str
    counts: dict[str, Five]
    published: dict[str, Three]
    end: dict[str, Spread]
    width: float | None
    surprise: float | None


class TheatreSeries(Part):
    """A theatre over time."""

    arrived: Three
    present: Three


class Theatre(Part):
    """Another theatre."""

    place: str
    name: str
    arrived: Spread
    present: Spread
    probability_first: float
    series: TheatreSeries


class Remnant(Part):
    """The remnant near the lost territory."""

    threshold: float
    underground: Three
    resurgent: Three
    strength: Three
    probability_above: Numbers


class Host(Named):
    """An organisation that may take members in."""

    place: str
    kind: str
    from_: str | None = Field(alias="from")
    until: str | None
    affinity: float
    thaw_months: float | None
    capacity_low: float | None
    capacity_high: float | None
    note: str
    source: str
    present: Spread | None
    arrived: Spread | None


class Mode(Named):
    """A manner of the end."""

    probability: float


class End(Part):
    """When and how the last territory is lost."""

    p10: str | None
    p50: str | None
    p90: str | None
    within_period: float
    modes: list[Mode]


class Theatres(Part):
    """Other theatres, the remnant, the hosts, the end."""

    table: list[Theatre]
    remnant: Remnant
    hosts: list[Host]
    end: End
