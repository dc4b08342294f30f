"""How fast the engine is on a toy: 200 places × 10 states, 200 steps, 10 destinations a place.

The set-up, exactly: one group; 2,000 states, one for each place and state; from every one of them
a flow to the same state in each of 10 other places drawn at random (20,000 flows), and from
every state but a place's last one to the place's next state (1,800 flows); so each split has 10 or
11 ways out besides staying. Hazards: a class for moves (0.004 a step to each destination) and
one for changes of state (0.05 a step), varying between draws by a log-normal factor of 10 %,
along steps with a sine of 30 % and between flows by a gamma factor. Everyone
starts evenly over the states. All 201 steps are recorded.

Run as ``python benchmarks/engine_toy.py``. Times are CPU seconds of the whole process (all its
threads) over the number of replicates; the median of several repetitions.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from typing import TYPE_CHECKING

import jax
import numba
import numpy as np

from dispersal.population import Hazards, Process, expected, expected_many, sample

if TYPE_CHECKING:
    from collections.abc import Callable

PLACES, STATES, STEPS, DESTINATIONS = 200, 10, 200, 10


def toy() -> Process:
    rng = np.random.default_rng(1)
    flows = []
    for place in range(PLACES):
        others = np.delete(np.arange(PLACES), place)
        destinations = rng.choice(others, DESTINATIONS, replace=False)
        for state in range(STATES):
            name = f"{place}/{state}"
            flows += [(name, f"{other}/{state}", "move") for other in destinations]
            if state + 1 < STATES:
                flows.append((name, f"{place}/{state + 1}", "change"))
    states = [f"{place}/{state}" for place in range(PLACES) for state in range(STATES)]
    return Process.from_names(["all"], states, flows, 1.0, classes=["move", "change"])[0]


def toy_hazards(process: Process, draws: int) -> Hazards:
    rng = np.random.default_rng(2)
    season = 1 + 0.3 * np.sin(np.arange(STEPS) / 6)
    rates = np.array([0.004, 0.05]) * np.exp(0.1 * rng.standard_normal((draws, 1, 1, 2)))
    by_flow = rng.gamma(5.0, 0.2, (1, 1, process.n_flows))
    return Hazards(rates * season[None, :, None, None], by_flow, np.ones((1, 1, process.n_flows)))


def about() -> str:
    """Return one line on the machine and the versions."""
    return (
        f"{platform.platform()}, {platform.machine()}, {os.cpu_count()} cores; "
        f"Python {platform.python_version()}, NumPy {np.__version__}, "
        f"Numba {numba.__version__}, JAX {jax.__version__}"
    )


def seconds(work: Callable[[], object], units: int, repeats: int) -> tuple[float, float]:
    """Return the median CPU and wall seconds per unit of work, after one run to warm up."""
    work()
    cpu, wall = [], []
    for _ in range(repeats):
        before = time.process_time(), time.perf_counter()
        work()
        cpu.append((time.process_time() - before[0]) / units)
        wall.append((time.perf_counter() - before[1]) / units)
    return statistics.median(cpu), statistics.median(wall)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=32)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    draws, repeats = options.draws, options.repeats
    print(about())
    process = toy()
    hazards = toy_hazards(process, draws)
    print(f"{process.n_states} states, {process.n_flows} flows, {STEPS} steps, {draws} replicates")

    rng = np.random.default_rng(3)
    size = 1_000_000
    raw = {}
    for mean, n in ((2_000, 60_000), (1, 15)):
        raw[n], _ = seconds(lambda n=n, mean=mean: rng.binomial(n, mean / n, size), size, repeats)  # type: ignore[misc]
        print(f"NumPy binomial, n = {n}, mean {mean}: {1 / raw[n] / 1e6:.1f} million a second")

    for people, n in ((120_000_000, 60_000), (30_000, 15)):
        initial = np.full((1, process.n_states), people // process.n_states)
        for threads in (1, 2):
            cpu, wall = seconds(
                lambda initial=initial, threads=threads: sample(  # type: ignore[misc]
                    process, hazards, initial, STEPS, draws, seed=1, threads=threads
                ),
                draws,
                repeats,
            )
            binomials = cpu / raw[n]
            print(
                f"sample, {people:>11,} people, {threads} thread{'s' * (threads > 1)}: "
                f"{cpu:.4f} CPU-s, {wall:.4f} s a replicate; as long as {binomials / 1e6:.2f} "
                f"million NumPy binomials, for {process.n_flows * STEPS / 1e6:.2f} million flows"
            )
    initial = np.full((1, process.n_states), 60_000.0)
    one = hazards.of_draw(0)
    cpu, wall = seconds(
        lambda: jax.block_until_ready(  # type: ignore[no-untyped-call]
            expected(process, one, initial, STEPS)
        ),
        1,
        repeats,
    )
    print(f"expected, one draw: {cpu:.4f} CPU-s, {wall:.4f} s")
    cpu, wall = seconds(
        lambda: jax.block_until_ready(  # type: ignore[no-untyped-call]
            expected_many(process, hazards, initial, STEPS)
        ),
        draws,
        repeats,
    )
    print(f"expected_many, a draw of {draws}: {cpu:.4f} CPU-s, {wall:.4f} s")


if __name__ == "__main__":
    main()
