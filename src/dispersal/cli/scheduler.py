"""Options of commands that can run in batches: where, and where results are kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dispersal.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

Command = TypeVar("Command", bound="Callable[..., Any]")


def scheduler_options(command: Command) -> Command:
    """Add ``--scheduler`` and ``--batches`` to a command."""
    at = click.option(
        "--scheduler",
        metavar="WHERE",
        help="Run batches on Dask: local, local:2 or tcp://host:port [default: this process].",
    )
    kept = click.option(
        "--batches",
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        help="Keep what batches give in FOLDER, shared by all workers; begun again with it, a run "
        "that was broken off goes on [default with --scheduler: beside the results].",
    )
    return at(kept(command))


def batches_folder(scheduler: str | None, batches: Path | None, results: Path) -> Path | None:
    """Return where batches are kept: as asked, or beside the results where there is a scheduler.

    Raises
    ------
    InputError
        If it is the folder of the results, which has to be empty.
    """
    if scheduler is not None:
        from dispersal.batches.cluster import local_workers

        local_workers(scheduler)  # a name that nobody knows is told before the work
    if batches is None:
        return None if scheduler is None else Path(f"{results}-batches")
    if batches.absolute() == results.absolute():
        raise InputError(f"found {batches} as the folder of batches and of results, expected two")
    return batches
