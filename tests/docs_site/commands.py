"""Commands on pages: which run, which are only checked, and how these are checked."""

from __future__ import annotations

import contextlib
import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING, Final

import click

from dispersal.cli import main

from .blocks import ROOT, all_blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

#: How many different lines of a command of ``dispersal`` run in ``make test``, the first ones in
#: the order of the pages, and why not all; the others are only checked, by the command's own
#: options. Of commands that are not named here every line runs. ``make test-slow`` runs all.
AT_MOST: Final[dict[str, tuple[int, str]]] = {
    "backtest": (0, "a fit, a forecast and a score for each day; README's Python runs one"),
    "compare": (1, "every lever makes a world of its own; Python on two pages compares, too"),
    "displacement": (2, "Python on its page draws the same pictures"),
    "draft": (1, "other lines name a day, and Python on its page proposes, too"),
    "experts": (1, "the other line is of a case without a forecast"),
    "forecast": (2, "other lines name another case or cut-off"),
    "indicators": (1, "other lines name another threshold or day"),
    "information": (1, "other lines name another target"),
    "learn": (0, "a fit and a forecast for each built-in case"),
    "reference": (0, "Python on its page asks the same, and leaves out each past ending"),
    "report": (1, "a page takes seconds; Python on three pages makes others"),
    "score": (0, "Python on its page prints the same tables"),
    "sensitivity": (1, "other lines name other outputs"),
    "update": (0, "Python on its page does the same"),
}

#: Options of commands that wait for a person, who answers or edits a file before: never run here.
PERSON: Final = ("--review", "--yes-to")


@cache
def lines_that_run() -> frozenset[str]:
    """Return the commands of ``dispersal`` that run in ``make test``."""
    found: dict[str, list[str]] = {}
    for block in all_blocks():
        for words in block.commands() if block.kind == "commands" else ():
            if words[0] == "dispersal" and not waits_for_a_person(words):
                lines = found.setdefault(words[1], [])
                lines.extend({" ".join(words)} - set(lines))
    return frozenset(
        line
        for name, lines in found.items()
        for line in lines[: AT_MOST.get(name, (len(lines), ""))[0]]
    )


def waits_for_a_person(words: Sequence[str]) -> bool:
    """Return whether a command asks, or reads what a person has edited."""
    asks = words[1] == "new" and len(words) == 3  # without options every answer is asked for
    return asks or any(option in words for option in PERSON)


def check(words: Sequence[str]) -> None:
    """Check a command without running it.

    Raises
    ------
    AssertionError, click.ClickException
        If the program, the option, the target or the file that it names does not exist.
    """
    program, *rest = words
    if program == "dispersal":
        check_dispersal(rest)
    elif program == "make":
        check_make(rest)
    else:
        check_setup(program, rest)


def check_dispersal(words: Sequence[str]) -> None:
    """Let the command itself parse its arguments: what it does not know is a usage error."""
    command: click.Command = main
    context, arguments = click.Context(main), list(words)
    while isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
        name = arguments.pop(0)
        found = command.get_command(context, name)
        assert found is not None, f"no command {name}"
        command, context = found, click.Context(found, parent=context, info_name=name)
    with contextlib.suppress(click.exceptions.Exit):  # --help and --version end the program
        command.make_context(command.name, arguments, parent=context.parent)


def check_make(words: Sequence[str]) -> None:
    """Check that the Makefile has the targets and the variables."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", text, flags=re.MULTILINE))
    variables = set(re.findall(r"^([A-Z]+) \??=", text, flags=re.MULTILINE))
    for word in words:
        name, sign, _ = word.partition("=")
        assert name in (variables if sign else targets), f"the Makefile has no {name}"


def check_setup(program: str, words: Sequence[str]) -> None:
    """Check a step of an installation, or a script of the project."""
    name = program.rpartition("/")[2]
    if program == ".":
        assert [word.rpartition("/")[2] for word in words] == ["activate"]
    elif name in {"python", "python3"}:
        if words[0] == "-m":
            assert words[1] in {"venv", "pip"}, words
        else:
            assert (ROOT / words[0]).is_file(), f"no script {words[0]}"
    elif name == "pip":
        check_pip(words)
    else:
        assert program.startswith((".", "tools/")), f"what is {program}?"
        assert (ROOT / program).is_file(), f"no file {program}"


def check_pip(words: Sequence[str]) -> None:
    """Check that the files and extras exist that are to be installed."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert words[0] == "install"
    for word in words[1:]:
        if word.startswith("."):
            named = re.fullmatch(r"\.(?:\[([a-z,]+)\])?", word)
            assert named, word
            wanted = set((named[1] or "").split(",")) - {""}
            assert wanted <= set(extras["project"]["optional-dependencies"]), word
        elif not word.startswith("-"):
            assert (ROOT / word).is_file(), f"no file {word}"
