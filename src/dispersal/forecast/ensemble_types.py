"""The ensemble: draws of where every member is, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import datetime as dt

    import numpy as np
    from numpy.typing import NDArray

    from dispersal.case import Case
    from dispersal.forecast.by_fate import Folded, Kept
    from dispersal.model.calendar import Months

#: Kinds of origins by which the strata at places are kept, in their order.
KINDS: Final = ("foreign", "local")


@dataclass(frozen=True, eq=False)
class Ensemble:
    """D draws of the counts of O origins and S strata in F fates, at instants 0 to M.

    Parameters
    ----------
    case : Case
        As known on the cut-off.
    cutoff : datetime.date
    seed : int
    months : Months
        Instants to the end of the period, a month or a week apart.
    now : int
        Index of the instant nearest to the cut-off.
    origins : tuple of str, length O
    strata : tuple of str, length S
        Out of ``men``, ``women``, ``minors``, in that order.
    by_fate : Kept or Folded
        Persons in each of ``dispersal.model.states.ALL_FATES``: see ``fates``.
    place_states : tuple of str, length P
        States at a place, for example ``detained:SYR`` or ``elsewhere:LBY:isil_libya``.
    places : integer array, shape (D, O, P, M + 1 - now)
        Persons of all strata there, from ``now`` on.
    arrivals : int32 array, shape (D, P, M + 1 - now)
        Persons of all origins that have ever arrived there since ``now``.
    end : float array, shape (D,)
        Position on ``months`` at which the last territory is lost.
    mode : int array, shape (D,)
        Index into ``dispersal.case.schema.END_MODES``.
    bias : dict of float arrays, shape (D, O)
        Log bias with which an origin's national series publishes a quantity.
    error : dict of float arrays, shape (D,)
        Scale of the independent Student-t(4) error of a published quantity, on log(1 + n).
    timings : dict of str to float
        Seconds, by step.
    reported : float array, shape (D,)
        Share of the dead who are in the published figures of the dead; the others count as
        remaining in figures.
    strata_places : int32 array, shape (D, 2, S, P, M + 1 - now), optional
        Persons of each stratum there, from ``now`` on, of all origins of each of
        ``KINDS``; None for a run saved in format 2.
    moves : int32 array, shape (D, len(MOVES), M + 1 - now), optional
        Persons of all origins and strata who ever made each of ``dispersal.model.states.MOVES``
        since ``now``; None for a run saved before format 4.
    """

    case: Case
    cutoff: dt.date
    seed: int
    months: Months
    now: int
    origins: tuple[str, ...]
    strata: tuple[str, ...]
    by_fate: Kept | Folded
    place_states: tuple[str, ...]
    places: NDArray[np.uint16 | np.int32]
    arrivals: NDArray[np.int32]
    end: NDArray[np.float64]
    mode: NDArray[np.int64]
    bias: dict[str, NDArray[Any]]
    error: dict[str, NDArray[Any]]
    timings: dict[str, float]
    reported: NDArray[Any]
    strata_places: NDArray[np.int32] | None = None
    moves: NDArray[np.int32] | None = None

    @property
    def size(self) -> int:
        """Number of draws, D."""
        return self.by_fate.shape[0]

    @property
    def fates(self) -> NDArray[np.int32]:
        """Persons in each of ``dispersal.model.states.ALL_FATES``, shape (D, O, S, F, M + 1).

        Expected counts of each draw of the posterior, rounded, before ``now``; sampled from
        ``now`` on, where they sum over the fates to a constant for each draw, origin and stratum.
        Of a forecast that was simulated, not read, this is put together anew each time:
        ``by_fate`` has a part of it sooner.
        """
        return self.by_fate.whole
