"""Results on stdout, as text or JSON; progress on stderr."""

from __future__ import annotations

import json
import sys
import textwrap
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dispersal.forecast.answer import TextTable

#: Spaces between the columns of a table.
GAP = 2

#: Keeps a number and its sign on one line.
NO_BREAK = "\N{NO-BREAK SPACE}"

#: A paragraph is not set wider than this, however wide the window.
LONGEST_LINE = 100


def print_json(result: dict[str, Any] | list[Any]) -> None:
    """Print plain data."""
    click.echo(json.dumps(result, indent=2, ensure_ascii=False, allow_nan=False))


def print_text(text: str = "") -> None:
    """Print a paragraph, wrapped to the window; a number stays with its per cent sign."""
    width = min(_console().width, LONGEST_LINE)
    kept = text.replace(" %", f"{NO_BREAK}%")
    lines = textwrap.fill(kept, width, break_long_words=False, break_on_hyphens=False)
    click.echo(lines.replace(NO_BREAK, " "))


def print_line(text: str) -> None:
    """Print a line that names a place; in a pipe or a file it is never broken."""
    console = _console()
    console.print(Text(text), soft_wrap=not console.is_terminal)


def print_table(table: TextTable) -> None:
    """Print a table, its first column left and the others right.

    Where the window is too narrow, intervals go on a second line; where it is narrower still, each
    row becomes a list. rich alone would break numbers, or leave out columns.
    """
    console = _console()
    columns = [Column(*cells) for cells in zip(table.columns, *table.rows, strict=True)]
    gaps = GAP * (len(columns) - 1)
    narrow = sum(column.wide for column in columns) + gaps > console.width
    least = max(map(len, " ".join((table.columns[0], *columns[0].cells)).split()))
    console.print()
    if narrow and least + sum(column.narrow for column in columns[1:]) + gaps > console.width:
        _print_lists(table)
        return
    grid = Table(
        title=table.title, title_justify="left", box=None, pad_edge=False, padding=(0, GAP, 0, 0)
    )
    for at, column in enumerate(columns):
        header = _in_two(column.header) if narrow and at else column.header
        width = column.narrow if narrow and at else None
        grid.add_column(
            Text(header), justify="right" if at else "left", no_wrap=at > 0, min_width=width
        )
    for row in table.rows:
        cells = [row[0], *(_in_two(cell, " (") if narrow else cell for cell in row[1:])]
        grid.add_row(*(Text(cell) for cell in cells))
    console.print(grid)


class Column:
    """The cells of a column, and how wide they are in one line and in two."""

    def __init__(self, header: str, *cells: str) -> None:
        self.header, self.cells = header, cells
        self.wide = max(map(len, (header, *cells)))
        lines = [*_in_two(header).split("\n")]
        lines += [line for cell in cells for line in _in_two(cell, " (").split("\n")]
        self.narrow = max(map(len, lines))


def _in_two(text: str, at: str = " ") -> str:
    return text.replace(at, f"\n{at.strip()}")


def _print_lists(table: TextTable) -> None:
    print_text(table.title)
    longest = max(map(len, table.columns[1:]))
    for row in table.rows:
        click.echo(row[0])
        for name, cell in zip(table.columns[1:], row[1:], strict=True):
            if cell:
                click.echo(f"    {name:<{longest}}  {cell}")


def _console() -> Console:
    # Made anew each time: stdout may have been replaced since.
    return Console(file=sys.stdout, highlight=False, markup=False)


class Steps:
    """Bars of the steps of a long command."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def begin(self, name: str) -> Callable[[int, int], None]:
        """Begin a step; call what is returned with (done, in all)."""
        task = self._progress.add_task(name, total=None)

        def report(done: int, total: int) -> None:
            self._progress.update(task, completed=done, total=total)

        return report


@contextmanager
def steps() -> Iterator[Steps]:
    """Show bars on stderr while a command works."""
    console = Console(file=sys.stderr, markup=False)
    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        yield Steps(progress)
