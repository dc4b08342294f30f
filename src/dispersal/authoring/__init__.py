"""Make a case: from a few answers to a folder that runs, figures added to it, what comes next.

A public name is imported from its module when it is first used.

>>> from dispersal import authoring
>>> authoring.json_schema("case")["type"]
'object'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dispersal.authoring.evidence.add import add_evidence
    from dispersal.authoring.evidence.importing import import_evidence
    from dispersal.authoring.evidence.package import write_package
    from dispersal.authoring.guide.guide import what_next
    from dispersal.authoring.schema import json_schema
    from dispersal.authoring.start.new import new_case

__all__ = [
    "add_evidence",
    "import_evidence",
    "json_schema",
    "new_case",
    "what_next",
    "write_package",
]

_HOMES = {
    "add_evidence": "evidence.add",
    "import_evidence": "evidence.importing",
    "json_schema": "schema",
    "new_case": "start.new",
    "what_next": "guide.guide",
    "write_package": "evidence.package",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
