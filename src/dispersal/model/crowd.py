"""How full the hosts are in each draw: the environment of its sampled trajectory (line S9)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispersal.model.hosts import crowding, welcome_of
from dispersal.population import Hazards, Process, expected_many

if TYPE_CHECKING:
    from dispersal.model.build import Blueprint
    from dispersal.model.forward import Forward

FloatArray = NDArray[np.float64]


class Crowd:
    """The expected crowding of hosts, from a process of a few pooled groups.

    What a host has left depends on how many come in all, hardly on who; so the groups are pooled
    into foreigners and the locals of each country, with the mean hazards of their members
    (docs/model.md says what that neglects). One more group holds the hosts' capacities.

    Parameters
    ----------
    blueprint : Blueprint
    forward : Forward
        Any draws of the case; the hosts' capacities do not vary.
    """

    def __init__(self, blueprint: Blueprint, forward: Forward) -> None:
        design = blueprint.design
        self.blueprint = blueprint
        origin = np.repeat(np.arange(len(design.origins)), len(blueprint.strata))
        labels = np.where(design.local, np.arange(len(design.origins)), -1)[origin]
        self.pools = [np.flatnonzero(labels == label) for label in np.unique(labels)]
        space, process = blueprint.space, blueprint.process
        capacities: dict[int, float] = {}
        for kind, options in (("underground", space.sanctuaries), ("elsewhere", space.theatres)):
            welcome = welcome_of(options, design.case.hosts, forward.ahead)
            for (place, host), capacity in zip(options, welcome.capacity, strict=True):
                if np.isfinite(capacity):
                    capacities[process.states.index(f"{kind}:{place}:{host}")] = float(capacity)
        self.states = np.array(sorted(capacities), dtype=np.int64)
        self.capacities = np.array([capacities[state] for state in self.states])

    @cached_property
    def _process(self) -> Process:
        whole = self.blueprint.process
        return Process(
            (*(f"pool {number}" for number in range(len(self.pools))), "capacities"),
            whole.states,
            whole.sources,
            whole.targets,
            whole.step,
            whole.flow_class,
            whole.classes,
        )

    @cached_property
    def _environment(self):  # type: ignore[no-untyped-def]
        targets = self.blueprint.process.targets
        into = np.full(targets.shape, -1)
        for number, state in enumerate(self.states):
            into[targets == state] = number
        return crowding(self.states, into, targets.size)

    def multipliers(self, hazards: Hazards, initial: NDArray[np.int64], steps: int) -> FloatArray:
        """Return what crowding multiplies each flow by, shape (D, H, F).

        Parameters
        ----------
        hazards : Hazards
            Of D draws.
        initial : int array, shape (D, G, states)
        steps : int
            H.
        """
        draws = initial.shape[0]
        if not self.states.size:
            return np.ones((1, 1, self.blueprint.process.n_flows))
        by_step_group, by_group = (
            np.asarray(hazards.by_step_group),
            np.asarray(hazards.by_group_flow),
        )
        weight = initial[:, :, self.blueprint.process.states.index("in_group")] + 1e-6
        pooled_steps, pooled_flows, pooled_people = [], [], []
        for members in self.pools:
            share = weight[:, members] / weight[:, members].sum(axis=1, keepdims=True)
            pooled_steps.append(np.einsum("dtgc,dg->dtc", by_step_group[:, :, members], share))
            pooled_flows.append(np.einsum("dgf,dg->df", by_group[:, members], share))
            pooled_people.append(initial[:, members].sum(axis=1))
        capacity = np.zeros((draws, initial.shape[2]))
        capacity[:, self.states] = self.capacities
        result = expected_many(
            self._process,
            Hazards(
                np.stack([*pooled_steps, np.zeros_like(pooled_steps[0])], axis=2),
                np.stack([*pooled_flows, np.zeros_like(pooled_flows[0])], axis=1),
                np.asarray(hazards.by_step_flow),
            ),
            np.stack([*pooled_people, capacity], axis=1).astype(np.float64),
            steps,
            self._environment,
        )
        return np.asarray(result.multipliers)
