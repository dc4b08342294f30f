"""The run that a question is put to: a saved one, or one that is made for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dispersal.case import Case, load_case
from dispersal.forecast.make import check_settings, forecast
from dispersal.forecast.store import RUN, load_forecast, load_posterior
from dispersal.inference.fit import fit
from dispersal.inference.posterior import Posterior

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispersal.case.asking import Day
    from dispersal.forecast.forecast import Forecast

    Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Run:
    """A posterior and the forecast made from it.

    Parameters
    ----------
    posterior : Posterior
    forecast : Forecast
    folder : Path or None
        Where it is saved.
    """

    posterior: Posterior
    forecast: Forecast
    folder: Path | None = None


def is_run(name: str | Path) -> bool:
    """Return whether a name is that of a folder with a saved forecast.

    Examples
    --------
    >>> is_run("isis_2017")
    False
    """
    return (Path(name) / RUN).is_file()


def open_run(
    asked: Case | str | Path,
    *,
    as_known_on: Day | None = None,
    draws: int = 1_000,
    seed: int = 1,
    workers: int | None = None,
    fitting: Progress | None = None,
    simulating: Progress | None = None,
) -> Run:
    """Return a saved run, or fit and simulate a case.

    Parameters
    ----------
    asked : Case, str or Path
        The folder of a saved forecast, a case, its folder or its name.
    as_known_on, draws, seed, workers
        As for :func:`dispersal.fit` and :func:`dispersal.forecast`; not used for a saved run.
    fitting, simulating : callable, optional
        Called with (done, in all).

    Raises
    ------
    CaseError
        If the case cannot be read.
    InputError
        If the saved run cannot be read.
    InferenceError
        If the fit falls short.
    """
    if not isinstance(asked, Case) and is_run(asked):
        folder = Path(asked)
        return Run(load_posterior(folder), load_forecast(folder), folder)
    posterior = posterior_of(
        asked, as_known_on=as_known_on, seed=seed, workers=workers, progress=fitting
    )
    made = forecast(posterior, draws=draws, seed=seed, threads=workers, progress=simulating)
    return Run(posterior, made)


def posterior_of(
    asked: Posterior | Case | str | Path,
    *,
    as_known_on: Day | None = None,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Posterior:
    """Return the posterior of a saved run without its forecast, or fit a case.

    Parameters, and what is raised, are those of :func:`open_run`.
    """
    if isinstance(asked, Posterior):
        return asked
    if not isinstance(asked, Case) and is_run(asked):
        return load_posterior(asked)
    case = asked if isinstance(asked, Case) else load_case(asked)
    cutoff = case.asked_on if as_known_on is None else as_known_on
    known = case.as_known_on(cutoff)
    assert known.known_on is not None
    check_settings(case, known.known_on, None, 1, seed)
    return fit(case, as_known_on=known.known_on, seed=seed, workers=workers, progress=progress)
