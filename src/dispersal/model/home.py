"""Home: custody and programmes for those who return, and repatriation of those held (line S11)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dispersal.model.design import STRATA
from dispersal.model.forward import Forward
from dispersal.model.policy import policy_draws, policy_range

FloatArray = NDArray[np.float64]


def reception(forward: Forward) -> tuple[FloatArray, FloatArray]:
    """Return the shares of returnees who are taken into custody and into a programme.

    The policy in force at the cut-off counts; where the case knows none, the parameters
    ``custody_share`` (women ``women_custody`` times it, minors never) and ``programme_share``.
    A programme is for those who are not in custody.

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
    Men are not repatriated unless a policy names them.

    Returns
    -------
    float array, shape (D, 3 strata, O)
    """
    default = 1.0 - np.exp(-12.0 * forward.values["repatriation_hazard"])
    hazards = []
    for stratum in STRATA:
        usual = 0.0 * default if stratum == "men" else default
        share = _at_cutoff(forward, "repatriation", stratum, usual, at=-1)
        if stratum == "men":
            named = {
                row.actor
                for row in forward.design.case.policies
                if row.policy == "repatriation" and row.stratum == "men"
            }
            share = share * np.array([origin in named for origin in forward.design.origins])
        hazards.append(-np.log1p(-np.minimum(share, 0.999)) / 12.0)
    return np.stack(hazards, axis=1)


def _at_cutoff(
    forward: Forward, policy: str, stratum: str, default: FloatArray, at: int = 0
) -> FloatArray:
    """Return draws of a policy's share in one month of the forecast, shape (D, O)."""
    low, high = policy_range(forward.design.case, policy, forward.ahead, stratum=stratum)
    return policy_draws(low[:, at], high[:, at], forward.position[policy], default)
