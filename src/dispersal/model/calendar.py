"""The time axis of a simulation: months, or equal parts of months."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

#: Steps a month by the ``step`` of a case. A week is a quarter of a month, seven or eight days, so
#: that every month begins with a step.
PARTS: Final = {"month": 1, "week": 4}


@dataclass(frozen=True, slots=True)
class Months:
    """Instants one month, or a part of one, apart; instant 0 is the first day of a month.

    Parameters
    ----------
    start : datetime.date
        Any day of the starting month; kept as its first.
    steps : int
        Number of steps; there are ``steps + 1`` instants.
    parts : int
        Steps a month.

    Examples
    --------
    >>> months = Months.between(dt.date(2016, 12, 5), dt.date(2017, 3, 7))
    >>> months.steps, str(months.instant(4)), round(months.position(dt.date(2017, 1, 16)), 2)
    (4, '2017-04-01', 1.48)
    >>> weeks = Months(dt.date(2023, 6, 1), 8, parts=4)
    >>> [day.day for day in weeks.instants()], weeks.position(dt.date(2023, 6, 16))
    ([1, 8, 16, 23, 1, 8, 16, 24, 1], 2.0)
    """

    start: dt.date
    steps: int
    parts: int = 1

    def __post_init__(self) -> None:
        # The same months are equal whatever day they were made from.
        object.__setattr__(self, "start", self.start.replace(day=1))

    @classmethod
    def between(cls, start: dt.date, until: dt.date, parts: int = 1) -> Months:
        """Return the months from the one that holds ``start`` to the one that holds ``until``."""
        count = (until.year - start.year) * 12 + until.month - start.month + 1
        return cls(start, count * parts, parts)

    def instant(self, index: int) -> dt.date:
        """Return the day of an instant; may lie outside 0..steps."""
        month, part = divmod(index, self.parts)
        first = self._first(month)
        if not part:
            return first
        return first + dt.timedelta(days=(self._first(month + 1) - first).days * part // self.parts)

    def instants(self) -> list[dt.date]:
        """Return all ``steps + 1`` instants."""
        return [self.instant(index) for index in range(self.steps + 1)]

    def step_of(self, day: dt.date) -> tuple[int, int, int]:
        """Return the step that a day is in, the days of it that have passed, and all its days.

        Examples
        --------
        >>> Months(dt.date(2023, 6, 1), 8, parts=4).step_of(dt.date(2023, 6, 30))
        (3, 7, 8)
        """
        month = (day.year - self.start.year) * 12 + day.month - self.start.month
        index = month * self.parts
        while self.instant(index + 1) <= day:
            index += 1
        first, following = self.instant(index), self.instant(index + 1)
        return index, (day - first).days, (following - first).days

    def position(self, day: dt.date) -> float:
        """Return where a day lies on the axis, in steps; may lie outside 0..steps.

        Within a step it grows with the share of the step's days that have passed.
        """
        index, passed, length = self.step_of(day)
        return index + passed / length

    def nearest(self, day: dt.date) -> int:
        """Return the index of the instant nearest to a day, within 0..steps."""
        return min(max(round(self.position(day)), 0), self.steps)

    def day_at(self, position: float) -> dt.date:
        """Return the day at a position, in steps.

        Examples
        --------
        >>> Months(dt.date(2017, 1, 1), 12).day_at(2.5)
        datetime.date(2017, 3, 16)
        """
        index = int(position // 1)
        first, following = self.instant(index), self.instant(index + 1)
        return first + dt.timedelta(days=int((position - index) * (following - first).days))

    def _first(self, month: int) -> dt.date:
        number = self.start.month - 1 + month
        return dt.date(self.start.year + number // 12, number % 12 + 1, 1)
