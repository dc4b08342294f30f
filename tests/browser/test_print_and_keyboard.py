"""On paper, and without a mouse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Shown, Visit

#: Points of A4, and pixels between its margins.
A4 = (595, 842)
PAPER = 688


def test_print_gives_pages_of_a4_with_every_part(shown: Shown, visit: Callable[..., Visit]) -> None:
    page = visit(shown.file).page
    content = page.pdf(format="A4", print_background=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", content)
    assert 4 <= len(boxes) <= 60
    for width, height in boxes:
        assert (float(width), float(height)) == pytest.approx(A4, abs=1.5)
    page.emulate_media(media="print")
    for name in ("answer", "map", "fates", "countries", "theatres", "record", "told", "ledger",
                 "limits", "glossary"):  # fmt: skip
        assert page.locator(f"#section-{name}").is_visible(), name
    assert page.locator("nav").is_hidden()
    for control in ("map-play", "map-svg", "search-ledger"):
        assert page.get_by_test_id(control).is_hidden(), control
    page.set_viewport_size({"width": PAPER, "height": 1_000})
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.documentElement.scrollWidth") == PAPER
    drawn = page.locator("figure svg").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().width)"
    )
    assert len(drawn) > 10
    assert all(20 < width <= PAPER for width in drawn)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


def test_the_first_key_skips_to_the_answer(shown: Shown, visit: Callable[..., Visit]) -> None:
    page = visit(shown.file).page
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_text(re.compile("Skip"))
    expect(focused).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#section-answer")).to_be_in_viewport()


def test_every_control_is_reached_and_its_focus_is_seen(
    shown: Shown, visit: Callable[..., Visit]
) -> None:
    page = visit(shown.file).page
    seen: list[str] = []
    for _ in range(600):
        page.keyboard.press("Tab")
        about = page.evaluate(
            """() => {
              const at = document.activeElement;
              if (!at || at === document.body) return null;
              const style = getComputedStyle(at);
              const label = at.closest('label') ?? at.nextElementSibling;
              const marked = [at, label].some(one => one &&
                (getComputedStyle(one).outlineStyle !== 'none' ||
                 getComputedStyle(one).boxShadow !== 'none'));
              const inside = [...at.querySelectorAll('*')].some(one =>
                getComputedStyle(one).outlineStyle !== 'none' ||
                +getComputedStyle(one).strokeWidth.replace('px', '') > 1.5);
              return [at.dataset.testid ?? at.id ?? at.tagName, marked || inside, style.opacity];
            }"""
        )
        if about is None:
            break
        name, marked, _ = about
        assert marked, f"the focus on {name} is not seen"
        seen.append(name)
    for control in ("theme-auto", "map-cohort-all", "map-from", "map-play", "map-month", "map-svg",
                    "fates-month", "fan-order", "country-FRA", "dot-f3", "search-ledger",
                    "ledger-quantity", "sort-ledger-as_of", "ledger-csv"):  # fmt: skip
        assert control in seen, control


def test_what_hover_shows_focus_shows(shown: Shown, visit: Callable[..., Visit]) -> None:
    here = visit(shown.file)
    note, flow = here.by_testid("map-note"), here.by_testid("flow-elsewhere-LBY").first
    before = note.inner_text()
    flow.hover()
    expect(note).not_to_have_text(before)
    hovered = note.inner_text()
    here.page.mouse.move(0, 0)
    flow.focus()
    assert note.inner_text() == hovered
    assert "Libya" in hovered


def test_keys_alone_sort_search_and_open(shown: Shown, visit: Callable[..., Visit]) -> None:
    here = visit(shown.file)
    here.by_testid("country-FRA").focus()
    here.page.keyboard.press("Enter")
    expect(here.by_testid("country-view")).to_contain_text("France")
    here.by_testid("search-ledger").focus()
    here.page.keyboard.type("belgium")
    expect(here.by_testid("count-ledger")).to_have_text(re.compile("^1 of 8"))
    here.by_testid("sort-ledger-as_of").focus()
    here.page.keyboard.press("Enter")
    header = here.by_testid("sort-ledger-as_of").locator("xpath=ancestor::th")
    assert header.get_attribute("aria-sort") in ("ascending", "descending")
    here.by_testid("map-cohort-all").focus()
    here.page.keyboard.press("ArrowRight")
    assert here.by_testid("map-cohort-holdouts").is_checked()
