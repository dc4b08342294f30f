"""From a cell of the source table to a cell of the ledger: what a column map allows, no guesses."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from dispersal.authoring.evidence.column_map import DAYS
from dispersal.authoring.evidence.naming import Names, UnknownNameError
from dispersal.case.serialise import cell_text
from dispersal.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispersal.authoring.evidence.column_map import ColumnMap
    from dispersal.authoring.evidence.source_table import Cell, SourceTable

#: Columns that hold numbers.
NUMBERS: Final = ("low", "high")


@dataclass
class Converter:
    """Turns rows of a source table into cells of the ledger, and says what it cannot.

    Parameters
    ----------
    columns : ColumnMap
    names : Names
        Of the case.
    map_name : str
        The file of the map, for faults in what it says itself.
    faults : list of Fault
        What could not be read, with the row and the column of the source table.
    """

    columns: ColumnMap
    names: Names
    map_name: str
    faults: list[Fault] = field(default_factory=list)
    _met: set[tuple[str, str]] = field(default_factory=set)

    def rows(self, table: SourceTable) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield the row number and the cells of every row that is not left out."""
        for number, cells in table.rows:
            if not self._left_out(cells):
                yield number, self._row(table.name, number, cells)

    def unmet(self) -> list[str]:
        """Return what the map has a meaning for and no row has: it may be misspelt."""
        said = [
            f"values.{column}: {text!r} stands in no row"
            for column, meanings in self.columns.values.items()
            for text in meanings
            if (column, text) not in self._met
        ]
        for at, _ in enumerate(self.columns.leave_out, start=1):
            if ("leave_out", str(at)) not in self._met:
                said.append(f"leave_out[{at}] matches no row")
        return said

    def _left_out(self, cells: dict[str, Cell]) -> bool:
        for at, rule in enumerate(self.columns.leave_out, start=1):
            if rule and all(cells[name].text == text.strip() for name, text in rule.items()):
                self._met.add(("leave_out", str(at)))
                return True
        return False

    def _row(self, file: str, number: int, cells: dict[str, Cell]) -> dict[str, str]:
        row = {}
        for column, constant in self.columns.constants.items():
            row[column] = self._named(
                column, constant, (self.map_name, None, f"constants.{column}")
            )
        for column, name in self.columns.columns.items():
            where = (file, number, name)
            cell = cells[name]
            if cell.against:
                self.faults.append(Fault("unreadable_cell", *where, cell.text, cell.against))
                row[column] = ""
                continue
            row[column] = self._meaning(column, cell, where)
        return row

    def _meaning(self, column: str, cell: Cell, where: tuple[str, int | None, str]) -> str:
        meanings = self.columns.values.get(column, {})
        if cell.text in meanings:
            self._met.add((column, cell.text))
            return self._named(column, meanings[cell.text], where)
        if column in NUMBERS:
            return self._number(cell, where)
        if column in DAYS:
            return self._day(column, cell, where)
        if isinstance(cell.value, dt.date | bool):
            return self._refuse("wrong_type", where, cell.text, "text")
        return self._named(column, cell.text, where)

    def _named(self, column: str, text: str, where: tuple[str, int | None, str]) -> str:
        """Return a text; of a country or place, the name that the case has for it."""
        if column not in ("origin", "place") or not text:
            return text
        find = self.names.origin if self.columns.table == "figures" else self.names.area
        try:
            return find(text)
        except UnknownNameError as error:
            self._add(error.fault(*where))
            return ""

    def _number(self, cell: Cell, where: tuple[str, int | None, str]) -> str:
        if isinstance(cell.value, dt.date | bool):
            return self._refuse("bad_number", where, cell.text, "a number")
        if not isinstance(cell.value, str):
            return cell_text(None if cell.value is None else float(cell.value))
        text = cell.value
        thousands, decimal = self.columns.thousands, self.columns.decimal
        if thousands is None and decimal == ".":
            return text  # the rules of the ledger; they name what stands in the way
        between = re.escape(thousands or "")
        whole = rf"\d{{1,3}}({between}\d{{3}})+|\d+" if thousands else r"\d+"
        if not re.fullmatch(rf"[+-]?({whole})({re.escape(decimal)}\d+)?", text):
            signs = f"thousands {thousands!r} and decimal {decimal!r}"
            return self._refuse(
                "bad_number", where, text, f"a number with {signs}, as the map says"
            )
        return text.replace(thousands or "", "").replace(decimal, ".")

    def _day(self, column: str, cell: Cell, where: tuple[str, int | None, str]) -> str:
        if cell.value is None or isinstance(cell.value, dt.date):
            return cell_text(cell.value)
        if not isinstance(cell.value, str):
            expected = "a cell formatted as a date, or text as YYYY-MM-DD"
            return self._refuse("bad_date", where, cell.text, expected)
        form = self.columns.dates.get(column)
        if form is None:
            return cell.value
        # strptime alone would take 7.3.17 for the year 17.
        shape = re.escape(form).replace("%d", r"\d{1,2}").replace("%m", r"\d{1,2}")
        if re.fullmatch(shape.replace("%Y", r"\d{4}"), cell.value):
            try:
                return dt.datetime.strptime(cell.value, form).date().isoformat()
            except ValueError:
                return self._refuse(
                    "impossible_date", where, cell.value, "a day that the calendar has"
                )
        return self._refuse("bad_date", where, cell.value, f"a day as {form}, as the map says")

    def _refuse(
        self, kind: str, where: tuple[str, int | None, str], found: str, expected: str
    ) -> str:
        self._add(Fault(kind, *where, found, expected))
        return ""

    def _add(self, fault: Fault) -> None:
        # A constant is the same in every row: once is enough.
        if fault not in self.faults:
            self.faults.append(fault)
