"""The parameters of the Dispersal rules, read from one table."""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from dispersal.errors import InputError, nearest_name

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Parameters:
    """Values of the table ``parameters.csv``, which says what each means, its unit and source.

    Examples
    --------
    >>> Parameters.default().access_offset
    50.0
    >>> Parameters.default(turnover=0.0).turnover
    0.0
    """

    access_offset: float
    access_power: float
    access_power_sd: float
    level_sd: float
    fading: float
    fading_sd: float
    total_drift_sd: float
    total_drift_days: float
    country_sd: float
    country_drift_sd: float
    camp_sd: float
    camp_drift_sd: float
    drift_days: float
    volatility_sd: float
    closure: float
    closure_sd: float
    figure_sd: float
    week_sd: float
    closed_sd: float
    floor_share: float
    turnover: float
    turnover_sd: float
    turnover_camp_sd: float

    @classmethod
    def default(cls, **changes: float) -> Parameters:
        """Return the values of the table, some of them changed.

        Raises
        ------
        InputError
            If a name is not in the table, or a value is below 0.
        """
        values = {name: float(row["default"]) for name, row in table().items()}
        for name, value in changes.items():
            if name not in values:
                near = nearest_name(name, values)
                hint = f"; did you mean {near!r}?" if near else ""
                raise InputError(f"no parameter {name!r} in the table of displacement{hint}")
            if not 0 <= value < float("inf"):
                raise InputError(f"{name} is {value}, expected a finite number of 0 or more")
            values[name] = float(value)
        return cls(**values)


@cache
def table() -> Mapping[str, Mapping[str, str]]:
    """Return the rows of the table by name: unit, default, meaning, source."""
    text = files(__package__).joinpath("parameters.csv").read_text(encoding="utf-8")
    rows = {row["name"]: row for row in csv.DictReader(text.splitlines())}
    wanted = [field.name for field in fields(Parameters)]
    if list(rows) != wanted:
        raise InputError(f"parameters.csv has the rows {list(rows)}, expected {wanted}")
    return rows
