"""From what a person calls a country, in any language, to its code; suggestions where none fits."""

from __future__ import annotations

import difflib
import functools
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from babel import Locale

from dispersal.errors import InputError, shorten
from dispersal.world import UnknownCountryError, countries, country_name, find_country
from dispersal.world.names import LANGUAGES_SEARCHED, OTHER_NAMES, fold_name

if TYPE_CHECKING:
    from collections.abc import Mapping

#: How alike two names are for one to be suggested for the other, 0 to 1.
_ALIKE: Final = 0.72


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A country that may be meant: its code, and the name that is near, with its language."""

    iso3: str
    name: str
    language: str

    def __str__(self) -> str:
        return f"{self.name} ({self.iso3}, {self.language})"


class UnnamedCountryError(InputError):
    """No country has the name, or several have it.

    Parameters
    ----------
    found, expected : str
    suggestions : tuple of Suggestion
        Countries whose name in some language is near, the nearest first.
    """

    def __init__(self, found: str, expected: str, suggestions: tuple[Suggestion, ...]) -> None:
        self.found, self.expected, self.suggestions = found, expected, suggestions
        super().__init__(f"found {shorten(found)!r}, expected {expected}")


def code_of(text: str) -> str:
    """Return the ISO 3166-1 alpha-3 code of the country that a code or a name means.

    Raises
    ------
    UnnamedCountryError
        If none has exactly this name; it suggests names that are near, in several languages.

    Examples
    --------
    >>> code_of("Tunesien"), code_of("تونس"), code_of("TUN")
    ('TUN', 'TUN', 'TUN')
    >>> code_of("Tunezien")
    Traceback (most recent call last):
    dispersal.authoring.countries.UnnamedCountryError: found 'Tunezien', expected the name or \
code of a country in any of 49 languages; near are Tunesien (TUN, German)
    """
    try:
        return find_country(text.strip())
    except UnknownCountryError as error:
        if "one country" in error.expected:
            raise UnnamedCountryError(text, error.expected, ()) from None
    near = suggestions(text)
    expected = f"the name or code of a country in any of {len(LANGUAGES_SEARCHED)} languages"
    if near:
        expected += f"; near are {', '.join(map(str, near))}"
    raise UnnamedCountryError(text, expected, near)


@functools.lru_cache(maxsize=1_000)  # a column of a spreadsheet repeats its mistakes
def suggestions(text: str, most: int = 3) -> tuple[Suggestion, ...]:
    """Return countries with a name near to a text in any language, each once, the nearest first.

    Examples
    --------
    >>> [str(found) for found in suggestions("Kolumbienn")][0]
    'Kolumbien (COL, German)'
    >>> suggestions("qqqqqq")
    ()
    """
    names = _names()
    close = difflib.get_close_matches(fold_name(text), names, n=5 * most, cutoff=_ALIKE)
    found: dict[str, Suggestion] = {}
    for folded in close:
        for iso3, name, language in names[folded]:
            found.setdefault(iso3, Suggestion(iso3, name, language))
    return tuple(found.values())[:most]


@functools.cache
def _names() -> Mapping[str, tuple[tuple[str, str, str], ...]]:
    """Return the countries that each folded name means, with the name and its language."""
    found: dict[str, dict[str, tuple[str, str, str]]] = {}
    for tag in LANGUAGES_SEARCHED:
        language = str(Locale.parse(tag).english_name)
        for iso3 in countries():
            name = country_name(iso3, tag)
            found.setdefault(fold_name(name), {}).setdefault(iso3, (iso3, name, language))
    for iso3, others in OTHER_NAMES.items():
        for name in others:
            found.setdefault(fold_name(name), {}).setdefault(iso3, (iso3, name, "English"))
    return MappingProxyType({name: tuple(each.values()) for name, each in found.items()})
