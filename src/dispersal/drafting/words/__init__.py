"""Words and patterns that the rules go by, kept as text so that they can be read and extended."""

from __future__ import annotations

import functools
import re
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def pattern(name: str) -> str:
    r"""Return the alternatives of a section of patterns.txt, joined with ``|``.

    Examples
    --------
    >>> pattern("sure").split("|")[:2]
    ['will', 'certain\\w*']
    """
    return "|".join(_sections("patterns.txt")[name])


def compiled(name: str, before: str = r"\b(?:", after: str = r")\b") -> re.Pattern[str]:
    """Return a section of patterns.txt as a regular expression without regard to case.

    Examples
    --------
    >>> bool(compiled("hedged").search("They may go."))
    True
    """
    return re.compile(f"(?i){before}{pattern(name)}{after}")


@functools.cache
def words(name: str) -> frozenset[str]:
    """Return a set of words of sets.txt.

    Examples
    --------
    >>> "colonel" in words("titles")
    True
    """
    return frozenset(word for line in _sections("sets.txt")[name] for word in line.split())


@functools.cache
def _sections(file: str) -> Mapping[str, tuple[str, ...]]:
    text = resources.files("dispersal.drafting.words").joinpath(file).read_text("utf-8")
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        heading = re.fullmatch(r"\[([a-z_ ]+)\]", line)
        if heading:
            lines = found.setdefault(heading[1], [])
        elif line.strip() and not line.startswith("#"):
            lines.append(line)
    return MappingProxyType({name: tuple(lines) for name, lines in found.items()})
