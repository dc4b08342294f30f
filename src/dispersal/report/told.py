"""What the evidence could tell: prior, posterior and contraction of every parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dispersal.model.parameters import table
from dispersal.report.numbers import measure, shares

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispersal.forecast.forecast import Forecast

LEVELS = ("p10", "p50", "p90")


def told(forecast: Forecast) -> list[dict[str, Any]]:
    """Return the table of contraction with each parameter's meaning and source, best told first.

    Empty for a forecast that was saved without it.
    """
    if forecast.contraction is None:
        return []
    known, replaced = table(), forecast.case.parameters
    rows = forecast.contraction.sort_values("contraction", ascending=False, kind="stable")
    found = []
    for name, row in rows.to_dict("index").items():
        parameter = known[str(name)] if name in known else None
        source = replaced[str(name)].source if name in replaced else ""
        found.append(
            {
                "parameter": str(name),
                "unit": str(row.get("unit", "")),
                "meaning": parameter.meaning if parameter else "",
                "source": source or (parameter.source if parameter else ""),
                "fitted": parameter is not None and parameter.stage == "fit",
                "prior": _ends(row, "prior_"),
                "posterior": _ends(row, ""),
                "contraction": shares(row["contraction"]),
            }
        )
    return found


def _ends(row: Mapping[Any, Any], prefix: str) -> dict[str, float | None]:
    return {level: measure(row.get(f"{prefix}{level}")) for level in LEVELS}
