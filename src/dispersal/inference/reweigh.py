"""A posterior under new evidence without a new fit: its draws, weighed anew.

What was the posterior is the prior of what comes next: a draw counts in proportion to how likely
it makes the evidence now, over how likely it made the evidence then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import jax
import numpy as np
from numpy.typing import NDArray

from dispersal.inference.diagnostics import Diagnostics, diagnose
from dispersal.inference.extend import carried, flat, same_past
from dispersal.inference.observation import Observations, observe
from dispersal.inference.posterior import Posterior, axis_labels
from dispersal.inference.program import log_likelihood
from dispersal.inference.weights import LARGEST_KHAT, Weights, copies_of, side_by_side, weigh
from dispersal.model.parameters import table
from dispersal.model.trajectory import trajectories

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispersal.model.design import Design

FloatArray = NDArray[np.float64]

#: Effective draws that every parameter has to keep, in the bulk and in the tails. A fit has to
#: reach 400 for its own diagnostics to be reliable; with these, the error of a mean is a fourteenth
#: of a standard deviation, a twentieth of half an 80 % interval.
LEAST_EFFECTIVE = 200.0

#: Draws whose likelihood is found at once.
BATCH = 60


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
    if not observations.figure_id:
        return np.zeros((len(values["home_hazard"]), 0))
    if (observations.aggregate < 0).all():
        values, design, observations = _spoken_of(values, design, observations)

    def one(draw: dict[str, Any]) -> jax.Array:
        return log_likelihood(draw, design, observations, trajectories(draw, design))

    found = jax.jit(lambda every: jax.lax.map(one, every, batch_size=BATCH))(dict(values))
    return np.asarray(found)


def _spoken_of(
    values: Mapping[str, NDArray[Any]], design: Design, observations: Observations
) -> tuple[dict[str, NDArray[Any]], Design, Observations]:
    """Return the same for those origins alone that rows speak of: each has its own trajectory."""
    at, mine = np.unique(observations.origin, return_inverse=True)
    of_origins = ("region", "local", "population", "covariates", "local_members", "open_home")
    fewer = replace(
        design,
        origins=tuple(design.origins[one] for one in at),
        **{name: getattr(design, name)[at] for name in of_origins},
    )
    by_origin = {p.name for p in table().of_stage("fit") if p.axis == "origin"}
    drawn = {name: v[:, at] if name in by_origin else v for name, v in values.items()}
    return drawn, fewer, replace(observations, origin=mine)


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
    copies = copies_of(weights.weights, seed)
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
    """Say what falls short; of the sampler's own troubles its fit has told.

    Chains that the weights set apart show in the effective sizes, which count what differs between
    chains; r-hat was the fit's to pass.
    """
    if not weights.khat <= LARGEST_KHAT:  # also if it is not a number
        return (
            f"k-hat of the weights is {weights.khat:.2f}, expected {LARGEST_KHAT} or less: the "
            "draws hardly reach what the new evidence asks for",
        )
    told = posterior.diagnostics.table
    return tuple(
        f"{column} of {told[column].idxmin()} is {told[column].min():.0f} after the draws were "
        f"weighed anew, expected {LEAST_EFFECTIVE:.0f} or more"
        for column in ("ess_bulk", "ess_tail")
        if told[column].min() < LEAST_EFFECTIVE
    )


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
