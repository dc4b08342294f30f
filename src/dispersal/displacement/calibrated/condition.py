"""The latent field given the known arrivals.

All of the field is Gaussian, and log arrivals between two figures are taken as its mean over the
interval with a Gaussian error; so the posterior is exact, and found by conditioning [1]_. Two
things differ between conflicts and are not Gaussian; each is taken on a grid, log-normal around the
value of the table, cut at ``FURTHEST`` standard deviations:

- *turnover*: those who arrive make up for those who leave, so arrivals are the growth of a camp and
  a share of it; where camps hold many and hardly grow or shrink, that is most of them. Figures tell
  growth alone, and lines that were drawn between figures fit any turnover: so it is not learnt;
- *volatility*, a factor on the spreads of all drifts: in some conflicts the shares of camps hardly
  change for years. Given the turnover, it is weighed by how probable it makes the known arrivals
  (equation 2.30 of [1]_).

References
----------
.. [1] Rasmussen and Williams (2006), *Gaussian Processes for Machine Learning*, equations 2.23,
   2.24 and 2.30.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from dispersal.displacement.calibrated.field import Posterior
from dispersal.displacement.calibrated.surroundings import MONTH, STEP

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.displacement.calibrated.evidence import Evidence
    from dispersal.displacement.calibrated.parameters import Parameters
    from dispersal.displacement.calibrated.surroundings import Surroundings

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

#: Knots of the field after the last known day; it is linear between them.
KNOTS = 24

#: Points of the grids of volatilities and turnovers, and the last of them in standard deviations.
VOLATILITIES, TURNOVERS = 13, 7
FURTHEST = 2.4

#: Volatilities of less weight than this are left out.
LEAST_WEIGHT = 1e-6

#: Added to a variance, so that rounding cannot make it negative.
JITTER = 1e-7


def condition_field(evidence: Evidence, around: Surroundings, parameters: Parameters) -> Posterior:
    """Return the field after the last known day, given all arrivals before it."""
    steps, camps = around.access.shape
    known = -(-evidence.day // STEP)
    later = np.unique(np.linspace(known - 1, steps, min(KNOTS + 1, steps - known + 2)).astype(int))
    at = np.concatenate([np.arange(known - 1), later])  # the last known step is the first knot
    step, camp = np.repeat(at, camps), np.tile(np.arange(camps), len(at))
    access = around.access[np.minimum(step, steps - 1), camp]
    age = np.log((_middle(step) + STEP) / (evidence.day + STEP))
    lasting, drift = _covariances(step, camp, around.country, parameters)
    lasting += parameters.access_power_sd**2 * np.outer(access, access)
    lasting += parameters.fading_sd**2 * np.outer(age, age)
    normal, volatility = _grid(VOLATILITIES, 1.0, parameters.volatility_sd)
    other, turnover = _grid(TURNOVERS, parameters.turnover, parameters.turnover_sd)
    seen, error = _intervals(evidence, around, parameters, at)
    level, observed = _log_arrivals(evidence, parameters, camps, turnover)
    # The effect of a closure is the last of the unknowns.
    mean = level + parameters.access_power * access - parameters.fading * age
    prior = np.append(mean, parameters.closure)
    short = observed - (seen @ prior)[:, None]
    size = len(prior)
    wanted = np.append(np.flatnonzero(step >= known - 1), size - 1)
    logs = np.repeat(-0.5 * normal[:, None] ** 2, len(turnover), axis=1)
    means, covariances = [], []
    for number, times in enumerate(volatility):
        whole = np.zeros((size, size))
        whole[:-1, :-1] = lasting + times**2 * drift
        whole[-1, -1] = parameters.closure_sd**2
        carried = seen @ whole
        factor = cho_factor(carried @ seen.T + np.diag(error), lower=True)
        solved = cho_solve(factor, short)
        logs[number] -= 0.5 * (short * solved).sum(axis=0) + np.log(np.diag(factor[0])).sum()
        ahead = carried[:, wanted]
        means.append(prior[wanted] + solved.T @ ahead)
        covariances.append(whole[np.ix_(wanted, wanted)] - ahead.T @ cho_solve(factor, ahead))
    weight = np.exp(logs - logs.max(axis=0))
    weight *= np.exp(-0.5 * other**2) / weight.sum(axis=0)
    kept = np.flatnonzero(weight.sum(axis=1) > LEAST_WEIGHT * weight.sum())
    tiny = JITTER * np.eye(len(wanted))
    return Posterior(
        _middle(later),
        volatility[kept],
        turnover,
        weight[kept] / weight[kept].sum(),
        np.array(means)[kept],
        tuple(np.linalg.cholesky(covariances[number] + tiny) for number in kept),
    )


def _grid(points: int, middle: float, spread: float) -> tuple[Floats, Floats]:
    """Return points of a standard normal and of the log-normal; one where it has no spread.

    Examples
    --------
    >>> _grid(3, 2.0, 0.5)[1].round(2).tolist()
    [0.6, 2.0, 6.64]
    >>> _grid(3, 2.0, 0.0)
    (array([0.]), array([2.]))
    """
    if spread == 0.0:
        return np.zeros(1), np.array([middle])
    normal = np.linspace(-FURTHEST, FURTHEST, points)
    return normal, middle * np.exp(spread * normal)


def _middle(step: Ints) -> Ints:
    """Return the day in the middle of each step."""
    return step * STEP + (STEP - 1) // 2


def _covariances(
    step: Ints, camp: Ints, country: Ints, parameters: Parameters
) -> tuple[Floats, Floats]:
    """Return prior covariances at knots and camps: levels and lasting effects; drifts of camps."""
    days = np.abs(step[:, None] - step[None, :]) * STEP
    fading = np.exp(-days / parameters.drift_days)
    same = camp[:, None] == camp[None, :]
    together = country[camp][:, None] == country[camp][None, :]
    of_all = parameters.total_drift_sd**2 * np.exp(-days / parameters.total_drift_days)
    lasting = same * parameters.camp_sd**2 + together * parameters.country_sd**2
    drift = same * parameters.camp_drift_sd**2 + together * parameters.country_drift_sd**2
    return parameters.level_sd**2 + of_all + lasting, drift * fading


def _intervals(
    evidence: Evidence, around: Surroundings, parameters: Parameters, at: Ints
) -> tuple[Floats, Floats]:
    """Return what each interval sees of the field and, last, of closures; and its variance."""
    camps = len(around.country)
    count = len(evidence.arrivals)
    seen, error = np.zeros((count, len(at) * camps + 1)), np.zeros(count)
    for row, one in enumerate(evidence.arrivals):
        days = np.arange(one.first, one.last)
        knot = np.minimum(np.searchsorted(at, days // STEP), len(at) - 1)
        np.add.at(seen[row], knot * camps + one.camp, 1.0 / len(days))
        shut = 1.0 - around.opened[days, one.camp].mean()
        seen[row, -1] = -shut
        error[row] = (
            parameters.figure_sd**2
            + parameters.week_sd**2 * STEP / one.days
            + (parameters.closed_sd * shut) ** 2
        )
    return seen, error


def _log_arrivals(
    evidence: Evidence, parameters: Parameters, camps: int, turnover: Floats
) -> tuple[float, Floats]:
    """Return the level, and log arrivals a day by interval and turnover.

    The level is the log of the mean growth a day and camp, the centre of the prior. Arrivals are
    the growth and who came for those who left.
    """
    grown = np.array([one.grown for one in evidence.arrivals])
    days = np.array([one.days for one in evidence.arrivals], dtype=np.float64)
    present = np.array([one.present for one in evidence.arrivals])
    usual = max(float(np.maximum(grown, 0.0).sum()) / evidence.day, 1.0) / camps
    came = (grown / days)[:, None] + present[:, None] * (turnover / MONTH)
    floor = parameters.floor_share * usual
    return float(np.log(usual)), np.log(np.maximum(came, 0.0) + floor)
