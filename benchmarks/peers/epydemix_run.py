"""The toy in epydemix: one compartment a state, one spontaneous transition a flow.

Arguments: a file of sources, targets, rates and start; where to write the last counts, (S, D);
steps; replicates. Prints the CPU seconds a replicate as JSON. The steps are those of
``stochastic_simulation``, the package's inner function, called through ``simulate``; resampling to
days, which its steps already are, is turned off.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version

import epydemix  # type: ignore[import-not-found]
import numpy as np
import pandas as pd
from epydemix.population import Population  # type: ignore[import-not-found]


def run(work: str, result: str, steps: int, draws: int) -> float:
    given = np.load(work)
    start = given["start"]
    names = [f"s{number}" for number in range(len(start))]
    people = Population(name="all")
    people.add_population(Nk=[int(start.sum())], Nk_names=["all"])
    people.add_contact_matrix(np.ones((1, 1)), layer_name="all")
    model = epydemix.EpiModel(compartments=names)
    model.set_population(people)
    for source, target, rate in zip(
        given["sources"], given["targets"], given["rates"], strict=True
    ):
        model.add_transition(names[source], names[target], "spontaneous", float(rate))
    dates = pd.date_range("2020-01-01", periods=steps)
    initial = {name: np.array([n]) for name, n in zip(names, start, strict=True)}

    def once(seed: int, days: pd.DatetimeIndex) -> epydemix.EpiModel:
        return epydemix.simulate(
            model,
            start_date=days[0],
            end_date=days[-1],
            initial_conditions_dict=initial,
            resample_frequency=None,
            rng=np.random.default_rng(seed),
        )

    once(0, dates[:2])  # compiles
    last = np.empty((len(names), draws))
    before = time.process_time()
    runs = [once(seed + 1, dates) for seed in range(draws)]
    seconds = (time.process_time() - before) / draws
    for draw, trajectory in enumerate(runs):
        for state, name in enumerate(names):
            last[state, draw] = trajectory.compartments[f"{name}_all"][-1]
    np.save(result, last)
    return seconds


if __name__ == "__main__":
    spent = run(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    print(json.dumps({"seconds": spent, "epydemix": version("epydemix")}))
