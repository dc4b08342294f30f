"""A CSV table as typed rows, or as faults that name the row and the column."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from pydantic import ValidationError

from dispersal.case.schema import TableRow
from dispersal.case.translate import faults_of
from dispersal.errors import Fault, nearest_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RowT = TypeVar("RowT", bound=TableRow)

# What a spreadsheet can hold; a table beyond it cannot have been read by a person.
MAX_ROWS: Final = 1_048_576
MAX_FAULTS: Final = 100


@dataclass
class Table(Generic[RowT]):
    """The rows of one table.

    Attributes
    ----------
    rows : list of (int, TableRow)
        Row as a spreadsheet shows it (the header is row 1) and its typed content.
    names : list of (int, str)
        The identifier of every row, also of rows that could not be read, so that one bad cell
        does not make every reference to its row a fault.
    readable : bool
        False where the header or the file itself is broken: then the rows are not known.
    """

    file: str
    present: bool = False
    readable: bool = True
    rows: list[tuple[int, RowT]] = field(default_factory=list)
    names: list[tuple[int, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)

    def known(self) -> frozenset[str]:
        """Return the identifiers of all rows."""
        return frozenset(name for _, name in self.names)

    def values(self) -> tuple[RowT, ...]:
        """Return the typed rows in their order."""
        return tuple(row for _, row in self.rows)


def parse_table(text: str, file: str, model: type[RowT]) -> Table[RowT]:
    r"""Read the text of a table.

    Examples
    --------
    >>> from dispersal.case.schema import Source
    >>> table = parse_table("key,title,author_or_publisher,published\n"
    ...                     "un_2016,Report,UN,2016-13-01\n", "evidence/sources.csv", Source)
    >>> print(table.faults[0].column, table.faults[0].expected)
    published a day that the calendar has
    """
    table: Table[RowT] = Table(file, present=True)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records = enumerate(reader, start=1)
    try:
        header = next(records, (1, []))[1]
        if not _accept_header(header, table, model):
            table.readable = False
            return table
        _read_rows(records, header, table, model)
    except csv.Error as error:
        table.readable = False
        table.faults.append(
            Fault(
                "broken_quotes",
                file,
                (table.names[-1][0] if table.names else 1) + 1,
                None,
                str(error),
                "cells in which every opening quotation mark is closed",
            )
        )
    if len(table.faults) > MAX_FAULTS:
        more = len(table.faults) - MAX_FAULTS
        del table.faults[MAX_FAULTS:]
        found = f"{more} more faults" if more > 1 else "1 more fault"
        table.faults.append(Fault("too_many_faults", file, None, None, found, "none"))
    return table


def _accept_header(header: Sequence[str], table: Table[RowT], model: type[RowT]) -> bool:
    columns = model.columns()

    def fault(kind: str, found: str, expected: str, nearest: str | None = None) -> None:
        table.faults.append(Fault(kind, table.file, 1, None, found, expected, nearest))

    for kind, mark, what in (("semicolons", ";", "semicolons"), ("tabs", "\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            fault(kind, header[0], f"cells separated by commas, not by {what}")
            return False
    stripped = [name.strip() for name in header]
    for name, clean in zip(header, stripped, strict=True):
        if name != clean:
            fault("space_around", name, "a column name without spaces around it", clean)
        if not clean:
            fault("unknown_column", name, "a name in every cell of the header")
        elif clean not in columns:
            expected = f"one of the columns {', '.join(columns)}"
            fault("unknown_column", name, expected, nearest_name(clean, columns))
    for name, count in Counter(stripped).items():
        if count > 1 and name:
            fault("duplicate_column", name, "each column once")
    for name in model.required_columns():
        if name not in stripped:
            fault("missing_column", ", ".join(header), f"a column {name}")
    return not table.faults


def _read_rows(
    records: Iterator[tuple[int, list[str]]],
    header: Sequence[str],
    table: Table[RowT],
    model: type[RowT],
) -> None:
    for number, cells in records:
        if number > MAX_ROWS:
            found, expected = f"more than {MAX_ROWS} rows", f"at most {MAX_ROWS} rows"
            table.faults.append(Fault("too_many_rows", table.file, number, None, found, expected))
            table.readable = False
            return
        if not any(cell.strip() for cell in cells):
            continue
        values = dict(zip(header, cells, strict=False))
        table.names.append((number, values.get(model.id_column, "").strip()))
        if len(cells) != len(header):
            expected = f"{len(header)} cells, as in the header"
            if len(cells) > len(header):
                expected += "; put quotation marks around text that holds a comma"
            found = f"{len(cells)} cells: {','.join(cells)}"
            table.faults.append(Fault("ragged_row", table.file, number, None, found, expected))
            continue
        clean = _strip(values, number, table, model)
        try:
            row = model.model_validate(clean)
        except ValidationError as error:
            table.faults.extend(faults_of(error, model, table.file, number))
        else:
            table.rows.append((number, row))


def _strip(
    values: dict[str, str], number: int, table: Table[RowT], model: type[RowT]
) -> dict[str, str | None]:
    clean: dict[str, str | None] = {}
    for column, cell in values.items():
        text = cell.strip()
        if text != cell and column not in model.free_text:
            expected = "a cell without spaces around its content"
            table.faults.append(
                Fault("space_around", table.file, number, column, cell, expected, text or None)
            )
        clean[column] = text or None
    return clean
