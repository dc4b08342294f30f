"""What the sensitivity of is asked: expected counts of the forecast, at points of its inputs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from dispersal.batches import Task, run_batches, split, usable_workers
from dispersal.errors import InputError
from dispersal.forecast.quantities import GROUPS, QUANTITIES, WHO, counted, require_name
from dispersal.forecast.world import one_ahead
from dispersal.model.design import STRATA
from dispersal.model.states import fate_of, place_of
from dispersal.population import Totals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from dispersal.case import Case
    from dispersal.forecast.world import World
    from dispersal.population import Hazards
    from dispersal.whatif.sensitivity_inputs import Inputs

FloatArray = NDArray[np.float64]

#: Points worked out from one set of rules, and points of a batch.
WORLD: Final = 480
BATCH: Final = 40


@dataclass(frozen=True)
class Output:
    """A number that the forecast gives.

    Parameters
    ----------
    name : str
        As asked for: ``returned_total``, ``returned:TUN`` or ``elsewhere@LBY``.
    quantity : str
        A key of ``dispersal.forecast.quantities.QUANTITIES``.
    origin : str
        A code of origins.csv, or ``foreign``, ``local`` or ``all``.
    place : str
        A place, or "".
    stratum : str
        Whom it counts: as ``Forecast.draws`` does, adults for quantities that are published of
        adults, and everyone for others and at places.
    """

    name: str
    quantity: str
    origin: str
    place: str
    stratum: str


def read_output(name: str, case: Case) -> Output:
    """Return the output that a name asks for.

    Parameters
    ----------
    name : str
        ``<quantity>_total`` for all from abroad, ``<quantity>:<origin or group>``, or
        ``<quantity>@<place>`` for everyone there.
    case : Case

    Raises
    ------
    InputError
        For an unknown quantity, origin or place; the message has the nearest.

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> read_output("killed:TUN", load_case("isis_2017"))
    Output(name='killed:TUN', quantity='killed', origin='TUN', place='', stratum='adults')
    """
    quantity, origin, place = name.removesuffix("_total"), "foreign", ""
    if "@" in name:
        quantity, place = name.split("@", 1)
        origin = "all"
        require_name("place", place, [row.place for row in case.places])
    elif ":" in name:
        quantity, origin = name.split(":", 1)
        require_name("origin", origin, [*(row.origin for row in case.origins), *GROUPS])
    elif not name.endswith("_total"):
        raise InputError(
            f"found output {name!r}, expected for example returned_total, returned:TUN or "
            "elsewhere@LBY: a quantity with _total, a home country or a place"
        )
    require_name("quantity", quantity, QUANTITIES)
    return Output(name, quantity, origin, place, "all" if place else counted(quantity).stratum)


def past_of(output: Output) -> str:
    """Return what of the past an output goes along with, of ``dispersal.model.past.PAST``.

    Examples
    --------
    >>> past_of(Output("killed_total", "killed", "foreign", "", "adults")), past_of(
    ...     Output("elsewhere@LBY", "elsewhere", "all", "LBY", "all"))
    ('killed', 'in_group')
    """
    fates = QUANTITIES[output.quantity]
    if "home_at_large" in fates or fates[0].startswith("home"):
        return "home"
    return fates[0] if fates[0] in ("killed", "detained", "underground") else "in_group"


def evaluate(
    inputs: Inputs,
    points: FloatArray,
    outputs: Sequence[Output],
    position: float,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    kind: str = "points",
    scheduler: str | None = None,
    batches: str | Path | None = None,
) -> FloatArray:
    """Return the expected counts at points of the inputs' distributions.

    Parameters
    ----------
    inputs : Inputs
    points : float array, shape (n, inputs)
    outputs : sequence of Output, length K
    position : float
        The day, months from the cut-off.
    threads : int, optional
    progress : callable, optional
        Called with (points done, points in all).
    kind : str
        Names the points among other batches.
    scheduler, batches
        As for :func:`dispersal.batches.run_batches`: blocks of ``WORLD`` points are batches.

    Returns
    -------
    float array, shape (n, K)
        Persons, whatever chance makes of single members left out.
    """
    found = np.empty((len(points), len(outputs)))
    if scheduler is not None or batches is not None:
        asked = Asked(inputs, points, tuple(outputs), position)
        runs = run_batches(
            work_of_points,
            split(kind, inputs.seed, len(points), WORLD),
            asked,
            asked.told(),
            folder=batches,
            scheduler=scheduler,
            at_once=threads or usable_workers(),
            progress=progress,
        )
        for task, arrays in runs:
            found[task.first : task.first + task.count] = arrays["values"]
        return found
    whole = -(-len(points) // BATCH) * BATCH
    # Whole batches, so that nothing is compiled for the last one.
    padded = np.concatenate([points, np.repeat(points[:1], whole - len(points), axis=0)])
    for begin in range(0, whole, WORLD):
        world = inputs.world(padded[begin : begin + WORLD])
        weights = _weights(world, outputs)
        for first, values in _means(world, weights, position, threads):
            rows = slice(begin + first, min(begin + first + BATCH, len(points)))
            found[rows] = values[: rows.stop - rows.start]
            if progress is not None:
                progress(rows.stop, len(points))
    return found


@dataclass(frozen=True, eq=False)
class Asked:
    """What every batch of points needs."""

    inputs: Inputs
    points: FloatArray
    outputs: tuple[Output, ...]
    position: float

    def told(self) -> dict[str, str | int | float]:
        """Return all that values depend on."""
        design = self.inputs.posterior.design
        return {
            "case": design.case.content_hash,
            "cutoff": design.cutoff.isoformat(),
            "posterior": self.inputs.posterior.content_hash,
            "until": self.inputs.until.isoformat(),
            "seed": self.inputs.seed,
            "ordered by": self.inputs.by,
            "outputs": ", ".join(output.name for output in self.outputs),
            "position": self.position,
            "points": hashlib.sha256(np.ascontiguousarray(self.points).data).hexdigest(),
        }


def work_of_points(asked: Asked, task: Task) -> dict[str, FloatArray]:
    """Return the expected counts at some points."""
    points = asked.points[task.first : task.first + task.count]
    values = evaluate(asked.inputs, points, asked.outputs, asked.position, threads=1)
    return {"values": values}


def _means(
    world: World, weights: FloatArray, position: float, threads: int | None
) -> list[tuple[int, FloatArray]]:
    process = world.blueprint.process
    totals = Totals(np.arange(process.n_groups), np.arange(process.n_states))
    found = []

    def ready(first: int) -> tuple[FloatArray, Hazards]:
        return world.mean_start(first, BATCH)

    firsts = range(0, world.forward.draws, BATCH)
    for first, (start, hazards) in zip(firsts, one_ahead(ready, firsts, threads), strict=True):
        counts = world.mean_from(start, hazards, totals, position, threads)
        found.append((first, np.einsum("ngs,kgs->nk", counts, weights)))
    return found


def _weights(world: World, outputs: Sequence[Output]) -> FloatArray:
    """Return which groups and states each output counts, shape (K, G, states), 0 or 1."""
    blueprint = world.blueprint
    states, design = blueprint.process.states, blueprint.design
    strata = [STRATA[at] for at in blueprint.strata]
    weights = np.zeros((len(outputs), blueprint.process.n_groups, len(states)))
    for at, output in enumerate(outputs):
        fates = QUANTITIES[output.quantity]
        inside = np.array(
            [fate_of(state) in fates and output.place in ("", place_of(state)) for state in states]
        )
        if not inside.any():
            raise InputError(
                f"found output {output.name!r}, expected a quantity and a place that the case "
                "lets members be in"
            )
        chosen = {
            "all": np.ones_like(design.local),
            "foreign": ~design.local,
            "local": design.local,
        }.get(output.origin, np.array([code == output.origin for code in design.origins]))
        who = np.array([name in WHO[output.stratum] for name in strata])
        weights[at] = np.outer(np.outer(chosen, who), inside)
    return weights
