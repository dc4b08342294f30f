"""The smaller files of a new case: its tables, an example of a lever, what to do next."""

from __future__ import annotations

import csv
import io
import textwrap
from typing import TYPE_CHECKING

from dispersal.authoring.start.caseyaml import scalar

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from dispersal.authoring.start.answers import Answers
    from dispersal.authoring.start.question import Known
    from dispersal.case.schema import TableRow


def table(model: type[TableRow], rows: Iterable[Mapping[str, str]]) -> str:
    r"""Return a table with all its columns.

    Examples
    --------
    >>> from dispersal.case.schema import Source
    >>> table(Source, [])
    'key,title,author_or_publisher,published,url\n'
    """
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(model.columns()), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def levers_example(known: Known, asked_on: dt.date) -> str:
    """Return ``levers.yaml`` with one what-if: the nearest way out is closed."""
    place = next(row for row in known.places if "transit" in row["roles"])
    code, name = place["place"], place["name"]
    title = scalar(f"The way through {name} is closed")
    return f"""\
# yaml-language-server: $schema=.schema/levers.json
# Named what-ifs, each a patch of the case; docs/case-format.md of Dispersal has the grammar.
# After a forecast: dispersal compare RUN --lever closed_border
- name: closed_border
  title: {title}
  rationale: >-
    An example, to be replaced: how much of the answer hangs on one border?
  source: ''
  patch:
    policies:
      add:
        - {{policy_id: lever_closed_border, actor: {scalar(code)}, policy: border_control,
           from: {asked_on}, low: 0.6, high: 0.9, published: {asked_on}}}
"""


def readme(answers: Answers, known: Known, commands: Sequence[str]) -> str:
    """Return ``README.txt``: what is in the folder, and what comes next."""
    forecast, check = commands
    folder = check.removeprefix("dispersal check ")
    where = ", ".join(row["name"] for row in known.places if row["place"] in known.home)
    parts = [
        f"{answers.group}: a case of Dispersal, asked on {answers.asked_on}, about {where}.",
        "It runs as it is, on priors and on what became of the members in past endings:",
        f"    {forecast}",
        "What to fill in next, the most useful first, with the file, the column and the reason:",
        f"    {check}",
        "A published figure is one row of evidence/figures.csv or evidence/aggregates.csv. Write "
        "it there, or let it be checked and written:",
        f"    dispersal evidence add {folder} --quantity strength --place {known.home[0]} \\\n"
        "        --low 2000 --high 3000 --as-of YYYY-MM-DD --published YYYY-MM-DD \\\n"
        "        --source KEY --title TITLE --publisher WHO",
        f"    dispersal evidence import {folder} FILE.xlsx --map columns.yaml",
        "Only aggregate figures belong here: counts of people, each with its source and its day. "
        "Never a person.",
        "Files: case.yaml (the question, the group, its territory, its end), origins.csv (where "
        "members are from), places.csv (where they can go), hosts.csv (who may take them in), "
        "policies.csv (what states do), levers.yaml (what-ifs), evidence/ (published figures and "
        "their sources). .schema/ lets an editor check case.yaml and levers.yaml while you write.",
        "Rows whose note begins with “default: ” were not asked for. Judge each, and change the "
        "note once you have.",
        "docs/new-case.md and docs/case-format.md of Dispersal say more.",
    ]
    lines = [part if part.startswith("    ") else textwrap.fill(part, 90) for part in parts]
    return "\n\n".join(lines) + "\n"
