"""The map under the figures: equal areas, one pale tone, the home theatre a little darker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patheffects import withStroke
from matplotlib.textpath import TextPath
from numpy.typing import NDArray

from dispersal import world
from dispersal.forecast.plots.style import EDGE, HOME_LAND, LAND, TEXT, WATER
from dispersal.forecast.theatre import home_places
from dispersal.world.polygons import polygons

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from dispersal.case.schema import Origin, Place
    from dispersal.forecast.forecast import Forecast

FloatArray = NDArray[np.float64]

#: Coefficients of the Equal Earth projection: B. Šavrič, T. Patterson, B. Jenny, "The Equal Earth
#: map projection", International Journal of Geographical Information Science 33(3), 2018.
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796

#: Points of the type of names.
_SIZE: Final = 7.5

#: Width of a map, of its height.
RATIO: Final = 2.25

#: Degrees north between which the world is shown.
_LATITUDES: Final = (-50.0, 75.0)


def equal_earth(longitude: FloatArray | float, latitude: FloatArray | float) -> FloatArray:
    """Return where points lie on a map in the Equal Earth projection.

    Parameters
    ----------
    longitude, latitude : float or array, shape (N,)
        Degrees east and north.

    Returns
    -------
    float array, shape (N, 2) or (2,)
        In radii of the sphere.

    Examples
    --------
    >>> equal_earth(180.0, 0.0).round(4).tolist(), equal_earth(0.0, 90.0).round(4).tolist()
    ([2.7066, 0.0], [0.0, 1.3174])
    """
    turn = np.radians(np.asarray(longitude, float))
    angle = np.arcsin(np.sqrt(3) / 2 * np.sin(np.radians(np.asarray(latitude, float))))
    square = angle**2
    slope = _A1 + 3 * _A2 * square + square**3 * (7 * _A3 + 9 * _A4 * square)
    x = 2 * np.sqrt(3) / 3 * turn * np.cos(angle) / slope
    y = angle * (_A1 + _A2 * square + square**3 * (_A3 + _A4 * square))
    return np.stack(np.broadcast_arrays(x, y), axis=-1)


def draw_land(ax: Axes, forecast: Forecast, fills: Mapping[str, str] | None = None) -> None:
    """Draw the countries, some filled with a colour of their own, and leave out the axes.

    Parameters
    ----------
    ax : Axes
    forecast : Forecast
        Its home theatre is drawn darker.
    fills : mapping of str to str, optional
        Colours by country.
    """
    near = {
        row.country or row.place
        for row in forecast.case.places
        if row.place in home_places(forecast)
    }
    rings: list[FloatArray] = []
    colours: list[str] = []
    for code, shape in polygons().items():
        if code == "ATA":
            continue
        colour = (fills or {}).get(code) or (HOME_LAND if code in near else LAND)
        for polygon in shape:
            # Holes are countries of their own and are drawn over what is around them.
            rings.append(equal_earth(polygon[0][:, 0], polygon[0][:, 1]))
            colours.append(colour)
    order = sorted(range(len(rings)), key=lambda at: -np.ptp(rings[at][:, 0]))
    ax.add_collection(
        PolyCollection(
            [rings[at] for at in order],
            facecolors=[colours[at] for at in order],
            edgecolors=WATER,
            linewidths=0.4,
            zorder=1,
        )
    )
    ax.set_aspect("equal")
    ax.set_xticks([])
    ax.set_yticks([])
    for side in ax.spines.values():
        side.set_visible(False)
    ax.grid(visible=False)


def show_around(ax: Axes, points: FloatArray) -> None:
    """Show the part of the map that holds some points, and some of what is around them.

    Parameters
    ----------
    ax : Axes
    points : float array, shape (N, 2)
        On the map; if none, the whole world is shown.
    """
    south, north = (equal_earth(0.0, latitude)[1] for latitude in _LATITUDES)
    low, high = np.array([-2.55, south]), np.array([2.62, north])
    if len(points):
        margin = 0.08 + 0.06 * np.ptp(points, axis=0)
        low = np.maximum(low, points.min(axis=0) - margin)
        high = np.minimum(high, points.max(axis=0) + margin)
        wide, tall = high - low
        grow = np.array([max(RATIO * tall - wide, 0.0), max(wide / RATIO - tall, 0.0)]) / 2
        low, high = low - grow, high + grow
    ax.set_xlim(low[0], high[0])
    ax.set_ylim(low[1], high[1])


def points_of(rows: tuple[Place, ...] | tuple[Origin, ...]) -> dict[str, FloatArray]:
    """Return where rows lie on the map, by code: their own position, else their capital's.

    What has neither is left out.
    """
    found = {}
    for row in rows:
        code = str(getattr(row, "place", "") or getattr(row, "origin", ""))
        longitude, latitude = row.longitude, row.latitude
        for name in (code, str(getattr(row, "country", ""))):
            if (longitude is None or latitude is None) and name in world.countries():
                longitude, latitude = world.country(name).longitude, world.country(name).latitude
        if longitude is not None and latitude is not None:
            found[code] = equal_earth(longitude, latitude)
    return found


def middle_of_home(forecast: Forecast) -> FloatArray | None:
    """Return the middle of the home theatre on the map, or None if no position is known."""
    places = points_of(forecast.case.places)
    known = [places[code] for code in forecast.case.territory.places if code in places]
    return np.mean(known, axis=0) if known else None


class Labels:
    """Names of points on a map, kept apart: what has no room is left out.

    Parameters
    ----------
    ax : Axes
        With its limits set.
    """

    def __init__(self, ax: Axes) -> None:
        self.ax = ax
        figure = ax.get_figure(root=True)
        inches = float(figure.get_size_inches()[0]) if figure is not None else 6.4
        #: A point of type on the map.
        self.point = float(np.ptp(ax.get_xlim())) / (72 * (inches - 2 * EDGE))
        self.taken: list[tuple[float, float, float, float]] = []

    def add(self, text: str, point: FloatArray, away: FloatArray) -> bool:
        """Write a text beside a point, on the side that ``away`` points to, else on another."""
        drawn = TextPath((0, 0), text, size=_SIZE).get_extents()
        wide, tall, gap = drawn.width * self.point, 1.25 * _SIZE * self.point, 3 * self.point
        x, y = (float(part) for part in point)
        beside = {
            "left": (x - gap - wide, y - tall / 2, "right", "center"),
            "right": (x + gap, y - tall / 2, "left", "center"),
            "above": (x - wide / 2, y + gap, "center", "bottom"),
            "below": (x - wide / 2, y - gap - tall, "center", "top"),
        }
        across = ["right", "left"] if away[0] >= 0 else ["left", "right"]
        along = ["above", "below"] if away[1] >= 0 else ["below", "above"]
        order = [across[0], along[0], along[1], across[1]]
        if abs(away[1]) > abs(away[0]):
            order = [along[0], across[0], across[1], along[1]]
        for left, bottom, side, level in (beside[name] for name in order):
            box = (left, bottom, left + wide, bottom + tall)
            if self._is_free(box):
                self.taken.append(box)
                shift = {"right": -gap, "left": gap}.get(side, 0.0)
                lift = {"top": -gap, "bottom": gap}.get(level, 0.0)
                self.ax.text(
                    x + shift,
                    y + lift,
                    text,
                    ha=side,
                    va=level,
                    fontsize=_SIZE,
                    color=TEXT,
                    zorder=5,
                    path_effects=[withStroke(linewidth=2, foreground=WATER)],
                )
                return True
        return False

    def _is_free(self, box: tuple[float, float, float, float]) -> bool:
        low, high = self.ax.get_xlim()
        if box[0] < low or box[2] > high:
            return False
        apart = 5 * self.point
        return not any(
            box[0] < other[2] + apart
            and other[0] < box[2] + apart
            and box[1] < other[3]
            and other[1] < box[3]
            for other in self.taken
        )
