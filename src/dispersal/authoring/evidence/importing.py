"""Rows from a spreadsheet: read by a column map, checked with the whole case, added all or none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from dispersal.authoring.evidence.column_map import ColumnMap, read_map
from dispersal.authoring.evidence.committing import (
    SOURCES,
    Added,
    commit,
    draft_of,
    few,
    name_of,
    own_folder,
    qualifier_of,
    row_of,
)
from dispersal.authoring.evidence.converting import Converter
from dispersal.authoring.evidence.naming import Names
from dispersal.authoring.evidence.source_table import SourceTable, read_source
from dispersal.case.schema import Aggregate, Source
from dispersal.case.translate import faults_of
from dispersal.errors import CaseError, Fault

if TYPE_CHECKING:
    from dispersal.case.draft import Draft


def import_evidence(
    case: str | Path,
    file: str | Path,
    columns: str | Path | ColumnMap,
    *,
    sheet: str | None = None,
    dry_run: bool = False,
) -> Added:
    """Append the rows of a spreadsheet to the ledger of a case.

    The column map says what each column means; nothing is guessed. Every row is read, and the
    case checked as it would be; if anything is wrong, nothing is written.

    Parameters
    ----------
    case : str or Path
        A folder of your own.
    file : str or Path
        A ``.csv`` or ``.xlsx`` file.
    columns : str, Path or ColumnMap
        The column map (docs/new-case.md).
    sheet : str, optional
        Sheet of the workbook, instead of the one that the map names.
    dry_run : bool
        Check, and write nothing.

    Returns
    -------
    Added
        ``remarks`` tell what of the source was not used.

    Raises
    ------
    CaseError
        With everything that is wrong, by file, row and column of the source table.
    InputError
        If the folder is a built-in case, or cannot be written.
    """
    folder = own_folder(case)
    map_name = "the column map" if isinstance(columns, ColumnMap) else Path(columns).name
    chosen = columns if isinstance(columns, ColumnMap) else read_map(Path(columns))
    if sheet is not None:
        chosen = chosen.model_copy(update={"sheet": sheet})
    draft = draft_of(folder)
    table = read_source(Path(file), chosen)
    converter = Converter(chosen, Names(draft), map_name)
    reader = _Reader(chosen, map_name, table, draft)
    for number, cells in converter.rows(table):
        reader.add(
            number, cells, {fault.column for fault in converter.faults if fault.row == number}
        )
    sources = reader.sources()
    faults = sorted([*converter.faults, *reader.faults], key=lambda fault: fault.row or 0)
    if not reader.rows and not faults:
        found = f"{len(table.rows)} rows, all left out" if table.rows else "only a header"
        faults.append(Fault("no_rows", table.name, None, None, found, "rows to import"))
    if faults:
        raise CaseError(folder.name, few(faults))
    return commit(
        folder,
        {SOURCES: sources, chosen.file: reader.rows},
        reader.placed,
        dry_run=dry_run,
        remarks=(*table.remarks, *converter.unmet()),
    )


class _Reader:
    """Rows of the ledger from converted cells, and from which row each of them is."""

    def __init__(self, columns: ColumnMap, map_name: str, table: SourceTable, draft: Draft) -> None:
        self.columns, self.map_name, self.table = columns, map_name, table
        self.draft = draft
        self.faults: list[Fault] = []
        self.rows: list[dict[str, str]] = []
        self.numbers: list[int] = []
        self.taken = set(draft.figures.known() | draft.aggregates.known())

    def add(self, number: int, cells: dict[str, str], wrong: set[str | None]) -> None:
        """Add a row; what its model refuses becomes a fault, unless its cell has one already."""
        model = self.columns.model
        given = dict(cells)
        if model is Aggregate and (whose := given.pop("origin", "")):
            given["note"] = "; ".join(filter(None, (f"origin={whose}", given.get("note", ""))))
        given.setdefault("low", "")
        given.setdefault("high", "")
        if not given.get("qualifier"):
            given["qualifier"] = qualifier_of(given["low"], given["high"])
        named = bool(given.get("figure_id"))
        given.setdefault("figure_id", "")
        values = {column: cell or None for column, cell in given.items()}
        values["figure_id"] = values["figure_id"] or "new"
        try:
            row = row_of(values, model)
        except ValidationError as error:
            for fault in faults_of(error, model, self.table.name, number):
                placed = self._at(fault)
                if placed.column not in wrong and placed not in self.faults:
                    self.faults.append(placed)
            return
        if not row["low"] and not row["high"] and not wrong:
            fault = Fault("missing_value", self.table.name, number, "low", "", "low, high or both")
            self.faults.append(self._at(fault))
            return
        if not named and not wrong:
            row["figure_id"] = name_of(row, self.taken)
        self.taken.add(row["figure_id"])
        self.rows.append(row)
        self.numbers.append(number)

    def sources(self) -> list[dict[str, str]]:
        """Return the sources of the map that the case does not have yet."""
        known = {row.key: row for row in self.draft.sources.values()}
        new = []
        for at, source in enumerate(self.columns.sources, start=1):
            if source.key not in known:
                new.append(row_of(source.model_dump(), Source))
            elif known[source.key] != source:
                where = f"sources[{at}].key"
                expected = "a key that evidence/sources.csv does not have with other words"
                self.faults.append(
                    Fault("other_source", self.map_name, None, where, source.key, expected)
                )
        return new

    def placed(self, fault: Fault, position: int) -> Fault:
        """Return a fault of the case as it would be as one of the source table or of the map."""
        if fault.file == SOURCES:
            where = f"sources.{fault.column}"
            return replace(fault, file=self.map_name, row=None, column=where)
        return self._at(replace(fault, file=self.table.name, row=self.numbers[position]))

    def _named(self, column: str) -> str:
        if column in self.columns.columns:
            return self.columns.columns[column]
        return f"constants.{column}" if column in self.columns.constants else column

    def _at(self, fault: Fault) -> Fault:
        """Name the cell of the source table, or the key of the map, in the place of the column."""
        if fault.column is None:
            return fault
        column = fault.column
        if column in self.columns.constants:
            where = f"constants.{column}"
            return replace(fault, file=self.map_name, row=None, column=where)
        return replace(fault, column=self._named(column))
