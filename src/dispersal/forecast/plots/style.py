"""One quiet style for every figure: colours, type, the finding above, the source line below."""

from __future__ import annotations

import math
import re
import textwrap
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib import dates as mdates
from matplotlib import pyplot as plt
from matplotlib.ticker import FuncFormatter
from matplotlib.transforms import ScaledTranslation

from dispersal._version import __version__
from dispersal.forecast.wording import day

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from dispersal.forecast.forecast import Forecast

TEXT: Final = "#1f2328"
MUTED: Final = "#596068"
RULE: Final = "#d9d4ca"
DATA: Final = "#33617f"
LAND: Final = "#e8e4db"
HOME_LAND: Final = "#d3cbbb"
WATER: Final = "#ffffff"

#: One colour a fate, as in the report (web/src/theme.css); after Okabe and Ito (2008), so that
#: those who see fewer colours can tell them apart.
COLOURS: Final = {
    "in_group": "#a5598a",
    "killed": "#4a4a4a",
    "detained": "#7d93a6",
    "moving": "#b5ada0",
    "underground": "#d55e00",
    "resurgent": "#f0955a",
    "elsewhere": "#e69f00",
    "third_country": "#56b4e9",
    "returned": "#009e73",
    "demobilised": "#cdbb1f",
    "holdouts": "#d55e00",
    "free_agents": "#e69f00",
    "returnees": "#009e73",
}

NAMES: Final = {
    "departed": "ever joined",
    "in_group": "in the group",
    "killed": "dead",
    "detained": "detained",
    "remaining": "alive and not home",
    "underground": "underground",
    "resurgent": "active again",
    "holdouts": "holdouts",
    "moving": "on the way",
    "elsewhere": "in another theatre",
    "third_country": "in a third country",
    "free_agents": "moved on",
    "returned": "home",
    "demobilised": "demobilised",
}

GROUPS: Final = {"foreign": "members from abroad", "local": "local members", "all": "all members"}

#: Inches between the edge of a figure and its text; height of a line, of the size of its letters.
EDGE: Final = 0.1
LINE: Final = 1.25

#: Marks a figure that was made here.
_OWN: Final = "dispersal"

#: Dots an inch of a new figure, where whoever saves it asks for no other.
DPI: Final = 110

DAYS_IN_YEAR: Final = 365.25
#: Marks on an axis of days; years up to which they are months.
MOST_TICKS: Final = 7
_SHORT: Final = 3.0

_STYLE: Final[dict[Any, Any]] = {
    "font.size": 9,
    "font.family": "sans-serif",
    "text.color": TEXT,
    "axes.edgecolor": RULE,
    "axes.labelcolor": MUTED,
    "axes.labelsize": 8.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": "#ebe7df",
    "grid.linewidth": 0.7,
    "xtick.color": RULE,
    "ytick.color": RULE,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "svg.hashsalt": "dispersal",
    "svg.fonttype": "none",
}


@contextmanager
def drawing(ax: Axes | None, size: tuple[float, float]) -> Iterator[Axes]:
    """Give axes to draw on, in the style of the project, without changing the reader's settings.

    Parameters
    ----------
    ax : Axes, optional
        Default: those of a new figure.
    size : (float, float)
        Of a new figure, inches.
    """
    # The first figure of a session sets pyplot up, in a notebook as interactive: that has to
    # outlast this drawing, so it is not done within the context.
    figure = None if ax is not None else plt.figure(figsize=size, dpi=DPI, layout="constrained")
    with mpl.rc_context(_STYLE):
        if figure is not None:
            figure.set_label(_OWN)
            figure.set_facecolor(WATER)
            ax = figure.add_subplot()
        assert ax is not None
        yield ax


def say(ax: Axes, forecast: Forecast, finding: str, subtitle: str) -> None:
    """Put the finding and what is drawn above the axes, and where it is from below them.

    On a figure of its own they begin at its edge, and the axes get what they leave; on the
    reader's figure they begin where the axes do.
    """
    figure = ax.get_figure(root=True)
    own = figure is not None and figure.get_label() == _OWN
    inches = float(figure.get_size_inches()[0]) if figure is not None else 6.4
    spec = ax.get_subplotspec()
    if spec is not None and not own:
        inches *= 0.85 * (spec.colspan.stop - spec.colspan.start) / spec.get_gridspec().ncols
    inches -= 2 * EDGE
    texts = [
        (fill(finding, inches, 11, bold=True), 11.0, TEXT),
        (fill(f"{subtitle} As known on {day(forecast.cutoff)}.", inches, 8.5), 8.5, MUTED),
        (fill(source_line(forecast), inches, 7), 7.0, MUTED),
    ]
    heights = [LINE * size * (text.count("\n") + 1) for text, size, _ in texts]
    if own and figure is not None:
        tall = 72 * float(figure.get_size_inches()[1])
        engine = figure.get_layout_engine()
        above, below = (heights[0] + heights[1] + 16) / tall, (heights[2] + 8) / tall
        if engine is not None:
            engine.set(rect=(0, below, 1, 1 - above - below))  # type: ignore[call-arg]
        # Texts of the figure, not of the axes: a long line does not narrow the axes, and stays
        # in its place where a notebook crops the figure.
        left = EDGE / float(figure.get_size_inches()[0])
        write, frame = figure.text, figure.transFigure
        places = [(1.0, -6.0, "top"), (1.0, -10.0 - heights[0], "top"), (0.0, 5.0, "bottom")]
    else:
        left = 0.0
        down = -26.0 - (12 if ax.get_xlabel() else 0)
        write, frame = ax.text, ax.transAxes
        places = [(1.0, 12.0 + heights[1], "bottom"), (1.0, 8.0, "bottom"), (0.0, down, "top")]
    for (text, size, colour), (high, offset, at) in zip(texts, places, strict=True):
        shift = ScaledTranslation(0, offset / 72, ax.figure.dpi_scale_trans)
        write(
            left,
            high,
            text,
            transform=frame + shift,
            fontsize=size,
            color=colour,
            fontweight="bold" if colour == TEXT else "normal",
            va=at,
            linespacing=LINE,
        )


def fill(text: str, inches: float, size: float, *, bold: bool = False) -> str:
    r"""Break a text into lines that fit a width, going by the mean width of a letter.

    A number stays with its per cent sign, and a day with its month and year.

    Examples
    --------
    >>> print(fill("on 7 March 2017 it was 80 %", 1.5, 12).replace("\xa0", "_"))
    on 7_March_2017
    it was 80_%
    """
    letter = size * (0.64 if bold else 0.55) / 72
    kept = re.sub(r"(\d{1,2}) ([A-Z][a-z]+) (\d{4})", "\\1\xa0\\2\xa0\\3", text).replace(
        " %", "\xa0%"
    )
    return textwrap.fill(kept, max(int(inches / letter), 12), break_on_hyphens=False)


def source_line(forecast: Forecast) -> str:
    """Return where a figure is from: the case, the cut-off, the draws and the release."""
    used = forecast.provenance.versions.get("dispersal", __version__)
    return (
        f"Dispersal {used}, case {forecast.case.name} as known on {forecast.cutoff}, "
        f"{forecast.size:,} draws, seed {forecast.ensemble.seed}. Evidence: published aggregate "
        "figures, with their sources in the case."
    )


def time_axis(ax: Axes, forecast: Forecast, days: list[dt.date]) -> NDArray[np.float64]:
    """Set up an axis of days with the cut-off marked; return where the days lie on it."""
    at = np.asarray(mdates.date2num(days), float)
    ax.axvline(mdates.date2num(forecast.cutoff), color=MUTED, linewidth=0.8, linestyle=":")
    ax.xaxis_date()
    years = (at[-1] - at[0]) / DAYS_IN_YEAR
    if years > _SHORT:
        ax.xaxis.set_major_locator(mdates.YearLocator(math.ceil(years / MOST_TICKS)))
        ax.xaxis.set_major_formatter(mdates.DateFormatter("%Y"))
    else:
        step = max(1, math.ceil(12 * years / MOST_TICKS))
        months = range(1, 13, next(size for size in (1, 2, 3, 4, 6, 12) if size >= step))
        ax.xaxis.set_major_locator(mdates.MonthLocator(list(months)))
        ax.xaxis.set_major_formatter(mdates.DateFormatter("%Y-%m"))
    ax.set_xlim(at[0], at[-1])
    return at


def instants_of(forecast: Forecast) -> tuple[list[dt.date], list[dt.date]]:
    """Return the days that are drawn: firsts of months before the cut-off, and from it on."""
    months, now = forecast.ensemble.months, forecast.ensemble.now
    every = months.instants()
    return every[:now], [*every[now:-1], min(every[-1], forecast.last_day)]


def capital(text: str) -> str:
    """Return a text that begins a line."""
    return text[:1].upper() + text[1:]


def count_axis(ax: Axes) -> None:
    """Print whole numbers of persons beside the axis, from none on."""
    ax.set_ylim(bottom=0)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))


def who(forecast: Forecast, origin: str | None) -> str:
    """Return whom an origin or a group of origins stands for."""
    name = origin or "foreign"
    return GROUPS.get(name) or forecast.names.get(name, name)
