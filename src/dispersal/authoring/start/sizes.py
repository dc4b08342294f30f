"""The size of each contingent from abroad, where only that of all of them together is known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

#: Draws that the ranges are worked out with.
DRAWS: Final = 8_000

#: Adults of a home country of which nothing is known, 80 % range. Without a range the size of a
#: contingent and the spread between contingents would be left to each other, which no sampler
#: walks well.
UNKNOWN: Final = (10.0, 1_000.0)

#: Standard deviations from the middle to an end of an 80 % range of a normal.
_P90: Final = 1.2815515655446004

#: Least and largest standard deviation of the log of a contingent.
_LEAST, _MOST = 0.05, 4.0


def contingent_range(low: float, high: float, countries: int) -> tuple[float, float]:
    """Return the 80 % range of each of several contingents whose sum has one.

    Nobody knows how they split, so that each is as likely to be the largest: the contingents are
    independent log-normals of one median and one spread.

    Parameters
    ----------
    low, high : float
        80 % range of the persons of all home countries together; high is 1 or more.
    countries : int
        Number of home countries.

    Returns
    -------
    (float, float)
        To three significant figures; 1 person at least, as no log of a size is below that of 1.

    Examples
    --------
    >>> contingent_range(500, 2_000, 1)
    (500.0, 2000.0)
    >>> contingent_range(5_000, 20_000, 5)
    (353.0, 5160.0)
    """
    logs = math.log(max(low, 1.0)), math.log(max(high, 1.0))
    middle, deviation = sum(logs) / 2, (logs[1] - logs[0]) / (2 * _P90)
    if countries > 1:
        normal = np.random.default_rng(20_170_307).standard_normal((DRAWS, countries))

        def ends(spread: float) -> tuple[float, float]:
            p10, p90 = np.quantile(np.log(np.exp(spread * normal).sum(axis=1)), (0.1, 0.9))
            return float(p10), float(p90)

        width = logs[1] - logs[0]
        deviation = _largest(lambda spread: ends(spread)[1] - ends(spread)[0] <= width)
        middle -= sum(ends(deviation)) / 2
    each = (math.exp(middle + sign * _P90 * deviation) for sign in (-1.0, 1.0))
    first, last = (max(1.0, float(f"{end:.3g}")) for end in each)
    return first, last


def _largest(fits: Callable[[float], bool]) -> float:
    """Return the largest spread for which a rule holds that holds up to some spread."""
    low, high = _LEAST, _MOST
    if fits(high):
        return high
    for _ in range(16):
        middle = (low + high) / 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low
