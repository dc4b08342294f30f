"""Other theatres, the remnant in the home theatre, and the end of its territory."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from dispersal.case.schema import END_MODES
from dispersal.forecast import lookup
from dispersal.forecast.tables import LEVELS, spread_of
from dispersal.model.states import place_of

if TYPE_CHECKING:
    import datetime as dt

    from dispersal.case.asking import Day
    from dispersal.forecast.forecast import Forecast
    from dispersal.model.calendar import Months


@dataclass(frozen=True)
class EndDate:
    """When and how the last territory is lost.

    Parameters
    ----------
    p10, p50, p90 : datetime.date or None
        Quantiles of the day; None if that share of the draws has no end before the year 2200.
    within_period : float
        Share of the draws in which it is lost by the last day of the period.
    modes : dict of str to float
        Share of the draws by mode of ending.
    """

    p10: dt.date | None
    p50: dt.date | None
    p90: dt.date | None
    within_period: float
    modes: dict[str, float]


def end_date(forecast: Forecast) -> EndDate:
    """Return quantiles of the day on which the last territory is lost, and its modes."""
    ensemble = forecast.ensemble
    p10, p50, p90 = (
        day_at(ensemble.months, float(position))
        for position in np.quantile(ensemble.end, list(LEVELS.values()), method="inverted_cdf")
    )
    return EndDate(
        p10,
        p50,
        p90,
        within_period=float((ensemble.end <= ensemble.months.steps).mean()),
        modes={mode: float((ensemble.mode == at).mean()) for at, mode in enumerate(END_MODES)},
    )


def day_at(months: Months, position: float) -> dt.date | None:
    """Return the day at a position on the months, or None if it lies after 2199.

    Examples
    --------
    >>> import datetime as dt
    >>> from dispersal.model.calendar import Months
    >>> months = Months(dt.date(2017, 1, 1), 12)
    >>> day_at(months, 2.5), day_at(months, np.inf)
    (datetime.date(2017, 3, 16), None)
    """
    if not math.isfinite(position) or position > 12 * months.parts * (2199 - months.start.year):
        return None
    return months.day_at(position)


def theatres_table(forecast: Forecast, date: Day | None = None) -> pd.DataFrame:
    """Return the other theatres, ranked by how many members are expected to reach them.

    Parameters
    ----------
    forecast : Forecast
    date : str, date or time stamp, optional
        Default: the last day of the period.

    Returns
    -------
    pandas.DataFrame
        Index: place; columns ``name``, ``arrived_p10`` … ``arrived_mean`` (persons of every
        origin and stratum who arrived since the cut-off), ``present_p10`` … ``present_mean``, and
        ``probability_first``: the chance that no other theatre sees more arrive (ties are
        shared; draws without any arrival count for none).
    """
    ensemble = forecast.ensemble
    states = lookup.states_of(ensemble, ("elsewhere",))
    places = list(dict.fromkeys(str(place_of(ensemble.place_states[at])) for at in states))
    columns = ["place", "name"] + [
        f"{what}_{level}" for what in ("arrived", "present") for level in (*LEVELS, "mean")
    ]
    if not places:
        return pd.DataFrame(columns=[*columns, "probability_first"]).set_index("place")
    arrived = np.stack([forecast.arrived(place, date) for place in places], axis=1)
    present = np.stack(
        [forecast.draws("elsewhere", "all", date, place=place) for place in places], axis=1
    )
    most = arrived.max(axis=1, keepdims=True)
    first = (arrived == most) & (most > 0)
    first_share = first / np.maximum(first.sum(axis=1, keepdims=True), 1)
    records = [
        {"place": place, "name": forecast.names.get(place, place)}
        | spread_of(arrived[:, at], "arrived_")
        | spread_of(present[:, at], "present_")
        | {"probability_first": float(first_share[:, at].mean())}
        for at, place in enumerate(places)
    ]
    table = pd.DataFrame(records).set_index("place")
    return table.sort_values(["arrived_p50", "arrived_mean"], ascending=False)


def remnant(
    forecast: Forecast,
    start: Day | None = None,
    until: Day | None = None,
    threshold: float = 1_000,
) -> pd.DataFrame:
    """Return the strength of the remnant in the home theatre, month by month.

    Parameters
    ----------
    forecast : Forecast
    start, until : str, date or time stamp, optional
        Default: from the cut-off to the end of the period.
    threshold : float
        Persons, for ``probability_above``.

    Returns
    -------
    pandas.DataFrame
        Index: date, the first of each month; columns ``underground_p10`` … (in hiding at the
        sanctuaries of the home theatre), ``resurgent_p10`` … (fighting again), ``strength_p10`` …
        (both), and ``probability_above``: the chance that those fighting again outnumber the
        threshold. Members of every origin and stratum.

    Raises
    ------
    InputError
        For days outside the forecast or in the wrong order.
    """
    ensemble = forecast.ensemble
    months = ensemble.months
    first = forecast.cutoff if start is None else lookup.day_within(ensemble, start)
    begin = math.ceil(lookup.position_ahead(ensemble, first))
    last = lookup.position_ahead(ensemble, lookup.day_within(ensemble, until))
    near = home_places(forecast)
    series = {
        fate: ensemble.places[:, :, states_near].sum(axis=(1, 2), dtype=np.int64).astype(float)
        for fate in ("underground", "resurgent")
        for states_near in [
            [
                at
                for at in lookup.states_of(ensemble, (fate,))
                if place_of(ensemble.place_states[at]) in near
            ]
        ]
    }
    series["strength"] = series["underground"] + series["resurgent"]
    records: list[dict[str, object]] = []
    for at in range(begin, math.floor(last) + 1):
        record: dict[str, object] = {"date": pd.Timestamp(months.instant(ensemble.now + at))}
        for name, counts in series.items():
            record |= spread_of(counts[:, at], f"{name}_")
        record["probability_above"] = float((series["resurgent"][:, at] > threshold).mean())
        records.append(record)
    columns = [f"{name}_{level}" for name in series for level in (*LEVELS, "mean")]
    table = pd.DataFrame(records, columns=["date", *columns, "probability_above"])
    return table.set_index("date")


#: Sizes of a remnant whose chance is told, persons.
TELLING: Final = (10, 20, 50, 100, 200, 500, 1_000)


def telling_size(forecast: Forecast) -> int:
    """Return the size of a remnant whose chance is worth telling, persons.

    The largest of ``TELLING`` that is at most a tenth of those who ever joined, in the median: a
    thousand are a remnant of a large group, and more than a small one ever had.
    """
    joined = float(np.median(forecast.draws("departed", "all", stratum="all")))
    return max((size for size in TELLING if size <= joined / 10), default=TELLING[0])


def home_places(forecast: Forecast) -> frozenset[str]:
    """Return the places within the home theatre: its own, and zones of its countries."""
    territory = set(forecast.case.territory.places)
    countries = {p.country or p.place for p in forecast.case.places if p.place in territory}
    inside = {p.place for p in forecast.case.places if {p.place, p.country} & countries}
    return frozenset(inside | territory)
