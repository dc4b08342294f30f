"""Draws as the few rounded numbers that a page shows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dispersal.forecast.tables import LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

#: Ends of the 80 % interval, those of the middle half, and the median.
FIVE: Final = {"p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9}

#: What floating-point arithmetic may take from a number that is exact.
_SLACK: Final = 1e-6


def quantiles(values: NDArray[Any], levels: Mapping[str, float]) -> dict[str, NDArray[np.float64]]:
    """Return quantiles over the last axis, those of ``numpy.quantile`` to the last bit or so.

    Counts stay whole while they are ordered, which takes a fraction of the time that numbers with
    a fraction do.

    Parameters
    ----------
    values : array, shape (..., D)
    levels : mapping of str to float
        Between 0 and 1, rising.

    Returns
    -------
    dict of float arrays, shape (...)

    Examples
    --------
    >>> found = quantiles(np.array([[0, 10, 5], [1, 1, 1]]), {"p10": 0.1, "p50": 0.5})
    >>> found["p10"].tolist(), found["p50"].tolist()
    ([1.0, 1.0], [5.0, 1.0])
    """
    last = values.shape[-1] - 1
    positions = {name: level * last for name, level in levels.items()}
    left = {name: min(int(position), max(last - 1, 0)) for name, position in positions.items()}
    needed = sorted({min(at + step, last) for at in left.values() for step in (0, 1)})
    ordered = np.partition(values, needed, axis=-1)
    found = {}
    for name, position in positions.items():
        low = ordered[..., left[name]].astype(np.float64)
        high = ordered[..., min(left[name] + 1, last)].astype(np.float64)
        found[name] = low + (high - low) * (position - left[name])
    return found


def three(values: NDArray[Any]) -> dict[str, Any]:
    """Return the 80 % interval and the median of counts, rounded, over the last axis."""
    return {name: counts(found) for name, found in quantiles(values, LEVELS).items()}


def three_and_mean(values: NDArray[Any]) -> dict[str, Any]:
    """Return :func:`three` and the mean.

    Examples
    --------
    >>> three_and_mean(np.array([0, 1, 2, 2000]))
    {'p10': 0.3, 'p50': 1.5, 'p90': 1400, 'mean': 500}
    """
    return three(values) | {"mean": counts(values.mean(axis=-1))}


def five(values: NDArray[Any]) -> dict[str, Any]:
    """Return :func:`three` and the quartiles."""
    return {name: counts(found) for name, found in quantiles(values, FIVE).items()}


def three_shares(values: NDArray[np.float64]) -> dict[str, Any]:
    """Return the 80 % interval and the median of shares, to three decimals, over the last axis."""
    return {name: shares(found, 3) for name, found in quantiles(values, LEVELS).items()}


def counts(values: Any) -> Any:
    """Return counts as plain numbers: whole from 10 on, smaller ones cut to one decimal.

    Words made of them (``dispersal.forecast.wording``) are those made of the unrounded numbers,
    since a number stays on its side of every half step: below 10, where they are tenths, and
    from 200 on, where they are whole, it is cut; between, where they are halves, rounded.

    Examples
    --------
    >>> counts(np.array([0.04, 4.97, 12.0, 12.5, 1234.4])), counts(2.25), counts(np.nan)
    ([0, 4.9, 12, 13, 1234], 2.2, None)
    >>> from dispersal.forecast.wording import number
    >>> all(number(counts(n)) == number(n) for n in np.arange(0.0, 2100.0, 0.13))
    True
    """
    array = np.asarray(values, dtype=np.float64)
    small = np.floor(array * 10 + _SLACK) / 10
    whole = np.floor(array + np.where(array < 200, 0.5, 0.0) + _SLACK)
    return _plain(np.where(np.abs(array) < 10, small, whole))


def shares(values: Any, digits: int = 4) -> Any:
    """Return shares and chances as plain numbers, cut to some decimals.

    What is over 99 % is rounded up, so that it stays there.

    Examples
    --------
    >>> shares(np.array([0.0, 2 / 3, 1.0])), shares(0.5), shares(0.99999)
    ([0, 0.6666, 1], 0.5, 1)
    """
    array = np.asarray(values, dtype=np.float64) * 10**digits
    near_all = array > 0.99 * 10**digits
    whole = np.where(near_all, np.ceil(array - _SLACK), np.floor(array + _SLACK))
    return _plain(np.round(whole / 10**digits, digits))


def measure(value: Any, digits: int = 4) -> float | None:
    """Return a score or a parameter's value to some significant digits, None if there is none.

    Examples
    --------
    >>> measure(0.123456), measure(float("nan")), measure(123456.0), measure(2.0)
    (0.1235, None, 123500, 2)
    """
    if value is None or not np.isfinite(value):
        return None
    rounded = float(f"{float(value):.{digits}g}")
    return int(rounded) if rounded.is_integer() else rounded


def packed(records: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> dict[str, Any]:
    """Return records as a table, in which the names of the columns stand once.

    Examples
    --------
    >>> packed([{"a": 1, "b": 2}, {"a": 3, "b": 4}], ("a", "b"))
    {'columns': ['a', 'b'], 'rows': [[1, 2], [3, 4]]}
    """
    rows = [[record[column] for column in columns] for record in records]
    return {"columns": list(columns), "rows": rows}


def _plain(array: NDArray[np.float64]) -> Any:
    """Return plain numbers: whole ones without a point, None for what is not finite."""
    values: list[float | None]
    if np.isfinite(array).all() and (array == np.floor(array)).all():
        values = list(array.ravel().astype(np.int64).tolist())
    else:
        values = [
            (int(value) if value.is_integer() else value) if math.isfinite(value) else None
            for value in array.ravel().tolist()
        ]
    if array.ndim > 1:
        width = array.shape[-1]
        return [values[at : at + width] for at in range(0, len(values), width)]
    return values if array.ndim else values[0]
