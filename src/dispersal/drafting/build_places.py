"""Origins, places and hosts of a case, from the rows that were accepted."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from dispersal.case.checks.places import is_country
from dispersal.case.schema import Host, Origin, Place
from dispersal.case.vocabulary import AREA_CODES
from dispersal.drafting.gazetteer.tables import read_rows
from dispersal.drafting.tokens import fold
from dispersal.errors import InputError
from dispersal.world import country, country_name

if TYPE_CHECKING:
    from dispersal.drafting.proposals import Proposal, Proposals

_ROLE_OF: Final = {
    "holdouts": "sanctuary",
    "free_agents": "theatre",
    "third_country": "third_country",
}
_ROLES: Final = ("home_theatre", "sanctuary", "theatre", "third_country", "transit")
#: Affinity of the kinds of hosts, and months in which a rift halves: judgements to be confirmed.
_AFFINITY: Final = {"affiliate": (0.8, None), "local": (0.2, None), "rival": (-0.5, 24)}
#: Members from a home country of which no figure was accepted: anything from a handful to a
#: large contingent. Without a range the fit has nothing to hold on to.
UNKNOWN_MEMBERS: Final = (10.0, 1_000.0)
JUDGEMENT: Final = "judgement: drafted from the article, to be confirmed"


@dataclass
class Ground:
    """Places of a case while it is put together; ``remarks`` is what a person should look at."""

    proposals: Proposals
    roles: dict[str, list[str]] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    _codes: dict[str, str] = field(default_factory=dict)

    def row_of(self, name: str) -> Proposal | None:
        """Return the row of a place by its code or name."""
        rows = self.proposals.of_kind("place")
        return next(
            (
                row
                for row in rows
                if str(row.settled["place"]) == name
                or (not is_country(name) and fold(str(row.settled["place"])) == fold(name))
            ),
            None,
        )

    def code_of(self, name: str) -> str:
        """Return the identifier of a place in the case: an ISO code, or a zone's own."""
        if is_country(name):
            return name
        if name not in self._codes:
            taken = set(self._codes.values())
            code = zone_code(name, str(self._value(name, "country")))
            number = 2
            while code in taken:
                code = f"{zone_code(name, '')[:17]}-{number}"
                number += 1
            self._codes[name] = code
        return self._codes[name]

    def _value(self, name: str, key: str) -> Any:
        row = self.row_of(name)
        return row.settled.get(key, "") if row else ""

    def add(self, name: str, role: str, note: str) -> bool:
        """Give a place a role, unless it is an area larger than a country; say whether it has."""
        if name in AREA_CODES:
            self.remarks.append(
                f"{AREA_CODES[name]} ({name}) is larger than a country and cannot be a place of "
                "the case: add its countries to places.csv by hand"
            )
            return False
        self.roles.setdefault(name, [])
        if role not in self.roles[name]:
            self.roles[name].append(role)
        if note not in self.notes.setdefault(name, []):
            self.notes[name].append(note)
        return True

    def position(self, name: str) -> tuple[float | None, float | None, str, str]:
        """Return latitude, longitude, country and a remark of a zone; a country has none."""
        if is_country(name):
            return None, None, "", ""
        row = self.row_of(name)
        lies_in = str(self._value(name, "country"))
        label = row.row if row else name
        if row is not None and row.question and row.asks_for == "country" and not row.answer:
            raise InputError(f"{label} ({name}): answer its question first: {row.question}")
        if not is_country(lies_in):
            raise InputError(
                f"{label} ({name}): found no country, expected the ISO 3166-1 alpha-3 code of the "
                "country in which it lies; write it as country of this row in the review file"
            )
        latitude, longitude = self._value(name, "latitude"), self._value(name, "longitude")
        if latitude != "" and longitude != "":
            return float(latitude), float(longitude), lies_in, ""
        capital = country(lies_in)
        remark = f"coordinates are those of {capital.capital}, since none are known: replace them"
        self.remarks.append(f"{self.code_of(name)} ({name}): {remark}")
        return capital.latitude, capital.longitude, lies_in, remark


def zone_code(name: str, lies_in: str) -> str:
    """Return an identifier of a zone: capitals, digits and hyphens, at most 20.

    Examples
    --------
    >>> zone_code("Aïr Mountains", "NER")
    'NER-AIR-MOUNTAINS'
    """
    plain = unicodedata.normalize("NFKD", name)
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    words = re.sub(r"[^A-Z0-9]+", "-", letters.upper()).strip("-") or "ZONE"
    return (f"{lies_in}-{words}" if lies_in else f"Z-{words}")[:20].strip("-")


def ground_of(proposals: Proposals) -> Ground:
    """Return origins and roles of places, from accepted places and destinations."""
    ground = Ground(proposals)
    for row in proposals.accepted("place"):
        name, use = str(row.settled["place"]), str(row.settled["use"])
        if use == "origin":
            _add_origin(ground, name)
        elif use != "mention":
            ground.add(name, use, f"named in the article: {row.found}")
    for row in proposals.accepted("destination"):
        name, cohort = str(row.settled["place"]), str(row.settled["cohort"])
        if row.settled["negated"]:
            continue
        if cohort == "returnees":
            _add_origin(ground, name)
        else:
            ground.add(name, _ROLE_OF[cohort], f"foreseen for {cohort} in the article: {row.found}")
    for row in proposals.accepted("number"):
        if row.settled["origin"]:
            _add_origin(ground, str(row.settled["origin"]))
    return ground


def _add_origin(ground: Ground, name: str) -> None:
    if name in AREA_CODES:
        ground.remarks.append(
            f"{AREA_CODES[name]} ({name}) is larger than a country and cannot be an origin: add "
            "its countries to origins.csv by hand"
        )
        return
    ground.origins.setdefault(name, "foreign")


def home_theatre(ground: Ground) -> list[str]:
    """Return the places of the territory; a zone of it is a place of its own.

    Raises
    ------
    InputError
        If none was accepted.
    """
    home = [name for name, roles in ground.roles.items() if "home_theatre" in roles]
    if not home:
        proposed = [
            f"{row.row} ({row.values['place']})"
            for row in ground.proposals.of_kind("place")
            if row.values["use"] == "home_theatre"
        ]
        hint = f", such as {', '.join(proposed)}" if proposed else ""
        raise InputError(
            "found no accepted place with use: home_theatre, expected the territory that the group "
            f"loses: say yes to a place row and give it this use{hint}"
        )
    return home


def origin_rows(ground: Ground, home: list[str]) -> list[Origin]:
    """Return the rows of origins.csv: countries of the territory are local."""
    regions = {row["code"]: row["region"] for row in read_rows("demonyms.csv")}
    counted = {
        str(row.settled["origin"])
        for row in ground.proposals.accepted("number")
        if row.settled["counts"] == "departed" and not row.settled["share"]
    }
    local = {name if is_country(name) else ground.position(name)[2] for name in home}
    rows = []
    for name in [*sorted(local), *(one for one in ground.origins if one not in local)]:
        latitude, longitude, lies_in, _ = ground.position(name)
        code = ground.code_of(name)
        inside = lies_in or name
        low = high = None
        if inside not in local and name not in counted:
            low, high = UNKNOWN_MEMBERS
            ground.remarks.append(
                f"members of {code}: {low:.0f} to {high:,.0f} in origins.csv only says that "
                "nothing was accepted that counts them: replace it, or add a figure of departed"
            )
        rows.append(
            Origin(
                origin=code,
                name=country_name(code) if is_country(code) else name,
                region=regions[inside],
                kind="local" if inside in local else "foreign",
                latitude=latitude,
                longitude=longitude,
                members_low=low,
                members_high=high,
            )
        )
    return rows


def place_rows(ground: Ground) -> list[Place]:
    """Return the rows of places.csv, the home theatre first."""
    names = sorted(ground.roles, key=lambda one: min(map(_ROLES.index, ground.roles[one])))
    rows = []
    for name in names:
        latitude, longitude, lies_in, remark = ground.position(name)
        code = ground.code_of(name)
        notes = [JUDGEMENT, *ground.notes[name][:2], *([remark] if remark else [])]
        rows.append(
            Place(
                place=code,
                name=country_name(code) if is_country(code) else name,
                country=lies_in,
                latitude=latitude,
                longitude=longitude,
                roles=tuple(role for role in _ROLES if role in ground.roles[name]),
                note="; ".join(notes),
            )
        )
    return rows


def host_rows(ground: Ground, group: str, published: str) -> tuple[list[Host], str]:
    """Return the rows of hosts.csv, and the identifier of the group's own remnant."""
    hosts: dict[str, Host] = {}

    def add(name: str, place: str, kind: str, affinity: float, thaw: int | None) -> str:
        stem = re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_") or "host"
        stem = stem if stem[0].isalpha() else f"host_{stem}"
        host, number = stem[:40], 2
        while host in hosts:
            host, number = f"{stem[:37]}_{number}", number + 1
        hosts[host] = Host.model_validate(
            {
                "host": host, "name": name, "place": place, "kind": kind, "published": published,
                "affinity": affinity, "thaw_months": thaw, "note": JUDGEMENT,
            }
        )  # fmt: skip
        return host

    remnant = ""
    for name, roles in ground.roles.items():
        if "sanctuary" in roles:
            label = country_name(name) if is_country(name) else name
            made = add(f"{group} remnant, {label}", ground.code_of(name), "remnant", 1.0, None)
            remnant = remnant or made
    for row in ground.proposals.accepted("organisation"):
        name, use, place = (str(row.settled[key]) for key in ("name", "use", "place"))
        if use in {"mention", "group"}:
            continue
        if place not in ground.roles:
            ground.remarks.append(
                f"{row.row} ({name}) is no host yet: its place, {place or 'not given'}, is no "
                "accepted place of the case"
            )
            continue
        affinity, thaw = _AFFINITY[use]
        add(name, ground.code_of(place), use, affinity, thaw)
    return list(hosts.values()), remnant
