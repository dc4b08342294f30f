"""What became of the members, as published later, beside the intervals of the forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.ticker import FuncFormatter

from dispersal.errors import InputError
from dispersal.forecast.plots.style import DATA, MUTED, TEXT, WATER, drawing, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from dispersal.forecast.forecast import Forecast
    from dispersal.forecast.plots.coverage import Scored

#: Inches that an outcome takes.
_ROW: Final = 0.22
#: Least count that is told from none, on an axis of logarithms.
_LEAST: Final = 1.0


def draw_outcomes(forecast: Forecast, outcomes: Scored, *, ax: Axes | None = None) -> Axes:
    """Draw each published outcome beside its intervals, on an axis of logarithms.

    Parameters
    ----------
    forecast : Forecast
    outcomes : OutcomeScores
        From ``dispersal.record.outcomes.score_outcomes``.
    ax : Axes, optional

    Returns
    -------
    Axes
        Thin lines are 95 % intervals, thick ones 80 %, ticks medians. Dots are what was
        published; a triangle is a bound, and points to the side on which the truth lies.

    Raises
    ------
    InputError
        If no outcome was published later.
    """
    rows = outcomes.rows
    if rows.empty:
        raise InputError("found no outcome, expected some: nothing was published later")
    lines = rows.sort_values(["quantity", "where", "as_of", "figure_id"]).to_dict("records")[::-1]
    with drawing(ax, (7.2, 1.7 + _ROW * len(lines))) as axes:
        for at, line in enumerate(lines):
            _draw(axes, at, {str(name): value for name, value in line.items()})
        axes.set_xscale("log")
        axes.set_yticks(range(len(lines)), [_label(line) for line in lines], fontsize=7.5)
        axes.set_ylim(-0.8, len(lines) - 0.2)
        axes.grid(visible=False, axis="y")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        inside = int(rows["inside95"].sum())
        say(
            axes,
            forecast,
            f"{inside} of {len(rows)} published outcomes lie inside their 95 % intervals",
            "Persons, as some source would publish them: 95 % (thin) and 80 % (thick) intervals, "
            "median (tick), and what was published (dot; a triangle is a bound).",
        )
    return axes


def _draw(ax: Axes, at: int, line: dict[str, Any]) -> None:
    low, p10, p50, p90, high = (
        max(float(line[name]), _LEAST) for name in ("p2_5", "p10", "p50", "p90", "p97_5")
    )
    ax.hlines(at, low, high, color=DATA, linewidth=1.0)
    ax.hlines(at, p10, p90, color=DATA, linewidth=3.4)
    ax.plot(p50, at, "|", color=WATER, markersize=7)
    ends = [float(line[name]) for name in ("low", "high")]
    known = [max(end, _LEAST) for end in ends if np.isfinite(end)]
    mark = "o" if len(known) == 2 else (">" if np.isfinite(ends[0]) else "<")
    colour = TEXT if line["inside95"] else "#c0392b"
    if len(known) == 2 and known[0] < known[1]:
        ax.hlines(at, known[0], known[1], color=colour, linewidth=1.0)
    middle = float(np.exp(np.mean(np.log(known))))
    ax.plot(middle, at, mark, color=colour, markerfacecolor=WATER, markersize=5, zorder=4)
    if not line["inside95"]:
        ax.axhspan(at - 0.45, at + 0.45, color=MUTED, alpha=0.08, linewidth=0)


def _label(line: dict[Any, Any]) -> str:
    name = str(line["quantity"]).replace("_", " ")
    where = f", {line['where']}" if line["where"] else ""
    return f"{name}{where}  {line['as_of']:%Y-%m}"
