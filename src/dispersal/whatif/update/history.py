"""The forecasts that a run was brought up to date from, one after the other, and their answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from dispersal.errors import InputError
from dispersal.forecast.store import RUN
from dispersal.whatif.update.outputs import quantiles, read_outputs

#: File of an updated run that holds its history.
HISTORY: Final = "history.json"


def history_of(run: str | Path) -> list[dict[str, Any]]:
    """Return the forecasts that a saved one goes back to, the first one first, itself last.

    Parameters
    ----------
    run : str or Path
        Folder of a saved forecast; one that no other was updated to has a history of one.

    Returns
    -------
    list of dict
        ``run`` (name of the folder), ``cutoff``, ``case_hash``, ``seed``, ``draws``, ``added``
        (rows that were new), ``method`` (``fitted``, ``reweighed`` or ``refitted``), ``day`` (the
        last day), and ``outputs``: [p10, p50, p90] on that day by origin (``foreign``, ``local``
        or a home country) and quantity, persons.

    Raises
    ------
    InputError
        If the folder is not that of a saved forecast, or its history is damaged.

    Examples
    --------
    >>> history_of("no_such_run")
    Traceback (most recent call last):
    ...
    dispersal.errors.InputError: found nothing at no_such_run/run.json, expected the folder of a \
saved forecast
    """
    folder = Path(run)
    if not (folder / RUN).is_file():
        raise InputError(
            f"found nothing at {folder / RUN}, expected the folder of a saved forecast"
        )
    file = folder / HISTORY
    if not file.is_file():
        return [entry(folder, (), "fitted")]
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        forecasts = record["forecasts"]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InputError(f"found {file} damaged ({error}), expected a history") from None
    if not isinstance(forecasts, list) or not forecasts:
        raise InputError(f"found {file} without forecasts, expected a history")
    return forecasts


def entry(run: Path, added: tuple[str, ...], method: str) -> dict[str, Any]:
    """Return what a history tells of one saved forecast."""
    record = json.loads((run / RUN).read_text(encoding="utf-8"))
    day, outputs = read_outputs(run)
    return {
        "run": run.resolve().name,
        **{key: record[key] for key in ("cutoff", "case_hash", "seed", "draws")},
        "added": list(added),
        "method": method,
        "day": day,
        "outputs": quantiles(outputs),
    }


def write_history(run: Path, forecasts: list[dict[str, Any]]) -> Path:
    """Write the history of a new run.

    Raises
    ------
    InputError
        If there is one already, or the folder cannot be written.
    """
    file = run / HISTORY
    text = json.dumps({"forecasts": forecasts}, indent=1, ensure_ascii=False, allow_nan=False)
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text + "\n")
    except OSError as error:
        raise InputError(
            f"found {file}, expected a file that can be written: {error.strerror or error}"
        ) from None
    return file
