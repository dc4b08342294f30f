"""The site: every page is on its map, formulas are read, and it is built without a warning."""

from __future__ import annotations

import importlib.util
import re
import runpy
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dispersal

from .blocks import ROOT

if TYPE_CHECKING:
    import pytest

DOCS = ROOT / "docs"
PAGES = {page.relative_to(DOCS).with_suffix("").as_posix() for page in DOCS.glob("**/*.md")}


def tool(name: str) -> dict[str, Any]:
    """Return the names of an extension of the site."""
    return runpy.run_path(str(ROOT / "tools" / f"{name}.py"))


def mapped(folder: str) -> list[str]:
    """Return the pages that a map names, from the folder of pages."""
    script = tool("docs_map")
    text = (DOCS / folder / "index.md").read_text(encoding="utf-8")
    sections = script["with_cases"](script["sections"](text), DOCS / folder)
    return [(Path(folder) / page).as_posix() for pages in sections.values() for page in pages]


def test_every_page_is_on_the_map_once() -> None:
    named = [*mapped("."), *mapped("api")]
    assert sorted(named) == sorted(set(named)), "a page is on the map twice"
    missing = PAGES - set(named) - {"index"}
    assert missing == set(), "add a row to a table of docs/index.md"
    assert set(named) <= PAGES


def test_a_page_of_a_case_finds_its_section(tmp_path: Path) -> None:
    script = tool("docs_map")
    for name in ("case-one", "case-two", "other"):
        (tmp_path / f"{name}.md").touch()
    named = {"Start": {"first": "First"}, script["CASES"]: {"case-two": "Two"}}
    found = script["with_cases"](named, tmp_path)
    assert found == {
        "Start": {"first": "First"},
        script["CASES"]: {"case-two": "Two", "case-one": ""},
    }
    text = script["toctrees"](found)
    assert "First <first>\n" in text
    assert "Two <case-two>\ncase-one\n" in text


def test_the_configuration_names_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    found = runpy.run_path(str(DOCS / "conf.py"))
    assert found["release"] == dispersal.__version__
    assert found["nitpicky"] is True
    for extension in (*found["extensions"], found["html_theme"]):
        assert importlib.util.find_spec(extension), extension
    for folder in found["html_static_path"]:
        assert all((DOCS / folder / name).is_file() for name in found["html_css_files"])


def test_every_formula_can_be_read() -> None:
    mathml = tool("docs_math")["mathml"]
    formulas = [
        formula
        for page in sorted(PAGES)
        for formula in re.findall(
            r"\$\$(.+?)\$\$", (DOCS / f"{page}.md").read_text(encoding="utf-8"), flags=re.DOTALL
        )
    ]
    assert len(formulas) >= 10
    for formula in formulas:
        assert mathml(formula, block=True).startswith('<math display="block">')


def test_the_reference_has_every_public_name() -> None:
    pages = {page: (DOCS / f"{page}.md").read_text(encoding="utf-8") for page in PAGES}
    face = pages["api/dispersal"]
    for name in dispersal.__all__:
        assert name == "__version__" or re.search(rf":: dispersal\.{name}\b", face), name
    reference = "\n".join(text for page, text in pages.items() if page.startswith("api/"))
    rooms = {path.parent.name for path in (ROOT / "src" / "dispersal").glob("*/__init__.py")}
    without = {"cases", "cli"}  # data; commands; what commands do
    missing = [room for room in rooms - without if f":: dispersal.{room}" not in reference]
    assert missing == [], "add a page to docs/api, and to its index"
