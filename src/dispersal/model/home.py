"""Home: custody and programmes for those who return, and repatriation of those held (line S11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispersal.case.policies import policy_in_force
from dispersal.model.calendar import Months
from dispersal.model.design import STRATA
from dispersal.model.policy import middle_of_month, policy_draws, policy_range

if TYPE_CHECKING:
    from dispersal.model.forward import Forward

FloatArray = NDArray[np.float64]


def reception(forward: Forward) -> tuple[FloatArray, FloatArray]:
    """Return the shares of returnees who are taken into custody and into a programme.

    The policy in force in the month of the cut-off counts; where the case knows none, the
    parameters ``custody_share`` (women ``women_custody`` times it, minors never) and
    ``programme_share``. A programme is for those who are not in custody.

    Returns
    -------
    custody, programme : float arrays, shape (D, 3 strata, O)
    """
    base = forward.values["custody_share"]
    usual = {"men": base, "women": base * forward.values["women_custody"], "minors": 0.0 * base}
    custody, programme = [], []
    for stratum in STRATA:
        held = np.minimum(_at_cutoff(forward, "custody", stratum, usual[stratum]), 1.0)
        custody.append(held)
        helped = _at_cutoff(forward, "programme", stratum, forward.values["programme_share"])
        programme.append(helped * (1.0 - held))
    return np.stack(custody, axis=1), np.stack(programme, axis=1)


def repatriation(forward: Forward) -> FloatArray:
    """Return the hazard of being brought home out of custody abroad, per month.

    A policy of the home country, for women and minors: a yearly share r is a hazard of
    −log(1 − r)/12; the parameter ``repatriation_hazard`` where the case knows no policy.
    Men are not repatriated unless a policy in force names them.

    Returns
    -------
    float array, shape (D, 3 strata, O)
    """
    default = 1.0 - np.exp(-12.0 * forward.values["repatriation_hazard"])
    hazards = []
    for stratum in STRATA:
        usual = 0.0 * default if stratum == "men" else default
        share = _at_cutoff(forward, "repatriation", stratum, usual)
        if stratum == "men":
            share = share * _named(forward, "repatriation", stratum)
        hazards.append(-np.log1p(-np.minimum(share, 0.999)) / 12.0)
    return np.stack(hazards, axis=1)


def _at_cutoff(forward: Forward, policy: str, stratum: str, default: FloatArray) -> FloatArray:
    """Return draws of a policy's share in the first month of the forecast, shape (D, O)."""
    first = Months(forward.ahead.start, 1)
    low, high = policy_range(forward.design.case, policy, first, stratum=stratum)
    return policy_draws(low[:, 0], high[:, 0], forward.position[policy], default)


def _named(forward: Forward, policy: str, stratum: str) -> NDArray[np.bool_]:
    """Return whose policy of the first month is for the stratum by name, shape (O,)."""
    day = middle_of_month(forward.ahead, 0)
    rows = (
        policy_in_force(forward.design.case.policies, origin, policy, day, stratum)
        for origin in forward.design.origins
    )
    return np.array([row is not None and row.stratum == stratum for row in rows])
