"""The day that a question is about."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dispersal.case.asking import Day, day_of
from dispersal.errors import InputError
from dispersal.model.forward import months_until

if TYPE_CHECKING:
    from dispersal.model.design import Design


def day_ahead(design: Design, until: dt.date, date: Day | None) -> tuple[dt.date, float]:
    """Return a day of the forecast, and its position in months from the cut-off.

    Parameters
    ----------
    design : Design
    until : datetime.date
        Last day of the forecast.
    date : str, date or time stamp, optional
        Default: the last day.

    Raises
    ------
    InputError
        If it is no day, or lies outside the forecast.
    """
    months, now = months_until(design, until)
    last = months.instant(months.steps) - dt.timedelta(days=1)
    when = last if date is None else day_of(date)
    if not design.cutoff <= when <= last:
        raise InputError(f"found date {when}, expected a day from {design.cutoff} to {last}")
    return when, max(months.position(when) - now, 0.0)
