"""Every known name of a place, found by its words."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from dispersal.drafting.gazetteer.tables import read_lines, read_rows
from dispersal.drafting.tokens import fold
from dispersal.drafting.words import words
from dispersal.world.countries import countries
from dispersal.world.names import OTHER_NAMES, country_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Entry:
    """What a name means.

    Parameters
    ----------
    name : str
        As it is written in the table.
    kind : str
        ``country``, ``people`` (a demonym or its adjective), ``area`` (has a code larger than
        a country), ``region`` or ``town``.
    code : str
        ISO code or code of an area; empty for regions and towns.
    countries : tuple of str
        Where a region or town lies.
    latitude, longitude : float or None
        In degrees.
    rank : int
        Of towns, 0 for the one with most people.
    """

    name: str
    kind: str
    code: str = ""
    countries: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    rank: int = 0


#: Only these, and only as they are written here: “us” and “car” are words.
_ABBREVIATIONS: Final = MappingProxyType(
    {
        "US": "USA", "U.S.": "USA", "USA": "USA", "U.S.A.": "USA", "UK": "GBR", "U.K.": "GBR",
        "UAE": "ARE", "U.A.E.": "ARE", "DRC": "COD", "DR Congo": "COD", "RDC": "COD",
        "CAR": "CAF", "DPRK": "PRK", "ROK": "KOR", "PNG": "PNG", "BiH": "BIH", "FRY": "SRB",
        "KSA": "SAU", "FYROM": "MKD", "PRC": "CHN", "RSA": "ZAF",
    }
)  # fmt: skip

#: What countries are called in the press and CLDR does not say.
_MORE_NAMES: Final = MappingProxyType(
    {
        "Congo-Kinshasa": "COD", "Congo-Brazzaville": "COG", "Bosnia-Herzegovina": "BIH",
        "Bosnia and Hercegovina": "BIH", "The Gambia": "GMB", "Gambia": "GMB",
        "Cote d'Ivoire": "CIV",
        "Soviet Union": "RUS", "Ceylon": "LKA", "Persia": "IRN", "Timor-Leste": "TLS",
        "Palestinian territories": "PSE", "Palestinian Territories": "PSE", "Eswatini": "SWZ",
        "Central African Republic": "CAF", "Myanmar": "MMR", "Hong Kong": "HKG", "Czechia": "CZE",
        "Trinidad": "TTO", "Antigua": "ATG", "Sao Tome": "STP", "Kirghizia": "KGZ",
        "Kirgizstan": "KGZ", "Byelorussia": "BLR", "Republic of Ireland": "IRL",
        "Republic of South Sudan": "SSD", "Southern Sudan": "SSD", "Bolivarian Republic": "VEN",
        "North Vietnam": "VNM", "South Vietnam": "VNM", "Yugoslavia": "SRB", "Rhodesia": "ZWE",
    }
)  # fmt: skip
_MORE_NAMES_LEFT_OUT: Final = frozenset({"Soviet Union", "Yugoslavia"})

#: Names of other languages that are English words or names of something else.
_NOT_NAMES: Final = words("foreign names left out")
_LONGEST: Final = 6
#: The rules read English, but quotations and names of places keep their own language.
_LANGUAGES: Final = (
    *("fr", "es", "pt", "de", "it", "nl", "sv", "tr", "id", "sw", "pl", "bs", "sq", "ru", "ar"),
)
#: Written with a small letter at their beginning.
_SMALL: Final = frozenset({"western", "southern", "sub", "tribal", "eastern", "central"})


@functools.cache
def everyday_words() -> frozenset[str]:
    """Return words that are not taken for a town, though some town has the name."""
    return frozenset(word for line in read_lines("everyday.txt") for word in line.split())


@functools.cache
def _exact() -> Mapping[str, Entry]:
    return MappingProxyType(
        {name: Entry(name, "country", code, (code,)) for name, code in _ABBREVIATIONS.items()}
    )


@functools.cache
def _entries() -> Mapping[tuple[str, ...], Entry]:
    """Return countries, peoples, areas and regions by the folded words of their names."""
    found: dict[tuple[str, ...], Entry] = {}

    def add(name: str, entry: Entry) -> None:
        key = tuple(fold(name).split())
        if key and len("".join(key)) > 2:
            found.setdefault(key, entry)

    for name, code in _MORE_NAMES.items():
        if name not in _MORE_NAMES_LEFT_OUT:
            add(name, Entry(name, "country", code, (code,)))
    for code in countries():
        entry = Entry(country_name(code), "country", code, (code,))
        for name in (country_name(code), *OTHER_NAMES.get(code, ())):
            if len(name) > 3:
                add(name, entry)
    for row in read_rows("demonyms.csv"):
        for word in row["words"].split(";"):
            entry = Entry(word, "people", row["code"], (row["code"],))
            add(word, entry)
            add(plural(word), entry)
    for row in read_rows("regions.csv"):
        kind = "area" if row["code"] else "region"
        for name in (row["name"], *filter(None, row["other_names"].split(";"))):
            lies_in = tuple(filter(None, row["countries"].split(";")))
            position = float(row["latitude"]), float(row["longitude"])
            add(name, Entry(name, kind, row["code"], lies_in, *position))
    capitals = {fold(one.capital) for one in countries().values()}
    for language in _LANGUAGES:
        for code in countries():
            name = country_name(code, language)
            taken = fold(name) in _NOT_NAMES | capitals or towns_named(name)
            if len(name) > 3 and not taken:
                add(name, Entry(name, "country", code, (code,)))
    return MappingProxyType(found)


def plural(word: str) -> str:
    """Return the plural of a demonym; those that have none stay as they are.

    Examples
    --------
    >>> plural("Tunisian"), plural("Chinese"), plural("Frenchman")
    ('Tunisians', 'Chinese', 'Frenchman')
    """
    if word.endswith(("ese", "ish", "ch", "ss", "man", "men", "woman", "women", "s", "x", ".")):
        return word
    return word + "s"


@functools.cache
def _towns() -> Mapping[str, tuple[Entry, ...]]:
    found: dict[str, list[Entry]] = {}
    everyday = everyday_words()
    for rank, row in enumerate(read_rows("towns.csv")):
        key = _without_article(fold(row["name"]))
        if key in everyday or len(key) < 3 or row["name"].islower():
            continue
        position = float(row["latitude"]), float(row["longitude"])
        entry = Entry(row["name"], "town", "", (row["iso3"],), *position, rank)
        found.setdefault(key, []).append(entry)
    for one in countries().values():
        entry = Entry(one.capital, "town", "", (one.iso3,), one.latitude, one.longitude, 0)
        found.setdefault(_without_article(fold(one.capital)), []).insert(0, entry)
    return MappingProxyType({name: tuple(entries) for name, entries in found.items()})


def towns_named(name: str) -> tuple[Entry, ...]:
    """Return the towns, provinces and districts of a name, the largest first.

    Examples
    --------
    >>> towns_named("Mosul")[0].countries, towns_named("Tripoli")[-1].countries
    (('IRQ',), ('LBN',))
    """
    return _towns().get(_without_article(fold(name)), ())


def _without_article(folded: str) -> str:
    """Drop the Arabic article, which papers write or leave out as they like."""
    first, _, rest = folded.partition(" ")
    if rest and first in {"al", "ar", "as", "ad", "an", "ash", "at", "az", "el", "ed"}:
        return rest
    return folded


def longest_match(texts: Sequence[str], at: int) -> tuple[Entry, int] | None:
    """Return the longest name of a country, people, area or region that begins at a word.

    Parameters
    ----------
    texts : sequence of str
        Words of a sentence, as :func:`dispersal.drafting.tokens.tokens_of` cuts them.
    at : int
        Where the name begins.

    Returns
    -------
    tuple of Entry and int, or None
        What it means, and how many words it has.

    Examples
    --------
    >>> longest_match(["in", "South", "Sudan"], 1)[0].code
    'SSD'
    """
    for length in range(min(_LONGEST, len(texts) - at), 0, -1):
        piece = texts[at : at + length]
        exact = _exact().get(" ".join(piece))
        if exact is not None:
            return exact, length
        if length == 1 and (piece[0].isupper() and len(piece[0]) < 4):
            continue  # other abbreviations are no names of places
        key = tuple(word for part in piece for word in fold(part).split())
        entry = _entries().get(key)
        if entry is None or not _written_like(piece, entry):
            continue
        return entry, length
    return None


def _written_like(piece: Sequence[str], entry: Entry) -> bool:
    """Return whether a name is written with its capitals, at least at both its ends."""
    first, last = piece[0], piece[-1]
    if not any(char.isalpha() for char in last):
        return False
    small = first[0].islower() and fold(first).split()[0] in _SMALL and entry.name[0].islower()
    if entry.kind == "region" and last[0].islower():
        # “Sambisa forest”: the table has both ways of writing.
        return entry.name.split()[-1][0].islower() and not first[0].islower()
    return (small or not first[0].islower()) and any(not char.islower() for char in last)
