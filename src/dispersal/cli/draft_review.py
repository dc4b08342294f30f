"""The review at the terminal: row by row, with its sentence; kept after every answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.drafting import Proposal, Proposals
    from dispersal.errors import Fault

_HELP = "y yes, n no, e edit, q quit and go on later"


def review_rows(found: Proposals, review: Path, file: Path, folder: Path) -> None:
    """Ask about every row that has no answer yet; the review file is written after each.

    Parameters
    ----------
    found : Proposals
        What the article proposes.
    review : Path
        The review file; answers in it are kept.
    file, folder : Path
        The article and the case, to say how to go on.
    """
    from dispersal.cli.output import print_line, print_text
    from dispersal.drafting import read_review, write_review

    if review.exists():
        kept = read_review(review, found)
        found = replace(kept, asked_on=found.asked_on or kept.asked_on)
    waiting = [
        row.row for row in found.rows if row.accept != "yes" and row.row not in found.reviewed
    ]
    print_text(f"{len(waiting)} of {len(found.rows)} rows wait for an answer: {_HELP}.")
    for number, name in enumerate(waiting, start=1):
        row = next(one for one in found.rows if one.row == name)
        answered = _ask(row, f"{number} of {len(waiting)}")
        if answered is None:
            break
        found = found.with_row(answered)
        write_review(found, review)
    else:
        print_text("Every row has an answer.")
    if not review.exists():
        write_review(found, review)
    print_line(f"  review file: {review} ({len(found.accepted())} rows accepted)")
    print_line(f"  dispersal draft {file} --out {folder} --yes-to {review}")


def _ask(row: Proposal, place: str) -> Proposal | None:
    """Return the row with its answer, or None to quit."""
    while True:
        _show(row, place)
        try:
            answer = click.prompt("accept", default="n", show_default=True, prompt_suffix="? ")
        except (click.Abort, EOFError):
            return None
        choice = str(answer).strip().casefold()[:1]
        if choice == "q":
            return None
        if choice == "n":
            return replace(row, accept="no")
        if choice == "e":
            row = _edited(row)
        elif choice == "y":
            settled = _settled(row)
            if settled is not None:
                return replace(settled, accept="yes")
        else:
            click.echo(f"found {answer!r}, expected {_HELP}")


def _show(row: Proposal, place: str) -> None:
    from dispersal.cli.output import print_text

    click.echo()
    click.echo(click.style(f"{row.row} ({place})", bold=True))
    print_text(f"“{' '.join(row.sentence.split())}”")
    said = f", said by {row.said_by}" if row.said_by else ""
    print_text(f"found: {row.found} ({row.reason}; sure {row.confidence:.2f}{said})")
    for key, value in row.settled.items():
        if value != "":
            click.echo(f"  {key}: {value:g}" if isinstance(value, float) else f"  {key}: {value}")
    if row.question:
        print_text(row.question)
        for number, choice in enumerate(row.choices, start=1):
            click.echo(f"  {number}  {choice}")


def _settled(row: Proposal) -> Proposal | None:
    """Return a row with its question answered, or None if the answer is none of the choices."""
    if not row.question or row.answer:
        return row
    given = str(click.prompt("which", default="", show_default=False, prompt_suffix="? ")).strip()
    if given.isdigit() and 1 <= int(given) <= len(row.choices):
        return replace(row, answer=row.choices[int(given) - 1])
    if given in row.choices:
        return replace(row, answer=given)
    click.echo(f"found {given!r}, expected one of {', '.join(row.choices)}, or its number")
    return None


def _edited(row: Proposal) -> Proposal:
    """Return a row with one value changed; what is wrong is said, and nothing is changed."""
    from dispersal.drafting.review_checks import checked_row

    given = str(click.prompt("key=value", default="", show_default=False)).strip()
    key, _, text = given.partition("=")
    key, text = key.strip(), text.strip()
    if key not in row.values:
        click.echo(f"found {key!r}, expected one of {', '.join(row.values)}")
        return row
    faults: list[Fault] = []
    changed = checked_row({**row.record(), key: value_of(text)}, row, "edit", faults)
    for fault in faults:
        click.echo(str(fault))
    return row if faults else changed


def value_of(text: str) -> object:
    """Return what a person typed as the YAML file would read it.

    Examples
    --------
    >>> value_of("2500"), value_of("true"), value_of("returnees")
    (2500, True, 'returnees')
    """
    from dispersal.case.yamltext import parse_yaml

    data, faults = parse_yaml(f"value: {text}", "edit") if text else ({"value": ""}, [])
    if faults or not isinstance(data, dict):
        return text
    value: object = data["value"]
    return value
