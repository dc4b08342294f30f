"""Errors beside those of rules without a model, and how often intervals held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.ticker import PercentFormatter

from dispersal.forecast.plots.style import DATA, MUTED, RULE, TEXT
from dispersal.report.displacement.drawing.board import board, head
from dispersal.report.displacement.results import OWN
from dispersal.report.displacement.tables import errors_table
from dispersal.report.displacement.words import finding_of_errors, source_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dispersal.report.displacement.results import Results

_ROW: Final = 0.27


def draw_errors(results: Results, keep: Callable[[Figure], None]) -> None:
    """Draw the error of each forecast as a bar, and coverage where there are intervals.

    Parameters
    ----------
    results : Results
    keep : callable
        Takes the figure, which is closed afterwards.
    """
    rows = len(results.errors)
    columns = 2 if results.coverage else 1
    with board((9.4 if columns == 2 else 7.0, 1.9 + _ROW * rows), 1, columns) as (figure, panels):
        _bars(results, panels[0])
        if results.coverage:
            panels[0].get_gridspec().set_width_ratios([1.7, 1.0])  # type: ignore[union-attr]
            _coverage(results, panels[1])
        head(
            figure,
            finding_of_errors(results),
            "Flee's error, rescaled: sum over camps of |forecast − count| ÷ sum of counts, mean of "
            "the days; 0 is right, 2 entirely wrong. Hatched: fed the answer, as capacities are "
            "the highest counts. All but forecasts of the total are told the true total.",
            source_line(results),
        )
        keep(figure)


def _bars(results: Results, panel: Axes) -> None:
    table = errors_table(results)
    heights = np.arange(len(table))[::-1]
    for height, row in zip(heights, table.to_dict("records"), strict=True):
        own = row["forecast"] == OWN[results.rules]
        panel.barh(
            height, row["rescaled"], height=0.62, zorder=2, gid=f"error:{row['forecast']}",
            facecolor="white" if row["fed"] else DATA if own else RULE,
            edgecolor=DATA if own else MUTED if row["fed"] else "none",
            hatch="////" if row["fed"] else None, linewidth=0.6,
        )  # fmt: skip
        panel.text(
            row["rescaled"], height, f" {row['rescaled']:.2f}", va="center", fontsize=8,
            color=TEXT, fontweight="bold" if own else "normal",
        )  # fmt: skip
    words = [
        f"{row['words']} (fed the answer)" if row["fed"] else row["words"]
        for row in table.to_dict("records")
    ]
    panel.set_yticks(heights, words)
    panel.tick_params(axis="y", length=0, labelcolor=TEXT)
    panel.set(xlim=(0, max(float(table["rescaled"].max()) * 1.15, 0.1)), ylim=(-0.6, len(table)))
    panel.set_xlabel("error, rescaled")
    panel.grid(visible=False, axis="y")


def _coverage(results: Results, panel: Axes) -> None:
    levels = list(results.coverage)
    heights = np.arange(len(levels))[::-1]
    for height, level in zip(heights, levels, strict=True):
        share = results.coverage[level]
        panel.plot([level, level], [height - 0.3, height + 0.3], color=MUTED, linewidth=1.2)
        panel.plot([0, share], [height, height], color=RULE, linewidth=1.4, zorder=1)
        panel.plot([share], [height], "o", color=DATA, markersize=6, zorder=3, gid=f"held:{level}")
    panel.set_yticks(heights, [f"{level:.0%} interval".replace("%", " %") for level in levels])
    panel.tick_params(axis="y", length=0, labelcolor=TEXT)
    panel.set(xlim=(0, 1.04), ylim=(-0.8, len(levels) - 0.2))
    panel.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    panel.set_xlabel("counts inside it; upright: as should be")
    panel.grid(visible=False, axis="y")
