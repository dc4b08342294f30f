"""The engine against epydemix and against vectorised NumPy, on the same work.

The work is the toy of ``engine_toy.py`` reduced to what the peer can do: 200 places × 10 states,
21,800 flows, one hazard for every flow that does not change by step or draw (epydemix has no
hazards by draw), all steps recorded, cells of 60,000 people or of 15. *NumPy* is a
script of its own that draws every step's binomials over all states and replicates in a few calls.
*epydemix* is the published package; one compartment a state and one spontaneous transition a
flow; since it takes seconds a step, it gets fewer steps, and the engine the same fewer ones. Each
peer runs in an environment of its own, on one thread, and so does the engine. Seconds are of CPU,
a replicate, without reading, compiling or building the model.

What each computes is compared with the exact mean: the root mean square of (count − mean) / √mean
over cells, which is near 1 where counts are right (a little less, since moves are binomial).

Run as ``python benchmarks/engine_peers.py``.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from dispersal.population import Hazards, Process, expected, sample
from engine_toy import about, toy
from peers.environments import run_peer

PEERS = Path(__file__).parent / "peers"

#: Name, requirements, script, steps and replicates of each peer.
WORK: dict[str, tuple[list[str], str, int, int]] = {
    "NumPy": (["numpy==2.4.6"], "numpy_run.py", 200, 16),
    "epydemix": (["epydemix==1.5.0"], "epydemix_run.py", 10, 2),
}


def peer_rates(process: Process) -> Any:
    """Return one hazard a flow: 0.004 a step to another place, 0.05 to the next state, varied."""
    varied = np.random.default_rng(2).gamma(5.0, 0.2, process.n_flows)
    return np.array([0.004, 0.05])[process.flow_class] * varied


def deviation(counts: Any, mean: Any) -> float:
    """Return the root mean square of (count − mean) / √mean, over states (S, D) and replicates."""
    return float(np.sqrt((((counts.T - mean) ** 2) / mean).mean()))


def compare(peer: str, people: int) -> dict[str, float]:
    """Run a peer and the engine on the same work; return seconds a replicate and deviations."""
    requirements, script, steps, draws = WORK[peer]
    process = toy()
    rates = peer_rates(process)
    hazards = Hazards.of_flows(process, rates)
    start = np.full((1, process.n_states), people)
    with tempfile.TemporaryDirectory() as folder:
        work, result = Path(folder) / "work.npz", Path(folder) / "result.npy"
        np.savez(
            work, sources=process.sources, targets=process.targets, rates=rates, start=start[0]
        )
        found = run_peer(peer.lower(), requirements, PEERS / script, [work, result, steps, draws])
        theirs = np.load(result)
    mean = np.asarray(expected(process, hazards, start, steps).counts)[-1, 0]
    replicates = max(draws, 16)
    ours = sample(process, hazards, start, steps, replicates, seed=1, threads=1)
    before = time.process_time()
    ours = sample(process, hazards, start, steps, replicates, seed=1, threads=1)
    seconds = (time.process_time() - before) / replicates
    measured = {
        "peer": float(found["seconds"]),
        "engine": seconds,
        "ratio": float(found["seconds"]) / seconds,
        "peer deviation": deviation(theirs, mean),
        "engine deviation": deviation(ours.counts[-1, 0], mean),
    }
    for who in ("peer deviation", "engine deviation"):
        if not 0.8 < measured[who] < 1.1:
            raise RuntimeError(f"{peer}, {who} is {measured[who]:.2f}: not the same work")
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description="The engine against peers on the same work.")
    parser.add_argument("--peers", nargs="*", choices=WORK, default=list(WORK))
    print(about())
    for peer in parser.parse_args().peers:
        for people in (60_000, 15):
            found = compare(peer, people)
            print(
                f"{peer}, {people:,} in a cell, {WORK[peer][2]} steps: {found['peer']:.4f} CPU-s "
                f"a replicate, engine {found['engine']:.5f}, ratio {found['ratio']:,.1f}; "
                f"deviations {found['peer deviation']:.2f} and {found['engine deviation']:.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
