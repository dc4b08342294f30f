"""A task: a part of some work, named by what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispersal.errors import DispersalError, InputError

#: What a batch gives: arrays by name.
Arrays = dict[str, NDArray[Any]]


class BatchError(InputError):
    """A folder of batches, a scheduler's address or a worker is not as it has to be."""


class BatchFailedError(DispersalError):
    """A batch cannot be finished."""


@dataclass(frozen=True, order=True)
class Task:
    """Items ``first`` to ``first + count`` of some work.

    Parameters
    ----------
    kind : str
        Letters, digits, hyphens and underscores.
    seed : int
    first, count : int

    Examples
    --------
    >>> Task("draws", 1, 80, 40).name
    'draws-seed1-80-119'
    """

    kind: str
    seed: int
    first: int
    count: int

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_-]+", self.kind):
            raise BatchError(
                f"found a task of kind {self.kind!r}, expected letters, digits, hyphens and "
                "underscores: it names a file"
            )
        if self.seed < 0 or self.first < 0 or self.count < 1:
            raise BatchError(
                f"found a task with seed {self.seed} and {self.count} items from {self.first}, "
                "expected a seed and a first item of 0 or more, and an item or more"
            )

    @property
    def name(self) -> str:
        """The task's name, and its file's without the ending."""
        last = self.first + self.count - 1
        return f"{self.kind}-seed{self.seed}-{self.first}-{last}"


def split(kind: str, seed: int, items: int, size: int, first: int = 0) -> list[Task]:
    """Return the tasks that some items fall into.

    Parameters
    ----------
    kind : str
    seed : int
    items : int
        In all, 0 or more.
    size : int
        Items of a task; the last may have fewer.
    first : int
        Number of the first item.

    Examples
    --------
    >>> [task.name for task in split("draws", 1, 100, 40)]
    ['draws-seed1-0-39', 'draws-seed1-40-79', 'draws-seed1-80-99']
    """
    end = first + items
    return [Task(kind, seed, at, min(size, end - at)) for at in range(first, end, size)]


def require_arrays(task: Task, found: Any) -> Arrays:
    """Return what a batch gave if it is arrays by name.

    Raises
    ------
    BatchFailedError
        If not, or if an array holds Python objects, which no file keeps.
    """
    good = isinstance(found, dict) and all(
        isinstance(name, str) and isinstance(value, np.ndarray) and not value.dtype.hasobject
        for name, value in found.items()
    )
    if not good:
        raise BatchFailedError(f"batch {task.name}: found {found!r:.80}, expected arrays by name")
    return dict(found)
