"""A mention of a place that a table knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispersal.case.vocabulary import AREA_CODES
from dispersal.drafting.mentions import Mention
from dispersal.world import countries

if TYPE_CHECKING:
    from dispersal.drafting.gazetteer import Entry


def place_mention(number: int, start: int, end: int, words: str, entry: Entry) -> Mention:
    """Return a mention of a place that a table knows."""
    reasons = {
        "country": "name of a country",
        "people": "demonym or adjective of a country",
        "area": "area with a code",
        "region": "region in regions.csv",
        "town": "town or province in towns.csv",
    }
    confidence = {"country": 0.98, "people": 0.95, "area": 0.95, "region": 0.93, "town": 0.85}
    return (
        Mention(
            number,
            start,
            end,
            words,
            entry.code or words,
            "area" if entry.code in AREA_CODES else entry.kind,
            reasons[entry.kind],
            confidence[entry.kind],
            countries=entry.countries,
            latitude=entry.latitude,
            longitude=entry.longitude,
        )
        if entry.kind != "people" or entry.code in countries()
        else Mention(number, start, end, words, entry.code, "people", reasons["people"], 0.9)
    )
