"""The last figure stands, with the spread of earlier revisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispersal.record.baselines.known import Known, year_of
from dispersal.record.baselines.prediction import Prediction
from dispersal.record.baselines.spread import PRIOR, Spread

if TYPE_CHECKING:
    import datetime as dt


@dataclass(frozen=True, eq=False)
class LastFigure:
    """A country's last figure of a quantity is its next.

    Parameters
    ----------
    known : Known
    revisions : dict of str to Spread
        By quantity: how far a figure is from the one before it.
    """

    known: Known
    revisions: dict[str, Spread]

    def predict(self, quantity: str, origin: str, as_of: dt.date) -> Prediction | None:
        """Return the prediction of a figure, or None where there is no earlier one."""
        series = self.known.series.get((quantity, origin))
        if series is None:
            return None
        spread = self.revisions.get(quantity, PRIOR)
        years = abs(year_of(as_of) - series.last_year)
        return Prediction.around("last figure", series.last, spread.after(years))
