"""Nothing on a page is left out: each block is of a known kind, each command exists."""

from __future__ import annotations

import re
from collections import Counter

import click
import pytest

from .blocks import Block, all_blocks, blocks_of, pages
from .commands import AT_MOST, check, lines_that_run, waits_for_a_person


def what_becomes_of_blocks() -> dict[tuple[str, str], str]:
    """Return what ``make test`` does with each block, and with each command of it, by its place.

    ``run``, ``read`` (data), ``shown`` (output), ``built`` (by the site), ``checked`` (a command of
    another program, or at the head of its output), or why a command is checked only.
    """
    found: dict[tuple[str, str], str] = {}
    for block in all_blocks():
        assert block.kind is not None, f"{block.place}: of which language is this block?"
        if block.kind != "commands":
            done = {"python": "run", "data": "read"}.get(block.kind, block.kind)
            found[block.place, block.language] = done
        for words in block.commands() if block.kind in {"commands", "shown"} else ():
            line = " ".join(words)
            if block.kind == "shown" or words[0] != "dispersal":
                found[block.place, line] = "checked"
            elif line in lines_that_run():
                found[block.place, line] = "run"
            elif waits_for_a_person(words):
                found[block.place, line] = "checked: a person answers"
            else:
                found[block.place, line] = AT_MOST[words[1]][1]
    return found


def test_every_block_is_of_a_known_kind() -> None:
    unknown = [f"{block.place} {block.language!r}" for block in all_blocks() if not block.kind]
    assert unknown == [], "name the language after the fence: text, if nothing runs"


def test_no_command_hides_in_output() -> None:
    hidden = [
        f"{block.place}: {line}"
        for block in all_blocks()
        for line in block.text.splitlines()
        if block.kind == "shown" and re.match(r"(?:dispersal [a-z]|make [a-z]+$|>>> )", line)
    ]
    assert hidden == [], "a block of commands is sh"


def test_everything_has_its_place_in_the_table() -> None:
    found = what_becomes_of_blocks()
    counts = Counter(found.values())
    python = [block for block in all_blocks() if block.kind == "python"]
    assert counts["run"] >= len(python) + len(lines_that_run())
    assert len(lines_that_run()) >= 15
    lines = {line for (_, line), done in found.items() if line.startswith("dispersal ") and done}
    assert lines_that_run() <= lines


def test_what_is_only_checked_is_on_a_page() -> None:
    reasons = set(what_becomes_of_blocks().values())
    assert [name for name, (_, why) in AT_MOST.items() if why not in reasons] == []


def test_the_first_forecast_quotes_the_answer_that_the_readme_has() -> None:
    (answer,) = (block.text for block in pages()["README.md"] if block.kind == "shown")
    quoted = [
        block.text
        for block in pages()["docs/first-forecast.md"]
        if block.kind == "shown" and block.text.startswith(("As known on", "The evidence"))
    ]
    assert len(quoted) == 2
    assert [text for text in quoted if text not in answer] == []


@pytest.mark.parametrize("page", pages())
def test_every_command_of_a_page_exists(page: str) -> None:
    for block in pages()[page]:
        for words in block.commands() if block.kind in {"commands", "shown"} else ():
            try:
                check(words)
            except (AssertionError, click.ClickException) as fault:
                pytest.fail(f"{block.place}: {' '.join(words)}: {fault}")


@pytest.mark.parametrize(
    "line",
    [
        "dispersal forcast isis_2017",
        "dispersal forecast",
        "dispersal forecast isis_2017 --drows 3",
        "dispersal displacement folder --rules flea",
        "make al",
        "make run CASES=path",
        "python tools/none.py",
        "pip install .[tests]",
        "rm -r runs",
    ],
)
def test_a_command_that_does_not_exist_is_found(line: str) -> None:
    (block,) = blocks_of(f"```sh\n{line}\n```\n", "page.md")
    (words,) = block.commands()
    with pytest.raises((AssertionError, click.ClickException)):
        check(words)


def test_blocks_are_read_as_they_stand() -> None:
    text = (
        "# Title\n\n```sh\nmake run    # all\nmake test && make lint\n```\n\n"
        "- item\n\n  ```text\n  $ make docs\n  out\n  ```\n\nThen:\n\n    code\n"
    )
    first, second, third = blocks_of(text, "page.md")
    assert first == Block("page.md", 4, "sh", "make run    # all\nmake test && make lint\n")
    assert first.commands() == [["make", "run"], ["make", "test"], ["make", "lint"]]
    assert (second.line, second.kind, second.commands()) == (11, "shown", [["make", "docs"]])
    assert (third.text, third.kind) == ("code\n", None)
