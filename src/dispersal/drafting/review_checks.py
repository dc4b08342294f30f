"""Checks of one row of a review file: its keys, its answer, and what it says."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from dispersal.case.checks.places import is_country, nearest_country
from dispersal.case.vocabulary import AREA_CODES, END_MODES, QUALIFIERS
from dispersal.drafting.proposals import (
    ANSWERS,
    COHORTS,
    COUNTS,
    DATE_USES,
    FIELDS,
    ORGANISATION_USES,
    PLACE_USES,
)
from dispersal.errors import Fault, nearest_name

if TYPE_CHECKING:
    from collections.abc import Collection

    from dispersal.drafting.proposals import Proposal

_NAMES_OF: Final[dict[tuple[str, str], Collection[str]]] = {
    ("place", "use"): PLACE_USES,
    ("organisation", "use"): ORGANISATION_USES,
    ("date", "use"): DATE_USES,
    ("destination", "cohort"): COHORTS,
    ("number", "counts"): COUNTS,
    ("number", "qualifier"): QUALIFIERS,
    ("end_mode", "mode"): END_MODES,
}
_NUMBERS: Final = frozenset({"low", "high", "latitude", "longitude", "members_low", "members_high"})
_REQUIRED_NUMBERS: Final = frozenset({"low", "high"})
_FLAGS: Final = frozenset({"negated", "share"})
_DATES: Final = frozenset({"date", "as_of"})
_ISO: Final = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
#: What a person leaves as it is.
_KEPT: Final = ("sentence", "found")
_FREE: Final = frozenset({"said_by", "reason", "confidence", "at", "row"})
_YES: Final = {
    "yes": "yes",
    "true": "yes",
    "y": "yes",
    "no": "no",
    "false": "no",
    "n": "no",
    "?": "?",
}


def checked_row(
    entry: dict[str, Any], proposed: Proposal, file: str, faults: list[Fault]
) -> Proposal:
    """Return a proposal with what stands in its row of the review file.

    Parameters
    ----------
    entry : dict
        The row as it was read.
    proposed : Proposal
        The row as it was proposed.
    file : str
        Name of the review file.
    faults : list of Fault
        What is wrong is added here.
    """

    def fault(kind: str, key: str, found: object, expected: str, near: str | None = None) -> None:
        column = f"{proposed.row}.{key}"
        faults.append(Fault(kind, file, None, column, str(found), expected, near))

    fields = FIELDS[proposed.kind]
    known = {"accept", "question", "choices", "answer", *fields, *_KEPT, *_FREE}
    for key in entry.keys() - known:
        fault("unknown_key", key, key, "a key that the row had", nearest_name(key, known))
    for key in _KEPT:
        if " ".join(str(entry.get(key, "")).split()) != " ".join(getattr(proposed, key).split()):
            fault("changed", key, entry.get(key, ""), f"the {key} as it was drafted")
    accept = _YES.get(str(entry.get("accept", "")).casefold(), "")
    if accept not in ANSWERS:
        fault("bad_answer", "accept", entry.get("accept", ""), "yes, no or ?")
        accept = "no"
    answer = str(entry.get("answer") or "")
    if answer and answer not in proposed.choices:
        near = nearest_name(answer, proposed.choices)
        fault("bad_answer", "answer", answer, f"one of {', '.join(proposed.choices)}", near)
    if accept == "yes" and proposed.question and not answer:
        expected = f"an answer, one of {', '.join(proposed.choices)}, to: {proposed.question}"
        fault("unanswered", "answer", "", expected)
    values = {
        key: _value(proposed, key, entry.get(key, proposed.values.get(key, "")), fault)
        for key in fields
    }
    row = replace(proposed, values=values, accept=accept, answer=answer)
    if accept == "yes":
        _check_accepted(row, fault)
    return row


def _value(proposed: Proposal, key: str, value: Any, fault: Any) -> Any:
    names = _NAMES_OF.get((proposed.kind, key))
    if value is None:
        value = ""
    if key in _NUMBERS:
        if value == "" and key not in _REQUIRED_NUMBERS:
            return ""
        if isinstance(value, bool) or not isinstance(value, int | float):
            fault("bad_number", key, value, "a number in digits, for example 2500 or 0.35")
            return 0.0
        return float(value)
    if key in _FLAGS:
        if not isinstance(value, bool):
            fault("wrong_type", key, value, "true or false")
        return bool(value)
    text = str(value).strip()
    if names is not None and text not in names:
        fault("unknown_name", key, text, f"one of {', '.join(names)}", nearest_name(text, names))
    if key in _DATES and text and not _ISO.fullmatch(text):
        fault(
            "bad_date", key, text, "a year, a month or a day, for example 2017, 2017-03, 2017-03-07"
        )
    return text


def _check_accepted(row: Proposal, fault: Any) -> None:
    values = row.settled
    if row.kind == "number":
        low, high = float(values["low"]), float(values["high"])
        if low < 0 or low > high:
            fault("low_above_high", "low", low, f"a number from 0 to high, {high:g}")
        if values["share"] and high > 1:
            fault("share_out_of_range", "high", high, "a share from 0 to 1")
    for key, limit in (("latitude", 90), ("longitude", 180)):
        if values.get(key) not in (None, "") and abs(float(values[key])) > limit:
            fault("coordinates_out_of_range", key, values[key], f"degrees from −{limit} to {limit}")
    if row.kind in {"place", "destination", "group"} and not str(
        values.get("place", values.get("name", ""))
    ):
        fault("missing_value", "place", "", "a code or a name")
    for key in ("country", "origin"):
        code = str(values.get(key, "") or "")
        if code and not is_country(code) and code not in AREA_CODES:
            expected = "a country's ISO 3166-1 alpha-3 code, or an area's code"
            fault("unknown_country", key, code, expected, nearest_country(code))
