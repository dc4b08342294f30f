"""Results of batches on disk: written whole or not at all, and read only if they are the ones."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from dispersal.batches.task import Arrays, BatchError

#: Version of the layout of the files.
FORMAT: Final = 1

#: Name of the array that says what a file's other arrays depend on.
HEADER: Final = "header"

Inputs = Mapping[str, Any]


def header_of(work: str, name: str, inputs: Inputs, versions: Mapping[str, str]) -> dict[str, Any]:
    """Return all that a result depends on, as plain data.

    Parameters
    ----------
    work : str
        Name of the function.
    name : str
        Of the task.
    inputs : mapping
        What else the result depends on; large things by their hash.
    versions : mapping
        By package.
    """
    return {
        "format": FORMAT,
        "work": work,
        "task": name,
        "inputs": dict(inputs),
        "versions": dict(versions),
    }


def hash_of(header: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a header.

    Examples
    --------
    >>> hash_of({"seed": 1, "task": "a"}) == hash_of({"task": "a", "seed": 1})
    True
    """
    text = json.dumps(header, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def write_result(file: Path, header: Mapping[str, Any], arrays: Arrays) -> None:
    """Write arrays to a file that is either there as a whole or not at all.

    Raises
    ------
    BatchError
        If the folder cannot be written.
    """
    named = {HEADER: np.array(json.dumps({**header, "hash": hash_of(header)})), **arrays}
    # NumPy's stubs do not know that keywords name arrays.
    write: Callable[..., None] = np.savez
    _write_whole(file, lambda stream: write(stream, **named))


def read_result(file: Path, header: Mapping[str, Any]) -> Arrays | None:
    """Return the arrays of a file, or None if there is none.

    Parameters
    ----------
    file : Path
    header : mapping
        What the result has to depend on.

    Raises
    ------
    BatchError
        If the file is broken, or depends on anything else.
    """
    if not file.exists():
        return None
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}  # zip checks their sums
        found = json.loads(arrays.pop(HEADER).item())
        own = {name: value for name, value in found.items() if name != "hash"}
    except (OSError, ValueError, LookupError, EOFError, AttributeError, TypeError,
            zipfile.BadZipFile, zlib.error) as error:  # fmt: skip
        raise BatchError(
            f"found {file} broken ({error}), expected a result as it was written; delete it, and "
            "it is worked out again"
        ) from None
    expected = hash_of(header)
    if found.get("hash") != expected or hash_of(own) != expected:
        raise BatchError(
            f"found {file} with hash {str(found.get('hash'))[:12]}, expected {expected[:12]}: "
            f"{_difference(own, header)}; choose another folder, or delete the file"
        )
    return arrays


def write_shared(folder: Path, name: str, shared: Any) -> tuple[Path, str]:
    """Write what all batches are worked out from; return the file and its SHA-256."""
    file = folder / f"{name}.pickle"
    content = pickle.dumps(shared)
    _write_whole(file, lambda stream: stream.write(content))
    return file, hashlib.sha256(content).hexdigest()


def read_shared(file: Path, expected: str) -> Any:
    """Return what :func:`write_shared` wrote.

    Raises
    ------
    BatchError
        If it is not there, for example as the folder is not shared with this machine, or if its
        hash is another: nothing is taken out of a file that someone else wrote.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BatchError(
            f"found no readable {file} on a worker ({error.strerror}), expected the folder of the "
            "batches at the same path on every machine"
        ) from None
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise BatchError(f"found {file} with hash {found[:12]}, expected {expected[:12]}")
    return pickle.loads(content)


def ready_folder(folder: str | Path) -> Path:
    """Return a folder that results can be written to, made if it is not there.

    Raises
    ------
    BatchError
        If it cannot be made or written to.
    """
    path = Path(folder).absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise BatchError(
            f"found {path}, expected a folder for batches that can be written: "
            f"{error.strerror or error}"
        ) from None
    return path


def _write_whole(file: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write under another name first: a process may be killed at any time."""
    try:
        with tempfile.NamedTemporaryFile(
            dir=file.parent, prefix=f".{file.name}-", suffix=".part", delete=False
        ) as stream:
            try:
                write(stream)
                stream.flush()
                os.fsync(stream.fileno())
            except BaseException:
                Path(stream.name).unlink(missing_ok=True)
                raise
        Path(stream.name).replace(file)
    except OSError as error:
        raise BatchError(
            f"found {file.parent}, expected a folder for batches that can be written: "
            f"{error.strerror or error}"
        ) from None


def _difference(found: Mapping[str, Any], expected: Mapping[str, Any]) -> str:
    """Say the first thing in which two headers differ."""
    for part in ("inputs", "versions"):
        theirs, ours = found.get(part), expected[part]
        if isinstance(theirs, dict) and theirs != ours:
            for name in [*ours, *theirs]:
                if theirs.get(name) != ours.get(name):
                    what = "version of " if part == "versions" else ""
                    return (
                        f"it was made with {what}{name} {str(theirs.get(name))[:40]}, "
                        f"not {str(ours.get(name))[:40]}"
                    )
    for name in expected:
        if found.get(name) != expected[name]:
            return f"it was made with {name} {found.get(name)}, not {expected[name]}"
    return "it was changed"
