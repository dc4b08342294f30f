"""Distances on the sphere, between points and between countries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispersal.errors import InputError
from dispersal.world.countries import country

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth, R1 of the IUGG (Moritz 2000, Geodetic Reference System 1980)."""


def great_circle_km(
    lat1: ArrayLike, lon1: ArrayLike, lat2: ArrayLike, lon2: ArrayLike
) -> NDArray[np.float64]:
    """Return great-circle distances by the haversine formula.

    Parameters
    ----------
    lat1, lon1, lat2, lon2 : array_like
        Latitudes in [-90, 90] and longitudes in [-180, 180], in degrees; their shapes broadcast.

    Returns
    -------
    ndarray of float
        Distances in kilometres on a sphere of the mean Earth radius, of the broadcast shape (of
        no dimension for four numbers). The Earth's flattening makes them wrong by up to 0.6 %.

    Raises
    ------
    InputError
        If a coordinate is out of its range or not a number.

    References
    ----------
    Sinnott, R. W. (1984). Virtues of the haversine. Sky and Telescope 68 (2), 159.

    Examples
    --------
    From Tunis to Tripoli, and to Sirte:

    >>> great_circle_km(36.82, 10.17, [32.89, 31.21], [13.19, 16.59]).round().tolist()
    [517.0, 859.0]
    """
    phi1, phi2 = (_radians(value, 90, "latitude") for value in (lat1, lat2))
    lambda1, lambda2 = (_radians(value, 180, "longitude") for value in (lon1, lon2))
    haversine = (
        np.sin((phi2 - phi1) / 2) ** 2
        + np.cos(phi1) * np.cos(phi2) * np.sin((lambda2 - lambda1) / 2) ** 2
    )
    # Rounding can carry the haversine of antipodes a hair above one.
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(haversine, 1.0))))


def distance_matrix_km(latitudes: ArrayLike, longitudes: ArrayLike) -> NDArray[np.float64]:
    """Return the great-circle distances between all pairs of points.

    Parameters
    ----------
    latitudes, longitudes : array_like, shape (n,)
        In degrees.

    Returns
    -------
    ndarray, shape (n, n)
        Kilometres; symmetric, with zeros on the diagonal.

    Raises
    ------
    InputError
        If the two are not one-dimensional and of the same length, or a coordinate is out of range.

    Examples
    --------
    >>> distance_matrix_km([0, 0, 90], [0, 90, 0]).round(1)
    array([[    0. , 10007.6, 10007.6],
           [10007.6,     0. , 10007.6],
           [10007.6, 10007.6,     0. ]])
    """
    lat, lon = np.asarray(latitudes, dtype=float), np.asarray(longitudes, dtype=float)
    if lat.ndim != 1 or lat.shape != lon.shape:
        raise InputError(
            f"found latitudes of shape {lat.shape} and longitudes of shape {lon.shape}, "
            "expected two one-dimensional arrays of the same length"
        )
    return great_circle_km(lat[:, None], lon[:, None], lat[None, :], lon[None, :])


def distance_km(a: str, b: str) -> float:
    """Return the great-circle distance between the capitals of two countries.

    Parameters
    ----------
    a, b : str
        ISO 3166-1 alpha-3 codes, or ``XKX``.

    Returns
    -------
    float
        Kilometres.

    Raises
    ------
    UnknownCountryError
        If no country has one of the codes.

    Examples
    --------
    >>> round(distance_km("TUN", "SYR"))
    2395
    """
    one, other = country(a), country(b)
    return float(great_circle_km(one.latitude, one.longitude, other.latitude, other.longitude))


def _radians(degrees: ArrayLike, limit: float, what: str) -> NDArray[np.float64]:
    values = np.asarray(degrees, dtype=float)
    outside = ~(np.abs(values) <= limit)  # negated, so that NaN counts as outside
    if outside.any():
        found = values[outside].flat[0]
        raise InputError(f"found {what} {found}, expected degrees from -{limit} to {limit}")
    radians: NDArray[np.float64] = np.radians(values)
    return radians
