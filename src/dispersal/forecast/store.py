"""Forecasts on disk, in open formats (docs/forecast-format.md)."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import xarray as xr

from dispersal.case import load_case, write_case
from dispersal.case.asking import day_of
from dispersal.errors import CaseError, InputError
from dispersal.forecast.dataset import FORMAT, READABLE, from_xarray
from dispersal.forecast.draws_file import write_draws
from dispersal.forecast.forecast import Forecast
from dispersal.forecast.provenance import Provenance
from dispersal.forecast.tally import Tally

if TYPE_CHECKING:
    from dispersal.case import Case
    from dispersal.inference.posterior import Posterior

DRAWS: Final = "draws.nc"
SUMMARY: Final = "summary.csv"
EVIDENCE: Final = "evidence.csv"
CONTRACTION: Final = "contraction.csv"
POSTERIOR: Final = "posterior.nc"
TALLY: Final = "tally.npz"
RUN: Final = "run.json"
CASE: Final = "case"


def free_folder(wanted: str | Path) -> Path:
    """Return a folder that does not exist yet: the one wanted, or with -2, -3, … appended.

    Examples
    --------
    >>> str(free_folder("no/such/folder"))
    'no/such/folder'
    """
    folder = Path(wanted)
    number = 1
    while folder.exists():
        number += 1
        folder = Path(f"{wanted}-{number}")
    return folder


def require_free(folder: str | Path) -> Path:
    """Return a folder that is empty or does not exist.

    Raises
    ------
    InputError
        If anything is there: a run is never overwritten.
    """
    path = Path(folder)
    try:
        taken = path.exists() and (not path.is_dir() or any(path.iterdir()))
    except OSError as error:
        raise InputError(f"found {folder}, expected a folder: {error.strerror}") from None
    if taken:
        raise InputError(f"found something at {path}, expected a new or an empty folder")
    return path


def save(forecast: Forecast, folder: str | Path) -> Path:
    """Write a forecast to a new folder.

    Parameters
    ----------
    forecast : Forecast
    folder : str or Path
        Made if it does not exist; must be empty if it does.

    Returns
    -------
    Path
        The folder, with ``run.json``, ``draws.nc``, ``summary.csv``, ``evidence.csv``, the case
        as known on the cut-off, and, where the forecast has them, ``posterior.nc``,
        ``contraction.csv`` and ``tally.npz``. ``run.json`` is written last: a folder without it
        is not whole.

    Raises
    ------
    InputError
        If there is something in the folder already, or it cannot be written.
    """
    path = require_free(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
        write_case(forecast.case, path / CASE / forecast.case.name)
        with ThreadPoolExecutor(1) as aside:  # HDF5 compresses and writes without Python's lock
            summary = aside.submit(forecast.summary)
            write_draws(forecast, path / DRAWS)
            summary.result().to_csv(path / SUMMARY, index=False, float_format="%.10g")
        evidence(forecast.case).to_csv(path / EVIDENCE, index=False)
        if forecast.posterior is not None:
            forecast.posterior.to_netcdf(path / POSTERIOR, engine="h5netcdf")
        if forecast.contraction is not None:
            forecast.contraction.to_csv(path / CONTRACTION, index_label="parameter")
        record = {"format": FORMAT, **forecast.provenance.record()}
        if forecast.tally is not None:
            arrays: dict[str, Any] = forecast.tally.arrays()
            np.savez_compressed(path / TALLY, **arrays)
            record["tallied"] = forecast.tally.draws
        record["files"] = _hashes(path)
        (path / RUN).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"found {path}, expected a folder that can be written: {error.strerror or error}"
        ) from None
    return path


def load_forecast(folder: str | Path) -> Forecast:
    """Read a forecast that :meth:`Forecast.save` wrote; it gives the same draws, bit for bit.

    Parameters
    ----------
    folder : str or Path

    Raises
    ------
    InputError
        If the folder is not that of a forecast, or a file is missing, damaged or changed.

    Examples
    --------
    >>> load_forecast("no_such_run")
    Traceback (most recent call last):
    ...
    dispersal.errors.InputError: found nothing at no_such_run/run.json, expected the folder of a \
saved forecast
    """
    path = Path(folder)
    record = _record(path)
    for name, expected in record["files"].items():
        if name in (DRAWS, POSTERIOR, CONTRACTION, TALLY):
            _require_unchanged(path / name, expected)
    case = _case(path, record)
    provenance = Provenance(**{name: record[name] for name in Provenance.__dataclass_fields__})
    try:
        with xr.open_dataset(path / DRAWS, engine="h5netcdf") as stored:
            ensemble = from_xarray(stored.load(), case, dict(record["timings"]))
    except (OSError, LookupError, ValueError, TypeError, AttributeError) as error:
        raise InputError(
            f"found {path / DRAWS} with {error}, expected the draws of a forecast"
        ) from None
    posterior = contraction = None
    if POSTERIOR in record["files"]:
        posterior = _tree(path / POSTERIOR)
    if CONTRACTION in record["files"]:
        contraction = _contraction(path / CONTRACTION)
    tally = None
    if TALLY in record["files"]:
        with np.load(path / TALLY, allow_pickle=False) as kept:
            tally = Tally.from_arrays(dict(kept))
    return Forecast(ensemble, provenance, posterior, contraction, tally)


def load_posterior(folder: str | Path) -> Posterior:
    """Read the posterior of a forecast that :meth:`Forecast.save` wrote, without its draws.

    Parameters
    ----------
    folder : str or Path

    Raises
    ------
    InputError
        If the folder is not that of a forecast that was saved with its posterior, or a file is
        missing, damaged or changed.
    """
    from dispersal.inference.saved import posterior_from

    path = Path(folder)
    record = _record(path)
    if POSTERIOR not in record["files"]:
        raise InputError(
            f"found {path} without {POSTERIOR}, expected a forecast that was saved with its "
            "posterior; forecast the case anew"
        )
    _require_unchanged(path / POSTERIOR, record["files"][POSTERIOR])
    case = _case(path, record)
    return posterior_from(_tree(path / POSTERIOR), case, day_of(record["cutoff"]), record["seed"])


def _tree(file: Path) -> xr.DataTree:
    with xr.open_datatree(file, engine="h5netcdf") as tree:
        return tree.load()


def evidence(case: Case) -> pd.DataFrame:
    """Return every row of evidence that a case knows, with its source in full.

    Returns
    -------
    pandas.DataFrame
        The columns of ``Ledger.query``, with ``tags`` joined by ``;``, and ``source_title``,
        ``source_publisher`` and ``source_url``.
    """
    rows = case.ledger.query()
    sources = case.ledger.sources.set_index("key")
    rows["tags"] = [";".join(sorted(tags)) for tags in rows["tags"]]
    for column in ("title", "author_or_publisher", "url"):
        name = "source_publisher" if column == "author_or_publisher" else f"source_{column}"
        rows[name] = [str(sources[column].get(key, "")) for key in rows["source"]]
    return rows


def _contraction(file: Path) -> pd.DataFrame:
    """Read text and turn it into numbers exactly, which pandas does not promise."""
    table = pd.read_csv(file, index_col="parameter", dtype=str, keep_default_na=False)
    table.index.name = None
    numbers = {str(name): [float(cell) for cell in table[name]] for name in table if name != "unit"}
    return table.assign(**numbers)


def _hashes(path: Path) -> dict[str, str]:
    files = sorted(file for file in path.iterdir() if file.is_file())
    return {file.name: _sha256(file) for file in files}


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _require_unchanged(file: Path, expected: object) -> None:
    if not file.is_file():
        raise InputError(f"found nothing at {file}, expected a file that {RUN} names")
    try:
        found = _sha256(file)
    except OSError as error:
        raise InputError(f"found {file}, expected a readable file: {error.strerror}") from None
    if found != expected:
        raise InputError(f"found {file} damaged or changed, expected it as {RUN} records it")


def _record(path: Path) -> dict[str, Any]:
    file = path / RUN
    if not file.is_file():
        raise InputError(f"found nothing at {file}, expected the folder of a saved forecast")
    try:
        record: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"found {file} damaged ({error}), expected JSON") from None
    needed = ("format", "files", *Provenance.__dataclass_fields__)
    missing = [key for key in needed if key not in record] if isinstance(record, dict) else needed
    if missing:
        raise InputError(f"found {file} without {missing[0]}, expected the record of a forecast")
    if record["format"] not in READABLE:
        raise InputError(
            f"found format {record['format']} in {file}, expected "
            f"{' or '.join(map(str, READABLE))}, which this release of Dispersal reads"
        )
    if not isinstance(record["files"], dict) or DRAWS not in record["files"]:
        raise InputError(f"found {file} without the hash of {DRAWS}, expected it among files")
    return record


def _case(path: Path, record: dict[str, Any]) -> Case:
    folder = path / CASE / str(record["case"])
    try:
        case = load_case(folder).as_known_on(record["cutoff"])
    except CaseError as error:
        raise InputError(f"the case of the saved forecast cannot be read: {error}") from None
    if case.content_hash != record["case_hash"]:
        raise InputError(f"found {folder} changed, expected the case as {RUN} records it")
    return case
