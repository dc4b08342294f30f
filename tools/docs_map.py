r"""The map of the site: the tables of pages in docs/index.md are its tables of contents.

An extension of Sphinx, named in docs/conf.py. Sphinx wants a directive for the order of pages,
which GitHub would show as code; here the links that begin the rows of a table serve both. Pages of
cases (``case-NAME.md``) that no row names yet are put at the end of the section of cases; any other
page that no row names is a warning of Sphinx, which ends the build, and fails a test.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.application import Sphinx

#: Pages that have such tables: that of the whole site, and that of the reference.
MAPS = ("index", "api/index")
#: The section that takes pages of cases that are not named.
CASES = "The built-in cases"

ROW = re.compile(r"^\| *\[([^\]]*)\]\(([^)#:]+)\.md\) *\|", flags=re.MULTILINE)


def sections(text: str) -> dict[str, dict[str, str]]:
    r"""Return the pages that the tables of a page name in their first column, by section.

    Returns
    -------
    dict
        For each heading of the second level that has such a table, the titles by page.

    Examples
    --------
    >>> sections("# Title\n\n## Start\n\n| page | for |\n|---|---|\n| [First](first.md) | all |\n")
    {'Start': {'first': 'First'}}
    """
    parts = re.split(r"^## +(.+)$", text, flags=re.MULTILINE)
    found = {
        heading: {page: title for title, page in ROW.findall(body)}
        for heading, body in zip(parts[1::2], parts[2::2], strict=True)
    }
    return {heading: pages for heading, pages in found.items() if pages}


def with_cases(named: Mapping[str, Mapping[str, str]], folder: Path) -> dict[str, dict[str, str]]:
    """Return the sections, and in that of cases also those pages that none of them names."""
    known = {page for pages in named.values() for page in pages}
    others = sorted({page.stem for page in folder.glob("case-*.md")} - known)
    added = {CASES: dict.fromkeys(others, "")}
    return {heading: {**pages, **added.get(heading, {})} for heading, pages in named.items()}


def toctrees(named: Mapping[str, Mapping[str, str]]) -> str:
    """Return the directives that tell Sphinx the order of the pages and their short titles."""
    blocks = []
    for heading, pages in named.items():
        lines = [f"{title} <{page}>" if title else page for page, title in pages.items()]
        blocks += ["```{toctree}", ":hidden:", f":caption: {heading}", "", *lines, "```", ""]
    return "\n" + "\n".join(blocks)


def add_toctrees(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the tables of contents at the end of a page whose tables say them."""
    if docname in MAPS:
        folder = (Path(app.srcdir) / docname).parent
        source[0] += toctrees(with_cases(sections(source[0]), folder))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension with Sphinx."""
    app.connect("source-read", add_toctrees)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
