"""How far a forecast rests on each row of its evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from dispersal.errors import InputError
from dispersal.forecast.make import forecast
from dispersal.forecast.plain import plain, plain_rows
from dispersal.inference.extend import flat
from dispersal.inference.fit import fit
from dispersal.inference.reweigh import row_likelihoods
from dispersal.inference.weights import LARGEST_KHAT
from dispersal.whatif.information_target import Target, target_of
from dispersal.whatif.runs import open_run
from dispersal.whatif.store import head
from dispersal.whatif.update.leave import SURE, leave_out

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from dispersal.case import Case
    from dispersal.case.asking import Day
    from dispersal.forecast.forecast import Forecast
    from dispersal.inference.posterior import Posterior
    from dispersal.whatif.runs import Run

    Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Influence:
    """What each row of evidence adds to one output of a forecast.

    Parameters
    ----------
    forecast : Forecast
    target : Target
        The output.
    rows : pandas.DataFrame
        Index: row; columns ``source``, ``origin`` (or place), ``quantity``, ``low``, ``high``,
        ``as_of``, ``shift`` (persons by which the row moves the mean), ``error`` (Monte Carlo
        standard error of it), ``half_widths`` (the shift in halves of the 80 % interval),
        ``khat``, ``trusted``, and ``method``, ``weights`` or ``refit``. Trusted rows first, and
        of them the largest shift, where only what exceeds two standard errors counts.
    """

    forecast: Forecast
    target: Target
    rows: pd.DataFrame

    @property
    def doubtful(self) -> list[str]:
        """Rows of whose shift the weights do not tell enough."""
        return [str(row) for row in self.rows.index[~self.rows["trusted"]]]

    def table(self) -> pd.DataFrame:
        """Return the rows, the largest shift first."""
        return self.rows.reset_index()

    def record(self) -> dict[str, Any]:
        """Return the answer as plain data: see docs/update.md."""
        low, middle, high = np.quantile(self.target.counts[0], [0.1, 0.5, 0.9])
        numbers = {"shift": 1, "error": 1, "half_widths": 4, "khat": 3}
        return {
            **head("influence", self.forecast),
            "output": {
                "name": self.target.name,
                "words": self.target.words,
                "p10": plain(low),
                "p50": plain(middle),
                "p90": plain(high),
            },
            "doubtful": self.doubtful,
            "rows": plain_rows(self.rows.round(numbers).reset_index()),
        }


def influence(
    asked: Case | str | Path | Run,
    output: str = "returned_total",
    *,
    refit: int = 0,
    as_known_on: Day | None = None,
    draws: int = 1_000,
    seed: int = 1,
    workers: int | None = None,
    fitting: Progress | None = None,
    simulating: Progress | None = None,
) -> Influence:
    """Return how far an output of a forecast would move were each row of its evidence not there.

    Parameters
    ----------
    asked : Case, str, Path or Run
        A run, the folder of a saved one, or a case, which is forecast first.
    output : str
        ``quantity[:origin][@day]``, as ``dispersal.whatif.information_target`` reads it.
    refit : int
        Fit again without each of so many rows, those of the largest k-hat above 0.7.
    as_known_on, draws, seed, workers, fitting, simulating
        As for :func:`dispersal.whatif.runs.open_run`.

    Returns
    -------
    Influence

    Raises
    ------
    InputError
        If the run or the case cannot be read, or there is no such output.
    InferenceError
        If a fit falls short.
    """
    from dispersal.whatif.runs import Run

    run = asked
    if not isinstance(run, Run):
        run = open_run(
            run,
            as_known_on=as_known_on,
            draws=draws,
            seed=seed,
            workers=workers,
            fitting=fitting,
            simulating=simulating,
        )
    posterior, made = run.posterior, run.forecast
    target = target_of(made, output)
    if not target.single:
        raise InputError(f"found {output!r}, expected one count: a quantity of one origin or group")
    observations = posterior.observations
    chains = posterior.statistics["lp"].shape[0]
    likelihoods = row_likelihoods(flat(posterior.samples), posterior.design, observations)
    left = leave_out(likelihoods, target.counts.T, chains)
    rows = _described(posterior, observations.figure_id)
    rows = rows.assign(
        shift=left.shift[:, 0],
        error=left.error[:, 0],
        khat=left.khat,
        trusted=left.khat <= LARGEST_KHAT,
        method="weights",
    )
    worst = rows[~rows["trusted"]].sort_values("khat", ascending=False).index[:refit]
    for row in worst:
        again = _without(posterior, made, str(row), workers, fitting, simulating)
        counts = target_of(again, output).counts[0]
        rows.loc[row, "shift"] = target.counts[0].mean() - counts.mean()
        both = target.counts[0].var() / made.size + counts.var() / again.size
        rows.loc[row, "error"] = float(np.sqrt(both))
        rows.loc[row, "trusted"], rows.loc[row, "method"] = True, "refit"
    low, high = np.quantile(target.counts[0], [0.1, 0.9])
    half = (high - low) / 2
    rows.insert(
        list(rows.columns).index("khat"), "half_widths", rows["shift"] / half if half else np.nan
    )
    surely = (rows["shift"].abs() - SURE * rows["error"]).clip(lower=0.0)
    order = np.lexsort((-rows["shift"].abs(), -surely, ~rows["trusted"]))
    return Influence(made, target, rows.iloc[order])


def without_row(case: Case, row: str) -> Case:
    """Return a case without one row of its evidence."""
    ledger = case.ledger
    ledger = replace(
        ledger,
        figure_rows=tuple(one for one in ledger.figure_rows if one.figure_id != row),
        aggregate_rows=tuple(one for one in ledger.aggregate_rows if one.figure_id != row),
    )
    return replace(case, ledger=ledger)


def _without(
    posterior: Posterior,
    made: Forecast,
    row: str,
    workers: int | None,
    fitting: Progress | None,
    simulating: Progress | None,
) -> Forecast:
    """Return the forecast of a fit without a row, with the same random numbers."""
    design = posterior.design
    again = fit(
        without_row(design.case, row),
        as_known_on=design.cutoff,
        seed=posterior.seed,
        workers=workers,
        progress=fitting,
        start=posterior,
    )
    return forecast(
        again,
        made.last_day,
        made.size,
        made.ensemble.seed,
        threads=workers,
        progress=simulating,
    )


def _described(posterior: Posterior, ids: tuple[str, ...]) -> pd.DataFrame:
    rows = posterior.design.case.ledger.query().set_index("figure_id").loc[list(ids)]
    rows.index.name = "row"
    where = rows["origin"].where(rows["origin"] != "", rows["place"])
    return rows.assign(origin=where)[["source", "origin", "quantity", "low", "high", "as_of"]]
