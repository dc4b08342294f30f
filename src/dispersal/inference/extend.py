"""Draws of a posterior carried to a later cut-off, on the quarters that it was fitted on.

The quarters of a fit end at the instant nearest to its cut-off, so that a cut-off one month later
cuts time elsewhere: another model of the same evidence, too far from the first for its draws to be
reweighed. Here the quarters of the first fit stay, and whole ones are added.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dispersal.model.calendar import Months
from dispersal.model.design import FIT_STEP, KNOT_STEPS, Design, make_design
from dispersal.model.policy import policy_middle
from dispersal.model.pressure import share_held
from dispersal.model.profile import log_profile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dispersal.case import Case
    from dispersal.inference.posterior import Posterior
    from dispersal.model.parameters import Parameter, ParameterTable

FloatArray = NDArray[np.float64]

#: The hazards that have a profile in time.
PROFILES = ("killed", "home")


def design_on(case: Case, cutoff: dt.date, start: dt.date | None = None) -> Design:
    """Return the arrays of a case as known on a day, in quarters counted from a given month.

    Parameters
    ----------
    case : Case
    cutoff : datetime.date
    start : datetime.date, optional
        First month of the quarters; they end at the one of their ends that is nearest to the
        cut-off, up to one and a half months from it. Default, and the same wherever it is that of
        a fit with this cut-off: those of :func:`dispersal.model.design.make_design`.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> design = design_on(load_case("isis_2017"), dt.date(2017, 3, 20), dt.date(2011, 12, 1))
    >>> str(design.months.start), str(design.months.instant(design.months.steps))
    ('2011-12-01', '2017-03-01')
    """
    design = make_design(case, cutoff)
    if start is None or start == design.months.start:
        return design
    quarters = max(round(Months(start, 0).position(cutoff) / FIT_STEP), 1)
    months = Months(start, quarters * FIT_STEP)
    known = design.case
    bans = policy_middle(known, "entry_ban", months)
    return replace(
        design,
        months=months,
        held=share_held(known, known.ledger, months, cutoff)[::FIT_STEP],
        open_home=1.0 - bans[:, FIT_STEP // 2 :: FIT_STEP],
    )


def start_of_quarters(knots: Sequence[str]) -> dt.date | None:
    """Return the first month of a fit from the days of its knots, as a posterior labels them.

    None if they are no days.

    Examples
    --------
    >>> start_of_quarters(["2012-06-01", "2012-12-01"])
    datetime.date(2011, 12, 1)
    """
    try:
        first = dt.date.fromisoformat(str(knots[0]))
    except (IndexError, ValueError):
        return None
    return Months(first, 0).instant(-FIT_STEP * KNOT_STEPS)


def flat(samples: Mapping[str, NDArray[Any]]) -> dict[str, FloatArray]:
    """Return draws of all chains one after the other, shape (draws, ...).

    Examples
    --------
    >>> flat({"a": np.zeros((4, 100, 2))})["a"].shape
    (400, 2)
    """
    return {
        name: np.reshape(values, (-1, *values.shape[2:])).astype(np.float64)
        for name, values in samples.items()
    }


def carried(
    posterior: Posterior, design: Design, seed: int
) -> tuple[dict[str, FloatArray], FloatArray]:
    """Return the draws of a posterior as draws for a later design.

    Steps of the random walks after the last knot come from their prior. The mean of a profile over
    those exposed is one, so that more quarters change the level of every other one; the level of
    the hazard is changed so that the hazard in the first quarter, and with it in all that were
    there, stays what it was. That is a shift of its log by an amount which does not depend on it:
    the Jacobian is one, and only the prior of the level counts.

    Parameters
    ----------
    posterior : Posterior
    design : Design
        With the quarters of the posterior, and perhaps more.
    seed : int
        Of the new steps.

    Returns
    -------
    values : dict of float arrays, shape (draws, ...)
    gained : float array, shape (draws,)
        Log of the density that the priors give to these values over what they gave before.

    Raises
    ------
    ValueError
        If the quarters of the design are not those of the posterior.
    """
    before = posterior.design
    if design.months.start != before.months.start or design.steps < before.steps:
        raise ValueError(
            f"found quarters from {design.months.start} in a design, expected those from "
            f"{before.months.start} and at least {before.steps} of them"
        )
    values = flat(posterior.samples)
    gained = np.zeros(posterior.size)
    for number, name in enumerate(PROFILES):
        steps = values[f"{name}_profile"]
        more = design.knots - before.knots
        rng = np.random.default_rng([seed, number, before.knots])
        longer = np.concatenate([steps, rng.standard_normal((len(steps), more))], axis=1)
        level = posterior.table[f"{name}_hazard"]
        if same_past(before, design) or level.distribution != "lognormal":
            values[f"{name}_profile"] = longer
            continue
        then = np.asarray(log_profile(values, name, before)[0])[:, 0]
        values[f"{name}_profile"] = longer
        now = np.asarray(log_profile(values, name, design)[0])[:, 0]
        old = values[level.name]
        values[level.name] = old * np.exp(then - now)
        gained += _log_prior(level, values[level.name]) - _log_prior(level, old)
    return values, gained


def same_past(before: Design, design: Design) -> bool:
    """Return whether two designs see the same quarters, territory and bans."""
    return (
        before.months == design.months
        and np.array_equal(before.held, design.held)
        and np.array_equal(before.open_home, design.open_home)
    )


def same_quarters(before: Design, design: Design) -> bool:
    """Return whether a design has the quarters of an earlier one, and perhaps more."""
    return design.months.start == before.months.start and design.steps >= before.steps


def changed_priors(before: ParameterTable, after: ParameterTable) -> list[str]:
    """Return the parameters of the fit whose priors differ between two tables."""
    return [
        p.name
        for p in after.of_stage("fit")
        if (p.distribution, p.a, p.b)
        != (before[p.name].distribution, before[p.name].a, before[p.name].b)
    ]


def _log_prior(parameter: Parameter, values: FloatArray) -> FloatArray:
    """Return the log density of the prior on the scale on which it is normal, but a constant."""
    middle = parameter.unconstrain(np.array(parameter.median))
    unit = (parameter.unconstrain(values) - middle) / float(parameter.b)
    return np.asarray(-0.5 * unit**2)
