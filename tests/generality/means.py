"""What is expected of a generated case: mean counts by home country, stratum and state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from dispersal.forecast.world import World
from dispersal.model.parameters import table
from dispersal.population import Totals, mean_totals
from tests.forecast.prior import prior_posterior

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from dispersal.case import Case
    from dispersal.inference.posterior import Posterior

    from .recipes import Recipe

    FloatArray = NDArray[np.float64]

#: Draws from the priors that each case is forecast with.
DRAWS = 5
SEED = 4


@dataclass(frozen=True, eq=False)
class Means:
    """Expected counts of some draws.

    Parameters
    ----------
    origins, states : tuple of str
    free : float array, shape (D, O, S, states, instants)
        At the cut-off, in the middle of the forecast and at its end, of hosts without a limit.
    crowded : float array, of the same shape
        At the cut-off and one and two steps later, of hosts with theirs. Not later: where far
        more come at once than a host can take in, its crowding goes up and down from step to step
        and makes much of the last digit.
    """

    origins: tuple[str, ...]
    states: tuple[str, ...]
    free: FloatArray
    crowded: FloatArray

    @classmethod
    def of(cls, posterior: Posterior) -> Means:
        until = posterior.design.case.period.until
        world = World.drawn(posterior, DRAWS, SEED, until)
        process, steps = world.blueprint.process, world.forward.steps
        cells = Totals(np.arange(process.n_groups), np.arange(process.n_states))
        start, crowded = world.mean_start(0, DRAWS)
        shape = (DRAWS, len(posterior.design.origins), -1, process.n_states, 3)
        return cls(
            posterior.design.origins,
            process.states,
            *(
                mean_totals(process, hazards, start, steps, cells, instants, threads=1).reshape(
                    shape
                )
                for hazards, instants in (
                    (world.maker.of(0, DRAWS), (0, steps // 2, steps)),
                    (crowded, (0, 1, min(2, steps))),
                )
            ),
        )

    def in_order(self, origins: Sequence[str], states: Sequence[str]) -> Means:
        """Return the counts with origins and states in an order of one's own, others left out."""
        rows = [self.origins.index(origin) for origin in origins]
        columns = [self.states.index(state) for state in states]
        return Means(
            tuple(origins),
            tuple(states),
            self.free[:, rows][:, :, :, columns],
            self.crowded[:, rows][:, :, :, columns],
        )

    def together(self) -> Means:
        """Return the counts of all origins as one."""
        sums = (counts.sum(axis=1, keepdims=True) for counts in (self.free, self.crowded))
        return Means(("all",), self.states, *sums)


def posterior_of(recipe: Recipe, case: Case) -> Posterior:
    """Return draws from the priors in the place of a fit of a generated case."""
    return prior_posterior(case, DRAWS, recipe.cutoff, SEED)


def with_origins_from(posterior: Posterior, other: Posterior, at: Sequence[int]) -> Posterior:
    """Return a posterior with the draws of another one.

    Parameters
    ----------
    at : sequence of int
        For each origin of ``posterior`` the one of ``other`` whose draws it gets.
    """
    by_origin = {p.name for p in table().of_stage("fit") if p.axis == "origin"}
    samples = {
        name: value[:, :, list(at)] if name in by_origin else value
        for name, value in other.samples.items()
    }
    return replace(posterior, samples=samples)


def renamed_states(states: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """Return the names of states after places and hosts were renamed."""
    return [":".join(names.get(part, part) for part in state.split(":")) for state in states]
