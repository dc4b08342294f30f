"""Figures that are told again: how often a series repeats its last figure, and what that was.

Offices do not count anew each time they are asked; a part of what is published later is the last
figure once more. How often is learnt from the ledger as known at the cut-off.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import pandas as pd

#: Two figures within this share of each other are the same, rounded.
SAME: Final = 0.02

#: Years in which the chance of a repeat falls by e.
FADES: Final = 1.0

#: A chance of a repeat that is assumed, as if this many pairs from about the same day showed it.
ASSUMED: Final = (0.15, 10.0)


@dataclass(frozen=True)
class Repeats:
    """Last figures, and how often such are told again.

    Parameters
    ----------
    chances : mapping of str to float
        By quantity: the chance that a figure of about the same day as the last repeats it.
    last : mapping of (str, str) to (float, datetime.date)
        By quantity and origin: the last figure in persons, and the day it speaks of.
    """

    chances: Mapping[str, float]
    last: Mapping[tuple[str, str], tuple[float, dt.date]]

    def of(self, quantity: str, origin: str, day: dt.date) -> tuple[float, float]:
        """Return the chance that a figure of a day repeats the last one, and that one.

        Returns
        -------
        chance : float
            0 for days before that of the last figure, and where there is none.
        figure : float
            Persons; 0 where there is none.
        """
        figure, told = self.last.get((quantity, origin), (0.0, None))
        if told is None or day < told:
            return 0.0, figure
        years = (day - told).days / 365.25
        return self.chances[quantity] * float(np.exp(-years / FADES)), figure


def learn_repeats(figures: pd.DataFrame) -> Repeats:
    """Learn from the figures known at a cut-off how often one is told again.

    Each pair of figures of a series t years apart repeats with chance p·exp(−t); p is estimated
    by repeats / Σ exp(−t), with what is assumed added to both, for each quantity by itself.

    Parameters
    ----------
    figures : pandas.DataFrame
        As ``Ledger.figures``; those with two ends that are no misprints count.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> repeats = learn_repeats(load_case("isis_2017").as_known_on("2017-03-07").ledger.figures)
    >>> sorted(name for name, chance in repeats.chances.items() if chance > 0.18)
    ['remaining', 'returned']
    """
    told = figures[figures["low"].notna() & figures["high"].notna()]
    meant = [not {"misprint", "overlap"} & tags for tags in told["tags"]]
    told = told[np.array(meant, dtype=bool)]
    told = told.sort_values(["as_of", "published", "figure_id"])
    values = np.expm1((np.log1p(told["low"]) + np.log1p(told["high"])) / 2)
    assumed, weight = ASSUMED
    chances: dict[str, float] = {}
    last: dict[tuple[str, str], tuple[float, dt.date]] = {}
    for quantity, rows in told.assign(value=values).groupby("quantity"):
        repeats, pairs = assumed * weight, weight
        for origin, series in rows.groupby("origin"):
            points = [
                (float(value), day.date())
                for value, day in zip(series["value"], series["as_of"], strict=True)
            ]
            last[str(quantity), str(origin)] = points[-1]
            for (first, before), (second, after) in combinations(points, 2):
                pairs += float(np.exp(-(after - before).days / 365.25 / FADES))
                repeats += abs(np.log1p(first) - np.log1p(second)) < SAME
        chances[str(quantity)] = float(repeats / pairs)
    return Repeats(chances, last)
