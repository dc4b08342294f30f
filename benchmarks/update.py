"""Seconds of an update with one country's new figure, and how far it is from a full refit.

Usage: python benchmarks/update.py RUN [--ordinary]

RUN is the folder of a saved forecast of isis_2017 as known on 2017-03-07; nothing in it changes.
With --ordinary the second fit starts cold, on quarters of its own, as `dispersal forecast` does.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from arviz_stats.base import array_stats

from dispersal.forecast.make import forecast
from dispersal.forecast.store import load_forecast, load_posterior
from dispersal.inference.fit import fit
from dispersal.whatif.update.outputs import draws_of, names_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.inference.posterior import Posterior

ROWS = """\
figure_id,quantity,origin,low,high,qualifier,as_of,published,source,quoted_by,note
aivd2017-returned-nld,returned,NLD,55,55,point,2017-03-01,2017-03-20,aivd_2017,,invented
"""
SOURCES = """\
key,title,author_or_publisher,published,url
aivd_2017,Invented figure of the worked example,AIVD,2017-03-20,
"""


def scores_of_parameters(one: Posterior, other: Posterior) -> NDArray[np.float64]:
    """Return differences of means in Monte Carlo errors; knots are other days on other quarters."""
    found = []
    for name, values in one.samples.items():
        if name.endswith("_profile") and one.design.months != other.design.months:
            continue
        pair = [v[..., None] if v.ndim == 2 else v for v in (values, other.samples[name])]
        for at in range(pair[0].shape[-1]):
            columns = [draws[..., at] for draws in pair]
            errors = [
                c.std()
                / np.sqrt(float(array_stats.ess(c, chain_axis=0, draw_axis=1, method="mean")))
                for c in columns
            ]
            found.append((columns[0].mean() - columns[1].mean()) / np.hypot(*errors))
    return np.array(found)


def say(what: str, scores: NDArray[np.float64]) -> None:
    root, beyond = np.sqrt((scores**2).mean()), (np.abs(scores) > 2).mean()
    print(
        f"{what}: root mean square {root:.2f}, {100 * beyond:.1f} % beyond 2, largest "
        f"{np.abs(scores).max():.1f} of {scores.size}"
    )


def main(run: Path, *, ordinary: bool) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "rows.csv").write_text(ROWS, encoding="utf-8")
        (folder / "sources.csv").write_text(SOURCES, encoding="utf-8")
        began = time.perf_counter()
        command = [sys.executable, "-m", "dispersal.cli", "update", str(run)]
        command += [str(folder / "rows.csv"), "--sources", str(folder / "sources.csv")]
        subprocess.run([*command, "--out", str(folder / "after")], check=True)
        print(f"whole command: {time.perf_counter() - began:.1f} s")
        weighed, made = load_posterior(folder / "after"), load_forecast(folder / "after")
    began = time.perf_counter()
    start = None if ordinary else load_posterior(run)
    again = fit(weighed.design.case, as_known_on=made.cutoff, seed=2, start=start)
    print(f"refit: {time.perf_counter() - began:.1f} s")
    say("parameters", scores_of_parameters(weighed, again))
    names = names_of(made.ensemble.origins)
    pair = [
        np.log1p(draws_of(one, names))
        for one in (made, forecast(again, made.last_day, made.size, made.ensemble.seed))
    ]
    error = np.sqrt(sum(draws.var(axis=0) / len(draws) for draws in pair))
    say("outputs", (pair[0].mean(axis=0) - pair[1].mean(axis=0)) / error)


if __name__ == "__main__":
    main(Path(sys.argv[1]), ordinary="--ordinary" in sys.argv)
