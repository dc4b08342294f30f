"""Simulation-based calibration of the fit of a case."""

from __future__ import annotations

import dataclasses
import time
from functools import cached_property
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np

from dispersal.batches import Task, run_batches, split
from dispersal.case.asking import day_of
from dispersal.inference.calibration import (
    Calibration,
    calibrate_study,
    calibration_of,
    require_enough,
)
from dispersal.inference.chains import Chains, available_cores, whole_chunks
from dispersal.inference.evidence import make_log_likelihood
from dispersal.inference.fit import named_draws, starting_values
from dispersal.inference.observation import observe
from dispersal.inference.posterior import axis_labels
from dispersal.inference.prediction import informed_origins
from dispersal.inference.program import model
from dispersal.inference.replicate import Quantities, Replication, Replicator, Study
from dispersal.inference.simulate import evidence_simulator
from dispersal.model.design import make_design
from dispersal.model.parameters import case_table
from dispersal.model.trajectory import trajectories

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from dispersal.case import Case
    from dispersal.inference.chains import Progress

#: What is ranked beside parameters: the log of all who were home on the cut-off.
RETURNED = "log_returned"

#: Draws whose trajectories are computed at once.
BATCH = 50


def calibrate(
    case: Case,
    *,
    as_known_on: dt.date | str | None = None,
    replications: int = 200,
    seed: int = 1,
    chains: int = 2,
    warmup: int = 200,
    draws: int = 100,
    blocks: int = 4,
    workers: int | None = None,
    progress: Progress | None = None,
    scheduler: str | None = None,
    batches: str | Path | None = None,
) -> Calibration:
    """Calibrate the fit of a case on evidence that the model makes.

    Ranked are every scalar parameter of the fit, one element of each array (the first origin that
    evidence informs, the first region, the last knot), the log of all who were home on the
    cut-off, and the log of the joint density.

    Parameters
    ----------
    case : Case
        A small one, such as :func:`dispersal.case.subset.case_of_origins` makes: every
        replication is a fit.
    as_known_on : date or ISO text, optional
        The cut-off; default the day the question was asked.
    replications, seed, chains, warmup, draws, blocks, workers, progress
        As for :func:`dispersal.inference.calibration.calibrate_study`.
    scheduler, batches
        As for :func:`dispersal.batches.run_batches`: replications are batches. Does not change
        ranks.
    """
    if scheduler is not None or batches is not None:
        require_enough(replications, chains, draws)
        began = time.perf_counter()
        day = case.asked_on if as_known_on is None else day_of(as_known_on)
        settings = {"chains": chains, "warmup": warmup, "draws": draws, "blocks": blocks}
        asked = Replications(case, day, seed, settings)
        runs = run_batches(
            work_of_replications,
            split("replications", seed, replications, 1),
            asked,
            {"case": case.content_hash, "cutoff": day.isoformat(), **settings},
            folder=batches,
            scheduler=scheduler,
            at_once=workers or available_cores(),
            progress=progress,
        )
        found = {task.first: _replication_of(arrays) for task, arrays in runs}
        # The sampler takes whole chunks of iterations.
        taken = {"seed": seed, **settings, "warmup": whole_chunks(warmup)}
        in_order = [found[number] for number in range(replications)]
        return calibration_of(in_order, taken, time.perf_counter() - began)
    study = study_of(case, as_known_on=as_known_on, seed=seed)
    return calibrate_study(
        study,
        replications=replications,
        seed=seed,
        chains=chains,
        warmup=warmup,
        draws=draws,
        blocks=blocks,
        workers=workers,
        progress=progress,
    )


@dataclasses.dataclass(frozen=True, eq=False)
class Replications:
    """What every batch of replications needs."""

    case: Case
    cutoff: dt.date
    seed: int
    settings: Mapping[str, int]

    @cached_property
    def replicator(self) -> Replicator:
        """Made by each process for itself: what is compiled cannot be sent."""
        study = study_of(self.case, as_known_on=self.cutoff, seed=self.seed)
        return Replicator(study, self.seed, **self.settings)


def work_of_replications(asked: Replications, task: Task) -> dict[str, NDArray[Any]]:
    """Run a replication."""
    ranks, sizes, run = asked.replicator.run(task.first)
    parts: dict[str, Mapping[str, float]] = {"ranks": ranks, "ess": sizes, "run": run}
    return {
        f"{part} {name}": np.array(value)
        for part, found in parts.items()
        for name, value in found.items()
    }


def _replication_of(arrays: Mapping[str, NDArray[Any]]) -> Replication:
    def part(kind: str) -> dict[str, Any]:
        named = (name.split(" ", 1) for name in arrays)
        return {name: arrays[f"{of} {name}"].item() for of, name in named if of == kind}

    return part("ranks"), part("ess"), part("run")


def study_of(case: Case, *, as_known_on: dt.date | str | None = None, seed: int = 1) -> Study:
    """Return what a calibration of the fit of a case needs to know."""
    design = make_design(case, case.asked_on if as_known_on is None else day_of(as_known_on))
    table = case_table(design.case)
    observations = observe(design)
    evidence = make_log_likelihood(design, observations)
    simulated = evidence_simulator(table, design, observations, seed)
    labels, informed = axis_labels(design), informed_origins(observations, design)
    parameters = table.of_stage("fit")
    at = {
        p.name: _element(p.axis, len(labels[p.axis]), informed.get(p.name))
        for p in parameters
        if p.axis
    }

    def program(value: Any, side: Any) -> None:
        model(table, design, observations, lambda values: evidence(values, value, side))

    def simulate(number: int) -> tuple[Mapping[str, NDArray[np.float64]], tuple[Any, ...]]:
        drawn = simulated(number)
        return drawn.sites, (drawn.value, drawn.side.astype(float))

    def start(data: tuple[Any, ...]) -> Mapping[str, Any]:
        value, side = data
        # What is drawn may be below nobody; what is published never is.
        return starting_values(
            design, dataclasses.replace(observations, value=np.maximum(value, 0.0), side=side)
        )

    @jax.jit
    @jax.vmap
    def log_returned(values: Mapping[str, Any]) -> Any:
        home = trajectories(values, design)["home"][:, -1]
        return jnp.log((jnp.exp(values["members"]) * home).sum())

    def quantities(sites: Mapping[str, NDArray[np.float64]], drawn: int) -> Quantities:
        shape = next(iter(sites.values())).shape[:2]
        raw = Chains(sites=dict(sites), statistics={"lp": np.zeros(shape)})
        samples = named_draws(raw, table, design, observations, drawn)
        found = {}
        for parameter in parameters:
            values = samples[parameter.name]
            if not parameter.axis:
                found[parameter.name] = values
                continue
            element = at[parameter.name]
            label = labels[parameter.axis][element]
            found[f"{parameter.name}[{label}]"] = values[..., element]
        size = shape[0] * shape[1]
        flat = {name: values.reshape(size, *values.shape[2:]) for name, values in samples.items()}
        parts = []
        for first in range(0, size, BATCH):
            # Batches of one size, the last filled up, are compiled once.
            rows = np.minimum(np.arange(first, first + BATCH), size - 1)
            parts.append(log_returned({name: values[rows] for name, values in flat.items()}))
        found[RETURNED] = np.concatenate(parts)[:size].reshape(shape)
        return found

    return Study(model=program, simulate=simulate, start=start, quantities=quantities)


def _element(axis: str, size: int, informed: NDArray[np.bool_] | None) -> int:
    if axis == "knot":
        return size - 1
    if informed is None or not informed.any():
        return 0
    return int(np.flatnonzero(informed)[0])
