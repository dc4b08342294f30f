"""The site as it is built: without a warning, a broken link, or anything from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from tests.browser.conftest import browser

from .blocks import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

__all__ = ["browser"]

pytestmark = pytest.mark.slow


class Page(HTMLParser):
    """What a page of the site holds.

    Attributes
    ----------
    anchors : set of str
    links : list of str
        Addresses that a reader can follow.
    loaded : list of str
        Addresses that the browser loads by itself.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses and the anchor of an element."""
        found = {name: value for name, value in attrs if value}
        self.anchors |= {found[name] for name in ("id", "name") if name in found}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag == "link" and "stylesheet" in found.get("rel", ""):
            self.loaded.append(found["href"])
        elif "src" in found:
            self.loaded.append(found["src"])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` does."""
    folder = tmp_path_factory.mktemp("built")
    command = [sys.executable, "-m", "sphinx", "-q", "-E", "-n", "-W", "--keep-going"]
    command += ["-b", "html", "-d", str(folder / "doctrees"), str(ROOT / "docs"), "site"]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return folder / "site"


@cache
def page(file: Path) -> Page:
    return Page(file.read_text(encoding="utf-8"))


def pages(site: Path) -> list[Path]:
    return sorted(site.glob("**/*.html"))


def test_every_page_is_built(site: Path) -> None:
    sources = (ROOT / "docs").glob("**/*.md")
    wanted = {path.relative_to(ROOT / "docs").with_suffix(".html") for path in sources}
    assert wanted <= {path.relative_to(site) for path in pages(site)}
    assert (site / "searchindex.js").is_file()


def test_no_link_is_broken(site: Path) -> None:
    broken = []
    for file in pages(site):
        for link in page(file).links + page(file).loaded:
            parts = urlsplit(link)
            if parts.scheme:
                assert parts.scheme in {"https", "http", "data"}, link
                assert parts.scheme == "data" or "." in parts.netloc, link
                continue
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            anchor = unquote(parts.fragment)
            there = target.is_file() and (
                not anchor or target.suffix != ".html" or anchor in page(target).anchors
            )
            if not there and link != "#":
                broken.append(f"{file.relative_to(site)}: {link}")
    assert broken == []


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    loaded = {link for file in pages(site) for link in page(file).loaded}
    assert len(loaded) > 5
    assert [link for link in loaded if urlsplit(link).netloc] == []
    styles = "\n".join(path.read_text(encoding="utf-8") for path in site.glob("**/*.css"))
    assert re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//[^)'\"]*", styles) == []


def test_formulas_are_mathml(site: Path) -> None:
    source = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    text = (site / "model.html").read_text(encoding="utf-8")
    assert text.count('<math display="block">') == source.count("$$") // 2 > 8
    assert "$$" not in text


def test_search_finds_without_a_server_or_a_network(site: Path, browser: Browser) -> None:
    asked: list[str] = []
    view = browser.new_page()
    view.on("request", lambda request: asked.append(request.url))
    view.goto((site / "search.html").as_uri() + "?q=contraction")
    view.get_by_text("Search finished").wait_for(timeout=20_000)
    names = view.locator("#search-results a").all_inner_texts()
    view.close()
    assert any("contraction" in name for name in names)
    assert [address for address in asked if not address.startswith("file:")] == []
