"""The map on the last day: places in conflict, roads, and camps with curves that lead to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from dispersal.forecast.plots.flows import tapered
from dispersal.forecast.plots.geography import Labels, equal_earth
from dispersal.forecast.plots.style import COLOURS, DATA, HOME_LAND, LAND, MUTED, TEXT, WATER
from dispersal.forecast.wording import day, listed, number
from dispersal.report.displacement.drawing.board import board, head
from dispersal.report.displacement.results import plain_name
from dispersal.report.displacement.words import on_the_last_day, source_line
from dispersal.world.polygons import polygons

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from dispersal.report.displacement.positions import Positions
    from dispersal.report.displacement.results import Results

    Floats = NDArray[np.float64]

CONFLICT: Final = COLOURS["underground"]
ROAD: Final = "#b3aa9a"

#: Inches: width of the figure, and what its texts take of its height.
_WIDE: Final = 8.6
_TEXTS: Final = 1.5

#: Between these a map is as wide as its places, of its height.
_RATIOS: Final = (1.1, 1.78)

#: Area of the largest circle, points squared; width of the widest curve, of the map.
_LARGEST: Final = 900.0
_WIDEST: Final = 0.022

#: Room around the places, of the extent of the map.
_MARGIN: Final = 0.12


def draw_map_of_camps(
    results: Results, positions: Positions, keep: Callable[[Figure], None]
) -> None:
    """Draw the map on the last day.

    Parameters
    ----------
    results : Results
    positions : Positions
        With a centre; else there is no map.
    keep : callable
        Takes the figure, which is closed afterwards.
    """
    assert positions.centre is not None
    points = {name: equal_earth(*position) for name, position in positions.places.items()}
    low, high = _frame(np.array(list(points.values())))
    size = (_WIDE, _WIDE * float((high - low)[1] / (high - low)[0]) + _TEXTS)
    with board(size) as (figure, (panel,)):
        _show(panel, low, high)
        _land(panel, positions.home)
        _roads(results, panel, points)
        _places(results, positions, panel, points)
        unnamed = _camps(results, panel, points, equal_earth(*positions.centre))
        head(
            figure,
            on_the_last_day(results),
            f"People in camps on {day(results.date(results.days - 1))}, "
            + ("median" if results.spread else "expected")
            + "; in brackets the count. Curves begin in the middle of the places that people flee "
            "from: which of these those in a camp come from is not known."
            + (f" Not named for lack of room: {listed(unnamed)}." if unnamed else "")
            + (f" {positions.missing}" if positions.missing else ""),
            source_line(results),
            _handles(results),
            3,
        )
        keep(figure)


def _frame(points: Floats) -> tuple[Floats, Floats]:
    """Return the corners of the map: all places and some room around them."""
    low, high = points.min(axis=0), points.max(axis=0)
    margin = _MARGIN * max(float(np.ptp(points, axis=0).max()), 0.01)
    wide, tall = high - low + 2 * margin
    ratio = float(np.clip(wide / tall, *_RATIOS))
    grow = np.array([max(ratio * tall - wide, 0.0), max(wide / ratio - tall, 0.0)]) / 2
    return low - margin - grow, high + margin + grow


def _show(panel: Axes, low: Floats, high: Floats) -> None:
    panel.set_xlim(low[0], high[0])
    panel.set_ylim(low[1], high[1])
    panel.set_aspect("equal")
    panel.set_xticks([])
    panel.set_yticks([])
    panel.grid(visible=False)
    for side in panel.spines.values():
        side.set_visible(False)


def _land(panel: Axes, home: frozenset[str]) -> None:
    """Draw the countries in sight, home a little darker."""
    (west, east), (south, north) = panel.get_xlim(), panel.get_ylim()
    rings, colours = [], []
    for code, shape in polygons().items():
        for polygon in shape:
            ring = equal_earth(polygon[0][:, 0], polygon[0][:, 1])
            least, most = ring.min(axis=0), ring.max(axis=0)
            if least[0] < east and most[0] > west and least[1] < north and most[1] > south:
                rings.append(ring)
                colours.append(HOME_LAND if code in home else LAND)
    panel.add_collection(
        PolyCollection(rings, facecolors=colours, edgecolors=WATER, linewidths=1.0, zorder=1)
    )


def _roads(results: Results, panel: Axes, points: dict[str, Floats]) -> None:
    ends = [
        [points[route.name1], points[route.name2]]
        for route in results.folder.routes
        if route.name1 in points and route.name2 in points
    ]
    panel.add_collection(LineCollection(ends, colors=ROAD, linewidths=0.6, zorder=2))


def _places(results: Results, positions: Positions, panel: Axes, points: dict[str, Floats]) -> None:
    ever = set(np.flatnonzero(positions.conflict.any(axis=0)).tolist())
    for at, location in enumerate(results.folder.locations):
        if location.name not in points or location.name in results.camps:
            continue
        x, y = points[location.name]
        if at not in ever:
            panel.plot([x], [y], "o", color=MUTED, markersize=1.8, zorder=3)
            continue
        face = CONFLICT if positions.conflict[-1, at] else WATER
        panel.plot([x], [y], "D", color=CONFLICT, markerfacecolor=face, markersize=4, zorder=3)


def _camps(results: Results, panel: Axes, points: dict[str, Floats], centre: Floats) -> list[str]:
    """Draw camps and curves; return the camps for whose names there was no room."""
    shown = [at for at, camp in enumerate(results.camps) if camp in points]
    high = np.array([results.at_end(at)[2] for at in range(len(results.camps))])
    most = max([float(high[at]) for at in shown], default=1.0) or 1.0
    widest = _WIDEST * float(np.ptp(panel.get_xlim()))
    order = sorted(shown, key=lambda at: results.middle[-1, at])
    for at in order:
        # The thickest is drawn last.
        outline = tapered(centre, points[results.camps[at]], widest * results.middle[-1, at] / most)
        panel.add_patch(
            Polygon(outline, closed=True, facecolor=DATA, edgecolor="none", alpha=0.5, zorder=4)
        )
    panel.plot(*centre, "o", color=DATA, markersize=3, zorder=5)
    labels = Labels(panel)
    reach = {
        at: labels.point * np.sqrt(_LARGEST * max(high[at], results.counted[-1, at]) / most / np.pi)
        for at in order
    }
    for at in order:
        x, y = points[results.camps[at]]
        # A little less than the circle, so that its own name may stand close to it.
        half = max(reach[at] - 3 * labels.point, 0.0)
        labels.taken.append((x - half, y - half, x + half, y + half))
    unnamed = []
    for at in reversed(order):
        x, y = points[results.camps[at]]
        middle, counted = float(results.middle[-1, at]), float(results.counted[-1, at])
        circles = [(high[at], DATA, "none", 0.2), (middle, DATA, "none", 0.75)]
        circles.append((counted, "none", TEXT, 1.0))
        for people, face, edge, alpha in circles:
            if people > 0:
                panel.scatter(
                    [x], [y], s=_LARGEST * people / most, facecolor=face, edgecolor=edge,
                    alpha=alpha, linewidth=0.9, zorder=5, gid=f"camp:{results.camps[at]}",
                )  # fmt: skip
        text = f"{plain_name(results.camps[at])} {number(middle)} ({number(counted)})"
        for toward in _sides(points[results.camps[at]] - centre):
            if labels.add(text, points[results.camps[at]] + toward * reach[at], toward):
                break
        else:
            unnamed.append(plain_name(results.camps[at]))
    return unnamed


def _sides(away: Floats) -> list[Floats]:
    """Return on which sides a name may stand, the one away from where curves begin first."""
    across = np.array([np.sign(away[0]) or 1.0, 0.0])
    along = np.array([0.0, np.sign(away[1]) or 1.0])
    first, second = (along, across) if abs(away[1]) > 2 * abs(away[0]) else (across, along)
    return [first, second, -second, -first]


def _handles(results: Results) -> list[Line2D]:
    """Return what the legend tells."""
    middle = "median" if results.spread else "expected"
    found = [_key("o", DATA, DATA, 8, f"in the camp, {middle} (area)", alpha=0.75)]
    if results.spread:
        found.append(_key("o", DATA, DATA, 10, "90 % quantile", alpha=0.2))
    return [
        *found,
        _key("o", "none", TEXT, 8, "counted"),
        _key("D", CONFLICT, CONFLICT, 4, "people flee from here that day"),
        _key("D", WATER, CONFLICT, 4, "only on other days"),
        Line2D([], [], color=ROAD, linewidth=0.8, label="road"),
    ]


def _key(marker: str, face: str, edge: str, size: float, label: str, alpha: float = 1.0) -> Line2D:
    return Line2D(
        [], [], marker=marker, linestyle="none", markerfacecolor=face, markeredgecolor=edge,
        markeredgewidth=0.0 if face == edge else 0.9, markersize=size, alpha=alpha, label=label,
    )  # fmt: skip
