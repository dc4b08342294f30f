"""What experts judged, pooled with equal weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from dispersal.record.baselines.known import Known, year_of
from dispersal.record.baselines.prediction import Prediction
from dispersal.record.baselines.spread import PRIOR, Spread

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from dispersal.case.schema import Judgement

FloatArray = NDArray[np.float64]

#: Judged quantities of how many more there will be, and the published quantity they add to.
ADDITIONAL: Final = {
    "returned_total_additional": "returned",
    "departed_total_additional": "departed",
}

#: Judged shares of those still in the theatre, and the published quantity they become.
SHARES: Final = {"share_killed": "killed", "share_remaining_in_theatre": "remaining"}

#: The area of a share that holds for every country.
WORLD: Final = "WLD"

#: Marks in a judgement's note of what is no judgement of what will be: an aim, a statement of
#: what is, a number that cannot be exceeded.
NO_JUDGEMENTS: Final = ("AIM:", "CURRENT:", "CEILING:")

#: Levels at which a judgement is taken: its low, middle and high are the 10th, 50th and 90th.
LEVELS: Final = (np.arange(21) + 0.5) / 21


@dataclass(frozen=True, eq=False)
class Experts:
    """The linear opinion pool [1]_ of the judgements that speak of a figure.

    Of one expert the latest judgement counts. A number of additional people is added to the last
    figure, in proportion to the time gone by until the judgement's horizon (at once if it has
    none). A share applies to those left: departed less returned and killed, as last known.

    Parameters
    ----------
    known : Known
    judgements : tuple of Judgement
        Those that :func:`usable` returns.
    revisions : dict of str to Spread
        By quantity; what a publication adds to a judgement.

    References
    ----------
    .. [1] Stone (1961), The opinion pool. Annals of Mathematical Statistics 32, 1339-1342.
    """

    known: Known
    judgements: tuple[Judgement, ...]
    revisions: dict[str, Spread]

    @classmethod
    def learn(
        cls, known: Known, revisions: dict[str, Spread], judgements: Iterable[Judgement]
    ) -> Experts:
        """Keep the judgements that give an interval of a quantity that is published."""
        return cls(known, usable(judgements, known.cutoff), revisions)

    def predict(self, quantity: str, origin: str, as_of: dt.date) -> Prediction | None:
        """Return the prediction of a figure, or None where no expert spoke of it."""
        latest: dict[str, FloatArray] = {}
        for judgement in self.judgements:
            found = self._reading(judgement, quantity, origin, as_of)
            if found is not None:
                latest[judgement.expert] = found
        if not latest:
            return None
        centres = np.concatenate(list(latest.values()))
        scale = self.revisions.get(quantity, PRIOR).at_once
        return Prediction("experts", centres, np.full(centres.size, scale))

    def _reading(
        self, judgement: Judgement, quantity: str, origin: str, as_of: dt.date
    ) -> FloatArray | None:
        """Return log(1 + n) at the levels, or None if the judgement speaks of something else."""
        if as_of <= judgement.published:
            return None
        levels = judged_levels(judgement)
        last = self._last(quantity, origin)
        if ADDITIONAL.get(judgement.quantity) == quantity and judgement.origin == origin:
            if last is None:
                return None
            return np.asarray(np.log1p(last + levels * _gone(judgement, as_of)))
        if SHARES.get(judgement.quantity) == quantity and judgement.origin in (origin, WORLD):
            left = self._left(origin)
            if left is None:
                return None
            base = (last or 0.0) if quantity == "killed" else 0.0
            return np.asarray(np.log1p(base + np.clip(levels, 0.0, 1.0) * left))
        return None

    def _last(self, quantity: str, origin: str) -> float | None:
        series = self.known.series.get((quantity, origin))
        return None if series is None else float(np.expm1(series.last))

    def _left(self, origin: str) -> float | None:
        departed = self.known.departed(origin)
        if departed is None:
            return None
        gone = sum(self._last(name, origin) or 0.0 for name in ("returned", "killed"))
        return max(departed - gone, 0.0)


def usable(judgements: Iterable[Judgement], cutoff: dt.date) -> tuple[Judgement, ...]:
    """Return the judgements that can be pooled, by day.

    Parameters
    ----------
    judgements : iterable of Judgement
    cutoff : datetime.date
        Later ones are not seen.

    Returns
    -------
    tuple of Judgement
        Those with both ends of an interval (of a share one is enough: the other is 0 or 1) whose
        quantity is in ``ADDITIONAL`` or ``SHARES``, and whose note does not mark them as an aim,
        a statement of what is, or a ceiling.
    """
    found = [
        row
        for row in judgements
        if row.published <= cutoff
        and not any(mark in row.note for mark in NO_JUDGEMENTS)
        and (
            (row.quantity in SHARES and not row.low is row.high is None)
            or (row.quantity in ADDITIONAL and row.low is not None and row.high is not None)
        )
    ]
    return tuple(sorted(found, key=lambda row: (row.published, row.judgement_id)))


def judged_points(judgement: Judgement) -> tuple[float, float, float]:
    """Return a judgement's low, middle and high; ends of a share that are not given are 0 and 1.

    The middle of a judgement without one is half-way, of additional people on the logarithm.
    """
    share = judgement.quantity in SHARES
    low = 0.0 if judgement.low is None else float(judgement.low)
    high = 1.0 if judgement.high is None else float(judgement.high)
    if judgement.mode is not None:
        middle = float(judgement.mode)
    elif share:
        middle = (low + high) / 2
    else:
        middle = float(np.expm1((np.log1p(low) + np.log1p(high)) / 2))
    return low, middle, high


def judged_levels(judgement: Judgement) -> FloatArray:
    """Return a judgement's quantiles at ``LEVELS``: straight lines through its three points.

    Beyond the 10th and the 90th the lines go on, to 0 at the lowest.
    """
    low, middle, high = judged_points(judgement)
    lower = middle + (LEVELS - 0.5) / 0.4 * (middle - low)
    upper = middle + (LEVELS - 0.5) / 0.4 * (high - middle)
    return np.asarray(np.maximum(np.where(LEVELS < 0.5, lower, upper), 0.0))


def _gone(judgement: Judgement, as_of: dt.date) -> float:
    if judgement.horizon is None or judgement.horizon <= judgement.published:
        return 1.0
    whole = year_of(judgement.horizon) - year_of(judgement.published)
    return min((year_of(as_of) - year_of(judgement.published)) / whole, 1.0)
