"""One case as a study of the forward parameters: its outcomes, and how draws would have had them.

The forecast of the case as on the day of its question, with the end as it came, gives for every
draw of the parameters what would have been published. A linear regression of these on the
parameters, in units of their priors, is the likelihood that the pool works with:
y = α + Bᵀz + ε, with the full covariance of ε over the figures. It is a Gaussian emulator, linear
in the parameters (Kennedy and O'Hagan 2001, Journal of the Royal Statistical Society B 63:425).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dispersal.case.question import EndJudgement
from dispersal.case.schema import END_MODES
from dispersal.errors import InputError
from dispersal.forecast.make import forecast
from dispersal.forecast.quantities import PUBLISHED
from dispersal.forecast.world import World
from dispersal.inference.fit import fit
from dispersal.record.outcomes import published_values
from dispersal.record.totals import records

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from dispersal.case import Case
    from dispersal.forecast.forecast import Forecast
    from dispersal.inference.posterior import Posterior
    from dispersal.reference import History

FloatArray = NDArray[np.float64]

#: Draws of a case's forecast: some ten for each parameter.
DRAWS: Final = 1_000

#: Penalty of the regression, as if so many draws had shown no effect.
RIDGE: Final = 10.0

#: Effects within so many standard errors of none count as none, and larger ones are shrunk: with
#: tens of parameters, chance effects of those that do not matter would add up.
NOISE: Final = 2.0

#: Least deviation of the log of a figure given the parameters.
LEAST: Final = 0.1


@dataclass(frozen=True, eq=False)
class Study:
    """What the K outcomes of a case say of P parameters.

    Parameters
    ----------
    case : str
    mode : str
        How it ended.
    names : tuple of str, length P
        Parameters, in units of their priors.
    figures : tuple of str, length K
        Outcomes compared.
    effect : float array, shape (P, K)
        B: how a unit of a parameter moves log(1 + n) of a figure.
    surprise : float array, shape (K,)
        y − α: the figure's log(1 + n) less what the priors expected.
    covariance : float array, shape (K, K)
        Of what is not due to the parameters: chance, the fit, definitions of publishers.
    """

    case: str
    mode: str
    names: tuple[str, ...]
    figures: tuple[str, ...]
    effect: FloatArray
    surprise: FloatArray
    covariance: FloatArray


def fit_cases(
    cases: Sequence[Case],
    *,
    seed: int = 1,
    progress: Callable[[str], Callable[[int, int], None]] | None = None,
    fit_settings: Mapping[str, Any] | None = None,
) -> dict[str, Posterior]:
    """Fit each case to what was known on the day of its question.

    Raises
    ------
    InferenceError
        If the diagnostics of a fit fall short and ``fit_settings`` does not say to go on.
    """
    step = progress or (lambda _: lambda _done, _total: None)
    return {
        case.name: fit(
            case, seed=seed, progress=step(f"fitting {case.name}"), **(fit_settings or {})
        )
        for case in cases
    }


def study_of(
    case: Case, posterior: Posterior, history: History, *, draws: int = DRAWS, seed: int = 1
) -> Study:
    """Return a case as a study.

    Parameters
    ----------
    case : Case
        With all that was published later.
    posterior : Posterior
        Fitted to what was known on the day of the question.
    history : History
        Past endings, of which the case's ``reference_cases`` say how and when it ended.
    draws, seed : int

    Raises
    ------
    InputError
        If the case names no past ending, or nothing that was published later can be compared.
    """
    ended = as_it_ended(case, history)
    other = with_case(posterior, ended)
    found = forecast(other, draws=draws, seed=seed)
    figures, observed, published = _published(found, case)
    if not figures:
        raise InputError(f"found no later figure to compare in case {case.name}, expected one")
    names, units = prior_units(other, found, draws, seed)
    effect, middle, covariance = regress(units, published)
    return Study(
        case=case.name,
        mode=max(ended.end.modes, key=lambda mode: ended.end.modes[mode]),
        names=names,
        figures=figures,
        effect=effect,
        surprise=observed - middle,
        covariance=covariance,
    )


def as_it_ended(case: Case, history: History) -> Case:
    """Return a case with the mode and the day of its end as they came.

    Raises
    ------
    InputError
        If the case names no past ending, or its end came before the question.
    """
    if not case.reference_cases:
        raise InputError(
            f"found no reference_cases in case {case.name}, expected the past ending it tells of"
        )
    endings = [history.ending(name) for name in case.reference_cases]
    modes = {ending.end_mode for ending in endings}
    day = max((ending.end_date for ending in endings if ending.end_date), default=None)
    if len(modes) != 1:
        raise InputError(f"found endings of modes {', '.join(sorted(modes))}, expected one mode")
    end = case.end.model_copy(
        update={
            "modes": {mode: float(mode in modes) for mode in END_MODES},
            "agreed_on": case.end.agreed_on if "negotiated" in modes else None,
            "judgements": _judged(case, day),
        }
    )
    return replace(case, question_file=case.question_file.model_copy(update={"end": end}))


def _judged(case: Case, day: dt.date | None) -> tuple[EndJudgement, ...]:
    if day is None or day <= case.asked_on:
        return case.end.judgements
    known = {"judged_on": case.asked_on, "p10": day, "p50": day, "p90": day, "note": "as it came"}
    return (EndJudgement.model_validate(known),)


def with_case(posterior: Posterior, case: Case) -> Posterior:
    """Return a posterior that looks ahead with another case: its end, its forward priors."""
    design = posterior.design
    known = case.as_known_on(design.cutoff)
    ahead = {row.name for row in posterior.table.of_stage("forward")}
    priors = {name: own.prior for name, own in case.parameters.items() if name in ahead}
    table = posterior.table.with_priors(priors)
    return replace(posterior, design=replace(design, case=known), table=table)


def prior_units(
    posterior: Posterior, found: Forecast, draws: int, seed: int
) -> tuple[tuple[str, ...], FloatArray]:
    """Return the forward parameters of a forecast's draws, in units of their priors, (D, P)."""
    world = World.drawn(posterior, draws, seed, found.case.period.until)
    values = world.forward.values  # noqa: PD011
    rows = [row for row in posterior.table.of_stage("forward") if not row.axis]
    columns = [(row.unconstrain(values[row.name]) - _centre(row)) / float(row.b) for row in rows]
    return tuple(row.name for row in rows), np.stack(columns, axis=1)


def _centre(row: Any) -> float:
    return float(row.unconstrain(np.array([row.median]))[0])


def regress(units: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return effects (P, K), the expectation at the priors' middle (K,) and the covariance (K, K).

    Effects are shrunk by the non-negative garrote (Breiman 1995, Technometrics 37:373).

    Parameters
    ----------
    units : float array, shape (D, P)
        Standard normal a priori.
    values : float array, shape (D, K)
        log(1 + n) as published.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> z = rng.standard_normal((4_000, 2))
    >>> effect, middle, _ = regress(z, 3.0 + z @ np.array([[0.5], [-1.0]]))
    >>> effect.round(2).ravel().tolist(), middle.round(2).tolist()
    ([0.5, -1.0], [3.0])
    """
    draws, parameters = units.shape
    middle = values.mean(axis=0)
    centred, deviation = units - units.mean(axis=0), values - middle
    gram = centred.T @ centred + RIDGE * np.eye(parameters)
    effect = np.linalg.solve(gram, centred.T @ deviation)
    residual = deviation - centred @ effect
    covariance = residual.T @ residual / max(draws - parameters - 1, 1)
    error = np.diag(covariance) / draws  # of an effect, squared: the units are orthogonal
    kept = np.maximum(1.0 - NOISE**2 * error / np.maximum(effect**2, 1e-300), 0.0)
    effect = effect * kept
    covariance[np.diag_indices_from(covariance)] += LEAST**2
    return effect, middle - units.mean(axis=0) @ effect, covariance


def _published(found: Forecast, case: Case) -> tuple[tuple[str, ...], FloatArray, FloatArray]:
    """Return figures, log(1 + n) as published (K,), and as the draws would have it (D, K)."""
    names: list[str] = []
    observed: list[float] = []
    drawn: list[FloatArray] = []
    for figure in _later(case.ledger.aggregates, found):
        try:
            values = published_values(found, figure)
        except InputError:
            continue
        names.append(figure["figure_id"])
        observed.append(_middle(figure))
        drawn.append(values)
    for figure in _last(_later(case.ledger.figures, found)):
        day = figure["as_of"].date()
        count = found.draws(figure["quantity"], figure["origin"], day, as_published=True)
        names.append(figure["figure_id"])
        observed.append(_middle(figure))
        drawn.append(np.log1p(count))
    if not names:
        return (), np.zeros(0), np.zeros((found.size, 0))
    return tuple(names), np.array(observed), np.stack(drawn, axis=1)


def _later(rows: pd.DataFrame, found: Forecast) -> list[dict[str, Any]]:
    """Return rows with two ends that were published after the cut-off, of days of the forecast."""
    fresh = rows[
        (rows["published"] > pd.Timestamp(found.cutoff))
        & (rows["as_of"] >= pd.Timestamp(found.cutoff))
        & (rows["as_of"] <= pd.Timestamp(found.last_day))
        & rows["low"].notna()
        & rows["high"].notna()
    ]
    ignored = {"misprint", "overlap", "partial"}
    return [row for row in records(fresh) if not row["tags"] & ignored]


def _last(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the last figure of each national series."""
    series: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row["as_of"], row["published"], row["figure_id"])):
        if row["quantity"] in PUBLISHED and row["quantity"] != "departed":
            series[row["quantity"], row["origin"]] = row
    return list(series.values())


def _middle(figure: Mapping[str, Any]) -> float:
    return float((np.log1p(figure["low"]) + np.log1p(figure["high"])) / 2)
