"""Figures that could be published: what each would count, and how far off it would be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from dispersal.forecast import lookup
from dispersal.forecast.published import published_distribution, told_again
from dispersal.forecast.quantities import PUBLISHED, STRATUM_QUANTITIES
from dispersal.model.states import place_of
from dispersal.record.totals import TOTALS, disagreement

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from dispersal.forecast.forecast import Forecast

FloatArray = NDArray[np.float64]

#: Quantities of which national series publish figures.
NATIONAL: Final = (*PUBLISHED, *STRATUM_QUANTITIES)

#: Counts that are told of a place, not of origins together, in words.
AT_PLACES: Final = {
    "theatre_foreigners": "foreign members present in {}",
    "arrived": "arrived in {} since the cut-off",
    "detained_at": "held in custody in {}",
}

#: Counts that a monitor could publish of many origins together: in words, and the quantity of
#: ``aggregates.csv`` whose sources tell how far such figures lie apart. The error of a figure is
#: the spread of sources about one thing (``record/totals.py``: ``disagreement``), as nobody
#: counts these from registers: each is an estimate, and agencies differ by that much.
AGGREGATES: Final = {
    "foreign_departed_total": ("departed", "foreign_departed_total"),
    "returned_total": ("returned", "returned_total"),
    "foreign_killed": ("killed", "foreign_killed"),
    "foreign_remaining": ("remaining", "foreign_remaining"),
    "strength": ("strength", "strength"),
    "holdouts": ("underground or active again", "underground_strength"),
    "theatre_foreigners": ("foreign members present", "theatre_strength"),
    "arrived": ("arrived since the cut-off", "arrived"),
    "detained_at": ("held in custody", "detained_total"),
}

#: Quantities of ``aggregates.csv`` that the last figure is looked up in, where it is another.
_LAST_IN: Final = {"theatre_foreigners": "theatre_foreign"}


@dataclass(frozen=True, eq=False)
class Figure:
    """A figure that could be published of one day.

    Parameters
    ----------
    name : str
        ``quantity:origin`` of a national series; of the others the name in ``AGGREGATES``, with
        ``:place`` where it speaks of one.
    kind : {"national", "aggregate"}
    quantity : str
        One of ``NATIONAL``, or a key of ``AGGREGATES``.
    where : str
        Code of the origin or the place; ``foreign`` or ``all`` for origins together.
    centre, scale : float array, shape (D,)
        Of the Student-t(4) of the figure on log(1 + n) in each draw.
    chance, repeated : float
        Chance that the last figure is told again, and that figure in persons.
    last : float or None
        The last figure of the series known at the cut-off, persons.
    last_on : datetime.date or None
        The day it speaks of.
    """

    name: str
    kind: str
    quantity: str
    where: str
    centre: FloatArray
    scale: FloatArray
    chance: float = 0.0
    repeated: float = 0.0
    last: float | None = None
    last_on: dt.date | None = None

    @property
    def words(self) -> str:
        """What it counts, in words."""
        if self.kind == "aggregate":
            return AGGREGATES[self.quantity][0]
        return self.quantity.replace("_", " ")


def figures_of(forecast: Forecast, when: dt.date) -> list[Figure]:
    """Return every figure that could be published of a day.

    Those of national series for each origin from abroad, and of local origins with a series; and
    those that a monitor could count. Places are counted from the cut-off on.

    Parameters
    ----------
    forecast : Forecast
    when : datetime.date
        Within the period.

    Returns
    -------
    list of Figure
    """
    return [*_national(forecast, when), *_aggregates(forecast, when)]


def place_name(forecast: Forecast, figure: Figure) -> str:
    """Return the name of the country or place that a figure speaks of."""
    together = {"foreign": "all from abroad", "all": "everyone"}
    return together.get(figure.where) or forecast.names.get(figure.where, figure.where)


def phrase(forecast: Forecast, figure: Figure) -> str:
    """Return what a figure counts, and of whom or where."""
    name = place_name(forecast, figure)
    if figure.quantity in AT_PLACES:
        return AT_PLACES[figure.quantity].format(name)
    return f"{figure.words} ({name})"


def _national(forecast: Forecast, when: dt.date) -> Iterator[Figure]:
    known = forecast.repeats.last
    foreign = set(lookup.origins_of(forecast.ensemble, "foreign"))
    strata = forecast.ensemble.strata
    for quantity in NATIONAL:
        if STRATUM_QUANTITIES.get(quantity, ("", strata[0]))[1] not in strata:
            continue  # the case does not tell them apart
        for at, origin in enumerate(forecast.ensemble.origins):
            last, told = known.get((quantity, origin), (None, None))
            if at not in foreign and told is None:
                continue
            centre, scale = published_distribution(forecast, quantity, origin, when)
            chance, repeated = told_again(forecast, quantity, origin, when)
            draws = forecast.size  # what follows them stands for repeats
            yield Figure(
                f"{quantity}:{origin}", "national", quantity, origin, centre[:draws],
                scale[:draws], chance, repeated, last, told,
            )  # fmt: skip


def _aggregates(forecast: Forecast, when: dt.date) -> Iterator[Figure]:
    for quantity, where, count in _counts(forecast, when):
        name = quantity if where in ("foreign", "all") else f"{quantity}:{where}"
        known = forecast.case.ledger.aggregates
        spread = disagreement(known, AGGREGATES[quantity][1])
        # A small count scatters by itself, as in figures of national series.
        scale = np.sqrt(spread**2 + 1.0 / (1.0 + count))
        last, told = _last_aggregate(forecast, quantity, where)
        yield Figure(
            name, "aggregate", quantity, where, np.log1p(count), scale, last=last, last_on=told
        )


def _counts(forecast: Forecast, when: dt.date) -> Iterator[tuple[str, str, FloatArray]]:
    """Yield name, place or group, and the persons in each draw, of what a monitor could count."""
    for name in AGGREGATES:
        if name in TOTALS:
            parts, group = TOTALS[name]
            counts = [forecast.draws(part, group, when, "adults") for part in parts]
            yield name, group, np.sum(counts, axis=0)
    yield "holdouts", "all", forecast.draws("holdouts", "all", when, "adults")
    ensemble = forecast.ensemble
    if when < min(ensemble.cutoff, ensemble.months.instant(ensemble.now)):
        return
    for place in _places(forecast, ("elsewhere",)):
        yield "theatre_foreigners", place, forecast.draws("elsewhere", "foreign", when, place=place)
        yield "arrived", place, forecast.arrived(place, when)
    for place in _places(forecast, ("detained",)):
        yield "detained_at", place, forecast.draws("detained", "all", when, place=place)


def _places(forecast: Forecast, fates: tuple[str, ...]) -> list[str]:
    states = lookup.states_of(forecast.ensemble, fates)
    return list(dict.fromkeys(str(place_of(forecast.ensemble.place_states[at])) for at in states))


def _last_aggregate(
    forecast: Forecast, quantity: str, where: str
) -> tuple[float | None, dt.date | None]:
    """Return the last figure with two ends of an aggregate, and the day it speaks of."""
    territory = forecast.case.territory.places
    places = {where}
    if where in ("foreign", "all"):
        places = {"WLD", "+".join(territory), "+".join(reversed(territory))}
    rows = forecast.case.ledger.aggregates
    column = _LAST_IN.get(quantity, AGGREGATES[quantity][1])
    rows = rows[
        rows["quantity"].eq(column)
        & rows["place"].isin(places)
        & rows["origin"].eq("")
        & rows["low"].notna()
        & rows["high"].notna()
    ].sort_values(["as_of", "published", "figure_id"])
    if rows.empty:
        return None, None
    row = rows.iloc[-1]
    middle = np.expm1((np.log1p(row["low"]) + np.log1p(row["high"])) / 2)
    return float(middle), row["as_of"].date()
