"""A case folder as far as it can be read: the material of every check."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

from dispersal.case.folder import CASE_FILE, LEVERS_FILE, Folder, read_folder
from dispersal.case.levers import Lever
from dispersal.case.levers_faults import lever_faults
from dispersal.case.question import Question
from dispersal.case.schema import (
    REQUIRED_TABLES,
    TABLES,
    Aggregate,
    Figure,
    Host,
    Judgement,
    Origin,
    Outcome,
    Place,
    Policy,
    Source,
    TableRow,
    TagRule,
)
from dispersal.case.tables import Table, parse_table
from dispersal.case.translate import faults_of
from dispersal.case.yamltext import parse_yaml
from dispersal.errors import Fault

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Draft:
    """What could be read of a case, and what could not.

    ``faults`` and ``notes`` are those of the files themselves; the checks add theirs.
    """

    folder_name: str | None = None
    question: Question | None = None
    origins: Table[Origin] = field(default_factory=lambda: Table("origins.csv"))
    policies: Table[Policy] = field(default_factory=lambda: Table("policies.csv"))
    places: Table[Place] = field(default_factory=lambda: Table("places.csv"))
    hosts: Table[Host] = field(default_factory=lambda: Table("hosts.csv"))
    experts: Table[Judgement] = field(default_factory=lambda: Table("experts.csv"))
    figures: Table[Figure] = field(default_factory=lambda: Table("evidence/figures.csv"))
    aggregates: Table[Aggregate] = field(default_factory=lambda: Table("evidence/aggregates.csv"))
    outcomes: Table[Outcome] = field(default_factory=lambda: Table("evidence/outcomes.csv"))
    sources: Table[Source] = field(default_factory=lambda: Table("evidence/sources.csv"))
    tags: Table[TagRule] = field(default_factory=lambda: Table("evidence/tags.csv"))
    #: Levers that could be read, each with its place in the file, from 1.
    levers: tuple[tuple[int, Lever], ...] = ()
    content_hash: str = ""
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)


_FIELD_OF_FILE = {
    "origins.csv": "origins",
    "policies.csv": "policies",
    "places.csv": "places",
    "hosts.csv": "hosts",
    "experts.csv": "experts",
    "evidence/figures.csv": "figures",
    "evidence/aggregates.csv": "aggregates",
    "evidence/outcomes.csv": "outcomes",
    "evidence/sources.csv": "sources",
    "evidence/tags.csv": "tags",
}


def read_draft(path: Path) -> Draft:
    """Read every file of a folder independently: a broken one does not hide the next.

    Parameters
    ----------
    path : Path
        An existing folder.
    """
    return draft_of_texts(read_folder(path))


def draft_of_texts(folder: Folder) -> Draft:
    """Read the texts of a folder, whether they are the ones on disk or as they would be."""
    draft = Draft(folder_name=folder.path.resolve().name, content_hash=folder.content_hash())
    draft.faults.extend(folder.faults)
    draft.notes.extend(folder.notes)
    _read_question(folder, draft)
    _read_levers(folder, draft)
    for file, model in TABLES.items():
        table = _read_table(folder, file, model)
        setattr(draft, _FIELD_OF_FILE[file], table)
        draft.faults.extend(table.faults)
        draft.notes.extend(table.notes)
    return draft


def _read_table(folder: Folder, file: str, model: type[TableRow]) -> Table[Any]:
    if file in folder.texts:
        table = parse_table(folder.texts[file], file, model)
        if table.readable and not table.names and file in REQUIRED_TABLES:
            expected = "at least one row"
            table.faults.append(Fault("no_rows", file, None, None, "only a header", expected))
            table.readable = False
        return table
    present = file in folder.present
    # Without its required table a case would otherwise be told that every name is unknown.
    readable = not present and file not in REQUIRED_TABLES
    return Table(file, present=present, readable=readable)


def _read_question(folder: Folder, draft: Draft) -> None:
    if CASE_FILE not in folder.texts:
        return
    data, faults = parse_yaml(folder.texts[CASE_FILE], CASE_FILE)
    draft.faults.extend(faults)
    if data is None and faults:
        return
    if not isinstance(data, dict):
        draft.faults.append(
            Fault("wrong_type", CASE_FILE, None, None, _kind_of(data), "keys with values")
        )
        return
    try:
        draft.question = Question.model_validate(data)
    except ValidationError as error:
        draft.faults.extend(faults_of(error, Question, CASE_FILE))


def _read_levers(folder: Folder, draft: Draft) -> None:
    if LEVERS_FILE not in folder.texts:
        return
    data, faults = parse_yaml(folder.texts[LEVERS_FILE], LEVERS_FILE)
    draft.faults.extend(faults)
    if data is None and faults:
        return
    if not isinstance(data, list):
        expected = "a list of levers, each beginning with “- name:”"
        draft.faults.append(Fault("wrong_type", LEVERS_FILE, None, None, _kind_of(data), expected))
        return
    levers: list[tuple[int, Lever]] = []
    for number, entry in enumerate(cast("list[object]", data), start=1):
        try:
            levers.append((number, Lever.model_validate(entry)))
        except ValidationError as error:
            draft.faults.extend(lever_faults(error, LEVERS_FILE, number, entry))
    draft.levers = tuple(levers)


def _kind_of(data: object) -> str:
    return {dict: "a mapping", list: "a list", type(None): "nothing"}.get(type(data), str(data))
