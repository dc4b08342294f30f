"""What differs between two cases, in words for who asked the what-if."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispersal.case.patch_rows import ROWS, id_of
from dispersal.case.serialise import cell_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispersal.case.question import EndJudgement, Question
    from dispersal.case.read import Case
    from dispersal.case.schema import TableRow


@dataclass(frozen=True)
class Change:
    """One thing that a lever changed.

    Parameters
    ----------
    table : str
        ``policies``, ``hosts``, ``places``, ``origins`` or ``case``.
    row : str
        Identifier of the row; "" for ``case``.
    column : str
        The column, or the dotted key of ``case.yaml``; "" for a whole row.
    before, after : str or None
        The cells as text; None where there is no such row or key.

    Examples
    --------
    >>> print(Change("policies", "tur_border_2016", "low", "0.4", "0.1"))
    policies, tur_border_2016, low: 0.4 → 0.1
    """

    table: str
    row: str
    column: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.table, self.row, self.column) if part)
        if self.before is None:
            return f"{where}: added ({self.after})"
        if self.after is None:
            return f"{where}: removed ({self.before})"
        return f"{where}: {self.before or 'empty'} → {self.after or 'empty'}"


def changes_between(before: Case, after: Case) -> tuple[Change, ...]:
    """Return everything that a lever can change and that differs between two cases.

    Parameters
    ----------
    before, after : Case
        A case and the same one after a lever.

    Returns
    -------
    tuple of Change
        By table and row; rows that were there come before those that are new.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> case = load_case("isis_2017")
    >>> changes_between(case, case)
    ()
    """
    changes = list(_of_question(before.question_file, after.question_file))
    for table in ROWS:
        changes += _of_rows(table, getattr(before, table), getattr(after, table))
    return tuple(changes)


def _of_rows(
    table: str, before: tuple[TableRow, ...], after: tuple[TableRow, ...]
) -> Iterator[Change]:
    new = {id_of(row): row for row in after}
    for old in before:
        row = new.pop(id_of(old), None)
        if row is None:
            yield Change(table, id_of(old), "", _row_text(old), None)
            continue
        for column, name in row.columns().items():
            cells = getattr(old, name), getattr(row, name)
            if cells[0] != cells[1]:
                yield Change(table, id_of(old), column, *map(cell_text, cells))
    for row in new.values():
        yield Change(table, id_of(row), "", None, _row_text(row))


def _row_text(row: TableRow) -> str:
    cells = {column: cell_text(getattr(row, name)) for column, name in row.columns().items()}
    shown = [f"{column} {cell}" for column, cell in cells.items() if cell]
    return ", ".join(part for part in shown if not part.startswith(f"{row.id_column} "))


def _of_question(before: Question, after: Question) -> Iterator[Change]:
    for mode, share in before.end.modes.items():
        if after.end.modes[mode] != share:
            texts = cell_text(share), cell_text(after.end.modes[mode])
            yield Change("case", "", f"end.modes.{mode}", *texts)
    if before.end.judgements != after.end.judgements:
        texts = _judgements(before.end.judgements), _judgements(after.end.judgements)
        yield Change("case", "", "end.judgements", *texts)
    for name in sorted({*before.parameters, *after.parameters}):
        old, new = before.parameters.get(name), after.parameters.get(name)
        if old != new:
            priors = (
                None if one is None else " ".join(map(cell_text, one.prior)) for one in (old, new)
            )
            yield Change("case", "", f"parameters.{name}", *priors)


def _judgements(judgements: tuple[EndJudgement, ...]) -> str:
    """Return the latest judgement, which is the one that counts, and how many there are."""
    if not judgements:
        return ""
    last = max(judgements, key=lambda one: one.judged_on)
    more = f" and {len(judgements) - 1} earlier" if len(judgements) > 1 else ""
    return f"{last.p10} to {last.p90}, median {last.p50}, as judged on {last.judged_on}{more}"
