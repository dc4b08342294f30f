"""How near the engine comes to the time that its random numbers alone would take.

A run of ``sample`` on the toy of ``engine_toy.py`` is traced: every random number that it makes is
written down, binomials with their n and cumulated hazard or probability, and single uniforms where
few leavers are placed one by one. (The trace is a second, plain writing of the sampler's loops
around its own generators; its counts are compared with those of ``sample``, to the last person.)
Then only these numbers are made again, in a tight compiled loop over the arrays of n and p, one
stream after the other: no hazards are added up, no streams are found, nobody is moved, nothing is
kept. That is the limit; the ratio is the engine's time over it. Both run on one thread and take
turns; medians of CPU seconds. NumPy's ``Generator.binomial`` with the same n and p, and as many of
its uniforms, is an outside yardstick for the generators.

Run as ``python benchmarks/engine_limit.py``.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import TYPE_CHECKING, Any

import numba
import numpy as np

from dispersal.population import Hazards, Process, sample
from dispersal.population.binomial import binomial_half
from dispersal.population.kernels import ONE_BY_ONE, leavers
from dispersal.population.run import draw_keys
from dispersal.population.streams import stream, stream_base, uniform
from engine_toy import STEPS, about, toy, toy_hazards

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

#: People in every cell at the start: full cells, and nearly empty ones.
CELLS = (60_000, 15)
#: What a random number is for: how many leave, how leavers split, where one person goes.
LEAVE, SPLIT, PLACE = 0, 1, 2


@numba.njit(nogil=True, error_model="numpy")
def trace(
    key: Any,
    start: Any,
    rates: Any,
    flows: Any,
    flow_class: Any,
    first_flow: Any,
    targets: Any,
    counts: Any,
    kind: Any,
    trials: Any,
    chance: Any,
) -> int:
    """Write every number drawn, by its kind, n, and cumulated hazard or p; return how many."""
    made = 0
    counts[0] = start
    steps, sources = len(counts) - 1, len(first_flow) - 1
    onward = np.zeros(64)
    for t in range(steps):
        counts[t + 1] = counts[t]
        base = stream_base(key, t, 0)
        for s in range(sources):
            n, first, last = counts[t, s], first_flow[s], first_flow[s + 1]
            onward[last - first] = 0.0
            for e in range(last - 1, first - 1, -1):
                onward[e - first] = onward[e - first + 1] + rates[t, flow_class[e]] * flows[e]
            if n == 0 or onward[0] == 0.0:
                continue
            a, b = stream(base, key, s)
            left, a, b = leavers(n, onward[0], a, b)
            kind[made], trials[made], chance[made] = LEAVE, n, onward[0]
            made += 1
            counts[t + 1, s] -= left
            j = 0
            while left > ONE_BY_ONE and j < last - first:
                here, rest = onward[j] - onward[j + 1], onward[j + 1]
                moved = left
                if rest > 0.0 and here > 0.0:
                    near = here <= rest
                    p = (here if near else rest) / onward[j]
                    moved, a, b = binomial_half(left, p, a, b)
                    kind[made], trials[made], chance[made] = SPLIT, left, p
                    made += 1
                    if not near:
                        moved = left - moved
                elif here == 0.0:
                    moved = 0
                counts[t + 1, targets[first + j]] += moved
                left -= moved
                j += 1
            for _ in range(left):
                u, a, b = uniform(a, b)
                kind[made], trials[made], chance[made] = PLACE, 1, 0.0
                made += 1
                at = j
                while onward[at + 1] > u * onward[j]:
                    at += 1
                counts[t + 1, targets[first + at]] += 1
    return made


@numba.njit(nogil=True, error_model="numpy")
def draw_alone(leaving: Any, split: Any, placed: int) -> float:
    """Draw the numbers again from one stream; return a sum that depends on all of them.

    One kind after the other, so that no branch has to tell kinds apart.
    """
    a, b = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD1342543DE82EF95)
    total = 0.0
    trials, chance = leaving
    for i in range(len(trials)):
        k, a, b = leavers(trials[i], chance[i], a, b)
        total += k
    trials, chance = split
    for i in range(len(trials)):
        k, a, b = binomial_half(trials[i], chance[i], a, b)
        total += k
    for _ in range(placed):
        u, a, b = uniform(a, b)
        total += u
    return total


def traced(process: Process, hazards: Hazards, people: int, seed: int) -> tuple[NDArray[Any], ...]:
    """Return kind, n and chance of every number that draw 0 makes, after checking the trace."""
    start = np.full(process.n_states, people)
    counts = np.empty((STEPS + 1, process.n_states), np.int64)
    most = STEPS * (process.n_flows + (1 + ONE_BY_ONE) * process.n_states)
    kind, trials, chance = np.empty(most, np.int8), np.empty(most, np.int64), np.empty(most)
    first_flow = np.searchsorted(process.sources, np.arange(process.n_states + 1))
    made = trace(
        draw_keys(seed, 0, 1)[0],
        start,
        np.asarray(hazards.by_step_group)[0, :, 0],
        np.asarray(hazards.by_group_flow)[0, 0],
        process.flow_class,
        first_flow,
        process.targets,
        counts,
        kind,
        trials,
        chance,
    )
    run = sample(process, hazards.of_draws(0, 1), start[None], STEPS, 1, seed, threads=1)
    if not np.array_equal(run.counts[:, 0, :, 0], counts):
        raise RuntimeError("the trace does not follow the sampler: its counts differ")
    return kind[:made], trials[:made], chance[:made]


def medians(works: Sequence[Callable[[], Any]], repeats: int) -> list[float]:
    """Return the median CPU seconds of each piece of work; they take turns, after a first one."""
    spent: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    for _ in range(repeats):
        for work, times in zip(works, spent, strict=True):
            before = time.process_time()
            work()
            times.append(time.process_time() - before)
    return [statistics.median(times) for times in spent]


def measure(people: int, draws: int, repeats: int) -> dict[str, float]:
    """Return what was drawn and what it cost, a replicate."""
    process = toy()
    hazards = toy_hazards(process, draws)
    kind, trials, chance = traced(process, hazards, people, seed=1)
    binomials = kind != PLACE
    p = np.where(kind == LEAVE, -np.expm1(-chance), chance)[binomials]
    n, uniforms = trials[binomials], int((~binomials).sum())
    initial = np.full((1, process.n_states), people)
    leaving, split = ((trials[kind == each], chance[kind == each]) for each in (LEAVE, SPLIT))
    rng = np.random.default_rng(1)
    engine, alone, numpy_alone = medians(
        [
            lambda: sample(process, hazards, initial, STEPS, draws, seed=1, threads=1),
            lambda: [draw_alone(leaving, split, uniforms) for _ in range(draws)],
            lambda: (rng.binomial(n, p), rng.random(uniforms)),
        ],
        repeats,
    )
    return {
        "people": people * process.n_states,
        "leaving": len(leaving[0]),
        "splits": len(split[0]),
        "placed": uniforms,
        "engine": engine / draws,
        "alone": alone / draws,
        "numpy": numpy_alone,
        "ratio": engine / alone,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=8)
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    print(about())
    for people in CELLS:
        found = measure(people, options.draws, options.repeats)
        print(
            f"{people:,} in a cell: {found['leaving']:,} + {found['splits']:,} binomials and "
            f"{found['placed']:,} uniforms a replicate; engine {found['engine']:.4f} CPU-s, its "
            f"draws alone {found['alone']:.4f}, ratio {found['ratio']:.2f}; NumPy's draws "
            f"{found['numpy']:.4f}, ratio {found['engine'] / found['numpy']:.2f}"
        )


if __name__ == "__main__":
    main()
