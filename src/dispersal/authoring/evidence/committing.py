"""Rows for the ledger of a case: checked with the whole case as it would be, then written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dispersal.authoring.evidence.appending import appended, write_together
from dispersal.case import builtin_cases
from dispersal.case.checks import check_draft
from dispersal.case.draft import draft_of_texts
from dispersal.case.folder import decode, read_folder
from dispersal.case.locate import locate
from dispersal.case.schema import TABLES, Aggregate, Figure
from dispersal.case.serialise import cell_text
from dispersal.case.tables import MAX_FAULTS, parse_table
from dispersal.errors import CaseError, Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispersal.case.draft import Draft
    from dispersal.case.schema import TableRow

SOURCES: Final = "evidence/sources.csv"
FIGURES: Final = "evidence/figures.csv"
AGGREGATES: Final = "evidence/aggregates.csv"

#: What makes two rows the same figure, whatever they are called.
_SAME: Final = ("quantity", "origin", "place", "host", "low", "high", "as_of", "source")

#: Whose people an aggregate counts, as its note says.
_ORIGIN: Final = re.compile(r"\borigin=[A-Z0-9+-]{3,20}")

Row = Mapping[str, str]


@dataclass(frozen=True)
class Added:
    """What was added to a case, or would be.

    Parameters
    ----------
    folder : Path
        The case.
    rows : dict of str to tuple of (int, dict)
        By file, the row number and the cells of each row.
    notes : tuple of Fault
        What deserves a look and did not before.
    written : bool
        False for a trial.
    remarks : tuple of str
        What of the source was not used.
    """

    folder: Path
    rows: dict[str, tuple[tuple[int, dict[str, str]], ...]]
    notes: tuple[Fault, ...] = ()
    written: bool = True
    remarks: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Number of figures, sources left aside."""
        return sum(len(rows) for file, rows in self.rows.items() if file != SOURCES)

    def record(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "case": str(self.folder),
            "written": self.written,
            "rows": [
                {"file": file, "row": number, "cells": cells}
                for file, rows in self.rows.items()
                for number, cells in rows
            ],
            "notes": [str(note) for note in self.notes],
            "remarks": list(self.remarks),
        }


def own_folder(case: str | Path) -> Path:
    """Return the folder of a case that may be written to.

    Raises
    ------
    InputError
        If it is a built-in case or does not exist.
    """
    if str(case) in builtin_cases() and (isinstance(case, str) or not case.exists()):
        raise InputError(
            f"found the built-in case {case}, expected a folder of your own; "
            "dispersal.case.write_case writes a copy of a case"
        )
    return locate(Path(case))


def draft_of(folder: Path) -> Draft:
    """Return what can be read of a case; rows can only be added to one without a fault.

    Raises
    ------
    CaseError
        With the faults that the case has.
    """
    draft = draft_of_texts(read_folder(folder))
    if faults := check_draft(draft).faults:
        raise CaseError(folder.name, faults)
    return draft


def row_of(values: Mapping[str, object], model: type[TableRow]) -> dict[str, str]:
    """Return the cells of a row as a table has them; what the model refuses is raised.

    Raises
    ------
    pydantic.ValidationError
    """
    row = model.model_validate(dict(values))
    return {column: cell_text(getattr(row, name)) for column, name in row.columns().items()}


def qualifier_of(low: object, high: object) -> str:
    """Return the qualifier that two ends say.

    Examples
    --------
    >>> qualifier_of("800", "800"), qualifier_of("800", ""), qualifier_of("", "9")
    ('point', 'at_least', 'at_most')
    """
    given = [str(end) for end in (low, high) if end is not None and str(end) != ""]
    if len(given) == 2:
        return "point" if given[0] == given[1] else "range"
    return "at_least" if low is not None and str(low) != "" else "at_most"


def name_of(cells: Row, taken: set[str]) -> str:
    """Return a new ``figure_id`` made of the source, the quantity and what is counted.

    Examples
    --------
    >>> name_of({"source": "un_2016", "quantity": "returned", "origin": "TUN"}, {"un_2016-x"})
    'un_2016-returned-tun'
    """
    about = cells.get("origin") or cells.get("place") or cells.get("host") or "all"
    parts = (cells["source"], cells["quantity"], about)
    stem = "-".join(re.sub(r"[^a-z0-9_]+", "-", part.casefold()).strip("-") for part in parts)
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    return name


def commit(
    folder: Path,
    additions: Mapping[str, Sequence[Row]],
    placed: Callable[[Fault, int], Fault] | None = None,
    *,
    dry_run: bool = False,
    remarks: Iterable[str] = (),
) -> Added:
    """Check the case as it would be with more rows, and add them.

    Parameters
    ----------
    folder : Path
        A case without a fault.
    additions : mapping of str to sequence of mapping
        Cells of new rows by file.
    placed : callable, optional
        From a fault of a new row, and the number of the row among those of its file (from 0), to
        the same fault of what the row is from.
    dry_run : bool
        Write nothing.

    Raises
    ------
    CaseError
        With everything that would be wrong; then nothing is written.
    InputError
        If it cannot be written.
    """
    was = read_folder(folder)
    before = check_draft(draft_of_texts(was))
    texts, changes = dict(was.texts), {}
    faults: list[Fault] = []
    first: dict[str, int] = {}
    for file, rows in sorted(additions.items(), key=lambda item: item[0] != SOURCES):
        if not rows:
            continue
        path = folder / file
        old = path.read_bytes() if path.exists() else None
        new, first[file], found = appended(old, TABLES[file], rows, file)
        faults += found
        changes[file] = (old, new)
        texts[file] = decode(new, file)[0]
    after = check_draft(draft_of_texts(replace(was, texts=texts, present=frozenset(texts))))
    faults += [fault for fault in after.faults if fault not in before.faults]
    faults += _told_before(texts, first, placed)
    if faults:
        told = [_placed(fault, first, placed) for fault in faults]
        raise CaseError(folder.name, few(told))
    notes = tuple(note for note in after.notes if note not in before.notes)
    if not dry_run:
        write_together(folder, changes)
    numbered = {
        file: tuple(enumerate(map(dict, additions[file]), start=first[file])) for file in first
    }
    return Added(folder, numbered, notes, not dry_run, tuple(remarks))


def few(faults: Iterable[Fault]) -> list[Fault]:
    """Return each fault once, and how many more there are than a person would read."""
    unique = list(dict.fromkeys(faults))
    if len(unique) <= MAX_FAULTS:
        return unique
    more = f"{len(unique) - MAX_FAULTS} more faults"
    last = Fault("too_many_faults", unique[0].file, None, None, more, "none")
    return [*unique[:MAX_FAULTS], last]


def _placed(
    fault: Fault, first: Mapping[str, int], placed: Callable[[Fault, int], Fault] | None
) -> Fault:
    """Return a fault of a new row as one of what the row is from."""
    begin = first.get(fault.file)
    if placed is None or begin is None or fault.row is None or fault.row < begin:
        return fault
    return placed(fault, fault.row - begin)


def _told_before(
    texts: Mapping[str, str],
    first: Mapping[str, int],
    placed: Callable[[Fault, int], Fault] | None,
) -> list[Fault]:
    """Find new rows that say what a row before them says: counted twice, they would weigh twice."""
    faults = []
    models: dict[str, type[Figure] | type[Aggregate]] = {FIGURES: Figure, AGGREGATES: Aggregate}
    for file, model in models.items():
        if file not in first:
            continue
        seen: dict[tuple[str, ...], int] = {}
        for number, row in parse_table(texts[file], file, model).rows:
            key = tuple(cell_text(getattr(row, name, None)) for name in _SAME)
            key += tuple(_ORIGIN.findall(row.note))
            if key in seen and number >= first[file]:
                fault = Fault("told_before", file, seen[key], None, row.figure_id, "")
                before = _placed(fault, first, placed)
                expected = f"a figure that row {before.row} of {before.file} does not tell already"
                faults.append(replace(fault, row=number, expected=expected))
            seen.setdefault(key, number)
    return faults
