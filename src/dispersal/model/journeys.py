"""Journeys: how long they take, and what becomes of those who are stopped on the way (line S8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispersal.model.policy import policy_range

if TYPE_CHECKING:
    from dispersal.model.forward import Forward

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
        Distances.

    Returns
    -------
    float array, shape (D, n), per month
        One over the mean duration: distance over speed, at least ``SHORTEST`` months.
    """
    months = km[None, :] / forward.values["journey_speed"][:, None]
    return np.asarray(1.0 / np.maximum(months, SHORTEST))


def stops(forward: Forward) -> Stops:
    """Return what happens to journeys, from the border control of the transit states.

    Those who cross are taken to spread evenly over the transit states whose border control the
    case knows in a month; ``journey_interdiction`` holds where it knows none. Of those who are
    stopped the share ``interdicted_deported`` is sent home; of the others ``interdicted_held``
    are held and the rest is turned back, to choose again.

    Parameters
    ----------
    forward : Forward
        D draws of H months.

    Returns
    -------
    Stops
    """
    case, ahead = forward.design.case, forward.ahead
    actors = tuple(
        dict.fromkeys(row.actor for row in case.policies if row.policy == "border_control")
    )
    default = forward.values["journey_interdiction"]
    low, high = policy_range(case, "border_control", ahead, actors)
    known = ~np.isnan(low)
    position = forward.position["border_control"][:, None, None]
    control = np.where(known, low + (high - low) * position, 0.0)  # draw, actor, month
    count = known.sum(axis=0)
    mean = control.sum(axis=1) / np.maximum(count, 1)
    stopped = np.where(count > 0, mean, default[:, None])
    deported = forward.values["interdicted_deported"][:, None] * stopped
    held = forward.values["interdicted_held"][:, None] * (stopped - deported)
    return Stops(
        passed=1.0 - stopped, deported=deported, held=held, turned_back=stopped - deported - held
    )
