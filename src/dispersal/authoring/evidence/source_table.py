"""The table that rows are imported from, as it is: a CSV file or a sheet of a workbook."""

from __future__ import annotations

import csv
import datetime as dt
import io
import warnings
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from dispersal.case.folder import MAX_TABLE_BYTES, MEGABYTE, read_text
from dispersal.case.tables import MAX_ROWS
from dispersal.errors import CaseError, Fault, InputError, nearest_name

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.authoring.evidence.column_map import ColumnMap

#: What a cell can hold: text, a number, a day or a truth value; None where it is empty.
Value: TypeAlias = str | float | int | bool | dt.date | None

#: Most that a workbook may unpack to; an archive of a few kilobytes can hold gigabytes.
MAX_UNPACKED: Final = 500 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the source table, and what there is to say against reading it."""

    value: Value
    against: str = ""

    @property
    def text(self) -> str:
        """What a fault or a map of values calls it."""
        if self.value is None:
            return ""
        if isinstance(self.value, float) and self.value.is_integer():
            return str(int(self.value))
        return str(self.value).strip()


@dataclass(frozen=True)
class SourceTable:
    """A header and the rows below it, each with its number in the file."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, Cell]], ...]
    remarks: tuple[str, ...] = ()


def read_source(file: Path, columns: ColumnMap) -> SourceTable:
    """Read the table that a column map speaks of.

    Parameters
    ----------
    file : Path
        A ``.csv`` or ``.xlsx`` file.
    columns : ColumnMap

    Raises
    ------
    CaseError
        If the file cannot be read as such a table.
    """
    ending = file.suffix.casefold()
    if ending not in (".csv", ".xlsx"):
        hint = "; save it as .xlsx" if ending in (".xls", ".ods", ".xlsb", ".xlsm") else ""
        raise _refused(file, "unknown_file", file.name, f"a .csv or .xlsx file{hint}")
    lines = _workbook(file, columns) if ending == ".xlsx" else _csv(file, columns)
    return _table(file, columns, lines)


def _table(file: Path, columns: ColumnMap, lines: _Lines) -> SourceTable:
    at = columns.header_row
    header = [cell.text for cell in lines.rows.get(at, ())]
    while header and not header[-1]:
        header.pop()
    if not header:
        expected = "the names of the columns, or another header_row in the column map"
        raise CaseError(file.name, [Fault("no_header", lines.name, at, None, "nothing", expected)])
    faults = [
        Fault("duplicate_column", lines.name, at, None, name, "each column once")
        for name in dict.fromkeys(header)
        if name and header.count(name) > 1
    ]
    used = {*columns.columns.values(), *(name for rule in columns.leave_out for name in rule)}
    for name in sorted(used - set(header)):
        expected = f"a column of {lines.name} ({', '.join(filter(None, header))})"
        near = nearest_name(name, header)
        faults.append(Fault("unknown_column", "the column map", None, None, name, expected, near))
    if faults:
        raise CaseError(file.name, faults)
    rows = []
    for number, cells in lines.rows.items():
        if number <= at or not any(cell.text or cell.against for cell in cells):
            continue
        if any(cell.text for cell in cells[len(header) :]):
            surplus = next(cell.text for cell in cells[len(header) :] if cell.text)
            expected = f"cells below the {len(header)} names of the header only"
            faults.append(Fault("ragged_row", lines.name, number, None, surplus, expected))
        padded = [*cells, *(Cell(None) for _ in header)]
        rows.append((number, dict(zip(header, padded, strict=False))))
    if faults:
        raise CaseError(file.name, faults)
    unread = [name for name in header if name and name not in used]
    remarks = [*lines.remarks]
    if unread:
        remarks.append(f"columns of {lines.name} that are not used: {', '.join(unread)}")
    return SourceTable(lines.name, tuple(header), tuple(rows), tuple(remarks))


@dataclass(frozen=True)
class _Lines:
    """The cells of a file by the number of their row."""

    name: str
    rows: dict[int, list[Cell]]
    remarks: tuple[str, ...] = ()


def _csv(file: Path, columns: ColumnMap) -> _Lines:
    text, fault = read_text(file.resolve().parent, file.resolve().name)
    if fault is not None:
        raise CaseError(file.name, [fault])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=columns.delimiter, strict=True)
    rows: dict[int, list[Cell]] = {}
    try:
        for number, cells in enumerate(reader, start=1):
            rows[number] = [Cell(cell.strip() or None) for cell in cells]
    except csv.Error as error:
        expected = "cells in which every opening quotation mark is closed"
        broken = Fault("broken_quotes", file.name, len(rows) + 1, None, str(error), expected)
        raise CaseError(file.name, [broken]) from None
    first = rows.get(columns.header_row, [])
    for name, mark in (("comma", ","), ("semicolon", ";"), ("tab", "\t")):
        if len(first) == 1 and mark in first[0].text and mark != columns.delimiter:
            expected = f"the delimiter of the column map; this file seems to have a {name}"
            raise CaseError(
                file.name,
                [Fault("delimiter", file.name, columns.header_row, None, first[0].text, expected)],
            )
    return _Lines(file.name, rows)


def _workbook(file: Path, columns: ColumnMap) -> _Lines:
    """Read the cells of a sheet: what is shown, and what was worked out when it was saved."""
    shown, formulas = _open(file, data_only=True), _open(file, data_only=False)
    names = [str(name) for name in shown.sheetnames]
    name = columns.sheet or (names[0] if len(names) == 1 else "")
    if name not in names:
        expected = f"one of the sheets {', '.join(names)}, as sheet in the column map or --sheet"
        near = nearest_name(name, names) if name else None
        raise _refused(file, "unknown_sheet", name, expected, near)
    sheet, written = shown[name], formulas[name]
    where = f"{file.name}, sheet {name}" if len(names) > 1 else file.name
    if sheet.max_row > MAX_ROWS:
        raise _refused(file, "too_many_rows", f"{sheet.max_row} rows", f"at most {MAX_ROWS} rows")
    merged = {
        (row, column)
        for area in sheet.merged_cells.ranges
        for row, column in area.cells
        if (row, column) != (area.min_row, area.min_col)
    }
    rows: dict[int, list[Cell]] = {}
    for line in sheet.iter_rows():
        cells = [
            _cell(cell, written.cell(cell.row, cell.column), (cell.row, cell.column) in merged)
            for cell in line
        ]
        rows[line[0].row] = cells
    hidden = [number for number in rows if sheet.row_dimensions[number].hidden]
    remarks = [f"{len(hidden)} hidden rows of {where} are read as well"] if hidden else []
    return _Lines(where, rows, tuple(remarks))


def _cell(shown: Any, written: Any, merged: bool) -> Cell:
    """Return a cell, and why its value cannot be taken as it is."""
    value: Any = shown.value
    if merged:
        return Cell(None, "a cell of its own: this one is merged with another")
    if shown.data_type == "e":
        return Cell(str(value), "a value: this is an error of the spreadsheet")
    if written.data_type == "f" and value is None:
        found = str(getattr(written.value, "text", written.value))
        return Cell(found, "a value: this formula was never worked out; open and save the file")
    if isinstance(value, dt.datetime):
        if value.time() != dt.time(0):
            return Cell(value.isoformat(" "), "a day without a time")
        value = value.date()
    elif isinstance(value, dt.time | dt.timedelta):
        return Cell(str(value), "a day or a number: this is a time")
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and "%" in shown.number_format
    ):
        return Cell(value, f"a number that is not formatted as a percentage (shown as {value:.0%})")
    if isinstance(value, str):
        value = value.strip() or None
    return Cell(value)


def _open(file: Path, *, data_only: bool) -> Any:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        if file.stat().st_size > MAX_TABLE_BYTES:
            raise _refused(
                file, "too_large", file.name, f"at most {MAX_TABLE_BYTES // MEGABYTE} MB"
            )
        with zipfile.ZipFile(file) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                expected = f"at most {MAX_UNPACKED // MEGABYTE} MB unpacked"
                raise _refused(file, "too_large", file.name, expected)
        with warnings.catch_warnings():
            # Of what it leaves aside, such as drop-down lists; nothing that a cell holds.
            warnings.simplefilter("ignore")
            return load_workbook(file, data_only=data_only)
    except FileNotFoundError:
        raise _refused(file, "missing_file", "nothing", "a file of this name") from None
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, InvalidFileException) as error:
        raise _refused(
            file, "unreadable", str(error) or type(error).__name__, "an .xlsx workbook"
        ) from None


def _refused(
    file: Path, kind: str, found: str, expected: str, nearest: str | None = None
) -> InputError:
    return CaseError(file.name, [Fault(kind, file.name, None, None, found, expected, nearest)])
