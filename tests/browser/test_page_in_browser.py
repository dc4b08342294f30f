"""The page as a whole: it loads, fits every screen, fetches nothing, and harms nobody."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import AXE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Shown, Visit

SECTIONS = [
    "answer", "map", "fates", "countries", "theatres", "record", "told", "ledger", "limits",
    "glossary",
]  # fmt: skip

WIDTHS = (1440, 1024, 390)

#: Elements that stick out of the page, though nothing scrolls sideways round them.
STICKING_OUT = """() => [...document.querySelectorAll('#dispersal *')].filter(element => {
  const box = element.getBoundingClientRect();
  if (!box.width || box.right <= innerWidth + 1 && box.left >= -1) return false;
  for (let at = element.parentElement; at; at = at.parentElement) {
    if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(at).overflowX)) return false;
    if (at instanceof SVGSVGElement) return false;
  }
  return !getComputedStyle(element).clipPath.startsWith('inset');
}).map(element => element.outerHTML.slice(0, 120))"""

#: Pairs of texts of a picture that lie on each other by more than a hair.
OVERLAPPING = """() => [...document.querySelectorAll('svg')].flatMap(svg => {
  const texts = [...svg.querySelectorAll('text')].filter(text =>
    text.textContent.trim() && getComputedStyle(text).visibility !== 'hidden' &&
    getComputedStyle(text).opacity !== '0');
  const boxes = texts.map(text => text.getBoundingClientRect());
  const found = [];
  for (let i = 0; i < boxes.length; i++) for (let j = 0; j < i; j++) {
    const [a, b] = [boxes[i], boxes[j]];
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (across > 2 && down > 3) found.push(`${texts[i].textContent} / ${texts[j].textContent}`);
  }
  return found;
})"""


def test_every_part_is_drawn_in_its_order(shown: Shown, look: Callable[..., Visit]) -> None:
    page = look(shown.file).page
    found = page.eval_on_selector_all("section[id]", "all => all.map(one => one.id)")
    assert found == [f"section-{name}" for name in SECTIONS]
    assert page.title() == "A tiny case, as known on 2017-03-07"
    assert page.locator(".failure").count() == 0
    for name in SECTIONS:
        assert len(page.locator(f"#section-{name}").inner_text()) > 50, name


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_cut_or_sticks_out(shown: Shown, look: Callable[..., Visit], width: int) -> None:
    page = look(shown.file, width).page
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(STICKING_OUT) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_texts_of_pictures_do_not_overlap(
    shown: Shown, look: Callable[..., Visit], width: int
) -> None:
    assert look(shown.file, width).page.evaluate(OVERLAPPING) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_no_serious_violation(
    shown: Shown, visit: Callable[..., Visit], scheme: str, width: int
) -> None:
    if not AXE.is_file():
        reason = "axe-core is not in web/node_modules: run `npm ci` in web/"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    page = visit(shown.file, width, color_scheme=scheme).page
    # As a script of the page it would be against the page's policy; so it is evaluated.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate("axe.run().then(found => found.violations)")
    serious = {
        violation["id"]: [node["html"][:200] for node in violation["nodes"]][:3]
        for violation in found
        if violation["impact"] in ("serious", "critical")
    }
    assert serious == {}


def test_dark_is_dark(shown: Shown, visit: Callable[..., Visit]) -> None:
    brightness = (
        "getComputedStyle(document.body).backgroundColor.match(/\\\\d+/g).slice(0, 3)"
        ".reduce((sum, one) => sum + +one, 0) / 765"
    ).replace("\\\\", "\\")
    light, dark = (
        visit(shown.file, color_scheme=scheme).page.evaluate(brightness)
        for scheme in ("light", "dark")
    )
    assert light > 0.9
    assert dark < 0.25


def test_without_scripts_the_answer_stands(shown: Shown, visit: Callable[..., Visit]) -> None:
    page = visit(shown.file, java_script_enabled=False).page
    text = " ".join(page.locator("body").inner_text().split())
    for sentence in shown.document["answer"]["sentences"]:
        assert sentence in text
