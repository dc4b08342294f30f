"""Levers tried on the case: one must not make a case that would be refused when it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

from dispersal.case.checks.registry import FAULT_CHECKS, note_check
from dispersal.case.folder import CASE_FILE, LEVERS_FILE
from dispersal.case.patch_rows import ROWS, Parts, PatchedParts, id_of, patched_parts
from dispersal.case.schema import REQUIRED_TABLES
from dispersal.case.tables import Table
from dispersal.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from dispersal.case.draft import Draft
    from dispersal.case.levers import Lever
    from dispersal.case.question import Question


@dataclass(frozen=True)
class Trial:
    """What a lever makes of a case, and what would be wrong with it."""

    outcome: PatchedParts
    faults: tuple[Fault, ...]


def faults_of_levers(draft: Draft, faults: list[Fault]) -> Iterator[Fault]:
    """Yield what is wrong with the case that each lever makes.

    Parameters
    ----------
    draft : Draft
        The case.
    faults : list of Fault
        What else is wrong with it: a case that is broken itself is not tried, nor is a lever
        that has a fault already.
    """
    if draft.question is None or any(fault.file != LEVERS_FILE for fault in faults):
        return
    broken = {(fault.column or "").split(".")[0] for fault in faults}
    known = faults_without_levers(draft)
    for number, lever in draft.levers:
        if f"[{number}]" not in broken:
            yield from try_lever(draft, lever, number, known).faults


@note_check("unmatched_lever")
def unmatched_lever(draft: Draft) -> Iterator[Fault]:
    """Note a lever's ``where`` that no row meets; in a case as known on a day that may be."""
    tables: list[Table[Any]] = [getattr(draft, name) for name in ROWS]
    if draft.question is None or any(table.faults or not table.readable for table in tables):
        return
    for number, lever in draft.levers:
        for miss in patched_parts(_parts_of(draft, draft.question), lever).unmatched:
            expected = f"{miss.expected} (lever {lever.name})"
            where = f"[{number}].{miss.where}"
            yield Fault(
                "unmatched_lever", LEVERS_FILE, None, where, miss.found, expected, miss.nearest
            )


def faults_without_levers(draft: Draft) -> frozenset[Fault]:
    """Return what is wrong between the rows of a case, its levers and its figures left aside.

    Figures have no part in it: no lever touches them, nor what they refer to.
    """
    bare = replace(draft, levers=(), figures=Table(draft.figures.file), tags=Table(draft.tags.file))
    return frozenset(fault for check in FAULT_CHECKS.values() for fault in check(bare))


def try_lever(
    draft: Draft,
    lever: Lever,
    number: int,
    known: frozenset[Fault],
    known_on: date | None = None,
) -> Trial:
    """Apply a lever and check the case that it makes.

    Parameters
    ----------
    draft : Draft
        The case, with a question.
    lever : Lever
        What to try.
    number : int
        Its place in levers.yaml, from 1, for the faults.
    known : frozenset of Fault
        What was wrong before (:func:`faults_without_levers`), and is not the lever's.
    known_on : date or None
        The cut-off of the case.
    """
    question = cast("Question", draft.question)
    outcome = patched_parts(_parts_of(draft, question), lever, known_on)
    patched = _with_parts(draft, outcome.parts)
    found: dict[tuple[str, str | None], Fault] = {}
    for name, rows in outcome.parts.tables.items():
        if not rows and f"{name}.csv" in REQUIRED_TABLES:
            where = f"[{number}].patch.{name}"
            expected = f"at least one row (lever {lever.name})"
            fault = Fault("no_rows", LEVERS_FILE, None, where, "no row", expected)
            return Trial(outcome, (fault,))
    for fault in sorted(faults_without_levers(patched) - known, key=lambda one: one.row or 0):
        moved = _blamed(fault, patched, outcome, lever, number)
        found.setdefault((moved.kind, moved.column), moved)
    return Trial(outcome, tuple(found.values()))


def _parts_of(draft: Draft, question: Question) -> Parts:
    return Parts(question, {name: getattr(draft, name).values() for name in ROWS})


def _with_parts(draft: Draft, parts: Parts) -> Draft:
    """Return the draft with other rows; those that were there keep their row number."""
    tables: dict[str, Any] = {}
    for name, rows in parts.tables.items():
        before: Table[Any] = getattr(draft, name)
        numbers = {id_of(row): number for number, row in before.rows}
        last = max(numbers.values(), default=1)
        numbered = [
            (numbers.get(id_of(row), last + place), row) for place, row in enumerate(rows, start=1)
        ]
        names = [(number, id_of(row)) for number, row in numbered]
        tables[name] = Table(before.file, present=True, rows=numbered, names=names)
    return replace(draft, question=parts.question, **tables)


_TABLE_OF_FILE: Final = {f"{name}.csv": name for name in ROWS}


def _blamed(
    fault: Fault, patched: Draft, outcome: PatchedParts, lever: Lever, number: int
) -> Fault:
    """Return a fault of the patched case as one of the operation of the lever that made it."""
    name = _TABLE_OF_FILE.get(fault.file)
    row = ""
    label, given = None, frozenset[str]()
    if name is not None:
        row = dict(getattr(patched, name).names).get(fault.row, "")
        label, given = outcome.made.get((name, row), (None, given))
    of_row = f", row {row} of {fault.file}" if row else ""
    if label is not None and fault.column in given:
        where = f"{label}.{fault.column}"
    elif label is not None:
        where = label
        of_row += f", column {fault.column}"
    elif fault.file == CASE_FILE and lever.parsed().case.model_fields_set:
        where = f"patch.case.{fault.column}"
    else:
        where = "patch"
        of_row += f", column {fault.column}" if row else f", {fault.column} of {fault.file}"
    expected = _by_name(fault.expected, patched, name)
    expected = f"{expected} (lever {lever.name}{of_row})"
    return replace(
        fault, file=LEVERS_FILE, row=None, column=f"[{number}].{where}", expected=expected
    )


def _by_name(expected: str, patched: Draft, table: str | None) -> str:
    """Name the rows of a table: a lever's own have no number that anyone could look up."""
    if table is None:
        return expected
    names = dict(getattr(patched, table).names)
    return re.sub(
        r"\brow ([0-9]+)", lambda found: f"row {names.get(int(found[1]), found[1])}", expected
    )
