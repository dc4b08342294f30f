"""Every number of the document is the number that the Python functions return."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp

from dispersal.case import load_case
from dispersal.forecast.answer import answer
from dispersal.forecast.quantities import PUBLISHED
from dispersal.report.countries import published
from dispersal.report.document import document
from dispersal.report.numbers import counts, shares
from dispersal.report.people import People
from dispersal.report.schema import check, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dispersal.forecast.forecast import Forecast

LEVELS = {"p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9}
Made = dict[str, Any]


def day_of(made: Made, at: int) -> dt.date:
    return dt.date.fromisoformat(made["instants"][at])


def assert_spread(found: Made, at: int | None, drawn: Any) -> None:
    """Assert that a series at an instant, or a spread, tells of these draws."""
    for level, told in found.items():
        value = told if at is None else told[at]
        wanted = np.mean(drawn) if level == "mean" else np.quantile(drawn, LEVELS[level])
        assert value == counts(wanted), level


def at_random(test: Callable[..., None]) -> Callable[[Forecast, Made], None]:
    """Run a test with two dozen pairs of random integers."""

    def repeated(forecast: Forecast, made: Made) -> None:
        @settings(max_examples=24, deadline=None)
        @given(one=st.integers(0, 10**6), other=st.integers(0, 10**6))
        def once(one: int, other: int) -> None:  # without the document, which is long to print
            test(forecast, made, one, other)

        once()

    return repeated


def test_instants_are_quarters_of_the_past_and_months_ahead(forecast: Forecast, made: Made) -> None:
    ahead = made["ahead"]
    past, coming = made["instants"][:ahead], made["instants"][ahead:]
    assert past == ["2016-07-01", "2016-10-01", "2017-01-01"]
    assert coming[0] == "2017-03-01"
    assert coming[-2:] == ["2018-12-01", "2018-12-31"]
    assert len(coming) == 23
    assert day_of(made, -1) == forecast.last_day


def test_the_document_is_plain_and_as_its_schema_says(made: Made) -> None:
    text = json.dumps(made, allow_nan=False)
    assert json.loads(text) == made
    check(json.loads(text))


def test_what_made_the_forecast_stands_at_the_top(forecast: Forecast, made: Made) -> None:
    assert made["meta"] == {
        "case": "tiny",
        "title": "A tiny case",
        "question": "Where do the members go?",
        "group": "The group",
        "case_hash": forecast.case.content_hash,
        "cutoff": "2017-03-07",
        "until": "2018-12-31",
        "seed": 3,
        "draws": 101,
        "versions": dict(forecast.provenance.versions),
    }


def test_the_words_are_those_of_the_answer(forecast: Forecast, made: Made) -> None:
    words = answer(forecast)
    assert tuple(made["answer"]["sentences"]) == words.sentences
    assert [table["title"] for table in made["tables"]] == [table.title for table in words.tables]
    assert tuple(map(tuple, made["tables"][0]["rows"])) == words.tables[0].rows


@at_random
def test_fans_are_those_of_the_draws(forecast: Forecast, made: Made, one: int, other: int) -> None:
    country = made["countries"][one % len(made["countries"])]
    quantity = PUBLISHED[one % len(PUBLISHED)]
    at = other % len(made["instants"])
    drawn = forecast.draws(quantity, country["origin"], day_of(made, at))
    assert_spread(country["counts"][quantity], at, drawn)
    figure = forecast.draws(quantity, country["origin"], as_published=True)
    assert_spread(country["published"][quantity], -1, figure)
    assert_spread(country["end"][quantity], None, forecast.draws(quantity, country["origin"]))


def test_published_figures_are_distributed_as_their_draws(forecast: Forecast) -> None:
    """On any day the noise is that of the last, so that only the distribution is the same."""
    people = People(forecast)
    at = people.ensemble.origins.index("TUN")
    for quantity in PUBLISHED:
        drawn = published(people, quantity, at)
        for step in (0, 7, 15):
            when = people.instants[people.ahead + step]
            wanted = forecast.draws(quantity, "TUN", when, as_published=True)
            found = ks_2samp(drawn[step], wanted)
            assert found.pvalue > 1e-3, (quantity, when)


def test_published_bands_are_smooth(forecast: Forecast, made: Made) -> None:
    """The band moves about as little from month to month as that of the true count."""
    for country in made["countries"]:
        true = np.log1p(country["counts"]["departed"]["p90"][made["ahead"] :])
        told = np.log1p(country["published"]["departed"]["p90"])
        assert abs(np.diff(told)).max() < abs(np.diff(true)).max() + 0.1


def test_countries_tell_how_uncertain_and_how_surprising_they_are(
    forecast: Forecast, made: Made
) -> None:
    by_origin = {country["origin"]: country for country in made["countries"]}
    assert tuple(by_origin) == forecast.ensemble.origins
    low, high = np.quantile(forecast.draws("returned", "FRA"), [0.1, 0.9])
    assert by_origin["FRA"]["width"] == pytest.approx(np.log((1 + high) / (1 + low)), rel=1e-3)
    (scored,) = made["record"]["rows"]
    assert by_origin["FRA"]["surprise"] == scored["crps"]
    assert by_origin["TUN"]["surprise"] is None


@at_random
def test_flows_are_those_of_the_draws(forecast: Forecast, made: Made, one: int, other: int) -> None:
    flows = unpacked(made["map"]["flows"])
    flow = flows[one % len(flows)]
    at = other % (len(made["instants"]) - made["ahead"])
    when, start = day_of(made, made["ahead"] + at), day_of(made, made["ahead"])
    ends = {key: flow[key] for key in ("p10", "p50", "p90", "mean")}
    if flow["fate"] == "returned":
        assert flow["from"] == flow["to"]
        drawn = forecast.draws("returned", flow["to"], when, flow["stratum"])
        drawn = drawn - forecast.draws("returned", flow["to"], start, flow["stratum"])
    else:
        drawn = forecast.draws(flow["fate"], flow["from"], when, flow["stratum"], place=flow["to"])
    assert_spread(ends, at, drawn)


def test_groups_have_flows_of_every_stratum_and_origins_of_everyone(made: Made) -> None:
    flows = unpacked(made["map"]["flows"])
    keys = [(flow["from"], flow["stratum"], flow["fate"], flow["to"]) for flow in flows]
    assert len(set(keys)) == len(keys)
    for group in ("foreign", "local", "all"):
        strata = {key[1] for key in keys if key[0] == group and key[3] == "LBY"}
        assert strata == {"all", "men", "women", "minors"}
    single = {key[1] for key in keys if key[0] == "TUN" and key[2] != "returned"}
    assert single == {"all"}
    home = {key[1] for key in keys if key[2] == "returned"}
    assert home == {"all", "men", "women", "minors"}


def test_men_women_and_minors_add_up_in_the_mean(made: Made) -> None:
    flows = unpacked(made["map"]["flows"])
    mean = {(f["from"], f["stratum"], f["fate"], f["to"]): np.array(f["mean"]) for f in flows}
    for (group, stratum, fate, place), whole in mean.items():
        if stratum != "all" or (group, "women", fate, place) not in mean:
            continue
        parts = [mean.get((group, name, fate, place), 0) for name in ("men", "women", "minors")]
        np.testing.assert_allclose(sum(parts), whole, atol=2.0)


@at_random
def test_shares_are_those_of_the_table_of_fates(
    forecast: Forecast, made: Made, one: int, other: int
) -> None:
    at = other % len(made["instants"])
    group = ("foreign", "local", "all")[one % 3]
    table = forecast.fates_table(day_of(made, at), group)
    for fate, found in made["shares"][group].items():
        for level in ("p10", "p50", "p90"):
            assert found[level][at] == shares(table.loc[fate, f"share_{level}"], 3)
    left_out = set(table.index) - set(made["shares"][group]) - {"departed"}
    assert (table.loc[list(left_out), "p90"] == 0).all()


def test_shares_of_a_region_are_of_those_from_abroad(forecast: Forecast, made: Made) -> None:
    at = len(made["instants"]) - 1
    origins = ("FRA", "BEL")
    killed = sum(forecast.draws("killed", code, day_of(made, at), "all") for code in origins)
    joined = sum(forecast.draws("departed", code, day_of(made, at), "all") for code in origins)
    found = made["shares"]["europe_west"]["killed"]["p50"][at]
    assert found == shares(np.quantile(killed / joined, 0.5), 3)
    assert "middle_east" not in made["shares"]  # of local members only


def test_links_conserve_people(made: Made) -> None:
    """What flows into a fate is what flows on to its places, and to homes."""
    ahead = len(made["instants"]) - made["ahead"]
    into: dict[tuple[str, str], Any] = {}
    out: dict[tuple[str, str], Any] = {}
    for link in made["sankey"]["links"]:
        side, fate = (
            (into, link["target"])
            if link["source"].startswith("region:")
            else (out, link["source"])
        )
        key = (link["group"], fate)
        side[key] = side.get(key, np.zeros(ahead)) + np.array(link["mean"])
    assert set(out) <= set(into)
    for key, people in out.items():
        np.testing.assert_allclose(people, into[key], atol=3.0)
    ends = {fate for _, fate in into} - {fate for _, fate in out}
    assert ends <= {"fate:in_group", "fate:killed", "fate:moving", "fate:demobilised"}


@at_random
def test_links_are_those_of_the_draws(forecast: Forecast, made: Made, one: int, other: int) -> None:
    links = made["sankey"]["links"]
    link = links[one % len(links)]
    at = other % (len(made["instants"]) - made["ahead"])
    when = day_of(made, made["ahead"] + at)
    regions: dict[str, list[str]] = {}
    for row in forecast.case.origins:
        if row.kind == link["group"]:
            regions.setdefault(row.region, []).append(row.origin)
    (kind, name), (_, fate) = sorted(
        (link["source"].split(":"), link["target"].split(":")), key=lambda end: end[0] == "fate"
    )
    drawn: Any
    if kind == "place":
        drawn = forecast.draws(fate, link["group"], when, place=name)
    else:
        drawn = sum(forecast.draws(fate, code, when, "all") for code in regions[name])
    found = {level: link[level] for level in ("p10", "p90", "mean")}
    assert_spread(found, at, drawn)


def test_theatres_are_those_of_the_table(forecast: Forecast, made: Made) -> None:
    table = forecast.theatres_table()
    assert [row["place"] for row in made["theatres"]["table"]] == list(table.index)
    for row in made["theatres"]["table"]:
        wanted = table.loc[row["place"]]
        for what in ("arrived", "present"):
            for level, value in row[what].items():
                assert value == counts(wanted[f"{what}_{level}"])
        assert row["probability_first"] == shares(wanted["probability_first"])
        when = day_of(made, made["ahead"] + 5)
        assert_spread(row["series"]["arrived"], 5, forecast.arrived(row["place"], when))
        present = forecast.draws("elsewhere", "all", when, place=row["place"])
        assert_spread(row["series"]["present"], 5, present)


def test_the_remnant_is_that_of_the_table(forecast: Forecast, made: Made) -> None:
    remnant = made["theatres"]["remnant"]
    table = forecast.remnant(day_of(made, made["ahead"]), threshold=remnant["threshold"])
    for name in ("underground", "resurgent", "strength"):
        for level, series in remnant[name].items():
            assert series[:-1] == counts(table[f"{name}_{level}"])
    assert remnant["probability_above"][:-1] == shares(table["probability_above"])
    last = forecast.draws("underground", "all", place="SYR-BADIA")
    assert_spread(remnant["underground"], -1, last)
    again = forecast.draws("resurgent", "all", place="SYR-BADIA")
    assert remnant["probability_above"][-1] == shares((again > remnant["threshold"]).mean())


def test_hosts_have_those_who_are_with_them(forecast: Forecast, made: Made) -> None:
    remnant, affiliate = made["theatres"]["hosts"]
    assert (remnant["id"], affiliate["place"]) == ("remnant_desert", "LBY")
    near = forecast.draws("underground", "all", place="SYR-BADIA:remnant_desert")
    assert_spread(remnant["present"], None, near)
    assert remnant["arrived"] is None
    assert_spread(affiliate["arrived"], None, forecast.arrived("LBY:is_libya"))


def test_the_end_is_told_with_its_modes(forecast: Forecast, made: Made) -> None:
    end = forecast.end_date()
    found = made["theatres"]["end"]
    assert found["p50"] == str(end.p50)
    assert found["within_period"] == shares(end.within_period)
    assert {mode["id"]: mode["probability"] for mode in found["modes"]} == {
        name: shares(chance) for name, chance in end.modes.items()
    }


def test_a_case_like_no_built_in_one_has_no_later_evidence(forecast: Forecast) -> None:
    made = document(forecast)
    assert made["record"] is None
    assert all(row["known"] for row in unpacked(made["ledger"]["figures"]))


def test_later_figures_come_from_a_case_a_ledger_or_a_file(
    forecast: Forecast, made: Made, tiny: Path, tmp_path: Path
) -> None:
    case = load_case(tiny / "tiny")
    lines = (tiny / "tiny" / "evidence" / "figures.csv").read_text().splitlines(keepends=True)
    (tmp_path / "later.csv").write_text(lines[0] + lines[-1])
    for later in (case, case.ledger, tmp_path / "later.csv"):
        found = document(forecast, later=later)
        assert found["record"]["rows"] == made["record"]["rows"]
        assert found["ledger"]["figures"] == made["ledger"]["figures"]
