"""Build the population process of a case: groups, states, flows and their hazards.

Groups are home country × stratum. A flow's hazard is a product of three factors, as the engine
asks: what time and origin drive together (the ways out of the group), what an origin's choice
gives (shares of places), and what time alone drives (hosts, stops on the way).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dispersal.case.schema import END_MODES
from dispersal.model.design import STRATA, Design
from dispersal.model.fates import FATES, KILLED, ONWARD, UNDERGROUND, hazards_in_group
from dispersal.model.policy import policy_range
from dispersal.model.pressure import dislodging
from dispersal.model.states import ALL_FATES, CLASSES, StateSpace, fate_of, make_states
from dispersal.model.strata import ratios
from dispersal.model.weights import FlowWeights, Rules, weigh
from dispersal.population import Hazards, Process

if TYPE_CHECKING:
    from dispersal.model.forward import Forward

FloatArray = NDArray[np.float64]

SETTLEMENT, WITHDRAWAL, FRAGMENTATION = "negotiated", "withdrawal", "fragmentation"


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

    @cached_property
    def fate_index(self) -> NDArray[np.int64]:
        """Index into ``ALL_FATES`` of each state."""
        return np.array([ALL_FATES.index(fate_of(state)) for state in self.process.states])


def make_blueprint(design: Design) -> Blueprint:
    """Return the groups, states and flows of a case.

    Examples
    --------
    >>> import datetime as dt
    >>> from dispersal.case import load_case
    >>> from dispersal.model.design import make_design
    >>> blueprint = make_blueprint(make_design(load_case("isis_2017"), dt.date(2017, 3, 7)))
    >>> blueprint.process.n_groups == len(blueprint.design.origins) * blueprint.strata.size
    True
    """
    space = make_states(design.case)
    strata = np.flatnonzero(design.strata)
    groups = [f"{origin} {STRATA[at]}" for origin in design.origins for at in strata]
    process, order = Process.from_names(
        groups,
        space.states,
        [(flow.source, flow.target, flow.kind) for flow in space.flows],
        step=1.0 / design.parts,
        classes=CLASSES,
    )
    return Blueprint(design, space, process, order, strata)


class HazardMaker:
    """The hazards of every flow, batch by batch of the draws of a run.

    What is small or slow to find (rules, policies) is worked out once for all draws.

    Parameters
    ----------
    blueprint : Blueprint
    forward : Forward
        All draws of the run.
    rules : Rules, optional
        Of the same draws.
    fitted : Design, optional
        Whose arrays the hazards are made of, where the case ahead is another: what is compiled
        for it serves all of them. Default: that of the blueprint.
    """

    def __init__(
        self,
        blueprint: Blueprint,
        forward: Forward,
        rules: Rules | None = None,
        fitted: Design | None = None,
    ) -> None:
        self.blueprint = blueprint
        self.fitted = fitted or blueprint.design
        self.forward = forward
        self.weights: FlowWeights = weigh(rules or Rules(blueprint.space, forward))
        self.bans = policy_range(blueprint.design.case, "entry_ban", forward.ahead)

    def of(self, first: int, count: int) -> Hazards:
        """Return the hazards of ``count`` draws from ``first`` on, per month."""
        blueprint, part = self.blueprint, self.forward.part(first, count)
        strata, order = blueprint.strata, blueprint.order
        rows, origins = slice(first, first + count), len(blueprint.design.origins)
        by_group = self.weights.by_group(rows, (count, origins), strata, order)
        return Hazards(
            by_step_group=_ways_out(blueprint, self.fitted, part, self._open_home(part)),
            by_group_flow=by_group.reshape(count, -1, order.size),
            by_step_flow=self.weights.by_step(rows, (count, part.steps), order),
        )

    def _open_home(self, part: Forward) -> FloatArray:
        """Return the share whom no entry ban keeps out, shape (n, O, H)."""
        low, high = self.bans
        position = part.position["entry_ban"][:, None, None]
        return np.asarray(1.0 - np.nan_to_num(low + (high - low) * position))


def make_hazards(blueprint: Blueprint, forward: Forward) -> Hazards:
    """Return the hazards of every flow for the draws of ``forward``, per month."""
    return HazardMaker(blueprint, forward).of(0, forward.draws)


def joining_hazard(forward: Forward) -> FloatArray:
    """Return the hazard of joining, shape (D, O, H): that of the logistic curve of arrivals.

    h = −log((1 − F(t + 1)) / (1 − F(t))); nobody joins a group that holds nothing.
    """
    values, design = forward.values, forward.design
    middle = design.peak + values["arrival_middle"][:, None] + values["arrival_middle_origin"]
    spread = values["arrival_spread"][:, None, None]
    parts = forward.months.parts
    instants = (forward.now + np.arange(forward.steps + 1)) / parts
    x = (instants[None, None, :] - middle[:, :, None]) / spread
    log_left = -np.logaddexp(0.0, x)  # log(1 − F)
    open_still = (forward.held[:, None, 1:] > 0).astype(float)
    return np.asarray((log_left[:, :, :-1] - log_left[:, :, 1:]) * parts * open_still)


def _ways_out(
    blueprint: Blueprint, fitted: Design, forward: Forward, open_home: FloatArray
) -> FloatArray:
    """Return ``by_step_group``: shape (D, H, G, classes)."""
    values, held = forward.values, forward.held
    gone = held[:, :-1] <= 0
    # A settlement is in force in the month in which the ground is given up.
    agreed = blueprint.design.case.end.agreed_on is not None
    settled = _in_mode(forward, SETTLEMENT)[:, None] & ((held[:, 1:] <= 0) | agreed)
    dislodged = values["displaced_elasticity"][:, None] * dislodging(held) * forward.months.parts
    dislodged = dislodged + values["collapse_hazard"][:, None] * gone
    # What demobilisation takes, it takes from every other way out.
    choice = np.exp(values["negotiated_demobilised"])
    driving = {
        "held": (held[:, :-1] + held[:, 1:]) / 2,
        "dislodged": dislodged,
        "open_home": open_home,
        "home_profile": forward.profiles["home"],
        "killed_profile": forward.profiles["killed"],
        "shift": _shifts(forward, settled),
        "settling": (choice / (choice + 1.0))[:, None] * settled,
        "joining": joining_hazard(forward),
    }
    strata = tuple(int(at) for at in blueprint.strata)
    out = _classes(dict(values), driving, fitted, strata)
    return np.asarray(out).reshape(forward.draws, forward.steps, -1, len(CLASSES))


def _shifts(forward: Forward, settled: NDArray[np.bool_]) -> FloatArray:
    """Return what the end's mode adds to the log hazards of the ways out, shape (D, 5, H)."""
    values = forward.values
    shift = np.zeros((forward.draws, len(FATES), forward.steps))
    for mode, fate, name in (
        (WITHDRAWAL, ONWARD, "withdrawal_onward"),
        (FRAGMENTATION, UNDERGROUND, "fragmentation_hosts"),
    ):
        shift[:, fate] += (values[name] * _in_mode(forward, mode))[:, None]
    shift[:, KILLED] += values["negotiated_killed"][:, None] * settled
    return shift


def _in_mode(forward: Forward, mode: str) -> NDArray[np.bool_]:
    return np.asarray(forward.mode == END_MODES.index(mode))


@partial(jax.jit, static_argnames=("design", "strata"))
def _classes(
    values: dict[str, Any], driving: dict[str, Any], design: Design, strata: tuple[int, ...]
) -> jax.Array:
    """Return the hazards of the classes of flows, shape (D, H, O, S, classes)."""

    def one(values: dict[str, Any], driving: dict[str, Any]) -> jax.Array:
        names = ("held", "dislodged", "open_home", "home_profile", "killed_profile")
        adults = hazards_in_group(values, design, *(driving[name] for name in names))
        adults = adults * jnp.exp(driving["shift"])[:, None, :]  # fate, origin, step
        settling = driving["settling"]
        ratio = ratios(values, design)[np.array(strata)]  # stratum, fate, origin
        shape = (ratio.shape[0], *adults.shape[1:])  # stratum, origin, step
        columns = {
            fate: (adults[at] * (1.0 - settling)) * ratio[:, at, :, None]
            for at, fate in enumerate(FATES)
        }
        columns["demobilised"] = adults.sum(axis=0) * settling
        columns["joining"] = driving["joining"]
        columns["steady"] = jnp.ones(())
        stacked = jnp.stack([jnp.broadcast_to(columns[name], shape) for name in CLASSES])
        return jnp.moveaxis(stacked, (3, 2, 1, 0), (0, 1, 2, 3))

    classes: jax.Array = jax.vmap(one)(values, driving)
    return classes


__all__ = ["Blueprint", "HazardMaker", "joining_hazard", "make_blueprint", "make_hazards"]
