"""Answers kept beside a run: drawn where there are any, with the numbers of their records."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

import dispersal
from dispersal.report.document import document
from tests.browser.conftest import AXE, Shown
from tests.browser.test_page_in_browser import OVERLAPPING, SECTIONS, STICKING_OUT
from tests.report.asked import ask

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import Visit

#: Sections by the answers that they need, any of them.
NEEDS = {
    "whatif": {"levers"},
    "experts": {"experts"},
    "moved": {"update", "history", "influence"},
    "drivers": {"sensitivity"},
    "telling": {"information", "indicators"},
}

ALL = [
    "answer", "map", "fates", "countries", "theatres", "whatif", "record", "experts", "moved",
    "told", "drivers", "telling", "ledger", "limits", "glossary",
]  # fmt: skip

#: Figures of the sections, each with its table.
FIGURES = [
    "levers", "lever", "lever-places", "claims", "expert-scores", "pools", "by-expert",
    "judgements", "history", "moved", "influence", "drivers", "tornado", "information",
    "indicators",
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("asked")


@pytest.fixture(scope="module")
def asked(folder: Path) -> Shown:
    """A report with an answer of every kind; its document holds them as they are kept."""
    found = ask(folder)
    file = dispersal.report(
        found.forecast, folder / "report.html", later=found.case, whatif=found.records
    )
    return Shown(found.forecast, found.records, file)


def sections_of(here: Visit) -> list[str]:
    found: list[str] = here.page.eval_on_selector_all(
        "section[id]", "all => all.map(one => one.id.replace('section-', ''))"
    )
    return found


def number(text: str) -> float:
    return float(text) if text else float("nan")


def test_every_answer_has_its_section(asked: Shown, look: Callable[..., Visit]) -> None:
    here = look(asked.file)
    assert sections_of(here) == ALL
    assert here.page.locator(".failure").count() == 0
    links = here.page.locator("nav a").evaluate_all("all => all.map(one => one.hash)")
    assert links == [f"#section-{name}" for name in ALL]
    assert here.page.locator("b, s").count() == 0
    for name in FIGURES:
        assert here.by_testid(f"figure-{name}").count() == 1, name


@pytest.mark.parametrize("kind", ["levers", "experts", "history", "sensitivity", "indicators"])
def test_a_section_needs_its_answer(
    asked: Shown, visit: Callable[..., Visit], tmp_path: Path, kind: str
) -> None:
    file = dispersal.report(
        asked.forecast, tmp_path / "report.html", whatif={kind: asked.document[kind]}
    )
    here = visit(file)
    shown = {name for name, kinds in NEEDS.items() if kind in kinds}
    assert set(sections_of(here)) == {*SECTIONS, *shown}
    assert here.page.locator(".failure").count() == 0


def test_without_answers_there_is_no_such_section(
    asked: Shown, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    file = dispersal.report(asked.forecast, tmp_path / "report.html")
    assert sections_of(visit(file)) == SECTIONS
    assert '"whatif"' not in file.read_text(encoding="utf-8").split("dispersal-world")[0]


@pytest.mark.parametrize("width", [1440, 390])
def test_it_can_be_read_on_every_screen(
    asked: Shown, look: Callable[..., Visit], width: int
) -> None:
    page = look(asked.file, width).page
    for name in FIGURES:
        page.get_by_test_id(f"figure-{name}").scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(STICKING_OUT) == []
    assert page.evaluate(OVERLAPPING) == []
    for word in ("NaN", "undefined", "null", "Infinity", "[object"):
        assert word not in page.locator("#dispersal").inner_text(), word


def test_it_fits_on_paper(asked: Shown, visit: Callable[..., Visit]) -> None:
    page = visit(asked.file, 688).page
    page.emulate_media(media="print")
    for name in FIGURES:
        page.get_by_test_id(f"figure-{name}").scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth") == 688


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(asked: Shown, visit: Callable[..., Visit], scheme: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not in web/node_modules: run `npm ci` in web/")
    here = visit(asked.file, color_scheme=scheme)
    for name in FIGURES:
        button = here.by_testid(f"{name}-table")
        if button.count():
            button.click()
    here.page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = here.page.evaluate("axe.run().then(found => found.violations)")
    bad = [one for one in found if one["impact"] in ("serious", "critical")]
    assert {one["id"]: [node["html"][:200] for node in one["nodes"]][:3] for one in bad} == {}


def test_every_picture_says_what_it_shows(asked: Shown, look: Callable[..., Visit]) -> None:
    page = look(asked.file).page
    for name in NEEDS:
        pictures = page.locator(f"#section-{name} svg[role=img]")
        for text in pictures.evaluate_all("all => all.map(one => one.ariaLabel)"):
            assert len(text) > 20


def test_levers_have_the_numbers_of_the_record(asked: Shown, look: Callable[..., Visit]) -> None:
    record = asked.document["levers"]
    sheet = look(asked.file).sheet("levers")
    assert [row["name"] for row in sheet] == [lever["name"] for lever in record["levers"]]
    for row, lever in zip(sheet, record["levers"], strict=True):
        wanted = {
            cells[1]: dict(zip(record["columns"], cells, strict=True))
            for cells in lever["rows"]
            if cells[0] == "fate" and cells[2] == "foreign"
        }
        for quantity, title in (("returned", "Returnees"), ("killed", "Dead")):
            assert number(row[title]) == pytest.approx(wanted[quantity]["mean"], rel=1e-5)
            for end in ("p10", "p90"):
                shown = number(row[f"{quantity} {end}"])
                assert shown == pytest.approx(wanted[quantity][end], rel=1e-5)


def test_another_lever_can_be_chosen_and_sent(asked: Shown, visit: Callable[..., Visit]) -> None:
    first, second = asked.document["levers"]["levers"]
    here = visit(asked.file)
    assert first["title"] in here.by_testid("figure-lever").inner_text()
    before = [number(row["Difference"]) for row in here.sheet("lever")]
    here.by_testid("lever-choice").select_option(second["name"])
    assert second["title"] in here.page.locator("#lever-title").inner_text()
    assert [-number(row["Difference"]) for row in here.sheet("lever")] == before
    expect(here.page).to_have_url(re.compile("#lever=another$"))
    again = visit(asked.file, fragment="#lever=another")
    assert second["title"] in again.page.locator("#lever-title").inner_text()


def test_an_effect_from_the_prior_is_marked(asked: Shown, visit: Callable[..., Visit]) -> None:
    (first, _) = asked.document["levers"]["levers"]
    here = visit(asked.file)
    words = here.by_testid("lever-words")
    mark = {"prior": "from the prior", "evidence": "from the evidence", "both": "from both"}
    assert words.locator(".mark").inner_text() == mark[first["effect"]]
    assert first["rests_on"] in words.inner_text()
    changes = here.by_testid("lever-changes")
    assert changes.locator("li").first.is_hidden()
    changes.locator("summary").click()
    assert changes.locator("li").all_inner_texts() == first["changes"]


def test_claims_lead_to_their_figures(asked: Shown, look: Callable[..., Visit]) -> None:
    claims = asked.document["experts"]["claims"]
    here = look(asked.file)
    (figure,) = claims[0]["figure_ids"]
    link = here.by_testid("table-claims").locator(f'a[href="#ledger-{figure}"]')
    link.scroll_into_view_if_needed()
    assert link.count() == 1
    sheet = here.sheet("claims")
    assert [row["Verdict"] for row in sheet] == [claim["verdict"] for claim in claims]
    assert [row["Forecast"] for row in sheet] == [str(claims[0]["p50"]).removesuffix(".0"), ""]
    judged = here.sheet("judgements")
    ids = {one["judgement_id"] for one in asked.document["experts"]["judgements"]}
    assert {row["judgement_id"] for row in judged} == ids


def test_the_answer_is_followed_from_run_to_run(asked: Shown, look: Callable[..., Visit]) -> None:
    here = look(asked.file)
    sheet = here.sheet("history")
    assert [row["Run"] for row in sheet] == ["small", "small-update-1"]
    assert [row["Answer"] for row in sheet] == ["120", "160"]
    moved = here.sheet("moved")
    assert [number(row["Moved by"]) for row in moved] == [41.0, 30.0]


def test_rows_that_the_weights_cannot_tell_are_marked(
    asked: Shown, look: Callable[..., Visit]
) -> None:
    record = asked.document["influence"]
    here = look(asked.file)
    sheet = here.sheet("influence")
    assert [row["id"] for row in sheet if row["trusted"] == "no"] == record["doubtful"]
    here.open_table("influence")
    rows = here.rows("influence")
    marked = [row for row in rows if any("too large" in cell for cell in row)]
    assert len(marked) == len(record["doubtful"]) == 1


def test_drivers_have_the_numbers_of_the_record(asked: Shown, look: Callable[..., Visit]) -> None:
    first, second = asked.document["sensitivity"]["outputs"]
    here = look(asked.file)
    for output in (first, second):
        here.by_testid(f"drivers-output-{output['output']}").check(force=True)
        sheet = here.sheet("drivers")
        for key, title in (("total", "Total index"), ("first", "First order")):
            shown = [number(row[title]) for row in sheet]
            assert shown == pytest.approx([row[key] for row in output["inputs"]], rel=1e-5)
        ends = here.sheet("tornado")
        wanted = [row["low"] for row in output["inputs"] if row["low"] is not None]
        assert [number(row["Mean there"]) for row in ends] == pytest.approx(wanted, rel=1e-5)


def test_figures_worth_most_have_the_numbers_of_the_record(
    asked: Shown, look: Callable[..., Visit]
) -> None:
    figures = asked.document["information"]["figures"]
    here = look(asked.file)
    sheet = here.sheet("information")
    assert 0 < len(sheet) <= len(figures)
    for row, figure in zip(sheet, figures, strict=False):
        assert row["Figure"] == f"{figure['name']}, {figure['words']}"
        assert number(row["Interval cut"]) == pytest.approx(figure["width_cut"], rel=1e-5)
        error = number(row["width_cut_error"])
        assert error == pytest.approx(figure["width_cut_error"], rel=1e-5)
    cohorts = asked.document["indicators"]["cohorts"]
    sentences = here.by_testid("indicator-sentences").locator("li").all_inner_texts()
    assert sentences == [cohort["sentence"] for cohort in cohorts]


def test_the_document_holds_what_is_drawn(asked: Shown) -> None:
    made = document(asked.forecast, whatif=asked.document)["whatif"]
    assert set(made) == {kind for kinds in NEEDS.values() for kind in kinds}
