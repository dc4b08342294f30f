"""Cooke's classical model: weights from how experts did on questions with known answers.

Cooke (1991), Experts in Uncertainty, Oxford University Press, chapter 12; Cooke and Goossens
(2008), TU Delft expert judgment data base. Reliability Engineering and System Safety 93, 657-674.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import rel_entr
from scipy.stats import chi2

from dispersal.errors import InputError
from dispersal.whatif.experts.distributions import OVERSHOOT, from_quantiles, support
from dispersal.whatif.experts.pools import equal_weights, linear_pool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispersal.whatif.experts.distributions import Piecewise

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Weights:
    """Performance of experts on seed questions, and the weights that follow from it.

    Parameters
    ----------
    calibration : float array, shape (E,)
        p-value of the hypothesis that the expert's quantiles are right; NaN without seeds.
    information : float array, shape (E,)
        Mean relative information against a uniform density, nats; NaN without seeds.
    weights : float array, shape (E,)
        They sum to 1.
    fallback : str
        Why the weights are equal; empty if they are those of the classical model.
    """

    calibration: FloatArray
    information: FloatArray
    weights: FloatArray
    fallback: str = ""


def bins_hit(values: FloatArray, realised: FloatArray) -> NDArray[np.int64]:
    """Return how many realisations fell between an expert's quantiles.

    Parameters
    ----------
    values : float array, shape (N, Q)
        Quantiles of N questions.
    realised : float array, shape (N,)
        A realisation on a quantile counts as below it.

    Returns
    -------
    int array, shape (Q + 1,)

    Examples
    --------
    >>> bins_hit(np.array([[2.0, 5.0, 7.0], [8.0, 10.0, 11.0]]), np.array([24.0, 9.0])).tolist()
    [0, 1, 0, 1]
    """
    at = (np.asarray(realised, float)[:, None] > np.asarray(values, float)).sum(axis=1)
    return np.bincount(at, minlength=np.shape(values)[1] + 1).astype(np.int64)


def calibration(counts: NDArray[np.int64], levels: Sequence[float]) -> float:
    """Return the calibration score: P(χ² > 2 N I(s, p)) with as many degrees as quantiles.

    I(s, p) is the information of the shares s of realisations between the quantiles, relative
    to the probabilities p that the quantiles give them.

    Parameters
    ----------
    counts : int array, shape (Q + 1,)
    levels : sequence of float, length Q

    Examples
    --------
    >>> round(calibration(np.array([0, 5, 5, 0]), [0.05, 0.5, 0.95]), 4)
    0.5505
    """
    chances = np.diff([0.0, *levels, 1.0])
    shares = counts / counts.sum()
    statistic = 2.0 * counts.sum() * rel_entr(shares, chances).sum()
    return float(chi2.sf(statistic, len(levels)))


def information(part: Piecewise) -> float:
    """Return the information of a distribution, relative to a uniform one on its support.

    Examples
    --------
    >>> round(information(from_quantiles([1.0], [0.5], 0.0, 4.0)), 4)
    0.1438
    """
    wide = part.edges[-1] - part.edges[0]
    return float(rel_entr(part.masses, np.diff(part.edges) / wide).sum())


def performance_weights(
    values: FloatArray,
    realised: FloatArray,
    levels: Sequence[float] = (0.1, 0.5, 0.9),
    *,
    cutoff: float = 0.0,
    overshoot: float = OVERSHOOT,
) -> Weights:
    """Return the weights of the classical model: calibration × information, above a cut-off.

    Parameters
    ----------
    values : float array, shape (E, N, Q)
        Quantiles of E experts for N seed questions; NaN for a question that an expert did not
        answer, whose others still count.
    realised : float array, shape (N,)
        The answers, on the scale of the quantiles.
    levels : sequence of float, length Q
    cutoff : float
        α: an expert whose calibration is below it has weight 0. If all are, weights are equal.
    overshoot : float
        k: by which part the range of quantiles and realisation is widened.

    Raises
    ------
    InputError
        For arrays whose shapes do not fit.

    Examples
    --------
    >>> found = performance_weights(np.full((2, 0, 3), 1.0), np.zeros(0))
    >>> found.weights.tolist(), found.fallback
    ([0.5, 0.5], '2 of 2 experts answered no question whose answer was known: weights are equal')
    """
    values, realised = np.asarray(values, float), np.asarray(realised, float)
    if values.ndim != 3 or values.shape[1:] != (realised.size, len(levels)):
        raise InputError(
            f"found quantiles of shape {values.shape}, expected (experts, {realised.size}, "
            f"{len(levels)}): one row a seed question, one column a level"
        )
    answered = np.asarray(~np.isnan(values).any(axis=2))
    size = len(values)
    calibrated, informed = np.full(size, np.nan), np.full(size, np.nan)
    for at in range(size):
        asked = np.flatnonzero(answered[at])
        if not asked.size:
            continue
        calibrated[at] = calibration(bins_hit(values[at, asked], realised[asked]), levels)
        scores = []
        for question in asked:
            whole = [values[one, question] for one in range(size) if answered[one, question]]
            low, high = support([*whole, [realised[question]]], overshoot)
            scores.append(information(from_quantiles(values[at, question], levels, low, high)))
        informed[at] = float(np.mean(scores))
    without = int(np.isnan(calibrated).sum())
    if without:
        why = f"{without} of {size} experts answered no question whose answer was known"
        return Weights(calibrated, informed, equal_weights(size), f"{why}: weights are equal")
    raw = np.where(calibrated >= cutoff, calibrated * informed, 0.0)
    if not raw.sum() > 0:
        why = f"no expert's calibration reaches {cutoff}: weights are equal"
        return Weights(calibrated, informed, equal_weights(size), why)
    return Weights(calibrated, informed, raw / raw.sum())


def decision_maker(
    values: FloatArray,
    weights: FloatArray,
    levels: Sequence[float] = (0.1, 0.5, 0.9),
    *,
    also: Sequence[float] = (),
    overshoot: float = OVERSHOOT,
) -> Piecewise:
    """Return the weighted mixture of experts' distributions for one question.

    Parameters
    ----------
    values : float array, shape (E, Q)
    weights : float array, shape (E,)
    levels : sequence of float, length Q
    also : sequence of float
        Values that the range has to hold, too, such as the realisation of a seed question.
    overshoot : float

    Examples
    --------
    >>> whole = decision_maker(np.array([[1.0, 2.0, 3.0]]), np.array([1.0]))
    >>> whole.quantile([0.1, 0.5, 0.9]).round(6).tolist()
    [1.0, 2.0, 3.0]
    """
    low, high = support([*values.tolist(), list(also) or values[0].tolist()], overshoot)
    parts = [from_quantiles(row, levels, low, high) for row in values]
    return linear_pool(parts, weights)
