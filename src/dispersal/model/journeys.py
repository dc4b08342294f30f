"""Journeys: how long they take, and what becomes of those who are stopped on the way (line S8)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispersal.model.forward import Forward
from dispersal.model.policy import policy_draws, policy_range

FloatArray = NDArray[np.float64]

#: No journey takes less, in months.
SHORTEST = 0.5


@dataclass(frozen=True, eq=False)
class Stops:
    """What happens to journeys, for D draws and H months; shares of the journeys of a month.

    Parameters
    ----------
    passed : float array, shape (D, H)
        Arrive where they were bound.
    deported : float array, shape (D, H)
        Stopped and sent home.
    held : float array, shape (D, H)
        Stopped and held on the way.
    turned_back : float array, shape (D, H)
        Stopped and sent back.
    """

    passed: FloatArray
    deported: FloatArray
    held: FloatArray
    turned_back: FloatArray


def arrival_hazard(forward: Forward, km: FloatArray) -> FloatArray:
    """Return the hazard of completing a journey, per month.

    Parameters
    ----------
    km : float array, shape (n,)

    Returns
    -------
    float array, shape (D, n)
        One over the mean duration: distance over speed, at least ``SHORTEST`` months.
    """
    months = km[None, :] / forward.values["journey_speed"][:, None]
    return np.asarray(1.0 / np.maximum(months, SHORTEST))


def stops(forward: Forward) -> Stops:
    """Return what happens to journeys, from the border control of the transit states.

    Those who cross are taken to spread evenly over the transit states whose border control the
    case knows; ``journey_interdiction`` holds where it knows none. Of those who are stopped the
    share ``interdicted_deported`` is sent home; of the others ``interdicted_held`` are held and
    the rest is turned back, to choose again.
    """
    case, ahead = forward.design.case, forward.ahead
    actors = tuple(
        dict.fromkeys(row.actor for row in case.policies if row.policy == "border_control")
    )
    default = forward.values["journey_interdiction"]
    stopped = np.broadcast_to(default[:, None], (forward.draws, forward.steps))
    if actors:
        low, high = policy_range(case, "border_control", ahead, actors)
        known = ~np.isnan(low).all(axis=0)
        position = forward.position["border_control"]
        middle = np.stack(
            [
                policy_draws(low[at], high[at], position, default)
                for at in range(len(actors))
                if not np.isnan(low[at]).all()
            ]
            or [stopped]
        ).mean(axis=0)
        stopped = np.where(known[None, :], middle, stopped)
    deported = forward.values["interdicted_deported"][:, None] * stopped
    held = forward.values["interdicted_held"][:, None] * (stopped - deported)
    return Stops(
        passed=1.0 - stopped, deported=deported, held=held, turned_back=stopped - deported - held
    )
