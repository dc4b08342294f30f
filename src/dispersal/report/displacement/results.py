"""What is written and drawn of a run, whichever rules made it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np

from dispersal._version import __version__
from dispersal.displacement import CampForecast, flee_mean
from dispersal.displacement.calibrated.scoring import ROWS as CAMP_ROWS
from dispersal.displacement.validate import ROWS as FLEE_ROWS
from dispersal.errors import InputError
from dispersal.report.numbers import quantiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from dispersal.displacement import CampScore, FleeFolder, FleeResult

    Floats = NDArray[np.float64]

Rules: TypeAlias = Literal["flee", "dispersal"]

#: Quantiles that are kept, by name.
LEVELS: Final = {
    "p2_5": 0.025, "p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9, "p97_5": 0.975,
}  # fmt: skip

#: Rows of errors that are fed the answer: the capacities of published folders are the highest
#: counts of the data.
FED: Final = ("flee_rules", "shares_of_capacity")

#: The row of the run itself.
OWN: Final[dict[Rules, str]] = {"flee": "flee_rules", "dispersal": "dispersal"}

#: The central interval that words speak of.
EIGHTY: Final = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """A run under either rules, and how far it is from what was counted.

    Parameters
    ----------
    folder : FleeFolder
        What was read.
    rules : {"flee", "dispersal"}
        Expected counts under Flee's rules, or draws under those of the project.
    camps : tuple of str
    first : int
        The first day that is forecast, from 0; figures of earlier days were known.
    middle : float array, shape (days, camps)
        Expected count or median, from the first day on.
    spread : mapping of str to float array, shape (days, camps)
        Quantiles by ``LEVELS``; empty for expected counts.
    total : tuple of float or None
        10, 50 and 90 % quantiles of the people in all camps on the last day, where it is forecast.
    counted : float array, shape (all days, camps)
        The folder's figures, on lines between them.
    beside : float array, shape (all days, camps), or None
        Flee's rules without capacities, where they can be run.
    errors : DataFrame
        One row a forecast.
    names : mapping of str to str
        Its rows in words.
    coverage : mapping of float to float
        Share of counts inside a central interval; empty for expected counts.
    provenance : mapping
        What made the results.
    """

    folder: FleeFolder
    rules: Rules
    camps: tuple[str, ...]
    first: int
    middle: Floats
    spread: Mapping[str, Floats]
    total: tuple[float, float, float] | None
    counted: Floats
    beside: Floats | None
    errors: pd.DataFrame
    names: Mapping[str, str]
    coverage: Mapping[float, float]
    provenance: Mapping[str, Any]

    @property
    def days(self) -> int:
        """How many days the folder has."""
        return len(self.counted)

    @property
    def known_until(self) -> dt.date | None:
        """The last day whose figures were known; None where no day's were."""
        return self.date(self.first - 1) if self.first else None

    @property
    def looks_ahead(self) -> bool:
        """Whether figures that were known lie on lines towards later ones."""
        return self.provenance.get("figures") == "interpolated"

    def date(self, day: int) -> dt.date:
        """Return the date of a day, from 0."""
        return self.folder.figures.start + dt.timedelta(days=day)

    def figures(self, camp: str) -> list[tuple[int, float, bool]]:
        """Return day, count and whether it was known, of the figures of a camp within the period.

        The count is that of the data file (added up and corrected as Flee does), not one of the
        lines between figures.
        """
        series = self.folder.figures.series[camp]
        pairs = zip(series.days, series.counts, strict=True)
        return [
            (int(day), float(count), day < self.first)
            for day, count in pairs
            if 0 <= day < self.days
        ]

    def at_end(self, camp: int) -> tuple[float, float, float]:
        """Return 10, 50 and 90 % quantiles of a camp on the last day; thrice the expected count."""
        if not self.spread:
            value = float(self.middle[-1, camp])
            return value, value, value
        low, middle, high = (float(self.spread[name][-1, camp]) for name in ("p10", "p50", "p90"))
        return low, middle, high


def results_of(result: FleeResult | CampForecast, score: CampScore | None = None) -> Results:
    """Return what is written and drawn of a run.

    Parameters
    ----------
    result : FleeResult or CampForecast
        What ``run_flee`` or ``forecast_camps`` gave.
    score : CampScore, optional
        What ``score_camps`` gave; needed for a ``CampForecast``.

    Raises
    ------
    InputError
        If a forecast comes without its score, or a run of Flee's rules with one.
    """
    if isinstance(result, CampForecast):
        if score is None:
            raise InputError("found no score, expected score_camps(forecast) beside a forecast")
        return _of_draws(result, score)
    if score is not None:
        raise InputError("found a score beside Flee's rules, expected none: they have their own")
    return Results(
        folder=result.folder,
        rules="flee",
        camps=result.camps,
        first=0,
        middle=result.forecast,
        spread={},
        total=None,
        counted=result.data,
        beside=result.without_capacities,
        errors=result.errors,
        names=FLEE_ROWS,
        coverage={},
        provenance={
            "folder": result.folder.name,
            "content_hash": result.folder.content_hash,
            "second_name": result.folder.second_name,
            "dispersal": __version__,
        },
    )


def _of_draws(forecast: CampForecast, score: CampScore) -> Results:
    spread = quantiles(forecast.counts, LEVELS)
    total = None
    if forecast.total == "forecast":
        in_all = forecast.counts[-1].sum(axis=0)
        low, middle, high = (float(end) for end in np.quantile(in_all, [0.1, 0.5, 0.9]))
        total = (low, middle, high)
    return Results(
        folder=forecast.folder,
        rules="dispersal",
        camps=forecast.camps,
        first=forecast.first,
        middle=spread["p50"],
        spread=spread,
        total=total,
        counted=forecast.data,
        beside=_flee_beside(forecast.folder, forecast.camps),
        errors=score.errors,
        names=CAMP_ROWS,
        coverage=score.coverage,
        provenance={**forecast.provenance(), "draws": forecast.counts.shape[2]},
    )


def _flee_beside(folder: FleeFolder, camps: tuple[str, ...]) -> Floats | None:
    """Return Flee's rules without capacities, or None where nobody can flee though some should."""
    try:
        mean = flee_mean(folder, capacities=False)
    except InputError:
        return None
    return np.asarray(mean.at_places[:, [mean.names.index(camp) for camp in camps]])


def plain_name(name: str) -> str:
    """Return a name of a folder as it is read.

    Examples
    --------
    >>> plain_name("Burkina_Faso ")
    'Burkina Faso'
    """
    return name.replace("_", " ").strip()
