"""Write a case as the folder that it could have been read from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dispersal.case.folder import CASE_FILE, LEVERS_FILE
from dispersal.case.schema import TABLES, TableRow
from dispersal.case.serialise import levers_text, question_text, table_text
from dispersal.errors import InputError

if TYPE_CHECKING:
    from dispersal.case.read import Case


def case_texts(case: Case) -> dict[str, str]:
    """Return the files of a case in their canonical form, by their path in the folder.

    Tables without rows are left out.
    """
    tables: dict[str, tuple[TableRow, ...]] = {
        "origins.csv": case.origins,
        "policies.csv": case.policies,
        "places.csv": case.places,
        "hosts.csv": case.hosts,
        "experts.csv": case.experts,
        "evidence/figures.csv": case.ledger.figure_rows,
        "evidence/aggregates.csv": case.ledger.aggregate_rows,
        "evidence/outcomes.csv": case.outcomes,
        "evidence/sources.csv": case.ledger.source_rows,
        "evidence/tags.csv": case.ledger.tag_rules,
    }
    texts = {CASE_FILE: question_text(case.question_file)}
    texts |= {file: table_text(TABLES[file], rows) for file, rows in tables.items() if rows}
    if case.levers:
        texts[LEVERS_FILE] = levers_text(case.levers)
    return texts


def write_case(case: Case, folder: str | Path) -> Path:
    """Write a case so that reading it gives an equal one.

    Parameters
    ----------
    case : Case
        What to write. The cut-off date of a filtered case is not written.
    folder : str or Path
        Where to; its name must be the case's. It is made if it does not exist.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        If the folder has another name, or a file of the case is there already; then nothing
        is written.
    """
    path = Path(folder)
    if path.resolve().name != case.name:
        raise InputError(
            f"found the folder name {path.resolve().name!r}, expected {case.name!r}, "
            "the name of the case"
        )
    texts = case_texts(case)
    if existing := sorted(file for file in texts if (path / file).exists()):
        raise InputError(
            f"found {', '.join(existing)} in {path}, expected a folder without files of a case"
        )
    for file, text in texts.items():
        target = path / file
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8", newline="") as stream:
            stream.write(text)
    return path
