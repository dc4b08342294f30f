"""Crowding of a simple kind: states that have room for so many people only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dispersal.population.kernel_room import run_room
from dispersal.population.process import ProcessError

if TYPE_CHECKING:
    from dispersal.population.hazards import FloatArray, Hazards
    from dispersal.population.process import IntArray, Process


def room_left(
    process: Process,
    hazards: Hazards,
    initial: Any,
    steps: int,
    limited: IntArray,
    capacities: Any,
) -> FloatArray:
    """Return what the crowding of some states multiplies the hazard of each flow into them by.

    The multiplier of a flow into state h is the mean over the step of 1 − present_h / capacity_h,
    not below 0, as the state fills up: (1 − n / c) · (1 − exp(−u)) / u with u = a / c, where n are
    the people of all groups expected there at the start of the step, under the hazards so
    multiplied, and a those who would come in the step, were there room for all; for them, everyone
    is taken to be kept out of the other such states, so that a is not too small. So no more are
    expected in a state than it has room for, however many want to come at once.

    Parameters
    ----------
    process : Process
    hazards : Hazards
        With the first axis of draws, of length D or 1.
    initial : float array, shape (G, S) or (D, G, S)
        People at step 0.
    steps : int
        Number of steps, T.
    limited : int array, shape (n,)
        States of limited capacity, none twice.
    capacities : float array, shape (n,)
        How many each can hold.

    Returns
    -------
    float array, shape (D, T, F)
        For ``Hazards.times``.

    Raises
    ------
    HazardError
        If a hazard is negative, infinite or not a number, or shapes do not fit.
    ProcessError
        If any other argument does not fit the process.

    Examples
    --------
    >>> from dispersal.population import Hazards, Process
    >>> process, _ = Process.from_names(["all"], ["in", "host"], [("in", "host")], step=1.0)
    >>> rates = Hazards.of_flows(process, [0.1])
    >>> room_left(process, rates, [[100.0, 5.0]], 3, np.array([1]), [20.0]).round(2)
    array([[[0.59],
            [0.37],
            [0.24]]])
    """
    start = np.asarray(initial, dtype=np.float64)
    shape = (process.n_groups, process.n_states)
    draws = max(hazards.draws, start.shape[0] if start.ndim == 3 else 1)
    if start.shape not in (shape, (draws, *shape)):
        raise ProcessError(
            f"initial has shape {start.shape}, expected {shape} (groups, states) "
            f"or {(draws, *shape)} (draws, groups, states)"
        )
    states, most = np.asarray(limited, dtype=np.int64), np.asarray(capacities, dtype=np.float64)
    known = states.ndim == 1 and np.isin(states, np.arange(process.n_states)).all()
    if not known or np.unique(states).size < states.size:
        raise ProcessError(f"limited is {states.tolist()}, expected states by number, none twice")
    if most.shape != states.shape or not (most >= 0).all():
        raise ProcessError(
            f"capacities is {most.tolist()}, expected {states.size} numbers of 0 or more"
        )
    checked = hazards.check(process, steps, draws)
    factors = (checked.by_step_group, checked.by_group_flow, checked.by_step_flow)
    position = np.full(process.n_states, -1, np.int64)
    position[states] = np.arange(states.size)
    flows = (
        process.busy_sources,
        process.first_flow,
        process.targets,
        process.flow_class,
        position[process.targets],
    )
    out = np.empty((draws, steps, process.n_flows))
    given = start.reshape(-1, *shape)
    for draw in range(draws):
        rates = [factor[draw if len(factor) > 1 else 0] for factor in factors]
        people = np.ascontiguousarray(given[draw if len(given) > 1 else 0])
        run_room(
            people,
            rates[0],
            rates[1],
            rates[2],
            flows,
            states,
            most,
            process.step,
            out[draw],
        )
    return out
