"""Results on stdout, as text or JSON; progress on stderr."""

from __future__ import annotations

import json
import sys
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

#: A paragraph is not set wider than this, however wide the window.
LONGEST_LINE = 100


def print_json(result: dict[str, Any] | list[Any]) -> None:
    """Print plain data."""
    click.echo(json.dumps(result, indent=2, ensure_ascii=False, allow_nan=False))


def print_text(text: str = "") -> None:
    """Print a paragraph, wrapped to the window."""
    console = _console()
    console.print(Text(text), width=min(console.width, LONGEST_LINE))


def print_line(text: str) -> None:
    """Print a line that names a place; in a pipe or a file it is never broken."""
    console = _console()
    console.print(Text(text), soft_wrap=not console.is_terminal)


def print_table(table: TextTable) -> None:
    """Print a table, its first column left and the others right.

    Where the window is too narrow, intervals go on a second line: rich would break a number.
    """
    console = _console()
    columns = list(zip(table.columns, *table.rows, strict=True))
    wide = sum(max(map(len, column)) for column in columns) + GAP * (len(columns) - 1)
    narrow = wide > console.width
    grid = Table(
        title=table.title, title_justify="left", box=None, pad_edge=False, padding=(0, GAP, 0, 0)
    )
    for at, column in enumerate(table.columns):
        header = column.replace(" ", "\n") if narrow and at else column
        grid.add_column(Text(header), justify="right" if at else "left", no_wrap=at > 0)
    for row in table.rows:
        cells = [row[0], *(cell.replace(" (", "\n(") if narrow else cell for cell in row[1:])]
        grid.add_row(*(Text(cell) for cell in cells))
    console.print()
    console.print(grid)


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
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        yield Steps(progress)
