"""How far forecasts of camps are from the data: Flee's own error, and two rules without a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dispersal.displacement.flee_files import FleeFolder, read_flee
from dispersal.displacement.flee_rules import FleeMean, flee_mean
from dispersal.displacement.flee_work import prepare_flee
from dispersal.displacement.settings import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import ArrayLike, NDArray

    from dispersal.displacement.events import SecondName

    Floats = NDArray[np.float64]

#: The day whose shares the first baseline holds.
KNOWN_DAY = 30


@dataclass(frozen=True, slots=True)
class CampError:
    """Flee's error of a forecast, each the mean over days, between 0 and 2 where rescaled.

    Parameters
    ----------
    normal : float
        Of the forecast as it is.
    rescaled : float
        After every camp is multiplied by the total of the data ÷ that of the forecast.
    """

    normal: float
    rescaled: float


def camp_error(forecast: ArrayLike, data: ArrayLike) -> CampError:
    """Return Flee's error: ``|forecast − data| / max(1, sum of data)`` summed over camps, averaged.

    Where nobody is forecast in any camp, the rescaled forecast is 0 everywhere.

    Parameters
    ----------
    forecast, data : array_like, shape (days, camps)
        People in camps.

    Raises
    ------
    ValueError
        If they differ in shape, or have no day.

    Examples
    --------
    >>> camp_error([[10.0, 0.0]], [[10.0, 10.0]])
    CampError(normal=0.5, rescaled=1.0)
    """
    people, true = np.asarray(forecast, np.float64), np.asarray(data, np.float64)
    if people.shape != true.shape or people.ndim != 2 or not len(people):
        raise ValueError(f"shapes {people.shape} and {true.shape}, expected one (days, camps)")
    total, all_people = true.sum(axis=1), people.sum(axis=1)
    factor = np.divide(total, all_people, out=np.zeros_like(total), where=all_people > 0)

    def error(counts: Floats) -> float:
        return float((np.abs(counts - true).sum(axis=1) / np.maximum(total, 1.0)).mean())

    return CampError(error(people), error(people * factor[:, None]))


def split_by_shares(shares: ArrayLike, data: ArrayLike) -> Floats:
    """Return the total of each day's data split between camps by fixed shares.

    Where all shares are 0 the camps get equal ones. The true total is given away.

    Examples
    --------
    >>> split_by_shares([1.0, 3.0], [[5.0, 3.0]]).tolist()
    [[2.0, 6.0]]
    """
    parts = np.asarray(shares, np.float64)
    parts = parts / parts.sum() if parts.sum() > 0 else np.full(len(parts), 1 / len(parts))
    return np.asarray(np.asarray(data, np.float64).sum(axis=1)[:, None] * parts)


@dataclass(frozen=True, slots=True, eq=False)
class FleeResult:
    """A run under Flee's rules, the data, and how far they are apart.

    Parameters
    ----------
    folder : FleeFolder
        What was read.
    mean : FleeMean
        Expected counts, with capacities.
    camps : tuple of str
        Camps that are compared, in the order of locations.csv.
    forecast, without_capacities, data : ndarray, shape (days, camps)
        People in camps: expected, expected if no camp were ever full, and counted.
    errors : DataFrame
        Columns ``rescaled`` and ``normal``; one row for each forecast and baseline.
    """

    folder: FleeFolder
    mean: FleeMean
    camps: tuple[str, ...]
    forecast: Floats
    without_capacities: Floats
    data: Floats
    errors: pd.DataFrame

    def by_camp(self, day: int = -1) -> pd.DataFrame:
        """Return forecast and data of each camp on a day, by default the last."""
        columns = {"forecast": self.forecast[day], "data": self.data[day]}
        return pd.DataFrame(columns, index=pd.Index(self.camps, name="camp"))

    def by_day(self) -> pd.DataFrame:
        """Return one row a day and camp: day, date, camp, forecast, data."""
        days = len(self.data)
        dates = pd.date_range(self.folder.figures.start, periods=days, freq="D")
        return pd.DataFrame(
            {
                "day": np.repeat(np.arange(days), len(self.camps)),
                "date": np.repeat(dates.to_numpy(), len(self.camps)),
                "camp": np.tile(np.array(self.camps, dtype=object), days),
                "forecast": self.forecast.ravel(),
                "data": self.data.ravel(),
            }
        )


#: Rows of ``FleeResult.errors`` in words.
ROWS = {
    "flee_rules": "Flee's rules",
    "flee_rules_without_capacities": "Flee's rules, no camp ever full",
    "shares_of_day_30": "shares of day 30, true total given",
    "shares_of_capacity": "shares of capacity, true total given",
}


def run_flee(
    folder: Path | str, *, settings: str = SETTINGS, second_name: SecondName = "link"
) -> FleeResult:
    """Read a folder of Flee, run Flee's rules on expected counts, and score them.

    Parameters
    ----------
    folder, settings, second_name
        As for ``read_flee``.

    Raises
    ------
    InputError
        If the folder cannot be read, has no camp, or nobody can flee though some should.
    """
    return score_flee(read_flee(folder, settings=settings, second_name=second_name))


def score_flee(folder: FleeFolder) -> FleeResult:
    """Run Flee's rules on a folder that was read, and score them."""
    work = prepare_flee(folder)
    mean = flee_mean(work)
    without = flee_mean(work, capacities=False)
    camps = folder.camps
    places = [mean.names.index(camp) for camp in camps]
    data = folder.counted
    capacity = [float(folder.locations[at].capacity) for at in places]
    forecasts = {
        "flee_rules": mean.at_places[:, places],
        "flee_rules_without_capacities": without.at_places[:, places],
        "shares_of_day_30": split_by_shares(data[min(KNOWN_DAY, len(data) - 1)], data),
        "shares_of_capacity": split_by_shares(capacity, data),
    }
    scored = {name: camp_error(forecast, data) for name, forecast in forecasts.items()}
    errors = pd.DataFrame(
        {
            "rescaled": {name: error.rescaled for name, error in scored.items()},
            "normal": {name: error.normal for name, error in scored.items()},
        }
    )
    return FleeResult(
        folder,
        mean,
        camps,
        forecasts["flee_rules"],
        forecasts["flee_rules_without_capacities"],
        data,
        errors.rename_axis("forecast"),
    )
