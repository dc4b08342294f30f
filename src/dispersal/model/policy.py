"""Policies of home and transit states over time, as shares (lines S8 and S11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispersal.case.policies import policy_in_force

if TYPE_CHECKING:
    import datetime as dt

    from dispersal.case import Case
    from dispersal.model.calendar import Months

FloatArray = NDArray[np.float64]


def policy_range(
    case: Case,
    policy: str,
    months: Months,
    actors: tuple[str, ...] | None = None,
    stratum: str = "",
) -> tuple[FloatArray, FloatArray]:
    """Return the range of a policy's share for each actor, in the middle of each month.

    Parameters
    ----------
    case : Case
    policy : str
        Kind of policy, e.g. ``entry_ban``.
    months : Months
    actors : tuple of str, optional
        Default: the case's origins.
    stratum : str
        One of the strata; rows for all hold where none is for the stratum.

    Returns
    -------
    low, high : float arrays, shape (actors, steps)
        NaN where no row is in force.

    Examples
    --------
    >>> import datetime as dt
    >>> from dispersal.case import load_case
    >>> from dispersal.model.calendar import Months
    >>> months = Months(dt.date(2016, 7, 1), 3)
    >>> low, high = policy_range(load_case("isis_2017"), "border_control", months, ("TUR",))
    >>> low.tolist(), high.tolist()
    ([[0.2, 0.2, 0.4]], [[0.5, 0.5, 0.8]])
    """
    names = tuple(row.origin for row in case.origins) if actors is None else actors
    having = {row.actor for row in case.policies if row.policy == policy}
    bounds = np.full((2, len(names), months.steps), np.nan)
    days = [middle_of_month(months, at) for at in range(months.steps)]
    for at, name in enumerate(names):
        if name not in having:
            continue
        for step, day in enumerate(days):
            row = policy_in_force(case.policies, name, policy, day, stratum)
            if row is not None:
                bounds[:, at, step] = row.low, row.high
    return bounds[0], bounds[1]


def middle_of_month(months: Months, index: int) -> dt.date:
    """Return the day whose policies count for a whole step: of a month the fifteenth.

    Examples
    --------
    >>> import datetime as dt
    >>> from dispersal.model.calendar import Months
    >>> str(middle_of_month(Months(dt.date(2017, 3, 1), 3), 1))
    '2017-04-15'
    """
    first = months.instant(index)
    if months.parts == 1:
        return first.replace(day=15)
    return first + (months.instant(index + 1) - first) // 2


def policy_middle(case: Case, policy: str, months: Months) -> FloatArray:
    """Return the middle of a policy's range for each origin and month.

    Returns
    -------
    float array, shape (O, steps)
        0 where no row is in force.
    """
    low, high = policy_range(case, policy, months)
    return np.nan_to_num((low + high) / 2)


def policy_draws(
    low: FloatArray, high: FloatArray, position: FloatArray, default: FloatArray
) -> FloatArray:
    """Return draws of a share within its range; one position in the range for all rows of a draw.

    Parameters
    ----------
    low, high : float array, shape (n,)
        NaN where no policy says.
    position : float array, shape (draws,)
        0 at the low end, 1 at the high end.
    default : float array, shape (draws,)
        The share where no policy says.

    Returns
    -------
    float array, shape (draws, n)

    Examples
    --------
    >>> low, high = np.array([0.2, np.nan]), np.array([0.6, np.nan])
    >>> policy_draws(low, high, np.array([0.5]), np.array([0.1])).tolist()
    [[0.4, 0.1]]
    """
    within = low[None, :] + (high - low)[None, :] * position[:, None]
    return np.where(np.isnan(within), default[:, None], within)
