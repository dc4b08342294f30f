"""A forecast in one process with two threads, on two Dask workers, and with one of them killed.

Run it with the folder of a saved forecast, whose posterior is used:

    python benchmarks/batches.py runs/isis_2017-2017-03-07 --draws 8000

Each arm is a process of its own, which loads the posterior, begins what it needs (threads, or a
scheduler and workers) and runs a few draws of another seed, so that all is imported and compiled:
that is its start, told apart. Then it simulates, tallies and merges. The bits of all three are
compared. A worker that is killed is begun again, and that counts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

#: Draws that are kept whole; of the others, tallies.
KEEP = 80

ARMS = {
    "one": "one process, two threads",
    "two": "two workers",
    "killed": "two workers, one killed midway",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path, help="folder of a saved forecast")
    parser.add_argument("--draws", type=int, default=8_000)
    parser.add_argument("--arm", choices=ARMS, help="run this alone and print JSON")
    chosen = parser.parse_args()
    if chosen.arm is not None:
        print(json.dumps(arm(chosen.arm, chosen.run, chosen.draws)))
        return
    found = {}
    for name, words in ARMS.items():
        command = [sys.executable, __file__, str(chosen.run), "--arm", name]
        done = subprocess.run(
            [*command, "--draws", str(chosen.draws)], check=True, stdout=subprocess.PIPE, text=True
        )
        found[name] = json.loads(done.stdout.splitlines()[-1])
        line = found[name]
        print(
            f"{words:32} {line['start']:6.1f} s to start {line['wall']:8.1f} s "
            f"{line['memory']:6.2f} GB  bits {line['bits'][:12]}  killed {line['killed']}",
            flush=True,
        )
    for name in ("two", "killed"):
        more = found[name]["wall"] / found["one"]["wall"] - 1
        print(f"overhead, {ARMS[name]}: {100 * more:+.1f} %")
    same = len({line["bits"] for line in found.values()}) == 1
    print("the same bits" if same else "OTHER BITS")
    sys.exit(0 if same else 1)


def arm(name: str, run: Path, draws: int) -> dict[str, Any]:
    """Return seconds, memory and the hash of all that a forecast gives."""
    import dask
    from distributed import LocalCluster

    from dispersal.batches.cluster import ENVIRONMENT
    from dispersal.forecast.batched import TALLIED, simulate_in_batches
    from dispersal.forecast.store import load_posterior

    posterior = load_posterior(run)
    how: dict[str, Any] = {"draws": draws, "seed": 1, "keep": KEEP}
    how["until"] = posterior.design.case.period.until
    first = {**how, "draws": 2 * KEEP, "seed": 2}
    killed: list[int] = []
    start = time.perf_counter()
    if name == "one":
        simulate_in_batches(posterior, threads=2, **first)
        began = time.perf_counter()
        ensemble, tally = simulate_in_batches(posterior, threads=2, **how)
        wall = time.perf_counter() - began
    else:
        with (
            dask.config.set({"distributed.nanny.pre-spawn-environ": ENVIRONMENT}),
            tempfile.TemporaryDirectory() as before,
            tempfile.TemporaryDirectory() as folder,
            LocalCluster(
                n_workers=2,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                silence_logs=50,
            ) as cluster,
        ):
            address = cluster.scheduler_address
            simulate_in_batches(posterior, scheduler=address, folder=before, **first)
            began = time.perf_counter()
            if name == "killed":
                victim = cluster.workers[0].process.pid
                watch = (Path(folder), -(-draws // TALLIED) // 2, victim, killed)
                threading.Thread(target=kill_midway, args=watch, daemon=True).start()
            ensemble, tally = simulate_in_batches(
                posterior, scheduler=address, folder=folder, **how
            )
            wall = time.perf_counter() - began
    assert tally is not None
    bits = hashlib.sha256()
    for array in (ensemble.fates, ensemble.places, *tally.arrays().values()):
        bits.update(array.tobytes())
    return {
        "start": began - start,
        "wall": wall,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        "bits": bits.hexdigest(),
        "killed": killed,
    }


def kill_midway(folder: Path, batches: int, victim: int, killed: list[int]) -> None:
    """End a worker when some batches are there."""
    while len(list(folder.glob("tally-*.npz"))) < batches:
        time.sleep(0.1)
    os.kill(victim, signal.SIGKILL)
    killed.append(victim)


if __name__ == "__main__":
    main()
