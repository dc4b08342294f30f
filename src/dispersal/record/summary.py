"""Means over countries with their standard errors, and skill against every baseline.

Pure functions of a table of scored figures, such as ``Scores.rows`` or several of them one below
the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dispersal.record.baselines.learn import BASELINES
from dispersal.record.row import INTERVALS, MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FloatArray = NDArray[np.float64]

#: Resamples of the countries.
RESAMPLES: Final = 2_000

#: Ends of the interval of a skill: 90 %.
ENDS: Final = (0.05, 0.95)

_SKILL: Final = (
    "baseline", "rows", "origins", "own_rows", "everywhere", "forecast", "score", "score_se",
    "difference", "difference_se", "skill", "skill_se", "skill_low", "skill_high",
    "skill_by_size", "skill_median", "best",
)  # fmt: skip


def resampled(size: int, resamples: int, seed: int) -> NDArray[np.int64]:
    """Return bootstrap samples of ``size`` countries, shape (resamples, size)."""
    return np.random.default_rng(seed).integers(size, size=(resamples, size))


def summarise(
    rows: pd.DataFrame,
    by: Sequence[str] = ("quantity",),
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the forecast's mean scores, three ways, each with its standard error.

    A country's score is the mean over its figures. Countries are then weighted equally
    (``crps``), by how many departed (``crps_by_size``), or the median country is taken
    (``crps_median``). Standard errors come from resampling countries with replacement [1]_,
    since the figures of one country err together; with a single country they are NaN.

    Parameters
    ----------
    rows : pandas.DataFrame
        Scored figures: the columns of ``MEASURES`` and ``INTERVALS``, ``origin``, ``departed`` and
        those of ``by``.
    by : sequence of str
        Columns to group by; none gives one line for all.
    resamples, seed : int

    Returns
    -------
    pandas.DataFrame
        A line a group: ``rows``, ``origins``; for each measure ``<m>``, ``<m>_se``,
        ``<m>_by_size``, ``<m>_by_size_se``, ``<m>_median``, ``<m>_median_se``; ``covers50`` …
        (share of figures inside) and ``covers50_se`` ….

    References
    ----------
    .. [1] Efron and Tibshirani (1993), An introduction to the bootstrap, chapter 8.
    """
    lines = {key: _line(part, resamples, seed) for key, part in groups(rows, by)}
    return _table(lines, by)


def skills(
    rows: pd.DataFrame,
    by: Sequence[str] = ("quantity",),
    measure: str = "crps",
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the forecast next to every baseline, on the rows of which that baseline speaks.

    Parameters
    ----------
    rows : pandas.DataFrame
        Scored figures, with the columns ``<measure>_<baseline>`` and ``rule_<baseline>``; or
        ``Scores.fates``.
    by : sequence of str
        Columns to group by.
    measure : str
        One of ``MEASURES``, or ``energy`` of fates. Of log scores the skill is NaN, as they have
        no zero: see ``difference``.
    resamples, seed : int

    Returns
    -------
    pandas.DataFrame
        A line for each group and baseline: ``baseline``; ``rows`` and ``origins`` compared;
        ``own_rows`` on which its own rule spoke and not its fall-back; ``everywhere``, whether it
        speaks of every row that any baseline speaks of; means, countries weighted equally, of the
        ``forecast`` and of the baseline (``score``), their ``difference`` (baseline less
        forecast: above 0 the forecast is better); ``skill``, 1 − forecast / baseline, its 90 %
        interval ``skill_low`` to ``skill_high`` from resampled countries, and the same by size
        and of the medians; ``best``, whether it is the lowest of those that speak everywhere.
    """
    pieces = []
    for key, part in groups(rows, by):
        names = [name for name in BASELINES if f"{measure}_{name}" in part]
        spoken = part[[f"{measure}_{name}" for name in names]].notna()
        any_spoken = int(spoken.any(axis=1).sum())
        lines = []
        for name in names:
            there = part[spoken[f"{measure}_{name}"]]
            if len(there):
                line = {"baseline": name, **_skill_line(there, measure, name, resamples, seed)}
                lines.append(line | {"everywhere": len(there) == any_spoken})
        heard = [line for line in lines if line["everywhere"]]
        lowest = min(heard, key=lambda line: float(line["score"]))["baseline"] if heard else ""
        given = dict(zip(by, key, strict=True))
        pieces += [given | line | {"best": line["baseline"] == lowest} for line in lines]
    return pd.DataFrame(pieces, columns=[*by, *_SKILL])


def groups(rows: pd.DataFrame, by: Sequence[str]) -> Iterator[tuple[tuple[Any, ...], pd.DataFrame]]:
    """Yield the key and the rows of each group; without columns all rows under an empty key."""
    if not by:
        if len(rows):
            yield (), rows
        return
    yield from rows.groupby(list(by), sort=True, observed=True)


def _table(lines: dict[tuple[Any, ...], dict[str, float]], by: Sequence[str]) -> pd.DataFrame:
    table = pd.DataFrame(list(lines.values()))
    if by and lines:
        keys = list(lines)
        table.index = (
            pd.Index([key[0] for key in keys], name=by[0])
            if len(by) == 1
            else pd.MultiIndex.from_tuples(keys, names=list(by))
        )
    return table


def _line(rows: pd.DataFrame, resamples: int, seed: int) -> dict[str, float]:
    means, size = by_country(rows, MEASURES)
    drawn = resampled(size.size, resamples, seed)
    found: dict[str, float] = {"rows": len(rows), "origins": size.size}
    equal, weighted, median = averages(means, size)
    many_equal, many_weighted, many_median = averages(means[drawn], size[drawn])
    for at, name in enumerate(MEASURES):
        for suffix, one, many in (
            ("", equal, many_equal),
            ("_by_size", weighted, many_weighted),
            ("_median", median, many_median),
        ):
            found[f"{name}{suffix}"] = float(one[at])
            found[f"{name}{suffix}_se"] = _error(many[:, at], size.size)
    grouped = rows.groupby("origin")[list(INTERVALS)]
    inside = grouped.sum().to_numpy(float)
    count = grouped.size().to_numpy(float)
    shares = inside[drawn].sum(axis=1) / count[drawn].sum(axis=1)[:, None]
    for at, name in enumerate(INTERVALS):
        column = name.replace("inside", "covers")
        found[column] = float(rows[name].mean())
        found[f"{column}_se"] = _error(shares[:, at], size.size)
    return found


def _skill_line(
    rows: pd.DataFrame, measure: str, name: str, resamples: int, seed: int
) -> dict[str, Any]:
    means, size = by_country(rows, (measure, f"{measure}_{name}"))
    drawn = resampled(size.size, resamples, seed)
    equal, weighted, median = averages(means, size)
    many, _, _ = averages(means[drawn], size[drawn], medians=False)
    ratios = _ratio(many, measure)
    # A fall-back has no rule but its own, and vectors have several.
    whole = name == "last_else_share" or f"rule_{name}" not in rows
    own = len(rows) if whole else int(rows[f"rule_{name}"].eq(BASELINES[name]).sum())
    low, high = np.quantile(ratios, ENDS) if size.size > 1 else (np.nan, np.nan)
    return {
        "rows": len(rows),
        "origins": size.size,
        "own_rows": own,
        "forecast": float(equal[0]),
        "score": float(equal[1]),
        "score_se": _error(many[:, 1], size.size),
        "difference": float(equal[1] - equal[0]),
        "difference_se": _error(many[:, 1] - many[:, 0], size.size),
        "skill": float(_ratio(equal, measure)),
        "skill_se": _error(ratios, size.size),
        "skill_low": float(low),
        "skill_high": float(high),
        "skill_by_size": float(_ratio(weighted, measure)),
        "skill_median": float(_ratio(median, measure)),
    }


def by_country(rows: pd.DataFrame, columns: Sequence[str]) -> tuple[FloatArray, FloatArray]:
    """Return the mean of columns by country, shape (C, K), and how many departed, shape (C,)."""
    grouped = rows.groupby("origin", sort=True)
    means = grouped[list(columns)].mean().to_numpy(float)
    return means, grouped["departed"].mean().to_numpy(float)


def averages(
    means: FloatArray, size: FloatArray, *, medians: bool = True
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the mean over countries, the mean weighted by size and the median.

    Parameters
    ----------
    means : float array, shape (..., C, K)
    size : float array, shape (..., C)
        Persons; if they are all 0, countries are weighted equally.

    Returns
    -------
    three float arrays, shape (..., K)

    Examples
    --------
    >>> found = averages(np.array([[1.0], [2.0], [6.0]]), np.array([3.0, 1.0, 0.0]))
    >>> [float(value[0]) for value in found]
    [3.0, 1.25, 2.0]
    """
    equal = means.mean(axis=-2)
    whole = size.sum(axis=-1, keepdims=True)
    weights = np.where(whole > 0, size / np.where(whole > 0, whole, 1.0), 1.0 / size.shape[-1])
    weighted = (means * weights[..., None]).sum(axis=-2)
    middle = np.median(means, axis=-2) if medians else equal
    return np.asarray(equal), np.asarray(weighted), np.asarray(middle)


def _ratio(pair: FloatArray, measure: str) -> FloatArray:
    """Return 1 − forecast / baseline of pairs on the last axis; NaN where it has no meaning."""
    own, other = pair[..., 0], pair[..., 1]
    meaningful = (other > 0) & (measure != "log_score")
    return np.where(meaningful, 1.0 - own / np.where(meaningful, other, 1.0), np.nan)


def _error(values: FloatArray, countries: int) -> float:
    return float(values.std(ddof=1)) if countries > 1 else float("nan")
