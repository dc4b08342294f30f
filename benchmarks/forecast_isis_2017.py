"""How fast a forecast of the built-in case is drawn, without the fit that comes before it.

``simulate`` of ``isis_2017`` as known on the day of its question, monthly to the end of 2019, with
parameters drawn from their priors in the place of a posterior. The first, small run compiles.
The months before the cut-off are means that the fit tells by quarters; writing them month by month,
as saving a run does, is timed by itself.
Run as ``python benchmarks/forecast_isis_2017.py [--draws 1000] [--threads 2]`` with the package
installed and from the root of the repository. Peak memory is the whole process's, JAX's and
Numba's compilers and the finished ensemble included.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import jax
import numba
import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent.parent))  # for the draws that the tests use

from tests.model.drawn import prior_values

from dispersal.case import load_case
from dispersal.forecast.ensemble import simulate
from dispersal.inference.diagnostics import Diagnostics
from dispersal.inference.observation import observe
from dispersal.inference.posterior import Posterior
from dispersal.model.build import make_blueprint
from dispersal.model.design import make_design
from dispersal.model.parameters import table

if TYPE_CHECKING:
    from dispersal.forecast.ensemble_types import Ensemble

CUTOFF, UNTIL = dt.date(2017, 3, 7), dt.date(2019, 12, 31)


def prior_posterior(draws: int) -> Posterior:
    """Return draws from the priors in the shape of a posterior."""
    design = make_design(load_case("isis_2017"), CUTOFF)
    samples = {name: value[None] for name, value in prior_values(design, draws, 1).items()}
    diagnostics = Diagnostics(pd.DataFrame({"rhat": [1.0]}, index=["none"]), 0, 1, 1.0, 1.0)
    return Posterior(design, table(), observe(design), samples, {}, diagnostics, 1, {})


def peak_gigabytes() -> float:
    """Return the most memory that this process has held."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=None)
    asked = parser.parse_args()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"NumPy {np.__version__}, Numba {numba.__version__}, JAX {jax.__version__}"
    )
    posterior = prior_posterior(asked.draws)
    process = make_blueprint(posterior.design).process
    print(f"{process.n_groups} groups, {process.n_states} states, {process.n_flows} flows")

    def run(draws: int) -> tuple[float, float, Ensemble]:
        wall, cpu = time.perf_counter(), time.process_time()
        made = simulate(posterior, draws=draws, until=UNTIL, threads=asked.threads)
        return time.perf_counter() - wall, time.process_time() - cpu, made

    wall, cpu, _ = run(40)
    print(f"first 40 draws, compiling: {wall:.1f} s, {cpu:.1f} CPU-s")
    wall, cpu, made = run(asked.draws)
    timings = made.timings
    thousands = asked.draws / 1000
    print(f"seconds per 1,000 draws, of {asked.draws}:")
    print(f"  hazards {timings['hazards'] / thousands:.1f} s, {timings['prepare']:.1f} s once")
    print(f"  sample  {timings['sample'] / thousands:.1f} s")
    if asked.threads != 1:
        print("  (of all threads: batches are worked out side by side)")
    print(f"  in all  {wall / thousands:.1f} s, {cpu / thousands:.1f} CPU-s")
    start = time.perf_counter()
    assert made.fates.shape[-1] > made.now
    unfolded = time.perf_counter() - start
    print(f"the months before the cut-off, unfolded when asked for: {unfolded:.1f} s")
    print(f"peak memory {peak_gigabytes():.1f} GB")


if __name__ == "__main__":
    main()
