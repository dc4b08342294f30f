"""Values that a figure might have, and how likely each draw makes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr
from scipy.stats import t as student

from dispersal.forecast.published import DEGREES, REPEATED

if TYPE_CHECKING:
    from dispersal.whatif.information_figures import Figure

FloatArray = NDArray[np.float64]

#: Density of a Student-t(4) at its middle.
_PEAK: Final = 0.375


@dataclass(frozen=True, eq=False)
class Values:
    """K values of one figure, in ascending order.

    Parameters
    ----------
    value : float array, shape (K,)
        On log(1 + n).
    chance : float array, shape (K,)
        Probability of each before it is known; they add up to 1.
    likelihood : float array, shape (K, D)
        Of each value in each draw, up to a factor a value.
    """

    value: FloatArray
    chance: FloatArray
    likelihood: FloatArray


def common_noise(draws: int, seed: int) -> FloatArray:
    """Return errors of a figure, one a draw, in units of its scale: the same for every figure.

    Quantiles of a Student-t(4) in random order: they spread as the error does, with less chance
    than independent numbers.

    Examples
    --------
    >>> noise = common_noise(1_000, seed=1)
    >>> round(float(np.quantile(noise, 0.9)), 2), round(float(student(4).ppf(0.9)), 2)
    (1.53, 1.53)
    """
    levels = (np.arange(draws) + 0.5) / draws
    rng = np.random.default_rng([seed, 0x1F0])
    return np.asarray(rng.permutation(student(DEGREES).ppf(levels)))


def values_of(figure: Figure, noise: FloatArray, count: int) -> Values:
    """Return hypothetical values of a figure, drawn from its own predictive distribution.

    Each draw gives one value (its centre and a common error). Of those in order every D / K-th is
    kept, and stands for what the mean density over all draws gives to its neighbourhood. A figure
    of 0, and the last figure told again, are values of their own.

    Parameters
    ----------
    figure : Figure
    noise : float array, shape (D,)
        From :func:`common_noise`.
    count : int
        K, apart from those two.

    Examples
    --------
    >>> from dispersal.whatif.information_figures import Figure
    >>> draws = np.linspace(6.0, 8.0, 100)
    >>> figure = Figure("returned:TUN", "national", "returned", "TUN", draws, np.full(100, 0.1))
    >>> found = values_of(figure, common_noise(100, seed=1), 20)
    >>> found.likelihood.shape, round(float(found.chance.sum()), 9)
    ((20, 100), 1.0)
    """
    new = 1.0 - figure.chance
    drawn = np.sort(figure.centre + figure.scale * noise)
    drawn = drawn[drawn > 0.0]
    at_zero = stdtr(DEGREES, -figure.centre / figure.scale)
    none = float(at_zero.mean())
    values, chances, rows = [], [], []
    if drawn.size:
        kept = np.unique(np.quantile(drawn, (np.arange(count) + 0.5) / count))
        density = _density(kept, figure)
        mass = density.mean(axis=1) * (np.gradient(kept) if kept.size > 1 else 1.0)
        values.append(kept)
        chances.append(mass * (new * (1.0 - none) / mass.sum()))
        rows.append(new * density)
    none_again = figure.chance if figure.repeated == 0.0 else 0.0
    # A value of less than one in ten thousand is not worth a row.
    if new * none + none_again > 1e-4 or not drawn.size:
        values.append(np.zeros(1))
        chances.append(np.array([new * none + none_again]))
        rows.append(new * at_zero[None] + none_again)
    if figure.chance > none_again:
        again = np.array([np.log1p(figure.repeated)])
        if drawn.size:
            rows[0] += figure.chance * _student(values[0], float(again[0]), REPEATED)[:, None]
        values.append(again)
        chances.append(np.array([figure.chance]))
        rows.append(new * _density(again, figure) + figure.chance * _PEAK / REPEATED)
    value, chance = np.concatenate(values), np.concatenate(chances)
    order = np.argsort(value, kind="stable")
    return Values(value[order], chance[order] / chance.sum(), np.concatenate(rows)[order])


def drawn_values(figure: Figure, noise: FloatArray, seed: int) -> FloatArray:
    """Return one value a draw of a figure on log(1 + n), shape (D,), with repeats."""
    value = np.maximum(figure.centre + figure.scale * noise, 0.0)
    again = np.random.default_rng([seed, 0x1F1]).random(value.size) < figure.chance
    return np.where(again, np.log1p(figure.repeated), value)


def _density(values: FloatArray, figure: Figure) -> FloatArray:
    """Return the density of each value in each draw, shape (K, D)."""
    square = ((values[:, None] - figure.centre) / figure.scale) ** 2
    square *= 1.0 / DEGREES
    square += 1.0
    # The power −5/2, without a power.
    return np.asarray(_PEAK / (square * square * np.sqrt(square) * figure.scale))


def _student(values: FloatArray, centre: float, scale: float) -> FloatArray:
    square = 1.0 + ((values - centre) / scale) ** 2 / DEGREES
    return np.asarray(_PEAK / (square * square * np.sqrt(square) * scale))
