"""What could be seen early: published figures, and the end of the territory itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dispersal.case.schema import END_MODES
from dispersal.forecast.answer import MODES
from dispersal.forecast.theatre import day_at
from dispersal.whatif.information_figures import Figure, phrase
from dispersal.whatif.information_values import Values, values_of

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from dispersal.forecast.forecast import Forecast

#: Hypothetical values of each figure.
VALUES: Final = 100


@dataclass(frozen=True, eq=False)
class Seen:
    """One observable.

    Parameters
    ----------
    name : str
        That of its figure; ``end_month`` or ``end_mode``.
    kind : {"national", "aggregate", "end_month", "end_mode"}
    words : str
    values : Values
        The values it may have; of a month the position on the forecast's months, of a mode its
        place in ``labels``.
    labels : tuple of str
        Of each value, where it is no number.
    """

    name: str
    kind: str
    words: str
    values: Values
    labels: tuple[str, ...] = ()

    @property
    def ordered(self) -> bool:
        """Whether its values have an order."""
        return self.kind != "end_mode"


def seen_figure(forecast: Forecast, figure: Figure, noise: NDArray[np.float64]) -> Seen:
    """Return a figure as an observable."""
    values = values_of(figure, noise, VALUES)
    return Seen(figure.name, figure.kind, phrase(forecast, figure), values)


def seen_ends(forecast: Forecast, by: dt.date) -> list[Seen]:
    """Return the month in which the last territory is lost, and how, as far as known by a day.

    They are seen without error. An end that is still to come is a value, too: the last one.
    Where all draws agree, there is nothing to see.
    """
    ensemble = forecast.ensemble
    over = ensemble.end <= ensemble.months.position(by)
    month = np.where(over, np.floor(ensemble.end), np.inf)
    months = np.unique(month)
    mode = np.where(over, ensemble.mode, len(END_MODES))
    modes = np.unique(mode)
    found = []
    if months.size > 1:
        days = [day_at(ensemble.months, float(at)) for at in months]
        labels = tuple("not yet" if day is None else day.isoformat() for day in days)
        words = "month in which the last territory is lost"
        # What lies ahead comes a month after the last one.
        places = np.where(np.isfinite(months), months, months[np.isfinite(months)].max() + 1)
        found.append(_direct("end_month", words, month, months, places, labels))
    if modes.size > 1:
        names = [MODES[name] for name in END_MODES] + ["not yet"]
        labels = tuple(names[at] for at in modes)
        places = np.arange(modes.size, dtype=float)
        found.append(
            _direct("end_mode", "how the last territory is lost", mode, modes, places, labels)
        )
    return found


def _direct(
    kind: str,
    words: str,
    drawn: NDArray[np.float64] | NDArray[np.int64],
    known: NDArray[np.float64] | NDArray[np.int64],
    places: NDArray[np.float64],
    labels: tuple[str, ...],
) -> Seen:
    likelihood = (drawn == known[:, None]).astype(float)
    values = Values(places, likelihood.mean(axis=1), likelihood)
    return Seen(kind, kind, words, values, labels)
