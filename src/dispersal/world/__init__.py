"""Countries and places: names, distances, land borders, languages.

Countries go by their ISO 3166-1 alpha-3 code, Kosovo by ``XKX``. Everything is read from files
that are shipped with the package or with Babel, when first asked for; nothing is downloaded.
"""

from __future__ import annotations

from dispersal.world.borders import land_borders, neighbours, share_land_border
from dispersal.world.countries import Country, UnknownCountryError, countries, country
from dispersal.world.geodesy import (
    EARTH_RADIUS_KM,
    distance_km,
    distance_matrix_km,
    great_circle_km,
)
from dispersal.world.languages import SPOKEN_AS_ONE, common_language_share, languages_of
from dispersal.world.names import UnknownLanguageError, country_name, find_country

__all__ = [
    "EARTH_RADIUS_KM",
    "SPOKEN_AS_ONE",
    "Country",
    "UnknownCountryError",
    "UnknownLanguageError",
    "common_language_share",
    "countries",
    "country",
    "country_name",
    "distance_km",
    "distance_matrix_km",
    "find_country",
    "great_circle_km",
    "land_borders",
    "languages_of",
    "neighbours",
    "share_land_border",
]
