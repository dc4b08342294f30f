"""People in each camp over time: bands of the draws, and the counted figures as dots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import matplotlib.dates as mdates
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from dispersal.forecast.plots.style import DATA, MUTED, TEXT, count_axis
from dispersal.forecast.wording import estimate
from dispersal.report.displacement.drawing.board import board, head
from dispersal.report.displacement.results import plain_name
from dispersal.report.displacement.words import finding_of_camps, source_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dispersal.report.displacement.results import Results

COLUMNS: Final = 4
_WIDE, _TALL = 2.35, 1.75

#: Where the side axis ends, of the highest that is drawn.
_ROOM: Final = 1.06


def draw_camps(results: Results, keep: Callable[[Figure], None]) -> None:
    """Draw a panel for each camp, each with a side axis of its own.

    Parameters
    ----------
    results : Results
    keep : callable
        Takes the figure, which is closed afterwards.
    """
    columns = min(COLUMNS, max(len(results.camps), 2))
    rows = -(-len(results.camps) // columns)
    size = (_WIDE * columns, _TALL * rows + 1.5)
    with board(size, rows, columns) as (figure, panels):
        for at, panel in enumerate(panels):
            if at < len(results.camps):
                _panel(results, at, panel)
            else:
                panel.set_axis_off()
        head(
            figure,
            finding_of_camps(results),
            "People in each camp by day"
            + (": median, 50 and 80 % of the draws." if results.spread else ": expected.")
            + " Side axes differ from panel to panel. Under each name: the last day.",
            source_line(results),
            _handles(results),
            columns,
        )
        keep(figure)


def _panel(results: Results, at: int, panel: Axes) -> None:
    camp = results.camps[at]
    days = mdates.date2num([results.date(day) for day in range(results.days)])
    ahead = days[results.first :]
    if results.spread:
        for low, high, alpha in (("p10", "p90", 0.18), ("p25", "p75", 0.3)):
            least, most = results.spread[low][:, at], results.spread[high][:, at]
            panel.fill_between(ahead, least, most, color=DATA, alpha=alpha, linewidth=0)
        panel.axvline(days[results.first - 1], color=MUTED, linewidth=0.8, linestyle=":")
    panel.plot(ahead, results.middle[:, at], color=DATA, linewidth=1.6, gid=f"middle:{camp}")
    if results.beside is not None:
        panel.plot(days, results.beside[:, at], color=MUTED, linewidth=0.8, dashes=(4, 2))
    figures = results.figures(camp)
    for day, count, known in figures:
        panel.plot(
            [days[day]], [count], "o", color=TEXT, markersize=3.0, markeredgewidth=0.8,
            markerfacecolor=TEXT if known else "white", zorder=4, clip_on=False,
        )  # fmt: skip
    highest = float(results.spread.get("p90", results.middle)[:, at].max())
    highest = max([highest, *(count for _, count, _ in figures)])
    panel.set_title(plain_name(camp), loc="left", fontsize=9, fontweight="bold", pad=16)
    panel.text(
        0, 1.04, estimate(*results.at_end(at)), transform=panel.transAxes, fontsize=7.5, color=MUTED
    )
    panel.xaxis_date()
    panel.xaxis.set_major_locator(mdates.AutoDateLocator(minticks=2, maxticks=3))
    panel.xaxis.set_major_formatter(mdates.DateFormatter("%Y-%m"))
    panel.tick_params(labelsize=7)
    panel.set_xlim(days[0], days[-1])
    count_axis(panel)
    panel.set_ylim(0, max(highest * _ROOM, 1.0))
    panel.locator_params(axis="y", nbins=4)


def _handles(results: Results) -> list[Line2D | Patch]:
    """Return what the legend tells."""
    middle = "median" if results.spread else "expected, with the folder's capacities"
    found: list[Line2D | Patch] = [Line2D([], [], color=DATA, linewidth=1.6, label=middle)]
    if results.spread:
        found += [
            Patch(color=DATA, alpha=0.42, linewidth=0, label="50 % of the draws"),
            Patch(color=DATA, alpha=0.18, linewidth=0, label="80 % of the draws"),
            _dot("counted, known", TEXT),
        ]
    found.append(_dot("counted later" if results.spread else "counted", "white"))
    if results.beside is not None:
        label = "Flee's rules, no camp ever full"
        found.append(Line2D([], [], color=MUTED, linewidth=0.8, dashes=(4, 2), label=label))
    return found


def _dot(label: str, face: str) -> Line2D:
    return Line2D(
        [], [], marker="o", linestyle="none", color=TEXT, markersize=4, markeredgewidth=0.8,
        markerfacecolor=face, label=label,
    )  # fmt: skip
