"""Places: countries, peoples, regions, towns, and names that mean several."""

from __future__ import annotations

import csv
from importlib import resources

import pytest

from dispersal.case.vocabulary import AREA_CODES, REGIONS
from dispersal.drafting import propose, read_article
from dispersal.drafting.gazetteer import ambiguities, longest_match
from dispersal.world import countries


def places(text: str) -> dict[str, str]:
    """Return the places of a text with their questions."""
    return {
        str(row.values["place"]): row.question
        for row in propose(read_article(text + "\n")).of_kind("place")
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They fled to the Democratic Republic of the Congo.", {"COD"}),
        ("Fighters in South Sudan and in the Central African Republic left.", {"SSD", "CAF"}),
        ("About 300 Tunisians, some Frenchmen and a Swede joined.", {"TUN", "FRA", "SWE"}),
        ("Saudi-led and US-backed troops left the western Balkans.", {"SAU", "USA", "WBA"}),
        ("Camps in Côte d’Ivoire and in Cote d'Ivoire are one.", {"CIV"}),
        ("Sie gingen nach Norwegen; ils sont en Tunisie.", {"NOR", "TUN"}),
        ("The hills around Zenica and the Sambisa forest", {"Zenica", "Sambisa forest"}),
        ("They crossed Papua New Guinea and Guinea-Bissau.", {"PNG", "GNB"}),
        ("The men of Lake Chad hid in the Niger Delta.", {"Lake Chad", "Niger Delta"}),
        ("He fell ill at Qoryo, near Baidoa.", {"Qoryo", "Baidoa"}),
        ("Rebels in Rolpa, Zzyrpa and Qoxik waited.", {"Rolpa", "Zzyrpa", "Qoxik"}),
        ("The Ugandan army and the Bank of Uganda", {"UGA"}),
    ],
)
def test_places_are_found(text: str, expected: set[str]) -> None:
    assert set(places(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "She spoke French and fluent Arabic.",
        "English-speaking fighters waited; the Portuguese language helped.",
        "Colonel Jordan Chad Washington said that they would not wait.",
        "Recruiters waited. Most people hope. Mobile phones ring. Split families return.",
        "In May and in March they waited; on Monday, at Christmas, they left.",
        "us and it, the car and the turkey, a polish, china plates",
        "Fighters of the Al-Nur Brigade and of the Patani Liberation Front",
    ],
)
def test_what_is_no_place_is_not_proposed(text: str) -> None:
    assert places(text) == {}


@pytest.mark.parametrize(
    ("text", "place", "asked"),
    [
        ("Many stayed in Congo.", "COD", True),
        ("Many stayed in Congo, near Goma.", "COD", False),
        ("Many stayed in Congo; Brazzaville took them in.", "COG", False),
        ("They trained in Georgia.", "GEO", True),
        ("They trained in Georgia, in the Pankisi Gorge.", "GEO", False),
        ("They hid in Niger.", "NER", True),
        ("They hid in Niger, near Agadez.", "NER", False),
        ("They went to Korea.", "KOR", True),
        ("They went to Guinea.", "GIN", True),
        ("The Sudanese left Juba for Sudan.", "SSD", False),
    ],
)
def test_ambiguous_names_are_asked_unless_the_text_tells(
    text: str, place: str, asked: bool
) -> None:
    found = places(text)
    assert place in found
    assert bool(found[place]) is asked


def test_an_ambiguous_row_waits_with_its_choices() -> None:
    row = propose(read_article("They went to Korea.\n")).of_kind("place")[0]
    assert row.accept == "?"
    assert row.choices == ("KOR", "PRK")
    assert row.question.startswith("Korea: South")


def test_a_town_of_several_countries_is_asked_by_country() -> None:
    row = propose(read_article("They hid in Tripoli.\n")).of_kind("place")[0]
    assert row.values["place"] == "Tripoli"
    assert row.asks_for == "country"
    assert {"LBY", "LBN"} <= set(row.choices)


def test_the_name_of_a_branch_is_asked_as_group_or_place() -> None:
    text = "Islamic State in Khorasan lost its camps. Its fighters waited.\n"
    row = next(
        row
        for row in propose(read_article(text)).of_kind("organisation")
        if row.values["name"] == "Islamic State in Khorasan"
    )
    assert row.choices == ("Islamic State in Khorasan", "Islamic State")
    assert row.accept == "?"


def test_every_country_has_demonyms_and_a_region_of_the_case_format() -> None:
    folder = resources.files("dispersal.drafting.gazetteer")
    rows = list(csv.DictReader(folder.joinpath("demonyms.csv").read_text("utf-8").splitlines()))
    assert countries().keys() <= {row["code"] for row in rows}
    for row in rows:
        assert row["words"]
        assert row["code"] in countries() or row["code"] in AREA_CODES
        assert row["region"] in REGIONS or row["code"] in AREA_CODES


def test_every_demonym_leads_to_its_country() -> None:
    folder = resources.files("dispersal.drafting.gazetteer")
    rows = list(csv.DictReader(folder.joinpath("demonyms.csv").read_text("utf-8").splitlines()))
    shared = {"Congolese", "Dominican", "US", "U.S."}
    for row in rows:
        for word in set(row["words"].split(";")) - shared:
            found = longest_match(word.replace("-", " - ").split() if False else word.split(), 0)
            assert found is not None, word
            assert found[0].code == row["code"], word


def test_regions_lie_in_countries_and_have_positions() -> None:
    folder = resources.files("dispersal.drafting.gazetteer")
    rows = list(csv.DictReader(folder.joinpath("regions.csv").read_text("utf-8").splitlines()))
    assert len(rows) > 300
    assert len({row["name"] for row in rows}) == len(rows)
    for row in rows:
        assert all(code in countries() for code in filter(None, row["countries"].split(";")))
        assert -90 <= float(row["latitude"]) <= 90
        assert -180 <= float(row["longitude"]) <= 180
        assert not row["code"] or row["code"] in AREA_CODES


def test_ambiguities_name_codes_or_say_what_else() -> None:
    for name, ambiguity in ambiguities().items():
        assert len(ambiguity.choices) > 1, name
        assert ambiguity.question.endswith("?")
        assert any(choice in countries() for choice in ambiguity.choices)
        assert ambiguity.hints.keys() <= set(ambiguity.choices), name


def test_a_zone_has_its_country_and_position_where_they_are_known() -> None:
    row = propose(read_article("They hid near Baidoa.\n")).of_kind("place")[0]
    assert row.values["country"] == "SOM"
    assert row.values["latitude"] == pytest.approx(3.11, abs=0.1)
