"""Which countries share a land border."""

from __future__ import annotations

import functools
from types import MappingProxyType
from typing import TYPE_CHECKING

from dispersal.world.countries import countries, country, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping


@functools.cache
def land_borders() -> frozenset[tuple[str, str]]:
    """Return the pairs of countries that share a land border.

    Territories with their own ISO code are counted apart from the state that they belong to:
    Brazil borders on French Guiana (GUF), not on France. What counts as a border, and each
    disputed case, is set out in docs/world.md.

    Returns
    -------
    frozenset of (str, str)
        Alpha-3 codes, the first before the second in the alphabet; 324 pairs.

    Examples
    --------
    >>> ("LBY", "TUN") in land_borders(), ("BRA", "FRA") in land_borders()
    (True, False)
    """
    return frozenset((row["iso3_a"], row["iso3_b"]) for row in read_table("borders.csv"))


def neighbours(iso3: str) -> tuple[str, ...]:
    """Return the countries that share a land border with one.

    Parameters
    ----------
    iso3 : str
        ISO 3166-1 alpha-3 code, or ``XKX``.

    Returns
    -------
    tuple of str
        Alpha-3 codes in alphabetical order; empty for an island.

    Raises
    ------
    UnknownCountryError
        If no country has the code.

    Examples
    --------
    >>> neighbours("SYR")
    ('IRQ', 'ISR', 'JOR', 'LBN', 'TUR')
    """
    return _neighbours()[country(iso3).iso3]


def share_land_border(a: str, b: str) -> bool:
    """Tell whether two countries share a land border; a country does not border on itself.

    Parameters
    ----------
    a, b : str
        ISO 3166-1 alpha-3 codes, or ``XKX``.

    Returns
    -------
    bool

    Raises
    ------
    UnknownCountryError
        If no country has one of the codes.

    Examples
    --------
    >>> share_land_border("TUR", "SYR"), share_land_border("TUN", "ITA")
    (True, False)
    """
    return country(b).iso3 in neighbours(a)


@functools.cache
def _neighbours() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {iso3: [] for iso3 in countries()}
    for a, b in land_borders():
        found[a].append(b)
        found[b].append(a)
    return MappingProxyType({iso3: tuple(sorted(others)) for iso3, others in found.items()})
