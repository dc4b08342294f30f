"""Proper scores and calibration: how far a predictive distribution is from what came true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import stdtr

FloatArray = NDArray[np.float64]

#: Degrees of freedom of the error of a published figure, as in the observation model.
DEGREES = 4.0


def crps(draws: FloatArray, observed: FloatArray | float) -> FloatArray:
    """Return the continuous ranked probability score of draws.

    E|X − y| − ½ E|X − X′| of the empirical distribution of the draws [1]_: the absolute error if
    all draws are equal; smaller is better.

    Parameters
    ----------
    draws : float array, shape (..., D)
    observed : float or float array, shape (...)

    Returns
    -------
    float array, shape (...)
        In the unit of the draws.

    References
    ----------
    .. [1] Gneiting and Raftery (2007), Strictly proper scoring rules, prediction, and
       estimation. JASA 102, 359-378, section 4.2.

    Examples
    --------
    >>> float(crps(np.array([1.0, 1.0]), 3.0)), float(crps(np.array([0.0, 1.0]), 0.5))
    (2.0, 0.25)
    """
    draws = np.sort(np.asarray(draws, float), axis=-1)
    size = draws.shape[-1]
    distance = np.abs(draws - np.asarray(observed, float)[..., None]).mean(axis=-1)
    # Half the mean distance of two draws, from their ranks.
    spread = (draws * (2.0 * np.arange(size) - size + 1)).sum(axis=-1) / size**2
    return np.asarray(distance - spread)


def log_score(centres: FloatArray, scales: FloatArray, count: float) -> float:
    """Return minus the log of the probability of a published count.

    The distribution of the count n is the mean over draws of what a Student-t(4) on log(1 + n),
    cut off at 0, gives to the interval from n − ½ to n + ½. It is a probability for each whole
    number, so that its logarithm is a proper score [1]_, and no estimate of a density is needed.

    Parameters
    ----------
    centres, scales : float array, shape (D,)
        On log(1 + n), one a draw.
    count : float
        Persons, 0 or more.

    Returns
    -------
    float
        In nats; smaller is better.

    References
    ----------
    .. [1] Czado, Gneiting and Held (2009), Predictive model assessment for count data.
       Biometrics 65, 1254-1261.

    Examples
    --------
    >>> sure = log_score(np.array([np.log(11.0)]), np.array([1e-6]), 10)
    >>> vague = log_score(np.array([np.log(11.0)]), np.array([1.0]), 10)
    >>> round(abs(sure), 3), round(vague, 3)
    (0.0, 3.378)
    """
    high = (np.log1p(count + 0.5) - centres) / scales
    if count <= 0.5:
        mass = stdtr(DEGREES, high)
    else:
        low = (np.log1p(count - 0.5) - centres) / scales
        # In the upper tail the difference is taken of the small ends, not of numbers near 1.
        upper = low > 0
        ends = np.where(upper, -low, high), np.where(upper, -high, low)
        mass = stdtr(DEGREES, ends[0]) - stdtr(DEGREES, ends[1])
    return float(-np.log(max(float(np.mean(mass)), np.finfo(float).tiny)))


def interval_score(low: FloatArray, high: FloatArray, observed: FloatArray) -> FloatArray:
    """Return the score of central 90 % intervals.

    Its width, and 2/α = 20 times how far the observation lies outside [1]_; smaller is better.

    Parameters
    ----------
    low, high : float array, shape (...)
        The 5 % and 95 % quantiles.
    observed : float array, shape (...)

    Returns
    -------
    float array, shape (...)
        In the unit of the observation.

    References
    ----------
    .. [1] Gneiting and Raftery (2007), JASA 102, 359-378, equation 43.

    Examples
    --------
    >>> interval_score(np.zeros(3), np.ones(3), np.array([0.5, 1.5, -1.0])).tolist()
    [1.0, 11.0, 21.0]
    """
    outside = np.maximum(low - observed, 0.0) + np.maximum(observed - high, 0.0)
    return np.asarray(high - low + 2.0 / 0.1 * outside)


def energy_score(draws: FloatArray, observed: FloatArray) -> FloatArray:
    """Return the energy score of draws of a vector, such as the shares of fates.

    E‖X − y‖ − ½ E‖X − X′‖ with the Euclidean norm [1]_: the CRPS in more than one dimension.

    Parameters
    ----------
    draws : float array, shape (..., D, K)
    observed : float array, shape (..., K)

    Returns
    -------
    float array, shape (...)
        Smaller is better.

    References
    ----------
    .. [1] Gneiting and Raftery (2007), JASA 102, 359-378, equation 22 with β = 1.

    Examples
    --------
    >>> float(energy_score(np.array([[0.0, 0.0], [0.0, 0.0]]), np.array([0.3, 0.4])))
    0.5
    """
    draws, observed = np.asarray(draws, float), np.asarray(observed, float)
    distance = np.linalg.norm(draws - observed[..., None, :], axis=-1).mean(axis=-1)
    # ‖a − b‖² = ‖a‖² + ‖b‖² − 2a·b spares an array of D × D × K.
    squares = (draws**2).sum(axis=-1)
    products = draws @ np.swapaxes(draws, -1, -2)
    apart = squares[..., :, None] + squares[..., None, :] - 2.0 * products
    spread = np.sqrt(np.maximum(apart, 0.0)).mean(axis=(-1, -2))
    return np.asarray(distance - spread / 2.0)


def probability_transform(draws: FloatArray, observed: float, tie: float = 0.5) -> float:
    """Return where an observation lies among the draws (PIT), between 0 and 1.

    Parameters
    ----------
    draws : float array, shape (D,)
    observed : float
    tie : float
        Which part of the draws equal to the observation counts as below it; a random number
        between 0 and 1 makes the PIT of a calibrated forecast uniform.

    Examples
    --------
    >>> probability_transform(np.array([0.0, 0.0, 1.0, 2.0]), 0.0, tie=0.5)
    0.25
    """
    below, equal = (draws < observed).mean(), (draws == observed).mean()
    return float(below + tie * equal)


@dataclass(frozen=True, slots=True)
class Histogram:
    """How often observations fell into each part of their forecasts.

    Parameters
    ----------
    edges : tuple of float
        Of the parts, from 0 to 1.
    counts : tuple of int
    statistic, p_value : float
        Pearson's χ² against equal counts; figures of one country are not independent, so that the
        p-value is rather too small than too large. NaN without observations.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    statistic: float
    p_value: float


def pit_histogram(pit: FloatArray, bins: int = 10) -> Histogram:
    """Return the PIT histogram [1]_: flat for a calibrated forecast.

    A hump in the middle tells of intervals that are too wide, heaps at both ends of intervals
    that are too narrow, one heap of a forecast that is too low (right) or too high (left).

    Parameters
    ----------
    pit : float array, shape (N,)
    bins : int

    References
    ----------
    .. [1] Dawid (1984), Present position and potential developments. JRSS A 147, 278-292.

    Examples
    --------
    >>> found = pit_histogram(np.array([0.05, 0.1, 0.6, 0.9]), bins=2)
    >>> found.counts, found.p_value
    ((2, 2), 1.0)
    """
    counts, edges = np.histogram(pit, bins=bins, range=(0.0, 1.0))
    ends = tuple(float(edge) for edge in edges)
    whole = tuple(int(count) for count in counts)
    if not counts.sum():
        return Histogram(ends, whole, float("nan"), float("nan"))
    test = stats.chisquare(counts)
    return Histogram(ends, whole, float(test.statistic), float(test.pvalue))
