"""How far the forecast hangs on each prior: its spread doubled and halved, by reweighting draws.

A draw made under one prior stands for another if it is weighted by the ratio of the two densities;
the weights are Pareto-smoothed, and the shape k of their tail says whether they can be trusted
[1]_ [2]_. Parameters that only the forecast draws are reweighted in the same way: their draws are
made again from the forecast's seed.

References
----------
.. [1] Vehtari, Simpson, Gelman, Yao and Gabry (2024), Pareto smoothed importance sampling,
   JMLR 25(72).
.. [2] Kallioinen, Paananen, Bürkner and Vehtari (2023), Detecting and diagnosing prior and
   likelihood sensitivity with power-scaling, Statistics and Computing 34:57.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from dispersal.errors import InputError
from dispersal.forecast.plain import plain_rows
from dispersal.model.forward import draw_forward
from dispersal.record.checks.predictive import LARGEST_K
from dispersal.record.checks.smoothing import smoothed_weights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispersal.forecast.forecast import Forecast
    from dispersal.inference.posterior import Posterior
    from dispersal.model.forward import Forward
    from dispersal.model.parameters import Parameter

FloatArray = NDArray[np.float64]

#: What is done to the spread of a prior.
CHANGES: Final[Mapping[str, float]] = {"doubled": 2.0, "halved": 0.5}

#: Totals over foreign origins whose forecast is looked at.
OUTPUTS: Final = ("returned", "killed", "remaining", "free_agents")


@dataclass(frozen=True, eq=False)
class PriorSensitivity:
    """What doubling and halving the spread of each prior does to the forecast.

    Parameters
    ----------
    table : DataFrame
        One parameter and change a row, usable ones first, largest effect first: ``parameter``,
        ``stage``, ``change``, ``k``, ``usable`` (k at most 0.7), ``ess`` (effective draws under
        the weights), ``effect`` (largest shift in size), ``of`` (the output it is of) and its
        ``noise``; for each of ``OUTPUTS`` ``shift_returned`` … (of the mean of log(1 + total)),
        ``noise_returned`` … (standard error of the shift) and ``width_returned`` … (relative
        change of the width of the 80 % interval of log(1 + total)).
    day : str
        The day of the totals.
    draws : int
    """

    table: pd.DataFrame
    day: str
    draws: int

    @property
    def unusable(self) -> list[str]:
        """Parameters and changes that the draws cannot tell about."""
        rows = self.table[~self.table["usable"]]
        return [f"{row.parameter} {row.change}" for row in rows.itertuples()]

    def record(self) -> dict[str, Any]:
        """Return the check as plain data, ready for JSON."""
        return {
            "day": self.day,
            "draws": self.draws,
            "unusable": self.unusable,
            "priors": plain_rows(self.table),
        }


def prior_sensitivity(posterior: Posterior, forecast: Forecast) -> PriorSensitivity:
    """Return how the totals at the end of a forecast shift with the spread of each prior.

    Parameters
    ----------
    posterior : Posterior
    forecast : Forecast
        Made of that posterior.

    Raises
    ------
    InputError
        If the forecast was made of another posterior.
    """
    forward = draws_behind(posterior, forecast)
    values = dict(forward.values)
    outputs = {name: np.log1p(forecast.draws(name)) for name in OUTPUTS}
    rows: list[dict[str, Any]] = []
    for parameter in posterior.table.values():
        # Steps of random walks are in units of a scale that is a parameter itself.
        if parameter.hierarchical or parameter.axis == "knot":
            continue
        efficiency = _efficiency(posterior, parameter)
        for change, factor in CHANGES.items():
            ratio = log_prior_ratio(parameter, values[parameter.name], factor)
            smoothed, k = smoothed_weights(ratio, efficiency)
            weights = special.softmax(smoothed)
            shifts: dict[str, float] = {}
            for name, logs in outputs.items():
                shifts |= reweighted(name, logs, weights, efficiency)
            largest = max(OUTPUTS, key=lambda name: abs(shifts[f"shift_{name}"]))
            rows.append(
                {
                    "parameter": parameter.name,
                    "stage": parameter.stage,
                    "change": change,
                    "k": float(k),
                    "usable": bool(k <= LARGEST_K),
                    "ess": efficiency / float((weights**2).sum()),
                    "effect": abs(shifts[f"shift_{largest}"]),
                    "of": largest,
                    "noise": shifts[f"noise_{largest}"],
                    **shifts,
                }
            )
    table = pd.DataFrame(rows).sort_values(
        ["usable", "effect", "parameter"], ascending=[False, False, True], ignore_index=True
    )
    return PriorSensitivity(table, forecast.last_day.isoformat(), forecast.size)


def draws_behind(posterior: Posterior, forecast: Forecast) -> Forward:
    """Return the draws of every parameter that a forecast was simulated with, in its order.

    Raises
    ------
    InputError
        If they are not those of the forecast: another posterior, or another version of the code.
    """
    ensemble = forecast.ensemble
    if ensemble.cutoff == posterior.design.cutoff and ensemble.origins == posterior.design.origins:
        fitted = posterior.draws(forecast.size)
        last = ensemble.months.instant(ensemble.months.steps)
        forward = draw_forward(posterior.design, posterior.table, fitted, last, ensemble.seed)
        values = dict(forward.values)
        pairs = [
            (forward.end, ensemble.end),
            (values["killed_reported"], ensemble.reported),
            *((values[f"error_{name}"], kept) for name, kept in ensemble.error.items()),
        ]
        # A stored forecast may have rounded them to single precision.
        if all(np.allclose(one, other, rtol=1e-5, atol=0.0) for one, other in pairs):
            return forward
    raise InputError(
        f"found a forecast of {ensemble.case.name} as known on {ensemble.cutoff} with other draws "
        "than the posterior's, expected one that was made of this posterior"
    )


def log_prior_ratio(parameter: Parameter, values: FloatArray, factor: float) -> FloatArray:
    """Return the log density of values under a prior with another spread over that under its own.

    With z the distance from the middle in units of the spread b, on the scale on which the prior
    is normal (for the half-normal, its own), the log ratio is z²/2 · (1 − 1/f²) − log f.

    Parameters
    ----------
    parameter : Parameter
        Whose prior refers to no other parameter.
    values : float array, shape (D,) or (D, n)
        Elements of one draw count together.
    factor : float
        f, of the spread.

    Returns
    -------
    float array, shape (D,)

    Examples
    --------
    >>> from dispersal.model.parameters import table
    >>> at_the_middle = np.array([table()["killed_hazard"].median])
    >>> log_prior_ratio(table()["killed_hazard"], at_the_middle, 0.5).round(3).tolist()
    [0.693]
    """
    if parameter.hierarchical:
        raise InputError(f"found the hierarchical prior of {parameter.name}, expected numbers")
    if parameter.distribution == "halfnormal":
        distance = values
    else:
        middle = parameter.unconstrain(np.asarray(float(parameter.a)))
        distance = parameter.unconstrain(values) - middle
    z = distance / float(parameter.b)
    ratio = 0.5 * z**2 * (1.0 - factor**-2) - np.log(factor)
    return np.asarray(ratio.reshape(len(ratio), -1).sum(axis=1))


def reweighted(
    name: str, values: FloatArray, weights: FloatArray, efficiency: float = 1.0
) -> dict[str, float]:
    """Return shift, noise and width of an output under weights, named as in the table.

    Parameters
    ----------
    name : str
    values : float array, shape (D,)
    weights : float array, shape (D,)
        They sum to 1.
    efficiency : float
        Effective over actual number of draws.

    Examples
    --------
    >>> found = reweighted("x", np.array([0.0, 1.0]), np.array([0.25, 0.75]))
    >>> found["shift_x"]
    0.25
    """
    mean, before = float(weights @ values), float(values.mean())
    # How much each draw moves the difference of the two means (the delta method).
    influence = weights * (values - mean) - (values - before) / values.size
    even = np.full(values.size, 1.0 / values.size)
    after, usual = _width80(values, weights), _width80(values, even)
    return {
        f"shift_{name}": mean - before,
        f"noise_{name}": float(np.sqrt((influence**2).sum() / efficiency)),
        f"width_{name}": after / usual - 1.0 if usual > 0.0 else float("nan"),
    }


def _width80(values: FloatArray, weights: FloatArray) -> float:
    low, high = np.quantile(values, [0.1, 0.9], weights=weights, method="inverted_cdf")
    return float(high - low)


def _efficiency(posterior: Posterior, parameter: Parameter) -> float:
    """Return effective over actual draws of a parameter; draws from a prior are independent."""
    if parameter.stage == "forward":
        return 1.0
    table = posterior.diagnostics.table
    mine = [label for label in table.index if str(label).split("[")[0] == parameter.name]
    share = float(table.loc[mine, "ess_bulk"].min()) / posterior.size
    return float(np.clip(share, 1.0 / posterior.size, 1.0))
