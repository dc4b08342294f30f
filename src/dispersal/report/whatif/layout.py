"""The layout of answers that a report shows: levers, sensitivity, information, indicators."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ValidationError

from dispersal.report.layout import Part


class Answered(Part):
    """What every answer begins with: its kind, and what it was asked of."""

    kind: str
    case: str
    case_hash: str
    cutoff: str
    seed: int
    draws: int
    versions: dict[str, str]


class Difference(Part):
    """A paired difference between a lever and the base, persons."""

    by: Literal["fate", "stratum", "country", "place"]
    quantity: str
    origin: str
    place: str
    stratum: str
    base: float
    lever: float
    mean: float
    p10: float
    p50: float
    p90: float
    up: float
    down: float
    variance_cut: float | None = None
    name: str


COLUMNS = list(Difference.model_fields)


class VarianceCut(Part):
    """By how much pairing cut the variance of differences by fate."""

    least: float | None = None
    median: float | None = None


class Lever(Part):
    """A lever, what it changes, what its effect rests on, and the differences it makes."""

    name: str
    title: str
    rationale: str
    source: str
    changes: list[str]
    effect: Literal["prior", "evidence", "both"]
    rests_on: str
    mechanisms: list[str]
    parameters: dict[str, float]
    variance_cut: VarianceCut
    rows: list[list[Any]]


def _as_named(columns: list[str]) -> list[str]:
    if columns != COLUMNS:
        raise ValueError(f"expected the columns {', '.join(COLUMNS)}")
    return columns


def _rows_fit(levers: list[Lever]) -> list[Lever]:
    for lever in levers:
        for row in lever.rows:
            if len(row) != len(COLUMNS):
                raise ValueError(f"expected rows of {len(COLUMNS)} cells in lever {lever.name}")
            try:
                Difference.model_validate(dict(zip(COLUMNS, row, strict=True)))
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(str(part) for part in first["loc"])
                raise ValueError(f"{first['msg']}: {where} of lever {lever.name}") from None
    return levers


class Levers(Answered):
    """Levers against the base, draw by draw, on one day."""

    kind: Literal["levers"]
    date: str
    columns: Annotated[list[str], AfterValidator(_as_named)]
    levers: Annotated[list[Lever], AfterValidator(_rows_fit)]


class Driver(Part):
    """An input of the forecast and its Sobol indices."""

    input: str
    kind: str
    meaning: str
    unit: str
    first: float | None = None
    first_low: float | None = None
    first_high: float | None = None
    total: float | None = None
    total_low: float | None = None
    total_high: float | None = None
    p10: float | None = None
    p90: float | None = None
    low: float | None = None
    high: float | None = None


class Driven(Part):
    """An output and the inputs that drive it."""

    output: str
    p10: float
    p50: float
    p90: float
    mean: float
    inputs: list[Driver]


class Sensitivity(Answered):
    """Which inputs drive some outputs on one day."""

    kind: Literal["sensitivity"]
    date: str
    outputs: list[Driven]


class Worth(Part):
    """A figure that could be published, and how much it would narrow the forecast."""

    rank: int
    figure: str
    kind: str
    quantity: str
    words: str
    where: str
    name: str
    width: float
    width_cut: float
    width_cut_error: float
    crps_cut: float
    crps_cut_error: float
    variance_cut: float | None = None
    variance_regression: float | None = None
    size: float | None = None
    repeat: float | None = None
    last: float | None = None
    last_on: str | None = None
    age_days: int | None = None
    rank_best: int
    rank_worst: int


class Information(Answered):
    """Which figures would tell most about a target."""

    kind: Literal["information"]
    target: str
    target_words: str
    unit: str
    as_of: str
    width: float
    crps: float
    compared: int
    figures: list[Worth]


class Observable(Part):
    """What could be seen early, how well it tells, and from which value on."""

    observable: str
    kind: str
    words: str
    auc: float
    auc_low: float
    auc_high: float
    rising: bool
    half_value: float | None = None
    half_low: float | None = None
    half_high: float | None = None
    half_label: str | None = None
    half_above: bool | None = None
    half_chance: float | None = None
    likely_value: float | None = None
    likely_low: float | None = None
    likely_high: float | None = None
    likely_label: str | None = None
    likely_above: bool | None = None
    likely_chance: float | None = None


class Watched(Part):
    """A cohort, its threshold, and what would tell early that it passes it."""

    cohort: str
    quantity: str
    threshold: float
    chance: float
    floor: float | None = None
    p10: float
    p50: float
    p90: float
    sentence: str
    observables: list[Observable]


class Indicators(Answered):
    """What to look out for."""

    kind: Literal["indicators"]
    by: str
    at: str
    compared: int
    cohorts: list[Watched]
