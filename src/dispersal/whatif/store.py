"""Answers to questions about a run, kept beside it for its report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dispersal.errors import InputError
from dispersal.forecast.quantities import require_name
from dispersal.forecast.store import RUN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispersal.forecast.forecast import Forecast

#: Folder of a run that holds the answers.
FOLDER: Final = "whatif"

#: Questions that can be put to a run.
KINDS: Final = (
    "levers",
    "experts",
    "update",
    "influence",
    "sensitivity",
    "information",
    "indicators",
)


def head(kind: str, forecast: Forecast) -> dict[str, Any]:
    """Return what every answer begins with: its kind, and what it was asked of."""
    require_name("kind", kind, KINDS)
    provenance = forecast.provenance
    return {
        "kind": kind,
        "case": provenance.case,
        "case_hash": provenance.case_hash,
        "cutoff": provenance.cutoff,
        "seed": provenance.seed,
        "draws": provenance.draws,
        "versions": dict(provenance.versions),
    }


def keep(run: Path, record: Mapping[str, Any]) -> Path:
    """Write an answer into the folder of a run.

    An earlier answer of the same kind is kept under the next free number; nothing is overwritten.

    Parameters
    ----------
    run : Path
        Folder of a saved forecast.
    record : mapping
        Plain data that begins as :func:`head` gives it.

    Returns
    -------
    Path
        ``whatif/<kind>.json`` in the folder.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    require_name("kind", str(record["kind"]), KINDS)
    text = json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    file = run / FOLDER / f"{record['kind']}.json"
    try:
        file.parent.mkdir(exist_ok=True)
        if file.exists():
            number = 1
            while (earlier := file.with_stem(f"{file.stem}-{number}")).exists():
                number += 1
            file.rename(earlier)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"found {file}, expected a file that can be written: {error.strerror or error}"
        ) from None
    return file


def keep_for(asked: str | Path, record: Mapping[str, Any]) -> Path | None:
    """Keep an answer if what was asked is the folder of a saved forecast; return the file."""
    return keep(Path(asked), record) if (Path(asked) / RUN).is_file() else None


def kept(run: Path) -> dict[str, dict[str, Any]]:
    """Return the latest answers in the folder of a run, by kind.

    Raises
    ------
    InputError
        If a file there is no answer of its kind.
    """
    found = {}
    for kind in KINDS:
        file = run / FOLDER / f"{kind}.json"
        if not file.is_file():
            continue
        try:
            record = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(f"found {file} damaged ({error}), expected JSON") from None
        if not isinstance(record, dict) or record.get("kind") != kind:
            raise InputError(f"found {file} of another kind, expected an answer of kind {kind}")
        found[kind] = record
    return found
