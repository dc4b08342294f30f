"""The fenced blocks of the pages, and what kind each is."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from markdown_it import MarkdownIt

ROOT: Final = Path(__file__).parents[2]

#: ``python``: runs. ``commands``: each command runs or is checked. ``data``: is read, and checked.
#: ``shown``: output, trees and drawings, of which only a command that heads them is checked.
#: ``built``: a directive, which the build of the site carries out.
Kind = Literal["python", "commands", "data", "shown", "built"]

KINDS: Final[dict[str, Kind]] = {
    "python": "python",
    "sh": "commands",
    "bash": "commands",
    "console": "commands",
    "yaml": "data",
    "json": "data",
    "csv": "data",
    "text": "shown",
    "{eval-rst}": "built",
}


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Parameters
    ----------
    page : str
        Path from the root of the project.
    line : int
        Of the page, that of the first line within the block, from 1.
    language : str
    text : str
    """

    page: str
    line: int
    language: str
    text: str

    @property
    def kind(self) -> Kind | None:
        """What is done with it, or nothing if that is not known."""
        return KINDS.get(self.language)

    @property
    def place(self) -> str:
        """Page and line, as errors name them."""
        return f"{self.page}:{self.line}"

    def commands(self) -> list[list[str]]:
        """Return the words of each command.

        Of a block with prompts only what follows one is a command; the rest is its output.
        """
        joined = self.text.replace("\\\n", " ")
        lines = [line.strip() for line in joined.splitlines()]
        prompted = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        if self.kind == "shown" or prompted:
            lines = prompted
        found: list[list[str]] = []
        for line in lines:
            words: list[str] = []
            for word in [*shlex.split(line, comments=True), "&&"]:
                if word != "&&":
                    words.append(word)
                elif words:
                    found.append(words)
                    words = []
        return found


def blocks_of(text: str, page: str) -> list[Block]:
    """Return the blocks of a page in their order, indented code too."""
    tokens = MarkdownIt("commonmark").parse(text)
    found = []
    for token in tokens:
        if token.type in {"fence", "code_block"}:
            assert token.map is not None
            language = re.match(r"\S*", token.info.strip())
            assert language is not None
            first = token.map[0] + (2 if token.type == "fence" else 1)
            found.append(Block(page, first, language[0], token.content))
    return found


@cache
def pages() -> dict[str, tuple[Block, ...]]:
    """Return the blocks of every page of the project that has some."""
    files = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/**/*.md"))]
    named = {file.relative_to(ROOT).as_posix(): file for file in files}
    found = {
        name: tuple(blocks_of(file.read_text(encoding="utf-8"), name))
        for name, file in named.items()
    }
    return {name: blocks for name, blocks in found.items() if blocks}


def all_blocks() -> list[Block]:
    """Return every block of every page."""
    return [block for blocks in pages().values() for block in blocks]
