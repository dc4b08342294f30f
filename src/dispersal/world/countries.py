"""Countries by their ISO 3166-1 alpha-3 code, each with its capital."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

from babel import Locale

from dispersal.errors import InputError, nearest_name, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping


class UnknownCountryError(InputError):
    """No country has this code or name.

    Parameters
    ----------
    found : str
        What was given.
    expected : str
        What should have been given.
    nearest : str or None
        The nearest valid code or name.

    Examples
    --------
    >>> print(UnknownCountryError("TNU", "an ISO 3166-1 alpha-3 code", "TUN"))
    found 'TNU', expected an ISO 3166-1 alpha-3 code; did you mean 'TUN'?
    """

    def __init__(self, found: str, expected: str, nearest: str | None = None) -> None:
        self.found = found
        self.expected = expected
        self.nearest = nearest
        hint = f"; did you mean {nearest!r}?" if nearest else ""
        super().__init__(f"found {shorten(found)!r}, expected {expected}{hint}")


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory and where its capital lies.

    Parameters
    ----------
    iso3, iso2 : str
        ISO 3166-1 alpha-3 and alpha-2 codes; ``XKX`` and ``XK`` for Kosovo.
    name : str
        English name in Unicode's CLDR.
    capital : str
        Capital or main town, as docs/world.md decides where there is a choice.
    latitude, longitude : float
        Of the capital, in degrees north and east, to 0.01 degrees (about 1 km).

    Examples
    --------
    >>> Country("TUN", "TN", "Tunisia", "Tunis", 36.82, 10.17).capital
    'Tunis'
    """

    iso3: str
    iso2: str
    name: str
    capital: str
    latitude: float
    longitude: float


def read_table(file: str) -> list[dict[str, str]]:
    """Return the rows of one of this package's own tables.

    Parameters
    ----------
    file : str
        Name of a CSV file that is shipped in ``dispersal.world``.

    Returns
    -------
    list of dict
        One mapping of column to text a row.

    Examples
    --------
    >>> read_table("borders.csv")[0]
    {'iso3_a': 'AFG', 'iso3_b': 'CHN'}
    """
    text = resources.files("dispersal.world").joinpath(file).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@functools.cache
def countries() -> Mapping[str, Country]:
    """Return every country by its alpha-3 code, in the order of the codes.

    Returns
    -------
    Mapping of str to Country
        The 245 countries and territories of ISO 3166-1 that have a capital or main town, and
        Kosovo. Antarctica, Bouvet Island, Heard Island and McDonald Islands and the United
        States Minor Outlying Islands have none.

    Examples
    --------
    >>> len(countries())
    246
    >>> countries()["XKX"].capital
    'Pristina'
    """
    english = Locale("en").territories
    return MappingProxyType(
        {
            row["iso3"]: Country(
                iso3=row["iso3"],
                iso2=row["iso2"],
                name=english[row["iso2"]],
                capital=row["capital"],
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
            )
            for row in read_table("countries.csv")
        }
    )


def country(code: str) -> Country:
    """Return the country of an alpha-3 code.

    Parameters
    ----------
    code : str
        ISO 3166-1 alpha-3 code in capitals, or ``XKX`` for Kosovo. For names and other codes
        there is `find_country`.

    Returns
    -------
    Country

    Raises
    ------
    UnknownCountryError
        If no country has the code; it names the nearest valid one.

    Examples
    --------
    >>> country("TUN").name
    'Tunisia'
    >>> country("TN")
    Traceback (most recent call last):
    dispersal.world.countries.UnknownCountryError: found 'TN', expected an ISO 3166-1 alpha-3 \
code or XKX; did you mean 'TUN'?
    """
    known = countries()
    if code in known:
        return known[code]
    nearest = next((one.iso3 for one in known.values() if one.iso2 == code.upper()), None)
    raise UnknownCountryError(
        code, "an ISO 3166-1 alpha-3 code or XKX", nearest or nearest_name(code, known)
    )
