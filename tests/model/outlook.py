"""What is expected of a case's future: hazards, start and means without whole people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dispersal.model.build import Blueprint, HazardMaker, make_blueprint
from dispersal.model.crowd import Crowd
from dispersal.model.past import history
from dispersal.model.start import Share, mean_counts, shares_of_states
from dispersal.model.states import ALL_FATES
from dispersal.model.weights import Rules
from dispersal.population import expected_many

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.model.forward import Forward
    from dispersal.model.past import Counts
    from dispersal.population import Hazards

    FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Outlook:
    """The parts from which an ensemble is sampled, for all draws at once."""

    forward: Forward
    blueprint: Blueprint
    rules: Rules
    past: Counts
    shares: tuple[Share, ...]
    start: FloatArray
    hazards: Hazards

    @classmethod
    def of(cls, forward: Forward) -> Outlook:
        blueprint = make_blueprint(forward.design)
        rules = Rules(blueprint.space, forward)
        past, shares = history(blueprint, forward), shares_of_states(blueprint, rules)
        start = mean_counts(blueprint, past, shares, 0)
        hazards = HazardMaker(blueprint, forward, rules).of(0, forward.draws)
        return cls(forward, blueprint, rules, past, shares, start, hazards)

    def crowded(self) -> Hazards:
        """Return the hazards with the hosts' crowding."""
        crowd = Crowd(self.blueprint, self.forward)
        whole = self.start.astype(np.int64)
        return self.hazards.times(crowd.multipliers(self.hazards, whole, self.forward.steps))

    def counts(self, *, crowded: bool = False) -> FloatArray:
        """Return mean counts, shape (D, H + 1, G, states)."""
        hazards = self.crowded() if crowded else self.hazards
        mean = expected_many(self.blueprint.process, hazards, self.start, self.forward.steps)
        return np.asarray(mean.counts)

    def arrivals(self, prefix: str, *, crowded: bool = False) -> FloatArray:
        """Return mean moves so far into the states of a prefix, shape (D, H + 1)."""
        process = self.blueprint.process
        names = [process.states[target] for target in process.targets]
        mean = expected_many(
            process,
            self.crowded() if crowded else self.hazards,
            self.start,
            self.forward.steps,
            counters=[0 if name.startswith(prefix) else -1 for name in names],
        )
        return np.asarray(np.asarray(mean.counters).sum(axis=(2, 3)))

    def fate(self, counts: FloatArray, name: str) -> FloatArray:
        """Return counts in a fate, shape (D, H + 1, G)."""
        inside = self.blueprint.fate_index == ALL_FATES.index(name)
        return np.asarray(counts[..., inside].sum(axis=-1))


def history_fates(past: Counts, shares: tuple[Share, ...], first: int) -> dict[int, FloatArray]:
    """Return the mean counts of the past by index into ``ALL_FATES``, shape (n, O, S, instants).

    ``first`` is the number of the first draw of ``past`` within its run; fates that nobody is in
    are left out.
    """
    out: dict[int, FloatArray] = {}
    for one in shares:
        counts = past[one.past]
        share = one.share
        if len(share) > 1:
            share = share[first : first + len(counts)]
        fate = ALL_FATES.index(one.state)
        out[fate] = out.get(fate, np.zeros(())) + counts * share[..., None]
    return out
