"""The ledger as the report shows it: every figure, known or later, its source, what disagrees."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from dispersal.case.schema import AGGREGATE_QUANTITIES
from dispersal.forecast.plain import plain
from dispersal.inference.observation import observe
from dispersal.model.design import make_design
from dispersal.report.numbers import measure, packed

if TYPE_CHECKING:
    from collections.abc import Collection

    from dispersal.case import Ledger
    from dispersal.forecast.forecast import Forecast

#: Days within which two figures speak of the same time.
TOGETHER: Final = 92

COLUMNS: Final = (
    "id", "kind", "quantity", "origin", "place", "host", "low", "high", "qualifier", "as_of",
    "published", "source", "note", "tags", "known", "used",
)  # fmt: skip

#: By how much a figure given as ``about`` may be off and still agree.
ABOUT: Final = 0.1


def ledger(forecast: Forecast, later: Ledger | None, cited: Collection[str] = ()) -> dict[str, Any]:
    """Return the figures that were known, those published later, their sources, disagreements.

    Parameters
    ----------
    forecast : Forecast
    later : Ledger, optional
        Its rows published after the cut-off are listed; others are not.
    cited : collection of str
        Sources of later figures that are listed, too: what answers name.
    """
    known = forecast.case.ledger
    rows = known.query().assign(known=True)
    sources = {row.key: row for row in known.source_rows}
    if later is not None:
        more = later.query(published=(forecast.cutoff, None)).assign(known=False)
        more = more[more["published"] > pd.Timestamp(forecast.cutoff)]
        more = more[~more["figure_id"].isin(set(rows["figure_id"]))]
        rows = pd.concat([part for part in (rows, more) if len(part)] or [rows], ignore_index=True)
        wanted = set(more["source"]) | set(cited)
        sources |= {row.key: row for row in later.source_rows if row.key in wanted}
    used = used_figures(forecast)
    figures = [
        {
            "id": row["figure_id"],
            "kind": "aggregate" if row["quantity"] in AGGREGATE_QUANTITIES else "figure",
            "quantity": row["quantity"],
            "origin": row["origin"],
            "place": row["place"],
            "host": row["host"],
            "low": measure(row["low"], 9),
            "high": measure(row["high"], 9),
            "qualifier": row["qualifier"],
            "as_of": plain(row["as_of"]),
            "published": plain(row["published"]),
            "source": row["source"],
            "note": row["note"],
            "tags": sorted(row["tags"]),
            "known": bool(row["known"]),
            "used": row["figure_id"] in used,
        }
        for row in rows.to_dict("records")
    ]
    return {
        "figures": packed(figures, COLUMNS),
        "sources": {
            key: {
                "title": row.title,
                "publisher": row.author_or_publisher,
                "published": row.published.isoformat(),
                "url": row.url,
            }
            for key, row in sorted(sources.items())
        },
        "disagreements": disagreements(rows),
    }


def areas_of(found: dict[str, Any]) -> set[str]:
    """Return every origin and place that the figures of a ledger of the document name."""
    columns = [COLUMNS.index(name) for name in ("origin", "place")]
    return {row[at] for row in found["figures"]["rows"] for at in columns}


def used_figures(forecast: Forecast) -> frozenset[str]:
    """Return the names of the figures that enter the likelihood."""
    return frozenset(observe(make_design(forecast.case, forecast.cutoff)).figure_id)


def disagreements(rows: pd.DataFrame) -> list[list[str]]:
    """Return sets of figures that speak of the same thing and time and do not agree.

    Figures of one quantity, origin, place and host, dated within 92 days of one another, whose
    intervals do not overlap. What is given as ``about`` may be off by a tenth; ``at_least`` and
    ``at_most`` are open to one side. Each set holds, by date, the figures of 92 days that
    contradict another one among them; no set is part of another.

    Parameters
    ----------
    rows : pandas.DataFrame
        As ``Ledger.query``.
    """
    found: list[list[str]] = []
    subjects: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows.sort_values(["as_of", "published", "figure_id"]).to_dict("records"):
        subject = tuple(str(row[name]) for name in ("quantity", "origin", "place", "host"))
        subjects.setdefault(subject, []).append({str(key): value for key, value in row.items()})
    for _, records in sorted(subjects.items()):
        spans = [interval(row["low"], row["high"], row["qualifier"]) for row in records]
        days = [row["as_of"] for row in records]
        before: set[str] = set()
        for start in range(len(records)):
            window = [
                at for at in range(start, len(records)) if (days[at] - days[start]).days <= TOGETHER
            ]
            apart = [
                records[at]["figure_id"]
                for at in window
                if any(_disjoint(spans[at], spans[other]) for other in window)
            ]
            if not apart or before.issuperset(apart):
                continue
            if before and before.issubset(apart):
                found.pop()
            found.append(apart)
            before = set(apart)
    return found


def interval(low: float, high: float, qualifier: str) -> tuple[float, float]:
    """Return what a figure allows.

    Examples
    --------
    >>> interval(100.0, 100.0, "about"), interval(5.0, float("nan"), "at_least")
    ((90.0, 110.0), (5.0, inf))
    """
    if qualifier == "at_least":
        return low, math.inf
    if qualifier == "at_most":
        return -math.inf, high
    slack = ABOUT if qualifier == "about" else 0.0
    return low - slack * abs(low), high + slack * abs(high)


def _disjoint(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[1] < other[0] or other[1] < one[0]
