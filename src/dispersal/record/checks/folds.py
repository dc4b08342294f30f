"""Leave countries out, fold by fold: the others have to tell how many returned, died, remain.

The countries of a fold keep their figures of departures and lose all others; what was published of
them up to the cut-off is then predicted and scored, next to the pooled share of the departed that
the other countries have, and next to the fit that has seen their figures. It is a check of what
countries share, made within the evidence of one day; the backtest is the check of forecasts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dispersal.errors import InputError
from dispersal.forecast.plain import plain_rows
from dispersal.inference.program import DEGREES_OF_FREEDOM
from dispersal.metrics import crps
from dispersal.record.baselines.known import known_on
from dispersal.record.baselines.pooled_share import PooledShare
from dispersal.record.baselines.spread import revisions_of
from dispersal.record.checks.predictive import INTERVALS
from dispersal.record.checks.refit import Refits, Steps, without_rows
from dispersal.record.checks.rows import rows_of_evidence, rows_predicted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from dispersal.case import Case
    from dispersal.case.asking import Day
    from dispersal.inference.posterior import Posterior

FloatArray = NDArray[np.float64]

#: What a country of the fold keeps.
KEPT: Final = frozenset({"departed", "women_departed", "minors_departed"})

#: What predicts the rows: the fit without them, the others' share, the fit with them.
METHODS: Final = ("left_out", "pooled_share", "in_fit")


@dataclass(frozen=True, eq=False)
class CountriesLeftOut:
    """Figures of countries, predicted without any of their figures but the departures.

    Parameters
    ----------
    rows : DataFrame
        One figure each: ``figure_id``, ``quantity``, ``origin``, ``fold``, ``as_of``,
        ``published`` (persons), and for each of ``METHODS`` ``p50_left_out`` … (persons),
        ``crps_left_out`` … (on log(1 + n)) and ``inside50_left_out`` … ``inside95_left_out`` …;
        NaN where no departures are known to take a share of.
    table : DataFrame
        Means by quantity (and ``all``) and method, countries weighted equally, over the rows for
        which every method speaks: ``quantity``, ``method``, ``rows``, ``origins``, ``crps``,
        ``covers50``, ``covers80``, ``covers95``, ``skill`` (1 − CRPS / that of the pooled share).
    folds : tuple of tuple of str
        Origins of each fold.
    problems : dict of str to list of str
        What the diagnostics say against each fit.
    cutoff : datetime.date
    """

    rows: pd.DataFrame
    table: pd.DataFrame
    folds: tuple[tuple[str, ...], ...]
    problems: dict[str, list[str]]
    cutoff: dt.date

    def record(self) -> dict[str, Any]:
        """Return the check as plain data, ready for JSON."""
        return {
            "cutoff": self.cutoff.isoformat(),
            "folds": [list(fold) for fold in self.folds],
            "problems": self.problems,
            "rows": len(self.rows),
            "rows_without_share": int(self.rows["crps_pooled_share"].isna().sum()),
            "table": plain_rows(self.table),
        }


def leave_countries_out(
    case: Case,
    *,
    as_known_on: Day | None = None,
    folds: int = 5,
    seed: int = 1,
    draws: int = 1_000,
    posterior: Posterior | None = None,
    fit_settings: Mapping[str, Any] | None = None,
    progress: Steps | None = None,
) -> CountriesLeftOut:
    """Fit a case anew without the outcomes of each fold of countries, and score these.

    Parameters
    ----------
    case : Case
    as_known_on : day, optional
        The cut-off; default: the day the question was asked.
    folds : int
        K; the foreign origins that have figures of outcomes are dealt into them.
    seed : int
        Of the folds, the fits and the errors of predicted figures.
    draws : int
        Posterior draws that predict.
    posterior : Posterior, optional
        The fit of all rows as known on the cut-off, if there is one already.
    fit_settings : mapping, optional
        As for :func:`dispersal.inference.fit.fit`: ``chains``, ``warmup``, ``draws``, ``blocks``,
        ``workers``, ``require`` (default false; what falls short is recorded in ``problems``).
    progress : callable, optional
        Called with the name of a step; returns what is called with (done, in all).

    Raises
    ------
    InputError
        If there are fewer countries with figures of outcomes than folds, or fewer than two folds,
        or ``posterior`` is of another case or another day.
    """
    fits = Refits.of(case, as_known_on, seed, fit_settings, progress)
    full = fits.whole(posterior)
    evidence = rows_of_evidence(fits.case.ledger, full.observations)
    foreign = {row.origin for row in fits.case.origins if row.kind == "foreign"}
    national = full.observations.aggregate < 0
    outcome = national & ~evidence["quantity"].isin(KEPT) & evidence["origin"].isin(foreign)
    scored = (outcome & (full.observations.side == 0)).to_numpy(bool)
    dealt = deal(sorted(set(evidence["origin"][scored])), folds, seed)
    noise = np.random.default_rng(seed).standard_t(DEGREES_OF_FREEDOM, (draws, len(evidence)))
    # Figures of home countries are no part of the design, so that one serves for every fit.
    rows_of = rows_predicted(full.design, full.observations)

    def published(of: Posterior) -> FloatArray:
        centre, scale = rows_of(of.draws(draws))
        return np.maximum(centre + scale * noise, 0.0)

    in_fit = published(full)
    parts = []
    for number, fold in enumerate(dealt):
        gone = _outcomes_of(fits.case, fold)
        left = fits.without(f"without fold {number + 1}", gone)
        rows = evidence[scored & evidence["origin"].isin(fold).to_numpy(bool)].assign(
            fold=number + 1
        )
        known = known_on(without_rows(fits.case, gone).ledger, fits.cutoff)
        share = PooledShare.learn(known, revisions_of(known))
        predicted = published(left)
        value = full.observations.value
        for at, row in rows.iterrows():
            column = int(str(at))
            found = share.predict(row["quantity"], row["origin"], row["as_of"].date())
            drawn = (predicted[:, column], found.draws() if found else None, in_fit[:, column])
            shown = {name: row[name] for name in ("figure_id", "quantity", "origin", "fold")}
            shown |= {"as_of": row["as_of"], "published": float(np.expm1(value[column]))}
            for method, sample in zip(METHODS, drawn, strict=True):
                shown |= score_of_draws(sample, float(value[column]), method)
            parts.append(shown)
    found_rows = pd.DataFrame(parts)
    return CountriesLeftOut(found_rows, compared(found_rows), dealt, fits.problems, fits.cutoff)


def deal(origins: Sequence[str], folds: int, seed: int) -> tuple[tuple[str, ...], ...]:
    """Deal origins into folds at random, as evenly as they go.

    Raises
    ------
    InputError
        If there are fewer than two folds, or fewer origins than folds.

    Examples
    --------
    >>> deal(["BEL", "FRA", "TUN"], 2, seed=1)
    (('BEL', 'TUN'), ('FRA',))
    """
    if not 2 <= folds <= len(origins):
        raise InputError(
            f"found {folds} folds of {len(origins)} countries with figures of outcomes, expected "
            "2 or more, and at most one a country"
        )
    order = np.random.default_rng(seed).permutation(len(origins))
    return tuple(
        tuple(sorted(origins[at] for at in order[number::folds])) for number in range(folds)
    )


def score_of_draws(draws: FloatArray | None, observed: float, method: str) -> dict[str, float]:
    """Return median, CRPS and coverage of one row, named as in ``CountriesLeftOut.rows``.

    Parameters
    ----------
    draws : float array, shape (D,), or None
        Of log(1 + n); None gives NaN.
    observed : float
        log(1 + n).
    method : str

    Examples
    --------
    >>> found = score_of_draws(np.array([1.0, 2.0, 3.0]), 2.0, "left_out")
    >>> round(found["crps_left_out"], 3), found["inside50_left_out"]
    (0.222, 1.0)
    """
    names = ("p50", "crps", *(f"inside{level}" for level in INTERVALS))
    if draws is None:
        return {f"{name}_{method}": float("nan") for name in names}
    found = {
        f"p50_{method}": float(np.expm1(np.median(draws))),
        f"crps_{method}": float(crps(draws, observed)),
    }
    for level in INTERVALS:
        low, high = np.quantile(draws, [0.5 - level / 200, 0.5 + level / 200])
        found[f"inside{level}_{method}"] = float(low <= observed <= high)
    return found


def compared(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the methods next to each other on the rows that all of them speak of."""
    common = rows.dropna(subset=[f"crps_{method}" for method in METHODS])
    parts = [*common.groupby("quantity", sort=True), ("all", common)]
    found = []
    for quantity, part in parts:
        means = (
            part.drop(columns=["figure_id", "quantity", "as_of"]).groupby("origin").mean().mean()
        )
        found += [
            {
                "quantity": str(quantity),
                "method": method,
                "rows": len(part),
                "origins": part["origin"].nunique(),
                "crps": means[f"crps_{method}"],
                **{f"covers{at}": means[f"inside{at}_{method}"] for at in INTERVALS},
                "skill": 1.0 - means[f"crps_{method}"] / means["crps_pooled_share"],
            }
            for method in METHODS
        ]
    return pd.DataFrame(found)


def _outcomes_of(case: Case, origins: Sequence[str]) -> list[str]:
    """Return the names of all figures of some origins but the departures."""
    return [
        row.figure_id
        for row in case.ledger.figure_rows
        if row.origin in origins and row.quantity not in KEPT
    ]
