"""Fits that are batches: each is kept in a file, so that none has to be made twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from dispersal.batches import Task, run_batches
from dispersal.inference.extend import design_on
from dispersal.inference.fit import fit
from dispersal.inference.saved import assembled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from dispersal.case import Case
    from dispersal.inference.chains import Progress
    from dispersal.inference.posterior import Posterior

#: Settings of a fit that do not change its draws.
WITHOUT_EFFECT = ("workers", "progress")


@dataclass(frozen=True, eq=False)
class Fits:
    """What fits of one case on several days need."""

    case: Case
    settings: Mapping[str, Any] = field(default_factory=dict)


def fits_in_batches(
    case: Case,
    days: Sequence[dt.date],
    *,
    seed: int,
    folder: str | Path,
    scheduler: str | None = None,
    settings: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Iterator[tuple[dt.date, Posterior]]:
    """Fit a case as known on some days, each fit a batch; give them as they are ready.

    Parameters
    ----------
    case : Case
    days : sequence of dates
        The cut-offs.
    seed : int
    folder, scheduler
        As for :func:`dispersal.batches.run_batches`.
    settings : mapping, optional
        Of :func:`dispersal.inference.fit.fit`. Their ``progress`` is not told of fits elsewhere.
    progress : callable, optional
        Called with (fits done, fits in all).

    Yields
    ------
    day : date
    posterior : Posterior
        With the draws that ``fit`` gives, to the last bit.

    Raises
    ------
    BatchFailedError
        If a fit falls short on a worker.
    InferenceError
        If it does in this process.
    """
    asked = dict(settings or {})
    if scheduler is not None:
        asked = {name: value for name, value in asked.items() if name not in WITHOUT_EFFECT}
        asked["workers"] = 1
    inputs = {
        "case": case.content_hash,
        "seed": seed,
        **{name: value for name, value in asked.items() if name not in WITHOUT_EFFECT},
    }
    tasks = {Task(f"fit-{day.isoformat()}", seed, 0, 1): day for day in days}
    found = run_batches(
        work_of_fit,
        list(tasks),
        Fits(case, asked),
        inputs,
        folder=folder,
        scheduler=scheduler,
        progress=progress,
    )
    for task, arrays in found:
        yield tasks[task], posterior_of(arrays, case, tasks[task], seed)


def fit_once(
    case: Case, cutoff: dt.date, seed: int, folder: str | Path, settings: Mapping[str, Any]
) -> Posterior:
    """Fit a case in this process, or return the fit that a folder of batches keeps."""
    found = fits_in_batches(case, [cutoff], seed=seed, folder=folder, settings=settings)
    return dict(found)[cutoff]


def work_of_fit(shared: Fits, task: Task) -> dict[str, NDArray[Any]]:
    """Fit; give the draws, the sampler's statistics and the seconds."""
    day = dt.date.fromisoformat(task.kind.removeprefix("fit-"))
    made = fit(shared.case, as_known_on=day, seed=task.seed, **shared.settings)
    return {
        **{f"sample {name}": np.asarray(values) for name, values in made.samples.items()},
        **{f"statistic {name}": np.asarray(values) for name, values in made.statistics.items()},
        **{f"seconds {name}": np.array(seconds) for name, seconds in made.timings.items()},
    }


def posterior_of(
    arrays: Mapping[str, NDArray[Any]], case: Case, cutoff: dt.date, seed: int
) -> Posterior:
    """Return the posterior of which :func:`work_of_fit` gave the arrays."""

    def named(kind: str) -> dict[str, NDArray[Any]]:
        return {
            name.removeprefix(f"{kind} "): values
            for name, values in arrays.items()
            if name.startswith(f"{kind} ")
        }

    seconds = {name: float(value) for name, value in named("seconds").items()}
    design = design_on(case, cutoff, None)
    return assembled(design, named("sample"), named("statistic"), seed, seconds)
