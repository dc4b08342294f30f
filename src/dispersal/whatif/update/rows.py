"""New rows of evidence: read from a file, checked as part of a case, added to it."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from dispersal.case import Case, write_case
from dispersal.case.checks import check_draft
from dispersal.case.draft import Draft, read_draft
from dispersal.case.folder import read_text
from dispersal.case.schema import Aggregate, Figure, Source
from dispersal.case.tables import Table, parse_table
from dispersal.errors import CaseError, Fault
from dispersal.inference.observation import (
    AGGREGATES,
    IGNORED_TAGS,
    QUANTITIES,
    STRATUM_QUANTITIES,
    observe,
)
from dispersal.model.pressure import territory_evidence

if TYPE_CHECKING:
    import datetime as dt

    from dispersal.model.design import Design

#: Added to the numbers of new rows while they are checked beside those of the case.
_OFFSET: Final = 10_000_000

_FIGURES, _AGGREGATES, _SOURCES = (
    f"evidence/{name}.csv" for name in ("figures", "aggregates", "sources")
)


@dataclass(frozen=True, eq=False)
class NewRows:
    """Rows of evidence that a case did not have, and the case with them.

    Parameters
    ----------
    case : Case
        With the rows and their sources; not filtered to any day.
    rows : tuple of Figure or Aggregate
        In the order of the file.
    notes : tuple of str
        What deserves a look, and stops nothing.
    """

    case: Case
    rows: tuple[Figure | Aggregate, ...]
    notes: tuple[str, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Names of the rows."""
        return tuple(row.figure_id for row in self.rows)

    @property
    def latest(self) -> dt.date:
        """The day on which the last of them was published."""
        return max(row.published for row in self.rows)


def read_rows(case: Case, rows: str | Path, sources: str | Path | None = None) -> NewRows:
    """Read new rows of evidence and add them to a case.

    Parameters
    ----------
    case : Case
    rows : str or Path
        A CSV with the columns of figures.csv or, if it has a column ``place``, those of
        aggregates.csv.
    sources : str or Path, optional
        A CSV with the columns of sources.csv: the sources that the case does not have.

    Returns
    -------
    NewRows

    Raises
    ------
    CaseError
        With everything that is wrong with the files, by row and column: the checks are those of
        a case.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> read_rows(load_case("isis_2017"), "no_such_file.csv")
    Traceback (most recent call last):
    ...
    dispersal.errors.CaseError: case no_such_file.csv has 1 fault:
      no_such_file.csv: found 'nothing', expected a file of this name
    """
    file = Path(rows)
    text = _text(file)
    model: type[Figure | Aggregate] = Aggregate if _of_places(text) else Figure
    added: Table[Any] = parse_table(text, file.name, model)
    tables = [added]
    if sources is not None:
        more = Path(sources)
        tables.append(parse_table(_text(more), more.name, Source))
    faults = [fault for table in tables for fault in table.faults]
    if not faults and not added.rows:
        faults = [Fault("no_rows", file.name, None, None, "only a header", "at least one row")]
    if faults:
        raise CaseError(file.name, faults)
    names = {_AGGREGATES if model is Aggregate else _FIGURES: file.name}
    if sources is not None:
        names[_SOURCES] = Path(sources).name
    draft = _draft_with(case, added if model is Figure else None, added, tables[1:])
    report = check_draft(draft)
    if report.faults:
        raise CaseError(file.name, [_in_files(fault, names) for fault in report.faults])
    new = added.values()
    ledger = case.ledger
    ledger = replace(
        ledger,
        figure_rows=(*ledger.figure_rows, *(row for row in new if isinstance(row, Figure))),
        aggregate_rows=(
            *ledger.aggregate_rows,
            *(row for row in new if isinstance(row, Aggregate)),
        ),
        source_rows=(
            *ledger.source_rows,
            *(row for table in tables[1:] for row in table.values()),
        ),
    )
    notes = [*added.notes, *(note for note in report.notes if (note.row or 0) > _OFFSET)]
    return NewRows(
        replace(case, ledger=ledger, known_on=None),
        new,
        tuple(str(_in_files(note, names)) for note in notes),
    )


def without_effect(new: NewRows, design: Design) -> dict[str, str]:
    """Return the new rows that change nothing in a fit, each with the reason.

    Parameters
    ----------
    new : NewRows
    design : Design
        Of the case with the rows, as known on the cut-off.
    """
    ledger = design.case.ledger
    used = set(observe(design).figure_id)
    used |= set(territory_evidence(design.case, ledger)["figure_id"])
    known = ledger.query().set_index("figure_id")["tags"].to_dict()
    compared = {*QUANTITIES, *STRATUM_QUANTITIES, *AGGREGATES}
    found = {}
    for row in new.rows:
        if row.figure_id in used:
            continue
        if row.figure_id not in known:
            reason = f"published on {row.published}, after the cut-off"
        elif tags := sorted(known[row.figure_id] & IGNORED_TAGS):
            reason = f"tagged {', '.join(tags)}"
        elif not design.months.start <= row.as_of <= design.cutoff:
            reason = f"speaks of {row.as_of}, outside {design.months.start} to {design.cutoff}"
        elif row.quantity not in compared:
            reason = f"the fit compares no {row.quantity}"
        else:
            reason = "speaks of a part that the fit does not tell apart"
        found[row.figure_id] = reason
    return found


def _text(file: Path) -> str:
    if not file.exists():
        fault = Fault("missing_file", file.name, None, None, "nothing", "a file of this name")
        raise CaseError(file.name, [fault])
    text, fault_found = read_text(file.resolve().parent, file.resolve().name)
    if fault_found is not None:
        raise CaseError(file.name, [replace(fault_found, file=file.name)])
    return text


def _of_places(text: str) -> bool:
    header = next(csv.reader(io.StringIO(text, newline="")), [])
    names = {name.strip() for name in header}
    return "place" in names and "origin" not in names


def _draft_with(
    case: Case,
    figures: Table[Any] | None,
    added: Table[Any],
    sources: list[Table[Any]],
) -> Draft:
    """Return the draft of a case with new rows behind its own, their numbers far beyond them."""
    with TemporaryDirectory() as folder:
        draft = read_draft(write_case(case, Path(folder) / case.name))
    pairs: list[tuple[Table[Any], Table[Any]]] = [
        (draft.aggregates if figures is None else draft.figures, added)
    ]
    pairs += [(draft.sources, table) for table in sources]
    for table, more in pairs:
        table.present = True
        table.rows += [(number + _OFFSET, row) for number, row in more.rows]
        table.names += [(number + _OFFSET, name) for number, name in more.names]
    return draft


def _in_files(fault: Fault, names: dict[str, str]) -> Fault:
    """Return a fault with the name of the file of new rows, and its number there."""

    def told(found: re.Match[str]) -> str:
        number = int(found[2])
        if number <= _OFFSET:
            return found[0]
        return f"{names.get(found[1], found[1])}, row {number - _OFFSET}"

    expected = re.sub(r"(evidence/\w+\.csv), row (\d+)", told, fault.expected)
    if fault.row is None or fault.row <= _OFFSET:
        return replace(fault, expected=expected)
    return replace(
        fault,
        file=names.get(fault.file, fault.file),
        row=fault.row - _OFFSET,
        expected=expected,
    )
