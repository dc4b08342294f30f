"""Shared languages: known pairs of countries, the formula, the folding of varieties."""

from __future__ import annotations

import itertools

import pytest
from babel.core import get_global
from hypothesis import given
from hypothesis import strategies as st

from dispersal.world import (
    SPOKEN_AS_ONE,
    UnknownCountryError,
    common_language_share,
    countries,
    languages_of,
)

codes = st.sampled_from(sorted(countries()))


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        ("TUN", "LBY", "Arabic"),
        ("SYR", "IRQ", "Arabic"),
        ("MAR", "SAU", "Arabic, under varieties of other names"),
        ("RUS", "KAZ", "Russian, a second language for many"),
        ("BIH", "SRB", "Bosnian and Serbian"),
        ("HRV", "MNE", "Croatian and Montenegrin"),
        ("AUT", "DEU", "German"),
        ("XKX", "ALB", "Albanian"),
        ("IRN", "TJK", "Persian and Tajik"),
        ("GBR", "USA", "English"),
        ("CHN", "TWN", "Mandarin"),
    ],
)
def test_high_where_most_share_a_language(a: str, b: str, why: str) -> None:
    assert common_language_share(a, b) > 0.5, why


@pytest.mark.parametrize(
    ("a", "b"),
    [("TUN", "TUR"), ("TUN", "RUS"), ("SAU", "KAZ"), ("XKX", "SYR"), ("JPN", "BRA")],
)
def test_low_where_few_do(a: str, b: str) -> None:
    assert common_language_share(a, b) < 0.1


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    # Second languages: French in the Maghreb, Russian in Central Asia, English in Europe.
    [("TUN", "FRA", 0.4, 0.9), ("MAR", "FRA", 0.2, 0.6), ("KGZ", "RUS", 0.2, 0.7)],
)
def test_between_where_it_is_a_second_language(a: str, b: str, low: float, high: float) -> None:
    assert low < common_language_share(a, b) < high


def test_orders_pairs_as_one_would() -> None:
    assert common_language_share("TUN", "EGY") > common_language_share("TUN", "FRA")
    assert common_language_share("TUN", "FRA") > common_language_share("TUN", "TUR")
    assert common_language_share("KAZ", "RUS") > common_language_share("TJK", "RUS")


@given(codes, codes)
def test_symmetric_and_a_probability(a: str, b: str) -> None:
    share = common_language_share(a, b)
    assert 0 <= share <= 1
    assert share == common_language_share(b, a)


@given(codes, codes)
def test_between_its_bounds(a: str, b: str) -> None:
    # No pair can share more often than the sum counts, nor less often than by the main language.
    mine, theirs = languages_of(a), languages_of(b)
    products = [mine[one] * theirs[one] for one in mine.keys() & theirs.keys()]
    share = common_language_share(a, b)
    assert share <= sum(products) + 1e-12
    assert share >= max(products, default=0) - 1e-12


def test_two_languages_by_hand() -> None:
    # Switzerland and Belgium from CLDR's rows: shares of pairs by language, then the chance of
    # sharing the most common one, or else any of the others.
    swiss = get_global("territory_languages")["CH"]
    belgian = get_global("territory_languages")["BE"]
    products = sorted(
        swiss[language]["population_percent"] * belgian[language]["population_percent"] / 1e4
        for language in swiss.keys() & belgian.keys()
    )
    main, others = products[-1], sum(products[:-1])
    assert len(products) >= 3
    assert common_language_share("CHE", "BEL") == pytest.approx(main + others * (1 - main))


def test_reads_cldr() -> None:
    tunisia = get_global("territory_languages")["TN"]
    assert languages_of("TUN")["fr"] == tunisia["fr"]["population_percent"] / 100
    assert max(languages_of("TUN"), key=lambda one: languages_of("TUN")[one]) == "ar"


def test_every_country_has_languages_with_shares_in_order() -> None:
    for iso3 in countries():
        shares = list(languages_of(iso3).values())
        assert shares, iso3
        assert shares == sorted(shares, reverse=True)
        assert all(0 < share <= 1 for share in shares)


def test_varieties_are_folded_and_counted_once() -> None:
    folded = set(itertools.chain.from_iterable(SPOKEN_AS_ONE.values()))
    for iso3 in countries():
        assert not languages_of(iso3).keys() & folded
        assert not any("_" in language for language in languages_of(iso3))
    # CLDR lists Bosnian in two scripts, Croatian and Serbian: 99 %, not the sum, 230 %.
    assert languages_of("BIH")["sh"] == pytest.approx(0.99, abs=0.01)
    assert languages_of("MAR")["ar"] < 1


def test_each_variety_is_folded_into_one_language() -> None:
    varieties = list(itertools.chain.from_iterable(SPOKEN_AS_ONE.values()))
    assert len(varieties) == len(set(varieties))
    assert not set(varieties) & SPOKEN_AS_ONE.keys()
    listed = {
        tag.partition("_")[0]
        for entries in get_global("territory_languages").values()
        for tag in entries
    }
    assert all(listed & set(codes) for codes in SPOKEN_AS_ONE.values()), "a fold without use"


def test_different_languages_stay_apart() -> None:
    # Related, yet not understood without learning.
    assert "ru" in languages_of("UKR")
    assert "uk" in languages_of("UKR")
    assert "ckb" in languages_of("IRQ")
    assert common_language_share("TUR", "KAZ") < 0.1


def test_unknown_countries_are_refused() -> None:
    with pytest.raises(UnknownCountryError, match="did you mean 'TUN'"):
        common_language_share("TN", "LBY")
