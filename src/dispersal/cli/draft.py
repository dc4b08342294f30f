"""``dispersal draft``: from an article to proposed rows, a review of them, and a case."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from dispersal.drafting import Proposal, Proposals

#: What a kind of row is called, and the values that tell it apart.
KINDS = {
    "group": ("the group", ("name", "members_low", "members_high")),
    "place": ("places", ("place", "use")),
    "organisation": ("organisations", ("name", "use")),
    "destination": ("destinations", ("place", "cohort", "hedge")),
    "number": ("numbers", ("low", "high", "counts", "origin")),
    "date": ("dates", ("date", "use")),
    "end_mode": ("manner of the end", ("mode",)),
}


@click.command(
    short_help="Propose a case from an article.",
    epilog="Example: dispersal draft article.txt --asked-on 2017-03-07",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Folder of the case; the review file stands beside it as FOLDER.review.yaml [default: "
    "named after FILE].",
)
@click.option("--asked-on", metavar="DATE", help="The day of the question, YYYY-MM-DD.")
@click.option(
    "--yes-to",
    type=click.Path(path_type=Path),
    metavar="REVIEW",
    help="Build the case from the rows with accept: yes in this review file.",
)
@click.option("--review", "asks", is_flag=True, help="Ask row by row; quit and go on later.")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON only; write nothing.")
def draft(
    file: Path,
    out: Path | None,
    asked_on: str | None,
    yes_to: Path | None,
    asks: bool,
    as_json: bool,
) -> None:
    """Propose the rows of a case from FILE, an article in plain text or HTML, in English.

    Places, organisations, destinations, numbers and dates are found by rules; each stands in the
    review file beside the sentence that it came from and waits for a yes. Nothing is accepted
    unless you say so, and what can mean several things is asked.
    """
    from dispersal.case.asking import day_of
    from dispersal.cli.output import print_json
    from dispersal.drafting import propose, read_article
    from dispersal.errors import InputError

    if (yes_to is not None) + asks + as_json > 1:
        raise InputError("found several of --yes-to, --review and --json, expected one of them")
    day = str(day_of(asked_on)) if asked_on else ""
    found = propose(read_article(file), asked_on=day)
    folder = out if out is not None else Path(identifier(file.stem))
    review = folder.with_name(f"{folder.name}.review.yaml")
    if as_json:
        print_json(record(found))
    elif yes_to is not None:
        _build(found, yes_to, folder, day)
    elif asks:
        from dispersal.cli.draft_review import review_rows

        review_rows(found, review, file, folder)
    else:
        _propose(found, review, file, folder)


def identifier(text: str) -> str:
    """Return a folder name for an article: lower-case letters, digits and ``_``.

    Examples
    --------
    >>> identifier("Where next? (2017)"), identifier("2017 war")
    ('where_next_2017', 'case_2017_war')
    """
    plain = re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_") or "article"
    return plain if plain[0].isalpha() else f"case_{plain}"


def record(found: Proposals) -> dict[str, Any]:
    """Return the proposals as plain data."""
    return {
        "article": found.article.name,
        "title": found.article.title,
        "asked_on": found.asked_on,
        "rows": [{"kind": row.kind, **row.record()} for row in found.rows],
    }


def _propose(found: Proposals, review: Path, file: Path, folder: Path) -> None:
    from dispersal.cli.output import print_line, print_text
    from dispersal.drafting import write_review
    from dispersal.errors import InputError

    if review.exists():
        raise InputError(
            f"found {review}, which may hold answers: go on with --review, build the case with "
            f"--yes-to {review}, or draft anew with another --out"
        )
    show_rows(found)
    write_review(found, review)
    asked = sum(bool(row.question) for row in found.rows)
    print_text()
    print_text(
        f"{len(found.rows)} rows proposed, none accepted; {asked} have a question. Say yes in the "
        "review file, or row by row with --review, and then build the case:"
    )
    print_line(f"  review file: {review}")
    print_line(f"  dispersal draft {file} --out {folder} --yes-to {review}")


def _build(found: Proposals, yes_to: Path, folder: Path, day: str) -> None:
    from dataclasses import replace

    from dispersal.cli.output import print_line, print_text
    from dispersal.drafting import build_case, read_review

    reviewed = read_review(yes_to, found)
    if day:
        reviewed = replace(reviewed, asked_on=day)
    written = build_case(reviewed, folder)
    accepted = len(reviewed.accepted())
    print_text(
        f"{accepted} of {len(reviewed.rows)} rows went into the case; draft.txt in it lists the "
        "others, and what to look at."
    )
    print_line(f"  case: {written}")
    print_line(f"  dispersal check {written}")


def show_rows(found: Proposals) -> None:
    """Print a table a kind, with the words of each row and how sure the rule is."""
    from dispersal.cli.output import print_table
    from dispersal.forecast.answer import TextTable

    for kind, (title, keys) in KINDS.items():
        rows = found.of_kind(kind)
        if rows:
            cells = tuple((row.row, *(cell(row, key) for key in keys), sure(row)) for row in rows)
            columns = ("row", *(key.replace("_", " ") for key in keys), "sure")
            print_table(TextTable(title.capitalize(), columns, cells))


def cell(row: Proposal, key: str) -> str:
    """Return a value as a person reads it; what is denied says so."""
    value = row.settled.get(key, "")
    if isinstance(value, float):
        share = bool(row.values.get("share"))
        return f"{value:.0%}".replace("%", " %") if share else f"{value:,.6g}"
    if key == "cohort" and row.values.get("negated"):
        return f"not {value}"
    return str(value)


def sure(row: Proposal) -> str:
    """Return the confidence, or that the row has a question."""
    return "?" if row.question and not row.answer else f"{row.confidence:.2f}"
