"""The latent field: log arrivals a day at each camp, as its posterior and as draws of it.

At an open camp c of country u on day t people arrive at the rate exp f_c(t) a day, with

    f_c(t) = m + s(t) − g · log((t + 7) / (T + 7)) + a · x_c(t) + b_u + d_u(t) + b_c + d_c(t)
             − k · shut_c(t)

where T is the last known day, g says how arrivals fade, x is the access (``Surroundings``), b are
lasting effects of countries and camps, d their drift (Ornstein-Uhlenbeck), s is the drift of all
camps together, and a closed way takes k off. How it is learnt: ``condition.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """Draws of the field after the last known day.

    Parameters
    ----------
    knots : int array, shape (K,)
        Days on which the field is given.
    log_rate : float array, shape (K, camps, draws)
        log of people a day, of an open camp.
    closure : float array, shape (draws,)
        What a closed way takes off it.
    turnover : float array, shape (draws,)
        Share of a camp that leaves in a month.
    """

    knots: Ints
    log_rate: Floats
    closure: Floats
    turnover: Floats

    def on(self, day: int, opened: NDArray[np.bool_]) -> Floats:
        """Return log arrivals a day, shape (camps, draws)."""
        after = int(np.clip(np.searchsorted(self.knots, day), 1, len(self.knots) - 1))
        before = after - 1
        share = (day - self.knots[before]) / (self.knots[after] - self.knots[before])
        share = min(max(float(share), 0.0), 1.0)
        rate = self.log_rate[before] * (1.0 - share) + self.log_rate[after] * share
        return np.asarray(rate - np.where(opened, 0.0, 1.0)[:, None] * self.closure)


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """The field after the last known day, given all arrivals before it.

    Gaussian, given the volatility (by what the spread of drifts is multiplied) and the turnover.

    Parameters
    ----------
    knots : int array, shape (K,)
        Days on which it is given.
    volatility : float array, shape (V,)
    turnover : float array, shape (T,)
        Share a month.
    weight : float array, shape (V, T)
        Posterior probabilities.
    mean : float array, shape (V, T, K · camps + 1)
        Of log people a day at knots and camps, and of what a closed way takes off.
    root : tuple of V float arrays, each of shape (K · camps + 1, K · camps + 1)
        Lower Cholesky factors of their covariances, which are the same for all turnovers.
    """

    knots: Ints
    volatility: Floats
    turnover: Floats
    weight: Floats
    mean: Floats
    root: tuple[Floats, ...]

    def draw(self, draws: int, rng: np.random.Generator) -> Field:
        """Draw the field; volatility and turnover by systematic sampling, in random order."""
        noise = rng.standard_normal((draws, self.mean.shape[2])).T
        at = (rng.permutation(draws) + rng.random()) / draws
        upto = np.cumsum(self.weight)
        pair = np.searchsorted(upto[:-1], at * upto[-1], side="right")
        calm, turn = np.divmod(pair, len(self.turnover))
        drawn = self.mean[calm, turn].T
        for number, root in enumerate(self.root):
            own = calm == number
            drawn[:, own] += root @ noise[:, own]
        log_rate = drawn[:-1].reshape(len(self.knots), -1, draws)
        return Field(self.knots, log_rate, drawn[-1], self.turnover[turn])
