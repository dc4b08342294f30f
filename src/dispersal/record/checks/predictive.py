"""Posterior predictive checks: where each published value lies in what the fitted model expects.

Every row is looked at twice: with the posterior of all rows (``pit``), which the row itself has
pulled towards it, and with that of all rows but itself (``pit_without``), by weights of one over
its likelihood, Pareto-smoothed [1]_ [2]_.

References
----------
.. [1] Gelman, Meng and Stern (1996), Posterior predictive assessment of model fitness via
   realized discrepancies, Statistica Sinica 6, 733-807.
.. [2] Vehtari, Gelman and Gabry (2017), Practical Bayesian model evaluation using leave-one-out
   cross-validation and WAIC, Statistics and Computing 27, 1413-1432.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special, stats

from dispersal.errors import InputError
from dispersal.forecast.plain import plain_rows
from dispersal.inference.program import DEGREES_OF_FREEDOM
from dispersal.record.checks.publishers import form_of, source_class
from dispersal.record.checks.rows import rows_of_evidence, rows_predicted
from dispersal.record.checks.smoothing import smoothed_weights

if TYPE_CHECKING:
    from dispersal.inference.observation import Observations
    from dispersal.inference.posterior import Posterior

FloatArray = NDArray[np.float64]

#: Central intervals whose coverage is told, per cent.
INTERVALS: Final = (50, 80, 95)

#: Beyond this the weights without a row cannot be trusted (Vehtari, Simpson and others 2024).
LARGEST_K: Final = 0.7

#: What rows are grouped by, beside all of them.
GROUPINGS: Final = ("quantity", "source_class", "form")


@dataclass(frozen=True, eq=False)
class PredictiveCheck:
    """Where published values lie in the posterior predictive.

    Parameters
    ----------
    rows : DataFrame
        One row of evidence each, most surprising first: ``figure_id``, ``quantity``, ``origin``,
        ``as_of``, ``source``, ``source_class``, ``form`` (``exact``, ``range``, ``bound``),
        ``published`` and the posterior predictive's ``p10``, ``p50``, ``p90`` (persons); ``pit``
        (of a bound the probability that it holds), ``pit_without`` (the same by the other rows
        alone), ``k`` (shape of the weights of that), and ``z``, the standard normal's quantile at
        ``pit_without`` where k is at most 0.7, else at ``pit``.
    groups : DataFrame
        Columns ``by``, ``group``, ``rows`` (those with two ends), ``mean_pit``, ``covers50``,
        ``covers80``, ``covers95`` and ``p`` (of uniformity), the same with the ending
        ``_without`` for the rows with a trusted k, whose number is ``rows_without``; ``bounds``,
        ``bounds_hold`` (mean probability that they do) and ``bounds_least``.
    draws : int
        Posterior draws used.
    """

    rows: pd.DataFrame
    groups: pd.DataFrame
    draws: int

    def largest(self, count: int = 10) -> pd.DataFrame:
        """Return the most surprising rows."""
        return self.rows.head(count)

    def record(self) -> dict[str, Any]:
        """Return the check as plain data, ready for JSON."""
        return {
            "draws": self.draws,
            "rows": len(self.rows),
            "groups": plain_rows(self.groups),
            "largest": plain_rows(self.largest()),
        }


def predictive_check(posterior: Posterior, *, draws: int = 1_000, seed: int = 1) -> PredictiveCheck:
    """Return where each row of evidence lies in the posterior predictive.

    Parameters
    ----------
    posterior : Posterior
    draws : int
        Posterior draws to use, at most as many as there are.
    seed : int
        Of the errors in ``p10``, ``p50`` and ``p90``.

    Raises
    ------
    InputError
        If there is no evidence, or no draws are asked for.
    """
    observations = posterior.observations
    draws = min(draws, posterior.size)
    if draws < 1:
        raise InputError(f"found {draws} draws, expected 1 or more")
    centre, scale = rows_predicted(posterior.design, observations)(posterior.draws(draws))
    below, log_likelihood = transforms(observations, centre, scale)
    alone, k = without_the_row(below, log_likelihood)
    error = np.random.default_rng(seed).standard_t(DEGREES_OF_FREEDOM, centre.shape)
    drawn = np.expm1(np.maximum(centre + scale * error, 0.0))
    low, middle, high = np.quantile(drawn, [0.1, 0.5, 0.9], axis=0)
    ledger = posterior.design.case.ledger
    evidence = rows_of_evidence(ledger, observations)
    pairs = zip(evidence["source"], evidence["tags"], strict=True)
    forms = zip(evidence["qualifier"], observations.side, strict=True)
    rows = pd.DataFrame(
        {
            **{name: evidence[name] for name in ("figure_id", "quantity", "origin", "as_of")},
            "source": evidence["source"],
            "source_class": [source_class(ledger.source(key), tags) for key, tags in pairs],
            "form": [form_of(qualifier, int(side)) for qualifier, side in forms],
            "published": np.expm1(observations.value),
            "p10": low,
            "p50": middle,
            "p90": high,
            "pit": below.mean(axis=0),
            "pit_without": alone,
            "k": k,
        }
    )
    used = np.where(rows["k"] <= LARGEST_K, rows["pit_without"], rows["pit"])
    rows["z"] = stats.norm.ppf(np.clip(used, 1e-9, 1.0 - 1e-9))
    # A bound that holds by far is no surprise.
    surprise = np.where(rows["form"] == "bound", -rows["z"], rows["z"].abs())
    ordered = rows.iloc[np.argsort(-surprise, kind="stable")].reset_index(drop=True)
    return PredictiveCheck(ordered, grouped(ordered), draws)


def transforms(
    observations: Observations, centre: FloatArray, scale: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return for every draw the probability transform and the log likelihood of each row.

    Parameters
    ----------
    centre, scale : float array, shape (D, N)

    Returns
    -------
    below, log_likelihood : float array, shape (D, N)
        ``below`` is the probability of less than a row says; of a bound, that it holds.
    """
    residual = (observations.value - centre) / scale
    exact = observations.side == 0
    signed = -observations.side * residual
    below = np.where(exact, stats.t.cdf(residual, DEGREES_OF_FREEDOM), special.ndtr(signed))
    density = stats.t.logpdf(residual, DEGREES_OF_FREEDOM) - np.log(scale)
    return below, np.where(exact, density, special.log_ndtr(signed))


def without_the_row(below: FloatArray, log_likelihood: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the mean transform of each row under the posterior of all other rows.

    Draws of the whole posterior are weighted by one over the row's own likelihood.

    Parameters
    ----------
    below, log_likelihood : float array, shape (D, N)
        As :func:`transforms` gives them.

    Returns
    -------
    mean, k : float array, shape (N,)
        k is the shape of the tail of the weights.
    """
    smoothed, k = smoothed_weights(-log_likelihood.T)
    weights = special.softmax(smoothed, axis=-1).T
    return (weights * below).sum(axis=0), k


def grouped(rows: pd.DataFrame) -> pd.DataFrame:
    """Return coverage and uniformity by quantity, class of source and form; see ``groups``."""
    found = [{"by": "all", "group": "all", **_tested(rows)}]
    for by in GROUPINGS:
        for group, part in rows.groupby(by, sort=True):
            found.append({"by": by, "group": str(group), **_tested(part)})
    return pd.DataFrame(found)


def _tested(rows: pd.DataFrame) -> dict[str, float]:
    two_sided = rows[rows["form"] != "bound"]
    trusted = two_sided[two_sided["k"] <= LARGEST_K]
    bounds = rows.loc[rows["form"] == "bound", "pit"]
    return {
        **_of_transforms(two_sided["pit"].to_numpy(float), ""),
        **_of_transforms(trusted["pit_without"].to_numpy(float), "_without"),
        "bounds": len(bounds),
        "bounds_hold": float(bounds.mean()),
        "bounds_least": float(bounds.min()),
    }


def _of_transforms(pit: FloatArray, ending: str) -> dict[str, float]:
    found: dict[str, float] = {"rows": pit.size, "mean_pit": np.nan}
    if pit.size:
        found["mean_pit"] = float(pit.mean())
    for level in INTERVALS:
        inside = np.abs(pit - 0.5) <= level / 200
        found[f"covers{level}"] = float(inside.mean()) if pit.size else np.nan
    found["p"] = uniformity(pit)
    return {name + ending: value for name, value in found.items()}


def uniformity(pit: FloatArray) -> float:
    """Return the p-value of the hypothesis that transforms are uniform.

    Neyman's smooth test with the first four Legendre polynomials, by comparison with simulated
    uniform numbers, so that it holds for few rows too; NaN for fewer than five.

    Examples
    --------
    >>> even = (np.arange(40) + 0.5) / 40
    >>> uniformity(even) > 0.5, uniformity(0.4 + 0.2 * even) < 0.01
    (True, True)
    """
    if pit.size < 5:
        return float("nan")
    simulated = np.random.default_rng(19370101).random((2_000, pit.size))
    reached = _smooth(simulated) >= _smooth(pit[None, :])
    return float((1.0 + reached.sum()) / (1.0 + reached.size))


def _smooth(pit: FloatArray) -> FloatArray:
    """Return Neyman's statistic of each row of transforms."""
    at = 2.0 * pit - 1.0
    components = [
        np.sqrt(2 * order + 1) * special.eval_legendre(order, at).sum(axis=-1)
        for order in range(1, 5)
    ]
    return np.asarray(sum(part**2 for part in components) / pit.shape[-1])
