"""A fitted reference class: shares of fates for a new case, and the cases behind them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dispersal.case.asking import known_names
from dispersal.case.schema import END_MODES
from dispersal.model.fates import FATES
from dispersal.reference.program import (
    SCALES,
    centres_of,
    coordinates_of,
    scales_of,
    shares_of,
)

if TYPE_CHECKING:
    import datetime as dt

    from dispersal.inference.diagnostics import Diagnostics
    from dispersal.reference.history import History
    from dispersal.reference.program import Data
    from dispersal.reference.readings import Reading, Size

FloatArray = NDArray[np.float64]

#: Quantiles of every summary.
LEVELS: Final = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares of the fates of a case, as draws.

    Parameters
    ----------
    mode : str
        Mode of ending.
    draws : DataFrame, shape (draws, fates)
        Every row sums to 1.

    Examples
    --------
    >>> draws = pd.DataFrame({"killed": [0.2, 0.4], "home": [0.8, 0.6]})
    >>> Shares("negotiated", draws).mean.round(1).to_dict()
    {'killed': 0.3, 'home': 0.7}
    """

    mode: str
    draws: pd.DataFrame

    @property
    def mean(self) -> pd.Series[float]:
        """Mean share of each fate; they sum to 1."""
        return self.draws.mean()

    def interval(self, level: float = 0.8) -> pd.DataFrame:
        """Return the central interval of each fate, columns ``low`` and ``high``."""
        ends = {"low": (1 - level) / 2, "high": (1 + level) / 2}
        return pd.DataFrame({name: self.draws.quantile(at) for name, at in ends.items()})

    def summary(self) -> pd.DataFrame:
        """Return ``mean``, ``p10``, ``p50`` and ``p90`` of each fate."""
        quantiles = {name: self.draws.quantile(level) for name, level in LEVELS.items()}
        return pd.DataFrame({"mean": self.mean, **quantiles}).rename_axis("fate")


@dataclass(frozen=True, eq=False)
class Reference:
    """The reference class, fitted.

    Parameters
    ----------
    history : History
        What it was fitted to, as known on the cut-off.
    readings : tuple of Reading
        What the figures say together of each case and fate.
    sizes : dict of str to Size
    data : Data
    units : dict of float arrays, shape (D, ...)
        Draws of the program's standard normals.
    diagnostics : Diagnostics
    seed : int
    cutoff : datetime.date or None
        The day as known on which it was fitted.
    """

    history: History
    readings: tuple[Reading, ...]
    sizes: dict[str, Size]
    data: Data
    units: dict[str, FloatArray]
    diagnostics: Diagnostics
    seed: int
    cutoff: dt.date | None

    @cached_property
    def scales(self) -> pd.DataFrame:
        """Draws of the scales: ``mode``, ``ending``, ``case``, in log-ratio coordinates."""
        found = scales_of(self.units["scales_unit"])
        return pd.DataFrame({name: np.asarray(found[name]) for name in SCALES})

    @cached_property
    def centres(self) -> FloatArray:
        """Mean of each mode in log-ratio coordinates, shape (D, modes, fates − 1)."""
        return np.asarray(centres_of(self.units))

    def shares(self, mode: str, draws: int = 2_000, *, seed: int | None = None) -> Shares:
        """Return the shares of fates of a new case of a mode of ending.

        They have the spread between past cases and what is not known of the mode's mean. A mode
        without a past case deviates from the mean of the others as far as modes do.

        Parameters
        ----------
        mode : str
            One of ``dispersal.case.schema.END_MODES``.
        draws : int
            The first draws stay when more are asked for.
        seed : int, optional
            Default: that of the fit.

        Raises
        ------
        InputError
            If there is no such mode.
        """
        known_names(mode, END_MODES, "a mode of ending")
        at = END_MODES.index(mode)
        rng = np.random.default_rng([self.seed if seed is None else seed, at])
        order = rng.permutation(len(self.scales))
        chosen = np.resize(order, draws)
        drawn = new_case(self, at, chosen, rng)
        return Shares(mode, pd.DataFrame(drawn, columns=pd.Index(FATES, name="fate")))

    @cached_property
    def cases(self) -> pd.DataFrame:
        """The cases behind it, one a row, by mode and day.

        Columns: ``group``, ``place``, ``end_mode``, ``end_date``, ``members`` (median size, NaN
        where none is known), ``tells_of`` (fates, joined with semicolons); the mean of each
        fate's share and its quantiles ``<fate>_p10``, ``_p50``, ``_p90``; ``sources`` (keys).
        """
        shares = np.asarray(shares_of(coordinates_of(self.units, self.data)))
        rows = []
        for at, ending in enumerate(self.history.endings):
            name = ending.case_id
            told = [reading for reading in self.readings if reading.case_id == name]
            sources = {source for reading in told for source in reading.sources}
            size = self.sizes[name]
            row: dict[str, object] = {
                "case_id": name,
                "group": ending.group,
                "place": ending.place,
                "end_mode": ending.end_mode,
                "end_date": pd.Timestamp(ending.end_date) if ending.end_date else pd.NaT,
                "members": size.middle if size.known else np.nan,
                "tells_of": ";".join(reading.fate for reading in told),
            }
            for number, fate in enumerate(FATES):
                mine = shares[:, at, number]
                row[fate] = mine.mean()
                row |= {f"{fate}_{q}": np.quantile(mine, level) for q, level in LEVELS.items()}
            row["sources"] = ";".join(sorted(sources | ({ending.source} - {""})))
            rows.append(row)
        frame = pd.DataFrame(rows)
        return frame.sort_values(["end_mode", "end_date", "case_id"]).set_index("case_id")


def new_case(
    reference: Reference, mode: int, chosen: NDArray[np.int64], rng: np.random.Generator
) -> FloatArray:
    """Return shares of a new case, one for each posterior draw chosen, shape (n, fates)."""
    scales = reference.scales.to_numpy()[chosen]
    names = list(SCALES)
    both = np.hypot(scales[:, names.index("ending")], scales[:, names.index("case")])
    centre = reference.centres[chosen, mode]
    return np.asarray(shares_of(centre + both[:, None] * rng.standard_normal(centre.shape), np))
