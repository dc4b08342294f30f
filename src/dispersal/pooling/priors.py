"""Learnt deviations as priors of a case."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dispersal.case.question import ParameterOverride
from dispersal.model.parameters import case_table

if TYPE_CHECKING:
    from dispersal.case import Case
    from dispersal.model.parameters import Parameter
    from dispersal.pooling.pool import Learnt

#: Changes smaller than this, in units of the prior, are left alone.
LEAST: Final = 0.02


def with_learnt_priors(case: Case, learnt: Learnt) -> Case:
    """Return a case whose forward parameters have the priors that a pool gives them.

    A prior that the case gives itself is moved like the table's: what is learnt is how far such
    priors were off. How parameters go together is not carried over.

    Parameters
    ----------
    case : Case
    learnt : Learnt
        From a pool that the case is not in.
    """
    table = case_table(case)
    taken = dict(case.parameters)
    source = f"learnt from {', '.join(learnt.cases)}"
    for name, mean, deviation in zip(learnt.names, learnt.mean, learnt.deviation, strict=True):
        if abs(mean) < LEAST and abs(1.0 - deviation) < LEAST:
            continue
        own = taken.get(name)
        text = source if own is None else f"{own.source}; {source}"
        prior = moved(table[name], float(mean), float(deviation))
        taken[name] = ParameterOverride(prior=prior, source=text)
    question = case.question_file.model_copy(update={"parameters": taken})
    return replace(case, question_file=question)


def moved(parameter: Parameter, mean: float, deviation: float) -> tuple[float, float]:
    """Return the numbers of a prior whose standard normal has another mean and deviation.

    Examples
    --------
    >>> from dispersal.model.parameters import table
    >>> moved(table()["killed_pressure"], 1.0, 0.5)
    (1.2, 0.25)
    """
    a, b = float(parameter.a), float(parameter.b)
    if parameter.distribution == "normal":
        return a + b * mean, b * deviation
    if parameter.distribution == "lognormal":
        return a * math.exp(b * mean), b * deviation
    assert parameter.distribution == "share", parameter.name
    logit = math.log(a / (1.0 - a)) + b * mean
    return 1.0 / (1.0 + math.exp(-logit)), b * deviation
