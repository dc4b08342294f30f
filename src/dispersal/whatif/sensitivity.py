"""Which inputs the forecast is sensitive to: Sobol indices, and how far each input moves it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import qmc, rankdata

from dispersal.batches import one_client
from dispersal.errors import InputError
from dispersal.forecast.provenance import versions
from dispersal.forecast.tables import spread_of
from dispersal.whatif.ahead import day_ahead
from dispersal.whatif.runs import posterior_of
from dispersal.whatif.sensitivity_inputs import FITTED, Input, Inputs
from dispersal.whatif.sensitivity_outputs import evaluate, past_of, read_output
from dispersal.whatif.sobol import Indices, main_effect, sobol_indices, sobol_points

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from dispersal.case import Case
    from dispersal.case.asking import Day
    from dispersal.inference.posterior import Posterior

FloatArray = NDArray[np.float64]

#: Points at which inputs are first looked at, to choose those that are told one by one.
SCREENED: Final = 1024

#: Inputs told one by one; the others are one input, ``REST``.
TOLD: Final = 16
REST: Final = "all other inputs"


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Sobol indices of some outputs.

    Parameters
    ----------
    case : str
    case_hash : str
    cutoff, date : datetime.date
    seed : int
    evaluations : int
        Points at which the forecast was worked out.
    inputs : tuple of Input
        All of them, told one by one or not.
    indices : dict of str to Indices
        By output.
    groups : tuple of str
        The input or group of inputs that each input is told as.
    points : float array, shape (points, inputs)
        Of the indices.
    values : dict of str to float array, shape (points,)
        Each output's values there.
    """

    case: str
    case_hash: str
    cutoff: dt.date
    date: dt.date
    seed: int
    evaluations: int
    inputs: tuple[Input, ...]
    indices: dict[str, Indices]
    groups: tuple[str, ...] = field(repr=False)
    points: FloatArray = field(repr=False)
    values: dict[str, FloatArray] = field(repr=False)

    def table(self, output: str | None = None) -> pd.DataFrame:
        """Return the inputs of an output, the one with the largest total index first.

        Parameters
        ----------
        output : str, optional
            Default: the first that was asked for.

        Returns
        -------
        pandas.DataFrame
            Index: input; columns ``kind``, ``meaning``, ``unit``, ``first``, ``first_low``,
            ``first_high``, ``total``, ``total_low``, ``total_high`` (90 % intervals); ``p10`` and
            ``p90``, the ends of the input's 80 % range; ``low`` and ``high``, the output's mean
            with the input there and all others wherever they may be, persons (for what was
            fitted: with few and with many in the first output's fate at the cut-off).
        """
        name = output or next(iter(self.indices))
        found = self.indices[name]
        known = {one.name: one for one in self.inputs}
        column = {one.name: at for at, one in enumerate(self.inputs)}
        rows = {}
        for at, label in enumerate(found.names):
            one = known.get(label, Input(label, label, "", "rest", None, None))
            ends: list[float | None] = [None, None]
            if label in column:
                ends = [
                    *main_effect(self.points, self.values[name], self.groups, label, column[label])
                ]
            rows[label] = {
                "kind": one.kind,
                "meaning": one.meaning,
                "unit": one.unit,
                **_interval("first", found.first[at], found.first_half[at]),
                **_interval("total", found.total[at], found.total_half[at]),
                "p10": one.p10,
                "p90": one.p90,
                "low": ends[0],
                "high": ends[1],
            }
        table = pd.DataFrame.from_dict(rows, orient="index")
        return table.sort_values("total", ascending=False)

    def record(self) -> dict[str, Any]:
        """Return the indices as plain data: see docs/sensitivity.md."""
        return {
            "kind": "sensitivity",
            "case": self.case,
            "case_hash": self.case_hash,
            "cutoff": self.cutoff.isoformat(),
            "seed": self.seed,
            "draws": self.evaluations,
            "versions": versions(),
            "date": self.date.isoformat(),
            "outputs": [self._recorded(name) for name in self.indices],
        }

    def _recorded(self, output: str) -> dict[str, Any]:
        rows = [
            {
                "input": str(name),
                **{
                    key: None
                    if isinstance(value, float) and np.isnan(value)
                    else (float(f"{value:.5g}") if isinstance(value, float) else value)
                    for key, value in row.items()
                },
            }
            for name, row in self.table(output).to_dict("index").items()
        ]
        return {"output": output, **spread_of(self.values[output]), "inputs": rows}


def sensitivity(
    asked: Posterior | Case | str | Path,
    outputs: Sequence[str] = ("returned_total",),
    *,
    date: Day | None = None,
    base: int = 256,
    told: int = TOLD,
    seed: int = 1,
    as_known_on: Day | None = None,
    threads: int | None = None,
    fitting: Callable[[int, int], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
    scheduler: str | None = None,
    batches: str | Path | None = None,
) -> Sensitivity:
    """Return which inputs some outputs of a forecast are sensitive to.

    The outputs are expected counts: what chance makes of single members is left out. The inputs
    are independent: each parameter of the forecast, the end, the policies within their ranges,
    how hazards wander, and, as one, everything that the evidence fitted. A first look picks the
    inputs that are told one by one; the others are taken together, so that nothing is left out.

    Parameters
    ----------
    asked : Posterior, Case, str or Path
        As for :func:`dispersal.compare`.
    outputs : sequence of str
        See :func:`dispersal.whatif.sensitivity_outputs.read_output`.
    date : str, date or time stamp, optional
        Default: the last day of the period.
    base : int
        A power of two; the forecast is worked out at ``base`` · (``told`` + 3) points.
    told : int
        Inputs told one by one, at most.
    seed : int
    as_known_on, threads
        As for :func:`dispersal.fit`.
    fitting, progress : callable, optional
        Called with (done, in all).
    scheduler : str, optional
        Where points are worked out (docs/scale.md); default: in this process.
    batches : str or Path, optional
        Folder that keeps what batches give; with a scheduler it is needed.

    Raises
    ------
    InputError
        For an unknown output, a bad day, or a ``base`` that is no power of two.

    References
    ----------
    .. [1] Saltelli and others (2010), Variance based sensitivity analysis of model output.
       Computer Physics Communications 181, 259-270.
    """
    if base < 2 or base & (base - 1):
        raise InputError(f"found {base} base points, expected a power of two, such as 256")
    posterior = posterior_of(
        asked, as_known_on=as_known_on, seed=seed, workers=threads, progress=fitting
    )
    design = posterior.design
    wanted = [read_output(name, design.case) for name in dict.fromkeys(outputs)]
    inputs = Inputs(posterior, design.case.period.until, seed, past_of(wanted[0]))
    when, position = day_ahead(design, inputs.until, date)
    names = [one.name for one in inputs.listed]
    first = qmc.Sobol(len(names), rng=seed).random(SCREENED)
    done = 0
    every = len(first) + base * (min(told, len(names)) + 2 + (told < len(names)))

    def report(now: int, _: int) -> None:
        if progress is not None:
            progress(done + now, every)

    how: dict[str, Any] = {"threads": threads, "progress": report}
    how |= {"scheduler": scheduler, "batches": batches}
    with one_client():  # for both
        at_first = evaluate(inputs, first, wanted, position, kind="look", **how)
        done = len(first)
        chosen = screened(first, at_first, names, told)
        groups = [name if name in chosen else REST for name in names]
        points = sobol_points(names, groups, base, seed)
        values = evaluate(inputs, points, wanted, position, **how)
    columns = {output.name: at for at, output in enumerate(wanted)}
    return Sensitivity(
        case=design.case.name,
        case_hash=design.case.content_hash,
        cutoff=design.cutoff,
        date=when,
        seed=seed,
        evaluations=len(first) + len(points),
        inputs=inputs.listed,
        indices={
            name: sobol_indices(values[:, at], names, groups, seed) for name, at in columns.items()
        },
        groups=tuple(groups),
        points=points,
        values={name: values[:, at] for name, at in columns.items()},
    )


def screened(points: FloatArray, values: FloatArray, names: Sequence[str], told: int) -> set[str]:
    """Return the inputs that move some output most by a regression on ranks, and what was fitted.

    Parameters
    ----------
    points : float array, shape (n, d)
    values : float array, shape (n, K)
    names : sequence of str, length d
    told : int
        How many.

    Examples
    --------
    >>> x = np.random.default_rng(1).random((50, 3))
    >>> sorted(screened(x, x[:, [1]], ["a", "b", "c"], 1))
    ['b']
    """
    ranks, of_values = rankdata(points, axis=0), rankdata(values, axis=0)
    ranks = (ranks - ranks.mean(axis=0)) / ranks.std(axis=0)
    slopes = np.linalg.lstsq(ranks, of_values - of_values.mean(axis=0), rcond=None)[0]
    strength = (np.abs(slopes) / np.maximum(of_values.std(axis=0), 1e-12)).max(axis=1)
    if FITTED in names:
        strength[list(names).index(FITTED)] = np.inf
    return {names[at] for at in np.argsort(-strength, kind="stable")[:told]}


def _interval(name: str, value: float, half: float) -> dict[str, float]:
    return {
        name: float(value),
        f"{name}_low": float(value - half),
        f"{name}_high": float(value + half),
    }
