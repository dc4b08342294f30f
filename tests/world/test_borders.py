"""The table of land borders against two gazetteers and against what geographers count."""

from __future__ import annotations

import pytest

from dispersal.world import (
    UnknownCountryError,
    countries,
    land_borders,
    neighbours,
    share_land_border,
)

from . import gazetteers

# Each difference from a gazetteer, and why the table stands (docs/world.md says more).
GEONAMES_HAS_TOO = {
    ("ALB", "SRB"): "Kosovo lies between them, and the table counts Kosovo",
    ("CUB", "USA"): "Guantánamo Bay is leased, Cuban ground",
}
GEONAMES_LACKS = {
    ("BWA", "ZMB"): "they meet at Kazungula, by about 150 m of the Zambezi; a bridge since 2021",
    ("CHN", "HKG"): "Hong Kong has its own code and a controlled boundary at Shenzhen",
    ("CHN", "MAC"): "Macao has its own code and a controlled boundary at Zhuhai",
}
COUNTRYINFO_HAS_TOO = {
    ("AFG", "IND"): "only by India's claim to Gilgit-Baltistan, which Pakistan holds",
    ("ALB", "SRB"): "Kosovo lies between them, and the table counts Kosovo",
    ("BTN", "MMR"): "India's Arunachal Pradesh lies between them",
    ("CYP", "GBR"): "the base areas of Akrotiri and Dhekelia are not part of the United Kingdom",
    ("FRA", "SUR"): "French Guiana has its own code: GUF-SUR",
    ("IND", "LKA"): "Adam's Bridge is a chain of shoals with no passage by land",
    ("IRN", "KWT"): "Iraq's Al-Faw peninsula lies between them",
    ("SSD", "TCD"): "the Central African Republic and Sudan meet between them",
}
COUNTRYINFO_LACKS = {
    ("MAF", "SXM"): "the two parts of the island of Saint Martin",
}


def test_geonames_differs_only_as_known() -> None:
    theirs = gazetteers.geonames_borders()
    assert theirs - land_borders() == GEONAMES_HAS_TOO.keys()
    assert land_borders() - theirs == GEONAMES_LACKS.keys()


def test_countryinfo_differs_only_as_known() -> None:
    theirs = gazetteers.countryinfo_borders()
    assert theirs - land_borders() == COUNTRYINFO_HAS_TOO.keys()
    assert land_borders() - theirs == COUNTRYINFO_LACKS.keys()


def test_there_are_324() -> None:
    assert len(land_borders()) == 324


def test_pairs_are_of_known_countries_in_alphabetical_order() -> None:
    assert all(a < b for a, b in land_borders())
    assert {code for pair in land_borders() for code in pair} <= countries().keys()


@pytest.mark.parametrize(
    ("iso3", "expected"),
    [
        # Kosovo, counted since 2008; the Balkans around it.
        ("XKX", "ALB MKD MNE SRB"),
        ("SRB", "BGR BIH HRV HUN MKD MNE ROU XKX"),
        # Palestine: the West Bank and the Gaza Strip.
        ("PSE", "EGY ISR JOR"),
        ("ISR", "EGY JOR LBN PSE SYR"),
        ("SYR", "IRQ ISR JOR LBN TUR"),
        ("IRQ", "IRN JOR KWT SAU SYR TUR"),
        ("TUR", "ARM AZE BGR GEO GRC IRN IRQ SYR"),
        ("SAU", "ARE IRQ JOR KWT OMN QAT YEM"),
        ("LBY", "DZA EGY NER SDN TCD TUN"),
        # Ceuta and Melilla; Gibraltar.
        ("ESP", "AND FRA GIB MAR PRT"),
        ("MAR", "DZA ESH ESP"),
        # European France only; French Guiana apart.
        ("FRA", "AND BEL CHE DEU ESP ITA LUX MCO"),
        ("GUF", "BRA SUR"),
        # The quadripoint that is none, at Kazungula.
        ("BWA", "NAM ZAF ZMB ZWE"),
        ("NAM", "AGO BWA ZAF ZMB"),
        # South Sudan, independent since 2011.
        ("SSD", "CAF COD ETH KEN SDN UGA"),
        ("AFG", "CHN IRN PAK TJK TKM UZB"),
        ("AZE", "ARM GEO IRN RUS TUR"),  # Nakhchivan meets Türkiye
        ("RUS", "AZE BLR CHN EST FIN GEO KAZ LTU LVA MNG NOR POL PRK UKR"),  # 14
        ("AUS", ""),
        ("PHL", ""),
    ],
)
def test_neighbours_as_in_an_atlas(iso3: str, expected: str) -> None:
    assert " ".join(neighbours(iso3)) == expected


def test_states_with_most_neighbours() -> None:
    # China and Russia have 14 each, the most of any state; Hong Kong and Macao come on top.
    assert len(neighbours("CHN")) == 14 + 2
    assert len(neighbours("BRA")) == 10
    assert max(len(neighbours(iso3)) for iso3 in countries() if iso3 not in ("CHN", "RUS")) == 10


def test_islands_with_a_land_border() -> None:
    shared = {"BRN", "DOM", "GBR", "HTI", "IDN", "IRL", "MAF", "PNG", "SXM", "TLS"}
    alone = {"BHR", "CUB", "CYP", "ISL", "JPN", "LKA", "MDG", "MLT", "NZL", "SGP", "TWN"}
    assert all(neighbours(iso3) for iso3 in shared)
    assert not any(neighbours(iso3) for iso3 in alone)


def test_sharing_a_border_is_mutual_and_never_with_oneself() -> None:
    for iso3 in countries():
        assert not share_land_border(iso3, iso3)
        for other in neighbours(iso3):
            assert share_land_border(iso3, other)
            assert share_land_border(other, iso3)


@pytest.mark.parametrize("pair", [("TUN", "XXX"), ("XXX", "TUN")])
def test_unknown_countries_are_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(UnknownCountryError, match="XXX"):
        share_land_border(*pair)
