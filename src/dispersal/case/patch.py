"""A lever applied to a case: another case, checked, and what changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dispersal.case.asking import no_such
from dispersal.case.checks.levers import faults_without_levers, try_lever
from dispersal.case.draft import Draft
from dispersal.case.folder import hash_texts
from dispersal.case.patch_changes import Change, changes_between
from dispersal.case.patch_rows import id_of
from dispersal.case.write import case_texts
from dispersal.errors import CaseError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispersal.case.levers import Lever
    from dispersal.case.read import Case
    from dispersal.case.schema import TableRow
    from dispersal.case.tables import Table


@dataclass(frozen=True)
class Patched:
    """A case after one lever or several.

    Parameters
    ----------
    case : Case
        The case; the one before, if nothing changed.
    changes : tuple of Change
        What differs, for the user.
    notes : tuple of str
        Parts of the levers that found nothing to change.
    """

    case: Case
    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()


def find_lever(case: Case, name: str) -> Lever:
    """Return the lever of a case that has a name.

    Raises
    ------
    InputError
        If there is none; the message has the nearest name.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> find_lever(load_case("isis_2017"), "negotiated_end").title
    'The end is a settlement'
    """
    for lever in case.levers:
        if lever.name == name:
            return lever
    names = [lever.name for lever in case.levers]
    expected = f"the name of a lever of the case ({', '.join(names) or 'it has none'})"
    raise InputError(no_such(expected, name, names))


def apply_lever(case: Case, lever: Lever | str) -> Patched:
    """Return a case as a lever would have it.

    Parameters
    ----------
    case : Case
        A whole case or one as known on a day. To ask what a lever changes in a forecast, filter
        the case first: a row with a later ``published`` or ``until`` is cut by the filter.
    lever : Lever or str
        A lever, or the name of one of the case's.

    Returns
    -------
    Patched
        The case has passed every check of a case that is read, and its ``content_hash`` is that
        of its content; where nothing changes it is the case itself. It keeps the levers that it
        can still have, so that it can be written and read.

    Raises
    ------
    InputError
        If the case has no lever of this name.
    CaseError
        If the lever would make a case that could not be read; the faults name the part of it.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> patched = apply_lever(load_case("isis_2017").as_known_on("2017-03-07"), "negotiated_end")
    >>> print(patched.changes[0])
    case, end.modes.military_defeat: 0.86 → 0
    >>> patched.case.end.modes["negotiated"]
    1.0
    """
    return apply_levers(case, [lever])


def apply_levers(case: Case, levers: Iterable[Lever | str]) -> Patched:
    """Return a case after several levers, one after the other; see :func:`apply_lever`."""
    patched = case
    notes: list[str] = []
    for lever in levers:
        chosen = find_lever(case, lever) if isinstance(lever, str) else lever
        patched = _applied(patched, chosen, notes)
    changes = changes_between(case, patched)
    if not changes:
        return Patched(case, (), tuple(notes))
    patched = replace(patched, levers=_still_possible(patched))
    patched = replace(patched, content_hash=hash_texts(case_texts(patched)))
    return Patched(patched, changes, tuple(notes))


def _still_possible(case: Case) -> tuple[Lever, ...]:
    """Return the levers that the case can still have: one that it cannot would stop its reading."""
    draft = draft_of(case)
    known = faults_without_levers(draft)
    return tuple(
        lever for number, lever in draft.levers if not try_lever(draft, lever, number, known).faults
    )


def _applied(case: Case, lever: Lever, notes: list[str]) -> Case:
    draft = draft_of(case)
    number = case.levers.index(lever) + 1 if lever in case.levers else 1
    trial = try_lever(draft, lever, number, faults_without_levers(draft), case.known_on)
    if trial.faults:
        raise CaseError(f"{case.name} with the lever {lever.name}", trial.faults)
    for miss in trial.outcome.unmatched:
        hint = f"; did you mean {miss.nearest!r}?" if miss.nearest else ""
        found = f"found {miss.found!r}, expected {miss.expected}{hint}"
        notes.append(f"lever {lever.name}, {miss.where}: {found}")
    parts = trial.outcome.parts
    tables: dict[str, Any] = dict(parts.tables)
    return replace(case, question_file=parts.question, **tables)


def draft_of(case: Case) -> Draft:
    """Return a case as the material of the checks; rows are numbered as in a table.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> draft_of(load_case("isis_2017")).places.rows[0][0]
    2
    """
    rows: dict[str, tuple[TableRow, ...]] = {
        "origins": case.origins,
        "policies": case.policies,
        "places": case.places,
        "hosts": case.hosts,
        "experts": case.experts,
        "outcomes": case.outcomes,
        "figures": case.ledger.figure_rows,
        "aggregates": case.ledger.aggregate_rows,
        "sources": case.ledger.source_rows,
        "tags": case.ledger.tag_rules,
    }
    draft = Draft(
        folder_name=case.name,
        question=case.question_file,
        levers=tuple(enumerate(case.levers, start=1)),
    )
    for name, content in rows.items():
        table: Table[Any] = getattr(draft, name)
        table.present = bool(content)
        table.rows = list(enumerate(content, start=2))
        table.names = [(number, id_of(row)) for number, row in table.rows]
    return draft
