"""From the latent field to hazards of the engine: who arrives, who leaves, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dispersal.displacement.calibrated.surroundings import MONTH
from dispersal.population import Hazards, Process

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.displacement.calibrated.evidence import Evidence
    from dispersal.displacement.calibrated.field import Field
    from dispersal.displacement.calibrated.parameters import Parameters
    from dispersal.displacement.calibrated.surroundings import Surroundings

    Floats = NDArray[np.float64]

#: State of those who are in none of the camps.
HOME = "in no camp"

#: At least so many times the people in camps could flee, whatever the populations in the folder.
LEAST_POOL = 10.0

#: Most of a camp, or of those at home, who move in a day on average.
MOST_A_DAY = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What the engine is given.

    Parameters
    ----------
    process : Process
        One group; the camps after ``HOME``.
    hazards : Hazards
        Per day, for every draw and day after the last known one.
    initial : int array, shape (1, 1 + camps)
        People on the last known day.
    """

    process: Process
    hazards: Hazards
    initial: NDArray[np.int64]


def camp_process(camps: tuple[str, ...]) -> Process:
    """Return the process of moves between home and camps; flows to the camps come first."""
    count = len(camps)
    zero, each = np.zeros(count, dtype=np.int64), np.arange(1, count + 1)
    return Process(
        ("people",), (HOME, *camps), np.concatenate([zero, each]), np.concatenate([each, zero]), 1.0
    )


def plan_arrivals(
    process: Process,
    evidence: Evidence,
    around: Surroundings,
    field: Field,
    parameters: Parameters,
    total: Floats | None,
    rng: np.random.Generator,
) -> Plan:
    """Return hazards under which expected counts follow the field.

    Every day a share of each camp leaves (its turnover). Without a total, the rates of the field
    are those of all at home together, of whom at most ``MOST_A_DAY`` move in a day. With one, those
    who arrive are as many as it takes to reach the total, split between camps in proportion to
    their rates; where more are in camps than the total, all camps lose the same share.

    Parameters
    ----------
    process : Process
        Of ``camp_process``.
    total : float array, shape (days,), optional
        People in all camps on every day of the period.
    rng : Generator
        For how the turnovers of camps differ.
    """
    draws, camps = field.log_rate.shape[2], len(evidence.counts)
    days = np.arange(evidence.day + 1, len(around.opened))
    wobble = np.exp(parameters.turnover_camp_sd * rng.standard_normal((draws, camps)).T)
    turnover = np.minimum(field.turnover / MONTH * wobble, MOST_A_DAY)
    known = np.rint(evidence.counts)
    most = max(known.sum(), 1.0 if total is None else float(total.max()))
    pool = max(around.at_home, LEAST_POOL * most)
    home = np.full(draws, pool)
    present = np.repeat(known[:, None], draws, axis=1)
    rates = np.empty((draws, len(days), 2 * camps))
    most_hazard = -np.log1p(-MOST_A_DAY)
    waiting = (evidence.day - evidence.since).astype(np.float64)[:, None]
    for at, day in enumerate(days):
        rate = field.on(int(day), around.opened[day]) + np.log1p(waiting)
        waiting = np.zeros_like(waiting)  # the first day brings what no figure has told yet
        stays = np.exp(-turnover)
        leaving = turnover
        if total is None:
            # Never more than MOST_A_DAY of those at home.
            above = np.logaddexp.reduce(rate, axis=0) - np.log(most_hazard * pool)
            arriving = np.exp(rate - np.maximum(above, 0.0)) / pool
        else:
            need = total[day] - (present * stays).sum(axis=0)
            weight = np.exp(rate - rate.max(axis=0))
            share = weight / weight.sum(axis=0)
            chance = np.clip(need / home, 0.0, MOST_A_DAY)
            arriving = share * -np.log1p(-chance)
            shrink = np.clip(total[day] / np.maximum((present * stays).sum(axis=0), 1e-9), 1e-6, 1)
            leaving = turnover - np.log(shrink)
        rates[:, at, :camps] = arriving.T
        rates[:, at, camps:] = leaving.T
        hazard = arriving.sum(axis=0)
        gone = present * -np.expm1(-leaving)
        come = home * -np.expm1(-hazard) * (arriving / np.maximum(hazard, 1e-300))
        present = present - gone + come
        home = home + gone.sum(axis=0) - come.sum(axis=0)
    hazards = Hazards(np.ones((1, 1, 1, 1)), np.ones((1, 1, 2 * camps)), rates)
    start = np.concatenate([[round(pool)], known]).astype(np.int64)[None]
    return Plan(process, hazards, start)
