"""From a validation error of a lever to faults that name the table, the operation, the column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from dispersal.case.cells import names_of
from dispersal.case.levers import TABLE_PATCHES, Lever, Patch
from dispersal.case.question import Question
from dispersal.case.schema import TABLES
from dispersal.case.translate import fault_of

if TYPE_CHECKING:
    from pydantic import ValidationError

    from dispersal.errors import Fault

#: Names under which someone may look for what was published.
_PUBLISHED: Final = {Path(file).stem for file in TABLES} | {"evidence", "ledger"}


def lever_faults(error: ValidationError, file: str, number: int, entry: object) -> list[Fault]:
    """Return what the schema refuses of one lever.

    Parameters
    ----------
    error : ValidationError
        What pydantic found in the lever.
    file : str
        Path in the case folder.
    number : int
        Place of the lever in the file, from 1.
    entry : object
        The lever as it was read, for its name.
    """
    name = entry.get("name") if isinstance(entry, Mapping) else None
    return [
        _fault_at(cast("dict[str, Any]", detail), file, f"[{number}]", name)
        for detail in error.errors(include_url=False)
    ]


def _fault_at(detail: dict[str, Any], file: str, start: str, name: object) -> Fault:
    where = list(detail["loc"])
    if where[:1] != ["patch"] or len(where) == 1:
        return _moved(fault_of(detail, Lever, file), start, None)
    table = where[1]
    if table in TABLE_PATCHES and len(where) > 2:
        inner = {**detail, "loc": where[2:]}
        fault = fault_of(inner, TABLE_PATCHES[table], file)
        start += f".patch.{table}."
    else:
        fault = fault_of({**detail, "loc": where[1:]}, Patch, file)
        start += ".patch."
    return _moved(_renamed(fault, where), start, name)


def _moved(fault: Fault, start: str, name: object) -> Fault:
    column = fault.column or ""
    if not start.endswith("."):
        start += "." if column else ""
    expected = f"{fault.expected} (lever {name})" if isinstance(name, str) else fault.expected
    return replace(fault, column=start + column, expected=expected)


def _renamed(fault: Fault, where: list[str | int]) -> Fault:
    """Say what kind of name is unknown, instead of calling all of them keys."""
    if fault.kind != "unknown_key":
        return fault
    kind, expected = "unknown_key", fault.expected
    if len(where) == 2:
        kind = "unknown_table"
        expected = _what_may_be_patched(fault.found)
    elif where[1] in TABLE_PATCHES and len(where) == 3:
        kind = "unknown_operation"
        expected = expected.replace("one of the keys", f"an operation on {where[1]}:")
    elif where[1] in TABLE_PATCHES and (
        where[-2] in ("where", "values") or where[2] in ("add", "add_for_each_origin")
    ):
        kind = "unknown_column"
        expected = expected.replace("one of the keys", "one of the columns")
    return replace(fault, kind=kind, expected=expected)


def _what_may_be_patched(found: str) -> str:
    tables = names_of([*TABLE_PATCHES, "case"])
    if found in _PUBLISHED:
        return f"{tables}; what was published is no lever's to change"
    if found in Question.model_fields:
        return f"{tables}; of case.yaml a lever may change case.end and case.parameters only"
    return f"{tables}, which are all that a lever may patch"
