"""Flee's validation data: counts by camp and day, interpolated exactly as Flee does."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from dispersal.displacement.reading import Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from dispersal.displacement.reading import Reading

PERIOD = "input_csv/sim_period.csv"
OLD_PERIOD = "input_csv/conflict_period.csv"
#: More days than this are a mistake.
MOST_DAYS = 100_000

LAYOUT = "source_data/data_layout.csv"
CORRECTIONS = "input_csv/registration_corrections.csv"


@dataclass(frozen=True, slots=True)
class Series:
    """Counts of one camp, or of all, by day.

    Parameters
    ----------
    days, counts : tuple of float
        Days since the start of the simulation, and how many people were counted.

    Examples
    --------
    >>> Series((0.0, 4.0), (10.0, 21.0)).on(np.arange(-1, 6)).tolist()
    [10, 10, 12, 15, 18, 21, 21]
    """

    days: tuple[float, ...]
    counts: tuple[float, ...]

    def on(self, days: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return counts on days: linear between figures, cut to whole people, flat outside."""
        at, values = np.asarray(self.days), np.asarray(self.counts)
        if len(at) == 1:
            return np.full(len(days), int(values[0]), dtype=np.int64)
        later = at[1:][None, :] > days[:, None]
        upper = np.where(later.any(axis=1), later.argmax(axis=1) + 1, len(at) - 1)
        lower = np.maximum(upper - 1, 0)
        span = at[upper] - at[lower]
        fraction = (days - at[lower]) / np.where(span == 0, 1.0, span)
        between = values[lower] + fraction * (values[upper] - values[lower])
        held = np.where(days <= at[0], values[0], values[-1])
        inside = later.any(axis=1) & (days > at[0])
        return np.asarray(np.trunc(np.where(inside, between, held)), dtype=np.int64)


#: Stands in for a series with faults, so that nothing is said twice.
UNREAD = Series((), ())


@dataclass(frozen=True, slots=True)
class Figures:
    """All validation data of a folder.

    Parameters
    ----------
    start : date
        Day 0.
    days : int
        How many days are simulated.
    series : mapping of str to Series
        By name in data_layout.csv; the first is the total.
    """

    start: dt.date
    days: int
    series: Mapping[str, Series]


def read_figures(reading: Reading) -> Figures:
    """Read the period, the layout, the data files and the corrections."""
    start, days = read_period(reading)
    series = _layout(reading, start) if start else {}
    if start:
        _correct(reading, start, series)
    return Figures(start or dt.date(1, 1, 1), days, series)


def read_period(reading: Reading) -> tuple[dt.date | None, int]:
    """Return the first day and the number of days."""
    name = PERIOD
    if not (reading.folder / PERIOD).is_file() and (reading.folder / OLD_PERIOD).is_file():
        name = OLD_PERIOD
    rows = reading.rows(name)
    start: dt.date | None = None
    days = 0
    keys = set()
    for row in rows:
        key = row.cell(0).lower()
        keys.add(key)
        if key == "startdate":
            start = reading.day(row, 1, "StartDate")
        elif key == "length":
            days = reading.whole(row, 1, "Length")
            if not 1 <= days <= MOST_DAYS:
                expected = f"a number of days from 1 to {MOST_DAYS:,}"
                reading.fault("no_days", row, "Length", row.cell(1), expected)
                days = 0
    for key, column in (("startdate", "StartDate"), ("length", "Length")):
        if rows and key not in keys:
            found = ", ".join(sorted(keys))
            reading.fault("missing_row", Row(name, None, ()), None, found, f"a row {column}")
    return start, days


def added(first: Series, second: Series) -> Series:
    """Return the sum of two series as Flee makes it.

    A sum stands wherever either has a figure, without interpolation, and only as far as the second
    has figures: later figures of either are lost.

    Examples
    --------
    >>> added(Series((0.0, 5.0), (1.0, 2.0)), Series((0.0, 3.0), (10.0, 20.0)))
    Series(days=(0.0, 3.0), counts=(11.0, 22.0))
    """
    days: list[float] = []
    counts: list[float] = []
    at, last = 0, 0.0
    ahead = len(first.days) - 1
    for day, count in zip(second.days, second.counts, strict=True):
        while day > first.days[at]:
            days.append(first.days[at])
            counts.append(last + first.counts[at])
            if at == ahead:
                break
            at += 1
        if day <= first.days[at]:
            days.append(day)
            counts.append(count + first.counts[at])
            last = count
            if day == first.days[at] and at < ahead:
                at += 1
    return Series(tuple(days), tuple(counts))


def _layout(reading: Reading, start: dt.date) -> dict[str, Series]:
    found: dict[str, Series] = {}
    for row in reading.rows(LAYOUT):
        if row.is_comment or not any(row.cells[1:]):
            continue
        files = [name for name in row.cells[1:] if name]
        parts = [_series(reading, f"source_data/{name}", start, row) for name in files]
        known = [part for part in parts if part is not None]
        if row.cell(0) in found:
            reading.fault("repeated_name", row, "name", row.cell(0), "each camp once")
        if len(known) < len(parts):
            found[row.cell(0)] = UNREAD
            continue
        whole = known[0]
        for name, part in zip(files[1:], known[1:], strict=True):
            _note_lost(reading, row, name, whole, part)
            whole = added(whole, part)
        found[row.cell(0)] = whole
    return _total_first(reading, found)


def _total_first(reading: Reading, found: dict[str, Series]) -> dict[str, Series]:
    """Return the series with the total in front, wherever it stands."""
    first = next(iter(found), "total")
    if first == "total":
        return found
    layout = Row(LAYOUT, None, ())
    if "total" in found:
        expected = "total in the first row (Flee takes the first row for it, whatever its name)"
        reading.note("total_not_first", layout, "name", first, expected)
        return {"total": found["total"], **found}
    expected = "total in the first row: its numbers are not added to those of the camps"
    reading.note("no_total", layout, "name", first, expected, ["total"])
    return found


def _note_lost(reading: Reading, row: Row, name: str, first: Series, second: Series) -> None:
    lost = [day for day in first.days if day > second.days[-1]]
    lost += [day for day in second.days if day > first.days[-1]]
    if lost:
        expected = "the same last day in added files: later figures of either are lost, as in Flee"
        reading.note("lost_figures", row, name, f"{len(lost)} later figures", expected)


def _series(reading: Reading, name: str, start: dt.date, row: Row) -> Series | None:
    if not (reading.folder / name).is_file():
        beside = sorted(path.name for path in (reading.folder / "source_data").glob("*.csv"))
        found = name.removeprefix("source_data/")
        reading.fault("missing_file", row, "file", found, "a file in source_data", beside)
        return None
    days: list[float] = []
    counts: list[float] = []
    before = len(reading.faults)
    for place, line in enumerate(reading.rows(name)):
        heading = place == 0 and line.cell(0) in ("", "Date", "DateTime")
        if heading or line.is_comment or len(line.cells) < 2 or not line.cell(1):
            continue
        day = reading.day(line, 0, "date")
        count = reading.whole(line, 1, "count")
        if count < 0:
            reading.fault("negative", line, "count", line.cell(1), "0 or more")
        if day is not None:
            days.append((day - start).days)
            counts.append(count)
    if len(reading.faults) > before:
        return None
    if not days:
        reading.fault("no_rows", Row(name, None, ()), None, "no row", "dates and counts")
        return None
    if any(later <= earlier for earlier, later in pairwise(days)):
        reading.note("unsorted", Row(name, None, ()), None, "dates out of order", "ascending dates")
    return Series(tuple(days), tuple(counts))


def _correct(reading: Reading, start: dt.date, series: dict[str, Series]) -> None:
    """Scale the figures of a camp before a day on which registration was corrected."""
    for row in reading.rows(CORRECTIONS, needed=False):
        if row.is_comment or len(row.cells) < 2:
            continue
        name = row.cell(0)
        if name not in series:
            reading.fault("unknown_camp", row, "name", name, "a camp of data_layout.csv", series)
            continue
        day = reading.day(row, 1, "date")
        if day is None:
            continue
        known = series[name]
        if known is UNREAD:
            continue
        at = [i for i, d in enumerate(known.days) if d == (day - start).days and i > 0]
        if not at or known.counts[at[0] - 1] == 0:
            expected = "a day of the camp's file with a figure above 0 before it"
            reading.fault("unknown_day", row, "date", row.cell(1), expected)
            continue
        counts = list(known.counts)
        for i in at:
            factor = counts[i] / counts[i - 1]
            counts[:i] = [count * factor for count in counts[:i]]
        series[name] = Series(known.days, tuple(counts))
