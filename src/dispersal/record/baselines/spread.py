"""How far a figure is from the one before it, learnt from earlier revisions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from dispersal.record.baselines.prediction import DEGREES

if TYPE_CHECKING:
    from dispersal.record.baselines.known import Known

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spread:
    """Scale of a change of log(1 + n): sqrt(at_once² + a_year² · years).

    Parameters
    ----------
    at_once : float
        Between two figures of the same day.
    a_year : float
        What a year adds.

    Examples
    --------
    >>> Spread(0.3, 0.4).after(1.0)
    0.5
    """

    at_once: float
    a_year: float

    def after(self, years: float) -> float:
        """Return the scale after some years."""
        return math.sqrt(self.at_once**2 + self.a_year**2 * years)


#: What the spread is if nothing was ever revised: medians, with a deviation of 1 on the log.
PRIOR = Spread(0.1, 0.3)

#: The same for the shares of different countries around the pooled one.
SHARE_PRIOR = Spread(0.7, 0.3)


def learn_spread(changes: FloatArray, years: FloatArray, prior: Spread = PRIOR) -> Spread:
    """Return the most probable spread of changes that follow a Student-t(4).

    Parameters
    ----------
    changes : float array, shape (N,)
        Of log(1 + n).
    years : float array, shape (N,)
        Time between the two figures.
    prior : Spread
        Medians of the log-normal priors of both scales; what is returned if N is 0.

    Examples
    --------
    >>> learn_spread(np.zeros(0), np.zeros(0))
    Spread(at_once=0.1, a_year=0.3)
    >>> rng = np.random.default_rng(1)
    >>> years = rng.uniform(0, 4, 4_000)
    >>> spread = learn_spread(np.sqrt(0.2**2 + 0.5**2 * years) * rng.standard_t(4, 4_000), years)
    >>> abs(spread.at_once - 0.2) < 0.05, abs(spread.a_year - 0.5) < 0.05
    (True, True)
    """
    if changes.size == 0:
        return prior
    start = np.log([prior.at_once, prior.a_year])

    def loss(logs: FloatArray) -> float:
        at_once, a_year = np.exp(logs)
        scale = np.sqrt(at_once**2 + a_year**2 * years)
        density = stats.t.logpdf(changes / scale, DEGREES) - np.log(scale)
        return float(((logs - start) ** 2).sum() / 2 - density.sum())

    found = optimize.minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-6})
    return Spread(*(float(value) for value in np.exp(found.x)))


def revisions_of(known: Known) -> dict[str, Spread]:
    """Return the spread of consecutive figures, by quantity."""
    return {name: learn_spread(*known.changes(name)) for name in known.quantities}
