"""The Dispersal rules: learn from the first days' arrivals, forecast the rest with uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import pandas as pd
import xarray as xr

from dispersal._version import __version__
from dispersal.displacement.calibrated.arrivals import camp_process, plan_arrivals
from dispersal.displacement.calibrated.condition import condition_field
from dispersal.displacement.calibrated.evidence import known_on
from dispersal.displacement.calibrated.parameters import Parameters
from dispersal.displacement.calibrated.surroundings import surroundings_of
from dispersal.errors import InputError
from dispersal.population import sample

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.displacement.calibrated.evidence import Evidence, Known
    from dispersal.displacement.flee_files import FleeFolder

    Floats = NDArray[np.float64]

#: Whether the number of people in all camps is taken from the data, as Flee does, or forecast.
Total: TypeAlias = Literal["given", "forecast"]

DAYS_KNOWN = 30

#: Draws that are made together, always so many, so that the first do not depend on the rest.
BLOCK = 50


@dataclass(frozen=True, slots=True, eq=False)
class CampForecast:
    """Draws of the people in each camp on every day after the last known one.

    Parameters
    ----------
    folder : FleeFolder
        What was read.
    evidence : Evidence
        What was known.
    total : {"given", "forecast"}
        Whether the number of people in all camps was given.
    seed : int
    camps : tuple of str
    counts : int array, shape (days, camps, draws)
        People in camps in the evenings of the days ``evidence.day + 1`` and later.
    data : float array, shape (all days, camps)
        The folder's figures, interpolated as Flee does, from day 0 on.
    """

    folder: FleeFolder
    evidence: Evidence
    total: Total
    seed: int
    camps: tuple[str, ...]
    counts: NDArray[np.int64]
    data: Floats

    @property
    def first(self) -> int:
        """The first day that is forecast."""
        return self.evidence.day + 1

    @property
    def median(self) -> Floats:
        """Median of each camp, shape (days, camps)."""
        return np.asarray(np.median(self.counts, axis=2))

    def quantiles(self, levels: tuple[float, ...] = (0.025, 0.1, 0.5, 0.9, 0.975)) -> xr.DataArray:
        """Return quantiles by level, date and camp.

        Examples
        --------
        >>> import dispersal.displacement as d  # doctest: +SKIP
        >>> d.forecast_camps("./mali2012").quantiles().dims  # doctest: +SKIP
        ('level', 'date', 'camp')
        """
        drawn = self.to_xarray()
        found = drawn.quantile(list(levels), dim="draw").rename(quantile="level")
        return found.transpose("level", "date", "camp")

    def to_xarray(self) -> xr.DataArray:
        """Return all draws by date, camp and draw, with what made them as attributes."""
        start = pd.Timestamp(self.folder.figures.start) + pd.Timedelta(days=self.first)
        return xr.DataArray(
            self.counts,
            dims=("date", "camp", "draw"),
            coords={
                "date": pd.date_range(start, periods=len(self.counts), freq="D"),
                "camp": list(self.camps),
            },
            name="people",
            attrs=self.provenance(),
        )

    def provenance(self) -> dict[str, str | int]:
        """Return what made the forecast: folder and its hash, last known day, seed, version."""
        start = pd.Timestamp(self.folder.figures.start)
        return {
            "folder": self.folder.name,
            "content_hash": self.folder.content_hash,
            "second_name": self.folder.second_name,
            "known_until": str((start + pd.Timedelta(days=self.evidence.day)).date()),
            "figures": self.evidence.known,
            "total": self.total,
            "seed": self.seed,
            "dispersal": __version__,
        }


def forecast_camps(
    folder: FleeFolder,
    *,
    days_known: int = DAYS_KNOWN,
    known: Known = "interpolated",
    total: Total = "given",
    draws: int = 1000,
    seed: int = 1,
    parameters: Parameters | None = None,
    threads: int | None = None,
) -> CampForecast:
    """Forecast how many people will be in each camp, from the first days' figures.

    Capacities are not used: in published folders they are the highest count of the data.

    Parameters
    ----------
    folder : FleeFolder
        As ``read_flee`` gives it.
    days_known : int
        The last day whose figures are known.
    known : {"published", "interpolated"}
        Figures of days up to it, or also what Flee interpolates up to it towards later figures.
    total : {"given", "forecast"}
        Whether the true number of people in all camps on each later day is given.
    draws, seed : int
        The first draws do not change when more are asked for.
    parameters : Parameters, optional
        Default: the table's.
    threads : int, optional
        Does not change the result.

    Raises
    ------
    InputError
        If no day is left to be forecast, draws are below 1, or the seed is negative.
    """
    if draws < 1 or seed < 0:
        raise InputError(f"draws are {draws} and seed {seed}, expected at least 1 and 0")
    chosen = Parameters.default() if parameters is None else parameters
    evidence = known_on(folder, days_known, known)
    around = surroundings_of(folder, chosen.access_offset)
    data = folder.counted
    process = camp_process(folder.camps)
    steps = folder.figures.days - 1 - evidence.day
    posterior = condition_field(evidence, around, chosen)
    parts = []
    for first in range(0, draws, BLOCK):
        streams = np.random.SeedSequence(seed, spawn_key=(first,)).spawn(2)
        one, two = (np.random.default_rng(stream) for stream in streams)
        plan = plan_arrivals(
            process, evidence, around, posterior.draw(BLOCK, one), chosen,
            data.sum(axis=1) if total == "given" else None, two,
        )  # fmt: skip
        run = sample(
            process, plan.hazards, plan.initial, steps, BLOCK, seed,
            record=list(range(1, steps + 1)), threads=threads, first_draw=first,
        )  # fmt: skip
        parts.append(run.counts[:, 0, 1:, : draws - first])
    counts = np.concatenate(parts, axis=2).astype(np.int64)
    return CampForecast(folder, evidence, total, seed, folder.camps, counts, data)
