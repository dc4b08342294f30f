from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import countryinfo
import numpy as np
import pytest

from dispersal.case import load_case
from dispersal.errors import DispersalError
from dispersal.world import EARTH_RADIUS_KM, country
from dispersal.world import polygons as module
from dispersal.world.polygons import polygons, polygons_text

if TYPE_CHECKING:
    from dispersal.world.polygons import FloatArray, Polygon

#: Home countries of the built-in case that a map of the world at 1:110m does not show.
TOO_SMALL = {"BHR", "MDV"}


def ring_area(ring: FloatArray) -> float:
    """Area in km² between a ring and the equator, on the sphere, segments straight in the map."""
    across = np.diff(np.radians(ring[:, 0]))
    heights = np.sin(np.radians(ring[:, 1]))
    return float(EARTH_RADIUS_KM**2 * (across * (heights[:-1] + heights[1:]) / 2).sum())


def area(shape: tuple[Polygon, ...]) -> float:
    return sum(
        abs(ring_area(outer)) - sum(abs(ring_area(hole)) for hole in holes)
        for outer, *holes in shape
    )


def holds(ring: FloatArray, longitude: float, latitude: float) -> bool:
    """Count crossings of the ray to the east."""
    x, y = ring[:-1].T
    to_x, to_y = ring[1:].T
    between = (y > latitude) != (to_y > latitude)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = x + (latitude - y) / (to_y - y) * (to_x - x)
    return bool((between & (at > longitude)).sum() % 2)


def test_every_home_country_of_the_built_in_case_has_a_polygon() -> None:
    origins = {origin.origin for origin in load_case("isis_2017").origins}
    assert origins - set(polygons()) == TOO_SMALL


def test_rings_are_closed_and_on_the_globe() -> None:
    for code, shape in polygons().items():
        for ring in (ring for polygon in shape for ring in polygon):
            assert len(ring) > 3, code
            assert np.array_equal(ring[0], ring[-1]), code
            assert np.abs(ring).max(axis=0)[0] <= 180, code
            assert np.abs(ring).max(axis=0)[1] <= 90, code


def test_nothing_runs_across_the_map_at_the_antimeridian() -> None:
    for code, shape in polygons().items():
        for ring in (ring for polygon in shape for ring in polygon):
            jumps = np.abs(np.diff(ring, axis=0))
            # Antarctica is closed along the pole.
            assert jumps[np.abs(ring[1:, 1]) < 90, 0].max() < 60, code


@pytest.mark.parametrize("code", ["RUS", "FJI", "USA", "ATA"])
def test_countries_reach_both_edges_of_the_map_where_they_do(code: str) -> None:
    ends = np.concatenate([polygon[0][:, 0] for polygon in polygons()[code]])
    if code == "USA":
        assert ends.max() < -60  # the Aleutians beyond it are too small
    else:
        assert (ends.min(), ends.max()) == (-180, 180)


@pytest.mark.parametrize("code", ["RUS", "FRA", "TUN", "SAU", "DEU", "CHN", "AUS", "ZAF", "LBY"])
def test_areas_are_those_of_a_gazetteer(code: str) -> None:
    listed = countryinfo.CountryInfo(country(code).name).area()
    if code == "FRA":
        listed = 551_500  # the gazetteer's includes overseas departments
    assert area(polygons()[code]) == pytest.approx(listed, rel=0.12)


def test_holes_are_countries_of_their_own() -> None:
    (lesotho,) = polygons()["LSO"]
    (south_africa, *_) = [polygon for polygon in polygons()["ZAF"] if len(polygon) > 1]
    assert area((lesotho,)) == pytest.approx(abs(ring_area(south_africa[1])), rel=1e-9)


@pytest.mark.parametrize("code", ["TUN", "RUS", "SYR", "IRQ", "XKX", "FRA", "GUF", "YEM", "EGY"])
def test_capitals_lie_within_or_near(code: str) -> None:
    here = country(code)
    shape = polygons()[code]
    inside = any(holds(polygon[0], here.longitude, here.latitude) for polygon in shape)
    points = np.concatenate([polygon[0] for polygon in shape])
    near = np.hypot(*(points - (here.longitude, here.latitude)).T).min()
    assert inside or near < 0.7


def test_french_guiana_is_not_france() -> None:
    west = min(float(polygon[0][:, 0].min()) for polygon in polygons()["FRA"])
    assert west > -6
    assert area(polygons()["GUF"]) == pytest.approx(83_500, rel=0.1)


def test_a_package_without_polygons_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FILE", "nothing.json")
    with pytest.raises(DispersalError, match="make web"):
        polygons_text()


def test_the_file_names_every_country_once() -> None:
    shapes: list[dict[str, Any]] = json.loads(polygons_text())["objects"]["countries"]["geometries"]
    codes = [shape["properties"]["a3"] for shape in shapes]
    assert len(codes) == len(set(codes)) == len(polygons())
