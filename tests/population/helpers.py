"""Small processes that several tests use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numba
import numpy as np

from dispersal.population import Hazards, Process

if TYPE_CHECKING:
    from dispersal.population.compiled import Function
    from dispersal.population.hazards import FloatArray

CHAIN = [("a", "b"), ("a", "c"), ("b", "a"), ("b", "c"), ("c", "d")]
CHAIN_RATES = np.array([0.3, 0.1, 0.2, 0.4, 0.05])


def uncached(function: Function) -> Function:
    """Compile a function afresh, since a stored one would not notice a change of the kernels."""
    return cast("Function", numba.njit(function))


def chain(step: float = 1.0, groups: tuple[str, ...] = ("all",)) -> Process:
    return Process.from_names(groups, ("a", "b", "c", "d"), CHAIN, step)[0]


def generator(process: Process, rates: Any) -> FloatArray:
    """Return the matrix Q of a continuous-time chain with these hazards."""
    matrix = np.zeros((process.n_states, process.n_states))
    matrix[process.sources, process.targets] = rates
    matrix[np.diag_indices(process.n_states)] = -matrix.sum(axis=1)
    return matrix


def step_matrix(process: Process, rates: Any) -> FloatArray:
    """Return the one-step transition probabilities, written without the engine's own formulas."""
    rates = np.asarray(rates, dtype=float)
    matrix = np.eye(process.n_states)
    for state in range(process.n_states):
        out = process.sources == state
        total = rates[out].sum()
        if total > 0:
            leave = 1 - np.exp(-total * process.step)
            matrix[state, state] = 1 - leave
            matrix[state, process.targets[out]] += leave * rates[out] / total
    return matrix


def random_hazards(
    process: Process, draws: int, steps: int, seed: int, zeros: float = 0.2
) -> Hazards:
    """Return hazards that vary along every axis, some of them zero."""
    rng = np.random.default_rng(seed)

    def factor(*shape: int) -> FloatArray:
        return rng.gamma(1.0, 0.5, shape) * (rng.random(shape) >= zeros)

    groups, flows = process.n_groups, process.n_flows
    return Hazards(
        factor(draws, steps, groups, process.n_classes),
        factor(draws, groups, flows),
        factor(draws, steps, flows),
    )
