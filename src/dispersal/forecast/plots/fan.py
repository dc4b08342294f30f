"""A quantity over time: bands of the draws, and the published figures as dots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import matplotlib.dates as mdates
import numpy as np
import pandas as pd

from dispersal.case import Ledger
from dispersal.errors import InputError
from dispersal.forecast.plots.over_time import draws_over_time
from dispersal.forecast.plots.style import (
    COLOURS,
    DATA,
    NAMES,
    capital,
    count_axis,
    drawing,
    instants_of,
    say,
    time_axis,
    who,
)
from dispersal.forecast.quantities import GROUPS, counted
from dispersal.forecast.wording import day, estimate

if TYPE_CHECKING:
    import datetime as dt

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from dispersal.case import Case
    from dispersal.forecast.forecast import Forecast

LEVELS: Final = (0.1, 0.25, 0.5, 0.75, 0.9)

#: An end that is not given is drawn as a dot with an arrow.
ARROWS: Final = {"at_least": "^", "at_most": "v"}


def draw_fan(
    forecast: Forecast,
    quantity: str = "returned",
    origin: str | None = None,
    *,
    as_published: bool = False,
    later: Case | Ledger | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a quantity over time.

    Parameters
    ----------
    forecast : Forecast
    quantity : str
        As for :meth:`Forecast.draws`, with its stratum.
    origin : str, optional
        A home country or a group of them; published figures are drawn for a country.
    as_published : bool
        Draw, after the cut-off, the figures that the country would publish, not the truth.
    later : Case or Ledger, optional
        Of this, figures published after the cut-off are drawn as hollow dots.
    ax : Axes, optional

    Returns
    -------
    Axes
        Lines and bands are quantiles of ``forecast.draws``: the median, and 50 and 80 % of them.

    Raises
    ------
    InputError
        For unknown names, or ``as_published`` for what has no national series.
    """
    what = counted(quantity)
    if as_published and origin in (None, *GROUPS):
        raise InputError("found as_published without an origin, expected a home country")
    past, ahead = instants_of(forecast)
    days = ahead if as_published else [*past, *ahead]
    spread = quantiles(forecast, quantity, origin, days, as_published=as_published)
    colour = COLOURS.get(what.series, DATA)
    with drawing(ax, (6.4, 3.9)) as axes:
        at = time_axis(axes, forecast, days)
        for low, high, alpha in ((0, 4, 0.18), (1, 3, 0.3)):
            axes.fill_between(at, spread[low], spread[high], color=colour, alpha=alpha, linewidth=0)
        axes.plot(at, spread[2], color=colour, linewidth=1.8, label="median", gid="median")
        figures = published_figures(forecast, quantity, origin, later)
        figures = figures[figures["as_of"].between(pd.Timestamp(days[0]), pd.Timestamp(days[-1]))]
        _dots(axes, figures)
        count_axis(axes)
        name = NAMES.get(what.series, what.series.replace("_", " "))
        end = (float(value) for value in (spread[0, -1], spread[2, -1], spread[4, -1]))
        say(
            axes,
            forecast,
            f"{capital(who(forecast, origin))}: {estimate(*end)} {name} on {day(days[-1])}",
            _subtitle(what.stratum, as_published, figures),
        )
    return axes


def quantiles(
    forecast: Forecast,
    quantity: str,
    origin: str | None,
    days: list[dt.date],
    *,
    as_published: bool = False,
) -> NDArray[np.float64]:
    """Return the 10, 25, 50, 75 and 90 % quantiles on each day, shape (5, days)."""
    if not as_published:
        return np.quantile(draws_over_time(forecast, quantity, origin, days), LEVELS, axis=1)
    drawn = [forecast.draws(quantity, origin, when, as_published=True) for when in days]
    return np.quantile(np.stack(drawn), LEVELS, axis=1)


def published_figures(
    forecast: Forecast, quantity: str, origin: str | None, later: Case | Ledger | None
) -> pd.DataFrame:
    """Return the figures of a country with ``known``: whether by the cut-off; none for a group."""
    ledgers = [forecast.case.ledger]
    if later is not None:
        ledgers.append(later if isinstance(later, Ledger) else later.ledger)
    rows = pd.concat([ledger.query() for ledger in ledgers], ignore_index=True)
    rows = rows.drop_duplicates("figure_id")
    chosen = (rows["quantity"] == quantity) & (rows["origin"] == (origin or ""))
    found = rows[chosen & (rows["host"] == "") & (rows["place"] == "")]
    return found.assign(known=found["published"] <= pd.Timestamp(forecast.cutoff))


def _dots(axes: Axes, figures: pd.DataFrame) -> None:
    for row in figures.to_dict("records"):
        ends = [value for value in (row["low"], row["high"]) if not np.isnan(value)]
        at = mdates.date2num(row["as_of"])
        face = DATA if row["known"] else "white"
        if len(ends) == 2 and ends[0] != ends[1]:
            axes.plot([at, at], ends, color=DATA, linewidth=1.1, zorder=3)
        axes.plot(
            [at],
            [np.mean(ends)],
            marker=ARROWS.get(row["qualifier"], "o"),
            markersize=5,
            markerfacecolor=face,
            markeredgecolor=DATA,
            markeredgewidth=1.1,
            linestyle="none",
            zorder=4,
            gid=str(row["figure_id"]),
        )


def _subtitle(stratum: str, as_published: bool, figures: pd.DataFrame) -> str:
    text = "Everyone" if stratum == "all" else stratum.capitalize()
    text += ", as the country would publish it" if as_published else ""
    text += "; the line is the median, bands hold 50 and 80 % of the draws."
    if len(figures):
        text += " Dots are published figures: filled known at the cut-off"
        text += ", hollow later." if not figures["known"].all() else "."
    return text
