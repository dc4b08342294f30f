"""Leave one case out: shares of fates with sharing, without, and by the reference class alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dispersal.forecast.make import forecast
from dispersal.pooling.priors import with_learnt_priors
from dispersal.pooling.study import DRAWS, with_case
from dispersal.record.ledgers import energy_of, forecast_shares, told_shares
from dispersal.reference import fit_reference
from dispersal.reference.leave_out import published
from dispersal.reference.mixed import mixed_shares

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from dispersal.case import Case
    from dispersal.forecast.forecast import Forecast
    from dispersal.inference.posterior import Posterior
    from dispersal.pooling.pool import Pool
    from dispersal.reference import History

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LeaveOneCaseOut:
    """Energy scores of the shares of fates of cases that were left out; smaller is better.

    Parameters
    ----------
    rows : pandas.DataFrame
        A line a past ending: ``case``, ``reference_case``, ``origin``, ``day``, ``fates``,
        ``sharing``, ``alone`` (the case's own priors), ``reference``.
    """

    rows: pd.DataFrame

    @property
    def by_case(self) -> pd.DataFrame:
        """Means over the endings of each case."""
        return self.rows.groupby("case")[["sharing", "alone", "reference"]].mean()

    @property
    def mean(self) -> pd.Series[float]:
        """Means over the cases, each weighted equally."""
        return self.by_case.mean()


def leave_one_case_out(
    cases: Sequence[Case],
    posteriors: Mapping[str, Posterior],
    pool: Pool,
    history: History,
    *,
    draws: int = DRAWS,
    seed: int = 1,
    progress: Callable[[str], Callable[[int, int], None]] | None = None,
) -> LeaveOneCaseOut:
    """Forecast each case with what the others taught, and score its shares of fates.

    The reference class is fitted without the past endings that tell of the case. Its shares and
    those of the forecasts are scored as published, with the same error of the log odds.

    Parameters
    ----------
    cases : sequence of Case
    posteriors : mapping of str to Posterior
        Of each, as known on the day of its question.
    pool : Pool
        With a study of each case.
    history : History
    draws, seed : int
    progress : callable, optional

    Returns
    -------
    LeaveOneCaseOut
        Without cases of which no past ending tells a share.
    """
    step = progress or (lambda _: lambda _done, _total: None)
    rows: list[dict[str, Any]] = []
    for case in cases:
        posterior = posteriors[case.name]
        learnt = pool.without([case.name]).learnt(case.end.modes)
        shown = step(f"simulating {case.name}")
        with_others = forecast(
            with_case(posterior, with_learnt_priors(case, learnt)),
            draws=draws,
            seed=seed,
            progress=shown,
        )
        alone = forecast(posterior, draws=draws, seed=seed)
        left = set(case.reference_cases) & set(history.names)
        reference = mixed_shares(fit_reference(history.without(left), seed=seed), case, draws, seed)
        for name, origin, day, told in told_of(case, with_others, history):
            rng = np.random.default_rng([seed, 7])
            line: dict[str, Any] = {
                "case": case.name, "reference_case": name, "origin": origin, "day": day,
                "fates": ";".join(told),
            }  # fmt: skip
            for version, shares in (
                ("sharing", forecast_shares(with_others, origin, day)),
                ("alone", forecast_shares(alone, origin, day)),
                ("reference", reference),
            ):
                line[version] = energy_of(_as_published(shares, rng), told)
            rows.append(line)
    columns = (
        "case", "reference_case", "origin", "day", "fates", "sharing", "alone", "reference",
    )  # fmt: skip
    return LeaveOneCaseOut(pd.DataFrame(rows, columns=list(columns)))


def told_of(
    case: Case, found: Forecast, history: History
) -> list[tuple[str, str, dt.date, dict[str, float]]]:
    """Return the past endings of a case: name, origin, day, and the shares told with two ends."""
    endings = []
    for name, origin in case.reference_cases.items():
        if not origin:
            continue
        outcomes = history.of(name)
        rows = [row for row in outcomes if case.asked_on <= row.as_of <= found.last_day]
        told = told_shares(history, name, rows) if rows else {}
        if told:
            endings.append((name, origin, max(row.as_of for row in rows), told))
    return endings


def _as_published(
    shares: Mapping[str, FloatArray], rng: np.random.Generator
) -> dict[str, FloatArray]:
    noisy = published(np.stack([*shares.values()], axis=1), rng)
    return {name: noisy[:, at] for at, name in enumerate(shares)}
