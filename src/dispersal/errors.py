"""Errors that name what is wrong, where, and what would be right."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class DispersalError(Exception):
    """Base of every error that Dispersal raises on purpose; the command line exits with 1."""


class InputError(DispersalError):
    """The input is wrong, not the program; the command line exits with 2."""


class InferenceError(DispersalError):
    """The fit did not reach the quality that its results would need."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one place of a case.

    Parameters
    ----------
    kind : str
        Short machine-readable name of the kind of fault, e.g. ``unknown_column``.
    file : str
        Path relative to the case folder.
    row : int or None
        Row as a spreadsheet shows it: the header is row 1. None for the whole file.
    column : str or None
        Column name, or dotted key for YAML.
    found, expected : str
        What stands there, and what should.
    nearest : str or None
        The nearest valid name, where one is near.

    Examples
    --------
    >>> print(Fault("unknown_country", "origins.csv", 3, "origin", "TUX", "an ISO code", "TUN"))
    origins.csv, row 3, column origin: found 'TUX', expected an ISO code; did you mean 'TUN'?
    """

    kind: str
    file: str
    row: int | None
    column: str | None
    found: str
    expected: str
    nearest: str | None = None

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f", row {self.row}"
        if self.column is not None:
            where += f", column {self.column}" if self.row is not None else f", {self.column}"
        hint = f"; did you mean {self.nearest!r}?" if self.nearest else ""
        return f"{where}: found {shorten(self.found)!r}, expected {self.expected}{hint}"


class CaseError(InputError):
    """A case folder has faults; all of them are listed at once.

    Examples
    --------
    >>> error = CaseError("demo", [Fault("empty_file", "case.yaml", None, None, "", "a mapping")])
    >>> print(error)
    case demo has 1 fault:
      case.yaml: found '', expected a mapping
    """

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        self.name = name
        self.faults = tuple(faults)
        count = len(self.faults)
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"case {name} has {count} fault{'s' * (count != 1)}:\n{lines}")


def nearest_name(found: str, valid: Iterable[str]) -> str | None:
    """Return the valid name closest to what was found, or None if none is close.

    Examples
    --------
    >>> nearest_name("retuned", ["returned", "killed"])
    'returned'
    """
    names = {name.casefold(): name for name in valid}
    close = difflib.get_close_matches(found.casefold(), names, n=1, cutoff=0.6)
    return names[close[0]] if close else None


def shorten(text: str, limit: int = 80) -> str:
    """Return text cut to ``limit`` characters, so that a message stays readable.

    Examples
    --------
    >>> shorten("x" * 100, 5)
    'xxxxx…'
    """
    return text if len(text) <= limit else text[:limit] + "…"
