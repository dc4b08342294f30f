"""A report of an invented forecast in Debian's Chromium, with everything outside it refused."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from playwright.sync_api import sync_playwright

import dispersal
from dispersal.forecast.forecast import Forecast
from dispersal.report.document import document
from tests.forecast.synthetic import make_ensemble, write_tiny

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import (
        Browser,
        BrowserContext,
        ConsoleMessage,
        Locator,
        Page,
        Request,
        Route,
    )

ROOT = Path(__file__).parents[2]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"

#: What a forecast knows of two of its parameters.
CONTRACTION = pd.DataFrame(
    {
        "unit": ["per month", "1"],
        "prior_mean": [0.03, 0.0],
        "prior_sd": [0.02, 1.0],
        "prior_p10": [0.01, -1.3],
        "prior_p50": [0.02, 0.0],
        "prior_p90": [0.06, 1.3],
        "mean": [0.02, 0.1],
        "sd": [0.01, 0.9],
        "p10": [0.015, -1.0],
        "p50": [0.02, 0.1],
        "p90": [0.03, 1.2],
        "contraction": [0.75, 0.1],
    },
    index=["killed_hazard", "home_governance"],
)


def chromium_program() -> str | None:
    """Return the path of the browser that `make test` found or installed."""
    command = ["sh", str(ROOT / "tools" / "get_chromium.sh"), "--find"]
    found = subprocess.run(command, capture_output=True, text=True)
    return found.stdout.strip() or None


@pytest.fixture(scope="package")  # one that is left open goes on working while others are tested
def browser() -> Iterator[Browser]:
    """One browser for all tests of this folder in a process."""
    program = chromium_program()
    if program is None:
        reason = "no Chromium on this machine: sh tools/get_chromium.sh installs Debian's"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    # Its sandbox does not work for root, nor in most containers; the page is our own.
    options = ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=options)
        yield started
        started.close()


@dataclass(frozen=True)
class Shown:
    """A forecast, its document and the file that shows it."""

    forecast: Forecast
    document: dict[str, Any]
    file: Path


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The report of a small case with later evidence and told parameters."""
    folder = tmp_path_factory.mktemp("report")
    case_folder = write_tiny(folder)
    # Of the random ensembles one in which people come home.
    ensemble = make_ensemble(dispersal.load_case(case_folder), seed=23)
    forecast = Forecast.of(ensemble, contraction=CONTRACTION)
    file = dispersal.report(forecast, folder / "report.html", later=case_folder)
    held = json.loads(json.dumps(document(forecast, later=case_folder)))
    return Shown(forecast, held, file)


@dataclass
class Visit:
    """A page that is looked at, and what it did that it should not."""

    context: BrowserContext
    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def by_testid(self, name: str) -> Locator:
        """Return the element that the front end marks for tests."""
        return self.page.get_by_test_id(name)

    def download(self, name: str) -> Path:
        """Press a button that saves something, and return the file."""
        with self.page.expect_download() as saved:
            self.by_testid(name).click()
        return Path(saved.value.path())

    def sheet(self, name: str) -> list[dict[str, str]]:
        """Return the table that a figure saves, by the names of its columns."""
        with self.download(f"{name}-csv").open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))

    def change_address(self, fragment: str) -> None:
        """Put another fragment into the address; what it asks for is drawn on return."""
        self.page.evaluate(
            """fragment => new Promise(drawn => {
              addEventListener('hashchange', () => requestAnimationFrame(drawn), { once: true });
              location.hash = fragment;
            })""",
            fragment,
        )

    def open_table(self, name: str) -> None:
        """Show the table of a figure, where it is not shown yet."""
        button = self.by_testid(f"{name}-table")
        if button.get_attribute("aria-expanded") == "false":
            button.click()

    def require_quiet(self) -> None:
        """Nothing was wrong on the page, and nothing was asked of others."""
        assert self.errors == []
        assert self.requests == []

    def rows(self, name: str) -> list[list[str]]:
        """Return the cells of a table as they are shown."""
        table = self.by_testid(f"table-{name}")
        table.scroll_into_view_if_needed()
        table.locator("tbody tr").first.wait_for()
        return [
            [" ".join(cell.split()) for cell in row.locator("th, td").all_inner_texts()]
            for row in table.locator("tbody tr").all()
        ]


def open_page(
    browser: Browser, file: Path, width: int = 1440, fragment: str = "", **options: Any
) -> Visit:
    """Open a file on a page of its own that notes what goes wrong and asks nothing of others."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, accept_downloads=True, **options
    )
    here = Visit(context, context.new_page())

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            here.errors.append(message.text)

    def refuse(route: Route, request: Request) -> None:
        if request.url.split(":")[0] in ("file", "data", "blob"):
            route.continue_()
        else:
            here.requests.append(request.url)
            route.abort()

    here.page.on("console", note)
    here.page.on("pageerror", lambda error: here.errors.append(str(error)))
    context.route("**/*", refuse)
    here.page.goto(f"{file.as_uri()}{fragment}")
    if options.get("java_script_enabled", True):
        here.page.wait_for_selector("#dispersal[data-ready]", state="attached")
    return here


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Open a file; afterwards, nothing may have been wrong or have left the page."""
    opened: list[Visit] = []

    def open_file(file: Path, *arguments: Any, **options: Any) -> Visit:
        opened.append(open_page(browser, file, *arguments, **options))
        return opened[-1]

    yield open_file
    for here in opened:
        here.context.close()
        here.require_quiet()


@pytest.fixture(scope="module")
def kept_open(browser: Browser) -> Iterator[dict[tuple[Path, int], Visit]]:
    """Pages that the tests of a module share, by file and width."""
    pages: dict[tuple[Path, int], Visit] = {}
    yield pages
    for here in pages.values():
        here.context.close()


@pytest.fixture
def look(
    browser: Browser, kept_open: dict[tuple[Path, int], Visit]
) -> Iterator[Callable[..., Visit]]:
    """Show a file to a test that only reads it: opening a page takes two seconds of a core."""

    def show(file: Path, width: int = 1440) -> Visit:
        if (file, width) not in kept_open:
            kept_open[file, width] = open_page(browser, file, width)
        return kept_open[file, width]

    yield show
    for here in kept_open.values():
        here.require_quiet()
