"""What ``case.yaml`` holds: the question, the group, its territory, its end."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic reads it when the class is made
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from dispersal.case.cells import (
    Amount,
    Day,
    Identifier,
    Number,
    RequiredText,
    Share,
    Text,
    one_of,
    wrong,
)
from dispersal.case.vocabulary import END_MODES, SCHEMA_VERSION, STEPS, STRATA


class Part(BaseModel):
    """A mapping of a YAML file: unknown keys are refused, and what was read never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _known_version(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and value == SCHEMA_VERSION:
        return value
    raise wrong(
        "unknown_schema_version",
        f"{SCHEMA_VERSION}, the version that this release of Dispersal reads",
    )


def _each_once(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) != len(values):
        raise wrong("duplicate_id", "each name once")
    return values


def _all_modes(modes: dict[str, float]) -> dict[str, float]:
    return {mode: modes.get(mode, 0.0) for mode in END_MODES}


#: A list with at least one entry, each once (which :func:`_each_once` checks).
_SOME: Any = Field(min_length=1, json_schema_extra={"uniqueItems": True})


class Group(Part):
    """The armed group; sizes are an 80 % range of the local membership ever, in persons."""

    name: RequiredText
    description: RequiredText
    remnant: Text = ""
    members_low: Amount | None = None
    members_high: Amount | None = None


class Territory(Part):
    """The home theatre, and the most that was held of it (km²)."""

    places: Annotated[tuple[RequiredText, ...], _SOME, AfterValidator(_each_once)]
    peak_area_km2: Amount | None = None
    peak_date: Day


class Period(Part):
    """The first and the last day of the simulation."""

    start: Day
    until: Day


class EndJudgement(Part):
    """Quantiles of the day on which the last territory is lost, as judged on a day."""

    judged_on: Day
    p10: Day
    p50: Day
    p90: Day
    source: Text = ""
    note: Text = ""


#: Probabilities of the modes of ending, by their names; all of them are there.
EndModes: TypeAlias = Annotated[
    dict[Annotated[str, one_of("unknown_mode", END_MODES)], Share], AfterValidator(_all_modes)
]


class End(Part):
    """How the group may lose its territory, and when; modes that are not given are 0.

    ``agreed_on`` is the day from which a settlement is in force; before it nobody knows of it.
    """

    modes: EndModes
    judgements: tuple[EndJudgement, ...] = ()
    agreed_on: Day | None = None

    def judgement_known_on(self, day: date) -> EndJudgement | None:
        """Return the latest judgement made by that day, or None if there is none."""
        known = [judgement for judgement in self.judgements if judgement.judged_on <= day]
        return max(known, key=lambda judgement: judgement.judged_on, default=None)


class ParameterOverride(Part):
    """A prior that replaces the one of the parameter table."""

    prior: tuple[Number, Number]
    source: RequiredText


class Question(Part):
    """The whole of ``case.yaml``."""

    schema_version: Annotated[
        int, BeforeValidator(_known_version, json_schema_input_type=Literal[SCHEMA_VERSION])
    ]
    name: Identifier
    title: RequiredText
    question: RequiredText
    asked_on: Day
    group: Group
    territory: Territory
    period: Period
    step: Annotated[str, one_of("unknown_step", STEPS)]
    strata: Annotated[
        tuple[Annotated[str, one_of("unknown_stratum", STRATA)], ...],
        _SOME,
        AfterValidator(_each_once),
    ]
    end: End
    parameters: dict[Identifier, ParameterOverride] = Field(default_factory=dict)
    reference_cases: dict[Identifier, Text] = Field(default_factory=dict)
    notes: Text = ""
