"""What to fill in next in a case: the most useful first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dispersal.authoring.guide.rules import RULES
from dispersal.case import load_case

if TYPE_CHECKING:
    from dispersal.authoring.guide.finding import Finding

#: Figures of a saved run's answer that a guide has.
MOST: Final = 8


@dataclass(frozen=True)
class Guide:
    """What to fill in next.

    Parameters
    ----------
    findings : tuple of Finding
        The most useful first.
    basis : str
        By what they are ranked, in words.
    """

    findings: tuple[Finding, ...]
    basis: str

    def record(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"basis": self.basis, "findings": [one.record() for one in self.findings]}


def what_next(case: str | Path, run: str | Path | None = None) -> Guide:
    """Return what is most useful to fill in next in a case.

    Figures are ranked by what each would be worth where a saved run has an answer of ``dispersal
    information``; all else, and figures without one, by the order of ``RULES``. Only what was
    known on the day of the question counts as given.

    Parameters
    ----------
    case : str or Path
        A case that can be read.
    run : str or Path, optional
        Folder of a saved forecast of the case.

    Returns
    -------
    Guide

    Raises
    ------
    CaseError
        If the case cannot be read.
    InputError
        If the run is of another case, or has no answer.

    Examples
    --------
    >>> what_next("isis_2017").findings[0].file
    'evidence/figures.csv'
    """
    whole = load_case(case)
    known = whole.as_known_on(whole.asked_on)
    folder = str(case)
    found: list[Finding] = []
    worth: list[Finding] = []
    basis = "by the rules of docs/new-case.md"
    if run is not None:
        from dispersal.authoring.guide.worth import figures_worth

        worth, target = figures_worth(whole, Path(run), folder)
        basis = f"figures by how much each would narrow {target}; the others by rules"
    for rule in RULES:
        if rule.of_figures and run is not None:
            found += worth[:MOST]
            worth = []
            continue
        found += rule.find(known, folder)
    return Guide(tuple(found), basis)
