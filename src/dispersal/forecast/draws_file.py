"""The draws of a forecast as a netCDF file (docs/forecast-format.md)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import h5netcdf
import numpy as np

from dispersal.forecast.dataset import VARIABLES, to_xarray

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr

    from dispersal.forecast.by_fate import Folded, Kept
    from dispersal.forecast.forecast import Forecast

#: Bytes of an array that are compressed together.
_CHUNK_BYTES = 2_000_000

#: Level of zlib's compression, and draws whose fates are put together at a time.
_LEVEL, _TOGETHER = 1, 50


def write_draws(forecast: Forecast, file: Path) -> None:
    """Write what ``to_xarray`` returns to a new file, without putting all of it together first.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    dataset = to_xarray(forecast, fates=False)
    dataset.to_netcdf(file, engine="h5netcdf", encoding=_encoding(dataset))
    _add_fates(forecast.ensemble.by_fate, file)


def _encoding(dataset: xr.Dataset) -> dict[str, dict[str, Any]]:
    """Compress every array losslessly, several draws to a chunk."""
    return {
        str(name): {
            "zlib": True,
            "complevel": _LEVEL,
            "shuffle": True,
            "chunksizes": _chunks(array.shape, array.dtype.itemsize),
            "_FillValue": None,
        }
        for name, array in dataset.data_vars.items()
    }


def _chunks(shape: tuple[int, ...], item: int) -> tuple[int, ...]:
    row = max(math.prod(shape[1:]) * item, 1)
    return min(max(_CHUNK_BYTES // row, 1), max(shape[0], 1)), *shape[1:]


def _add_fates(by_fate: Kept | Folded, file: Path) -> None:
    """Write the fates as xarray would, but some draws at a time."""
    dims, units, meaning = VARIABLES["fates"]
    chunks = _chunks(by_fate.shape, 4)
    with h5netcdf.File(file, "a") as stored:
        fates = stored.create_variable(
            "fates",
            dims,
            np.int32,
            compression="gzip",
            compression_opts=_LEVEL,
            shuffle=True,
            chunks=chunks,
        )
        fates.attrs["units"], fates.attrs["long_name"] = units, meaning
        some = max(_TOGETHER // chunks[0], 1) * chunks[0]
        for first in range(0, by_fate.shape[0], some):
            rows = slice(first, min(first + some, by_fate.shape[0]))
            fates[rows] = by_fate.rows(rows)
