"""The layout of the document that the page of displacement draws: unknown keys are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, ValidationError

from dispersal.errors import InputError
from dispersal.report.layout import Answer, Five, Numbers, Part, TitledTable

if TYPE_CHECKING:
    from collections.abc import Mapping


#: Two whole numbers.
Pair = Annotated[list[int], Field(min_length=2, max_length=2)]


class Meta(Part):
    """What made the results."""

    case: str
    title: str
    question: str
    about: str
    source: str
    cutoff: str | None
    until: str
    seed: int | None
    draws: int | None
    versions: dict[str, str]


class Point(Part):
    """A position, in degrees."""

    lon: float
    lat: float


class Place(Point):
    """A location with a position."""

    name: str
    camp: bool
    #: First and last instants of the times in which people flee from here.
    conflict: list[Pair]


class FigureOfCamp(Part):
    """A counted figure."""

    date: str
    count: float
    known: bool


class Camp(Part):
    """A camp over time."""

    name: str
    country: str
    place: int | None
    middle: Numbers
    spread: Five | None
    counted: Numbers
    beside: Numbers | None
    figures: list[FigureOfCamp]


class CampMap(Part):
    """What the map shows, apart from the camps' people."""

    home: list[str]
    centre: Point
    places: list[Place]
    roads: list[Pair]


class ErrorRow(Part):
    """The error of a forecast."""

    name: str
    rescaled: float
    normal: float
    crps: float | None
    fed: bool
    own: bool


class Held(Part):
    """How often counts were inside an interval."""

    level: float
    share: float


class Findings(Part):
    """Titles of pictures."""

    camps: str
    errors: str


class Displacement(Part):
    """The pictures' data."""

    rules: Literal["flee", "dispersal"]
    findings: Findings
    map: CampMap | None
    missing: str | None
    camps: list[Camp]
    errors: list[ErrorRow]
    coverage: list[Held]
    notes: list[str]


class DisplacementDocument(Part):
    """The whole document."""

    kind: Literal["displacement"]
    format: Literal[1]
    meta: Meta
    instants: list[str]
    ahead: int
    answer: Answer
    tables: list[TitledTable]
    limits: list[str]
    line: list[str]
    displacement: Displacement


def check_displacement(document: Mapping[str, Any]) -> DisplacementDocument:
    """Return a document as typed parts.

    Raises
    ------
    InputError
        If a key is missing, unknown or of another type, or a series has another length than the
        instants that it runs over.
    """
    try:
        found = DisplacementDocument.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"found {where or 'a document'} with {first['msg']!r}, expected a document of "
            f"displacement, format 1 ({error.error_count()} faults)"
        ) from None
    whole, ahead = len(found.instants), len(found.instants) - found.ahead
    for camp in found.displacement.camps:
        spread = camp.spread
        series = [
            ("middle", ahead, camp.middle),
            ("counted", whole, camp.counted),
            ("beside", whole, camp.beside),
            *((name, ahead, getattr(spread, name, None)) for name in Five.model_fields),
        ]
        for name, length, numbers in series:
            if numbers is not None and len(numbers) != length:
                raise InputError(
                    f"found {len(numbers)} numbers in {name} of camp {camp.name}, expected {length}"
                )
    return found
