"""Leave one source out: how far what the evidence says in sum hangs on any one publication."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from arviz_stats.base import array_stats

from dispersal.errors import InputError
from dispersal.forecast.plain import plain_rows
from dispersal.record.checks.publishers import publisher_class
from dispersal.record.checks.refit import Refits, Steps
from dispersal.record.checks.rows import TOTALS, rows_of_evidence, totals_expected

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from dispersal.case import Case
    from dispersal.case.asking import Day
    from dispersal.inference.posterior import Posterior


@dataclass(frozen=True, eq=False)
class SourcesLeftOut:
    """Totals over foreign origins at the cut-off, without one source at a time.

    Parameters
    ----------
    table : DataFrame
        One source a row, largest effect first: ``source``, ``publisher`` (its class), ``rows``
        (in the likelihood), ``effect`` (largest shift in size), and for returned, killed and
        remaining ``shift_returned`` … (of the mean of log(1 + total), in standard deviations of
        the fit with all rows), ``noise_returned`` … (its standard error from the chains'
        effective sizes) and ``width_returned`` … (relative change of the standard deviation).
    totals : DataFrame
        Index: total; ``p10``, ``p50``, ``p90`` with all rows, persons.
    problems : dict of str to list of str
        What the diagnostics say against each fit.
    cutoff : datetime.date
    """

    table: pd.DataFrame
    totals: pd.DataFrame
    problems: dict[str, list[str]]
    cutoff: dt.date

    def record(self) -> dict[str, Any]:
        """Return the check as plain data, ready for JSON."""
        return {
            "cutoff": self.cutoff.isoformat(),
            "problems": self.problems,
            "totals": plain_rows(self.totals.reset_index()),
            "sources": plain_rows(self.table),
        }


def leave_sources_out(
    case: Case,
    *,
    as_known_on: Day | None = None,
    sources: int = 5,
    seed: int = 1,
    posterior: Posterior | None = None,
    fit_settings: Mapping[str, Any] | None = None,
    progress: Steps | None = None,
) -> SourcesLeftOut:
    """Fit a case anew without each of the sources with most rows, one at a time.

    Parameters
    ----------
    case : Case
    as_known_on : day, optional
        The cut-off; default: the day the question was asked.
    sources : int
        How many; of equally many rows the first in the alphabet.
    seed : int
    posterior : Posterior, optional
        The fit of all rows as known on the cut-off, if there is one already.
    fit_settings, progress
        As for :func:`dispersal.record.checks.folds.leave_countries_out`.

    Raises
    ------
    InputError
        If fewer than one source is asked for, or the evidence has fewer than two,
        or ``posterior`` is of another case or another day.
    """
    if sources < 1:
        raise InputError(f"found {sources} sources, expected 1 or more")
    fits = Refits.of(case, as_known_on, seed, fit_settings, progress)
    full = fits.whole(posterior)
    ledger = fits.case.ledger
    counts = rows_of_evidence(ledger, full.observations)["source"].value_counts()
    if len(counts) < 2:
        raise InputError(
            f"found evidence of {len(counts)} sources, expected two or more: without the only one "
            "nothing is left"
        )
    names = sorted(counts.index, key=lambda name: (-int(counts[name]), str(name)))[:sources]
    before = totals_expected(full)
    rows: list[dict[str, Any]] = []
    for name in names:
        all_rows = ledger.query()
        gone = list(all_rows.loc[all_rows["source"] == name, "figure_id"])
        after = totals_expected(fits.without(f"without {name}", gone))
        moved = {
            key: value
            for total in TOTALS
            for key, value in moves(total, before[total], after[total]).items()
        }
        rows.append(
            {
                "source": name,
                "publisher": publisher_class(ledger.source(name)),
                "rows": int(counts[name]),
                "effect": max(abs(moved[f"shift_{total}"]) for total in TOTALS),
                **moved,
            }
        )
    table = pd.DataFrame(rows).sort_values(
        ["effect", "source"], ascending=[False, True], ignore_index=True
    )
    quantiles = {total: np.quantile(before[total], [0.1, 0.5, 0.9]) for total in TOTALS}
    totals = pd.DataFrame.from_dict(quantiles, orient="index", columns=["p10", "p50", "p90"])
    return SourcesLeftOut(table, totals.rename_axis("total"), fits.problems, fits.cutoff)


def moves(name: str, before: NDArray[np.float64], after: NDArray[np.float64]) -> dict[str, float]:
    """Return how far a total moves, in standard deviations, named as in the table.

    Parameters
    ----------
    name : str
    before, after : float array, shape (chains, draws)
        Persons.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> before = np.exp(rng.normal(9.0, 0.1, (4, 500)))
    >>> found = moves("returned", before, before * np.exp(0.2))
    >>> round(found["shift_returned"], 1), round(found["noise_returned"], 2)
    (2.0, 0.03)
    """
    logs = np.log1p(before), np.log1p(after)
    deviations = [float(values.std()) for values in logs]
    errors = [
        deviation**2 / float(array_stats.ess(values, chain_axis=0, draw_axis=1, method="mean"))
        for values, deviation in zip(logs, deviations, strict=True)
    ]
    return {
        f"shift_{name}": float((logs[1].mean() - logs[0].mean()) / deviations[0]),
        f"noise_{name}": float(np.sqrt(sum(errors)) / deviations[0]),
        f"width_{name}": deviations[1] / deviations[0] - 1.0,
    }
