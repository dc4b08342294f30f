"""From a posterior to a forecast."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dispersal.case.asking import Day, day_of
from dispersal.errors import InputError
from dispersal.forecast.forecast import Forecast

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from dispersal.case import Case
    from dispersal.inference.posterior import Posterior


#: All draws are kept up to so many, unless asked for otherwise; of more, so many.
MOST_KEPT: Final = 10_000
KEPT: Final = 500


def check_settings(
    case: Case, cutoff: dt.date, until: Day | None, draws: int, seed: int
) -> dt.date | None:
    """Return the last day of a forecast, None if it is that of the case.

    Raises
    ------
    InputError
        If ``draws`` or ``seed`` is out of range, the cut-off is not within the case's period, or
        ``until`` is not after the cut-off or lies after the case's period.
    """
    if cutoff <= case.period.start:
        raise InputError(
            f"found the cut-off {cutoff}, expected a day after the beginning of the case's "
            f"period, {case.period.start}"
        )
    if draws < 1:
        raise InputError(f"found {draws} draws, expected 1 or more")
    if seed < 0:
        raise InputError(f"found seed {seed}, expected 0 or more")
    last = None if until is None else day_of(until)
    if not cutoff < (last or case.period.until) <= case.period.until:
        raise InputError(
            f"found {last or case.period.until} as the last day, expected a day after the "
            f"cut-off, {cutoff}, and by the end of the case's period, {case.period.until}"
        )
    return last


def kept_of(draws: int, keep: int | None) -> int:
    """Return how many draws are kept whole: as asked, or all of up to ``MOST_KEPT``.

    Raises
    ------
    InputError
        If none would be kept.

    Examples
    --------
    >>> kept_of(1_000, None), kept_of(100_000, None), kept_of(1_000, 5_000)
    (1000, 500, 1000)
    """
    if keep is not None and keep < 1:
        raise InputError(f"found {keep} draws to keep, expected 1 or more")
    wanted = (draws if draws <= MOST_KEPT else KEPT) if keep is None else keep
    return min(wanted, draws)


def forecast(
    posterior: Posterior,
    until: Day | None = None,
    draws: int = 1_000,
    seed: int = 1,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    keep: int | None = None,
    scheduler: str | None = None,
    batches: str | Path | None = None,
) -> Forecast:
    """Simulate where everyone goes, from the posterior of a case.

    Parameters
    ----------
    posterior : Posterior
        From :func:`dispersal.fit`.
    until : str, date or time stamp, optional
        Last day; default: the end of the case's period.
    draws : int
        Number of draws; the first ones do not change when more are asked for.
    seed : int
        Same posterior, seed and version give the same bits, whatever the number of threads.
    threads : int, optional
        Default: as many as there are cores.
    progress : callable, optional
        Called with (done, in all).
    keep : int, optional
        Draws that are kept whole, the first ones; of the others only what the summary needs is
        kept, so that 100,000 fit in memory. Default: all of up to 10,000 draws, 500 of more.
    scheduler : str, optional
        Where batches of draws are simulated (docs/scale.md): ``local``, ``local:<workers>`` or
        the address of a Dask scheduler. Does not change the draws. Default: in this process.
    batches : str or Path, optional
        Folder that keeps what batches give, so that a forecast that was broken off goes on.

    Returns
    -------
    Forecast

    Raises
    ------
    InputError
        If ``draws`` or ``seed`` is out of range, or ``until`` is not after the cut-off or lies
        after the case's period; if ``keep`` is, or batches cannot be used.
    DispersalError
        If a batch ends the workers that take it.
    """
    from dispersal.forecast.ensemble import simulate

    began = time.perf_counter()
    design = posterior.design
    last = check_settings(design.case, design.cutoff, until, draws, seed)
    kept, tally = kept_of(draws, keep), None
    if kept == draws and scheduler is None and batches is None:
        ensemble = simulate(
            posterior, draws=draws, seed=seed, until=last, threads=threads, progress=progress
        )
    else:
        from dispersal.forecast.batched import simulate_in_batches

        ensemble, tally = simulate_in_batches(
            posterior,
            draws=draws,
            seed=seed,
            until=last or design.case.period.until,
            keep=kept,
            threads=threads,
            scheduler=scheduler,
            folder=batches,
            progress=progress,
        )
        ensemble.timings["simulate"] = time.perf_counter() - began
    seconds = {**posterior.timings, **ensemble.timings}
    timings = {step: round(float(value), 3) for step, value in seconds.items()}
    return Forecast.of(
        replace(ensemble, timings=timings), posterior.to_arviz(), posterior.contraction(), tally
    )
