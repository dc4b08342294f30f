"""Whatever a forecast lacks, it has a document that can be drawn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dispersal.report.document import document
from dispersal.report.schema import check, unpacked

from .partial import LONG, NAMES, make_partial

Documents = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Documents:
    return {name: document(make_partial(name, tmp_path_factory.mktemp(name))) for name in NAMES}


def series_of(value: Any) -> list[dict[str, Any]]:
    """Return every mapping within a document that has quantiles."""
    if isinstance(value, dict):
        own = [value] if {"p10", "p90"} <= set(value) else []
        return own + [found for part in value.values() for found in series_of(part)]
    return [found for part in value for found in series_of(part)] if isinstance(value, list) else []


@pytest.mark.parametrize("name", NAMES)
def test_it_is_as_the_schema_says(documents: Documents, name: str) -> None:
    text = json.dumps(documents[name], allow_nan=False)
    assert check(json.loads(text)).meta.case == "tiny"


@pytest.mark.parametrize("name", NAMES)
def test_quantiles_are_in_order(documents: Documents, name: str) -> None:
    made = documents[name]
    every = [*series_of(made), *unpacked(made["map"]["flows"])]
    assert len(every) > 20 or name == "nobody_at_all"
    for found in every:
        levels = [found[level] for level in ("p10", "p25", "p50", "p75", "p90") if level in found]
        if isinstance(levels[0], str) or levels[0] is None:
            continue
        lists = [level if isinstance(level, list) else [level] for level in levels]
        for moment in zip(*lists, strict=True):
            assert list(moment) == sorted(moment)


@pytest.mark.parametrize("name", NAMES)
def test_it_answers_in_words(documents: Documents, name: str) -> None:
    words = documents[name]["answer"]
    assert len(words["sentences"]) >= 2
    for sentence in [*words["sentences"], *words["changes"]]:
        assert sentence.endswith(".")
        assert "nan" not in sentence.split()
        assert "inf" not in sentence.split()


def test_without_evidence_the_ledger_is_empty(documents: Documents) -> None:
    for name in ("no_evidence", "no_figures_but_a_file"):
        found = documents[name]["ledger"]
        assert found["figures"]["rows"] == found["disagreements"] == []
        assert documents[name]["record"] is None


def test_one_country_has_no_other_to_be_compared_with(documents: Documents) -> None:
    made = documents["one_country"]
    assert [origin["id"] for origin in made["origins"]] == ["TUN"]
    assert set(made["shares"]) == {"foreign", "all", "north_africa"}
    assert not any("home countries" in sentence for sentence in made["answer"]["changes"])
    assert "local" not in {link["group"] for link in made["sankey"]["links"]}


def test_only_local_members_have_no_foreign_flows(documents: Documents) -> None:
    made = documents["only_local"]
    assert {flow["from"] for flow in unpacked(made["map"]["flows"])} == {"local", "all", "SYR"}
    assert set(made["shares"]) == {"local", "all"}


def test_with_few_places_nobody_moves_on(documents: Documents) -> None:
    made = documents["few_places"]
    assert made["theatres"]["table"] == made["theatres"]["hosts"] == []
    assert {flow["fate"] for flow in unpacked(made["map"]["flows"])} == {
        "underground", "resurgent", "returned",
    }  # fmt: skip


def test_nobody_home_gives_no_flow_home(documents: Documents) -> None:
    made = documents["zero_returns"]
    assert "returned" not in {flow["fate"] for flow in unpacked(made["map"]["flows"])}
    assert all(country["width"] == 0 for country in made["countries"])
    assert not {"home_at_large", "home_in_custody"} & set(made["shares"]["all"])


def test_nobody_at_all_gives_no_flows_links_or_shares(documents: Documents) -> None:
    made = documents["nobody_at_all"]
    assert made["map"]["flows"]["rows"] == made["sankey"]["links"] == []
    assert made["shares"] == {}
    assert made["answer"]["changes"] == []


def test_a_place_without_a_position_is_listed(documents: Documents) -> None:
    places = {place["id"]: place for place in documents["no_positions"]["places"]}
    assert places["SYR-BADIA"]["lon"] is None
    assert places["LBY"]["lat"] == pytest.approx(32.9, abs=0.1)  # of the capital
    assert documents["no_positions"]["map"]["centre"]["lon"] is not None


def test_names_stay_as_they_are(documents: Documents) -> None:
    origins = {origin["id"]: origin["name"] for origin in documents["right_to_left"]["origins"]}
    assert origins["TUN"] == "تونس"
    assert documents["right_to_left"]["meta"]["question"] == "إلى أين يذهب الأعضاء؟"
    long = {origin["id"]: origin["name"] for origin in documents["long_names"]["origins"]}
    assert long["TUN"] == LONG.replace(",", " ").strip()


def test_without_strata_at_places_groups_have_flows_of_everyone(documents: Documents) -> None:
    flows = unpacked(documents["no_strata_at_places"]["map"]["flows"])
    strata = {flow["stratum"] for flow in flows if flow["fate"] != "returned"}
    assert strata == {"all"}


def test_a_case_of_men_has_two_strata(documents: Documents) -> None:
    assert [stratum["id"] for stratum in documents["only_men"]["strata"]] == ["all", "men"]


def test_a_cutoff_at_the_end_leaves_two_instants(documents: Documents) -> None:
    made = documents["cutoff_at_the_end"]
    assert made["instants"][made["ahead"] :] == ["2018-12-01", "2018-12-31"]


def test_a_cutoff_near_the_start_has_no_past(documents: Documents) -> None:
    made = documents["cutoff_near_the_start"]
    assert made["ahead"] == 0
    assert made["instants"][0] == "2016-06-01"


def test_a_single_draw_has_no_spread(documents: Documents) -> None:
    made = documents["single_draw"]
    for country in made["countries"]:
        for found in country["counts"].values():
            assert found["p10"] == found["p50"] == found["p90"]
    assert all(country["width"] == 0 for country in made["countries"])


def test_an_end_that_never_comes_has_no_date(documents: Documents) -> None:
    end = documents["no_end"]["theatres"]["end"]
    assert (end["p10"], end["p50"], end["within_period"]) == (None, None, 0)


def test_without_a_table_of_contraction_nothing_is_told(documents: Documents) -> None:
    assert documents["whole"]["told"] == []
    told = documents["with_contraction"]["told"]
    assert told[0]["contraction"] == max(row["contraction"] for row in told)
    assert all(row["meaning"] and row["source"] for row in told)
    assert {row["fitted"] for row in told} == {True, False}


def test_every_partial_case_has_a_test_of_its_own() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in NAMES if f'"{name}"' not in text] == []
