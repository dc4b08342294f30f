"""The size of a membership from abroad as priors, where only the whole is known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Draws that the priors are worked out with.
DRAWS: Final = 4_000

#: Standard deviations from the middle to an end of an 80 % range of a normal.
_P90: Final = 1.2815515655446004

#: Spread between the contingents of a region in the table of parameters.
_USUAL_SPREAD: Final = 1.5

#: Least deviation of the typical contingent.
_LEAST: Final = 0.05


def contingent_priors(
    low: float, high: float, regions: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """Return priors of contingents whose sum has an 80 % range.

    The log of a contingent is a level of its region, Normal(a, b), plus a deviation whose scale
    is HalfNormal(s). The spread s is the table's, or smaller where the range is too narrow for
    it; then b gives the range its width, and a its middle.

    Parameters
    ----------
    low, high : float
        80 % range of the persons of all home countries together; high is 1 or more.
    regions : sequence of str
        The region of each home country.

    Returns
    -------
    dict
        Priors of ``members_level`` and ``members_sd``.

    Examples
    --------
    >>> contingent_priors(900, 1100, ["north_africa"])["members_level"][0]
    6.9
    """
    rng = np.random.default_rng(20_170_307)
    names = sorted(set(regions))
    level = rng.standard_normal((DRAWS, len(names)))[:, [names.index(one) for one in regions]]
    scale = np.abs(rng.standard_normal(DRAWS))[:, None]
    own = rng.standard_normal((DRAWS, len(regions)))

    def ends(b: float, s: float) -> tuple[float, float]:
        logs = np.log(np.exp(b * level + s * scale * own).sum(axis=1))
        p10, p90 = np.quantile(logs, (0.1, 0.9))
        return float(p10), float(p90)

    logs = math.log(max(low, 1.0)), math.log(max(high, 1.0))
    width = max(logs[1] - logs[0], 2 * _P90 * 0.05)
    room = _largest(lambda s: _between(ends(_LEAST, s)) <= width, 0.02, 2 * _USUAL_SPREAD)
    spread = room / 2
    deviation = _largest(lambda b: _between(ends(b, spread)) <= width, _LEAST, 4.0)
    p10, p90 = ends(deviation, spread)
    middle = (sum(logs) - p10 - p90) / 2
    return {
        "members_level": (round(middle, 2), round(deviation, 3)),
        "members_sd": (0.0, round(spread, 3)),
    }


def _between(ends: tuple[float, float]) -> float:
    return ends[1] - ends[0]


def _largest(fits: Callable[[float], bool], low: float, high: float) -> float:
    """Return the largest number for which a rule holds that holds up to some number."""
    if fits(high):
        return high
    for _ in range(16):
        middle = (low + high) / 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low
