"""Months: the time axis of a simulation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Months:
    """Instants one month apart; instant 0 is the first day of the starting month.

    Parameters
    ----------
    start : datetime.date
        Any day of the starting month; kept as its first.
    steps : int
        Number of months; there are ``steps + 1`` instants.

    Examples
    --------
    >>> months = Months.between(dt.date(2016, 12, 5), dt.date(2017, 3, 7))
    >>> months.steps, str(months.instant(4)), round(months.position(dt.date(2017, 1, 16)), 2)
    (4, '2017-04-01', 1.48)
    """

    start: dt.date
    steps: int

    def __post_init__(self) -> None:
        # The same months are equal whatever day they were made from.
        object.__setattr__(self, "start", self.start.replace(day=1))

    @classmethod
    def between(cls, start: dt.date, until: dt.date) -> Months:
        """Return the months from the one that holds ``start`` to the one that holds ``until``."""
        count = (until.year - start.year) * 12 + until.month - start.month + 1
        return cls(start, count)

    def instant(self, index: int) -> dt.date:
        """Return the day of an instant: the first of its month; may lie outside 0..steps."""
        month = self.start.month - 1 + index
        return dt.date(self.start.year + month // 12, month % 12 + 1, 1)

    def instants(self) -> list[dt.date]:
        """Return all ``steps + 1`` instants."""
        return [self.instant(index) for index in range(self.steps + 1)]

    def position(self, day: dt.date) -> float:
        """Return where a day lies on the axis, in months; may lie outside 0..steps.

        Within a month it grows with the share of the month's days that have passed.
        """
        index = (day.year - self.start.year) * 12 + day.month - self.start.month
        first, following = self.instant(index), self.instant(index + 1)
        return index + (day - first).days / (following - first).days

    def nearest(self, day: dt.date) -> int:
        """Return the index of the instant nearest to a day, within 0..steps."""
        return min(max(round(self.position(day)), 0), self.steps)
