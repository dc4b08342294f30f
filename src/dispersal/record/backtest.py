"""Forecasts of the past: fitted on what was published by a day, scored on what came after."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from dispersal.case import Case, load_case
from dispersal.case.asking import Day, day_of
from dispersal.errors import InputError
from dispersal.forecast.make import check_settings, forecast
from dispersal.forecast.plain import plain_rows
from dispersal.forecast.store import require_free
from dispersal.inference.fit import fit
from dispersal.inference.kept import fits_in_batches
from dispersal.record.baselines.learn import BASELINES
from dispersal.record.past import past_shares
from dispersal.record.scores import Scores, score
from dispersal.record.summary import skills, summarise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from dispersal.inference.diagnostics import Diagnostics
    from dispersal.inference.posterior import Posterior


#: Draws of each forecast, unless asked for otherwise.
DRAWS: Final = 1_000


@dataclass(frozen=True)
class Backtest:
    """Forecasts of one case as known on several days, against what was published later.

    Parameters
    ----------
    case : Case
    scores : dict of date to Scores
        By cut-off.
    diagnostics : dict of date to Diagnostics
        Of each fit: see :meth:`warnings`.
    provenance : dict of date to dict
        Case hash, cut-off, seed, versions and timings of each forecast.
    """

    case: Case
    scores: Mapping[dt.date, Scores]
    diagnostics: Mapping[dt.date, Diagnostics]
    provenance: Mapping[dt.date, dict[str, Any]]

    @property
    def rows(self) -> pd.DataFrame:
        """Every scored figure of every cut-off, largest misses first; see ``Scores.rows``."""
        parts = [scores.rows for scores in self.scores.values()]
        rows = pd.concat(parts, ignore_index=True)
        order = ["crps", "cutoff", "figure_id"]
        return rows.sort_values(order, ascending=[False, True, True], ignore_index=True)

    def warnings(self) -> dict[dt.date, list[str]]:
        """Return what is wrong with the fit of each cut-off, in words."""
        return {
            day: [*found.problems(), *found.warnings()] for day, found in self.diagnostics.items()
        }

    def summary(self, by: Sequence[str] = ("cutoff", "quantity")) -> pd.DataFrame:
        """Return means with standard errors: see :func:`dispersal.record.summary.summarise`."""
        return summarise(self.rows, by)

    def skills(
        self, by: Sequence[str] = ("cutoff", "quantity"), measure: str = "crps"
    ) -> pd.DataFrame:
        """Return the forecast next to every baseline: see ``dispersal.record.summary.skills``."""
        return skills(self.rows, by, measure)

    def averaged(self, measure: str = "crps") -> pd.DataFrame:
        """Return the mean over the cut-offs, each weighted equally, by quantity and baseline.

        Columns ``quantity``, ``baseline``, ``cutoffs``, ``forecast`` and ``score`` (means over
        cut-offs), ``skill`` (1 − forecast / score) and ``best``: of the baselines that speak at
        every cut-off the one with the lowest mean.
        """
        return averaged(self.skills(measure=measure))

    def record(self) -> dict[str, Any]:
        """Return the backtest as plain data, ready for JSON."""
        return {
            "case": self.case.name,
            "cutoffs": [
                {
                    **self.provenance[day],
                    "warnings": self.warnings()[day],
                    **scores.record(),
                }
                for day, scores in self.scores.items()
            ],
            "averaged": plain_rows(self.averaged()),
        }

    def save(self, folder: str | Path) -> Path:
        """Write rows.csv, summary.csv, skills.csv, averaged.csv and backtest.json.

        Raises
        ------
        InputError
            If anything is in the folder already.
        """
        path = require_free(folder)
        path.mkdir(parents=True, exist_ok=True)
        tables = {
            "rows": self.rows,
            "summary": self.summary().reset_index(),
            "skills": self.skills(),
            "averaged": self.averaged(),
        }
        for name, table in tables.items():
            table.to_csv(path / f"{name}.csv", index=False, lineterminator="\n")
        record = json.dumps(self.record(), indent=1, ensure_ascii=False)
        (path / "backtest.json").write_text(record + "\n", encoding="utf-8")
        return path


def backtest(
    case: Case | str | Path,
    as_known_on: Day | Sequence[Day] | None = None,
    *,
    until: Day | None = None,
    draws: int = DRAWS,
    seed: int = 1,
    reference: bool = True,
    progress: Callable[[str], Callable[[int, int], None]] | None = None,
    fit_settings: Mapping[str, Any] | None = None,
    scheduler: str | None = None,
    batches: str | Path | None = None,
) -> Backtest:
    """Forecast a case as known on one or more days and score each on what came after.

    Parameters
    ----------
    case : Case, str or Path
        A case, the name of a built-in case, or a folder; its own ledger holds the later figures.
    as_known_on : day or sequence of days, optional
        The cut-offs; default: the day the question was asked.
    until : day
        Figures that speak of later days are left out; default: the end of the case's period.
    draws, seed : int
        Of each forecast.
    reference : bool
        Whether the reference class, as known on each cut-off, is among the baselines.
    progress : callable, optional
        Called with the name of a step; returns what is called with (done, in all).
    fit_settings : mapping, optional
        As for :func:`dispersal.inference.fit.fit`: ``chains``, ``warmup``, ``draws``,
        ``blocks``, ``workers``, ``require``. A fit whose diagnostics fall short is told of in
        ``warnings`` and scored all the same, unless ``require``.
    scheduler : str, optional
        Where fits run, each a batch (docs/scale.md); default: in this process, one by one.
    batches : str or Path, optional
        Folder that keeps the fits, so that a backtest that was broken off goes on; with a
        scheduler it is needed.

    Returns
    -------
    Backtest

    Raises
    ------
    CaseError
        If the case cannot be read.
    InputError
        If a cut-off is out of range or stands twice, or batches cannot be used.
    InferenceError
        If a fit falls short and ``require`` is not false.
    """
    read = case if isinstance(case, Case) else load_case(case)
    days = _cutoffs(read, as_known_on)
    for day in days:
        check_settings(read, day, None, draws, seed)
    scores: dict[dt.date, Scores] = {}
    diagnostics: dict[dt.date, Diagnostics] = {}
    provenance: dict[dt.date, dict[str, Any]] = {}
    step = progress or (lambda _: _silent)
    settings = {"require": False, **(fit_settings or {})}

    def fits() -> Iterator[tuple[dt.date, Posterior]]:
        if batches is None and scheduler is None:
            for day in days:
                shown = step(f"fitting {day}")
                yield day, fit(read, as_known_on=day, seed=seed, progress=shown, **settings)
            return
        if batches is None:
            raise InputError("found a scheduler without a folder, expected one for the fits")
        yield from fits_in_batches(
            read,
            days,
            seed=seed,
            folder=batches,
            scheduler=scheduler,
            settings=settings,
            progress=step("fitting"),
        )

    for day, posterior in fits():
        found = forecast(posterior, draws=draws, seed=seed, progress=step(f"simulating {day}"))
        shares = past_shares(read.as_known_on(day), day, seed=seed) if reference else None
        scores[day] = score(found, read, until, shares)
        diagnostics[day] = posterior.diagnostics
        provenance[day] = found.provenance.record()
    return Backtest(
        read,
        {day: scores[day] for day in days},
        {day: diagnostics[day] for day in days},
        {day: provenance[day] for day in days},
    )


def averaged(table: pd.DataFrame) -> pd.DataFrame:
    """Return the mean over cut-offs of a table of skills: see :meth:`Backtest.averaged`.

    Where several baselines are the same, as one is the fall-back of the other, the first is best.
    """
    order = list(BASELINES)
    table = table[table["everywhere"].astype(bool)]
    keys = ["quantity", "baseline"]
    found = table.groupby(keys)[["forecast", "score"]].mean()
    found["cutoffs"] = table.groupby(keys)["cutoff"].nunique()
    found["skill"] = 1.0 - found["forecast"] / found["score"]
    found = found.reset_index()
    found["place"] = found["baseline"].map(order.index)
    found = found.sort_values(["quantity", "place"], ignore_index=True).drop(columns="place")
    whole = found["cutoffs"] == found.groupby("quantity")["cutoffs"].transform("max")
    best = found["score"].where(whole).groupby(found["quantity"]).idxmin()
    return found.assign(best=found.index.isin(best))


def _cutoffs(case: Case, as_known_on: Day | Sequence[Day] | None) -> tuple[dt.date, ...]:
    given: Iterable[Day]
    if as_known_on is None:
        given = (case.asked_on,)
    else:
        given = (as_known_on,) if isinstance(as_known_on, (str, dt.date)) else as_known_on
    days = tuple(day_of(day) for day in given)
    twice = sorted({day for day in days if days.count(day) > 1})
    if twice or not days:
        found = f"the cut-off {twice[0]} twice" if twice else "no cut-off"
        raise InputError(f"found {found}, expected one or more different days")
    return tuple(sorted(days))


def _silent(_done: int, _total: int) -> None:
    """Report nothing."""
