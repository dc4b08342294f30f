"""Evidence as the model itself would make it: parameters from their priors, figures from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
from numpyro import handlers

from dispersal.inference.prediction import days_of_departures, informed_origins, predicted
from dispersal.inference.program import DEGREES_OF_FREEDOM, priors, scales
from dispersal.model.trajectory import trajectories

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dispersal.inference.observation import Observations
    from dispersal.model.design import Design
    from dispersal.model.parameters import ParameterTable


@dataclass(frozen=True, eq=False)
class Simulated:
    """One draw of everything: the program's sites, and the evidence that follows from them.

    Parameters
    ----------
    sites : dict of float arrays
        By the name of the site of :func:`dispersal.inference.program.priors`.
    value : float array, shape (N,)
        log(1 + n) of each row; bounds keep theirs.
    side : int array, shape (N,)
        0 exact, 1 at least, −1 at most.
    """

    sites: dict[str, NDArray[np.float64]]
    value: NDArray[np.float64]
    side: NDArray[np.int64]


def evidence_simulator(
    table: ParameterTable, design: Design, observations: Observations, seed: int
) -> Callable[[int], Simulated]:
    """Return a function that draws the n-th replication of parameters and evidence.

    Each row keeps its day, its quantity, its tags and its width; what it says is drawn as
    :func:`dispersal.inference.program.log_likelihood` assumes.

    Parameters
    ----------
    table : ParameterTable
    design : Design
    observations : Observations
    seed : int
        The same seed and number give the same replication, however many are drawn.
    """
    informed = informed_origins(observations, design)
    seen = days_of_departures(observations, design)

    @jax.jit
    def drawn(key: jax.Array) -> tuple[dict[str, Any], Any, Any]:
        with handlers.seed(rng_seed=key), handlers.trace() as trace:
            values = priors(table, design, informed, seen)
        sites = {name: site["value"] for name, site in trace.items()}
        count, bias = predicted(observations, values, design, trajectories(values, design))
        return sites, jnp.log1p(count * jnp.exp(bias)), scales(values, observations, count)

    def simulate(number: int) -> Simulated:
        sites, middle, scale = drawn(jax.random.fold_in(jax.random.key(seed), number))
        value, side = rows_drawn(
            observations,
            np.asarray(middle),
            np.asarray(scale),
            np.random.default_rng([seed, number]),
        )
        return Simulated({name: np.asarray(site) for name, site in sites.items()}, value, side)

    return simulate


def rows_drawn(
    observations: Observations,
    middle: NDArray[np.float64],
    scale: NDArray[np.float64],
    rng: np.random.Generator,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return what rows of evidence say, drawn around what the model has.

    An exact row says ``middle`` plus ``scale`` times a Student-t with 4 degrees of freedom. A
    bound stays where it is, and a normal value around ``middle`` falls on the one side or the
    other of it: so it is the side that is data.

    Parameters
    ----------
    middle, scale : float array, shape (N,)
        Of log(1 + n), the row's bias included.

    Returns
    -------
    value : float array, shape (N,)
    side : int array, shape (N,)
    """
    exact = observations.side == 0
    errors = rng.standard_t(DEGREES_OF_FREEDOM, middle.size)
    hidden = middle + scale * rng.standard_normal(middle.size)
    value = np.where(exact, middle + scale * errors, observations.value)
    side = np.where(hidden > observations.value, 1, -1)
    return value, np.where(exact, 0, side)
