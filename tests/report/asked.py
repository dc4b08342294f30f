"""A small forecast with an answer of every kind: real ones, but for those that need new fits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from dispersal.case import load_case
from dispersal.forecast.ensemble import simulate
from dispersal.forecast.forecast import Forecast
from dispersal.whatif.compare import compare
from dispersal.whatif.experts import experts_of
from dispersal.whatif.indicators import indicators
from dispersal.whatif.information import information
from dispersal.whatif.sensitivity import sensitivity
from dispersal.whatif.store import head
from tests.case.small import write_small
from tests.forecast.prior import prior_posterior

if TYPE_CHECKING:
    from pathlib import Path

DRAWS = 60

#: Evidence of the small case that invented answers speak of.
ROWS = 3


class Asked(NamedTuple):
    """A forecast, the folder of its case, and records by kind."""

    forecast: Forecast
    case: Path
    records: dict[str, Any]


def ask(folder: Path) -> Asked:
    """Return a forecast of the small case and answers of every kind, as JSON has them."""
    files = write_small(folder)
    case = load_case(files)
    posterior = prior_posterior(case, DRAWS)
    forecast = Forecast.of(simulate(posterior, draws=DRAWS, seed=1))
    experts = experts_of(case, forecast.cutoff).record()
    records = {
        "levers": with_another(compare(posterior, draws=DRAWS).record()),
        "experts": {**experts, **head("experts", forecast), "claims": claims_of(forecast)},
        "sensitivity": sensitivity(
            posterior, ["returned_total", "holdouts:all"], base=16, told=6
        ).record(),
        "information": information(forecast).record(),
        "indicators": indicators(forecast).record(),
        "influence": influence_of(forecast),
        "update": update_of(forecast),
        "history": history_of(forecast),
    }
    plain: dict[str, Any] = json.loads(json.dumps(records, allow_nan=False))
    return Asked(forecast, files, plain)


def with_another(record: dict[str, Any]) -> dict[str, Any]:
    """Return an answer on levers with an invented one more, whose differences are the opposite."""
    first = record["levers"][0]
    at = {name: record["columns"].index(name) for name in ("mean", "p10", "p50", "p90")}
    rows = []
    for row in first["rows"]:
        turned = list(row)
        for name, other in (("mean", "mean"), ("p10", "p90"), ("p50", "p50"), ("p90", "p10")):
            turned[at[name]] = -row[at[other]]
        rows.append(turned)
    turned_round = {"name": "another", "title": "<b>Another</b>", "effect": "both", "rows": rows}
    return {**record, "levers": [first, {**first, **turned_round}]}


def claims_of(forecast: Forecast) -> list[dict[str, Any]]:
    """Return invented claims of the question's day: one that came true, one that did not."""
    row = forecast.case.ledger.figure_rows[0]
    common: dict[str, Any] = {
        "judgement_id": "x1", "expert": "An expert", "published": "2017-03-07", "words": "may",
        "until": forecast.last_day.isoformat(),
    }  # fmt: skip
    return [
        {**common, "cohort": "returnees", "name": row.origin, "p10": 8.0, "p50": 51.0, "p90": 90.0,
         "forecast": "about 51 (8 to 90)", "counts": "returns since the cut-off",
         "published_later": f"at least 12 more in {row.origin}", "figure_ids": [row.figure_id],
         "sources": [row.source], "verdict": "came true"},
        {**common, "name": "stay_in_IRQ_SYR", "figure_ids": [], "sources": ["unlisted"],
         "verdict": "did not"},
    ]  # fmt: skip


def influence_of(forecast: Forecast) -> dict[str, Any]:
    """Return an invented answer on influence: one row of which the weights cannot tell."""
    figures = forecast.case.ledger.figure_rows[:ROWS]
    rows = [
        {
            "row": row.figure_id, "source": row.source, "origin": row.origin,
            "quantity": row.quantity, "low": row.low, "high": row.high,
            "as_of": row.as_of.isoformat(), "shift": -90.5 + 60.0 * at, "error": 12.5,
            "half_widths": -0.4, "khat": 0.95 - 0.3 * at, "trusted": at > 0, "method": "weights",
        }
        for at, row in enumerate(figures)
    ]  # fmt: skip
    return {
        **head("influence", forecast),
        "output": {"name": "returned:foreign@2018-12-31", "words": "returned, all from abroad",
                   "p10": 80.0, "p50": 120.0, "p90": 190.0},
        "doubtful": [rows[0]["row"]],
        "rows": rows,
    }  # fmt: skip


def update_of(forecast: Forecast) -> dict[str, Any]:
    """Return an invented answer on an update: one row used and one not."""
    row = forecast.case.ledger.figure_rows[0]
    told = {
        "origin": row.origin, "quantity": row.quantity, "low": row.low, "high": row.high,
        "qualifier": row.qualifier, "as_of": row.as_of.isoformat(),
        "published": row.published.isoformat(), "source": row.source,
    }  # fmt: skip
    return {
        **head("update", forecast),
        "before": "small", "run": "small-update-1", "method": "reweighed", "why": [],
        "khat": 0.31, "effective": 512, "of": 800, "diagnostics": {"ess_bulk": 512.0},
        "rows": [{"row": row.figure_id, **told, "unused": None},
                 {"row": "unseen", **told, "unused": "it counts minors"}],
        "notes": [], "day": forecast.last_day.isoformat(),
        "moved": [
            {"quantity": "returned", "origin": origin, "before": [80.0, 120.0, 190.0],
             "after": [90.0, 160.0, 230.0], "persons": persons, "error": 4.2, "shift": 0.73,
             "width": 1.27, "found": "weights", "row": row.figure_id, "by": 38.0, "khat": 0.2}
            for origin, persons in (("foreign", 41.0), (row.origin, 30.0))
        ],
        "seconds": {"read": 0.4},
    }  # fmt: skip


def history_of(forecast: Forecast) -> dict[str, Any]:
    """Return an invented history of two forecasts."""
    provenance = forecast.provenance
    common = {"seed": 1, "draws": 800, "day": forecast.last_day.isoformat()}
    return {
        "forecasts": [
            {**common, "run": "small", "cutoff": "2016-12-01", "case_hash": "0" * 64, "added": [],
             "method": "fitted", "outputs": {"foreign": {"returned": [80.0, 120.0, 190.0]}}},
            {**common, "run": "small-update-1", "cutoff": str(provenance.cutoff),
             "case_hash": provenance.case_hash, "added": ["a", "b"], "method": "reweighed",
             "outputs": {"foreign": {"returned": [90.0, 160.0, 230.0]},
                         "ZZZ": {"returned": [1.0, 2.0, 3.0]}}},
        ]
    }  # fmt: skip
