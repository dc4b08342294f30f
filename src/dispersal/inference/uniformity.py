"""Whether ranks are uniform: one test, its correction for many, and what it would detect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import special, stats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

#: Components of the smooth test: location, spread, skewness, heaviness of the tails.
COMPONENTS = 4

#: Posteriors that a test of calibration should tell from the right one, which has deviation 1:
#: shift of the mean and factor of the deviation.
WRONG: Mapping[str, tuple[float, float]] = {
    "as it should be": (0.0, 1.0),
    "25 % too narrow": (0.0, 0.75),
    "25 % too wide": (0.0, 1.25),
    "shifted by a third of a deviation": (1.0 / 3.0, 1.0),
}


def smooth_test(ranks: NDArray[Any], draws: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return statistic and p-value of Neyman's smooth test of uniform ranks.

    With u = (rank + ½)/(draws + 1) and the orthonormal Legendre polynomials h_k on (0, 1), the
    statistic is Σ_k (Σ_i h_k(u_i))²/n over k = 1 to 4, which is χ² with 4 degrees of freedom if
    the ranks are uniform [1]_. It sees shifts and wrong spreads better than counts in bins do.

    Parameters
    ----------
    ranks : int array, shape (n, ...)
        From 0 to ``draws``; the first axis is that of the replications.
    draws : int
        Draws that each truth was ranked among.

    Returns
    -------
    statistic, p : float arrays, shape (...)

    References
    ----------
    .. [1] Neyman (1937), Skandinavisk Aktuarietidskrift 20, 149-199; Rayner, Thas and Best
       (2009), Smooth Tests of Goodness of Fit, chapter 4.

    Examples
    --------
    >>> even, p = smooth_test(np.arange(128) % 64, 63)
    >>> low, q = smooth_test(np.arange(128) % 32, 63)
    >>> bool(p > 0.2), bool(q < 1e-6)
    (True, True)
    """
    at = 2.0 * (np.asarray(ranks) + 0.5) / (draws + 1) - 1.0
    statistic = np.zeros(at.shape[1:])
    for k in range(1, COMPONENTS + 1):
        component = np.sqrt(2 * k + 1) * special.eval_legendre(k, at)
        statistic += component.sum(axis=0) ** 2 / len(at)
    return statistic, np.asarray(stats.chi2.sf(statistic, COMPONENTS))


def holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return p-values corrected for their number, after Holm (1979).

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, 0.03])).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p)
    raised = p[order] * np.arange(p.size, 0, -1)
    out = np.empty(p.size)
    out[order] = np.minimum(np.maximum.accumulate(raised), 1.0)
    return out


def power_of_test(
    replications: int, draws: int, tests: int, level: float = 0.01, trials: int = 4000
) -> pd.DataFrame:
    """Return by simulation how often the test would find out a posterior that is wrong.

    The truth is standard normal given the data, the posterior a normal with another mean or
    deviation (``WRONG``), and the truth is ranked among independent draws of it.

    Parameters
    ----------
    replications, draws : int
    tests : int
        Tests made at once: ``corrected`` rejects at ``level``/``tests``, the strictest step of
        Holm's correction.
    level : float
    trials : int
        Whole calibrations simulated.

    Returns
    -------
    pandas.DataFrame
        Index: what is wrong; columns ``alone`` (one test at ``level``) and ``corrected``.

    Examples
    --------
    >>> found = power_of_test(200, 63, 50, trials=500)
    >>> bool(found.loc["25 % too narrow", "corrected"] > found.loc["as it should be", "corrected"])
    True
    """
    rng = np.random.default_rng(20180418)
    rows = {}
    for name, (shift, factor) in WRONG.items():
        truth = rng.standard_normal((replications, trials))
        share = stats.norm.cdf((truth - shift) / factor)
        _, p = smooth_test(rng.binomial(draws, share), draws)
        rows[name] = {
            "alone": float((p < level).mean()),
            "corrected": float((p < level / tests).mean()),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("posterior")
