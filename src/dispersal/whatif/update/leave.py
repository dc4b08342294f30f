"""What a forecast would be without a row of evidence, from the draws made with it.

Leaving a row out divides the posterior by the row's likelihood; the weights 1/L are smoothed, and
k-hat tells whether they can be trusted (Vehtari, Gelman and Gabry 2017, Practical Bayesian model
evaluation using leave-one-out cross-validation and WAIC, Statistics and Computing 27:1413).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispersal.inference.posterior import spread
from dispersal.inference.weights import weigh

FloatArray = NDArray[np.float64]

#: Standard errors of a movement that do not count for its rank.
SURE: Final = 2.0


@dataclass(frozen=True, eq=False)
class LeftOut:
    """The means of M outputs with each of R rows, less what they would be without it.

    Parameters
    ----------
    shift : float array, shape (R, M)
        Persons: what the row adds.
    error : float array, shape (R, M)
        Monte Carlo standard error of the shift.
    khat : float array, shape (R,)
        Of the weights.
    """

    shift: FloatArray
    error: FloatArray
    khat: FloatArray


def leave_out(likelihoods: FloatArray, outputs: FloatArray, chains: int) -> LeftOut:
    """Return what each row adds to the means of outputs.

    Parameters
    ----------
    likelihoods : float array, shape (draws of the posterior, R)
        Log likelihood of each row.
    outputs : float array, shape (D, M)
        Draws of the forecast: the d-th is made of the draw ``spread(draws, D)[d]``.
    chains : int
        Of the posterior.

    Returns
    -------
    LeftOut

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> mean = rng.normal(size=4000) / 2**0.5  # after a figure of 0, where the prior is N(0, 1)
    >>> likelihood = -0.5 * (mean - 0.0)[:, None] ** 2
    >>> order = spread(4000, 4000)
    >>> found = leave_out(likelihood, mean[order][:, None], 1)
    >>> bool(abs(found.shift[0, 0]) < 4 * found.error[0, 0]), bool(found.khat[0] < 0.7)
    (True, True)
    """
    draws, rows = likelihoods.shape
    order = spread(draws, len(outputs))
    shift, error = np.zeros((2, rows, outputs.shape[1]))
    khat = np.zeros(rows)
    mean = outputs.mean(axis=0)
    for row in range(rows):
        found = weigh(-likelihoods[:, row], chains)
        weights = found.weights[order] / found.weights[order].sum()
        without = weights @ outputs
        shift[row], khat[row] = mean - without, found.khat
        # Both means are of the same draws: what differs is how much each counts.
        parts = (weights * len(order))[:, None] * (outputs - without) - (outputs - mean)
        error[row] = parts.std(axis=0) / np.sqrt(len(order))
    return LeftOut(shift, error, khat)
