"""What the forecast is made of, as independent inputs: parameters and what a case leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from dispersal.forecast.world import World
from dispersal.model.build import make_blueprint
from dispersal.model.forward import Chances, Forward, draw_chances, look_forward, months_until
from dispersal.model.past import make_past

if TYPE_CHECKING:
    import datetime as dt

    from dispersal.inference.posterior import Posterior

FloatArray = NDArray[np.float64]

#: Draws of every input that a position between 0 and 1 picks from.
POOL: Final = 2_000

#: Draws of the pool whose past is worked out at a time.
PART: Final = 40

#: Everything that the evidence fitted, as one input: its parameters depend on each other.
FITTED: Final = "fitted"

#: Inputs that are not parameters, with their meaning.
OTHERS: Final = {
    FITTED: "everything that the evidence fitted, together: who joined, and the hazards and biases "
    "up to the cut-off",
    "end": "when the last territory is lost",
    "mode": "how the end comes: defeat, settlement, withdrawal or fragmentation",
    "later_hazards": "how the hazards of death and of return wander after the cut-off",
}


@dataclass(frozen=True, eq=False)
class Input:
    """One uncertain input.

    Parameters
    ----------
    name, meaning, unit : str
    kind : {"evidence", "parameter", "case"}
        What the evidence fitted; a prior of the forecast; what the case leaves open.
    p10, p90 : float or None
        What it is at the ends of its 80 % range; None where it is no number.
    """

    name: str
    meaning: str
    unit: str
    kind: str
    p10: float | None
    p90: float | None


@dataclass(frozen=True, eq=False)
class Inputs:
    """The inputs of a forecast, each of which can be set to any point of its distribution.

    Parameters
    ----------
    posterior : Posterior
    until : datetime.date
    seed : int
    by : str
        What the draws of what was fitted are put in order by, one of
        ``dispersal.model.past.PAST``: those from abroad in it at the cut-off, from few to many.
    """

    posterior: Posterior
    until: dt.date
    seed: int
    by: str = "home"

    @cached_property
    def chances(self) -> Chances:
        """A pool of draws of everything but what was fitted."""
        design = self.posterior.design
        months, now = months_until(design, self.until)
        steps = -(-(months.steps - now) // months.parts)
        return draw_chances(self.posterior.table, POOL, steps, self.seed)

    @cached_property
    def fitted(self) -> dict[str, FloatArray]:
        """A pool of draws of what was fitted."""
        return self.posterior.draws(POOL)

    @cached_property
    def listed(self) -> tuple[Input, ...]:
        """Every input of this case: one that can change nothing in it is left out."""
        case, table = self.posterior.design.case, self.posterior.table
        found = [Input(FITTED, OTHERS[FITTED], "", "evidence", None, None)]
        for name, values in self.chances.values.items():
            low, high = np.quantile(values, [0.1, 0.9])
            row = table[name]
            found.append(Input(name, row.meaning, row.unit, "parameter", float(low), float(high)))
        kinds = {row.policy for row in case.policies}
        names = ["end", "later_hazards"]
        if sum(share > 0 for share in case.end.modes.values()) > 1:
            names.insert(1, "mode")
        found += [Input(name, OTHERS[name], "", "case", None, None) for name in names]
        found += [
            Input(
                f"policy:{kind}",
                f"where in their ranges the policies of kind {kind} lie, the same for all",
                "share of range",
                "case",
                0.1,
                0.9,
            )
            for kind in self.chances.position
            if kind in kinds
        ]
        return tuple(found)

    @cached_property
    def _order(self) -> dict[str, NDArray[np.int64]]:
        """The pool's draws of each input, from low to high."""
        chances = self.chances
        keys = {name: values for name, values in chances.values.items()}  # noqa: C416
        keys |= {"end": chances.end, "mode": chances.mode}
        keys["later_hazards"] = sum(noise[:, :4].sum(axis=1) for noise in chances.noise.values())
        keys |= {f"policy:{kind}": at for kind, at in chances.position.items()}
        keys[FITTED] = self._at_cutoff()
        return {name: np.argsort(values, kind="stable") for name, values in keys.items()}

    def _at_cutoff(self) -> FloatArray:
        """Return how many from abroad are in ``by`` at the cut-off, for each draw of the pool."""
        forward = look_forward(self.posterior.design, self.fitted, self.chances, self.until)
        blueprint = make_blueprint(self.posterior.design)
        foreign = ~self.posterior.design.local
        parts = []
        for first in range(0, POOL, PART):
            past = make_past(blueprint, forward.part(first, PART)).at_cutoff()
            parts.append(past[self.by][..., -1][:, foreign].sum(axis=(1, 2)))
        return np.concatenate(parts)

    def forward(self, points: FloatArray) -> Forward:
        """Return what shapes the forecast at points of the inputs' distributions.

        Parameters
        ----------
        points : float array, shape (n, inputs)
            Positions between 0 and 1 in the distributions of ``listed``: 0.1 is the 10 %
            quantile of a parameter.
        """
        rows = {
            one.name: self._order[one.name][np.minimum((column * POOL).astype(int), POOL - 1)]
            for one, column in zip(self.listed, points.T, strict=True)
        }
        still = np.zeros(len(points), dtype=np.int64)
        chances = self.chances
        drawn = Chances(
            values={name: pool[rows[name]] for name, pool in chances.values.items()},
            end=chances.end[rows["end"]],
            mode=chances.mode[rows.get("mode", still)],
            noise={name: pool[rows["later_hazards"]] for name, pool in chances.noise.items()},
            position={
                kind: pool[rows.get(f"policy:{kind}", still)]
                for kind, pool in chances.position.items()
            },
        )
        fitted = {name: pool[rows[FITTED]] for name, pool in self.fitted.items()}
        return look_forward(self.posterior.design, fitted, drawn, self.until)

    def world(self, points: FloatArray) -> World:
        """Return the world at points of the inputs' distributions."""
        return World.of(self.forward(points), self.seed, self.posterior.design)
