"""Broken, partial and unusual input still gives a page that can be read, on every screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import dispersal
from dispersal.forecast.forecast import Forecast
from tests.browser.test_page_in_browser import OVERLAPPING, SECTIONS, STICKING_OUT
from tests.forecast.synthetic import FILES, make_ensemble, write_tiny

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import Visit

HEADER = FILES["evidence/figures.csv"].splitlines()[0] + "\n"
LONG = "The United and Very Much Indivisible Republic of the Lands beyond the Seven Mountains " * 2
ARABIC = "الجمهورية التونسية"
HEBREW = "תוניסיה (הרפובליקה)"

CASES: dict[str, dict[str, str]] = {
    "no evidence": {"evidence/figures.csv": HEADER},
    "one country": {
        "origins.csv": "\n".join(
            line for line in FILES["origins.csv"].splitlines() if not line.startswith(("F", "B"))
        )
        + "\n",
        "evidence/figures.csv": HEADER
        + "".join(
            f"{line}\n" for line in FILES["evidence/figures.csv"].splitlines() if line[0] == "t"
        ),
    },
    "no theatre": {
        "places.csv": "\n".join(
            line for line in FILES["places.csv"].splitlines() if line[:3] not in ("LBY", "YEM")
        )
        + "\n",
        "hosts.csv": "\n".join(FILES["hosts.csv"].splitlines()[:2]) + "\n",
    },
    "long names": {
        "origins.csv": FILES["origins.csv"].replace("Tunisia", LONG).replace("Belgium", "W" * 60),
        "places.csv": FILES["places.csv"].replace("Syrian desert", LONG),
        "case.yaml": FILES["case.yaml"].replace("A tiny case", LONG * 2),
    },
    "right to left": {
        "origins.csv": FILES["origins.csv"].replace("Tunisia", ARABIC).replace("France", HEBREW),
        "places.csv": FILES["places.csv"].replace("Libya", ARABIC),
        "case.yaml": FILES["case.yaml"].replace("Where do the members go?", f"{ARABIC}؟"),
        "evidence/sources.csv": FILES["evidence/sources.csv"].replace("A report", ARABIC),
    },
    "markup": {
        "origins.csv": FILES["origins.csv"].replace("Tunisia", "<img src=x onerror=alert(1)>"),
        "case.yaml": FILES["case.yaml"].replace("A tiny case", '"</script><b>A & B</b>"'),
        "evidence/sources.csv": FILES["evidence/sources.csv"].replace("A report", "<s>x</s> & y"),
    },
}


def write_report(folder: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]) -> Path:
    for name, text in files.items():
        monkeypatch.setitem(FILES, name, text)
    ensemble = make_ensemble(dispersal.load_case(write_tiny(folder)), draws=30, seed=23)
    return dispersal.report(Forecast.of(ensemble), folder / "report.html")


def require_readable(file: Path, visit: Callable[..., Visit], width: int) -> None:
    page = visit(file, width).page
    assert page.locator(".failure").count() == 0
    found = page.eval_on_selector_all("section[id]", "all => all.map(one => one.id)")
    assert found == [f"section-{name}" for name in SECTIONS]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(STICKING_OUT) == []
    assert page.evaluate(OVERLAPPING) == []
    for word in ("NaN", "undefined", "null", "Infinity", "[object"):
        assert word not in page.locator("#dispersal").inner_text(), word


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("name", CASES)
def test_unusual_input_gives_a_readable_page(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    visit: Callable[..., Visit],
    name: str,
    width: int,
) -> None:
    file = write_report(tmp_path, monkeypatch, CASES[name])
    require_readable(file, visit, width)


@pytest.mark.parametrize("width", [1440, 390])
def test_nobody_anywhere_gives_a_readable_page(
    tmp_path: Path, visit: Callable[..., Visit], width: int
) -> None:
    ensemble = make_ensemble(dispersal.load_case(write_tiny(tmp_path)), draws=10)
    for counts in (ensemble.fates, ensemble.places, ensemble.arrivals, ensemble.strata_places):
        assert counts is not None
        counts[:] = 0
    file = dispersal.report(Forecast.of(ensemble), tmp_path / "report.html")
    require_readable(file, visit, width)


def test_markup_stays_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, visit: Callable[..., Visit]
) -> None:
    page = visit(write_report(tmp_path, monkeypatch, CASES["markup"])).page
    assert page.locator("img, s").count() == 0
    assert "<img src=x onerror=alert(1)>" in page.locator("#section-countries").inner_text()
    assert page.locator("h1").inner_text() == "</script><b>A & B</b>"


def test_right_to_left_names_have_their_own_direction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, visit: Callable[..., Visit]
) -> None:
    page = visit(write_report(tmp_path, monkeypatch, CASES["right to left"])).page
    question = page.locator(".question")
    assert ARABIC in question.inner_text()
    heading = page.get_by_test_id("table-ledger").locator("th[scope=row]", has_text=ARABIC).first
    heading.scroll_into_view_if_needed()
    assert heading.evaluate("one => getComputedStyle(one).direction") == "rtl"
