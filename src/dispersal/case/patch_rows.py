"""What a patch does to the question and to the rows of the tables.

First rows are removed, then cells are set, then rows are added, in whichever order a lever has
them; so a lever never changes the rows that it adds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from dispersal.case.schema import Host, Origin, Place, Policy, TableRow
from dispersal.errors import nearest_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from dispersal.case.levers import CasePatch, Cells, Lever, SomeCells, TablePatch
    from dispersal.case.question import Question

#: The models of the tables that a lever may patch.
ROWS: Final[dict[str, type[TableRow]]] = {
    "policies": Policy,
    "hosts": Host,
    "places": Place,
    "origins": Origin,
}
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Parts:
    """What of a case a lever may change: the question, and the rows of tables by their name."""

    question: Question
    tables: Mapping[str, tuple[TableRow, ...]]


@dataclass(frozen=True)
class Unmatched:
    """A ``where`` that no row meets: where in the lever it stands, and what may be meant."""

    where: str
    found: str
    expected: str
    nearest: str | None = None


@dataclass
class PatchedParts:
    """The parts after a lever.

    ``made`` says which operation of the lever, such as ``patch.policies.set[1].values``, is the
    last to have changed a row (table, identifier), and which columns it gives.
    """

    parts: Parts
    made: dict[tuple[str, str], tuple[str, frozenset[str]]] = field(default_factory=dict)
    unmatched: list[Unmatched] = field(default_factory=list)


def id_of(row: TableRow) -> str:
    """Return a row's identifier; "" where rows have no name.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> id_of(load_case("isis_2017").places[0])
    'SYR'
    """
    return str(getattr(row, row.id_column)) if row.id_column else ""


def columns_of(table: str, cells: Mapping[str, Any]) -> frozenset[str]:
    """Return the columns of cells that are given by the name of their field.

    Examples
    --------
    >>> columns_of("policies", {"from_": "2017-03-07"})
    frozenset({'from'})
    """
    return frozenset(column for column, name in ROWS[table].columns().items() if name in cells)


def patched_parts(parts: Parts, lever: Lever, known_on: date | None = None) -> PatchedParts:
    """Return what a lever makes of a case, unchecked.

    Parameters
    ----------
    parts : Parts
        The case before.
    lever : Lever
        Its patch is applied.
    known_on : date or None
        The cut-off of the case: a what-if is known to who asks it, so that rows which it adds
        count as published by then.
    """
    patch = lever.parsed()
    outcome = PatchedParts(replace(parts, question=_with_end(parts.question, patch.case)))
    tables = dict(parts.tables)
    for name, done in patch.tables().items():
        rows = _removed(tables[name], done, name, outcome)
        rows = _set(rows, done, name, outcome)
        origins = cast("tuple[Origin, ...]", tables["origins"])
        added = _added(done, name, lever, origins, outcome)
        added = [row for row in added if not _is_there(row, rows)]
        if known_on is not None:
            added = [_known_by(row, known_on) for row in added]
        if name == "policies":
            policies = cast("tuple[Policy, ...]", rows)
            rows = _given_way(policies, cast("list[Policy]", added), outcome)
        tables[name] = (*rows, *added)
    outcome.parts = replace(outcome.parts, tables=tables)
    return outcome


def _with_end(question: Question, patch: CasePatch) -> Question:
    end = {name: value for name, value in patch.end if value is not None}
    return question.model_copy(
        update={
            "end": question.end.model_copy(update=end),
            "parameters": {**question.parameters, **patch.parameters},
        }
    )


def _removed(
    rows: tuple[TableRow, ...], done: TablePatch, table: str, outcome: PatchedParts
) -> tuple[TableRow, ...]:
    for number, removal in enumerate(done.removals(), start=1):
        label = f"patch.{table}.remove[{number}]"
        chosen = _chosen(rows, removal.where, table, label, outcome)
        rows = tuple(row for row in rows if id_of(row) not in chosen)
    return rows


def _set(
    rows: tuple[TableRow, ...], done: TablePatch, table: str, outcome: PatchedParts
) -> tuple[TableRow, ...]:
    for number, setting in enumerate(done.settings(), start=1):
        label = f"patch.{table}.set[{number}]"
        chosen = _chosen(rows, setting.where, table, label, outcome)
        values = setting.values.given()
        rows = tuple(row.model_copy(update=values) if id_of(row) in chosen else row for row in rows)
        made = f"{label}.values", columns_of(table, values)
        outcome.made.update(dict.fromkeys(((table, name) for name in chosen), made))
    return rows


def _chosen(
    rows: tuple[TableRow, ...], where: SomeCells, table: str, label: str, outcome: PatchedParts
) -> frozenset[str]:
    """Return the identifiers of the rows in which every cell of ``where`` matches."""
    asked = where.given()
    chosen = frozenset(
        id_of(row)
        for row in rows
        if all(_agrees(getattr(row, name), value) for name, value in asked.items())
    )
    if not chosen:
        outcome.unmatched.append(_unmatched(rows, asked, table, label))
    return chosen


def _agrees(cell: object, value: object) -> bool:
    """Compare two cells; one with several names agrees if it has all that are asked for."""
    if isinstance(cell, tuple) and isinstance(value, tuple):
        return set(value) <= set(cell)
    return cell == value


def _unmatched(
    rows: tuple[TableRow, ...], asked: dict[str, Any], table: str, label: str
) -> Unmatched:
    columns = {name: column for column, name in ROWS[table].columns().items()}
    for name, value in asked.items():
        cells = [getattr(row, name) for row in rows]
        if any(_agrees(cell, value) for cell in cells):
            continue
        known = {text for cell in cells for text in (cell if isinstance(cell, tuple) else (cell,))}
        found = ";".join(value) if isinstance(value, tuple) else str(value)
        nearest = nearest_name(found, sorted(str(text) for text in known if text not in (None, "")))
        expected = f"the {columns[name]} of a row of {table}.csv, else this changes nothing"
        return Unmatched(f"{label}.where.{columns[name]}", found, expected, nearest)
    found = ", ".join(f"{columns[name]} {value}" for name, value in asked.items())
    expected = f"a row of {table}.csv with all of these, else this changes nothing"
    return Unmatched(f"{label}.where", found, expected)


def _added(
    done: TablePatch, table: str, lever: Lever, origins: tuple[Origin, ...], outcome: PatchedParts
) -> list[TableRow]:
    added: list[TableRow] = []

    def add(cells: dict[str, Any], label: str) -> None:
        row = ROWS[table].model_validate(cells)
        if not (cells.get("source") or cells.get("note")) and "note" in type(row).model_fields:
            row = row.model_copy(update={"note": f"lever {lever.name}"})
        outcome.made[table, id_of(row)] = label, frozenset(ROWS[table].columns())
        added.append(row)

    for number, new in enumerate(done.additions(), start=1):
        add(new.given(), f"patch.{table}.add[{number}]")
    names: set[str] = set()
    for number, new in enumerate(done.additions_for_each_origin(), start=1):
        for origin in origins:
            if origin.kind == "foreign":
                cells = _of_origin(new, lever.name, origin.origin, names)
                add(cells, f"patch.{table}.add_for_each_origin[{number}]")
    return added


def _is_there(row: TableRow, rows: tuple[TableRow, ...]) -> bool:
    """Return whether a case has the row of a lever already, as one does that was written after it.

    The day of publication may differ: it depends on the cut-off.
    """
    if isinstance(row, Policy):
        return False  # it takes over from itself
    cells = row.model_dump(exclude={"published"})
    return any(other.model_dump(exclude={"published"}) == cells for other in rows)


def _of_origin(new: Cells, lever: str, origin: str, names: set[str]) -> dict[str, Any]:
    """Return the cells of an origin's row; a second of its policy is named by its stratum."""
    cells = new.given()
    name = f"lever_{lever}_{cells['policy']}_{origin}"
    stems = [name, f"{name}_{cells.get('stratum') or 'all'}"]
    stems += [f"{stems[1]}_{number}" for number in range(2, len(names) + 3)]
    name = next(stem for stem in stems if stem not in names)
    names.add(name)
    return {"policy_id": name, "actor": origin, **cells}


def _known_by(row: TableRow, day: date) -> TableRow:
    published = getattr(row, "published", None)
    if published is not None and published > day:
        return row.model_copy(update={"published": day})
    return row


def _given_way(
    policies: tuple[Policy, ...], added: list[Policy], outcome: PatchedParts
) -> tuple[Policy, ...]:
    """Return the rows that were there before, as far as those of a lever leave them in force.

    A row of a lever holds from its first day to its last, and for every stratum if it names
    none: what begins in between is removed, and what would go on beside it ends the day before.
    """
    rivals: dict[tuple[str, str], list[Policy]] = {}
    for new in added:
        rivals.setdefault((new.actor, new.policy), []).append(new)
    left: list[Policy] = []
    for row in policies:
        kept: Policy | None = row
        for new in rivals.get((row.actor, row.policy), ()):
            if kept is not None and new.stratum in (None, kept.stratum):
                kept = _beside(kept, new, policies)
            if kept is not row:
                made = outcome.made["policies", new.policy_id]
                outcome.made["policies", row.policy_id] = made
        if kept is not None:
            left.append(kept)
    return tuple(left)


def _beside(row: Policy, new: Policy, policies: tuple[Policy, ...]) -> Policy | None:
    """Return a row as it stands beside a lever's, or None where it never comes into force."""
    if new.until is not None and row.from_ > new.until:
        return row
    if row.from_ >= new.from_:
        return None
    gives_way_by_itself = row.until is None and row.stratum == new.stratum
    over_already = row.until is not None and row.until < new.from_
    series = (row.actor, row.policy, row.stratum)
    gave_way = any(
        (other.actor, other.policy, other.stratum) == series and row.from_ < other.from_ < new.from_
        for other in policies
    )
    if gives_way_by_itself or over_already or gave_way:
        return row
    return row.model_copy(update={"until": new.from_ - _A_DAY})
