"""What every key and column means, in a line each: for comments, schemas and data packages.

``descriptions.csv`` is the one place where it is written; docs/case-format.md says more.
"""

from __future__ import annotations

import csv
import functools
import re
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Endings of the names of models that a lever's grammar makes of a table's rows.
_OF_LEVERS: Final = re.compile(r"(Row|Where|Values|OfEachOrigin)$")
_GENERAL: Final = re.compile(r"^[A-Z][a-z]+(Patch|Setting|Removal)$")


@functools.cache
def descriptions() -> Mapping[tuple[str, str], str]:
    """Return the description of every field, by the name of its model and of its key or column.

    Examples
    --------
    >>> descriptions()["Figure", "as_of"]
    'The day the figure speaks of.'
    """
    text = resources.files("dispersal.authoring").joinpath("descriptions.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType({(row["model"], row["field"]): row["description"] for row in rows})


def describe(model: str, field: str) -> str | None:
    """Return the description of a field; a lever's models have those of what they are made of.

    Examples
    --------
    >>> describe("PolicyValues", "low") == describe("Policy", "low")
    True
    >>> describe("HostPatch", "remove")
    'Rows to drop.'
    >>> describe("Figure", "no_such_column") is None
    True
    """
    known = descriptions()
    general = _GENERAL.search(model)
    names = [model, _OF_LEVERS.sub("", model)]
    if general:
        names.append({"Patch": "TablePatch"}.get(general[1], general[1]))
    return next((known[name, field] for name in names if (name, field) in known), None)
