"""A movement of a whole country: 120 million people, 5,000 places, 30,000 flows, 1,000 daily steps.

The set-up, exactly: places lie at random in a square; one group, one state a place; six flows out
of each, to its nearest neighbours; the people of the places are log-normal (a factor of 2.7) and
add up to 120 million. Hazards: 0.002 a day to each neighbour, times a log-normal factor for every
flow (70 %) and one for every draw (20 %). *Constant*: that is all. *Varying*: the hazard of every
flow also changes every day, by a wave of its own phase over the thousand days: 30 million numbers.

Targets: the mean within 5 s, 100 draws within 5 minutes on two cores, all within 8 GB. Every part
runs in a process of its own, so that its peak of memory is its own. Compiling is done before, on
a few steps of the same work; the checks of the hazards are within the time. Each part tests what it
computed: nobody is lost, and draws agree with the mean.

Run as ``python benchmarks/engine_large.py``; ``--draws`` and ``--parts`` shorten it.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from typing import Any

import numpy as np
from scipy.spatial import KDTree

from dispersal.population import Hazards, Process, expected, sample
from engine_toy import about

PEOPLE, PLACES, NEIGHBOURS, STEPS, DRAWS = 120_000_000, 5_000, 6, 1_000, 100

#: What each part computes: mean or draws, whether hazards vary by step, every which step is kept.
PARTS = {
    "mean, constant hazards": ("mean", False, 1),
    "mean, varying hazards": ("mean", True, 1),
    "draws, constant hazards, every tenth step": ("draws", False, 10),
    "draws, varying hazards, every tenth step": ("draws", True, 10),
    "draws, constant hazards, all steps": ("draws", False, 1),
}
TARGETS = {"mean": 5.0, "draws": 300.0}
GIGABYTES = 8.0


def country(places: int) -> tuple[Process, Any]:
    """Return the process and the people of each place at the start, int64 (1, S)."""
    rng = np.random.default_rng(1)
    where = rng.random((places, 2))
    _, near = KDTree(where).query(where, k=NEIGHBOURS + 1)
    targets = np.sort(near[:, 1:], axis=1)
    names = tuple(f"place {number}" for number in range(places))
    sources = np.repeat(np.arange(places), NEIGHBOURS)
    process = Process(("all",), names, sources, targets.ravel(), step=1.0)
    size = rng.lognormal(0.0, 1.0, places)
    people = np.floor(PEOPLE * places / PLACES * size / size.sum()).astype(np.int64)
    people[0] += PEOPLE * places // PLACES - people.sum()
    return process, people[None]


def country_hazards(process: Process, steps: int, draws: int, varying: bool) -> Hazards:
    rng = np.random.default_rng(2)
    by_draw = 0.002 * np.exp(0.2 * rng.standard_normal((draws, 1, 1, 1)))
    by_flow = rng.lognormal(0.0, 0.7, (1, 1, process.n_flows))
    by_step = np.ones((1, steps if varying else 1, process.n_flows))
    if varying:
        phase = rng.uniform(0, 2 * np.pi, process.n_flows)
        for step in range(steps):
            by_step[0, step] = 1 + 0.5 * np.sin(2 * np.pi * step / 365 + phase)
    return Hazards(by_draw, by_flow, by_step)


def run_part(part: str, draws: int) -> dict[str, float]:
    """Run one part and return its seconds, its peak of memory and how far draws are from means."""
    what, varying, every = PARTS[part]
    process, people = country(PLACES)
    hazards = country_hazards(process, STEPS, draws, varying)
    few = country_hazards(process, 2, 2, varying)
    found: dict[str, float] = {}
    if what == "mean":
        expected(process, few.of_draw(0), people, 2)
        before = time.perf_counter(), time.process_time()
        counts = np.asarray(expected(process, hazards.of_draw(0), people, STEPS).counts[-1, 0])
        found["seconds"] = time.perf_counter() - before[0]
        found["cpu"] = time.process_time() - before[1]
        if abs(counts.sum() / PEOPLE - 1) > 1e-9:
            raise RuntimeError(f"{part}: {counts.sum()} people at the end, {PEOPLE} at the start")
    else:
        sample(process, few, people, 2, 2, seed=1, threads=2)
        kept = range(0, STEPS + 1, every)
        before = time.perf_counter(), time.process_time()
        run = sample(process, hazards, people, STEPS, draws, seed=1, record=kept, threads=2)
        found["seconds"] = time.perf_counter() - before[0]
        found["cpu"] = time.process_time() - before[1]
        found["recorded gigabytes"] = run.counts.nbytes / 1e9
        for step in (0, len(kept) // 2, len(kept) - 1):
            if (run.counts[step, 0].sum(axis=0, dtype=np.int64) != PEOPLE).any():
                raise RuntimeError(f"{part}: people were lost by step {kept[step]}")
        # A place's count is nearly Poisson about its mean; so in units of that error.
        one = expected(process, hazards.of_draw(0), people, STEPS).counts[-1, 0]
        mean = np.asarray(one)
        error = (run.counts[-1, 0, :, 0] - mean) / np.sqrt(mean)
        found["error"] = float(np.sqrt((error**2).mean()))
        if not 0.8 < found["error"] < 1.1:
            raise RuntimeError(f"{part}: draw 0 is {found['error']:.2f} errors from its mean")
    found["gigabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    return found


def measure(draws: int = DRAWS, parts: tuple[str, ...] = tuple(PARTS)) -> dict[str, Any]:
    """Run each part in a process of its own and return what they found, by part."""
    results = {}
    for part in parts:
        command = [sys.executable, __file__, "--only", part, "--draws", str(draws)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        results[part] = json.loads(done.stdout.strip().splitlines()[-1])
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=DRAWS)
    parser.add_argument("--only", choices=PARTS, help="run one part here, print it as JSON")
    options = parser.parse_args()
    if options.only:
        print(json.dumps(run_part(options.only, options.draws)))
        return
    print(about())
    for part in PARTS:
        found = measure(options.draws, (part,))[part]
        what = PARTS[part][0]
        goal = TARGETS[what] * (options.draws / DRAWS if what == "draws" else 1)
        print(
            f"{part}: {found['seconds']:.2f} s ({found['cpu']:.2f} CPU-s; asked {goal:.0f}), "
            f"peak {found['gigabytes']:.2f} GB (asked {GIGABYTES:.0f})",
            flush=True,
        )


if __name__ == "__main__":
    main()
