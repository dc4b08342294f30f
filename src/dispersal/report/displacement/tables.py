"""Results as files: camps by day, errors, and what made them."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from dispersal.report.displacement.results import FED

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.report.displacement.results import Results

CAMPS: Final = "camps.csv"
ERRORS: Final = "errors.csv"
RUN: Final = "run.json"

#: Version of the layout of the files (docs/displacement.md).
FORMAT: Final = 1

#: Quantiles in camps.csv, by the names of their columns.
COLUMNS: Final = ("p2_5", "p10", "p50", "p90", "p97_5")


def camps_table(results: Results) -> pd.DataFrame:
    """Return one row a day and camp, from the first day that is forecast.

    Columns ``date``, ``camp``, the quantiles (of draws) or ``expected`` (without), and ``counted``,
    the folder's figures on lines between them.
    """
    days, camps = results.middle.shape
    dates = pd.date_range(results.date(results.first), periods=days, freq="D")
    values = (
        {name: results.spread[name].ravel() for name in COLUMNS}
        if results.spread
        else {"expected": results.middle.ravel()}
    )
    return pd.DataFrame(
        {
            "date": np.repeat(dates.strftime("%Y-%m-%d").to_numpy(), camps),
            "camp": np.tile(np.array(results.camps, dtype=object), days),
            **values,
            "counted": results.counted[results.first :].ravel(),
        }
    )


def errors_table(results: Results) -> pd.DataFrame:
    """Return the errors with ``words`` for each row and whether it is ``fed`` the answer."""
    table = results.errors.reset_index()
    names = table["forecast"].astype(str)
    words = [results.names[name].removesuffix(" *") for name in names]
    return table.assign(fed=names.isin(FED), words=words)


def run_record(results: Results) -> dict[str, Any]:
    """Return what made the results, and how often its intervals held."""
    return {
        "format": FORMAT,
        "rules": results.rules,
        **results.provenance,
        "start": results.date(0).isoformat(),
        "days": results.days,
        "first_day": results.first,
        "coverage": {f"{level:g}": share for level, share in results.coverage.items()},
        "settings": dataclasses.asdict(results.folder.settings),
        "notes": [str(note) for note in results.folder.notes],
    }


def write_tables(results: Results, path: Path) -> None:
    """Write camps.csv and errors.csv into a folder."""
    camps_table(results).to_csv(path / CAMPS, index=False, float_format="%.10g")
    errors_table(results).to_csv(path / ERRORS, index=False, float_format="%.6g")


def write_run(results: Results, path: Path) -> None:
    """Write run.json, with the SHA-256 of every other file of the folder."""
    hashes = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(path.iterdir())
    }
    record = {**run_record(results), "files": hashes}
    text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    (path / RUN).write_text(text, encoding="utf-8")
