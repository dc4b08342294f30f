"""A new case: a commented folder that passes the checks and runs, from a few answers."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dispersal.authoring.schema import schema_text
from dispersal.authoring.start.answers import Answers, faults_between, read_answers
from dispersal.authoring.start.defaults import (
    days_of,
    host_rows,
    origin_rows,
    past_modes,
    place_rows,
)
from dispersal.authoring.start.question import SCHEMA_FILE, Known, case_text
from dispersal.authoring.start.texts import levers_example, readme, table
from dispersal.authoring.start.zones import locate_zones
from dispersal.case.checks import CheckReport, check_case
from dispersal.case.schema import TABLES
from dispersal.errors import CaseError, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Tables that a new case has with a header only: where evidence goes.
HEADED: Final = (
    "policies.csv",
    "evidence/figures.csv",
    "evidence/aggregates.csv",
    "evidence/sources.csv",
)


@dataclass(frozen=True)
class NewCase:
    """A case that was made.

    Parameters
    ----------
    folder : Path
    commands : tuple of str
        What to run next: from here to a first forecast, and what to fill in.
    report : CheckReport
        What the checks note.
    """

    folder: Path
    commands: tuple[str, ...]
    report: CheckReport

    def record(self) -> dict[str, Any]:
        """Return it as plain data."""
        files = sorted(
            path.relative_to(self.folder).as_posix()
            for path in self.folder.rglob("*")
            if path.is_file()
        )
        return {"case": str(self.folder), "files": files, "next": list(self.commands)}


def new_case(name: str, *, out: str | Path = ".", **answers: Any) -> NewCase:
    """Write the folder of a new case; it passes the checks and can be forecast at once.

    Without any evidence a forecast rests on priors, and with ``--fates-from-reference`` on what
    became of the members in past endings. Comments and notes tell what is a default.

    Parameters
    ----------
    name : str
        Of the case and its folder: lower-case letters, digits and ``_``.
    out : str or Path
        The folder in which it is made.
    **answers
        ``group`` (name) and ``asked_on`` (day), which are required, and ``places`` (countries of
        the home theatre, by code or name in any language) or ``zones`` (name, latitude,
        longitude). Optional: ``members`` (low, high; local ones), ``origins`` (home countries of
        foreign members), ``local`` (whether there are local members), ``foreign_members``
        (low, high; of all home countries together), ``modes`` (names, or names with
        probabilities), ``end`` (days of the 10, 50 and 90 % quantiles), ``agreed_on``,
        ``strata``, ``theatres``, ``since``, ``peak``, ``until``, ``step``, ``title``, ``question``,
        ``description``.

    Returns
    -------
    NewCase

    Raises
    ------
    CaseError
        With everything that is wrong with the answers; then nothing is written.
    InputError
        If the folder exists, or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> made = new_case("ltte_2009", out=tempfile.mkdtemp(), group="LTTE", asked_on="2009-01-15",
    ...     places=["Sri Lanka"], members=(10_000, 30_000), modes="military_defeat")
    >>> made.report.ok, made.folder.name
    (True, 'ltte_2009')
    """
    return write_new(read_answers({"name": name, **answers}), Path(out))


def write_new(answers: Answers, out: Path) -> NewCase:
    """Write the folder of typed answers; see :func:`new_case`."""
    folder = out / answers.name
    require_new(folder)
    texts = texts_of(answers, folder)
    report = _write(folder, texts)
    return NewCase(folder, commands(folder), report)


def require_new(folder: Path) -> None:
    """Raise an error if there is something at a path already.

    Raises
    ------
    InputError
    """
    if folder.exists() or folder.is_symlink():
        raise InputError(f"found {folder} there already, expected a name that is not taken")


def commands(folder: Path) -> tuple[str, ...]:
    """Return the commands that come next; ``./`` tells a folder from a built-in case.

    Examples
    --------
    >>> commands(Path("mine"))[0]
    'dispersal forecast ./mine --fates-from-reference'
    """
    path = folder if folder.is_absolute() or str(folder).startswith("..") else f"./{folder}"
    return (f"dispersal forecast {path} --fates-from-reference", f"dispersal check {path}")


def texts_of(answers: Answers, folder: Path) -> dict[str, str]:
    """Return the files of a new case by their path in it.

    Raises
    ------
    CaseError
        For answers that do not go together.
    """
    zones = locate_zones(answers)
    home = tuple(dict.fromkeys([*answers.places, *(zone.country for zone in zones)]))
    if faults := faults_between(answers, home):
        raise CaseError(answers.name, faults)
    days = days_of(answers)
    modes, endings = (answers.modes, None) if answers.modes else past_modes(answers.asked_on)
    places = place_rows(home, zones, answers.theatres)
    known = Known(
        home=home,
        origins=origin_rows(answers, home),
        places=places,
        hosts=host_rows(answers.group, places, days.start),
        days=days,
        modes=modes,
        endings=endings,
    )
    tables: Mapping[str, list[dict[str, str]]] = {
        "origins.csv": known.origins,
        "places.csv": known.places,
        "hosts.csv": known.hosts,
        **{file: [] for file in HEADED},
    }
    return {
        "case.yaml": case_text(answers, known),
        **{file: table(TABLES[file], rows) for file, rows in tables.items()},
        "levers.yaml": levers_example(known, answers.asked_on),
        "README.txt": readme(answers, known, commands(folder)),
        SCHEMA_FILE: schema_text("case"),
        ".schema/levers.json": schema_text("levers"),
    }


def _write(folder: Path, texts: Mapping[str, str]) -> CheckReport:
    """Write a folder aside, check it, and give it its name: there is a whole one or none."""
    aside = folder.parent / f".{folder.name}-{secrets.token_hex(4)}"
    made = aside / folder.name
    try:
        for file, text in texts.items():
            path = made / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        report = check_case(made)
        if report.faults:
            raise CaseError(folder.name, report.faults)
        require_new(folder)
        made.rename(folder)
    except OSError as error:
        raise InputError(
            f"found {folder}, expected a folder that can be made: {error.strerror or error}"
        ) from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return report
