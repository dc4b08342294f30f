"""Mean trajectories: what the sampled counts are on average, differentiable."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np

from dispersal.population.hazards import AnyArray, Hazards, check_shapes, leaving
from dispersal.population.mean import as_jax, mean_trajectories
from dispersal.population.process import IntArray, Process, ProcessError

Environment: TypeAlias = Callable[[jax.Array, jax.Array], jax.Array]


@jax.tree_util.register_dataclass
@dataclass(frozen=True, eq=False)
class Expected:
    """Expected trajectories; with a leading axis of draws if ``expected_many`` made them.

    Parameters
    ----------
    counts : float array, shape (T + 1, G, S)
        Expected people per step, group and state.
    multipliers : float array, shape (T, F), or None
        What the environment multiplied each flow's hazard by, for ``Hazards.times``.
    counters : float array, shape (T + 1, G, K), or None
        Expected moves since step 0 along the flows of each counter.
    """

    counts: jax.Array
    multipliers: jax.Array | None
    counters: jax.Array | None


def expected(
    process: Process,
    hazards: Hazards,
    initial: Any,
    steps: int,
    environment: Environment | None = None,
    counters: Any = None,
) -> Expected:
    """Return the mean trajectory under the hazards of one draw.

    Without an environment this is the exact mean of ``sample``: within a step of constant
    hazards n · (1 − exp(−Λ·Δt)) leave, shared out as λ_e / Λ. With one, hazards depend on the
    mean counts themselves and the mean of the samples differs by what fluctuates (docs/engine.md).

    Parameters
    ----------
    process : Process
    hazards : Hazards
        Per unit of time, of one draw: shapes (T or 1, G or 1, C), (G or 1, F) and (T or 1, F),
        or the same with a first axis of length 1.
    initial : float array, shape (G, S)
        People at step 0.
    steps : int
        Number of steps, T.
    environment : callable, optional
        From the counts (G, S) at the start of a step and the step's index to multipliers of the
        flows' hazards (F,); written in JAX. Pass the same function object again and it is not
        compiled again.
    counters : int array, shape (F,), optional
        Counter that each flow adds to, −1 for none.

    Returns
    -------
    Expected

    Raises
    ------
    HazardError
        If shapes do not fit or, unless traced, a hazard is negative, infinite or not a number.
    ProcessError
        If ``initial``, ``steps`` or ``counters`` do not fit the process.

    Examples
    --------
    >>> process, _ = Process.from_names(["all"], ["in", "out"], [("in", "out")], step=0.5)
    >>> mean = expected(process, Hazards.of_flows(process, [1.0]), [[100.0, 0.0]], steps=2)
    >>> mean.counts.shape, round(float(mean.counts[2, 0, 0]), 6)  # 100 · exp(−1)
    ((3, 1, 2), 36.787944)
    """
    if len(hazards.by_step_group.shape) == 4 and hazards.draws == 1:
        hazards = jax.tree.map(lambda array: array[0], hazards)
    hazards = _check(process, hazards, steps, None)
    start = _start(initial)
    _check_start(start.shape, (process.n_groups, process.n_states))
    key = _counter_key(process, counters)
    one = jax.tree.map(lambda array: array[None], hazards)
    result = _trajectories(process, one, start, int(steps), environment, key, 1)
    first: Expected = jax.tree.map(lambda array: as_jax(array[0]), result)
    return first


def expected_many(
    process: Process,
    hazards: Hazards,
    initial: Any,
    steps: int,
    environment: Environment | None = None,
    counters: Any = None,
) -> Expected:
    """Return the mean trajectory of each draw, all at once.

    Parameters
    ----------
    process, steps, environment, counters
        As in ``expected``.
    hazards : Hazards
        With the first axis of draws, of length D or 1.
    initial : float array, shape (G, S) or (D, G, S)

    Returns
    -------
    Expected
        Each array with a first axis of draws.

    Raises
    ------
    HazardError, ProcessError
        As in ``expected``.

    Examples
    --------
    >>> process, _ = Process.from_names(["all"], ["in", "out"], [("in", "out")], step=1.0)
    >>> rates = np.array([0.1, 0.2]).reshape(2, 1, 1, 1)
    >>> hazards = Hazards(rates, np.ones((1, 1, 1)), np.ones((1, 1, 1)))
    >>> means = expected_many(process, hazards, [[100.0, 0.0]], steps=1)
    >>> means.counts[:, 1, 0, 1].round(2).tolist()
    [9.52, 18.13]
    """
    start = _start(initial)
    draws = max(hazards.draws, start.shape[0] if start.ndim == 3 else 1)
    hazards = _check(process, hazards, steps, draws)
    shape = (process.n_groups, process.n_states)
    _check_start(start.shape, shape if start.ndim == 2 else (draws, *shape))
    key = _counter_key(process, counters)
    result = _trajectories(process, hazards, start, int(steps), environment, key, draws)
    many: Expected = jax.tree.map(as_jax, result)
    return many


def _trajectories(
    process: Process,
    hazards: Hazards,
    start: AnyArray,
    steps: int,
    environment: Environment | None,
    counters: tuple[int, ...] | None,
    draws: int,
) -> Expected:
    """Run all draws: in JAX where it is asked to differentiate or to call back, else in Numba.

    The one place that chooses; a test compares the two.
    """
    if environment is None and not _is_traced((hazards, start)):
        people = np.asarray(start)
        counts, done = mean_trajectories(process, hazards, people, steps, counters, draws)
        return Expected(counts, None, done)  # type: ignore[arg-type]
    result: Expected = _run(process, hazards, start, steps, environment, counters, draws)
    return result


def _is_traced(tree: Any) -> bool:
    return any(isinstance(leaf, jax.core.Tracer) for leaf in jax.tree.leaves(tree))


def _start(initial: Any) -> AnyArray:
    if _is_traced(initial):
        return jnp.asarray(initial, dtype=jnp.float64)
    return np.asarray(initial, dtype=np.float64)


def _check(process: Process, hazards: Hazards, steps: int, draws: int | None) -> Hazards:
    """Return the hazards after checking them, as far as that can be done."""
    if steps != int(steps) or steps < 0:
        raise ProcessError(f"steps is {steps}, expected a whole number of 0 or more")
    if _is_traced(hazards):
        check_shapes(process, hazards, steps, draws)
        return hazards
    return hazards.check(process, steps, draws)


def _check_start(found: tuple[int, ...], wanted: tuple[int, ...]) -> None:
    if found != wanted:
        raise ProcessError(f"initial has shape {found}, expected {wanted}: groups, then states")


def _counter_key(process: Process, counters: Any) -> tuple[int, ...] | None:
    """Return the counters in a form that a compiled function can be looked up by."""
    return None if counters is None else tuple(process.check_counters(counters).tolist())


@partial(jax.jit, static_argnums=(0, 3, 4, 5, 6))
def _run(
    process: Process,
    hazards: Hazards,
    start: AnyArray,
    steps: int,
    environment: Environment | None,
    counters: tuple[int, ...] | None,
    draws: int,
) -> Expected:
    """Run all draws at once, as columns: inside, counts are (S, D, G) and rates (F, D, G).

    Flows first, so that adding them up by state moves whole rows of draws and groups.
    """
    n_counters = 0 if counters is None else max(counters, default=-1) + 1
    by_source = _adder(process.sources, process.n_states)
    by_target = _adder(process.targets, process.n_states)
    by_counter = _adder(np.array(counters, dtype=np.int64), n_counters) if n_counters else None
    by_class = jnp.moveaxis(hazards.by_step_group, (1, 3), (0, 1))  # (T or 1, C, D or 1, G or 1)
    by_flow = jnp.moveaxis(hazards.by_group_flow, 2, 0)  # (F, D or 1, G or 1)
    by_step = jnp.moveaxis(hazards.by_step_flow, 0, 2)[..., None]  # (T or 1, F, D or 1, 1)
    timed, fixed = {}, {}
    for name, factor in (("by_class", by_class), ("by_step", by_step)):
        if factor.shape[0] == 1:
            fixed[name] = factor[0]
        else:
            timed[name] = factor
    if "by_step" in fixed:
        by_flow = by_flow * fixed.pop("by_step")
    counts = jnp.broadcast_to(start, (draws, process.n_groups, process.n_states))
    counts = jnp.moveaxis(counts, 2, 0)

    def advance(state: Any, now: Any) -> tuple[Any, Any]:
        counts, done = state
        step, factors = now
        factors = {**fixed, **factors}
        rates = factors["by_class"][process.flow_class] * by_flow
        if "by_step" in factors:
            rates = rates * factors["by_step"]
        multipliers = None
        if environment is not None:
            multipliers = _surroundings(environment, counts, step, process.n_flows)
            rates = rates * multipliers[..., None]
        total = by_source(rates)
        share = leaving(total, process.step)
        moves = (counts * share)[process.sources] * rates
        # Rounding may take share · total past 1 by one part in 10^16.
        counts = counts * jnp.maximum(1.0 - share * total, 0.0) + by_target(moves)
        if by_counter is not None:
            done = done + by_counter(moves)
        return (counts, done), (counts, multipliers, done)

    done = None if counters is None else jnp.zeros((n_counters, draws, process.n_groups))
    _, (later, multipliers, dones) = jax.lax.scan(
        # Gradients compute a step again rather than keep its rates: five times faster.
        jax.checkpoint(advance, prevent_cse=False),
        (counts, done),
        (jnp.arange(steps), timed),
        length=steps,
    )
    counts = jnp.moveaxis(jnp.concatenate([counts[None], later]), (2, 3), (0, 2))
    if done is not None:
        dones = jnp.moveaxis(jnp.concatenate([done[None], dones]), (2, 3), (0, 2))
    if multipliers is not None:
        multipliers = jnp.moveaxis(multipliers, 2, 0)
    return Expected(counts, multipliers, dones)


def _surroundings(
    environment: Environment, counts: jax.Array, step: jax.Array, flows: int
) -> jax.Array:
    """Return the multipliers (F, D) that the environment gives in each draw."""

    def of_draw(columns: jax.Array) -> jax.Array:
        return jnp.broadcast_to(environment(columns.T, step), (flows,))

    return jax.vmap(of_draw, in_axes=1, out_axes=1)(counts)


def _adder(index: IntArray, length: int) -> Callable[[jax.Array], jax.Array]:
    """Return the function that adds up values (F, …) by index into (length, …); −1 is left out.

    By index, since multiplying by incidence matrices was measured to be slower at every size.
    """
    counted = np.flatnonzero(index >= 0)
    ascending = bool((np.diff(index[counted]) >= 0).all())

    def add(values: jax.Array) -> jax.Array:
        chosen = values if counted.size == index.size else values[counted]
        columns = chosen.reshape(counted.size, math.prod(values.shape[1:]))
        sums = jax.ops.segment_sum(columns, index[counted], length, indices_are_sorted=ascending)
        return sums.reshape(length, *values.shape[1:])

    return add
