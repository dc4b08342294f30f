"""A pool as one file, so that a forecast can use it without learning anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile

import numpy as np

from dispersal.errors import InputError
from dispersal.pooling.pool import Pool
from dispersal.pooling.study import Study

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT: Final = 1

_ARRAYS: Final = ("effect", "surprise", "covariance")


def save_pool(pool: Pool, path: str | Path, record: Mapping[str, object]) -> Path:
    """Write a pool to a new file.

    Parameters
    ----------
    pool : Pool
    path : str or Path
    record : mapping
        Seed, versions and hashes of the cases.

    Raises
    ------
    InputError
        If there is a file of this name.
    """
    file = Path(path)
    if file.exists():
        raise InputError(f"{file}: found a file, expected a new name")
    described = {
        "format": FORMAT,
        **record,
        "names": list(pool.studies[0].names),
        "studies": [
            {"case": study.case, "mode": study.mode, "figures": list(study.figures)}
            for study in pool.studies
        ],
    }
    arrays = {
        f"{name}_{at}": getattr(study, name)
        for at, study in enumerate(pool.studies)
        for name in _ARRAYS
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as stream:
        np.savez_compressed(stream, record=np.array(json.dumps(described)), **arrays)
    return file


def load_pool(path: str | Path) -> Pool:
    """Read a pool.

    Raises
    ------
    InputError
        If there is none, or it is not one that this release reads.
    """
    file = Path(path)
    if not file.is_file():
        raise InputError(f"{file}: found no file, expected one that `dispersal learn` wrote")
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            record = json.loads(str(stored["record"]))
            if record["format"] != FORMAT:
                raise InputError(f"{file}: found format {record['format']}, expected {FORMAT}")
            names = tuple(record["names"])
            studies = tuple(
                Study(
                    case=row["case"],
                    mode=row["mode"],
                    names=names,
                    figures=tuple(row["figures"]),
                    **{name: stored[f"{name}_{at}"] for name in _ARRAYS},
                )
                for at, row in enumerate(record["studies"])
            )
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise InputError(
            f"{file}: found {error}, expected a file that `dispersal learn` wrote"
        ) from error
    return Pool(studies)
