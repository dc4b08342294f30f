"""One table over several cases: each forecast as on the day of its question, and scored."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from dispersal.case import Case, builtin_cases, load_case
from dispersal.errors import InputError
from dispersal.forecast.make import forecast
from dispersal.forecast.plain import plain_rows
from dispersal.forecast.store import require_free
from dispersal.inference.fit import fit
from dispersal.record.outcomes import COLUMNS, OutcomeScores, score_outcomes
from dispersal.record.scores import Scores, score

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

#: Draws of each forecast, unless asked for otherwise.
DRAWS: Final = 1_000


@dataclass(frozen=True, eq=False)
class CaseRecord:
    """A case's forecast, as on the day of its question, next to what came after.

    Parameters
    ----------
    case : Case
    scores : Scores
        Of the figures of its home countries.
    outcomes : OutcomeScores
        Of the group as a whole, and of places and hosts.
    warnings : tuple of str
        What is wrong with the fit, in words.
    seconds : float
        Of the fit and the simulation together.
    provenance : dict
        Case hash, cut-off, seed, versions and timings.
    """

    case: Case
    scores: Scores
    outcomes: OutcomeScores
    warnings: tuple[str, ...]
    seconds: float
    provenance: dict[str, Any]

    def line(self) -> dict[str, object]:
        """Return the case's line of the table."""
        figures, outcomes = self.scores.rows, self.outcomes.rows
        modes = self.case.end.modes
        return {
            "case": self.case.name,
            "mode": max(modes, key=lambda mode: modes[mode]),
            "cutoff": self.case.asked_on,
            "seconds": self.seconds,
            "figures": len(figures),
            "figures_inside80": figures["inside80"].mean() if len(figures) else float("nan"),
            "figures_inside95": figures["inside95"].mean() if len(figures) else float("nan"),
            "crps": figures["crps"].mean() if len(figures) else float("nan"),
            "outcomes": len(outcomes),
            "outcomes_inside80": int(outcomes["inside80"].sum()) if len(outcomes) else 0,
            "outcomes_inside95": int(outcomes["inside95"].sum()) if len(outcomes) else 0,
        }


@dataclass(frozen=True, eq=False)
class AcrossCases:
    """The record of several cases.

    Parameters
    ----------
    records : tuple of CaseRecord
    """

    records: tuple[CaseRecord, ...]

    @property
    def table(self) -> pd.DataFrame:
        """A line a case: see :meth:`CaseRecord.line`."""
        return pd.DataFrame([record.line() for record in self.records])

    @property
    def outcomes(self) -> pd.DataFrame:
        """Every outcome that was scored, with its case: see :class:`OutcomeScores`."""
        parts = [
            record.outcomes.rows.assign(case=record.case.name)
            for record in self.records
            if len(record.outcomes.rows)
        ]
        columns = ["case", *COLUMNS]
        return (
            pd.concat(parts, ignore_index=True)[columns]
            if parts
            else pd.DataFrame([], columns=columns)
        )

    @property
    def misses(self) -> pd.DataFrame:
        """The outcomes outside their 95 % intervals."""
        return self.outcomes[~self.outcomes["inside95"].astype(bool)]

    def record(self) -> dict[str, Any]:
        """Return everything as plain data, ready for JSON."""
        return {
            "cases": plain_rows(self.table),
            "outcomes": plain_rows(self.outcomes),
            "left_out": {
                record.case.name: {
                    reason: list(names) for reason, names in record.outcomes.left_out.items()
                }
                for record in self.records
            },
            "warnings": {record.case.name: list(record.warnings) for record in self.records},
            "provenance": [record.provenance for record in self.records],
        }

    def save(self, folder: str | Path) -> Path:
        """Write cases.csv and outcomes.csv to a new or empty folder.

        Raises
        ------
        InputError
            If anything is in the folder already.
        """
        path = require_free(folder)
        path.mkdir(parents=True, exist_ok=True)
        for name, table in (("cases", self.table), ("outcomes", self.outcomes)):
            table.to_csv(path / f"{name}.csv", index=False, lineterminator="\n")
        return path


def backtest_all(
    cases: Sequence[Case | str] | None = None,
    *,
    draws: int = DRAWS,
    seed: int = 1,
    progress: Callable[[str], Callable[[int, int], None]] | None = None,
    fit_settings: Mapping[str, Any] | None = None,
) -> AcrossCases:
    """Forecast every case as on the day of its question, and score it on what came after.

    Parameters
    ----------
    cases : sequence of Case or str, optional
        Default: all built-in cases.
    draws, seed : int
        Of each forecast.
    progress : callable, optional
        Called with the name of a step; returns what is called with (done, in all).
    fit_settings : mapping, optional
        As for :func:`dispersal.inference.fit.fit`. A fit whose diagnostics fall short is told of in
        ``warnings`` and scored all the same, unless ``require``.

    Raises
    ------
    CaseError
        If a case cannot be read.
    InputError
        If a case stands twice, or there is none.
    InferenceError
        If a fit falls short and ``require`` is not false.
    """
    given = builtin_cases() if cases is None else cases
    chosen = [load_case(case) if isinstance(case, str) else case for case in given]
    names = [case.name for case in chosen]
    if len(set(names)) < len(names) or not names:
        raise InputError(f"found the cases {', '.join(names) or 'none'}, expected each once")
    step = progress or (lambda _: _silent)
    settings = {"require": False, **(fit_settings or {})}
    records = []
    for case in chosen:
        began = time.perf_counter()
        posterior = fit(case, seed=seed, progress=step(f"fitting {case.name}"), **settings)
        shown = step(f"simulating {case.name}")
        found = forecast(posterior, draws=draws, seed=seed, progress=shown)
        seconds = time.perf_counter() - began
        diagnostics = posterior.diagnostics
        records.append(
            CaseRecord(
                case,
                score(found, case),
                score_outcomes(found, case.ledger),
                (*diagnostics.problems(), *diagnostics.warnings()),
                seconds,
                found.provenance.record(),
            )
        )
    return AcrossCases(tuple(records))


def _silent(_done: int, _total: int) -> None:
    """Report nothing."""
