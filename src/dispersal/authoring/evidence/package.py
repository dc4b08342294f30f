"""The ledger as a data package: a descriptor that lets others read and check it without Dispersal.

The standard is Data Package, version 2 (https://datapackage.org). Fields, types and constraints are
made from the models that read the tables; only the keys between tables are stated here.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from dispersal.authoring.descriptions import describe
from dispersal.authoring.evidence.committing import own_folder
from dispersal.case import load_case
from dispersal.case.folder import read_folder
from dispersal.case.schema import TABLES
from dispersal.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispersal.case import Case
    from dispersal.case.schema import TableRow

PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE: Final = "https://datapackage.org/profiles/2.0/dataresource.json"
TABLE: Final = "https://datapackage.org/profiles/2.0/tableschema.json"

#: Columns that name a row of another table, where that table is in the package. A cell that may
#: name several rows, or rows of one of two tables, cannot be stated as a key.
KEYS: Final = (
    ("evidence/figures.csv", "source", "evidence/sources.csv", "key"),
    ("evidence/figures.csv", "quoted_by", "evidence/sources.csv", "key"),
    ("evidence/figures.csv", "origin", "origins.csv", "origin"),
    ("evidence/aggregates.csv", "source", "evidence/sources.csv", "key"),
    ("evidence/outcomes.csv", "source", "evidence/sources.csv", "key"),
    ("experts.csv", "source", "evidence/sources.csv", "key"),
    ("hosts.csv", "place", "places.csv", "place"),
    ("hosts.csv", "source", "evidence/sources.csv", "key"),
    ("places.csv", "source", "evidence/sources.csv", "key"),
    ("policies.csv", "source", "evidence/sources.csv", "key"),
    ("origins.csv", "source", "evidence/sources.csv", "key"),
)

#: What each table holds.
TITLES: Final = {
    "evidence/figures.csv": "Published figures of home countries",
    "evidence/aggregates.csv": "Published figures of places, organisations or the whole",
    "evidence/outcomes.csv": "What became of things that were judged",
    "evidence/sources.csv": "The publications that are quoted",
    "evidence/tags.csv": "What figures really count, where their quantity alone misleads",
    "origins.csv": "Home countries and regions of members",
    "policies.csv": "What home and transit states do",
    "places.csv": "Where members can be",
    "hosts.csv": "Organisations that may take members in",
    "experts.csv": "Published judgements of what will come",
}

#: Said of the rights in a ledger, whatever licence its compilation has.
RIGHTS: Final = (
    "Single published figures, each with the source it is quoted from. Facts are quoted, not "
    "texts; rights in the texts stay with their publishers. Whoever reuses a figure should cite "
    "the source that its row names. Counts of people only: nothing here is about any person."
)

_NAME: Final = "datapackage.json"


def descriptor(
    case: str | Path | Case, *, whole: bool = False, licence: str | None = None
) -> dict[str, Any]:
    """Return the descriptor of a case's evidence as plain data.

    Parameters
    ----------
    case : str, Path or Case
        A case that was read from a folder.
    whole : bool
        Describe every table of the case, for a descriptor in the case's own folder; default:
        those of its folder ``evidence``, for a descriptor in there.
    licence : str, optional
        Licence of the compilation, as the Open Definition or SPDX names it, e.g. ``CC-BY-4.0``.

    Raises
    ------
    CaseError
        If the case cannot be read.
    InputError
        If it has no evidence.

    Examples
    --------
    >>> found = descriptor("isis_2017")
    >>> [resource["name"] for resource in found["resources"]]
    ['figures', 'aggregates', 'outcomes', 'sources', 'tags']
    >>> found["resources"][0]["schema"]["foreignKeys"][0]["reference"]
    {'resource': 'sources', 'fields': ['key']}
    """
    loaded = case if not isinstance(case, str | Path) else load_case(case)
    if loaded.path is None:
        raise InputError("found a case that was not read from a folder, expected one that was")
    texts = read_folder(loaded.path).texts
    files = [file for file in TABLES if file in texts and (whole or file.startswith("evidence/"))]
    if not files:
        raise InputError(f"found no table of evidence in {loaded.path}, expected one or more")
    sources = [
        {"title": f"{row.title} ({row.author_or_publisher}, {row.published})"}
        | ({"path": row.url} if row.url.startswith(("http://", "https://")) else {})
        for row in loaded.ledger.source_rows
    ]
    found: dict[str, Any] = {
        "$schema": PROFILE,
        "name": loaded.name.replace("_", "-"),
        "title": f"Evidence on {loaded.group.name}, asked on {loaded.asked_on}",
        "description": RIGHTS,
    }
    if licence:
        found["licenses"] = [{"name": licence}]
    if sources:
        found["sources"] = sources
    resources = [_resource(file, texts[file], files, whole=whole) for file in files]
    return {**found, "resources": resources}


def package_text(
    case: str | Path | Case, *, whole: bool = False, licence: str | None = None
) -> str:
    """Return the descriptor as the text of ``datapackage.json``; see :func:`descriptor`."""
    found = descriptor(case, whole=whole, licence=licence)
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def write_package(
    case: str | Path, out: str | Path | None = None, *, licence: str | None = None
) -> Path:
    """Write the descriptor of a case's evidence.

    Parameters
    ----------
    case : str or Path
        A folder of your own.
    out : str or Path, optional
        A file of the name ``datapackage.json``, in the case's folder ``evidence`` (the default) or
        in that of the case itself, where it describes every table of the case. Paths of a data
        package lie below its descriptor, so that it cannot stand elsewhere.
    licence : str, optional

    Returns
    -------
    Path
        The file; one that says the same already is left as it is.

    Raises
    ------
    CaseError
        If the case cannot be read.
    InputError
        If the case is a built-in one, or the file exists and says something else, has another
        place or name, or cannot be written.
    """
    loaded = load_case(own_folder(case))
    assert loaded.path is not None
    file = loaded.path / "evidence" / _NAME if out is None else Path(out)
    folder = file.resolve().parent
    whole = folder == loaded.path.resolve()
    if not whole and folder != (loaded.path / "evidence").resolve():
        raise InputError(
            f"found {file}, expected a file in {loaded.path} or in its folder evidence: a data "
            "package can only name files below it"
        )
    if file.name != _NAME:
        raise InputError(f"found {file.name}, expected the name {_NAME}, which the standard gives")
    text = package_text(loaded, whole=whole, licence=licence)
    try:
        if file.exists():
            if file.read_text(encoding="utf-8") == text:
                return file
            raise InputError(
                f"found {file} with other words there already, expected to write it anew; move the "
                "old one away first"
            )
        with file.open("x", encoding="utf-8", newline="") as stream:
            stream.write(text)
    except OSError as error:
        raise InputError(
            f"found {file}, expected a file that can be written: {error.strerror or error}"
        ) from None
    return file


def _resource(file: str, text: str, files: list[str], *, whole: bool) -> dict[str, Any]:
    header = next(csv.reader(io.StringIO(text, newline="")))
    path = file if whole else PurePosixPath(file).name
    return {
        "$schema": RESOURCE,
        "name": _name(file),
        "title": TITLES[file],
        "type": "table",
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": _schema(file, TABLES[file], header, files),
    }


def _name(file: str) -> str:
    return PurePosixPath(file).stem


def _schema(
    file: str, model: type[TableRow], header: list[str], files: list[str]
) -> dict[str, Any]:
    """Return the table schema of a model, for the columns that the table has."""
    properties = model.model_json_schema(mode="validation", by_alias=True)["properties"]
    fields = []
    for column in header:
        field = {"name": column, **_type(properties[column])}
        constraints = field.pop("constraints", {})
        if model.model_fields[model.columns()[column]].is_required() and not _nullable(
            properties[column]
        ):
            constraints = {"required": True, **constraints}
        if text := describe(model.__name__, column):
            field["description"] = text
        if constraints:
            field["constraints"] = constraints
        fields.append(field)
    schema: dict[str, Any] = {"$schema": TABLE, "fields": fields, "missingValues": [""]}
    if model.id_column in header:
        schema["primaryKey"] = [model.id_column]
    keys = [
        {"fields": [column], "reference": {"resource": _name(other), "fields": [key]}}
        for of, column, other, key in KEYS
        if of == file and column in header and other in files
    ]
    if keys:
        schema["foreignKeys"] = keys
    return schema


def _nullable(schema: Mapping[str, Any]) -> bool:
    return any(option.get("type") == "null" for option in schema.get("anyOf", ()))


def _type(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return type and constraints of a field; a cell that may be empty is of its other type."""
    options = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    # Text that a person wrote may look like a number: as a cell it is text all the same.
    chosen = next((one for one in options if one.get("type") == "string"), options[0])
    constraints: dict[str, Any] = {}
    for theirs, ours in (("minimum", "minimum"), ("maximum", "maximum"), ("enum", "enum")):
        if theirs in chosen:
            constraints[ours] = chosen[theirs]
    pattern = chosen.get("pattern")
    if pattern and pattern != r"\S":
        constraints["pattern"] = pattern
    if "const" in chosen:
        constraints["enum"] = [chosen["const"]]
    kind = "date" if chosen.get("format") == "date" else str(chosen["type"])
    found: dict[str, Any] = {"type": kind}
    if constraints:
        found["constraints"] = constraints
    return found
