"""A file of figures without a case around it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dispersal.case.checks import check_draft
from dispersal.case.draft import Draft
from dispersal.case.folder import read_text
from dispersal.case.ledger import Ledger
from dispersal.case.schema import Figure, TagRule
from dispersal.case.tables import parse_table
from dispersal.errors import CaseError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable


def read_figures(path: str | Path, tags: Iterable[TagRule] = ()) -> Ledger:
    """Read a file of figures that stands on its own, for example one to score a forecast with.

    Parameters
    ----------
    path : str or Path
        A CSV with the columns of figures.csv and no others.
    tags : iterable of TagRule
        Rules to put on its rows, for example ``case.ledger.tag_rules``.

    Raises
    ------
    CaseError
        With everything that is wrong with the file. Sources are not looked up, and an origin
        need only be a country or look like a zone.

    Examples
    --------
    >>> read_figures("no_such_file.csv")
    Traceback (most recent call last):
    ...
    dispersal.errors.CaseError: case no_such_file.csv has 1 fault:
      no_such_file.csv: found 'nothing', expected a file of this name
    """
    file = Path(path)
    if not file.exists():
        fault = Fault("missing_file", file.name, None, None, "nothing", "a file of this name")
        raise CaseError(str(path), [fault])
    text, unreadable = read_text(file.resolve().parent, file.name)
    if unreadable is not None:
        raise CaseError(str(path), [unreadable])
    draft = Draft()
    draft.figures = parse_table(text, file.name, Figure)
    draft.faults.extend(draft.figures.faults)
    report = check_draft(draft)
    if report.faults:
        raise CaseError(str(path), report.faults)
    return Ledger(figure_rows=draft.figures.values(), tag_rules=tuple(tags))
