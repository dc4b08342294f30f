"""Build the population process of a case: groups, states, flows and their hazards.

Groups are home country × stratum. A flow's hazard is a product of three factors, as the engine
asks: what time and origin drive together (the ways out of the group), what an origin's choice
gives (shares of places), and what time alone drives (hosts, stops on the way).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dispersal.model.design import STRATA, Design
from dispersal.model.fates import DETAINED, FATES, HOME, KILLED, ONWARD, UNDERGROUND, hazards_in_group
from dispersal.model.forward import Forward
from dispersal.model.pressure import dislodging
from dispersal.model.states import ALL_FATES, CLASSES, StateSpace, fate_of, make_states
from dispersal.model.strata import ratios
from dispersal.model.weights import FlowWeights, weigh
from dispersal.population import Hazards, Process

FloatArray = NDArray[np.float64]

SETTLEMENT = "negotiated"


@dataclass(frozen=True, eq=False)
class Blueprint:
    """What does not vary between draws.

    Parameters
    ----------
    design : Design
    space : StateSpace
    process : Process
        Groups in the order origin, stratum; F flows.
    order : int array, shape (F,)
        Position in ``space.flows`` of each of the process's flows.
    strata : int array, shape (S,)
        Indices into ``STRATA`` of the case's strata.
    """

    design: Design
    space: StateSpace
    process: Process
    order: NDArray[np.int64]
    strata: NDArray[np.int64]

    @property
    def fate_index(self) -> NDArray[np.int64]:
        """Index into ``ALL_FATES`` of each state."""
        return np.array([ALL_FATES.index(fate_of(state)) for state in self.process.states])


def make_blueprint(design: Design) -> Blueprint:
    """Return the groups, states and flows of a case."""
    space = make_states(design.case)
    strata = np.flatnonzero(design.strata)
    groups = [f"{origin} {STRATA[at]}" for origin in design.origins for at in strata]
    process, order = Process.from_names(
        groups,
        space.states,
        [(flow.source, flow.target, flow.kind) for flow in space.flows],
        step=1.0,
        classes=CLASSES,
    )
    return Blueprint(design, space, process, order, strata)


def make_hazards(blueprint: Blueprint, forward: Forward) -> Hazards:
    """Return the hazards of every flow for the draws of ``forward``, per month."""
    weights: FlowWeights = weigh(blueprint.space, forward)
    by_group = weights.by_group[:, :, blueprint.strata]
    shape = (forward.draws, blueprint.process.n_groups, blueprint.process.n_flows)
    return Hazards(
        by_step_group=_ways_out(blueprint, forward),
        by_group_flow=by_group.reshape(shape[0], -1, by_group.shape[-1])[:, :, blueprint.order],
        by_step_flow=weights.by_step[:, :, blueprint.order],
    )


def joining_hazard(forward: Forward) -> FloatArray:
    """Return the hazard of joining, shape (D, O, H): that of the logistic curve of arrivals.

    h = −log((1 − F(t + 1)) / (1 − F(t))); nobody joins a group that holds nothing.
    """
    values, design = forward.values, forward.design
    middle = design.peak + values["arrival_middle"][:, None] + values["arrival_middle_origin"]
    spread = values["arrival_spread"][:, None, None]
    instants = forward.now + np.arange(forward.steps + 1)
    x = (instants[None, None, :] - middle[:, :, None]) / spread
    log_left = -np.logaddexp(0.0, x)  # log(1 − F)
    open_still = (forward.held[:, None, 1:] > 0).astype(float)
    return np.asarray((log_left[:, :, :-1] - log_left[:, :, 1:]) * open_still)


def _ways_out(blueprint: Blueprint, forward: Forward) -> FloatArray:
    """Return ``by_step_group``: shape (D, H, G, classes)."""
    design = forward.design
    hazards = _hazards(design, forward)  # draw, fate, origin, step
    ratio = _ratios(design, forward)[:, blueprint.strata]  # draw, stratum, fate, origin
    mode = np.array([name == SETTLEMENT for name in _modes()])[forward.mode]
    settled = mode[:, None] & (forward.held[:, :-1] <= 0)
    choice = np.exp(forward.values["negotiated_demobilised"])
    leaves = (choice / (choice + 1.0))[:, None] * settled
    out = np.zeros(
        (forward.draws, forward.steps, len(design.origins), len(blueprint.strata), len(CLASSES))
    )
    for fate, name in enumerate(FATES):
        by_step = np.moveaxis(hazards[:, fate], 2, 1)  # draw, step, origin
        # What demobilisation takes, it takes from every other way out.
        by_step = by_step * (1.0 - leaves)[:, :, None]
        out[..., CLASSES.index(name)] = (
            by_step[:, :, :, None] * np.moveaxis(ratio[:, :, fate], 1, 2)[:, None]
        )
    total = hazards.sum(axis=1)
    out[..., CLASSES.index("demobilised")] = (np.moveaxis(total, 2, 1) * leaves[:, :, None])[
        ..., None
    ]
    joining = np.moveaxis(joining_hazard(forward), 2, 1)
    out[..., CLASSES.index("joining")] = joining[..., None]
    out[..., CLASSES.index("steady")] = 1.0
    return out.reshape(forward.draws, forward.steps, -1, len(CLASSES))


def _modes() -> tuple[str, ...]:
    from dispersal.case.schema import END_MODES

    return END_MODES


def _hazards(design: Design, forward: Forward) -> FloatArray:
    """Return the hazards of the five ways out for adults, shape (D, 5, O, H)."""
    values = forward.values
    gone = (forward.held[:, :-1] <= 0).astype(float)
    dislodged = values["displaced_elasticity"][:, None] * dislodging(forward.held)
    dislodged = dislodged + values["collapse_hazard"][:, None] * gone
    modes = np.array(_modes())[forward.mode]
    shifts = np.zeros((forward.draws, len(FATES)))
    shifts[modes == "withdrawal", ONWARD] = values["withdrawal_onward"][modes == "withdrawal"]
    shifts[modes == "fragmentation", UNDERGROUND] = values["fragmentation_hosts"][
        modes == "fragmentation"
    ]
    settled = (modes == SETTLEMENT)[:, None] & (gone > 0)
    calmer = np.where(settled, values["negotiated_killed"][:, None], 0.0)
    factor = np.exp(shifts)[:, :, None] * np.ones((1, 1, forward.steps))
    factor[:, KILLED] *= np.exp(calmer)
    names = [name for name in values if values[name].ndim <= 2]
    batch = {name: jnp.asarray(values[name]) for name in names}
    held = (forward.held[:, :-1] + forward.held[:, 1:]) / 2
    hazards = _vectorised(design)(
        batch,
        held,
        dislodged,
        _open_home(design, forward),
        forward.profiles["home"],
        forward.profiles["killed"],
    )
    return np.asarray(hazards) * factor[:, :, None, :]


def _vectorised(design: Design):  # type: ignore[no-untyped-def]
    return jax.jit(jax.vmap(lambda values, *rest: hazards_in_group(values, design, *rest)))


def _open_home(design: Design, forward: Forward) -> FloatArray:
    """Return the share whom no entry ban keeps out, shape (D, O, H)."""
    from dispersal.model.policy import policy_range

    low, high = policy_range(design.case, "entry_ban", forward.ahead)
    position = forward.position["entry_ban"][:, None, None]
    return np.asarray(1.0 - np.nan_to_num(low + (high - low) * position))


def _ratios(design: Design, forward: Forward) -> FloatArray:
    """Return the hazards of the strata against the adults', shape (D, 3, 5, O)."""
    batch = {name: jnp.asarray(value) for name, value in forward.values.items()}
    return np.asarray(jax.vmap(partial(ratios, design=design))(batch))


__all__ = [
    "DETAINED",
    "HOME",
    "Blueprint",
    "joining_hazard",
    "make_blueprint",
    "make_hazards",
]
