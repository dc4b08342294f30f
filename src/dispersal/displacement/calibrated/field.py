"""The latent field: log arrivals a day at each camp, drawn given what is known.

At an open camp c of country u on day t people arrive at the rate exp f_c(t) a day, with

    f_c(t) = m + s(t) − g · log((t + 7) / (T + 7)) + a · x_c(t) + b_u + d_u(t) + b_c + d_c(t)
             − k · shut_c(t)

where T is the last known day, g says how arrivals fade, x is the access (``Surroundings``), b are
lasting effects of countries and camps, d their drift (Ornstein-Uhlenbeck), s is the drift of all
camps together, and a closed way takes k off. All of it is Gaussian, and log arrivals between two
figures are taken as the mean of f over the interval with a Gaussian error; so the posterior is
exact, and found by conditioning [1]_.

References
----------
.. [1] Rasmussen and Williams (2006), *Gaussian Processes for Machine Learning*, equations 2.23 and
   2.24.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dispersal.displacement.calibrated.surroundings import STEP

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.displacement.calibrated.evidence import Evidence
    from dispersal.displacement.calibrated.parameters import Parameters
    from dispersal.displacement.calibrated.surroundings import Surroundings

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

#: Knots of the field after the last known day; it is linear between them.
KNOTS = 24

#: Added to a variance, so that rounding cannot make it negative.
JITTER = 1e-7


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
    """

    knots: Ints
    log_rate: Floats
    closure: Floats

    def on(self, day: int, opened: NDArray[np.bool_]) -> Floats:
        """Return log arrivals a day, shape (camps, draws)."""
        after = int(np.clip(np.searchsorted(self.knots, day), 1, len(self.knots) - 1))
        before = after - 1
        share = (day - self.knots[before]) / (self.knots[after] - self.knots[before])
        share = min(max(float(share), 0.0), 1.0)
        rate = self.log_rate[before] * (1.0 - share) + self.log_rate[after] * share
        return np.asarray(rate - np.where(opened, 0.0, 1.0)[:, None] * self.closure)


def draw_field(
    evidence: Evidence,
    around: Surroundings,
    parameters: Parameters,
    draws: int,
    rng: np.random.Generator,
) -> Field:
    """Draw the field after the last known day, given all arrivals before it.

    The first draws do not change when more are asked for.
    """
    steps, camps = around.access.shape
    known = -(-evidence.day // STEP)
    later = np.unique(np.linspace(known - 1, steps, min(KNOTS + 1, steps - known + 2)).astype(int))
    at = np.concatenate([np.arange(known - 1), later])  # the last known step is the first knot
    step, camp = np.repeat(at, camps), np.tile(np.arange(camps), len(at))
    access = around.access[np.minimum(step, steps - 1), camp]
    age = np.log((_middle(step) + STEP) / (evidence.day + STEP))
    covariance = _covariance(step, camp, around.country, parameters)
    covariance += parameters.access_power_sd**2 * np.outer(access, access)
    covariance += parameters.fading_sd**2 * np.outer(age, age)
    picked, shut, observed, error, level = _observations(
        evidence, around, parameters, at, len(step)
    )
    mean = level + parameters.access_power * access - parameters.fading * age
    # The effect of a closure is the last of the unknowns.
    size = len(step) + 1
    whole = np.zeros((size, size))
    whole[:-1, :-1] = covariance
    whole[-1, -1] = parameters.closure_sd**2
    prior = np.append(mean, parameters.closure)
    seen = np.column_stack([picked, -shut])
    carried = seen @ whole
    gain = np.linalg.solve(carried @ seen.T + np.diag(error), carried).T
    posterior = prior + gain @ (observed - seen @ prior)
    spread = whole - gain @ carried
    wanted = np.append(np.flatnonzero(step >= known - 1), size - 1)
    root = np.linalg.cholesky(spread[np.ix_(wanted, wanted)] + JITTER * np.eye(len(wanted)))
    drawn = posterior[wanted][:, None] + root @ rng.standard_normal((draws, len(wanted))).T
    return Field(_middle(later), drawn[:-1].reshape(len(later), camps, draws), drawn[-1])


def _middle(step: Ints) -> Ints:
    """Return the day in the middle of each step."""
    return step * STEP + (STEP - 1) // 2


def _covariance(step: Ints, camp: Ints, country: Ints, parameters: Parameters) -> Floats:
    """Return the prior covariance of levels, lasting effects and drifts at knots and camps."""
    days = np.abs(step[:, None] - step[None, :]) * STEP
    fading = np.exp(-days / parameters.drift_days)
    same = camp[:, None] == camp[None, :]
    together = country[camp][:, None] == country[camp][None, :]
    of_camps = parameters.camp_sd**2 + parameters.camp_drift_sd**2 * fading
    of_countries = parameters.country_sd**2 + parameters.country_drift_sd**2 * fading
    of_all = parameters.total_drift_sd**2 * np.exp(-days / parameters.total_drift_days)
    return np.asarray(parameters.level_sd**2 + of_all + same * of_camps + together * of_countries)


def _observations(
    evidence: Evidence, around: Surroundings, parameters: Parameters, at: Ints, size: int
) -> tuple[Floats, Floats, Floats, Floats, float]:
    """Return what each interval sees of the field, of closures, its log arrivals, variance, level.

    The level is the log of the mean arrivals a day and camp, the centre of the prior.
    """
    camps = len(around.country)
    grown = sum(max(one.grown, 0.0) for one in evidence.arrivals)
    usual = max(grown / evidence.day, 1.0) / camps
    count = len(evidence.arrivals)
    picked, shut = np.zeros((count, size)), np.zeros(count)
    observed, error = np.zeros(count), np.zeros(count)
    for row, one in enumerate(evidence.arrivals):
        days = np.arange(one.first, one.last)
        knot = np.minimum(np.searchsorted(at, days // STEP), len(at) - 1)
        np.add.at(picked[row], knot * camps + one.camp, 1.0 / len(days))
        shut[row] = 1.0 - around.opened[days, one.camp].mean()
        rate = max(one.grown, 0.0) / one.days + parameters.floor_share * usual
        observed[row] = np.log(rate)
        error[row] = (
            parameters.figure_sd**2
            + parameters.week_sd**2 * STEP / one.days
            + (parameters.closed_sd * shut[row]) ** 2
        )
    return picked, shut, observed, error, float(np.log(usual))
