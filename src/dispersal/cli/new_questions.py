"""The questions of ``dispersal new`` at a terminal; a wrong answer is told and asked again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import click

from dispersal.authoring.start.answers import read_answer
from dispersal.errors import CaseError

if TYPE_CHECKING:
    from collections.abc import Callable

#: Stands for an answer that is left to its default.
_NOTHING: Final = ""


def ask(given: dict[str, Any]) -> dict[str, Any]:
    """Ask for what is not given yet, and return all answers.

    Questions go to stderr, so that results can be redirected.
    """
    answers = dict(given)
    click.echo("Press Enter to leave an answer open where that is allowed.", err=True)
    _ask(answers, "group", "What is the group called", str, required=True)
    if "zones" not in answers:
        text = "In which countries does it hold ground (names in any language, commas between)"
        _ask(answers, "places", text, _listed, required=True)
    _ask(
        answers, "origins", "From which other countries did members come (commas between)", _listed
    )
    abroad = _abroad(answers)
    if abroad and not {"local", "members"} & set(answers):
        answers["local"] = click.confirm("Are there local members, too", default=True, err=True)
    if answers.get("local", True):
        text = "How many local members were there ever (least and most, 80 % range)"
        _ask(answers, "members", text, _words)
    if abroad:
        text = "How many came from abroad in all (least and most, 80 % range)"
        _ask(answers, "foreign_members", text, _words)
    text = (
        "How will it end: military_defeat, negotiated, withdrawal, fragmentation, one or more, "
        "with =PROBABILITY where known (Enter: as past groups ended)"
    )
    _ask(answers, "modes", text, _words)
    today = dt.datetime.now().astimezone().date().isoformat()
    _ask(answers, "asked_on", "On which day is the question asked", str, default=today)
    text = "By when is the last territory lost with a chance of 10, 50 and 90 % (three days)"
    _ask(answers, "end", text, _words)
    if any(str(mode).startswith("negotiated") for mode in answers.get("modes", ())):
        _ask(answers, "agreed_on", "From which day is a settlement in force", str)
    _ask(answers, "strata", "Which are told apart: men, women, minors", _listed)
    return answers


def _abroad(answers: dict[str, Any]) -> bool:
    """Whether members came from a country outside the home theatre."""
    home = read_answer("places", answers.get("places", ()))
    return bool(set(read_answer("origins", answers.get("origins", ()))) - set(home))


def _ask(
    answers: dict[str, Any],
    name: str,
    text: str,
    split: Callable[[str], Any],
    *,
    required: bool = False,
    default: str = _NOTHING,
) -> None:
    """Ask one question until its answer can be read; keep the answer as it was given."""
    if name in answers:
        return

    def read(typed: str) -> Any:
        if not typed.strip():
            if required:
                raise click.BadParameter("an answer is needed here")
            return _NOTHING
        value = split(typed)
        try:
            read_answer(name, value)
        except CaseError as error:
            raise click.BadParameter("; ".join(map(str, error.faults))) from None
        return value

    shown = bool(default)
    found = click.prompt(text, default=default, show_default=shown, value_proc=read, err=True)
    if found != _NOTHING:
        answers[name] = found


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()
