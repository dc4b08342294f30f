"""What a reader chooses: months, cohorts, origins, strata, order, searches; kept in the address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from dispersal.forecast.wording import cell

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Shown, Visit


def first_month(shown: Shown) -> str:
    found: str = shown.document["instants"][shown.document["ahead"]]
    return found[:7]


def test_the_slider_moves_the_map_and_the_fates(shown: Shown, visit: Callable[..., Visit]) -> None:
    here = visit(shown.file)
    here.by_testid("map-table").click()
    slider, now = here.by_testid("map-month"), here.by_testid("map-month-now")
    last = now.inner_text()
    before = here.rows("map")
    slider.focus()
    for _ in range(6):
        here.page.keyboard.press("ArrowLeft")
    expect(now).to_have_text(re.compile(r"(June|July)\s2018"))
    assert here.by_testid("fates-month-now").inner_text() == now.inner_text()
    assert str(slider.get_attribute("aria-valuetext")).split() == now.inner_text().split()
    assert here.rows("map") != before
    here.page.keyboard.press("End")
    expect(now).to_have_text(last)
    assert here.rows("map") == before
    here.page.keyboard.press("Home")
    expect(here.page).to_have_url(re.compile(f"month={first_month(shown)}"))


def test_the_months_play_and_stop(shown: Shown, visit: Callable[..., Visit]) -> None:
    here = visit(shown.file, fragment=f"#month={first_month(shown)}")
    now, play = here.by_testid("map-month-now"), here.by_testid("map-play")
    first = now.inner_text()
    play.click()
    expect(now).not_to_have_text(first)
    play.click()
    stopped = now.inner_text()
    here.page.wait_for_timeout(1_500)
    assert now.inner_text() == stopped
    here.by_testid("map-on").click()
    expect(now).not_to_have_text(stopped)
    here.by_testid("map-back").click()
    expect(now).to_have_text(stopped)


def test_cohorts_filter_the_flows(shown: Shown, visit: Callable[..., Visit]) -> None:
    here = visit(shown.file)
    here.by_testid("map-table").click()
    cohorts = {row[1] for row in here.rows("map")}
    assert cohorts == {"holdouts", "free agents", "returnees"}
    for cohort in ("holdouts", "free_agents", "returnees"):
        here.by_testid(f"map-cohort-{cohort}").check(force=True)
        assert {row[1] for row in here.rows("map")} == {cohort.replace("_", " ")}
        expect(here.page).to_have_url(re.compile(f"cohort={cohort}"))


def test_one_origin_and_one_stratum_have_their_own_numbers(
    shown: Shown, visit: Callable[..., Visit]
) -> None:
    here = visit(shown.file)
    here.by_testid("map-table").click()
    everyone = here.rows("map")
    here.by_testid("map-from").select_option("TUN")
    tunisia = here.rows("map")
    assert tunisia != everyone
    assert {row[0] for row in tunisia if row[1] == "returnees"} <= {"Tunisia"}
    here.by_testid("map-from").select_option("all")
    here.by_testid("map-stratum").select_option("women")
    women = {row[0]: row for row in here.rows("map") if row[1] == "free agents"}
    draws = shown.forecast.draws("elsewhere", "all", None, "women", place="LBY")
    assert women["Libya"][3] == cell(*spread(draws)).split(" (")[0]


def spread(draws: object) -> tuple[float, float, float]:
    import numpy as np

    low, middle, high = np.quantile(np.asarray(draws, float), [0.1, 0.5, 0.9])
    return float(low), float(middle), float(high)


def test_a_view_can_be_sent(shown: Shown, visit: Callable[..., Visit]) -> None:
    here = visit(shown.file)
    here.by_testid("map-cohort-returnees").check(force=True)
    here.by_testid("map-month").focus()
    here.page.keyboard.press("ArrowLeft")
    # By key: on the way back to the top the page still grows, and a click may miss.
    here.by_testid("theme-dark").focus()
    here.page.keyboard.press("Space")
    now = here.by_testid("map-month-now").inner_text()
    expect(here.page).to_have_url(re.compile("theme=dark"))
    there = visit(shown.file, fragment="#" + here.page.url.partition("#")[2])
    assert there.by_testid("map-month-now").inner_text() == now
    assert there.by_testid("map-cohort-returnees").is_checked()
    assert there.page.locator("html").get_attribute("data-theme") == "dark"


def test_an_address_that_means_nothing_is_harmless(
    shown: Shown, visit: Callable[..., Visit]
) -> None:
    fragment = "#month=1999-01&from=%3Cscript%3E&cohort=toString&stratum=__proto__&theme=x"
    here, usual = visit(shown.file, fragment=fragment), visit(shown.file)
    for name in ("map-month-now", "map-list", "answer-sentences"):
        assert here.by_testid(name).inner_text() == usual.by_testid(name).inner_text()


def test_tables_are_sorted_by_any_column(shown: Shown, visit: Callable[..., Visit]) -> None:
    here = visit(shown.file)
    for figure, key, column in (("countries", "p50", 4), ("countries", "name", 0)):
        if not here.by_testid(f"table-{figure}").is_visible():
            here.by_testid(f"{figure}-table").click()
        header = here.by_testid(f"sort-{figure}-{key}")
        seen = {}
        for _ in range(2):
            header.click()
            order = header.locator("xpath=ancestor::th").get_attribute("aria-sort")
            seen[order] = [row[column] for row in here.rows(figure)]
        assert set(seen) == {"ascending", "descending"}
        numbers = key == "p50"
        key_of = (lambda text: float(text.replace(",", ""))) if numbers else str
        assert seen["ascending"] == sorted(seen["ascending"], key=key_of)
        assert seen["descending"] == sorted(seen["descending"], key=key_of, reverse=True)


def test_home_countries_are_ordered_and_looked_at(
    shown: Shown, visit: Callable[..., Visit]
) -> None:
    here = visit(shown.file)

    def shown_now() -> list[str]:
        buttons = here.by_testid("fans").locator("button[data-testid^=country-]")
        return [str(one.get_attribute("data-testid"))[8:] for one in buttons.all()]

    orders = here.by_testid("fan-order").locator("option").all()
    seen = {}
    for option in orders:
        name = str(option.get_attribute("value"))
        here.by_testid("fan-order").select_option(name)
        seen[name] = shown_now()
    assert len({tuple(order) for order in seen.values()}) > 1
    assert all(set(order) == {"TUN", "FRA", "BEL", "SYR"} for order in seen.values())
    here.by_testid("fan-search").fill("bel")
    assert shown_now() == ["BEL"]
    here.by_testid("fan-search").fill("nowhere")
    assert shown_now() == []
    here.by_testid("fan-search").fill("")
    here.by_testid("country-FRA").click()
    expect(here.by_testid("country-view")).to_contain_text("France")
    expect(here.page).to_have_url(re.compile("country=FRA"))


def test_a_dot_leads_to_its_figure_and_source(shown: Shown, visit: Callable[..., Visit]) -> None:
    here = visit(shown.file)
    here.by_testid("dot-f3").first.focus()
    here.page.keyboard.press("Enter")
    row = here.page.locator("#ledger-f3")
    expect(row).to_be_in_viewport()
    source = row.get_by_role("link", name="Institute")
    assert source.get_attribute("href") == "https://example.org/report"
    assert "noreferrer" in str(source.get_attribute("rel"))


def test_known_dots_are_filled_and_later_ones_hollow(
    shown: Shown, visit: Callable[..., Visit]
) -> None:
    here = visit(shown.file)
    paper = here.page.evaluate("getComputedStyle(document.body).backgroundColor")

    def fill(name: str) -> str:
        found: str = here.by_testid(f"dot-{name}").first.evaluate(
            """link => {
              const marks = [...link.querySelectorAll('circle, path')].map(mark =>
                getComputedStyle(mark).fill).filter(fill => fill !== 'rgba(0, 0, 0, 0)');
              return marks.at(-1) ?? 'none';
            }"""
        )
        return found

    assert fill("f3") not in (paper, "none")
    assert fill("later") in (paper, "none", "rgb(255, 255, 255)")


def test_the_ledger_is_searched_and_filtered(shown: Shown, visit: Callable[..., Visit]) -> None:
    here = visit(shown.file)
    count = here.by_testid("count-ledger")
    assert len(here.rows("ledger")) == 8
    here.by_testid("search-ledger").fill("tunisia")
    expect(count).to_have_text(re.compile("^3 of 8"))
    assert {row[0] for row in here.rows("ledger")} == {"Tunisia"}
    here.by_testid("search-ledger").fill("A later report")
    expect(count).to_have_text(re.compile("^1 of 8"))
    here.by_testid("search-ledger").fill("no such thing")
    expect(count).to_have_text(re.compile("^(0|no|none)", re.IGNORECASE))
    here.by_testid("search-ledger").fill("")
    here.by_testid("ledger-quantity").select_option("departed")
    assert {row[1] for row in here.rows("ledger")} == {"departed"}
