"""The likelihood of the evidence as JAX calls it: compiled once, with a gradient of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dispersal.inference import evidence_kernel
from dispersal.inference.observation import STATES
from dispersal.inference.prediction import (
    biases,
    errors,
    instants_around,
    locals_count,
    unreported_dead,
)
from dispersal.model.fates import FATES, arrival_middle, dislodged_shares
from dispersal.model.strata import sizes
from dispersal.model.trajectory import (
    UNINFORMED,
    afterwards,
    in_time,
    known_hazards,
    levels,
    usual_dislodging,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dispersal.inference.observation import Observations
    from dispersal.model.design import Design

FloatArray = NDArray[np.float64]

#: What the columns of ``row_table`` hold.
COLUMNS = (
    "origin", "pool", "left", "right", "joined", "in_group", "men", "women", "minors", "value",
    "width", "side", "unreported",
)  # fmt: skip


def make_log_likelihood(design: Design, observations: Observations) -> Callable[..., jax.Array]:
    """Return the log likelihood of all the evidence as a function of the parameters' values.

    The same number as ``program.log_likelihood(...).sum()``, several times faster, and so its
    gradient; the function may be traced and differentiated once. Called with ``value`` and
    ``side``, shape (N,), it takes these in the place of the observations' own.
    """
    rows, ways = row_table(observations, design), ways_counted(observations, design)
    dead = ways_counted(observations, design, only="killed")
    fixed = known_hazards(design)
    known = (
        usual_dislodging(design),
        1.0 - design.open_home,
        np.stack([np.broadcast_to(fixed[name], design.open_home.shape) for name in UNINFORMED]),
        np.array([design.medians["home_ban_redirect"]]),
        (~design.local).astype(float),
    )

    def log_likelihood(values: Mapping[str, Any], value: Any = None, side: Any = None) -> jax.Array:
        replaced: Any = rows
        for name, column in (("value", value), ("side", side)):
            if column is not None:
                replaced = jnp.asarray(replaced).at[:, COLUMNS.index(name)].set(column)
        inputs = (
            sizes(values, design),
            arrival_middle(values, design),
            jnp.reshape(values["arrival_spread"], (1,)),
            levels(values, design),
            in_time(values, design),
            dislodged_shares(values, design),
            biases(observations, values, design),
            errors(values, observations),
            jnp.reshape(values["killed_reported"], (1,)),
        )
        return jnp.asarray(_evidence(inputs, (*known, replaced, ways, dead)))

    return log_likelihood


def row_table(observations: Observations, design: Design) -> FloatArray:
    """Return what the kernel reads of each row, shape (N, len(COLUMNS))."""
    obs = observations
    whole = obs.aggregate >= 0
    left, right = instants_around(obs, design)
    states, strata = obs.weights.max(axis=2), obs.weights.max(axis=1)
    columns = [
        np.maximum(obs.origin, 0),
        np.where(whole, locals_count(obs).astype(int), -1),
        left,
        right,
        states[:, STATES.index("joined")],
        states[:, STATES.index("in_group")],
        *strata.T,
        obs.value,
        obs.width,
        obs.side,
        unreported_dead(obs),
    ]
    return np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1)


def ways_counted(observations: Observations, design: Design, only: str | None = None) -> FloatArray:
    """Return the share of those who left by each way in each quarter that a row counts.

    Parameters
    ----------
    only : str, optional
        A state to count instead of the row's own.

    Returns
    -------
    float array, shape (N, 5·T)
    """
    obs = observations
    states = obs.weights.max(axis=2)
    if only is not None:
        states = np.tile([float(state == only) for state in STATES], (len(obs.figure_id), 1))
    left, right = instants_around(obs, design)
    found = np.zeros((len(obs.figure_id), len(FATES), design.steps))
    for target, sources in enumerate(afterwards(design)):
        weight = states[:, STATES.index(FATES[target])]
        for fate, matrix in sources.items():
            at = matrix[:, left] * (1.0 - right) + matrix[:, left + 1] * right
            found[:, fate] += weight[:, None] * at.T
    return found.reshape(len(obs.figure_id), len(FATES) * design.steps)


@jax.custom_vjp
def _evidence(inputs: tuple[Any, ...], data: tuple[Any, ...]) -> Any:
    return _with_slopes(inputs, data)[0]


def _with_slopes(inputs: tuple[Any, ...], data: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
    one, slopes_like = jax.eval_shape(lambda values: (jnp.zeros(1), values), inputs)
    call = jax.ffi.ffi_call(evidence_kernel.NAME, (one, *slopes_like))
    total, *slopes = call(*inputs, *data)
    return total[0], tuple(slopes)


def _back(slopes: tuple[Any, ...], cotangent: Any) -> tuple[Any, None]:
    return tuple(cotangent * slope for slope in slopes), None


_evidence.defvjp(_with_slopes, _back)
