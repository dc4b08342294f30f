"""What past endings say: the shares of each fate in the reference class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispersal.record.baselines.prediction import Prediction
from dispersal.record.baselines.spread import SHARE_PRIOR, Spread

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from dispersal.record.baselines.known import Known

FloatArray = NDArray[np.float64]

#: More draws of a share than these say nothing more; they are thinned evenly.
DRAWS = 200


@dataclass(frozen=True, eq=False)
class ReferenceShares:
    """Draws of the share of the departed that past endings led to, by quantity.

    Parameters
    ----------
    shares : mapping of str to float array, shape (D,)
        By published quantity (``returned``, ``killed``, …); from 0 to 1.
    """

    shares: Mapping[str, FloatArray]


@dataclass(frozen=True, eq=False)
class ReferenceClass:
    """A country's departed times the shares of the reference class.

    Past endings tell of a group as a whole; how far single countries lie from it is taken from
    the scatter of this case's own shares, where there are any.

    Parameters
    ----------
    known : Known
    reference : ReferenceShares
    spreads : dict of str to Spread
        By quantity: the countries' scatter around a common share.
    """

    known: Known
    reference: ReferenceShares
    spreads: dict[str, Spread]

    def predict(self, quantity: str, origin: str, as_of: dt.date) -> Prediction | None:
        """Return the prediction of a figure on any day, or None without departed or shares."""
        del as_of  # the shares are those of the end
        departed = self.known.departed(origin)
        shares = self.reference.shares.get(quantity)
        if departed is None or shares is None:
            return None
        every = max(1, shares.size // DRAWS)
        centres = np.log1p(np.sort(shares)[every // 2 :: every] * departed)
        scale = self.spreads.get(quantity, SHARE_PRIOR).after(0.0)
        return Prediction("reference class", centres, np.full(centres.size, scale))
