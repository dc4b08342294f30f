"""``dispersal evidence``: figures added, imported and published as a data package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from dispersal.authoring.evidence.committing import Added

_json = click.option("--json", "as_json", is_flag=True, help="Print the results as JSON only.")
_dry = click.option("--dry-run", is_flag=True, help="Check, and write nothing.")


@click.group(
    short_help="Add published figures to a case.",
    epilog="Example: dispersal evidence add ./my_case --quantity returned --origin Tunisia --low "
    "800 --as-of 2016-12-31 --published 2017-01-02 --source KEY",
)
def evidence() -> None:
    """Add published figures to a case, one or many, or describe them as a data package.

    Counts of people only, each with its source and its day; never a person. Every command prints
    JSON with --json.
    """


@evidence.command(
    short_help="Add one figure.",
    epilog="Example: dispersal evidence add ./my_case --quantity returned --origin Tunisia --low "
    "800 --high 800 --as-of 2016-12-31 --published 2017-01-02 --source moi_2017 --title 'Ministry "
    "of the Interior, press conference' --publisher 'Government of Tunisia'",
)
@click.argument("case")
@click.option("--quantity", required=True, help="What is counted; it says which table gets it.")
@click.option("--origin", default="", help="Whose people: a code, or a name in any language.")
@click.option("--place", default="", help="Of an aggregate: places, joined with +.")
@click.option("--host", default="", help="Of an aggregate: the organisation.")
@click.option("--low", metavar="N", help="Lower end; leave it out for at most.")
@click.option("--high", metavar="N", help="Upper end; leave it out for at least.")
@click.option("--qualifier", default="", help="point, about, range, … [default: as the ends say].")
@click.option("--as-of", required=True, metavar="DATE", help="The day the figure speaks of.")
@click.option("--published", required=True, metavar="DATE", help="The day anyone could know it.")
@click.option("--source", required=True, metavar="KEY", help="Key of sources.csv, or a new one.")
@click.option("--title", default="", help="Of a new source.")
@click.option("--publisher", default="", help="Of a new source: who wrote or published it.")
@click.option("--url", default="", help="Of a new source.")
@click.option(
    "--source-published", default="", metavar="DATE", help="Of a new source [default: --published]."
)
@click.option("--quoted-by", default="", metavar="KEY", help="Source that quotes it.")
@click.option("--note", default="", help="What the source says, as far as it matters.")
@click.option("--id", "figure_id", default="", help="Name of the row [default: made of the rest].")
@_dry
@_json
def add(case: str, as_json: bool, **given: Any) -> None:
    """Append a published figure to the ledger of CASE, after checking the case as it would be.

    Nothing is written if anything is wrong. What stands in the files stays, byte for byte.
    """
    from dispersal.authoring.evidence.add import add_evidence

    _show(add_evidence(case, **given), as_json=as_json)


@evidence.command(
    "import",
    short_help="Add the rows of a spreadsheet.",
    epilog="Example: dispersal evidence import ./my_case figures.xlsx --map columns.yaml --dry-run",
)
@click.argument("case")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--map",
    "columns",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The column map, a YAML file: docs/new-case.md describes it.",
)
@click.option("--sheet", metavar="NAME", help="Sheet of a workbook.")
@_dry
@_json
def import_(
    case: str, file: Path, columns: Path, sheet: str | None, dry_run: bool, as_json: bool
) -> None:
    """Append the rows of FILE, .csv or .xlsx, to the ledger of CASE.

    The column map says what each column means. All faults are told at once, by row and
    column of FILE, and then nothing is written.
    """
    from dispersal.authoring.evidence.importing import import_evidence

    _show(import_evidence(case, file, columns, sheet=sheet, dry_run=dry_run), as_json=as_json)


@evidence.command(
    short_help="Describe the ledger as a data package.",
    epilog="Example: dispersal evidence package ./my_case --licence CC-BY-4.0",
)
@click.argument("case")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A new file in the case's folder or in its folder evidence "
    "[default: CASE/evidence/datapackage.json].",
)
@click.option("--licence", metavar="NAME", help="Of the compilation, such as CC-BY-4.0.")
@_json
def package(case: str, out: Path | None, licence: str | None, as_json: bool) -> None:
    """Write datapackage.json, so that the evidence of CASE can be published and read on its own.

    It follows the standard Data Package, version 2: types, constraints, keys and sources of
    every table.
    """
    from dispersal.authoring.evidence.package import write_package
    from dispersal.cli.output import print_json, print_line

    file = write_package(case, out, licence=licence)
    if as_json:
        print_json({"case": case, "file": str(file)})
    else:
        print_line(f"The data package is {file}")


def _show(added: Added, *, as_json: bool) -> None:
    """Print the rows that were added, or would be."""
    from dispersal.cli.output import print_json, print_line

    if as_json:
        print_json(added.record())
        return
    for remark in added.remarks:
        print_line(f"note: {remark}")
    for note in added.notes:
        print_line(f"note: {note}")
    for file, rows in added.rows.items():
        for number, cells in rows:
            print_line(f"{file}, row {number}: {','.join(cells.values())}")
    figures = f"{added.count} figure{'s' * (added.count != 1)}"
    if added.written:
        print_line(f"{figures} added to {added.folder}")
    else:
        print_line(f"{figures} would be added to {added.folder}; nothing is written")
