"""From a validation error of the schema to faults in the words of the case format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from dispersal.errors import Fault, nearest_name

if TYPE_CHECKING:
    from collections.abc import Sequence

_STANDARD = {
    "missing": ("missing_key", "this key"),
    "extra_forbidden": ("unknown_key", "a key of the case format"),
    "string_type": ("wrong_type", "text"),
    "dict_type": ("wrong_type", "a mapping"),
    "mapping_type": ("wrong_type", "a mapping"),
    "model_type": ("wrong_type", "a mapping"),
    "model_attributes_type": ("wrong_type", "a mapping"),
    "tuple_type": ("wrong_type", "a list"),
    "too_short": ("missing_value", "at least one entry"),
    "too_long": ("wrong_type", "fewer entries"),
}


def faults_of(
    error: ValidationError, model: type[BaseModel], file: str, row: int | None = None
) -> list[Fault]:
    """Return one fault for each thing that the schema refuses.

    Parameters
    ----------
    error : ValidationError
        What pydantic found.
    model : type of BaseModel
        The model it was found with; its fields are what an unknown key may have meant.
    file : str
        Path in the case folder.
    row : int or None
        Row of a table; None for YAML.
    """
    return [fault_of(dict(detail), model, file, row) for detail in error.errors(include_url=False)]


def fault_of(
    detail: dict[str, Any], model: type[BaseModel], file: str, row: int | None = None
) -> Fault:
    """Return the fault for one detail of a validation error; see :func:`faults_of`."""
    where = [part for part in detail["loc"] if part != "[key]"]
    context = detail.get("ctx") or {}
    kind, expected = _STANDARD.get(detail["type"], (detail["type"], detail["msg"]))
    found = _show(detail["input"])
    nearest = context.get("nearest")
    if kind == "unknown_key":
        keys = _keys_at(model, where[:-1])
        found = str(where[-1])
        nearest = nearest_name(found, keys)
        expected = f"one of the keys {', '.join(keys)}"
    elif kind == "missing_key":
        what = "one more entry" if isinstance(where[-1], int) else f"the key {where[-1]}"
        found, expected = "nothing", f"{what}, which is required"
    return Fault(kind, file, row, _dotted(where), found, expected, nearest)


def _dotted(where: Sequence[int | str]) -> str | None:
    """Return ``end.judgements[2].p10``, counting the entries of a list from 1."""
    text = ""
    for part in where:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".") or None


def _show(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    return str(value)


def _keys_at(model: type[BaseModel], where: Sequence[int | str]) -> list[str]:
    """Return the keys that the format knows at a place in the document."""
    for part in where:
        if isinstance(part, str) and part in model.model_fields:
            inner = _model_in(model.model_fields[part].annotation)
            if inner is not None:
                model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        inner = _model_in(argument)
        if inner is not None:
            return inner
    return None
