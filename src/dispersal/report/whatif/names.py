"""What experts' answers name by codes, in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from dispersal import world
from dispersal.case.schema import AREA_CODES
from dispersal.forecast.wording import listed
from dispersal.report.names import OTHER_AREAS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispersal.forecast.forecast import Forecast

#: Names that only judgements use; ``NAM`` is no country there.
IN_JUDGEMENTS: Final = {
    "NAM": "North America",
    "SYR_desert": "the Syrian desert",
    "desert_IRQ_SYR": "the desert of Iraq and Syria",
    "stay_in_IRQ_SYR": "staying in Iraq and Syria",
    "hardcore": "hard core",
    "hardcore_underground": "the hard core, underground",
}

#: Texts of an answer on experts that hold codes.
CODED: Final = {
    "judgements": ("area", "place", "says", "outcome", "verdict", "pool_says", "model_says",
                   "reference_says"),
    "pools": ("area", "place", "says", "outcome"),
    "claims": ("name", "cohort", "published_later"),
}  # fmt: skip

_CODE: Final = re.compile(r"\b[A-Z]{3}(?:\+[A-Z]{3})*\b|\b[A-Za-z]+(?:_[A-Za-z]+)+\b|\bhardcore\b")


def names_in_judgements(forecast: Forecast) -> dict[str, str]:
    """Return the names of countries, areas and places by the codes of judgements."""
    names = {code: found.name for code, found in world.countries().items()}
    return {**names, **AREA_CODES, **OTHER_AREAS, **IN_JUDGEMENTS, **forecast.names}


def in_words(text: str, names: Mapping[str, str]) -> str:
    """Return a text with names for codes; what has no name stays.

    Examples
    --------
    >>> in_words("LBY > other_armed_group: 20 in IRQ+SYR", {"LBY": "Libya", "IRQ": "Iraq"})
    'Libya > other armed group: 20 in Iraq and SYR'
    """

    def name(found: re.Match[str]) -> str:
        code = found[0]
        if code in names:
            return names[code]
        return listed([names.get(part, part) for part in code.replace("_", " ").split("+")])

    return _CODE.sub(name, text)


def experts_in_words(record: dict[str, Any], forecast: Forecast) -> dict[str, Any]:
    """Return an answer on experts with names for codes."""
    names = names_in_judgements(forecast)
    for part, keys in CODED.items():
        for row in record[part]:
            row |= {key: in_words(row[key], names) for key in keys if key in row}
    return record
