"""From past endings to a fitted reference class."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from dispersal.case.asking import day_of
from dispersal.errors import InputError
from dispersal.inference.chains import run_chains
from dispersal.inference.diagnostics import diagnose
from dispersal.reference.history import History, read_history
from dispersal.reference.program import arrays_of, reference_model
from dispersal.reference.readings import readings_of
from dispersal.reference.reference import Reference

if TYPE_CHECKING:
    from collections.abc import Collection

    from dispersal.case.asking import Day
    from dispersal.inference.chains import Progress
    from dispersal.reference.history import Rows

#: The posterior is close to its prior of standard normals: short chains mix well.
TARGET_ACCEPTANCE: Final = 0.8

#: Where the diagnostics of hundreds of parameters fall short, chains this many times as long are
#: tried before giving up.
LONGER: Final = (1, 3)


def fit_reference(
    outcomes: Rows | History | None = None,
    cases: Rows | None = None,
    *,
    sources: Rows | None = None,
    leave_out: str | Collection[str] = (),
    as_known_on: Day | None = None,
    seed: int = 1,
    chains: int = 4,
    warmup: int = 300,
    draws: int = 700,
    workers: int | None = None,
    require: bool = True,
    progress: Progress | None = None,
) -> Reference:
    """Fit the shares of fates by mode of ending to past endings.

    Parameters
    ----------
    outcomes, cases, sources : path or DataFrame, optional
        As for :func:`dispersal.reference.history.read_history`; ``outcomes`` may also be a
        history that was read before. Default: the history of the package.
    leave_out : str or collection of str
        Cases that it must not see, for example the one that is to be forecast.
    as_known_on : day, optional
        The cut-off: figures published later are not seen, nor cases that ended later.
    seed : int
        Same rows in any order, cut-off, seed and version give the same draws.
    chains, warmup, draws : int
        NUTS chains, and iterations of each; if ``require`` and the diagnostics fall short, the
        chains are run again, ``LONGER``.
    workers : int, optional
        Chains that run at once. Does not change the draws.
    require : bool
        Whether to raise if the diagnostics fall short.
    progress : callable, optional
        Called with (iterations done, iterations in all).

    Returns
    -------
    Reference

    Raises
    ------
    CaseError
        If a table cannot be read.
    InputError
        If there is no case of a name to leave out, no such day, or no case is left.
    InferenceError
        If ``require`` and r-hat, effective sample sizes, divergences or BFMI fall short.

    Examples
    --------
    >>> fit_reference(leave_out="farc_2016")
    Traceback (most recent call last):
    ...
    dispersal.errors.InputError: found 'farc_2016', expected a case of the history; did you mean \
'farc_2017'?
    """
    if isinstance(outcomes, History):
        history = outcomes.without(leave_out)
    else:
        history = read_history(outcomes, cases, sources).without(leave_out)
    cutoff = None if as_known_on is None else day_of(as_known_on)
    if cutoff is not None:
        history = history.as_known_on(cutoff)
    if not history.endings:
        raise InputError("found no past ending, expected one at least that ended by the cut-off")
    readings, sizes = readings_of(history)
    data = arrays_of(history, readings, sizes)
    for longer in LONGER if require else LONGER[:1]:
        raw = run_chains(
            partial(reference_model, data),
            {},
            seed=seed,
            chains=chains,
            warmup=warmup,
            draws=longer * draws,
            workers=workers,
            target_acceptance=TARGET_ACCEPTANCE,
            progress=progress,
        )
        flat = {name: value.reshape(*value.shape[:2], -1) for name, value in raw.sites.items()}
        labels = {name: tuple(map(str, range(value.shape[-1]))) for name, value in flat.items()}
        diagnostics = diagnose(flat, raw.statistics, labels)
        if not (require and diagnostics.problems()):
            break
    if require:
        diagnostics.require()
    units = {name: value.reshape(-1, *value.shape[2:]) for name, value in raw.sites.items()}
    return Reference(history, tuple(readings), sizes, data, units, diagnostics, seed, cutoff)
