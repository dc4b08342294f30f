"""What a new case is made of: the answers to a few questions, each checked on its own."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError

from dispersal.authoring.countries import UnnamedCountryError, code_of
from dispersal.case.cells import (
    Amount,
    Day,
    Identifier,
    Latitude,
    Longitude,
    RequiredText,
    Text,
    one_of,
    parse_number,
    wrong,
)
from dispersal.case.question import EndModes, Part
from dispersal.case.translate import fault_of, faults_of
from dispersal.case.vocabulary import STEPS, STRATA
from dispersal.errors import CaseError, Fault

#: What faults in the answers name as their file.
ASKED: Final = "the new case"

_IN_BRACKETS: Final = re.compile(r"(.*\S)\s*\(([^()]+)\)")


def _country(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise wrong("missing_value", "the name or code of a country")
    try:
        return code_of(value)
    except UnnamedCountryError as error:
        near = error.suggestions[0].name if error.suggestions else None
        raise wrong("unknown_country", error.expected, near) from None


def _each_once(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _in_order(ends: tuple[Any, ...]) -> tuple[Any, ...]:
    if any(later < earlier for earlier, later in itertools.pairwise(ends)):
        raise wrong("low_above_high", "the smaller or earlier one first")
    return ends


def _shares(value: object) -> object:
    """Return the modes with their probabilities; those without one share what is left alike."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, Mapping):
        return value
    if not isinstance(value, Sequence):
        raise wrong("wrong_type", "modes of ending, each with its probability or without one")
    given: dict[str, float | None] = {}
    for text in value:
        name, _, share = str(text).partition("=")
        if name.strip() in given:
            raise wrong("duplicate_id", "each mode once")
        given[name.strip()] = parse_number(share.strip()) if share else None
    open_ = [name for name, share in given.items() if share is None]
    left = 1.0 - sum(share for share in given.values() if share is not None)
    if open_ and left < -1e-9:
        raise wrong("modes_sum", "probabilities that leave something for those without one")
    each = round(max(left, 0.0) / len(open_), 6) if open_ else 0.0
    return {name: each if share is None else share for name, share in given.items()}


def _add_up(modes: dict[str, float]) -> dict[str, float]:
    total = sum(modes.values())
    if abs(total - 1.0) > 1e-4:
        raise wrong("modes_sum", f"probabilities that sum to 1, not to {total:g}")
    largest = max(modes, key=lambda mode: modes[mode])
    others = sum(share for mode, share in modes.items() if mode != largest)
    return {**modes, largest: round(1.0 - others, 6)}


def _plain(text: str) -> str:
    if any(
        unicodedata.category(letter) in ("Cc", "Cs") and not letter.isspace() for letter in text
    ):
        raise wrong("bad_text", "text without control characters")
    return text


Words: TypeAlias = Annotated[Text, AfterValidator(_plain)]
Name: TypeAlias = Annotated[RequiredText, AfterValidator(_plain)]
Country: TypeAlias = Annotated[str, BeforeValidator(_country)]
Countries: TypeAlias = Annotated[tuple[Country, ...], AfterValidator(_each_once)]
Members: TypeAlias = Annotated[tuple[Amount, Amount], AfterValidator(_in_order)]
Quantiles: TypeAlias = Annotated[tuple[Day, Day, Day], AfterValidator(_in_order)]
Modes: TypeAlias = Annotated[EndModes, BeforeValidator(_shares), AfterValidator(_add_up)]
Strata: TypeAlias = Annotated[
    tuple[Annotated[str, one_of("unknown_stratum", STRATA)], ...],
    Field(min_length=1),
    AfterValidator(_each_once),
]


class Zone(Part):
    """A part of the home theatre that is no country, by its coordinates in degrees."""

    name: Name
    latitude: Latitude
    longitude: Longitude

    def parts(self) -> tuple[str, str]:
        """Return the name, and the country that stands behind it in brackets or "".

        Examples
        --------
        >>> Zone(name="Vanni (Sri Lanka)", latitude=9.3, longitude=80.5).parts()
        ('Vanni', 'Sri Lanka')
        """
        name = " ".join(self.name.split())
        found = _IN_BRACKETS.fullmatch(name)
        return (found[1], found[2]) if found else (name, "")


def _zone(value: object) -> object:
    """Let a zone be a list of its name and its coordinates."""
    if isinstance(value, Sequence) and not isinstance(value, str) and len(value) == 3:
        return dict(zip(("name", "latitude", "longitude"), value, strict=True))
    return value


class Answers(Part):
    """Answers to the questions of ``dispersal new``, typed; None where a default is to be taken."""

    name: Identifier
    group: Name
    asked_on: Day
    places: Countries = ()
    zones: tuple[Annotated[Zone, BeforeValidator(_zone)], ...] = ()
    members: Members | None = None
    origins: Countries = ()
    local: bool = True
    foreign_members: Members | None = None
    modes: Modes | None = None
    end: Quantiles | None = None
    agreed_on: Day | None = None
    strata: Strata | None = None
    theatres: Countries | None = None
    since: Day | None = None
    peak: Day | None = None
    until: Day | None = None
    step: Annotated[str, one_of("unknown_step", STEPS)] = "month"
    title: Words = ""
    question: Words = ""
    description: Words = ""


#: The type of each answer, to check one on its own.
TYPES: Final = {name: field.rebuild_annotation() for name, field in Answers.model_fields.items()}


def read_answers(given: Mapping[str, object]) -> Answers:
    """Return typed answers.

    Raises
    ------
    CaseError
        With everything that is wrong with them.

    Examples
    --------
    >>> found = read_answers(dict(name="ltte_2009", group="LTTE", asked_on="2009-01-15",
    ...     places=["Ceylon"], modes=["military_defeat=0.9", "fragmentation"]))
    Traceback (most recent call last):
    dispersal.errors.CaseError: case ltte_2009 has 1 fault:
      the new case, places[1]: found 'Ceylon', expected the name or code of a country in any of \
49 languages
    """
    present = {name: value for name, value in given.items() if value is not None}
    try:
        found = Answers.model_validate(present)
    except ValidationError as error:
        raise CaseError(str(given.get("name")), faults_of(error, Answers, ASKED)) from None
    return found


def read_answer(name: str, value: object) -> Any:
    """Return one typed answer.

    Raises
    ------
    CaseError
        With what is wrong with it.

    Examples
    --------
    >>> read_answer("places", ["Kolumbien", "Панама"])
    ('COL', 'PAN')
    """
    try:
        return TypeAdapter(TYPES[name]).validate_python(value)
    except ValidationError as error:
        faults = []
        for detail in error.errors(include_url=False):
            placed = {**detail, "loc": (name, *detail["loc"])}
            faults.append(fault_of(placed, Answers, ASKED))
        raise CaseError(name, faults) from None


def faults_between(found: Answers, home: tuple[str, ...]) -> list[Fault]:
    """Return what two answers say against each other.

    Parameters
    ----------
    found : Answers
    home : tuple of str
        The countries of the home theatre.
    """
    faults = []

    def fault(kind: str, column: str, said: object, expected: str) -> None:
        faults.append(Fault(kind, ASKED, None, column, str(said), expected))

    if not home:
        fault("missing_value", "places", "nothing", "at least one country or zone")
    abroad = [code for code in found.origins if code not in home]
    mine = [code for code in found.origins if code in home]
    if not found.local and mine:
        expected = "home countries outside the home theatre, since no members are local"
        fault("local_origin", "origins", mine[0], expected)
    elif not found.local and not abroad:
        expected = "home countries of the members, since none of them are local"
        fault("missing_value", "origins", "nothing", expected)
    if found.members and not found.local:
        expected = "no size of the local membership; foreign_members is that of those from abroad"
        fault("not_used", "members", _range(found.members), expected)
    if found.foreign_members and not abroad:
        expected = "home countries in origins, or no size of the membership from abroad"
        fault("not_used", "foreign_members", _range(found.foreign_members), expected)
    if found.foreign_members and found.foreign_members[1] < 1:
        expected = "at least one person"
        fault("out_of_range", "foreign_members", _range(found.foreign_members), expected)
    if found.agreed_on and found.modes and not found.modes["negotiated"]:
        expected = "a probability of the mode negotiated above 0, or no such day"
        fault("agreed_without_mode", "agreed_on", found.agreed_on, expected)
    return faults


def _range(ends: tuple[float, float]) -> str:
    return f"{ends[0]:g} to {ends[1]:g}"
