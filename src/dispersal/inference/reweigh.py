"""A posterior under new evidence without a new fit: its draws, weighed anew.

What was the posterior is the prior of what comes next: a draw counts in proportion to how likely
it makes the evidence now, over how likely it made the evidence then. The largest weights are
smoothed, and their tail tells whether they can be trusted (Vehtari, Simpson, Gelman, Yao and Gabry
2024, Pareto smoothed importance sampling, Journal of Machine Learning Research 25:72).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import jax
import numpy as np
from arviz_stats.base import array_stats
from numpy.typing import NDArray

from dispersal.inference.diagnostics import LARGEST_RHAT, LEAST_ESS, Diagnostics, diagnose
from dispersal.inference.extend import carried, flat, same_past
from dispersal.inference.observation import Observations, observe
from dispersal.inference.posterior import Posterior, axis_labels
from dispersal.inference.program import log_likelihood
from dispersal.model.trajectory import trajectories

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispersal.model.design import Design

FloatArray = NDArray[np.float64]

#: Shape of the tail of the weights above which they cannot be trusted, however many draws.
LARGEST_KHAT = 0.7

#: Draws whose likelihood is found at once.
BATCH = 60

#: Differences of log weights that are no difference.
_EQUAL = 1e-9


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights of draws.

    Parameters
    ----------
    weights : float array, shape (draws,)
        Smoothed; they add up to one.
    khat : float
        Shape of the generalised Pareto distribution of the largest raw weights; 0 where all
        weigh the same.
    """

    weights: FloatArray
    khat: float

    @property
    def effective(self) -> float:
        """Number of draws of equal weight that would say as much: 1 / Σ w² (Kish)."""
        return float(1.0 / (self.weights**2).sum())


def side_by_side(marks: NDArray[Any]) -> NDArray[np.int64]:
    """Return the order in which draws that are copies of each other stand together.

    Without copies it is the order they are in; with them, the diagnostics of chains see in this
    order that they are no new draws.

    Parameters
    ----------
    marks : array, shape (draws,)
        A number that only copies share, such as the log density.

    Examples
    --------
    >>> side_by_side(np.array([3.0, 1.0, 2.0, 3.0])).tolist()
    [0, 3, 1, 2]
    """
    _, first, which = np.unique(marks, return_index=True, return_inverse=True)
    return np.argsort(first[which], kind="stable")


def weigh(log_ratios: FloatArray, chains: int = 1) -> Weights:
    """Return the Pareto-smoothed weights of draws from the logs of their raw weights.

    Parameters
    ----------
    log_ratios : float array, shape (draws,)
        Of all chains one after the other.
    chains : int
        In the tail that is smoothed, draws that resemble their neighbours count for less.

    Examples
    --------
    >>> found = weigh(np.zeros(1000))
    >>> found.khat, round(found.effective)
    (0.0, 1000)
    """
    logs = log_ratios - log_ratios.max()
    if logs.min() > -_EQUAL:
        return Weights(np.full(logs.size, 1.0 / logs.size), 0.0)
    raw = np.exp(logs)
    by_chain = raw.reshape(chains, -1)
    alike = float(array_stats.ess(by_chain, chain_axis=0, draw_axis=1, method="mean")) / raw.size
    # It takes the negative, as for leaving a row out.
    smooth, khat = array_stats.psislw(-logs, r_eff=min(alike, 1.0) if alike > 0 else 1.0)
    weights = np.exp(np.asarray(smooth) - np.max(smooth))
    return Weights(weights / weights.sum(), float(khat))


def row_likelihoods(
    values: Mapping[str, NDArray[Any]], design: Design, observations: Observations
) -> FloatArray:
    """Return the log likelihood of each row of evidence at each draw.

    Parameters
    ----------
    values : mapping of float arrays, shape (draws, ...)
        By the name in the table of parameters.

    Returns
    -------
    float array, shape (draws, N)
    """

    def one(draw: dict[str, Any]) -> jax.Array:
        return log_likelihood(draw, design, observations, trajectories(draw, design))

    found = jax.jit(lambda every: jax.lax.map(one, every, batch_size=BATCH))(dict(values))
    return np.asarray(found)


def only(observations: Observations, keep: NDArray[np.bool_]) -> Observations:
    """Return some rows of evidence, shape (N,) of whether each is kept."""
    arrays = {
        name: value[keep] for name, value in vars(observations).items() if name != "figure_id"
    }
    ids = tuple(row for row, stays in zip(observations.figure_id, keep, strict=True) if stays)
    return replace(observations, figure_id=ids, **arrays)


@dataclass(frozen=True, eq=False)
class Reweighed:
    """A posterior under new evidence, from the draws of an earlier one.

    Parameters
    ----------
    posterior : Posterior
        As many draws as before, of equal weight: some of the earlier ones more than once.
    weights : Weights
        Of the earlier draws.
    new : dict of float arrays, shape (draws,)
        Log likelihood of each row that was not seen before at the draws of ``posterior``.
    problems : tuple of str
        Why this posterior cannot be trusted, in words; empty if it can.
    """

    posterior: Posterior
    weights: Weights
    new: Mapping[str, FloatArray]
    problems: tuple[str, ...]


def reweigh(posterior: Posterior, design: Design, seed: int = 1) -> Reweighed:
    """Return the posterior under the evidence of a later design, from that of an earlier one.

    Exact but for Monte Carlo error: a draw weighs p(evidence now | θ') p(θ') / (p(evidence then |
    θ) p(θ)), where θ' is θ carried to the quarters of the design.

    Parameters
    ----------
    posterior : Posterior
    design : Design
        With the quarters of the posterior and perhaps more (``extend.design_on``), the same
        origins, and the same priors.
    seed : int

    Returns
    -------
    Reweighed
        Check ``problems`` before use.
    """
    observations = observe(design)
    values, gained = carried(posterior, design, seed)
    seen = np.isin(observations.figure_id, posterior.observations.figure_id)
    if same_past(posterior.design, design) and seen.sum() == len(posterior.observations.figure_id):
        # What was seen before is as likely as it was.
        rows = row_likelihoods(values, design, only(observations, ~seen))
        logs, unseen = rows.sum(axis=1), rows
    else:
        rows = row_likelihoods(values, design, observations)
        then = row_likelihoods(flat(posterior.samples), posterior.design, posterior.observations)
        logs, unseen = gained + rows.sum(axis=1) - then.sum(axis=1), rows[:, ~seen]
    chains, draws = posterior.statistics["lp"].shape
    # Copies that an earlier update made count as what they are.
    side = side_by_side(posterior.statistics["lp"].reshape(-1))
    found = weigh(logs[side], chains)
    weights = Weights(found.weights[np.argsort(side)], found.khat)
    copies = _copies(weights.weights, seed)
    chosen = np.arange(copies.size)
    chosen[copies == 0] = np.repeat(chosen, np.maximum(copies - 1, 0))
    statistics = {
        name: value.reshape(-1)[chosen].reshape(chains, draws)
        for name, value in posterior.statistics.items()
    }
    made = replace(
        posterior,
        design=design,
        observations=observations,
        samples={
            name: value[chosen].reshape(chains, draws, *value.shape[1:])
            for name, value in values.items()
        },
        statistics=statistics,
        diagnosed=_diagnosed(
            values, np.repeat(side, copies[side]), statistics, posterior, only(observations, ~seen)
        ),
        seed=seed,
        timings={},
    )
    ids = [row for row, old in zip(observations.figure_id, seen, strict=True) if not old]
    return Reweighed(
        made,
        weights,
        {row: unseen[chosen, at] for at, row in enumerate(ids)},
        _problems(weights, made),
    )


def _problems(weights: Weights, posterior: Posterior) -> tuple[str, ...]:
    """Say what falls short; of the sampler's own troubles its fit has told."""
    if not weights.khat <= LARGEST_KHAT:  # also if it is not a number
        return (
            f"k-hat of the weights is {weights.khat:.2f}, expected {LARGEST_KHAT} or less: the "
            "draws hardly reach what the new evidence asks for",
        )
    table = posterior.diagnostics.table
    found = [
        f"{column} of {table[column].idxmin()} is {table[column].min():.0f} after the draws were "
        f"weighed anew, expected {LEAST_ESS:.0f} or more"
        for column in ("ess_bulk", "ess_tail")
        if table[column].min() < LEAST_ESS
    ]
    if table["rhat"].max() > LARGEST_RHAT:
        found.append(
            f"r-hat of {table['rhat'].idxmax()} is {table['rhat'].max():.3f} after the draws "
            f"were weighed anew, expected {LARGEST_RHAT} or less"
        )
    return tuple(found)


def _diagnosed(
    values: Mapping[str, FloatArray],
    order: NDArray[np.int64],
    statistics: Mapping[str, NDArray[Any]],
    posterior: Posterior,
    new: Observations,
) -> Diagnostics:
    """Return the diagnostics of draws in an order in which copies stand together.

    Of what the new rows can have changed most: everything but the parameters of those origins
    that no new row speaks of.
    """
    shape = statistics["lp"].shape
    labels = axis_labels(posterior.design)
    spoken = np.unique(new.origin[new.origin >= 0])
    samples, names = {}, {}
    for parameter in posterior.table.of_stage("fit"):
        drawn = values[parameter.name][order]
        if parameter.axis == "origin":
            if not spoken.size:
                continue
            drawn = drawn[:, spoken]
            names[parameter.name] = tuple(labels["origin"][at] for at in spoken)
        elif parameter.axis:
            names[parameter.name] = tuple(str(at) for at in range(drawn.shape[1]))
        samples[parameter.name] = drawn.reshape(*shape, *drawn.shape[1:])
    return diagnose(samples, statistics, names)


def _copies(weights: FloatArray, seed: int) -> NDArray[np.int64]:
    """Return how often each draw stands among as many draws of equal weight.

    Systematic resampling (Kitagawa 1996, Journal of Computational and Graphical Statistics 5:1):
    a draw of weight w out of n stands ⌊nw⌋ or ⌈nw⌉ times. What stays, stays in its place, so that
    a forecast before and after shares most of its draws; copies take the places left free.
    """
    count = weights.size
    start = np.random.default_rng([seed, 7]).random()
    ends = np.cumsum(weights)
    reached = np.floor(ends / ends[-1] * count + start + 1e-9).astype(np.int64)
    return np.asarray(np.diff(reached, prepend=0))
