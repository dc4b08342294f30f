"""What happens on a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dispersal.batches.cluster import require_same_versions, versions
from dispersal.batches.files import read_result, read_shared, write_result
from dispersal.batches.task import Arrays, Task, require_arrays
from dispersal.errors import DispersalError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Work = Callable[[Any, Task], Arrays]


def file_of(folder: Path, task: Task) -> Path:
    """Return where the result of a task is kept."""
    return folder / f"{task.name}.npz"


def on_worker(
    work: Work, task: Task, shared: tuple[Path, str], header: Mapping[str, Any]
) -> tuple[str, str] | None:
    """Work out a result and write it, unless it is there; return what went wrong, if anything.

    Parameters
    ----------
    work : callable
    task : Task
    shared : tuple
        File of what all tasks need, and its hash.
    header : mapping
        What the result depends on.

    Returns
    -------
    tuple of str or None
        Kind of error and its message: errors of our own need not survive pickling.
    """
    file, content = shared
    result = file_of(file.parent, task)
    try:
        require_same_versions(versions(), header["versions"])
        if read_result(result, header) is None:
            arrays = require_arrays(task, work(_kept(file, content), task))
            write_result(result, header, arrays)
    except InputError as error:
        return "input", str(error)
    except DispersalError as error:
        return "work", str(error)
    return None


def squares(added: int, task: Task) -> Arrays:
    """Return whole numbers' squares with something added: the least work there can be."""
    return {"squares": np.arange(task.first, task.first + task.count) ** 2 + added}


#: What tasks share, by its hash: that of the last task alone, whatever file it came from.
_KEPT: dict[str, Any] = {}


def _kept(file: Path, content: str) -> Any:
    if content not in _KEPT:
        _KEPT.clear()
        _KEPT[content] = read_shared(file, content)
    return _KEPT[content]
