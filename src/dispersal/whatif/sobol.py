"""Sobol indices of any function of independent inputs, with intervals (SALib)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from SALib.analyze import sobol as analyse
from SALib.sample import sobol as sampler

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FloatArray = NDArray[np.float64]

#: Width of the intervals of the indices, and resamples that they come from.
LEVEL: Final = 0.9
RESAMPLES: Final = 200

#: Degree of the curve of an input's main effect, and the quantiles at which it is told.
DEGREE: Final = 3
ENDS: Final = (0.1, 0.9)


@dataclass(frozen=True, eq=False)
class Indices:
    """Sobol indices of one output.

    Parameters
    ----------
    names : tuple of str, length d
    first, total : float array, shape (d,)
        Share of the variance that an input explains alone, and with all its interactions.
    first_half, total_half : float array, shape (d,)
        Half the width of their 90 % bootstrap intervals.
    """

    names: tuple[str, ...]
    first: FloatArray
    total: FloatArray
    first_half: FloatArray
    total_half: FloatArray


def sobol_points(names: Sequence[str], groups: Sequence[str], base: int, seed: int) -> FloatArray:
    """Return points of the unit cube for first-order and total indices of groups of inputs.

    Parameters
    ----------
    names : sequence of str, length d
        Inputs, each uniform on 0 to 1.
    groups : sequence of str, length d
        The group of each; inputs of one group are taken together.
    base : int
        A power of two, N.
    seed : int

    Returns
    -------
    float array, shape (N · (groups + 2), d)
        Scrambled Sobol points, arranged as Saltelli (2002) does.

    Examples
    --------
    >>> sobol_points(["a", "b"], ["a", "b"], 8, 1).shape
    (32, 2)
    """
    problem = _problem(names, groups)
    found = sampler.sample(problem, base, calc_second_order=False, seed=seed)
    return np.asarray(np.clip(found, 0.0, np.nextafter(1.0, 0.0)))


def sobol_indices(
    values: FloatArray, names: Sequence[str], groups: Sequence[str], seed: int
) -> Indices:
    """Return the indices of a function's values at the points of :func:`sobol_points`.

    Saltelli and others (2010) for the first order, Jansen (1999) for the total, with bootstrap
    intervals over the base points.

    Parameters
    ----------
    values : float array, shape (N · (groups + 2),)
    names, groups : sequence of str, length d
    seed : int
        Of the resampling.
    """
    labels = tuple(dict.fromkeys(groups))
    if np.ptp(values) == 0:
        nothing = np.zeros(len(labels))
        return Indices(labels, nothing, nothing, nothing, nothing)
    found = analyse.analyze(
        _problem(names, groups),
        values,
        calc_second_order=False,
        num_resamples=RESAMPLES,
        conf_level=LEVEL,
        seed=seed,
    )
    return Indices(
        labels, *(np.asarray(found[key], float) for key in ("S1", "ST", "S1_conf", "ST_conf"))
    )


def main_effect(
    points: FloatArray, values: FloatArray, groups: Sequence[str], name: str, column: int
) -> tuple[float, float]:
    """Return the mean of a function with one input at its 10 % and at its 90 % quantile.

    Each base point comes with one in which this input alone is another: a cubic in the input is
    fitted to those differences, in which all other inputs cancel but for interactions.

    Parameters
    ----------
    points : float array, shape (N · (groups + 2), d)
        Of :func:`sobol_points`.
    values : float array, shape (N · (groups + 2),)
    groups : sequence of str, length d
    name : str
        The input's group, which has no other input.
    column : int
        The input.

    Examples
    --------
    >>> x = sobol_points(["a", "b"], ["a", "b"], 64, 1)
    >>> y = 10 * x[:, 0] + 1000 * x[:, 1]
    >>> low, high = main_effect(x, y, ["a", "b"], "a", 0)
    >>> round(high - low, 6)
    8.0
    """
    labels = list(dict.fromkeys(groups))
    block, at = len(labels) + 2, 1 + labels.index(name)
    before, after = points[::block, column], points[at::block, column]
    rise = values[at::block] - values[::block]
    powers = np.arange(1, DEGREE + 1)
    basis = after[:, None] ** powers - before[:, None] ** powers
    slope = np.linalg.lstsq(basis, rise, rcond=None)[0]
    middle = float((slope / (powers + 1)).sum())  # the mean over all of the input's distribution
    ends = np.array(ENDS)[:, None] ** powers @ slope
    low, high = values.mean() + ends - middle
    return float(low), float(high)


def sobol(
    function: Callable[[FloatArray], FloatArray], names: Sequence[str], base: int, seed: int
) -> Indices:
    """Return the indices of a function of independent inputs that are uniform on 0 to 1.

    Parameters
    ----------
    function : callable
        Of points, shape (n, d); gives shape (n,).
    names : sequence of str, length d
    base : int
        A power of two.
    seed : int

    Examples
    --------
    >>> found = sobol(lambda x: 3 * x[:, 0] + x[:, 1], ["a", "b"], 1024, 1)
    >>> found.first.round(2).tolist(), found.total.round(2).tolist()
    ([0.9, 0.1], [0.9, 0.1])
    """
    return sobol_indices(function(sobol_points(names, names, base, seed)), names, names, seed)


def _problem(names: Sequence[str], groups: Sequence[str]) -> dict[str, Any]:
    problem: dict[str, Any] = {
        "num_vars": len(names),
        "names": list(names),
        "bounds": [[0.0, 1.0]] * len(names),
    }
    if list(groups) != list(names):
        problem["groups"] = list(groups)
    return problem
