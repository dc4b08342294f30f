"""Everything that can be wrong with a case, found in one pass and reported all at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispersal.case.checks import notes, places, question, ranges, references  # noqa: F401
from dispersal.case.checks.levers import faults_of_levers
from dispersal.case.checks.registry import FAULT_CHECKS, NOTE_CHECKS
from dispersal.case.draft import Draft, read_draft
from dispersal.case.locate import locate
from dispersal.errors import CaseError, Fault

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FAULT_CHECKS", "NOTE_CHECKS", "CheckReport", "check_case", "check_draft"]


@dataclass(frozen=True)
class CheckReport:
    """What a check of a case found.

    Parameters
    ----------
    faults : tuple of Fault
        What must be put right before the case can be read.
    notes : tuple of Fault
        What deserves a look, and stops nothing.

    Examples
    --------
    >>> CheckReport((), ()).ok
    True
    """

    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        """Whether the case can be read."""
        return not self.faults


def check_case(path: str | Path) -> CheckReport:
    """Return everything that is wrong with a case.

    Parameters
    ----------
    path : str or Path
        A case folder, or the name of a built-in case.

    Returns
    -------
    CheckReport
        Faults and notes, by file and row. Nothing is raised for a broken case.

    Examples
    --------
    >>> report = check_case("no_such_case")
    >>> report.faults[0].kind
    'unknown_case'
    """
    try:
        folder = locate(path)
    except CaseError as error:
        return CheckReport(error.faults, ())
    return check_draft(read_draft(folder))


def check_draft(draft: Draft) -> CheckReport:
    """Run every registered check on what could be read of a case."""
    faults = [*draft.faults]
    for check in FAULT_CHECKS.values():
        faults.extend(check(draft))
    faults.extend(faults_of_levers(draft, list(faults)))
    found_notes = [*draft.notes]
    for check in NOTE_CHECKS.values():
        found_notes.extend(check(draft))
    return CheckReport(_sorted(faults), _sorted(found_notes))


def _sorted(faults: list[Fault]) -> tuple[Fault, ...]:
    unique = dict.fromkeys(faults)
    return tuple(sorted(unique, key=lambda fault: (fault.file, fault.row or 0)))
