"""From a posterior to a forecast."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dispersal.case.asking import Day, day_of
from dispersal.errors import InputError
from dispersal.forecast.forecast import Forecast

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from dispersal.case import Case
    from dispersal.inference.posterior import Posterior


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


def forecast(
    posterior: Posterior,
    until: Day | None = None,
    draws: int = 1_000,
    seed: int = 1,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
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

    Returns
    -------
    Forecast

    Raises
    ------
    InputError
        If ``draws`` or ``seed`` is out of range, or ``until`` is not after the cut-off or lies
        after the case's period.
    """
    from dispersal.forecast.ensemble import simulate

    design = posterior.design
    last = check_settings(design.case, design.cutoff, until, draws, seed)
    ensemble = simulate(
        posterior, draws=draws, seed=seed, until=last, threads=threads, progress=progress
    )
    seconds = {**posterior.timings, **ensemble.timings}
    timings = {step: round(float(value), 3) for step, value in seconds.items()}
    return Forecast.of(
        replace(ensemble, timings=timings), posterior.to_arviz(), posterior.contraction()
    )
