"""How fast questions are put to a saved run of the built-in case, and what pairing saves.

Run as ``python benchmarks/whatif.py [RUN] [--draws 1000] [--base 256]`` with the package
installed, RUN being the folder of a saved forecast, by default the one that `make run` writes. The
first, small comparison compiles. Ratios are within one run.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from typing import TYPE_CHECKING, TypeVar

import jax
import numba
import numpy as np

from dispersal.forecast.ensemble import simulate
from dispersal.whatif.compare import compare
from dispersal.whatif.compare_tables import variance_cut
from dispersal.whatif.runs import is_run, posterior_of
from dispersal.whatif.sensitivity import sensitivity

if TYPE_CHECKING:
    from collections.abc import Callable

LEVER = "entry_bans_everywhere"

Result = TypeVar("Result")


def timed(work: Callable[[], Result]) -> tuple[Result, float, float]:
    """Return a result with its wall and CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("run", nargs="?", default="runs/isis_2017-2017-03-07")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--base", type=int, default=256)
    asked = parser.parse_args()
    if not is_run(asked.run):
        print(f"found no saved run at {asked.run}: `make run` writes one")
        return
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"NumPy {np.__version__}, Numba {numba.__version__}, JAX {jax.__version__}"
    )
    posterior, wall, cpu = timed(lambda: posterior_of(asked.run))
    print(f"posterior loaded: {wall:.1f} s, {cpu:.1f} CPU-s")
    _, wall, cpu = timed(lambda: compare(posterior, [LEVER], draws=40))
    print(f"first 40 pairs, compiling: {wall:.1f} s, {cpu:.1f} CPU-s")
    _, alone, cpu = timed(lambda: simulate(posterior, draws=asked.draws))
    print(f"forecast of {asked.draws} draws: {alone:.1f} s, {cpu:.1f} CPU-s")
    found, wall, cpu = timed(lambda: compare(posterior, [LEVER], draws=asked.draws))
    print(
        f"a lever against the base, {asked.draws} pairs: {wall:.1f} s, {cpu:.1f} CPU-s, "
        f"{wall / alone:.2f} times that forecast"
    )
    cut = variance_cut(found.table(LEVER))
    print(
        f"variance cut by pairing, over fates: least {cut['least']:.0f}, median {cut['median']:.0f}"
    )
    result, wall, cpu = timed(lambda: sensitivity(posterior, base=asked.base))
    print(
        f"Sobol indices of {len(result.inputs)} inputs, {result.evaluations} points: {wall:.0f} s, "
        f"{cpu:.0f} CPU-s, {1000 * wall / result.evaluations:.1f} ms a point"
    )


if __name__ == "__main__":
    main()
