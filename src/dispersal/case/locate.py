"""From a name or a path to the folder of a case."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Final

from dispersal.case.folder import CASE_FILE
from dispersal.errors import CaseError, Fault, nearest_name

_BUILTIN: Final = Path(str(resources.files("dispersal"))) / "cases"


def builtin_cases() -> tuple[str, ...]:
    """Return the names of the cases that are shipped with Dispersal, in alphabetical order.

    Examples
    --------
    >>> isinstance(builtin_cases(), tuple)
    True
    """
    if not _BUILTIN.is_dir():
        return ()
    return tuple(sorted(path.parent.name for path in _BUILTIN.glob(f"*/{CASE_FILE}")))


def locate(name_or_path: str | Path) -> Path:
    """Return the folder of a built-in case or of a path; a built-in name comes first.

    Raises
    ------
    CaseError
        ``unknown_case`` or ``not_a_folder``.
    """
    text = str(name_or_path)
    path = Path(text)
    if text in builtin_cases() and (isinstance(name_or_path, str) or not path.exists()):
        return _BUILTIN / text
    try:
        exists, is_folder = path.exists(), path.is_dir()
    except (OSError, ValueError):
        exists, is_folder = False, False
    if is_folder:
        return path
    if exists:
        nearest = str(path.parent) if path.name == CASE_FILE else None
        fault = Fault("not_a_folder", text, None, None, "a file", "a case folder", nearest)
        raise CaseError(text, [fault])
    names = builtin_cases()
    expected = "a folder that exists"
    if names:
        expected += f" or a built-in case ({', '.join(names)})"
    nearest = nearest_name(path.name, names)
    raise CaseError(text, [Fault("unknown_case", text, None, None, text, expected, nearest)])
