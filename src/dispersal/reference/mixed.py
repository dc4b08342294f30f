"""The reference class for a case: over the modes of ending that it expects."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from dispersal.case.question import ParameterOverride
from dispersal.case.schema import END_MODES
from dispersal.model.fates import FATES
from dispersal.reference.fit import fit_reference
from dispersal.reference.history import read_history

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.case import Case
    from dispersal.case.asking import Day
    from dispersal.reference.reference import Reference

#: Parameters of where the dislodged go, against death, and the fate each of them leads to.
DISLODGED: Final = {f"displaced_{fate}": fate for fate in FATES if fate != "killed"}

#: Draws of the shares that the priors are made from.
DRAWS: Final = 4_000


def with_reference_fates(
    case: Case, as_known_on: Day | None = None, *, seed: int = 1, reference: Reference | None = None
) -> Case:
    """Return a case whose dislodged members go where those of past groups went.

    The utilities of capture, hiding, moving on and home against death get normal priors with the
    mean and deviation of the log ratios of the reference class's shares [1]_, over the modes of
    ending that the case expects. A prior that the case gives itself stays, and
    past endings that tell of the case itself (its ``reference_cases``) are left out.

    Parameters
    ----------
    case : Case
    as_known_on : day, optional
        What is published later of past cases is not seen; default: the day of the question.
    seed : int
    reference : Reference, optional
        Default: fitted to the built-in history as known on that day.

    Returns
    -------
    Case

    Raises
    ------
    InferenceError
        If the reference class cannot be fitted.

    References
    ----------
    .. [1] Aitchison (1986), The Statistical Analysis of Compositional Data, chapter 6.
    """
    history = read_history()
    own = set(case.reference_cases) & set(history.names)
    known = reference or fit_reference(
        history, leave_out=own, as_known_on=as_known_on or case.asked_on, seed=seed
    )
    shares = mixed_shares(known, case, DRAWS, seed)
    taken = {}
    for name, fate in DISLODGED.items():
        ratio = np.log(shares[fate]) - np.log(shares["killed"])
        prior = (float(ratio.mean()), float(ratio.std()))
        taken[name] = ParameterOverride(prior=prior, source="the reference class")
    question = case.question_file
    parameters = taken | dict(case.parameters)
    return replace(case, question_file=question.model_copy(update={"parameters": parameters}))


def mixed_shares(
    reference: Reference, case: Case, draws: int, seed: int
) -> dict[str, NDArray[np.float64]]:
    """Return draws of the share of each fate, over the modes of ending that a case expects.

    Returns
    -------
    dict of float arrays, shape (draws,)
    """
    modes = case.end.modes
    chances = np.array([modes[mode] for mode in END_MODES], dtype=float)
    often = np.random.default_rng([seed, 0]).multinomial(draws, chances / chances.sum())
    parts = [
        reference.shares(mode, int(count), seed=seed).draws
        for mode, count in zip(END_MODES, often, strict=True)
        if count
    ]
    joined = pd.concat(parts, ignore_index=True)
    return {fate: joined[fate].to_numpy(float) for fate in FATES}
