"""Functions that workers can import."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from dispersal.errors import DispersalError, InputError

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.batches import Task


def numbers(scale: float, task: Task) -> dict[str, Any]:
    """Return numbers keyed by seed and place, as draws are."""
    rows = [
        np.random.default_rng([task.seed, at]).normal(scale=scale, size=3)
        for at in range(task.first, task.first + task.count)
    ]
    return {"values": np.array(rows), "process": np.array(os.getpid())}


def dies_once(marker: Path, task: Task) -> dict[str, Any]:
    """End the process at the second task, the first time that it is tried."""
    if task.first == 2 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return numbers(1.0, task)


def dies_always(_: None, task: Task) -> dict[str, Any]:
    """End every process that takes the second task."""
    if task.first == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return numbers(1.0, task)


def fails(kind: str, task: Task) -> dict[str, Any]:
    """Raise."""
    kinds: dict[str, type[Exception]] = {
        "input": InputError,
        "work": DispersalError,
        "other": ZeroDivisionError,
    }
    raise kinds[kind](f"no {task.first}")


def slow(seconds: float, task: Task) -> dict[str, Any]:
    """Take a while."""
    time.sleep(seconds)
    return numbers(1.0, task)


def no_arrays(_: None, task: Task) -> Any:
    """Give something else."""
    return [task.first]
