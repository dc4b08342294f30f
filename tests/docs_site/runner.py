"""Runs the blocks of a page in their order."""

from __future__ import annotations

import doctest
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml
from click.testing import CliRunner

from dispersal.case.bare import read_figures
from dispersal.cli import main

from .commands import check, lines_that_run, waits_for_a_person

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .blocks import Block


#: Options that spare ``make test`` what other lines show.
SMALL: Final = {"forecast": ["--no-report"]}


def run_page(blocks: Iterable[Block], folder: Path, done: set[str], *, everything: bool) -> None:
    """Run Python in one namespace and commands in one folder, as a reader would.

    Parameters
    ----------
    blocks : iterable of Block
    folder : Path
        The working directory.
    done : set of str
        Commands that ran already, on whichever page: they are not run twice.
    everything : bool
        Whether commands run that are else only checked.
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks:
        if block.kind == "python":
            run_python(block, namespace)
        elif block.kind == "data":
            read_data(block, folder)
        for words in block.commands() if block.kind in {"commands", "shown"} else ():
            told = " ".join(words)
            ours = block.kind == "commands" and words[0] == "dispersal"
            wanted = told in lines_that_run() or (everything and not waits_for_a_person(words))
            if ours and wanted and told not in done:
                done.add(told)
                small = [] if everything else SMALL.get(words[1], [])
                run_command(block, [*words[1:], *small])
            else:
                check(words)


def run_python(block: Block, namespace: dict[str, Any]) -> None:
    """Run a block of Python; of a session at the prompt the output is compared.

    A block whose first line is the name of a file, as a comment, is that file.
    """
    named = re.match(r"# (\w+\.py)\n", block.text)
    if named:
        Path(named[1]).write_text(block.text, encoding="utf-8")
        return
    if ">>>" in block.text:
        parsed = doctest.DocTestParser().get_doctest(
            block.text, namespace, block.place, block.page, block.line
        )
        told = io.StringIO()
        doctest.DocTestRunner().run(parsed, out=told.write, clear_globs=False)
        assert not told.getvalue(), told.getvalue()
        namespace |= parsed.globs
        return
    lines = "\n" * (block.line - 1) + block.text  # so that errors tell the line of the page
    exec(compile(lines, block.page, "exec"), namespace)


def run_command(block: Block, arguments: list[str]) -> None:
    """Run a command of ``dispersal`` as the terminal would."""
    result = CliRunner().invoke(main, arguments, env={"COLUMNS": "100"})
    failed = result.exception is not None and not isinstance(result.exception, SystemExit)
    if failed:
        raise AssertionError(
            f"{block.place}: dispersal {' '.join(arguments)}"
        ) from result.exception
    assert result.exit_code == 0, f"{block.place}: {arguments}\n{result.output}"


def read_data(block: Block, folder: Path) -> None:
    """Read a block of data; new rows of figures are the ``rows.csv`` of their page."""
    if block.language == "yaml":
        assert yaml.safe_load(block.text), block.place
    elif block.language == "json":
        assert json.loads(block.text), block.place
    else:
        file = folder / "rows.csv"
        file.write_text(block.text, encoding="utf-8")
        assert len(read_figures(file).figures), block.place
