"""An ensemble in batches: on many machines, broken off and gone on with, or too large to keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dispersal.batches import Task, run_batches, split, usable_workers
from dispersal.forecast.ensemble import blank, simulate
from dispersal.forecast.labelled import whole_numbers
from dispersal.forecast.tally import Tally, merged

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from dispersal.forecast.ensemble_types import Ensemble
    from dispersal.inference.posterior import Posterior

#: Draws of a batch that are kept whole, a second's work or more; and of one that is tallied.
WHOLE: Final = 80
TALLIED: Final = 500

#: Draws that are simulated, and held in memory, at a time where they are tallied.
PART: Final = 40

#: Arrays of an ensemble with a row for each draw.
ROWS: Final = (
    "fates", "places", "arrivals", "end", "mode", "reported", "strata_places", "moves"
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Shared:
    """What every batch of an ensemble needs."""

    posterior: Posterior
    until: dt.date


def simulate_in_batches(
    posterior: Posterior,
    *,
    draws: int,
    seed: int,
    until: dt.date,
    keep: int,
    threads: int | None = None,
    scheduler: str | None = None,
    folder: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Ensemble, Tally | None]:
    """Simulate as :func:`dispersal.forecast.ensemble.simulate` does, to the same bits.

    Parameters
    ----------
    posterior, draws, seed, until, threads, progress
        As there.
    keep : int
        Draws that are kept whole, 1 to ``draws``; the first ones.
    scheduler, folder
        As for :func:`dispersal.batches.run_batches`.

    Returns
    -------
    ensemble : Ensemble
        Of the draws that are kept.
    tally : Tally or None
        Of ``whole_numbers`` of all draws; None if all are kept.
    """
    ensemble = blank(posterior, draws=keep, seed=seed, until=until)
    shared = Shared(posterior, until)
    tasks = split("draws", seed, keep, WHOLE)
    tasks += split("tally", seed, draws - keep, TALLIED, first=keep)
    inputs: dict[str, str | int] = {
        "case": posterior.design.case.content_hash,
        "cutoff": posterior.design.cutoff.isoformat(),
        "posterior": posterior.content_hash,
        "until": until.isoformat(),
        "seed": seed,
    }
    found = run_batches(
        work_of_ensemble,
        tasks,
        shared,
        inputs,
        folder=folder,
        scheduler=scheduler,
        at_once=threads or usable_workers(),
        progress=progress,
    )

    def tallies() -> Iterator[Tally]:
        for task, arrays in found:
            if task.kind == "tally":
                yield Tally.from_arrays(arrays)
                continue
            _fill(ensemble, slice(task.first, task.first + task.count), arrays)
            if keep < draws:
                rows = slice(task.first, task.first + task.count)
                yield Tally.of([whole_numbers(ensemble, rows)])

    if keep < draws:
        return ensemble, merged(tallies())
    for _ in tallies():
        raise AssertionError("nothing is tallied where all is kept")
    return ensemble, None


def work_of_ensemble(shared: Shared, task: Task) -> dict[str, NDArray[Any]]:
    """Simulate some draws: all of them as arrays, or a tally of them."""
    if task.kind == "draws":
        found = _simulated(shared, task.seed, task.first, task.count)
        arrays = {name: getattr(found, name) for name in ROWS}
        for name in found.bias:
            arrays[f"bias {name}"], arrays[f"error {name}"] = found.bias[name], found.error[name]
        return arrays
    parts = split("part", task.seed, task.count, PART, task.first)
    runs = (_simulated(shared, task.seed, part.first, part.count) for part in parts)
    return Tally.of(whole_numbers(run, slice(None)) for run in runs).arrays()


def _simulated(shared: Shared, seed: int, first: int, count: int) -> Ensemble:
    return simulate(
        shared.posterior, draws=count, seed=seed, until=shared.until, threads=1, first_draw=first
    )


def _fill(ensemble: Ensemble, rows: slice, arrays: dict[str, NDArray[Any]]) -> None:
    for name in ROWS:
        getattr(ensemble, name)[rows] = arrays[name]
    for name in ensemble.bias:
        ensemble.bias[name][rows] = arrays[f"bias {name}"]
        ensemble.error[name][rows] = arrays[f"error {name}"]
