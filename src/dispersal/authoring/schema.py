"""JSON Schemas of the files that a person writes, so that an editor can help and check.

They are made from the models that read the files, and so cannot say anything else. Most of what is
wrong within one key is found by them; what two keys or files say of each other, only by
``dispersal check``.
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any, Final

from pydantic import Field, create_model

from dispersal.authoring.descriptions import describe
from dispersal.authoring.evidence.column_map import ColumnMap
from dispersal.case.levers import TABLE_PATCHES, Lever, Patch
from dispersal.case.question import Question
from dispersal.errors import InputError, nearest_name
from dispersal.model.parameters import table

if TYPE_CHECKING:
    from pydantic import BaseModel

    from dispersal.model.parameters import Parameter

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

#: The files that have a schema, each with the title of its schema.
KINDS: Final = {
    "case": "case.yaml of a case of Dispersal, version 1 of the format",
    "levers": "levers.yaml of a case of Dispersal, version 1 of the format",
    "columns": "Column map of dispersal evidence import",
}


def json_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of one kind of file, as plain data.

    Parameters
    ----------
    kind : {"case", "levers", "columns"}
        ``case.yaml``, ``levers.yaml``, or the column map of an import.

    Raises
    ------
    InputError
        For another kind.

    Examples
    --------
    >>> found = json_schema("case")
    >>> found["properties"]["step"]["enum"], found["additionalProperties"]
    (['month', 'week'], False)
    """
    if kind not in KINDS:
        near = nearest_name(kind, KINDS)
        hint = f"; did you mean {near!r}?" if near else ""
        raise InputError(f"found the schema {kind!r}, expected {', '.join(KINDS)}{hint}")
    if kind == "case":
        schema = _of(Question)
        _name_parameters(schema["properties"]["parameters"])
    elif kind == "columns":
        schema = _of(ColumnMap)
    else:
        lever = _of(_lever_model())
        definitions = lever.pop("$defs")
        _name_parameters(definitions["CasePatch"]["properties"]["parameters"])
        schema = {"type": "array", "items": lever, "$defs": definitions}
    return {"$schema": DIALECT, "title": KINDS[kind], **schema}


@functools.cache
def schema_text(kind: str) -> str:
    """Return a JSON Schema as the text of a file; see :func:`json_schema`."""
    return json.dumps(json_schema(kind), indent=1, ensure_ascii=False) + "\n"


def _lever_model() -> type[BaseModel]:
    """Return the model of a lever with the grammar of its patch, which the reader checks apart."""
    tables: dict[str, Any] = {
        name: (model, Field(default_factory=model)) for name, model in TABLE_PATCHES.items()
    }
    patch = create_model("Patch", __base__=Patch, **tables)
    return create_model("Lever", __base__=Lever, patch=(patch, ...))


def _of(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(mode="validation")
    _tidy(schema, model.__name__)
    for name, part in schema.get("$defs", {}).items():
        _tidy(part, name)
    schema.pop("title", None)
    return schema


def _tidy(schema: dict[str, Any], name: str) -> None:
    """Put what a person reads in the place of what is meant for programmers."""
    schema.pop("description", None)
    schema.pop("title", None)
    if name.endswith(("Where", "Values")):  # SomeCells: none at all would match every row
        schema["minProperties"] = 1
    for key, field in schema.get("properties", {}).items():
        field.pop("title", None)
        if "patternProperties" in field:
            field["additionalProperties"] = False
        if text := describe(name, key):
            field["description"] = text


def _name_parameters(schema: dict[str, Any]) -> None:
    """Let a mapping of priors have the parameters that a case can give one, and no other name."""
    (value,) = schema.pop("patternProperties").values()
    free = [parameter for parameter in table().values() if not parameter.hierarchical]
    schema["properties"] = {
        parameter.name: {**value, "description": _told(parameter)} for parameter in free
    }
    schema["additionalProperties"] = False


def _told(parameter: Parameter) -> str:
    prior = f"{parameter.distribution} [{parameter.a}, {parameter.b}]"
    return f"{parameter.meaning}; {parameter.unit}; else {prior}"
