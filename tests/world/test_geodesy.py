"""Distances against published values, geometry, and another formula."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispersal.errors import InputError
from dispersal.world import (
    EARTH_RADIUS_KM,
    UnknownCountryError,
    distance_km,
    distance_matrix_km,
    great_circle_km,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Point = tuple[float, float]
points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
HALF_WAY_ROUND_KM = math.pi * EARTH_RADIUS_KM


def between(a: Point, b: Point) -> float:
    return float(great_circle_km(*a, *b))


def on_the_sphere(point: Point) -> np.ndarray:
    latitude, longitude = np.radians(point)
    return np.array(
        [
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        ]
    )


def test_an_airline_distance() -> None:
    # Nashville to Los Angeles: 2887.25995 km for a radius of 6372.8 km (Rosetta Code, Haversine).
    assert between((36.12, -86.67), (33.94, -118.40)) == pytest.approx(
        2887.25995060711 * 6371.0088 / 6372.8, rel=1e-12
    )


@pytest.mark.parametrize(
    ("a", "b", "published"),
    # City to city, rounded, from published tables of air distances.
    [("GBR", "FRA", 344), ("USA", "JPN", 10_910), ("TUN", "LBY", 515), ("DEU", "RUS", 1_610)],
)
def test_distances_between_capitals(a: str, b: str, published: float) -> None:
    assert distance_km(a, b) == pytest.approx(published, rel=0.01)
    assert distance_km(a, b) == distance_km(b, a)


def test_one_degree_of_the_meridian() -> None:
    # 60 nautical miles (1.852 km) to about 0.1 %.
    assert between((10, 20), (11, 20)) == pytest.approx(111.1951, abs=1e-4)


@given(points, points)
def test_agrees_with_the_angle_between_vectors(a: Point, b: Point) -> None:
    u, v = on_the_sphere(a), on_the_sphere(b)
    angle = math.atan2(float(np.linalg.norm(np.cross(u, v))), float(u @ v))
    # The haversine loses half its digits at the antipodes: 1e-8 radians, some 0.1 m.
    assert between(a, b) == pytest.approx(EARTH_RADIUS_KM * angle, abs=1e-3)


@given(points, points)
def test_symmetric_and_at_most_half_way_round(a: Point, b: Point) -> None:
    assert between(a, b) == between(b, a)
    assert 0 <= between(a, b) <= HALF_WAY_ROUND_KM


@given(points, points, points)
def test_triangle_inequality(a: Point, b: Point, c: Point) -> None:
    assert between(a, c) <= between(a, b) + between(b, c) + 1e-3


@given(points)
def test_zero_to_itself(a: Point) -> None:
    assert between(a, a) == 0


@given(points)
def test_half_way_round_to_the_antipode(a: Point) -> None:
    latitude, longitude = a
    antipode = (-latitude, longitude - 180 if longitude > 0 else longitude + 180)
    assert between(a, antipode) == pytest.approx(HALF_WAY_ROUND_KM, abs=1e-3)


def test_the_date_line_is_no_obstacle() -> None:
    assert between((0, 179.5), (0, -179.5)) == pytest.approx(EARTH_RADIUS_KM * math.pi / 180)


def test_shapes_broadcast() -> None:
    grid = great_circle_km(np.zeros((3, 1)), 0.0, [0.0, 30.0], [10.0, 20.0])
    assert grid.shape == (3, 2)
    assert great_circle_km(0, 0, 1, 1).shape == ()


@given(st.lists(points, max_size=12))
def test_matrix_holds_the_pairs(places: list[Point]) -> None:
    latitudes, longitudes = [p[0] for p in places], [p[1] for p in places]
    matrix = distance_matrix_km(latitudes, longitudes)
    assert matrix.shape == (len(places), len(places))
    np.testing.assert_array_equal(matrix, matrix.T)
    np.testing.assert_array_equal(np.diag(matrix), 0)
    expected = [[between(a, b) for b in places] for a in places]
    np.testing.assert_allclose(matrix, np.reshape(expected, matrix.shape), rtol=1e-12, atol=1e-3)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ((91, 0, 0, 0), "latitude 91.0"),
        ((0, 0, [0, -90.5], 0), "latitude -90.5"),
        ((0, 181, 0, 0), "longitude 181.0"),
        ((0, 0, 0, math.nan), "longitude nan"),
    ],
)
def test_coordinates_out_of_range_are_refused(
    arguments: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike], found: str
) -> None:
    with pytest.raises(InputError, match=f"found {found}"):
        great_circle_km(*arguments)


def test_matrix_refuses_lengths_that_differ() -> None:
    with pytest.raises(InputError, match=r"shape \(2,\) and longitudes of shape \(3,\)"):
        distance_matrix_km([0, 1], [0, 1, 2])


def test_unknown_countries_are_refused() -> None:
    with pytest.raises(UnknownCountryError, match="'TUR'"):
        distance_km("TUN", "TR")
