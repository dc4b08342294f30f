"""Every number on the page is the number of the Python functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.forecast.answer import answer
from dispersal.forecast.tables import shares_of
from dispersal.forecast.wording import cell, number, share_cell
from dispersal.record.scores import score
from tests.browser.conftest import CONTRACTION

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tests.browser.conftest import Shown, Visit


#: A month of the period, and its day.
MONTH, DAY = "#month=2018-09", "2018-09-01"

#: That month, and the last day, which a report shows first.
DAYS = [(MONTH, DAY), ("#", None)]


def quantiles(draws: NDArray[np.float64]) -> list[float]:
    return [float(value) for value in np.quantile(draws, [0.1, 0.5, 0.9])]


def same(text: str, value: float) -> bool:
    """Whether a saved number is a count as the document rounds it."""
    least = 1.0 if abs(value) >= 10 else 0.1
    return abs(float(text) - value) <= least + 1e-9


def test_the_answer_is_the_answer(shown: Shown, look: Callable[..., Visit]) -> None:
    here = look(shown.file)
    said = answer(shown.forecast)
    text = " ".join(here.by_testid("answer-sentences").inner_text().split())
    for sentence in said.sentences:
        assert " ".join(sentence.split()) in text
    for at, table in enumerate(said.tables, start=1):
        rows = here.by_testid(f"answer-{at}-rows").locator("tr")
        shown_rows = [
            [" ".join(one.split()) for one in row.locator("th, td").all_inner_texts()]
            for row in rows.all()
        ]
        wanted = [[" ".join(one.split()) for one in row] for row in table.rows]
        assert [row for row in shown_rows if row in wanted] == wanted, table.title


@pytest.mark.parametrize(("month", "day"), DAYS)
def test_the_map_has_the_people_at_places_and_home(
    shown: Shown, visit: Callable[..., Visit], month: str, day: str | None
) -> None:
    forecast = shown.forecast
    here = visit(shown.file, fragment=f"{month}&from=all")
    here.open_table("map")
    names = {name: code for code, name in forecast.names.items()}
    fates = {"underground": "underground", "active again": "resurgent",
             "in another theatre": "elsewhere", "in a third country": "third_country"}  # fmt: skip
    sheet = here.sheet("map")
    assert len(sheet) > 5
    printed = {(row[0], row[2]): row for row in here.rows("map")}
    for row in sheet:
        code = names[row["place"]]
        if row["cohort"] == "returnees":
            draws = forecast.draws("returned", code, day, stratum="all")
            first = forecast.ensemble.months.instant(forecast.ensemble.now)
            draws = draws - forecast.draws("returned", code, first, stratum="all")
        else:
            (fate,) = (fate for words, fate in fates.items() if words in row["counted"])
            draws = forecast.draws(fate, "all", day, place=code)
        low, middle, high = quantiles(draws)
        values = {"10th percentile": low, "median": middle, "90th percentile": high}
        for column, value in (values | {"mean": float(draws.mean())}).items():
            assert same(row[column], value), row
        on_page = printed[row["place"], row["counted"]]
        assert on_page[3:6] == [number(middle), number(low), number(high)]


def test_the_curves_carry_the_counts_of_the_list(shown: Shown, visit: Callable[..., Visit]) -> None:
    here = visit(shown.file, fragment=f"{MONTH}&from=all&cohort=free_agents")
    for place in ("LBY", "YEM"):
        draws = shown.forecast.draws("elsewhere", "all", DAY, place=place)
        text = here.by_testid(f"flow-elsewhere-{place}").first.inner_text()
        assert cell(*quantiles(draws)) in " ".join(text.split())


def test_shares_are_those_of_the_draws(shown: Shown, look: Callable[..., Visit]) -> None:
    forecast = shown.forecast
    here = look(shown.file)
    names = {fate["name"]: fate["id"] for fate in shown.document["fates"]}
    rows = here.sheet("shares")
    assert len(rows) > 100
    for row in rows[:: len(rows) // 60]:
        when = min(row["on"], forecast.last_day.isoformat())
        part = forecast.draws(names[row["fate"]], None, when, stratum="all")
        shares = shares_of(part, forecast.draws("departed", None, when, stratum="all"))
        low, middle, high = quantiles(shares)
        values = [float(row[name]) for name in ("10th percentile", "90th percentile")]
        assert values == pytest.approx([low, high], abs=0.006)
        assert float(row["share (80 % interval)"]) == pytest.approx(middle, abs=0.006)
    here.open_table("shares")
    first = here.rows("shares")[0]
    assert first[0] in names
    assert any("%" in text for text in first)


@pytest.mark.parametrize(("month", "day"), DAYS)
def test_streams_are_means_of_the_draws(
    shown: Shown, visit: Callable[..., Visit], month: str, day: str | None
) -> None:
    forecast = shown.forecast
    here = visit(shown.file, fragment=month)
    sheet = here.sheet("fates")
    dead = [row for row in sheet if row["to"] == "dead" and row["step"] == "home region to fate"]
    whole = sum(float(row["mean"]) for row in dead)
    assert whole == pytest.approx(forecast.draws("killed", None, day, stratum="all").mean(), abs=2)
    libya = [row for row in sheet if row["to"] == "Libya" and row["from"] == "in another theatre"]
    draws = forecast.draws("elsewhere", "foreign", day, place="LBY")
    assert same(libya[0]["mean"], float(draws.mean()))
    assert same(libya[0]["90th percentile"], float(np.quantile(draws, 0.9)))


@pytest.mark.parametrize("quantity", ["killed", "remaining", "departed", "detained", "returned"])
def test_home_countries_have_their_quantiles(
    shown: Shown, look: Callable[..., Visit], quantity: str
) -> None:
    forecast = shown.forecast
    here = look(shown.file)
    here.change_address(f"#quantity={quantity}")
    names = {name: code for code, name in forecast.names.items()}
    sheet = here.sheet("countries")
    assert len(sheet) == 4
    for row in sheet:
        draws = forecast.draws(quantity, names[row["Country"]])
        for column, value in zip(("10 %", "median", "90 %"), quantiles(draws), strict=True):
            assert same(row[column], value), row
        assert same(row["mean"], float(draws.mean()))
        low, _, high = quantiles(draws)
        width = np.log1p(high) - np.log1p(low)
        # It is made of the rounded ends, which matters where they are small.
        assert float(row["log width"]) == pytest.approx(width, abs=0.006 + 0.6 / (1 + low))


def test_theatres_remnant_hosts_and_end_are_those_of_the_tables(
    shown: Shown, look: Callable[..., Visit]
) -> None:
    forecast = shown.forecast
    here = look(shown.file)
    lines = {line["name"]: line for line in forecast.theatres_table().to_dict("records")}
    for row in here.sheet("theatres"):
        line = lines[row["Theatre"]]
        assert same(row["arrived p90"], line["arrived_p90"])
        assert same(row["There at the end"], line["present_p50"])
        chance = float(row["Chance of most arrivals"])
        assert chance == pytest.approx(line["probability_first"], abs=0.006)
    months = {f"{line['date']:%Y-%m-%d}": line
              for line in forecast.remnant().reset_index().to_dict("records")}  # fmt: skip
    sheet = here.sheet("remnant")
    for row in (sheet[1], sheet[len(sheet) // 2]):
        line = months[row["Day"]]
        assert same(row["both together"], line["strength_p50"])
        assert same(row["active again p90"], line["resurgent_p90"])
    end = forecast.end_date()
    values = [row["When, or how likely"] for row in here.sheet("ending")]
    assert values[:3] == [str(end.p10), str(end.p50), str(end.p90)]


def test_the_record_is_that_of_the_scores(shown: Shown, look: Callable[..., Visit]) -> None:
    here = look(shown.file)
    scores = score(shown.forecast, shown.file.parent / "tiny")
    (miss,) = here.sheet("misses")
    (row,) = scores.rows.to_dict("records")
    assert miss["Figure id"] == row["figure_id"] == "later"
    assert float(miss["CRPS"]) == pytest.approx(row["crps"], abs=0.0006)
    assert float(miss["Published"]) == 300
    assert same(miss["10 %"], row["p10"])
    skills = scores.skills()
    for line in here.sheet("skill"):
        found = skills[skills["quantity"] == line["Quantity"]]
        assert any(abs(float(line["Its CRPS"]) - value) < 0.0006 for value in found["score"])


def test_what_was_told_is_the_table_of_contraction(
    shown: Shown, look: Callable[..., Visit]
) -> None:
    rows = {row["Parameter"]: row for row in look(shown.file).sheet("told")}
    for name, line in CONTRACTION.iterrows():
        row = rows[str(name)]
        assert float(row["contraction"]) == line["contraction"]
        assert float(row["prior p90"]) == line["prior_p90"]
        assert float(row["posterior p10"]) == line["p10"]


def test_the_ledger_is_the_ledger(shown: Shown, look: Callable[..., Visit]) -> None:
    here = look(shown.file)
    sheet = {row["Figure id"]: row for row in here.sheet("ledger")}
    known = shown.forecast.case.ledger.query().set_index("figure_id")
    assert set(sheet) == {*known.index, "later"}
    for name, line in known.iterrows():
        row = sheet[str(name)]
        assert (float(row["Low"]), float(row["High"])) == (line["low"], line["high"])
        assert row["As of"] == str(line["as_of"].date())
        assert "known" in row["At the cut-off"]
    assert "later" in sheet["later"]["At the cut-off"]


def test_shares_are_worded_as_in_python(shown: Shown, look: Callable[..., Visit]) -> None:
    here = look(shown.file)
    here.open_table("shares")
    names = {fate["name"]: fate["id"] for fate in shown.document["fates"]}
    shares = shown.document["shares"]["foreign"]
    rows = here.rows("shares")
    assert len(rows) > 10
    for row in rows:
        held = shares[names[row[0]]]
        of_any_day = {
            share_cell(*(held[level][at] for level in ("p10", "p50", "p90")))
            for at in range(len(shown.document["instants"]))
        }
        assert row[2] in of_any_day
