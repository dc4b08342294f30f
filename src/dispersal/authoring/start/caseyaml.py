"""``case.yaml`` of a new case, with a comment on every key."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import yaml

from dispersal.authoring.descriptions import describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Lines of comments are not longer than this.
_WIDTH: Final = 96


@dataclass(frozen=True)
class Entry:
    """A key of the file: its value or the entries below it, and what its comment adds.

    Parameters
    ----------
    key : str
    of : str
        The model whose field it is, for the comment.
    value : str, optional
        As it stands in the file; None where entries stand below it.
    below : tuple of Entry
    remark : str
        What is particular to this case.
    off : bool
        Whether it is commented out: an example of what could stand there.
    listed : bool
        Whether the entries below are those of the one member of a list.
    """

    key: str
    of: str
    value: str | None = None
    below: tuple[Entry, ...] = ()
    remark: str = ""
    off: bool = False
    listed: bool = False


def scalar(value: object) -> str:
    """Return a value as YAML in one line, quoted where it has to be.

    Examples
    --------
    >>> scalar("Sri Lanka"), scalar("a: b"), scalar(2500.0), scalar("")
    ('Sri Lanka', "'a: b'", '2500', "''")
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str):
        value = " ".join(value.split())
    text: str = yaml.safe_dump(value, width=10**9, allow_unicode=True, default_flow_style=True)
    return text.removesuffix("...\n").strip()


def document(head: Iterable[str], entries: Iterable[Entry]) -> str:
    """Return the text of the file.

    Examples
    --------
    >>> print(document(["A demonstration."], [Entry("step", "Question", "month")]), end="")
    # A demonstration.
    <BLANKLINE>
    # Length of a step of the forecast: month or week.
    step: month
    """
    lines = [line for text in head for line in _comment(text, "")]
    for entry in entries:
        lines += ["", *_lines(entry, "")]
    return "\n".join(lines) + "\n"


def _lines(entry: Entry, indent: str) -> Iterator[str]:
    said = describe(entry.of, entry.key) or ""
    yield from _comment(" ".join(filter(None, (said, entry.remark))), indent)
    mark = "# " if entry.off else ""
    if entry.value is not None:
        yield f"{indent}{mark}{entry.key}: {entry.value}"
        return
    yield f"{indent}{mark}{entry.key}:"
    for at, below in enumerate(entry.below):
        lines = list(_lines(below, indent + ("    " if entry.listed else "  ")))
        if entry.listed and at == 0:
            lines[-1] = f"{indent}  - {lines[-1].strip()}"
        yield from lines


def _comment(text: str, indent: str) -> list[str]:
    if not text:
        return []
    start = f"{indent}# "
    if text.startswith("yaml-language-server:"):
        return [start + text]
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=start,
        subsequent_indent=start,
        break_long_words=False,
        break_on_hyphens=False,
    )
