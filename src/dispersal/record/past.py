"""Shares of past endings as a baseline: the reference class as known on a cut-off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispersal.record.baselines import ReferenceShares
from dispersal.reference import fit_reference
from dispersal.reference.mixed import mixed_shares

if TYPE_CHECKING:
    import datetime as dt

    from dispersal.case import Case
    from dispersal.reference import Reference

#: Draws of the shares.
DRAWS = 2_000


def past_shares(case: Case, cutoff: dt.date, *, seed: int = 1) -> ReferenceShares:
    """Return the shares of fates after past endings, by published quantity.

    The modes of ending count as often as the case expects them. Past cases that ended, and
    figures that were published, after the cut-off are not seen.

    Parameters
    ----------
    case : Case
    cutoff : datetime.date
    seed : int

    Raises
    ------
    InferenceError
        If the reference class cannot be fitted.
    """
    return shares_of_quantities(fit_reference(as_known_on=cutoff, seed=seed), case, seed)


def shares_of_quantities(reference: Reference, case: Case, seed: int) -> ReferenceShares:
    """Return the shares of a fitted reference class by published quantity.

    ``remaining`` are those neither killed nor at home.
    """
    drawn = mixed_shares(reference, case, DRAWS, seed)
    killed, home = drawn["killed"], drawn["home"]
    return ReferenceShares(
        {
            "returned": home,
            "killed": killed,
            "detained": drawn["detained"],
            "remaining": np.clip(1.0 - killed - home, 0.0, 1.0),
        }
    )
