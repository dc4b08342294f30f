"""The toy in vectorised NumPy: binomials over all states and replicates, a few calls a step.

Arguments: a file of sources, targets, rates and start; where to write the last counts, (S, D);
steps; replicates. Prints the CPU seconds a replicate as JSON.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np


def run(work: str, result: str, steps: int, draws: int) -> float:
    given = np.load(work)
    sources, targets, rates, start = (
        given[name] for name in ("sources", "targets", "rates", "start")
    )
    states = len(start)
    rank = np.arange(len(sources)) - np.searchsorted(sources, sources)
    ways = int(rank.max()) + 1
    hazard = np.zeros((ways, states))
    hazard[rank, sources] = rates
    where = np.zeros((ways, states), np.int64)
    where[rank, sources] = targets
    onward = hazard[::-1].cumsum(axis=0)[::-1]
    share = np.divide(hazard, onward, out=np.zeros_like(hazard), where=onward > 0)
    leave = -np.expm1(-onward[0])
    rng = np.random.default_rng(1)
    counts = np.empty((steps + 1, draws, states), np.int64)
    counts[0] = start
    # One row a draw, so that arrivals of all draws are added up in one call.
    shift = states * np.arange(draws)[:, None]
    before = time.process_time()
    for step in range(steps):
        left = rng.binomial(counts[step], leave)
        after = counts[step] - left
        for way in range(ways):
            moved = rng.binomial(left, share[way])
            left = left - moved
            after += (
                np.bincount((where[way] + shift).ravel(), moved.ravel(), minlength=after.size)
                .reshape(after.shape)
                .astype(np.int64)
            )
        counts[step + 1] = after
    seconds = (time.process_time() - before) / draws
    np.save(result, counts[-1].T)
    return seconds


if __name__ == "__main__":
    spent = run(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    print(json.dumps({"seconds": spent, "numpy": np.__version__}))
