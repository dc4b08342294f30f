"""From a posterior to an ensemble: draws of where every member is, month by month."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispersal.forecast.ensemble_types import Ensemble
from dispersal.inference.observation import PERSISTENT_TAGS, QUANTITIES
from dispersal.model.build import Blueprint, HazardMaker, make_blueprint
from dispersal.model.crowd import Crowd
from dispersal.model.design import STRATA
from dispersal.model.forward import Forward, draw_forward
from dispersal.model.start import (
    history,
    history_fates,
    initial_counts,
    shares_of_fates,
    shares_of_states,
)
from dispersal.model.states import ALL_FATES, place_of
from dispersal.model.weights import Rules
from dispersal.population import sample

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from dispersal.inference.posterior import Posterior

FloatArray = NDArray[np.float64]
Progress = Callable[[int, int], None]

#: Draws simulated at a time: what one batch holds in memory, about 0.3 GB for ``isis_2017``.
BATCH = 40


def simulate(
    posterior: Posterior,
    *,
    draws: int = 1000,
    seed: int = 1,
    until: dt.date | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Ensemble:
    """Simulate whole people from the cut-off on, one trajectory a draw of the posterior.

    Parameters
    ----------
    posterior : Posterior
    draws : int
        D; the first ones do not change when more are asked for.
    seed : int
        Same posterior, seed and version give the same bits, whatever the number of threads.
    until : datetime.date, optional
        Last day; default: the end of the case's period.
    threads : int, optional
        Default: as many as there are cores.
    progress : callable, optional
        Called with (draws done, draws in all).
    """
    began = time.perf_counter()
    design = posterior.design
    until = until or design.case.period.until
    # Whole batches, so that nothing is compiled for the last one; the draws asked for come first.
    padded = -(-draws // BATCH) * BATCH
    whole = draw_forward(design, posterior.table, posterior.draws(padded), until, seed)
    forward = whole.part(0, draws)
    blueprint = make_blueprint(design)
    rules = Rules(blueprint.space, whole)
    maker = HazardMaker(blueprint, whole, rules)
    by_state = shares_of_states(blueprint, rules)
    by_fate = shares_of_fates(by_state)
    crowd = Crowd(blueprint, forward)
    collect = _Collector(blueprint, forward, draws)
    timings = {"prepare": time.perf_counter() - began, "hazards": 0.0, "sample": 0.0}
    for first in range(0, draws, BATCH):
        count = min(BATCH, draws - first)
        start = time.perf_counter()
        past = history(blueprint, whole.part(first, BATCH))
        initial = initial_counts(blueprint, past, by_state, seed, first)
        hazards = maker.of(first, BATCH)
        hazards = hazards.times(crowd.multipliers(hazards, initial, forward.steps))
        ready = time.perf_counter()
        run = sample(
            blueprint.process,
            hazards.of_draws(0, count),
            initial[:count],
            forward.steps,
            count,
            seed,
            counters=collect.counters,
            threads=threads,
            first_draw=first,
        )
        sampled = time.perf_counter()
        assert run.counters is not None
        collect.add(first, history_fates(past, by_fate, first), run.counts, run.counters)
        timings["hazards"] += ready - start
        timings["sample"] += sampled - ready
        if progress is not None:
            progress(first + count, draws)
    timings["simulate"] = time.perf_counter() - began
    return Ensemble(
        case=design.case,
        cutoff=design.cutoff,
        seed=seed,
        months=forward.months,
        now=forward.now,
        origins=design.origins,
        strata=tuple(STRATA[at] for at in blueprint.strata),
        fates=collect.fates,
        place_states=collect.place_states,
        places=collect.places,
        arrivals=collect.arrivals,
        end=forward.end,
        mode=forward.mode,
        bias=published_bias(posterior, forward),
        error={name: forward.values[f"error_{name}"] for name in QUANTITIES},  # noqa: PD011
        timings=timings,
    )


class _Collector:
    """Adds up what is kept of each batch: fates by stratum, and places over all strata."""

    def __init__(self, blueprint: Blueprint, forward: Forward, draws: int) -> None:
        process = blueprint.process
        self.blueprint = blueprint
        self.now = forward.now
        self.at_places = np.array(
            [at for at, state in enumerate(process.states) if _is_stay(state)], dtype=np.int64
        )
        self.place_states = tuple(process.states[at] for at in self.at_places)
        number = {int(state): place for place, state in enumerate(self.at_places)}
        self.counters = np.array([number.get(int(target), -1) for target in process.targets])
        origins, strata = len(blueprint.design.origins), len(blueprint.strata)
        instants = forward.months.steps + 1
        self.shape = (origins, strata)
        self.fates = np.zeros((draws, origins, strata, len(ALL_FATES), instants), dtype=np.int32)
        ahead = forward.steps + 1
        self.places = np.zeros((draws, origins, len(self.at_places), ahead), dtype=np.int32)
        self.arrivals = np.zeros((draws, len(self.at_places), ahead), dtype=np.int32)

    def add(
        self,
        first: int,
        past: dict[int, FloatArray],
        counts: NDArray[np.int32] | NDArray[np.int64],
        counters: NDArray[np.int64],
    ) -> None:
        """Add a batch: the past by fate (D, O, S, now + 1), counts (H + 1, G, states, D)."""
        count = counts.shape[-1]
        rows = slice(first, first + count)
        for fate, mean in past.items():
            self.fates[rows, :, :, fate, : self.now] = np.rint(mean[:count, ..., : self.now])
        by_group = counts.reshape(counts.shape[0], *self.shape, *counts.shape[2:])
        for fate in range(len(ALL_FATES)):
            states = np.flatnonzero(self.blueprint.fate_index == fate)
            total = by_group[:, :, :, states].sum(axis=3)  # step, origin, stratum, draw
            self.fates[rows, :, :, fate, self.now :] = np.moveaxis(total, (0, 3), (3, 0))
        there = by_group[:, :, :, self.at_places].sum(axis=2)  # step, origin, place, draw
        self.places[rows] = np.moveaxis(there, (0, 3), (3, 0))
        self.arrivals[rows] = np.moveaxis(counters.sum(axis=1), (0, 2), (2, 0))


def _is_stay(state: str) -> bool:
    return place_of(state) is not None and not state.startswith("moving:")


def published_bias(posterior: Posterior, forward: Forward) -> dict[str, FloatArray]:
    """Return the log bias with which each origin's next figure would be published, (D, O) each.

    The national series' own bias, and that of the tags of its last figure which tell how the
    series counts (all theatres, unofficial, …) rather than of that one row.
    """
    design, values = posterior.design, dict(forward.values)
    biases: dict[str, FloatArray] = {}
    figures = design.case.ledger.figures
    for quantity in QUANTITIES:
        zero = np.zeros((forward.draws, len(design.origins)))
        bias = values.get(f"bias_{quantity}", zero).copy()
        for origin, tags in _last_tags(figures[figures["quantity"] == quantity]).items():
            for tag in tags & PERSISTENT_TAGS:
                bias[:, design.origins.index(origin)] += values[f"tag_{tag}"]
        biases[quantity] = bias
    return biases


def _last_tags(rows: pd.DataFrame) -> dict[str, frozenset[str]]:
    two_sided = rows[~rows["qualifier"].isin(["at_least", "at_most"])]
    ordered = two_sided.sort_values(["as_of", "published", "figure_id"])
    return dict(zip(ordered["origin"], ordered["tags"], strict=True))
