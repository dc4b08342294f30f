"""What a figure would be worth, as the answer of a saved run to ``dispersal information`` says."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from dispersal.authoring.guide.about_figures import AGGREGATES, FIGURES
from dispersal.authoring.guide.finding import Finding, add_command, theatre
from dispersal.errors import InputError
from dispersal.inference.observation import AGGREGATES as FITTED
from dispersal.whatif.information_figures import AGGREGATES as COUNTED
from dispersal.whatif.runs import is_run
from dispersal.whatif.store import kept

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.case import Case

#: Cuts smaller than this are not worth a search.
LEAST: Final = 0.005


def figures_worth(case: Case, run: Path, folder: str) -> tuple[list[Finding], str]:
    """Return the figures worth most, and what they would narrow.

    Figures that the fit is not compared with are left out: to add one would change nothing. So
    are those that the case has had since.

    Raises
    ------
    InputError
        If the folder is no run, is one of another case, or has no answer.
    """
    if not is_run(run):
        raise InputError(f"found {run}, expected the folder of a saved forecast")
    answer = kept(run).get("information")
    if answer is None:
        raise InputError(
            f"found no answer about information in {run}, expected one; ask for it with "
            f"`dispersal information {run}`"
        )
    if answer["case"] != case.name:
        raise InputError(f"found a run of {answer['case']}, expected one of {case.name}")
    when = dt.date.fromisoformat(answer["as_of"])
    found = []
    for row in answer["figures"]:
        cut = float(row["crps_cut"])
        if cut < LEAST or (row["kind"] == "aggregate" and row["quantity"] not in FITTED):
            continue
        if not _known_since(case, row, when):
            found.append(_finding(case, row, cut, folder, answer["target_words"]))
    return found, str(answer["target_words"])


def _known_since(case: Case, row: dict[str, Any], when: dt.date) -> bool:
    """Whether the case has a figure of this that speaks of the day or a later one."""
    if row["kind"] == "national":
        return any(
            one.quantity == row["quantity"] and one.origin == row["where"] and one.as_of >= when
            for one in case.ledger.figure_rows
        )
    quantity = COUNTED[row["quantity"]][1]
    return any(one.quantity == quantity and one.as_of >= when for one in case.ledger.aggregate_rows)


def _finding(case: Case, row: dict[str, Any], cut: float, folder: str, target: str) -> Finding:
    national = row["kind"] == "national"
    quantity = row["quantity"] if national else COUNTED[row["quantity"]][1]
    about = ("--origin", row["where"]) if national else ("--place", theatre(case))
    last = row.get("last_on")
    age = f"; the last one is of {last}" if last else "; none is known yet"
    return Finding(
        "information",
        FIGURES if national else AGGREGATES,
        "quantity",
        f"a figure of {row['words']} ({row['name']}){age}",
        f"it would cut the expected error of {target} by {100 * cut:.0f} %",
        add_command(folder, quantity, *about),
        (row["where"],),
        cut,
    )
