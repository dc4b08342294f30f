"""The list of checks: one small function a kind of fault, registered by the kind's name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from dispersal.case.draft import Draft
from dispersal.errors import Fault

Check: TypeAlias = Callable[[Draft], Iterable[Fault]]

FAULT_CHECKS: Final[dict[str, Check]] = {}
NOTE_CHECKS: Final[dict[str, Check]] = {}


def fault_check(kind: str) -> Callable[[Check], Check]:
    """Register a function that yields the faults of one kind."""
    return _register(FAULT_CHECKS, kind)


def note_check(kind: str) -> Callable[[Check], Check]:
    """Register a function that yields what deserves a look but does not stop the reading."""
    return _register(NOTE_CHECKS, kind)


def _register(registry: dict[str, Check], kind: str) -> Callable[[Check], Check]:
    def register(function: Check) -> Check:
        if kind in registry:
            raise ValueError(f"two checks are registered as {kind!r}")
        registry[kind] = function
        return function

    return register
