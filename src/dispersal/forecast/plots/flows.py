"""Who went where: tapered curves from the home theatre, with their counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from numpy.typing import NDArray

from dispersal.errors import InputError
from dispersal.forecast import lookup
from dispersal.forecast.plots.geography import (
    Labels,
    draw_land,
    middle_of_home,
    points_of,
    show_around,
)
from dispersal.forecast.plots.style import COLOURS, capital, drawing, say, who
from dispersal.forecast.plots.world_map import ends_of, people_at_places
from dispersal.forecast.quantities import require_name
from dispersal.forecast.wording import day, listed, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from dispersal.case.asking import Day
    from dispersal.forecast.forecast import Forecast

FloatArray = NDArray[np.float64]

#: Cohort by what is counted at its places.
COHORT_OF: Final = {
    "holdouts": "holdouts",
    "elsewhere": "free_agents",
    "third_country": "free_agents",
}
COHORTS: Final = {"holdouts": "holdouts", "free_agents": "free agents", "returnees": "returnees"}

DRAWN: Final = {
    "all": "holdouts and free agents there on that day, returnees home since the cut-off",
    "holdouts": "holdouts at each place on that day",
    "free_agents": "free agents at each place on that day",
    "returnees": "home since the cut-off",
}

#: Flows of fewer people than this, in the median, are left out: "a few" in words.
LEAST: Final = 5.0

#: Width of the widest curve where it begins, of the width of the map.
WIDEST: Final = 0.028

#: Width at the end, of that at the beginning.
TAPER: Final = 0.25

#: How far a curve bends aside, of its length.
BEND: Final = 0.16


@dataclass(frozen=True, slots=True)
class Flow:
    """People who went to one place.

    Parameters
    ----------
    cohort, place : str
        A key of ``COHORTS``; a code of a place, or of the home country.
    low, middle, high : float
        10, 50 and 90 % quantiles, persons.
    """

    cohort: str
    place: str
    low: float
    middle: float
    high: float


def draw_flows(
    forecast: Forecast,
    cohort: str = "all",
    date: Day | None = None,
    origin: str | None = None,
    *,
    labels: int = 12,
    ax: Axes | None = None,
) -> Axes:
    """Draw who went where since the cut-off.

    Parameters
    ----------
    forecast : Forecast
    cohort : {"all", "holdouts", "free_agents", "returnees"}
    date : str, date or time stamp, optional
        Default: the last day of the period.
    origin : str, optional
        A home country, or ``foreign`` (the default), ``local`` or ``all``.
    labels : int
        How many of the largest flows get their name and count.
    ax : Axes, optional

    Returns
    -------
    Axes
        One curve a place, from the middle of the home theatre: its width is the median, its halo
        the 90 % quantile, of those there on that day or, of returnees, home since the cut-off.

    Raises
    ------
    InputError
        For an unknown cohort or origin, a day before the cut-off, or a case whose home theatre
        has no position.
    """
    require_name("cohort", cohort, ("all", *COHORTS))
    when = lookup.day_within(forecast.ensemble, date)
    start = middle_of_home(forecast)
    if start is None:
        raise InputError("found no position of the home theatre, expected one for a map of flows")
    points = points_of(forecast.case.places) | points_of(forecast.case.origins)
    flows = [
        flow
        for flow in flows_of(forecast, cohort, date, origin)
        if flow.place in points and np.hypot(*(points[flow.place] - start)) > 0.01
    ]
    with drawing(ax, (8.6, 4.9)) as axes:
        draw_land(axes, forecast)
        show_around(axes, np.array([start, *(points[flow.place] for flow in flows)]))
        most = max((flow.high for flow in flows), default=1.0)
        widest = WIDEST * float(np.ptp(axes.get_xlim()))
        # The thickest is drawn last.
        for flow in reversed(flows):
            colour = COLOURS[flow.cohort]
            for count, alpha in ((flow.high, 0.22), (flow.middle, 0.85)):
                outline = tapered(start, points[flow.place], widest * count / most)
                axes.add_patch(
                    Polygon(
                        outline, closed=True, facecolor=colour, edgecolor="none", alpha=alpha,
                        zorder=3, gid=f"{flow.cohort}:{flow.place}",
                    )
                )  # fmt: skip
        _name_flows(axes, forecast, flows[:labels], points, start)
        found = [name for name in COHORTS if any(flow.cohort == name for flow in flows)]
        handles = [
            Line2D([], [], color=COLOURS[name], linewidth=4, label=COHORTS[name]) for name in found
        ]
        axes.legend(handles=handles, loc="lower left")
        largest = [
            f"{forecast.names.get(flow.place, flow.place)} ({number(flow.middle)})"
            for flow in flows[:3]
        ]
        named = "members" if cohort == "all" else COHORTS[cohort]
        to = f"most to {listed(largest)}" if largest else "next to nobody"
        say(
            axes,
            forecast,
            f"{capital(named)} by {day(when)}: {to}",
            f"{capital(who(forecast, origin))}; {DRAWN[cohort]}. "
            "Width: median; halo: 90 % quantile.",
        )
    return axes


def flows_of(forecast: Forecast, cohort: str, date: Day | None, origin: str | None) -> list[Flow]:
    """Return the flows of a cohort or of all, the largest first."""
    totals: dict[tuple[str, str], tuple[float, float, float]] = {}
    if cohort != "returnees":
        for (fate, place), spread in people_at_places(forecast, date, origin).items():
            key = (COHORT_OF[fate], place)
            # A place is a theatre or a third country, hardly ever both.
            totals[key] = max(totals.get(key, spread), spread, key=lambda ends: ends[1])
    if cohort in ("all", "returnees"):
        for at in lookup.origins_of(forecast.ensemble, origin):
            code = forecast.ensemble.origins[at]
            now = forecast.draws("returned", code, forecast.cutoff, stratum="all")
            then = forecast.draws("returned", code, date, stratum="all")
            totals["returnees", code] = ends_of(then - now)
    flows = [
        Flow(name, place, *spread)
        for (name, place), spread in totals.items()
        if cohort in ("all", name) and spread[1] >= LEAST
    ]
    return sorted(flows, key=lambda flow: (-flow.middle, flow.cohort, flow.place))


def tapered(start: FloatArray, end: FloatArray, width: float, steps: int = 24) -> FloatArray:
    """Return the outline of a curve that begins wide and ends narrow.

    Parameters
    ----------
    start, end : float array, shape (2,)
    width : float
        Where it begins.
    steps : int

    Returns
    -------
    float array, shape (2 * steps, 2)

    Examples
    --------
    >>> begins, ends, ends_too, begins_too = tapered(np.zeros(2), np.array([1.0, 0]), 0.2, 2)
    >>> [round(float(np.hypot(*side)), 2) for side in (begins - begins_too, ends - ends_too)]
    [0.2, 0.05]
    """
    across = end - start
    aside = np.array([-across[1], across[0]]) * np.where(across[0] < 0, -BEND, BEND)
    bend = (start + end) / 2 + aside
    t = np.linspace(0, 1, steps)[:, None]
    line = (1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t**2 * end
    slope = 2 * (1 - t) * (bend - start) + 2 * t * (end - bend)
    normal = np.column_stack([-slope[:, 1], slope[:, 0]])
    normal /= np.maximum(np.hypot(*normal.T), 1e-12)[:, None]
    half = width / 2 * (1 - (1 - TAPER) * t)
    return np.concatenate([line + half * normal, (line - half * normal)[::-1]])


def _name_flows(
    axes: Axes,
    forecast: Forecast,
    flows: list[Flow],
    points: dict[str, FloatArray],
    start: FloatArray,
) -> None:
    """Name the ends of flows, away from where they begin."""
    labels = Labels(axes)
    for flow in flows:
        text = f"{forecast.names.get(flow.place, flow.place)} {number(flow.middle)}"
        labels.add(text, points[flow.place], points[flow.place] - start)
