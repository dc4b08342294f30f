"""Answers kept beside a run, read, checked against its forecast, and cut to what a page shows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from dispersal.errors import InputError
from dispersal.forecast.quantities import require_name
from dispersal.report.numbers import measure
from dispersal.report.whatif.layout_told import WhatIf
from dispersal.report.whatif.names import experts_in_words
from dispersal.whatif.store import FOLDER, KINDS, kept
from dispersal.whatif.update.history import HISTORY, history_of

if TYPE_CHECKING:
    from dispersal.forecast.forecast import Forecast

#: The command that asks for an answer of each kind anew.
COMMANDS: Final = {
    "levers": "dispersal compare",
    "experts": "dispersal experts",
    "update": "dispersal update",
    "influence": "dispersal influence",
    "sensitivity": "dispersal sensitivity",
    "information": "dispersal information",
    "indicators": "dispersal indicators",
    "history": "dispersal update",
}

#: Rows that a page holds of long lists, the first of each: they are ranked.
INFLUENCES: Final = 40
MOVES: Final = 30
FIGURES: Final = 40
OBSERVABLES: Final = 10

#: Keys of judgements and pools that no view shows.
UNSHOWN: Final = {
    "judgements": ("log_score", "interval_score", "outcome_low", "outcome_high", "measured_from",
                   "measured_to", "probability", "reached", "named"),
    "pools": ("order", "p10", "p50", "p90", "chance"),
}  # fmt: skip

#: Significant digits of numbers.
DIGITS: Final = 6

Answers = Mapping[str, Mapping[str, Any]] | str | Path | None


def answers(forecast: Forecast, given: Answers) -> dict[str, Any]:
    """Return the answers that a report of a forecast shows, by kind; empty where there are none.

    Parameters
    ----------
    forecast : Forecast
    given : mapping, str or Path, optional
        Records by kind (``dispersal.whatif.store.KINDS``, and ``history``), or the folder of the
        saved forecast beside which they are kept.

    Raises
    ------
    InputError
        If an answer is damaged, of another layout, or of another case or cut-off.
    """
    where = f"{given}: " if isinstance(given, str | Path) else ""
    records = _records(given)
    if not records:
        return {}
    for kind, record in records.items():
        require_name("kind of answer", kind, COMMANDS)
        _check_layout(where, kind, record)
        _check_asked(where, kind, record, forecast)
    plain = WhatIf.model_validate(records).model_dump(exclude_none=True)
    shown = {kind: _cut(kind, plain[kind], plain) for kind in COMMANDS if kind in plain}
    if "experts" in shown:
        shown["experts"] = experts_in_words(shown["experts"], forecast)
    return {kind: _rounded(record) for kind, record in shown.items()}


def cited_in(found: Mapping[str, Any]) -> set[str]:
    """Return the keys of sources that answers name.

    Examples
    --------
    >>> sorted(cited_in({"levers": {"levers": [{"source": "un_2017"}, {"source": ""}]}}))
    ['un_2017']
    """
    keys = {lever["source"] for lever in found.get("levers", {}).get("levers", [])}
    experts = found.get("experts", {})
    for row in (*experts.get("judgements", []), *experts.get("claims", [])):
        keys |= set(row["sources"])
    return keys - {""}


def _records(given: Answers) -> dict[str, Any]:
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return dict(given)
    folder = Path(given)
    found: dict[str, Any] = {**kept(folder)}
    # A run that was never brought up to date has no history to show.
    if (folder / HISTORY).is_file():
        found["history"] = {"forecasts": history_of(folder)}
    return found


def _check_layout(where: str, kind: str, record: Any) -> None:
    try:
        WhatIf.model_validate({kind: record})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"{where}found {place} with {first['msg']!r} in the kept answer on {kind}, expected "
            f"one of this version ({error.error_count()} faults): run `{COMMANDS[kind]}` again, or "
            f"take {FOLDER}/{kind}.json away"
        ) from None


def _check_asked(where: str, kind: str, record: Any, forecast: Forecast) -> None:
    """Refuse what was asked of another forecast: a report does not mix cases."""
    asked = record["forecasts"][-1] if kind == "history" and record["forecasts"] else record
    provenance = forecast.provenance
    wanted = {"case_hash": provenance.case_hash, "cutoff": str(provenance.cutoff)}
    for key, value in wanted.items():
        if asked.get(key) != value:
            found = str(asked.get(key))
            raise InputError(
                f"{where}found an answer on {kind} of {key} {found[:12]}, expected {value[:12]}, "
                f"that of the forecast: run `{COMMANDS[kind]}` on it again"
            )


def _cut(kind: str, record: dict[str, Any], every: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record without what no view shows."""
    if kind == "experts":
        for name, keys in UNSHOWN.items():
            for row in record[name]:
                for key in keys:
                    row.pop(key, None)
        return {key: value for key, value in record.items() if not key.startswith("word")}
    if kind == "influence":
        rows = record["rows"]
        worst = [row for row in rows[INFLUENCES:] if not row["trusted"]]
        return record | {"rows": rows[:INFLUENCES] + worst}
    if kind == "update":
        return record | {"moved": record["moved"][:MOVES]}
    if kind == "history":
        told = {row["origin"] for row in every.get("update", {}).get("moved", [])[:MOVES]}
        for entry in record["forecasts"]:
            outputs = entry["outputs"].items()
            entry["outputs"] = {
                key: value for key, value in outputs if key in {"foreign", "local"} | told
            }
        return record
    if kind == "information":
        return record | {"figures": record["figures"][:FIGURES]}
    if kind == "indicators":
        for cohort in record["cohorts"]:
            cohort["observables"] = cohort["observables"][:OBSERVABLES]
    return record


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return measure(value, DIGITS)
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list) else value


# Every kind that can be kept can be shown.
assert set(KINDS) <= set(COMMANDS)
