"""``dispersal check``: what is wrong with a case, and what to fill in next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dispersal.authoring.guide.guide import Guide


@click.command(
    short_help="List what is wrong with a case, and what to fill in next.",
    epilog="Example: dispersal check ./my_case --run runs/my_case-2017-03-07",
)
@click.argument("case")
@click.option(
    "--run",
    metavar="RUN",
    help="A saved forecast of the case: figures are ranked by its answer of dispersal information.",
)
@click.option(
    "--top",
    type=click.IntRange(min=1),
    metavar="N",
    default=5,
    show_default=True,
    help="Things to fill in that are printed; JSON has all of them.",
)
@click.option("--no-guide", is_flag=True, help="Leave out what to fill in next.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON only.")
@click.pass_context
def check(
    ctx: click.Context, case: str, run: str | None, top: int, no_guide: bool, as_json: bool
) -> None:
    """List everything that is wrong with CASE, with file, row and column.

    A case without a fault is told what to fill in next, the most useful first: file, column, the
    reason, and the command or the cell that does it. By rules, or with --run by how much each
    figure would narrow that forecast.
    """
    if not show_check(case, as_json=as_json, run=run, top=top, guided=not no_guide):
        ctx.exit(2)


def show_check(
    name: str, *, as_json: bool, run: str | Path | None = None, top: int = 5, guided: bool = True
) -> bool:
    """Print what is wrong with a case and what to fill in next; return whether it can be read."""
    from dataclasses import asdict

    from dispersal.case import check_case
    from dispersal.cli.output import print_json, print_line

    report = check_case(name)
    found: Guide | None = None
    if guided and report.ok:
        from dispersal.authoring.guide.guide import what_next

        found = what_next(name, run)
    if as_json:
        record = {
            "case": name,
            "ok": report.ok,
            "faults": [asdict(fault) for fault in report.faults],
            "notes": [asdict(note) for note in report.notes],
        }
        print_json(record if found is None else {**record, "guide": found.record()})
        return report.ok
    for fault in report.faults:
        print_line(f"fault: {fault}")
    for note in report.notes:
        print_line(f"note: {note}")
    print_line(f"{name}: {_plural(report.faults, 'fault')}, {_plural(report.notes, 'note')}")
    if found is not None:
        show_guide(name, found, top)
    return report.ok


def show_guide(name: str, found: Guide, top: int) -> None:
    """Print what to fill in next."""
    from dispersal.case import builtin_cases
    from dispersal.cli.output import print_line, print_text

    if not found.findings:
        print_text("Nothing more to fill in that the guide knows of.")
        return
    print_text()
    print_text(f"What to fill in next, the most useful first ({found.basis}):")
    for number, one in enumerate(found.findings[:top], start=1):
        print_text()
        print_text(f"{number}. {one.file}, {one.column}: {one.what}.")
        print_text(f"{_capital(one.why)}.")
        print_line(f"→ {one.how}")
    if (more := len(found.findings) - top) > 0:
        print_text()
        print_text(f"And {more} more: --top {len(found.findings)} prints them all.")
    if name in builtin_cases():
        print_text(
            f"{name} comes with Dispersal and stays as it is; dispersal.case.write_case makes a "
            "copy that can be changed."
        )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _plural(found: Sequence[object], name: str) -> str:
    count = len(found)
    return f"{count or 'no'} {name}{'s' * (count != 1)}"
