"""``dispersal schema``: JSON Schemas for editors."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(
    short_help="Write JSON Schemas for editors.",
    epilog="Example: dispersal schema case --out case.schema.json",
)
@click.argument("kind", type=click.Choice(["case", "levers", "columns"]))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A new file for the schema [default: print it].",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print the results as JSON only; a schema always is."
)
def schema(kind: str, out: Path | None, as_json: bool) -> None:
    """Print the JSON Schema of case.yaml, levers.yaml or the column map of an import.

    An editor that knows JSON Schema, such as VS Code with its YAML extension, then completes keys,
    explains them and marks what is wrong while it is written. The folder of a new case has the
    first two, and its files name them.
    """
    from dispersal.authoring.schema import schema_text
    from dispersal.cli.output import print_json, print_line

    text = schema_text(kind)
    if out is None:
        click.echo(text, nl=False)
        return
    _write(out, text)
    if as_json:
        print_json({"schema": kind, "file": str(out)})
    else:
        print_line(f"The schema of {kind} is in {out}")


def _write(out: Path, text: str) -> None:
    from dispersal.errors import InputError

    try:
        with out.open("x", encoding="utf-8", newline="") as stream:
            stream.write(text)
    except FileExistsError:
        raise InputError(f"found {out} there already, expected a name that is not taken") from None
    except OSError as error:
        raise InputError(
            f"found {out}, expected a file that can be written: {error.strerror or error}"
        ) from None
