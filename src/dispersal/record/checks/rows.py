"""What a posterior says of each row of evidence, and of the totals, draw by draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dispersal.errors import InputError
from dispersal.inference.prediction import predicted
from dispersal.inference.program import scales
from dispersal.model.trajectory import trajectories

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from dispersal.case import Ledger
    from dispersal.inference.observation import Observations
    from dispersal.inference.posterior import Posterior
    from dispersal.model.design import Design

FloatArray = NDArray[np.float64]

#: Draws computed at once.
BATCH: Final = 50

#: Totals over foreign origins at the cut-off, as states of the fit.
TOTALS: Final[Mapping[str, tuple[str, ...]]] = {
    "returned": ("home",),
    "killed": ("killed",),
    "remaining": ("in_group", "underground", "detained"),
}


def rows_predicted(
    design: Design, observations: Observations
) -> Callable[[Mapping[str, FloatArray]], tuple[FloatArray, FloatArray]]:
    """Return what gives centre and scale of each row's error on log(1 + n), compiled once.

    Parameters
    ----------
    design : Design
    observations : Observations
        N rows.

    Returns
    -------
    callable
        Takes draws of the parameters, as ``Posterior.draws`` gives them, of one posterior or
        another with the same origins and months; returns centre and scale, float arrays of shape
        (D, N). A published row is Student-t(4) around them; a bound holds by a normal.

    Raises
    ------
    InputError
        If there are no rows.
    """
    if not observations.figure_id:
        raise InputError("found no row of evidence as known on the cut-off, expected some")

    def one(values: Mapping[str, Any]) -> tuple[Any, Any]:
        count, bias = predicted(observations, values, design, trajectories(values, design))
        return jnp.log1p(count * jnp.exp(bias)), scales(dict(values), observations, count)

    compiled = over_draws(one)

    def centre_and_scale(values: Mapping[str, FloatArray]) -> tuple[FloatArray, FloatArray]:
        centre, scale = compiled(values)
        return np.asarray(centre), np.asarray(scale)

    return centre_and_scale


def totals_expected(posterior: Posterior) -> dict[str, FloatArray]:
    """Return expected totals over foreign origins at the cut-off, for every posterior draw.

    Returns
    -------
    dict of float arrays, shape (chains, draws)
        Adults, by a name of ``TOTALS``.
    """
    design = posterior.design
    foreign = (~design.local).astype(float)

    def one(values: Mapping[str, Any]) -> dict[str, Any]:
        states = trajectories(values, design)
        adults = jnp.exp(values["members"]) * foreign
        return {
            name: sum((states[part][:, -1] for part in parts), jnp.zeros(foreign.size)) @ adults
            for name, parts in TOTALS.items()
        }

    chains = next(iter(posterior.samples.values())).shape[:2]
    flat = {name: value.reshape(-1, *value.shape[2:]) for name, value in posterior.samples.items()}
    found = over_draws(one)(flat)
    return {name: np.asarray(total).reshape(chains) for name, total in found.items()}


def rows_of_evidence(ledger: Ledger, observations: Observations) -> pd.DataFrame:
    """Return the rows of the ledger that the observation model compares, in its order.

    Returns
    -------
    DataFrame
        As ``Ledger.query`` gives them, index 0 to N − 1.
    """
    rows = ledger.query().set_index("figure_id", drop=False)
    return rows.loc[list(observations.figure_id)].reset_index(drop=True)


def over_draws(one: Callable[[Mapping[str, Any]], Any]) -> Callable[[Mapping[str, Any]], Any]:
    """Return a function of one draw as a function of many, in batches, compiled.

    Examples
    --------
    >>> over_draws(lambda values: values["a"] * 2.0)({"a": np.arange(3.0)}).tolist()
    [0.0, 2.0, 4.0]
    """
    compiled = jax.jit(lambda values: jax.lax.map(one, values, batch_size=BATCH))
    return lambda values: compiled(dict(values))
