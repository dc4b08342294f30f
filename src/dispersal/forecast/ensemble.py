"""From a posterior to an ensemble: draws of where every member is, month by month."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispersal.forecast.by_fate import Folded, Kept
from dispersal.forecast.ensemble_types import KINDS, Ensemble
from dispersal.forecast.world import World
from dispersal.inference.observation import PERSISTENT_TAGS, QUANTITIES
from dispersal.model.build import make_blueprint
from dispersal.model.design import STRATA
from dispersal.model.forward import months_until
from dispersal.model.past import joined
from dispersal.model.start import entries_of
from dispersal.model.states import ALL_FATES, MOVES, move_of, place_of
from dispersal.population import Totals, sample_totals
from dispersal.population.run import side_by_side, workers_for

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from dispersal.inference.posterior import Posterior
    from dispersal.model.build import Blueprint
    from dispersal.model.calendar import Months
    from dispersal.model.forward import Forward
    from dispersal.model.past import Past

FloatArray = NDArray[np.float64]
Progress = Callable[[int, int], None]

#: Draws simulated together, and how many such batches at once, where there are the cores: more
#: cores than that share the draws of each. A batch of ``isis_2017`` takes about 0.1 GB.
BATCH = 25
BATCHES_AT_ONCE = 4


def simulate(
    posterior: Posterior,
    *,
    draws: int = 1000,
    seed: int = 1,
    until: dt.date | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    first_draw: int = 0,
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
    first_draw : int
        Number of the first of these draws within its run: draws 250 to 499 of a run are
        ``simulate(..., draws=250, first_draw=250)`` and equal those of the whole run.
    """
    began = time.perf_counter()
    design = posterior.design
    until = until or design.case.period.until
    # Whole batches, so that nothing is compiled for the last one; the draws asked for come first.
    whole = -(-draws // BATCH) * BATCH
    world = World.drawn(posterior, whole, seed, until, before=first_draw)
    blueprint, forward = world.blueprint, world.forward.part(0, draws)
    collect = _Collector(blueprint, forward.months, forward.now, draws)
    timings = {"prepare": time.perf_counter() - began, "hazards": 0.0, "sample": 0.0}
    adding = Lock()
    firsts = range(0, draws, BATCH)
    pasts: dict[int, Past] = {}
    cores = workers_for(draws, threads)
    at_once = max(1, min(cores, len(firsts), BATCHES_AT_ONCE))

    def run(first: int) -> int:
        """Simulate a batch; return how many draws that were."""
        start = time.perf_counter()
        past = world.past(first, BATCH)
        initial = world.initial(past, first)
        hazards = world.hazards(first, initial)
        between = time.perf_counter()
        count = min(BATCH, draws - first)
        rows = slice(first, first + count)
        collect.begin(rows)
        sampled = sample_totals(
            blueprint.process,
            hazards.of_draws(0, count),
            initial[:count],
            forward.steps,
            count,
            seed,
            collect.totals,
            counters=collect.counters,
            threads=cores // at_once,
            first_draw=first_draw + first,
            out=collect.rows(rows),
        )
        assert sampled.counters is not None
        collect.add_counters(rows, sampled.counters)
        with adding:
            pasts[first] = past.rows(slice(count))
            timings["hazards"] += between - start
            timings["sample"] += time.perf_counter() - between
        return count

    done = 0
    for count in side_by_side(run, firsts, at_once):
        done += count
        if progress is not None:
            progress(done, draws)
    past = joined([pasts[first] for first in firsts])
    timings["simulate"] = time.perf_counter() - began
    return Ensemble(
        case=design.case,
        cutoff=design.cutoff,
        seed=seed,
        months=forward.months,
        now=forward.now,
        origins=design.origins,
        strata=tuple(STRATA[at] for at in blueprint.strata),
        by_fate=Folded(collect.ahead, past, entries_of(world.by_fate), collect.now),
        place_states=collect.place_states,
        places=collect.places,
        arrivals=collect.arrivals,
        end=forward.end,
        mode=forward.mode,
        bias=published_bias(posterior, forward),
        reported=np.asarray(forward.values["killed_reported"]),  # noqa: PD011
        error={name: forward.values[f"error_{name}"] for name in QUANTITIES},  # noqa: PD011
        timings=timings,
        strata_places=collect.strata_places,
        moves=collect.moves,
    )


def blank(posterior: Posterior, *, draws: int, seed: int, until: dt.date) -> Ensemble:
    """Return an ensemble as :func:`simulate` gives it, but with zeros in place of draws."""
    design = posterior.design
    blueprint, (months, now) = make_blueprint(design), months_until(design, until)
    collect = _Collector(blueprint, months, now, draws)
    collect.begin(slice(None))
    collect.places[:] = 0
    shape = (*collect.ahead.shape[:-1], months.steps + 1)
    return Ensemble(
        case=design.case,
        cutoff=design.cutoff,
        seed=seed,
        months=months,
        now=collect.now,
        origins=design.origins,
        strata=tuple(STRATA[at] for at in blueprint.strata),
        by_fate=Kept(np.zeros(shape, dtype=np.int32), now),
        place_states=collect.place_states,
        places=collect.places,
        arrivals=collect.arrivals,
        end=np.zeros(draws),
        mode=np.zeros(draws, dtype=np.int64),
        bias={name: np.zeros((draws, len(design.origins))) for name in QUANTITIES},
        reported=np.zeros(draws),
        error={name: np.zeros(draws) for name in QUANTITIES},
        timings={},
        strata_places=collect.strata_places,
        moves=collect.moves,
    )


class _Collector:
    """Keeps what the ensemble is made of: fates, and places by origin and by stratum."""

    def __init__(self, blueprint: Blueprint, months: Months, now: int, draws: int) -> None:
        process = blueprint.process
        origins, strata = len(blueprint.design.origins), len(blueprint.strata)
        at_places = [at for at, state in enumerate(process.states) if _is_stay(state)]
        number = {state: place for place, state in enumerate(at_places)}
        place_of_state = np.array([number.get(at, -1) for at in range(process.n_states)])
        local = np.repeat(blueprint.design.local.astype(np.int64), strata)
        kinds = local * strata + np.tile(np.arange(strata), origins)
        self.now = now
        self.place_states = tuple(process.states[at] for at in at_places)
        self.totals = (
            Totals(np.arange(process.n_groups), blueprint.fate_index),
            Totals(np.repeat(np.arange(origins), strata), place_of_state),
            Totals(kinds, place_of_state),
        )
        self.kinds = int(kinds.max()) + 1
        moves = [
            move_of(process.states[source], process.states[target])
            for source, target in zip(process.sources, process.targets, strict=True)
        ]
        #: Counter of each flow: that of the place it leads to, else that of the move it is.
        self.counters = np.array(
            [
                len(at_places) + MOVES.index(move) if move else place_of_state[target]
                for move, target in zip(moves, process.targets, strict=True)
            ]
        )
        # Not np.zeros: memory that NumPy has the system clear comes in small pages, a second and
        # more for each gigabyte that is first written to, five times as long as these take.
        ahead = months.steps - now + 1
        self.ahead = np.empty((draws, origins, strata, len(ALL_FATES), ahead), dtype=np.int32)
        self.places = np.empty((draws, origins, len(at_places), ahead), dtype=np.int32)
        self.arrivals = np.empty((draws, len(at_places), ahead), dtype=np.int32)
        self.moves = np.empty((draws, len(MOVES), ahead), dtype=np.int32)
        shape = (draws, len(KINDS), strata, len(at_places), ahead)
        self.strata_places = np.empty(shape, dtype=np.int32)

    def begin(self, rows: slice) -> None:
        """Set to zero what some draws may leave unwritten: places and kinds that they lack."""
        for counts in (self.arrivals, self.moves, self.strata_places):
            counts[rows] = 0

    def rows(self, rows: slice) -> tuple[NDArray[np.int32], ...]:
        """Return where some draws' totals go: by group and fate, origin and place, kind and place.

        Of the last, only the rows that any group adds to.
        """
        fates, by_kind = self.ahead[rows], self.strata_places[rows]
        by_group = fates.reshape(len(fates), -1, *fates.shape[3:])
        by_kind = by_kind.reshape(len(by_kind), -1, *by_kind.shape[3:])
        return by_group, self.places[rows], by_kind[:, : self.kinds]

    def add_counters(self, rows: slice, counted: NDArray[np.int64] | NDArray[np.int32]) -> None:
        """Add who arrived where, and who moved, in some draws: counters in the middle axis."""
        places = self.arrivals.shape[1]
        there, moved = counted[:, :places], counted[:, places:]
        self.arrivals[rows, : there.shape[1]] = there
        self.moves[rows, : moved.shape[1]] = moved


def _is_stay(state: str) -> bool:
    return place_of(state) is not None and not state.startswith("moving:")


def published_bias(posterior: Posterior, forward: Forward) -> dict[str, FloatArray]:
    """Return the log bias with which each origin's next figure would be published, (D, O) each.

    The national series' own bias, and that of the tags of its last figure which tell how the
    series counts (all theatres, unofficial, …) rather than of that one row. Of the dead only
    those who are reported are published.
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
        if quantity == "killed":
            bias += np.log(values["killed_reported"])[:, None]
        biases[quantity] = bias
    return biases


def _last_tags(rows: pd.DataFrame) -> dict[str, frozenset[str]]:
    two_sided = rows[~rows["qualifier"].isin(["at_least", "at_most"])]
    ordered = two_sided.sort_values(["as_of", "published", "figure_id"])
    return dict(zip(ordered["origin"], ordered["tags"], strict=True))
