"""The layout of answers that a report shows: experts, updates, history, influence."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from dispersal.report.layout import Part
from dispersal.report.whatif.layout import (
    Answered,
    Indicators,
    Information,
    Levers,
    Sensitivity,
)

Three = list[float]


class Counts(Part):
    """How many judgements there are, were pooled, scored, right and wrong."""

    judgements: int
    known_at_cutoff: int
    claims: int
    pooled: int
    scored: int
    pooled_with_others_and_scored: int
    pooled_and_scored: int
    right: int
    wrong: int
    no_side: int
    rankings: int
    places_named: int
    places_reached: int
    places_not_reached: int


class Judgement(Part):
    """What an expert judged, and what became of it; what is not given is left out."""

    judgement_id: str
    expert: str
    published: str
    later: bool
    quantity: str
    area: str | None = None
    place: str | None = None
    kind: str
    proposition: str | None = None
    words: str | None = None
    probability: float | None = None
    says: str
    outcome: str | None = None
    outcome_low: float | None = None
    outcome_high: float | None = None
    measured_from: str | None = None
    measured_to: str | None = None
    figure_ids: list[str] = Field(default_factory=list)
    sources: list[str] = Field(default_factory=list)
    scored: bool
    verdict: str
    right: bool | None = None
    reached: float | None = None
    named: float | None = None
    measure: str | None = None
    score: float | None = None
    pool: float | None = None
    model: float | None = None
    reference: float | None = None
    pool_says: str | None = None
    model_says: str | None = None
    reference_says: str | None = None
    log_score: float | None = None
    interval_score: float | None = None


class Scores(Part):
    """Mean scores of some judgements, next to those of others on the same questions."""

    measure: str
    n: int
    right: int
    wrong: int
    score: float
    n_pool: int
    score_with_pool: float | None = None
    pool: float | None = None
    n_model: int
    score_with_model: float | None = None
    model: float | None = None
    n_reference: int
    score_with_reference: float | None = None
    reference: float | None = None


class ExpertScores(Scores):
    """Scores of one expert by one measure."""

    expert: str


class OverallScores(Scores):
    """Scores of all experts by one measure, of judgements before or after the cut-off."""

    when: str


class Pool(Part):
    """What several judgements of one question say together."""

    quantity: str
    area: str | None = None
    place: str | None = None
    kind: str
    proposition: str | None = None
    judgements: list[str]
    experts: list[str]
    method: str
    p10: float | None = None
    p50: float | None = None
    p90: float | None = None
    chance: float | None = None
    order: dict[str, float] | None = None
    says: str
    weights: list[float] | None = None
    fallback: str | None = None
    outcome: str | None = None
    measure: str | None = None
    score: float | None = None
    model: float | None = None
    reference: float | None = None


class Claim(Part):
    """A place or cohort that the account of the question's day names."""

    judgement_id: str
    expert: str
    published: str
    cohort: str | None = None
    name: str
    words: str | None = None
    p10: float | None = None
    p50: float | None = None
    p90: float | None = None
    forecast: str | None = None
    counts: str | None = None
    until: str | None = None
    published_later: str | None = None
    figure_ids: list[str] = Field(default_factory=list)
    sources: list[str] = Field(default_factory=list)
    verdict: str


class WordsMeant(Part):
    """What words of probability are taken to mean."""

    words: str
    term: str
    probability: float
    source: str


class Experts(Answered):
    """What experts judged, and what became of it."""

    kind: Literal["experts"]
    counts: Counts
    judgements: list[Judgement]
    by_expert: list[ExpertScores]
    overall: list[OverallScores]
    pools: list[Pool]
    claims: list[Claim]
    words: list[WordsMeant] = Field(default_factory=list)
    word_sources: dict[str, str] = Field(default_factory=dict)


class NewRow(Part):
    """A row of new evidence."""

    row: str
    origin: str
    quantity: str
    low: float | None = None
    high: float | None = None
    qualifier: str
    as_of: str
    published: str
    source: str
    unused: str | None = None


class Moved(Part):
    """How far an output moved, and the row that moved it most."""

    quantity: str
    origin: str
    before: Three
    after: Three
    persons: float
    error: float
    shift: float
    width: float | None = None
    found: str
    row: str | None = None
    by: float
    khat: float | None = None


class Update(Answered):
    """What new evidence did to the forecast that this one was brought up to date from."""

    kind: Literal["update"]
    before: str
    run: str
    method: str
    why: list[str]
    khat: float | None = None
    effective: float | None = None
    of: int | None = None
    diagnostics: dict[str, float]
    rows: list[NewRow]
    notes: list[str]
    day: str
    moved: list[Moved]
    seconds: dict[str, float]


class Entry(Part):
    """One forecast of a history, with its answer by origin and quantity."""

    run: str
    cutoff: str
    case_hash: str
    seed: int
    draws: int
    added: list[str]
    method: str
    day: str
    outputs: dict[str, dict[str, Three]]


class History(Part):
    """The forecasts that this one goes back to, the first one first, itself last."""

    forecasts: list[Entry]


class Output(Part):
    """What influence is measured on."""

    name: str
    words: str
    p10: float
    p50: float
    p90: float


class Influencing(Part):
    """A row of evidence and how far it moves an output."""

    row: str
    source: str
    origin: str
    quantity: str
    low: float | None = None
    high: float | None = None
    as_of: str
    shift: float | None = None
    error: float | None = None
    half_widths: float | None = None
    khat: float | None = None
    trusted: bool
    method: str


class Influence(Answered):
    """What each row of evidence adds to one output."""

    kind: Literal["influence"]
    output: Output
    doubtful: list[str]
    rows: list[Influencing]


class WhatIf(Part):
    """The answers kept beside a run; those that were never asked for are left out."""

    levers: Levers | None = None
    experts: Experts | None = None
    update: Update | None = None
    history: History | None = None
    influence: Influence | None = None
    sensitivity: Sensitivity | None = None
    information: Information | None = None
    indicators: Indicators | None = None
