"""The largest misses, each with the evidence that was known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from dispersal.forecast.plain import plain, plain_rows

if TYPE_CHECKING:
    from dispersal.case import Ledger

_KNOWN: Final = (
    "figure_id", "low", "high", "qualifier", "as_of", "published", "source", "note", "tags",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Miss:
    """A figure that was far from what had been forecast.

    Parameters
    ----------
    figure : dict
        The row of scores.
    known : pandas.DataFrame
        The figures of the same quantity and country that were known at the cut-off, by the day
        they speak of; empty if there was none. ``tags`` are joined with ``;``.
    """

    figure: dict[str, Any]
    known: pd.DataFrame

    def record(self) -> dict[str, Any]:
        """Return it as plain data."""
        figure = {str(name): plain(value) for name, value in self.figure.items()}
        return figure | {"known": plain_rows(self.known)}


def largest_misses(
    rows: pd.DataFrame, ledger: Ledger, count: int = 10, measure: str = "crps"
) -> tuple[Miss, ...]:
    """Return the largest misses with the evidence behind each.

    Parameters
    ----------
    rows : pandas.DataFrame
        Scored figures of one cut-off or several, with the column ``cutoff``.
    ledger : Ledger
        With the figures that were known; later ones are not shown.
    count : int
    measure : str
        The score by which a miss is large.
    """
    figures = ledger.figures
    found = []
    largest = rows.sort_values([measure, "figure_id"], ascending=[False, True]).head(count)
    for row in largest.to_dict("records"):
        known = figures[
            (figures["quantity"] == row["quantity"])
            & (figures["origin"] == row["origin"])
            & (figures["published"] <= pd.Timestamp(row["cutoff"]))
        ].sort_values(["as_of", "published", "figure_id"], ignore_index=True)
        tags = [";".join(sorted(tags)) for tags in known["tags"]]
        figure = {str(name): value for name, value in row.items()}
        found.append(Miss(figure, known.assign(tags=tags)[list(_KNOWN)]))
    return tuple(found)
