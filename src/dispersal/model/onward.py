"""Onward: another theatre or a third country, and which, for those who move on (line S8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispersal.model.hosts import welcome_of
from dispersal.model.options import covariates, theatre_shares, third_country_shares

if TYPE_CHECKING:
    from dispersal.model.forward import Forward
    from dispersal.model.states import StateSpace

FloatArray = NDArray[np.float64]


def onward_shares(forward: Forward, space: StateSpace) -> tuple[FloatArray, FloatArray]:
    """Return the shares of theatres' places and of third countries among those who move on.

    ``third_country_share`` settle in a third country; everyone of an origin to which no theatre
    is open, and nobody of one to which no third country is: to go to one's own is to go home.

    Returns
    -------
    theatres, third_countries : float arrays, shape (D, O, n) and (D, O, m)
        Together they sum to 1 over both, or to 0 for an origin to which nothing is open.
    """
    case = forward.design.case
    welcome = welcome_of(space.theatres, case.hosts, forward.ahead)
    at_war, at_peace = (
        covariates(case, places) for places in (space.theatre_places, space.third_countries)
    )
    fighting = theatre_shares(forward, space, welcome, at_war)
    settled = third_country_shares(forward, at_peace)
    share = forward.values["third_country_share"][:, None]
    share = np.where(at_war.foreign.any(axis=1), share, 1.0)
    share = np.where(at_peace.foreign.any(axis=1), share, 0.0)[:, :, None]
    return fighting * (1.0 - share), settled * share
