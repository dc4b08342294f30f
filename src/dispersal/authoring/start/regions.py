"""The region of the case format that a country counts to, as a new case has it."""

from __future__ import annotations

import csv
import functools
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@functools.cache
def regions() -> Mapping[str, str]:
    """Return the region of every country that the package knows, by alpha-3 code.

    Countries of a region inform each other's contingents, so that it follows who went to which
    wars together rather than any geography; a case may have another.

    Examples
    --------
    >>> regions()["TUN"], regions()["XKX"]
    ('north_africa', 'europe_south_east')
    """
    file = resources.files("dispersal.authoring.start").joinpath("regions.csv")
    rows = csv.DictReader(file.read_text("utf-8").splitlines())
    return MappingProxyType({row["iso3"]: row["region"] for row in rows})
