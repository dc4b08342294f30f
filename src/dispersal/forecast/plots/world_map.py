"""Where the members are on a day: home, by country, and at all other places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from dispersal.forecast import lookup
from dispersal.forecast.plots.geography import Labels, draw_land, points_of, show_around
from dispersal.forecast.plots.style import COLOURS, MUTED, NAMES, drawing, say, who
from dispersal.forecast.wording import day, estimate, number
from dispersal.model.states import place_of
from dispersal.world.polygons import polygons

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from dispersal.case.asking import Day
    from dispersal.forecast.forecast import Forecast

#: From how many people home on a country has a darker tone; the tones of the fate's colour.
STEPS: Final = (5, 50, 200, 500, 1_000, 5_000)
TONES: Final = ("#d9efe6", "#b3dfcd", "#86cbb0", "#54b592", "#1d9a76", "#006b4d")

#: What is counted at places, and the fates that it is made of.
PLACED: Final = {
    "holdouts": ("underground", "resurgent"),
    "elsewhere": ("elsewhere",),
    "third_country": ("third_country",),
}

#: Area of the circle of the largest count, square points.
LARGEST: Final = 520.0

#: Circles of fewer people than this, in the median, are left out.
LEAST: Final = 1.0

#: How many circles are named.
NAMED: Final = 12


def draw_map(
    forecast: Forecast,
    date: Day | None = None,
    origin: str | None = None,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw how many are home in each country, and how many at each other place.

    Parameters
    ----------
    forecast : Forecast
    date : str, date or time stamp, optional
        Default: the last day of the period.
    origin : str, optional
        A home country, or ``foreign`` (the default), ``local`` or ``all``.
    ax : Axes, optional

    Returns
    -------
    Axes
        Countries have the tone of the median of those home; the area of a disc is the median at
        a place, of its halo the 90 % quantile. Everyone of every stratum counts.

    Raises
    ------
    InputError
        For an unknown origin, or a day before the cut-off.
    """
    when = lookup.day_within(forecast.ensemble, date)
    at_places = people_at_places(forecast, date, origin)
    home = people_home(forecast, date, origin)
    fills = {code: tone for code, (_, middle, _) in home.items() if (tone := tone_of(middle))}
    with drawing(ax, (8.6, 5.0)) as axes:
        draw_land(axes, forecast, fills)
        homes = points_of(forecast.case.origins)
        places = points_of(forecast.case.places)
        most = max((spread[2] for spread in at_places.values()), default=1.0)
        order = sorted(at_places, key=lambda key: -at_places[key][1])
        for fate, place in order:
            if place not in places:
                continue
            _, middle, high = at_places[fate, place]
            x, y = places[place]
            for size, alpha in ((high, 0.25), (middle, 0.9)):
                axes.scatter(
                    [x], [y], s=LARGEST * size / most, color=COLOURS[fate], alpha=alpha,
                    linewidth=0, zorder=3, gid=f"{fate}:{place}",
                )  # fmt: skip
        for code, tone in fills.items():
            if code in homes and code not in polygons():
                axes.plot(*homes[code], "s", color=tone, markersize=4, zorder=2)
        shown = [(fate, place) for fate, place in order if place in places]
        where = [homes[code] for code in fills if code in homes]
        where += [places[place] for _, place in shown]
        show_around(axes, np.array(where))
        _name_circles(axes, forecast, shown, at_places)
        _legend(axes, {fate for fate, _ in shown})
        total = forecast.draws("returned", origin, date, stratum="all")
        low, middle, high = (float(end) for end in np.quantile(total, [0.1, 0.5, 0.9]))
        whom = who(forecast, origin)
        whom = whom if origin == "all" else f"the {whom}"
        say(
            axes,
            forecast,
            f"On {day(when)} {estimate(low, middle, high)} of {whom} are home",
            "Tone: home, median, by country. Discs: at sanctuaries, theatres and third countries, "
            "area by the median, halo by the 90 % quantile.",
        )
    return axes


def people_at_places(
    forecast: Forecast, date: Day | None, origin: str | None
) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Return 10, 50 and 90 % quantiles of the people in a fate at a place.

    Those are left out of whom the median is below one.
    """
    found = {}
    for fate, parts in PLACED.items():
        states = forecast.ensemble.place_states
        places = [place_of(states[at]) for at in lookup.states_of(forecast.ensemble, parts)]
        for place in dict.fromkeys(str(place) for place in places if place):
            spread = ends_of(forecast.draws(fate, origin, date, place=place))
            if spread[1] >= LEAST:
                found[fate, place] = spread
    return found


def people_home(
    forecast: Forecast, date: Day | None, origin: str | None
) -> dict[str, tuple[float, float, float]]:
    """Return 10, 50 and 90 % quantiles of the people home, by country."""
    chosen = lookup.origins_of(forecast.ensemble, origin)
    codes = [forecast.ensemble.origins[at] for at in chosen]
    return {code: ends_of(forecast.draws("returned", code, date, stratum="all")) for code in codes}


def ends_of(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the 10, 50 and 90 % quantiles of draws."""
    low, middle, high = (float(end) for end in np.quantile(values, [0.1, 0.5, 0.9]))
    return low, middle, high


def tone_of(count: float) -> str | None:
    """Return the tone of a country with so many people home, or None below the first step.

    Examples
    --------
    >>> tone_of(3), tone_of(5) == TONES[0], tone_of(9_000) == TONES[-1]
    (None, True, True)
    """
    at = int(np.searchsorted(STEPS, count, side="right")) - 1
    return TONES[at] if at >= 0 else None


def _name_circles(
    axes: Axes,
    forecast: Forecast,
    shown: list[tuple[str, str]],
    at_places: dict[tuple[str, str], tuple[float, float, float]],
) -> None:
    places = points_of(forecast.case.places)
    labels = Labels(axes)
    for key in shown[:NAMED]:
        name = forecast.names.get(key[1], key[1])
        labels.add(f"{name} {number(at_places[key][1])}", places[key[1]], np.array([1.0, 0.0]))


def _legend(axes: Axes, fates: set[str]) -> None:
    """Say what tones and colours stand for."""
    tones = [
        Patch(color=tone, label=f"{least:,} or more home")
        for least, tone in zip(STEPS, TONES, strict=True)
    ]
    discs = [
        Line2D(
            [], [], marker="o", linestyle="none", markersize=7, color=COLOURS[fate],
            label=NAMES[fate],
        )
        for fate in PLACED
        if fate in fates
    ]  # fmt: skip
    # The south-west of a map of these is sea, or far from anything drawn.
    axes.legend(
        handles=[*tones, *discs], loc="lower left", fontsize=7.5, labelcolor=MUTED, handlelength=1.2
    )
