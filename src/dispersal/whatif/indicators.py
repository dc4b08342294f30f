"""Indicators: which observable, seen early, would tell a cohort apart, and from which value on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from dispersal.errors import InputError
from dispersal.forecast import lookup, wording
from dispersal.forecast.plain import plain, plain_rows
from dispersal.forecast.quantities import require_name
from dispersal.forecast.tables import COHORTS
from dispersal.whatif.indicators_power import (
    SHUFFLES,
    areas_of,
    chance_floor,
    weigh_anew,
)
from dispersal.whatif.indicators_row import row_of
from dispersal.whatif.indicators_seen import Seen, seen_ends, seen_figure
from dispersal.whatif.indicators_words import sentence
from dispersal.whatif.information_figures import Figure, figures_of
from dispersal.whatif.information_values import common_noise
from dispersal.whatif.store import head

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from dispersal.case.asking import Day
    from dispersal.forecast.forecast import Forecast

#: Observables that are kept of each cohort.
KEPT: Final = 15

#: Draws that have to lie on either side of a threshold.
FEWEST: Final = 20

#: The threshold is this many times the median, if the upper quartile is no less.
TIMES: Final = 1.5


@dataclass(frozen=True, eq=False)
class Cohort:
    """One cohort, and what tells early whether it becomes large.

    Parameters
    ----------
    name : str
        A key of ``dispersal.forecast.tables.COHORTS``.
    quantity : str
    threshold : float
        Persons.
    chance : float
        That the cohort outnumbers the threshold.
    floor : float
        AUC that the best observable reaches by chance alone in one of twenty cases; below it no
        crossing is told. NaN where nothing was compared.
    p10, p50, p90 : float
        Of the cohort, persons.
    observables : pandas.DataFrame
        A line an observable, the best teller first: ``observable``, ``kind``, ``words``, ``auc``,
        ``auc_low``, ``auc_high``, ``rising``, and for each of ``half`` and ``likely`` the value
        at which the chance passes ½ or 0.8: ``…_value`` (persons) with ``…_low`` and ``…_high``,
        ``…_label`` (a month, or modes), ``…_above`` and ``…_chance`` that it is seen; missing
        where no value does. Empty where the threshold is all but certain.
    sentence : str
        The same in plain words.
    """

    name: str
    quantity: str
    threshold: float
    chance: float
    floor: float
    p10: float
    p50: float
    p90: float
    observables: pd.DataFrame
    sentence: str


@dataclass(frozen=True, eq=False)
class Indicators:
    """What to look out for.

    Parameters
    ----------
    forecast : Forecast
    by : datetime.date
        The day that the observables speak of.
    at : datetime.date
        The day of the outcome.
    compared : int
        Number of observables.
    cohorts : tuple of Cohort
    """

    forecast: Forecast
    by: dt.date
    at: dt.date
    compared: int
    cohorts: tuple[Cohort, ...]

    def table(self, cohort: str) -> pd.DataFrame:
        """Return the observables of one cohort, by name.

        Raises
        ------
        InputError
            For an unknown cohort.
        """
        found = {each.name: each for each in self.cohorts}
        require_name("cohort", cohort, found)
        return found[cohort].observables.set_index("observable")

    def record(self, top: int | None = None) -> dict[str, Any]:
        """Return the answer as plain data: see docs/information.md."""
        return {
            **head("indicators", self.forecast),
            "by": self.by.isoformat(),
            "at": self.at.isoformat(),
            "compared": self.compared,
            "cohorts": [
                {
                    "cohort": each.name,
                    "quantity": each.quantity,
                    **{
                        part: plain(getattr(each, part))
                        for part in (
                            "threshold",
                            "chance",
                            "floor",
                            "p10",
                            "p50",
                            "p90",
                            "sentence",
                        )
                    },
                    "observables": plain_rows(
                        each.observables.head(len(each.observables) if top is None else top).round(
                            6
                        )
                    ),
                }
                for each in self.cohorts
            ],
        }


def indicators(
    forecast: Forecast,
    *,
    by: Day | None = None,
    at: Day | None = None,
    thresholds: Mapping[str, float] | float | None = None,
    observables: Sequence[Figure | Seen] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Indicators:
    """Find what would tell early whether holdouts, free agents or returnees will be many.

    Parameters
    ----------
    forecast : Forecast
    by : str, date or time stamp, optional
        The day that observables speak of; default: 12 months after the cut-off.
    at : str, date or time stamp, optional
        The day of the outcome; default: the last of the period.
    thresholds : mapping of str to float, or float, optional
        Persons, by cohort or for all. Default: 1.5 times the median or the upper quartile of the
        cohort, whichever is smaller, to two significant figures.
    observables : sequence of Figure or Seen, optional
        Default: all figures of :func:`dispersal.whatif.information_figures.figures_of`, and when
        and how the last territory is lost.
    progress : callable, optional
        Called with (done, in all).

    Raises
    ------
    InputError
        For an unknown cohort, days outside the forecast or in the wrong order, or fewer than 40
        draws.
    """
    early, late = _days(forecast, by, at)
    if forecast.size < 2 * FEWEST:
        raise InputError(f"found {forecast.size} draws, expected {2 * FEWEST} or more")
    if isinstance(thresholds, int | float):
        thresholds = dict.fromkeys(COHORTS, float(thresholds))
    for name in thresholds or {}:
        require_name("cohort", name, COHORTS)
    counts = {name: forecast.draws(parts[0], None, late) for name, parts in COHORTS.items()}
    limits = {name: default_threshold(count) for name, count in counts.items()}
    limits |= thresholds or {}
    seed = forecast.ensemble.seed
    noise, anew = common_noise(forecast.size, seed), weigh_anew(forecast.size, seed)
    if observables is None:
        observables = [*figures_of(forecast, early), *seen_ends(forecast, early)]

    def made(each: Figure | Seen) -> Seen:
        # Values of all figures at once would fill memory: they are made when they are needed.
        return each if isinstance(each, Seen) else seen_figure(forecast, each, noise)

    events = {name: count > limits[name] for name, count in counts.items()}
    told = [name for name, event in events.items() if _undecided(event)]
    rng = np.random.default_rng([seed, 0x1F4])
    orders = [np.arange(forecast.size), *(rng.permutation(forecast.size) for _ in range(SHUFFLES))]
    shuffled = np.array([events[name][order] for name in told for order in orders], dtype=bool)
    areas = np.zeros((len(observables), len(told), len(orders)))
    for done, each in enumerate(observables):
        if told:
            areas[done] = areas_of(made(each), shuffled).reshape(areas.shape[1:])
        if progress is not None:
            progress(done + 1, len(observables))
    cohorts = []
    for name, event in events.items():
        rows: list[dict[str, object]] = []
        floor = float("nan")
        if name in told and len(observables):
            mine = areas[:, told.index(name)]
            floor = chance_floor(mine[:, 1:])
            best = np.argsort(-mine[:, 0], kind="stable")[:KEPT]
            rows = [row_of(made(observables[place]), event, anew, floor) for place in best]
        cohorts.append(_cohort(name, counts[name], float(limits[name]), floor, rows, early, late))
    return Indicators(forecast, early, late, len(observables), tuple(cohorts))


def default_threshold(counts: NDArray[np.float64]) -> float:
    """Return the smaller of 1.5 times the median and the upper quartile, to two figures.

    Examples
    --------
    >>> default_threshold(np.arange(1_001.0)), default_threshold(np.arange(10_001.0) ** 2)
    (750.0, 38000000.0)
    """
    middle, upper = np.quantile(counts, [0.5, 0.75])
    return float(wording.rounded(min(TIMES * middle, upper)))


def _undecided(event: NDArray[np.bool_]) -> bool:
    return bool(FEWEST <= event.sum() <= event.size - FEWEST)


def _days(forecast: Forecast, by: Day | None, at: Day | None) -> tuple[dt.date, dt.date]:
    late = lookup.day_within(forecast.ensemble, at)
    if by is None:
        cutoff = forecast.cutoff
        # The last day of a leap year's February has no like in the next year.
        by = cutoff.replace(year=cutoff.year + 1, day=min(cutoff.day, 28))
    early = lookup.day_within(forecast.ensemble, by)
    if not forecast.cutoff <= early < late:
        raise InputError(
            f"found {early} as the day of the observables, expected one from {forecast.cutoff} "
            f"on and before that of the outcome, {late}"
        )
    return early, late


def _cohort(
    name: str,
    counts: NDArray[np.float64],
    threshold: float,
    floor: float,
    rows: list[dict[str, object]],
    early: dt.date,
    late: dt.date,
) -> Cohort:
    p10, p50, p90 = (float(q) for q in np.quantile(counts, [0.1, 0.5, 0.9]))
    chance = float((counts > threshold).mean())
    words = sentence(name, threshold, chance, rows, early, late)
    table = pd.DataFrame(rows)
    return Cohort(name, COHORTS[name][0], threshold, chance, floor, p10, p50, p90, table, words)
