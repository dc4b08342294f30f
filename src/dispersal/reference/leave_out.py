"""Leave one case out: how close the reference class comes to cases that it has not seen.

The posterior without a case is the posterior with it, reweighted by one over the likelihood of
the case's readings given what cases share (m, modes, endings, scales), its own deviation and size
integrated out; the weights are Pareto-smoothed (Vehtari, Mononen and others 2016, JMLR 17(103);
Vehtari, Simpson and others 2024, JMLR 25(72)). Where the shape k of their tail says that they
cannot be trusted, the class is fitted anew without the case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from arviz_stats.base import array_stats
from numpy.typing import NDArray
from scipy import special

from dispersal.case.schema import END_MODES
from dispersal.model.fates import FATES
from dispersal.reference.fit import fit_reference
from dispersal.reference.program import (
    DEGREES_OF_FREEDOM,
    ERROR,
    SCALES,
    log_likelihood_given,
    shares_of,
)
from dispersal.reference.reference import new_case

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dispersal.inference.chains import Progress
    from dispersal.reference.readings import Reading, Size
    from dispersal.reference.reference import Reference

FloatArray = NDArray[np.float64]

#: Draws of a prediction, and of what is integrated out for each posterior draw.
DRAWS: Final = 1_000
INNER: Final = 400

#: Beyond this the reweighting cannot be trusted (Vehtari, Simpson and others 2024).
LARGEST_K: Final = 0.7

#: Resampled sets of cases for the interval of the gain.
RESAMPLES: Final = 4_000

#: What the reference class is compared with.
BASELINES: Final = ("pooled_point", "pooled_spread")


def known_shares(readings: Sequence[Reading], sizes: Mapping[str, Size]) -> pd.DataFrame:
    """Return the shares of fates that cases tell of, as they are published.

    A reading with two ends over the middle of the case's size; where a case's shares add up to
    more than 1, they are scaled down to it. Cases without a known size count only with shares.

    Returns
    -------
    DataFrame
        Index: case; columns: fates; NaN where nothing with two ends is told.
    """
    table: dict[str, dict[str, float]] = {}
    for reading in readings:
        size = sizes[reading.case_id]
        if reading.side or (reading.unit == "persons" and not size.known):
            continue
        whole = size.middle if reading.unit == "persons" else 1.0
        table.setdefault(reading.case_id, {})[reading.fate] = reading.middle / whole
    frame = pd.DataFrame.from_dict(table, orient="index", columns=None).reindex(columns=list(FATES))
    return frame.div(frame.sum(axis=1).clip(lower=1.0), axis=0).sort_index()


def energy_score(draws: FloatArray, observed: FloatArray) -> float:
    """Return the energy score of draws of shares; smaller is better.

    E‖X − y‖ − ½ E‖X − X′‖ (Gneiting and Raftery 2007, JASA 102:359, section 4.3): the distance
    for a point, the CRPS in one dimension.

    Parameters
    ----------
    draws : float array, shape (D, F)
    observed : float array, shape (F,)

    Examples
    --------
    >>> energy_score(np.array([[0.3, 0.0]]), np.array([0.0, 0.4]))
    0.5
    """
    from scoringrules import es_ensemble  # takes seconds to import

    return float(es_ensemble(observed, draws))


@dataclass(frozen=True, eq=False)
class LeaveOneOut:
    """Energy scores of cases that were left out.

    Parameters
    ----------
    cases : DataFrame
        Index: case. ``end_mode``, ``fates`` (those scored), ``reference``, ``pooled_point`` and
        ``pooled_spread`` (energy scores), ``inside80`` (share of the fates inside the 80 %
        interval), ``k`` (shape of the weights).
    gains : DataFrame
        Index: baseline. ``gain`` (1 − mean score / mean score of the baseline) and its 90 %
        bootstrap interval over cases, ``low`` and ``high``.
    """

    cases: pd.DataFrame
    gains: pd.DataFrame


def leave_one_out(
    reference: Reference, *, seed: int = 1, refit: bool = True, progress: Progress | None = None
) -> LeaveOneOut:
    """Score the reference class on every case with the others alone, next to the pooled mean.

    The case is predicted as a new case of its mode, as published (with the error of a published
    share), on the fates that it tells of. The pooled mean is the mean share of each fate over all
    other cases that tell of it, whatever their mode: ``pooled_point`` as a point,
    ``pooled_spread`` with the spread between those cases: their published shares themselves, each
    fate on its own.

    Parameters
    ----------
    reference : Reference
    seed : int
    refit : bool
        Whether to fit anew, without the case, where its weights cannot be trusted (k > 0.7).
    progress : callable, optional
        Called with (cases done, cases in all).

    Returns
    -------
    LeaveOneOut
        Cases whose fates nobody else tells of, and cases without a share, are not scored.
    """
    known = known_shares(reference.readings, reference.sizes)
    rows: dict[str, dict[str, Any]] = {}
    for number, name in enumerate(known.index):
        told = known.loc[name].notna()
        others = known.drop(index=name).loc[:, told]
        if progress is not None:
            progress(number + 1, len(known))
        if others.notna().sum().min() < 2:
            continue
        rng = np.random.default_rng([seed, number])
        at = reference.data.cases.index(name)
        drawn, k = _without(reference, at, rng, refit=refit)
        drawn = published(drawn, rng)[:, told.to_numpy()]
        truth = known.loc[name, told].to_numpy(float)
        spread = np.column_stack(
            [rng.permutation(np.resize(column.dropna(), DRAWS)) for _, column in others.items()]
        )
        low, high = np.quantile(drawn, [0.1, 0.9], axis=0)
        rows[name] = {
            "end_mode": END_MODES[reference.data.mode[at]],
            "fates": ";".join(known.columns[told]),
            "reference": energy_score(drawn, truth),
            "pooled_point": energy_score(others.mean().to_numpy()[None], truth),
            "pooled_spread": energy_score(spread, truth),
            "inside80": float(((low <= truth) & (truth <= high)).mean()),
            "k": k,
        }
    cases = pd.DataFrame.from_dict(rows, orient="index").rename_axis("case_id")
    return LeaveOneOut(cases, _gains(cases, seed))


def _without(
    reference: Reference, case: int, rng: np.random.Generator, *, refit: bool
) -> tuple[FloatArray, float]:
    """Return shares of a new case of the case's mode as the others tell of it, and k."""
    mode = int(reference.data.mode[case])
    few = np.arange(0, len(reference.scales), max(1, len(reference.scales) // DRAWS))
    weights, k = weights_without(reference, case, few, rng)
    if refit and k > LARGEST_K:
        name = reference.data.cases[case]
        reference = fit_reference(reference.history.without(name), seed=reference.seed)
        few = np.arange(len(reference.scales))
        weights = np.full(few.size, 1.0 / few.size)
    return new_case(reference, mode, rng.choice(few, size=DRAWS, p=weights), rng), k


def published(shares: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return shares as they would be published: with the error of the log odds."""
    noise = ERROR * rng.standard_t(DEGREES_OF_FREEDOM, shares.shape)
    return np.asarray(special.expit(special.logit(np.clip(shares, 1e-9, 1 - 1e-9)) + noise))


def weights_without(
    reference: Reference, case: int, draws: NDArray[np.int64], rng: np.random.Generator
) -> tuple[FloatArray, float]:
    """Return the weights of posterior draws without a case, and the shape k of their tail.

    Parameters
    ----------
    reference : Reference
    case : int
        Index of the case.
    draws : int array, shape (n,)
        Which posterior draws.
    rng : numpy.random.Generator

    Returns
    -------
    weights : float array, shape (n,)
        They sum to 1.
    k : float
    """
    data = reference.data
    mine = np.flatnonzero(data.case == case)
    scales = {name: reference.scales[name].to_numpy()[draws, None, None] for name in SCALES}
    middle = reference.centres[draws, data.mode[case]][:, None]
    if data.ending[case] < 0:
        deviation = np.hypot(scales["ending"], scales["case"])
    else:
        shared = reference.units["ending_unit"][draws, data.ending[case]][:, None]
        middle, deviation = middle + scales["ending"] * shared, scales["case"]
    # The same numbers for every draw: the weights differ by what the draws say, not by chance.
    own = rng.standard_normal((INNER, middle.shape[-1]))
    shares = shares_of(middle + deviation * own, np)
    middle_log, width = data.size_log[case]
    size = np.exp(middle_log + width * rng.standard_normal((INNER, 1)))
    figures = log_likelihood_given(data, mine, shares[:, :, data.fate[mine]], size, np)
    total = special.logsumexp(figures.sum(axis=-1), axis=1)
    smoothed, k = array_stats.psislw(total)  # takes log likelihoods: the weights are one over them
    return np.exp(smoothed - special.logsumexp(smoothed)), float(k)


def _gains(cases: pd.DataFrame, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    again = rng.integers(len(cases), size=(RESAMPLES, len(cases)))
    own = cases["reference"].to_numpy()
    rows = {}
    for name in BASELINES:
        other = cases[name].to_numpy()
        resampled = 1.0 - own[again].mean(axis=1) / other[again].mean(axis=1)
        low, high = np.quantile(resampled, [0.05, 0.95])
        rows[name] = {"gain": 1.0 - own.mean() / other.mean(), "low": low, "high": high}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("baseline")
