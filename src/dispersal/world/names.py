"""Names of countries in many languages, and the country that a name means."""

from __future__ import annotations

import functools
import unicodedata
from types import MappingProxyType
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError

from dispersal.errors import InputError, nearest_name
from dispersal.world.countries import UnknownCountryError, countries, country

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES_SEARCHED = (
    *("en", "fr", "ar", "es", "de", "ru", "zh", "pt", "it", "nl", "sv", "da", "no", "fi", "tr"),
    *("az", "fa", "ps", "ur", "hi", "bn", "id", "ms", "uz", "kk", "ky", "tg", "tk", "sq", "bs"),
    *("hr", "sr", "sr_Latn", "sl", "mk", "bg", "ro", "pl", "cs", "hu", "uk", "el", "he", "ku"),
    *("so", "sw", "ha", "am", "ja"),
)
"""Languages whose names `find_country` knows."""

OTHER_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ARE": ("UAE",),
        "BIH": ("Bosnia",),
        "BRN": ("Brunei Darussalam",),
        "CIV": ("Ivory Coast",),
        "COD": ("DRC", "DR Congo", "Democratic Republic of the Congo", "Congo, Dem. Rep.", "Zaire"),
        "COG": ("Republic of the Congo", "Congo, Rep.", "Congo"),
        "CPV": ("Cabo Verde",),
        "CZE": ("Czech Republic",),
        "EGY": ("Egypt, Arab Rep.",),
        "FSM": ("Federated States of Micronesia",),
        "GBR": ("UK", "Great Britain", "Britain", "England"),
        "HKG": ("Hong Kong",),
        "IRN": ("Islamic Republic of Iran", "Iran, Islamic Rep."),
        "KGZ": ("Kyrgyz Republic",),
        "KOR": ("Republic of Korea", "Korea, Rep."),
        "LAO": ("Lao PDR", "Lao People's Democratic Republic"),
        "MAC": ("Macao", "Macau"),
        "MDA": ("Republic of Moldova",),
        "MKD": ("Macedonia", "FYR Macedonia", "FYROM"),
        "MMR": ("Myanmar", "Burma"),
        "NLD": ("Holland",),
        "PRK": ("DPRK", "Democratic People's Republic of Korea"),
        "PSE": ("Palestine", "State of Palestine", "West Bank and Gaza", "Palestinian Authority"),
        "RUS": ("Russian Federation",),
        "SVK": ("Slovak Republic",),
        "SWZ": ("Swaziland",),
        "SYR": ("Syrian Arab Republic",),
        "TLS": ("East Timor",),
        "TUR": ("Turkey",),
        "TZA": ("United Republic of Tanzania",),
        "USA": ("USA", "US", "United States of America", "America"),
        "VAT": ("Holy See", "Vatican"),
        "VEN": ("Venezuela, RB",),
        "VNM": ("Viet Nam",),
        "XKX": ("RKS", "KOS"),
        "YEM": ("Yemen, Rep.",),
    }
)
"""Names in use that CLDR does not give, by alpha-3 code."""

# Letters that Unicode does not decompose into a base and an accent.
_PLAIN_LETTERS = str.maketrans({"ı": "i", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe"})


class UnknownLanguageError(InputError):
    """Babel has no data for a language.

    Examples
    --------
    >>> country_name("TUN", "xx")
    Traceback (most recent call last):
    dispersal.world.names.UnknownLanguageError: found language 'xx', expected one that Babel \
knows, such as 'en', 'fr', 'ar', 'pt_BR'
    """


def country_name(iso3: str, language: str = "en") -> str:
    """Return what a country is called in a language.

    Parameters
    ----------
    iso3 : str
        ISO 3166-1 alpha-3 code, or ``XKX``.
    language : str
        Any language that Babel has, such as ``fr``, ``ar`` or ``pt_BR`` (``pt-BR``).

    Returns
    -------
    str
        The name in CLDR; the English one where CLDR has none in that language.

    Raises
    ------
    UnknownCountryError
        If no country has the code.
    UnknownLanguageError
        If Babel does not know the language.

    Examples
    --------
    >>> country_name("TUN"), country_name("TUN", "fr"), country_name("XKX", "ru")
    ('Tunisia', 'Tunisie', 'Косово')
    """
    found = country(iso3)
    return _territories(language).get(found.iso2, found.name)


def find_country(text: str) -> str:
    """Return the alpha-3 code of the country that a code or a name means.

    Alpha-2 and alpha-3 codes are tried first, then the names of CLDR in `LANGUAGES_SEARCHED` and
    `OTHER_NAMES`. Case, accents and punctuation do not matter; nothing is guessed.

    Parameters
    ----------
    text : str
        A code or a name.

    Returns
    -------
    str
        ISO 3166-1 alpha-3 code, or ``XKX``.

    Raises
    ------
    UnknownCountryError
        If nothing matches exactly, when it suggests the nearest English name, or if a name means
        more than one country.

    Examples
    --------
    >>> find_country("Tunisie"), find_country("تونس"), find_country("cote d'ivoire")
    ('TUN', 'TUN', 'CIV')
    >>> find_country("xk"), find_country("UK")
    ('XKX', 'GBR')
    >>> find_country("Tunsia")
    Traceback (most recent call last):
    dispersal.world.countries.UnknownCountryError: found 'Tunsia', expected the name or code of \
a country; did you mean 'Tunisia'?
    """
    matches = _codes_by_name().get(fold_name(text), frozenset())
    if len(matches) > 1:
        raise UnknownCountryError(
            text, f"a name that means one country, not each of {', '.join(sorted(matches))}"
        )
    if not matches:
        raise UnknownCountryError(text, "the name or code of a country", _nearest_english(text))
    return next(iter(matches))


def fold_name(text: str) -> str:
    """Return a name without case, accents, punctuation and a leading article.

    Examples
    --------
    >>> fold_name("Côte d’Ivoire"), fold_name("St. Lucia"), fold_name("Bosnia & Herzegovina")
    ('cote d ivoire', 'saint lucia', 'bosnia and herzegovina')
    """
    spelled_out = text.casefold().replace("&", " and ")
    decomposed = unicodedata.normalize("NFKD", spelled_out)
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    letters = letters.casefold().translate(_PLAIN_LETTERS)
    words = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in letters).split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join("saint" if word == "st" else word for word in words)


@functools.cache
def _codes_by_name() -> Mapping[str, frozenset[str]]:
    """Return the countries that each folded code and name means."""
    known = countries().values()
    found: dict[str, set[str]] = {}
    for one in known:
        for name in (one.iso3, one.iso2, *OTHER_NAMES.get(one.iso3, ())):
            found.setdefault(fold_name(name), set()).add(one.iso3)
    for territories in map(_territories, LANGUAGES_SEARCHED):
        for one in known:
            if one.iso2 in territories:
                found.setdefault(fold_name(territories[one.iso2]), set()).add(one.iso3)
    return MappingProxyType({name: frozenset(codes) for name, codes in found.items()})


def _nearest_english(text: str) -> str | None:
    names = [one.name for one in countries().values()]
    names += [name for others in OTHER_NAMES.values() for name in others]
    folded = {fold_name(name): name for name in names}
    nearest = nearest_name(fold_name(text), folded)
    return folded[nearest] if nearest else None


@functools.cache
def _territories(language: str) -> Mapping[str, str]:
    try:
        names: Mapping[str, str] = Locale.parse(language.replace("-", "_")).territories
    except (UnknownLocaleError, ValueError) as error:
        raise UnknownLanguageError(
            f"found language {language!r}, expected one that Babel knows, such as 'en', 'fr', "
            "'ar', 'pt_BR'"
        ) from error
    return names
