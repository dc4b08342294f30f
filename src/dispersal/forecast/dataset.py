"""The draws as arrays with named axes, units and attributes, and back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from dispersal.case.schema import END_MODES
from dispersal.forecast.by_fate import Kept
from dispersal.forecast.ensemble_types import KINDS, Ensemble
from dispersal.model.calendar import PARTS, Months
from dispersal.model.states import ALL_FATES, MOVES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.case import Case
    from dispersal.forecast.forecast import Forecast

#: Version of the layout of draws.nc and run.json.
FORMAT = 4

#: Versions that can be read. Version 2 had no strata at places, version 3 no moves.
READABLE = (2, 3, FORMAT)

#: What runs of earlier versions lack.
OPTIONAL = ("strata_places", "moves")

#: Axes, unit and meaning of every variable.
VARIABLES: dict[str, tuple[tuple[str, ...], str, str]] = {
    "fates": (("draw", "origin", "stratum", "fate", "instant"), "persons", "persons in each fate"),
    "places": (
        ("draw", "origin", "place_state", "instant_ahead"),
        "persons",
        "persons of all strata in each state at a place, from the cut-off on",
    ),
    "arrivals": (
        ("draw", "place_state", "instant_ahead"),
        "persons",
        "persons of all origins who ever arrived there since the cut-off",
    ),
    "end_position": (("draw",), "steps", "loss of the last territory, steps after instant 0"),
    "end_mode": (("draw",), "1", f"mode of ending: index into {', '.join(END_MODES)}"),
    "bias": (
        ("draw", "published_quantity", "origin"),
        "1",
        "log bias with which the national series of an origin publishes a quantity",
    ),
    "error": (
        ("draw", "published_quantity"),
        "1",
        "scale of the Student-t(4) error of a published figure on log(1 + n)",
    ),
    "strata_places": (
        ("draw", "kind", "stratum", "place_state", "instant_ahead"),
        "persons",
        "persons of each kind of origin and stratum in each state at a place, from the cut-off on",
    ),
    "moves": (
        ("draw", "move", "instant_ahead"),
        "persons",
        "persons of all origins who ever made the move since the cut-off",
    ),
    "reported": (("draw",), "1", "share of the dead who are in the published figures of the dead"),
}


def to_xarray(forecast: Forecast, *, fates: bool = True) -> xr.Dataset:
    """Return the draws of a forecast with named axes.

    Parameters
    ----------
    forecast : Forecast
    fates : bool
        Whether ``fates`` is among the variables: the largest, and of a forecast that was not read
        from a file the only one that is put together here, not taken as it is.

    Returns
    -------
    xarray.Dataset
        Variables ``fates``, ``places``, ``arrivals``, ``end_position``, ``end_mode``, ``bias``,
        ``error``, ``strata_places``, ``moves`` and ``reported``, each with ``units`` and
        ``long_name``; coordinates name the origins, strata, fates, states at places, kinds of
        origins and instants. Attributes say where the draws come from.
        Without ``strata_places`` or ``moves`` if the forecast was read from a run of an earlier
        format.
    """
    ensemble = forecast.ensemble
    quantities = tuple(ensemble.bias)
    arrays: dict[str, NDArray[Any]] = {
        "places": ensemble.places,
        "arrivals": ensemble.arrivals,
        "end_position": ensemble.end,
        "end_mode": ensemble.mode,
        "bias": np.stack([ensemble.bias[name] for name in quantities], axis=1),
        "error": np.stack([ensemble.error[name] for name in quantities], axis=1),
        "reported": ensemble.reported,
    }
    if fates:
        arrays["fates"] = ensemble.fates
    for name in OPTIONAL:
        if getattr(ensemble, name) is not None:
            arrays[name] = getattr(ensemble, name)
    instants = np.array(ensemble.months.instants(), dtype="datetime64[ns]")
    record = forecast.provenance.record()
    attributes: dict[str, Any] = {
        "title": f"Dispersal forecast of case {ensemble.case.name}",
        "format": FORMAT,
        "now": ensemble.now,
        **{key: record[key] for key in ("case", "case_hash", "cutoff", "seed")},
        **{f"version_{name}": version for name, version in record["versions"].items()},
        **{f"seconds_{step}": seconds for step, seconds in record["timings"].items()},
    }
    return xr.Dataset(
        {
            name: (dims, arrays[name], {"units": units, "long_name": meaning})
            for name, (dims, units, meaning) in VARIABLES.items()
            if name in arrays
        },
        coords={
            "draw": np.arange(ensemble.size),
            "origin": list(ensemble.origins),
            "stratum": list(ensemble.strata),
            "fate": list(ALL_FATES),
            "instant": instants,
            "place_state": list(ensemble.place_states),
            "instant_ahead": instants[ensemble.now :],
            "published_quantity": list(quantities),
            "kind": list(KINDS),
            "move": list(MOVES),
        },
        attrs=attributes,
    )


def from_xarray(dataset: xr.Dataset, case: Case, timings: dict[str, float]) -> Ensemble:
    """Return the ensemble that a dataset was made from.

    Raises
    ------
    KeyError, ValueError
        If the dataset is not one that :func:`to_xarray` made in a version that can be read.
    """
    if int(dataset.attrs["format"]) not in READABLE:
        raise ValueError(f"format {dataset.attrs['format']}, expected {FORMAT}")
    known = [name for name in VARIABLES if name in dataset or name not in OPTIONAL]
    for name, (dims, _, _) in ((name, VARIABLES[name]) for name in known):
        if dataset[name].dims != dims:
            raise ValueError(f"axes {dataset[name].dims} of {name}, expected {dims}")
    fates = _names(dataset, "fate")
    if fates != ALL_FATES:
        raise ValueError(f"fates {', '.join(fates)}, expected {', '.join(ALL_FATES)}")
    start = dataset["instant"].to_numpy()[0].astype("datetime64[D]").astype(dt.date)
    quantities = _names(dataset, "published_quantity")
    bias, error = dataset["bias"].to_numpy(), dataset["error"].to_numpy()
    return Ensemble(
        case=case,
        cutoff=dt.date.fromisoformat(dataset.attrs["cutoff"]),
        seed=int(dataset.attrs["seed"]),
        months=Months(start, dataset.sizes["instant"] - 1, PARTS[case.step]),
        now=int(dataset.attrs["now"]),
        origins=_names(dataset, "origin"),
        strata=_names(dataset, "stratum"),
        by_fate=Kept(dataset["fates"].to_numpy(), int(dataset.attrs["now"])),
        place_states=_names(dataset, "place_state"),
        places=dataset["places"].to_numpy(),
        arrivals=dataset["arrivals"].to_numpy(),
        end=dataset["end_position"].to_numpy(),
        mode=dataset["end_mode"].to_numpy(),
        bias={name: bias[:, at] for at, name in enumerate(quantities)},
        error={name: error[:, at] for at, name in enumerate(quantities)},
        timings=timings,
        reported=dataset["reported"].to_numpy(),
        **{name: dataset[name].to_numpy() for name in OPTIONAL if name in dataset},
    )


def _names(dataset: xr.Dataset, axis: str) -> tuple[str, ...]:
    return tuple(str(name) for name in dataset[axis].to_numpy())
