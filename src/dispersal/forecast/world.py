"""A world: everything that the draws of one case are simulated from, batch by batch.

The same posterior draws, seed and random streams make every world, so that two worlds that differ
in their case alone can be compared draw by draw (common random numbers).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from dispersal.errors import InputError
from dispersal.model.build import Blueprint, HazardMaker, make_blueprint
from dispersal.model.crowd import Crowd
from dispersal.model.forward import Forward, draw_forward
from dispersal.model.past import make_past
from dispersal.model.start import (
    Share,
    initial_counts,
    mean_counts,
    shares_of_fates,
    shares_of_states,
)
from dispersal.model.weights import Rules
from dispersal.population import mean_totals

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from dispersal.case import Case
    from dispersal.inference.posterior import Posterior
    from dispersal.model.design import Design
    from dispersal.model.parameters import ParameterTable
    from dispersal.model.past import Past
    from dispersal.population import Hazards, Totals

FloatArray = NDArray[np.float64]
Result = TypeVar("Result")
Item = TypeVar("Item")


@dataclass(frozen=True, eq=False)
class World:
    """What D draws of a case are simulated from.

    Parameters
    ----------
    blueprint : Blueprint
        Groups, states and flows.
    forward : Forward
        Of D draws.
    maker : HazardMaker
    crowd : Crowd
    by_state, by_fate : tuple of Share
        How those in a fate of the past are spread at the cut-off.
    seed : int
    before : int
        Draws of the run before the first one here.
    """

    blueprint: Blueprint
    forward: Forward
    maker: HazardMaker
    crowd: Crowd
    by_state: tuple[Share, ...]
    by_fate: tuple[Share, ...]
    seed: int
    before: int = 0

    @classmethod
    def of(
        cls, forward: Forward, seed: int, fitted: Design | None = None, before: int = 0
    ) -> World:
        """Return the world of draws that are made.

        Parameters
        ----------
        forward : Forward
        seed : int
        fitted : Design, optional
            That of the fit, where the case ahead is another.
        before : int
            Draws of the run before these.
        """
        blueprint = make_blueprint(forward.design)
        rules = Rules(blueprint.space, forward)
        by_state = shares_of_states(blueprint, rules)
        return cls(
            blueprint=blueprint,
            forward=forward,
            maker=HazardMaker(blueprint, forward, rules, fitted),
            crowd=Crowd(blueprint, forward),
            by_state=by_state,
            by_fate=shares_of_fates(by_state),
            seed=seed,
            before=before,
        )

    @classmethod
    def drawn(
        cls,
        posterior: Posterior,
        draws: int,
        seed: int,
        until: dt.date,
        case: Case | None = None,
        before: int = 0,
    ) -> World:
        """Draw a world.

        Parameters
        ----------
        posterior : Posterior
        draws : int
            D; the first ones do not change when more are asked for.
        seed : int
            The same seed gives every world the same random numbers.
        until : datetime.date
            Last day.
        case : Case, optional
            What the world is after the cut-off; default the case of the posterior. What the
            evidence fitted, and the past, stay those of the posterior.
        before : int
            Draws of the run before these, which are the same as if all were drawn.

        Raises
        ------
        InputError
            If ``case`` has other origins, strata or priors of what the evidence fits.
        """
        design, table = posterior.design, posterior.table
        if case is not None:
            _require_same_past(design.case, case)
            table = _with_other_priors(table, design.case, case)
            design = replace(design, case=case)
        forward = draw_forward(design, table, posterior.draws(draws, before), until, seed, before)
        return cls.of(forward, seed, posterior.design, before)

    def past(self, first: int, count: int) -> Past:
        """Return the mean counts of some draws up to the cut-off, by what the fit tells apart."""
        return make_past(self.blueprint, self.forward.part(first, count), self.maker.fitted)

    def initial(self, past: Past, first: int) -> NDArray[np.int64]:
        """Return whole people in every state at the cut-off, shape (n, G, states)."""
        known = past.at_cutoff()
        return initial_counts(self.blueprint, known, self.by_state, self.seed, first, self.before)

    def mean(
        self, first: int, count: int, totals: Totals, position: float, threads: int | None = None
    ) -> FloatArray:
        """Return the expected counts of some draws on a day, given everything but chance.

        Parameters
        ----------
        totals : Totals
            Where groups and states add to, A rows and B columns.
        position : float
            The day, months from the cut-off; between monthly instants counts are linear.

        Returns
        -------
        float array, shape (count, A, B)
        """
        return self.mean_from(*self.mean_start(first, count), totals, position, threads)

    def mean_start(self, first: int, count: int) -> tuple[FloatArray, Hazards]:
        """Return the mean counts of some draws at the cut-off, (count, G, states), and hazards."""
        known = self.past(first, count).at_cutoff()
        start = mean_counts(self.blueprint, known, self.by_state, first)
        return start, self.hazards(first, start)

    def mean_from(
        self,
        start: FloatArray,
        hazards: Hazards,
        totals: Totals,
        position: float,
        threads: int | None = None,
    ) -> FloatArray:
        """Return what :meth:`mean` does, from what :meth:`mean_start` gives."""
        steps = self.forward.steps
        left = min(int(position), steps - 1)
        after = position - left
        process = self.blueprint.process
        ends = mean_totals(process, hazards, start, steps, totals, (left, left + 1), threads)
        return np.asarray(ends[..., 0] * (1.0 - after) + ends[..., 1] * after)

    def hazards(self, first: int, initial: NDArray[np.int64] | FloatArray) -> Hazards:
        """Return the hazards of some draws, per month, as crowding leaves them.

        Parameters
        ----------
        initial : array, shape (n, G, states)
            People at the cut-off, of the draws from ``first`` on.
        """
        hazards = self.maker.of(first, len(initial))
        return hazards.times(self.crowd.multipliers(hazards, initial, self.forward.steps))


def _require_same_past(known: Case, case: Case) -> None:
    """Raise if a case differs in what the evidence was fitted to."""
    fitted = {
        "origins": (known.origins, case.origins),
        "strata": (known.strata, case.strata),
        "territory": (known.territory, case.territory),
        "period": (known.period, case.period),
        "ledger": (known.ledger, case.ledger),
    }
    for name, (before, after) in fitted.items():
        if before != after:
            raise InputError(
                f"found a case with other {name} than the one that was fitted, expected a change "
                "of policies, hosts, places, the end or priors of the forecast; fit the case anew"
            )


def _with_other_priors(table: ParameterTable, known: Case, case: Case) -> ParameterTable:
    """Return the table with the priors of the forecast that a case has and the fitted one has not.

    Raises
    ------
    InputError
        If one of them is of a parameter that the evidence fits.
    """
    priors = {
        name: override.prior
        for name, override in case.parameters.items()
        if known.parameters.get(name) != override
    }
    fitted = [name for name in priors if name in table and table[name].stage == "fit"]
    if fitted:
        raise InputError(
            f"found another prior for {fitted[0]}, expected only priors of the forecast: the "
            "evidence was fitted with it; fit the case anew"
        )
    return table.with_priors(priors)


def one_ahead(
    work: Callable[[Item], Result], items: Sequence[Item], threads: int | None
) -> Iterator[Result]:
    """Yield the result of each item, at work on the next one meanwhile unless ``threads`` is 1."""
    if threads == 1:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(1) as ahead:
        waiting: list[Future[Result]] = []
        for item in items:
            waiting.append(ahead.submit(work, item))
            if len(waiting) > 1:
                yield waiting.pop(0).result()
        for last in waiting:
            yield last.result()
