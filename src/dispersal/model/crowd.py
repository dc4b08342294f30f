"""How full the hosts are in each draw: the environment of its sampled trajectory (line S9)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispersal.model.hosts import welcome_of
from dispersal.population import Hazards, Process, room_left

if TYPE_CHECKING:
    from dispersal.model.build import Blueprint
    from dispersal.model.forward import Forward

FloatArray = NDArray[np.float64]

#: Added to everyone's weight, so that a pool of nobody has hazards too.
LEAST_WEIGHT = 1e-6


class Crowd:
    """The expected crowding of hosts, from a process of a few pooled groups.

    What a host has left depends on how many come in all, hardly on who; so the groups are pooled
    into foreigners and the locals of each country, with the mean hazards of their members.

    Parameters
    ----------
    blueprint : Blueprint
    forward : Forward
        Any draws of the case; the hosts' capacities do not vary.
    """

    def __init__(self, blueprint: Blueprint, forward: Forward) -> None:
        design, space = blueprint.design, blueprint.space
        self.blueprint = blueprint
        labels = np.where(design.local, np.arange(len(design.origins)), -1)
        of_group = np.repeat(labels, len(blueprint.strata))
        #: Groups of each pool.
        self.pools = [np.flatnonzero(of_group == label) for label in np.unique(labels)]
        capacities: dict[int, float] = {}
        states = blueprint.process.states
        for kind, options in (("underground", space.sanctuaries), ("elsewhere", space.theatres)):
            welcome = welcome_of(options, design.case.hosts, forward.ahead)
            for (place, host), capacity in zip(options, welcome.capacity, strict=True):
                if np.isfinite(capacity):
                    capacities[states.index(f"{kind}:{place}:{host}")] = float(capacity)
        #: States of limited capacity, and how many each can hold.
        self.states = np.array(sorted(capacities), dtype=np.int64)
        self.capacities = np.array([capacities[state] for state in self.states])

    @cached_property
    def process(self) -> Process:
        """The process of the pools."""
        whole = self.blueprint.process
        pools = (f"pool {number}" for number in range(len(self.pools)))
        return Process(
            tuple(pools),
            whole.states,
            whole.sources,
            whole.targets,
            whole.step,
            whole.flow_class,
            whole.classes,
        )

    def multipliers(
        self, hazards: Hazards, initial: NDArray[np.int64] | FloatArray, steps: int
    ) -> FloatArray:
        """Return what crowding multiplies each flow by.

        Parameters
        ----------
        hazards : Hazards
            Of D draws.
        initial : array, shape (D, G, states)
            People at the cut-off.
        steps : int
            H.

        Returns
        -------
        float array, shape (D, H, F), or (1, 1, F) of ones where no host has a capacity
        """
        if not self.states.size:
            return np.ones((1, 1, self.blueprint.process.n_flows))
        pooled = [initial[:, members].sum(axis=1) for members in self.pools]
        return room_left(
            self.process,
            self._pooled(hazards, initial),
            np.stack(pooled, axis=1),
            steps,
            self.states,
            self.capacities,
        )

    def _pooled(self, hazards: Hazards, initial: NDArray[np.int64] | FloatArray) -> Hazards:
        """Return the mean hazards of each pool's members in the group."""
        by_step_group = np.asarray(hazards.by_step_group)
        by_group = np.asarray(hazards.by_group_flow)
        in_group = initial[:, :, self.blueprint.process.states.index("in_group")] + LEAST_WEIGHT
        steps, flows = [], []
        for members in self.pools:
            # From the first member to the last, without copying; whoever is between counts 0.
            rows = slice(members[0], members[-1] + 1)
            share = np.zeros_like(in_group)
            share[:, members] = in_group[:, members]
            share[:, members] /= in_group[:, members].sum(axis=1, keepdims=True)
            steps.append(np.einsum("dtgc,dg->dtc", by_step_group[:, :, rows], share[:, rows]))
            flows.append(np.einsum("dgf,dg->df", by_group[:, rows], share[:, rows]))
        return Hazards(
            np.stack(steps, axis=2),
            np.stack(flows, axis=1),
            np.asarray(hazards.by_step_flow),
        )
