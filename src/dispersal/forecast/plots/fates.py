"""The share of each fate over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.ticker import PercentFormatter

from dispersal.forecast.plots.over_time import draws_over_time
from dispersal.forecast.plots.style import (
    COLOURS,
    NAMES,
    capital,
    drawing,
    instants_of,
    say,
    time_axis,
    who,
)
from dispersal.forecast.tables import shares_of
from dispersal.forecast.wording import day, percent

if TYPE_CHECKING:
    import datetime as dt

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from dispersal.forecast.forecast import Forecast

#: What is drawn; together, and with those on the way, everyone who ever joined.
DRAWN: Final = (
    "in_group",
    "killed",
    "detained",
    "holdouts",
    "free_agents",
    "returned",
    "demobilised",
)

#: Below this a share is never more than a line on the axis, and is left out.
LEAST: Final = 0.005

#: Shares begin when so many of those who had joined by the cut-off had.
ENOUGH: Final = 0.05

#: Share of the height of the axes that a line of text takes.
_LINE: Final = 0.052


def draw_fates(forecast: Forecast, origin: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Draw the share of each fate among those who ever joined, over time.

    Parameters
    ----------
    forecast : Forecast
    origin : str, optional
        A home country, or ``foreign`` (the default), ``local`` or ``all``.
    ax : Axes, optional

    Returns
    -------
    Axes
        One line a fate, the median, with the 80 % interval; every stratum counts. Fates that
        never reach half a per cent are left out.

    Raises
    ------
    InputError
        For an unknown origin.
    """
    days = _days(forecast, origin)
    found = {fate: share_over_time(forecast, fate, origin, days) for fate in DRAWN}
    shown = {fate: spread for fate, spread in found.items() if spread[2].max() >= LEAST}
    with drawing(ax, (6.8, 4.2)) as axes:
        at = time_axis(axes, forecast, days)
        for fate, (low, middle, high) in shown.items():
            colour = COLOURS[fate]
            axes.fill_between(at, low, high, color=colour, alpha=0.2, linewidth=0)
            axes.plot(at, middle, color=colour, linewidth=1.8, label=NAMES[fate], gid=fate)
        axes.set_ylim(0, min(1.0, 1.06 * max(spread[2].max() for spread in found.values()) or 1.0))
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
        _name_lines(axes, {fate: float(spread[1, -1]) for fate, spread in shown.items()})
        most = sorted(shown, key=lambda fate: -float(shown[fate][1, -1]))[:3]
        parts = [f"{percent(float(shown[fate][1, -1]))} {NAMES[fate]}" for fate in most]
        say(
            axes,
            forecast,
            f"{capital(who(forecast, origin))} on {day(days[-1])}: {', '.join(parts)}",
            "Share of those who ever joined, men, women and minors; medians, and bands that hold "
            "80 % of the draws.",
        )
    return axes


def _days(forecast: Forecast, origin: str | None) -> list[dt.date]:
    """Return the days from which on enough have joined for shares to mean something."""
    past, ahead = instants_of(forecast)
    if not past:
        return ahead
    joined = np.median(draws_over_time(forecast, "departed", origin, past, "all"), axis=1)
    now = float(np.median(forecast.draws("departed", origin, ahead[0], stratum="all")))
    return [
        *(day for day, count in zip(past, joined, strict=True) if count >= ENOUGH * now),
        *ahead,
    ]


def share_over_time(
    forecast: Forecast, fate: str, origin: str | None, days: list[dt.date]
) -> NDArray[np.float64]:
    """Return the 10, 50 and 90 % quantiles of a fate's share on each day, shape (3, days)."""
    part = draws_over_time(forecast, fate, origin, days, "all")
    whole = draws_over_time(forecast, "departed", origin, days, "all")
    return np.quantile(shares_of(part, whole), [0.1, 0.5, 0.9], axis=1)


def _name_lines(axes: Axes, ends: dict[str, float]) -> None:
    """Name each line at its end, names kept apart from one another."""
    top = axes.get_ylim()[1]
    order = sorted(ends, key=lambda fate: ends[fate])
    heights = spread_apart([ends[fate] / top for fate in order], _LINE)
    for fate, height in zip(order, heights, strict=True):
        axes.annotate(
            f"{NAMES[fate]} {percent(ends[fate])}",
            (1, height),
            (5, 0),
            xycoords="axes fraction",
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            color=COLOURS[fate],
            fontweight="bold",
        )


def spread_apart(heights: list[float], gap: float) -> list[float]:
    """Return ascending heights moved as little as needed to be a gap apart, none below 0.

    Examples
    --------
    >>> spread_apart([0.0, 0.01, 0.5], 0.1)
    [0.0, 0.1, 0.5]
    """
    moved: list[float] = []
    for height in heights:
        moved.append(max(height, moved[-1] + gap) if moved else max(height, 0.0))
    for at in range(len(moved) - 1, 0, -1):
        excess = moved[at] - 1.0
        if excess <= 0:
            break
        moved[at] = 1.0
        moved[at - 1] = min(moved[at - 1], 1.0 - gap)
    return moved
