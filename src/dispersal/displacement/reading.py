"""Cells of Flee's files: where each stands, what is wrong with it, what is worth a note."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dispersal.errors import Fault, nearest_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


#: No number of a folder is larger: there are not as many people, kilometres or days.
LARGEST = 10_000_000_000


@dataclass
class Reading:
    """Everything found while a folder is read: faults stop it, notes do not.

    Parameters
    ----------
    folder : Path
        The folder that is read; files are named relative to it.
    faults, notes : list of Fault
        In the order in which they were found.
    """

    folder: Path
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)

    def fault(
        self,
        kind: str,
        row: Row,
        column: str | None,
        found: str,
        expected: str,
        valid: Iterable[str] = (),
    ) -> None:
        """Add what cannot be read."""
        near = nearest_name(found, valid)
        self.faults.append(Fault(kind, row.file, row.number, column, found, expected, near))

    def note(
        self,
        kind: str,
        row: Row,
        column: str | None,
        found: str,
        expected: str,
        valid: Iterable[str] = (),
    ) -> None:
        """Add what can be read, but not as its author will have meant it."""
        near = nearest_name(found, valid)
        self.notes.append(Fault(kind, row.file, row.number, column, found, expected, near))

    def rows(self, name: str, *, needed: bool = True, may_be_empty: bool = False) -> list[Row]:
        """Return the rows of a CSV file, comments among them; empty rows are left out.

        A file that is no text is a fault, and so is one that is missing or has no rows, unless it
        is not needed, or may be empty.
        """
        path, whole = self.folder / name, Row(name, None, ())
        if not path.is_file():
            if needed:
                beside = sorted(p.name for p in path.parent.glob("*.csv"))
                self.fault("missing_file", whole, None, name, "a file of this name", beside)
            return []
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            self.fault("not_text", whole, None, "bytes", "text in UTF-8")
            return []
        lines = csv.reader(text.splitlines(keepends=True))
        found = []
        for cells in lines:
            stripped = tuple(cell.strip() for cell in cells)
            if any(stripped):
                found.append(Row(name, lines.line_num, stripped))
        if needed and not found and not may_be_empty:
            self.fault("no_rows", whole, None, "no row", "rows")
        return found

    def whole(self, row: Row, at: int, column: str) -> int:
        """Return a cell that has to be a whole number; 0 after a fault."""
        try:
            value = int(row.cell(at))
        except ValueError:
            self.fault("not_a_number", row, column, row.cell(at), "a whole number")
            return 0
        if abs(value) > LARGEST:
            self.fault("too_large", row, column, row.cell(at), f"at most {LARGEST:,}")
            return 0
        return value

    def number(self, row: Row, at: int, column: str) -> float:
        """Return a cell that has to be a number; 0 after a fault."""
        try:
            value = float(row.cell(at))
        except ValueError:
            value = float("nan")
        if value - value != 0:  # not a number, or infinite
            self.fault("not_a_number", row, column, row.cell(at), "a number")
            return 0.0
        if abs(value) > LARGEST:
            self.fault("too_large", row, column, row.cell(at), f"at most {LARGEST:,}")
            return 0.0
        return value

    def day(self, row: Row, at: int, column: str) -> dt.date | None:
        """Return a cell that has to be a date; None after a fault."""
        try:
            return dt.date.fromisoformat(row.cell(at))
        except ValueError:
            self.fault("not_a_date", row, column, row.cell(at), "a date like 2012-02-29")
            return None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file, as a spreadsheet numbers it.

    Examples
    --------
    >>> row = Row("input_csv/routes.csv", 2, ("A", "B", "120"))
    >>> row.cell(2), row.cell(3), row.is_comment
    ('120', '', False)
    """

    file: str
    number: int | None
    cells: tuple[str, ...]

    def cell(self, at: int) -> str:
        """Return a cell, empty where the row is shorter."""
        return self.cells[at] if at < len(self.cells) else ""

    @property
    def is_comment(self) -> bool:
        """Whether the row is a header or a comment."""
        return self.cell(0).startswith("#")
