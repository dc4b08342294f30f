"""Flee's rules here against Flee itself, on published conflicts: time a replicate, and agreement.

Run as ``python benchmarks/displacement.py [FOLDER]``. FOLDER, or the variable
DISPERSAL_DISPLACEMENT_DATA, holds one folder a conflict, as Flee reads them
(``input_csv``, ``source_data``, ``simsetting.yml``). They are not part of the project.

Flee 3.1 runs in an environment of its own, with the same settings, and with agents of as many
people as ``--agents-of`` says: 40 by default, so that all is done in about three minutes.
``--agents-of 1 --conflicts mali2012`` takes one person an agent: a minute or two a run of Flee for
the smallest conflict, 20 minutes for the largest of three.

Seconds are of CPU, of the days alone: reading is left out on both sides, and what is made once for
all runs here is given beside them. Flee's seconds are linear in its agents, so ratios are also
given for one agent a person.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dispersal.displacement import (
    camp_error,
    flee_mean,
    flee_sample,
    prepare_flee,
    read_flee,
)
from peers.environments import run_peer

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dispersal.displacement import FleeFolder

    Floats = NDArray[np.float64]

VARIABLE = "DISPERSAL_DISPLACEMENT_DATA"
FLEE = ("flee==3.1",)
SCRIPT = Path(__file__).parent / "peers" / "flee_run.py"


def cpu_seconds(work: Callable[[], Any], repeats: int = 7) -> tuple[float, Any]:
    """Return the median CPU seconds after a run to warm up, and what the work gives."""
    found, spent = work(), []
    for _ in range(repeats):
        begun = time.process_time()
        found = work()
        spent.append(time.process_time() - begun)
    return float(np.median(spent)), found


def apart(one: Floats, two: Floats) -> float:
    """Return the difference summed over camps, as a share of their total, averaged over days."""
    total = np.maximum((one.sum(axis=1) + two.sum(axis=1)) / 2, 1.0)
    return float((np.abs(one - two).sum(axis=1) / total).mean())


def between(runs: Floats) -> float:
    """Return how far runs are from each other, averaged over pairs; shape (runs, days, camps)."""
    pairs = [apart(runs[i], runs[j]) for i in range(len(runs)) for j in range(i)]
    return float(np.mean(pairs)) if pairs else float("nan")


def in_camps(folder: FleeFolder, names: list[str], counts: Floats) -> Floats:
    return np.asarray(counts[:, [names.index(camp) for camp in folder.camps]], np.float64)


def compare(path: Path, agents_of: int, seeds: int, draws: int) -> None:
    """Run both on a conflict and print seconds, ratios and differences."""
    # Flee closes all roads of a place even where a second one is named.
    folder = read_flee(path, second_name="ignored")
    once, work = cpu_seconds(lambda: prepare_flee(folder))
    mean_seconds, mean = cpu_seconds(lambda: flee_mean(work))
    many, sampled = cpu_seconds(lambda: flee_sample(work, draws=draws, seed=1, threads=1), 3)
    runs = [run_peer("flee", FLEE, SCRIPT, (path, seed, agents_of)) for seed in range(1, seeds + 1)]
    flee_seconds = float(np.mean([run["cpu_seconds"] for run in runs]))
    flee = np.stack([in_camps(folder, r["names"], np.array(r["at_places"])) for r in runs])
    names = list(mean.names)
    ours = in_camps(folder, names, mean.at_places)
    draw = np.stack([in_camps(folder, names, sampled.at_places[..., d]) for d in range(draws)])
    days = np.arange(folder.figures.days)
    data = np.stack([folder.figures.series[camp].on(days) for camp in folder.camps], axis=1)
    people = float(mean.at_places[-1].sum() + mean.on_roads[-1])
    whole = flee_seconds * people / runs[0]["agents"]
    print(f"{path.name}: {people:,.0f} people at the end, {len(ours)} days, {len(names)} places")
    print(
        f"  Flee 3.1, {agents_of} people an agent: {flee_seconds:.2f} CPU-s a run"
        + (f"; one person an agent would be {whole:.0f}" if agents_of > 1 else "")
    )
    print(f"  made ready once: {1e3 * once:.2f} CPU-ms")
    for name, seconds in (("mean", mean_seconds), ("sampled", many / draws)):
        print(
            f"  {name}: {1e3 * seconds:.2f} CPU-ms a replicate; Flee takes "
            f"{flee_seconds / seconds:,.0f} times as long, with one person an agent "
            f"{whole / seconds:,.0f} times"
        )
    drawn, flee_counts = draw.mean(axis=0), flee.mean(axis=0)
    print("  difference in camps, share of their total, mean over days:")
    print(f"    mean here from the mean of {seeds} Flee runs: {apart(ours, flee_counts):.2%}")
    print(f"    mean of {draws} draws from that of Flee runs: {apart(drawn, flee_counts):.2%}")
    print(f"    mean here from the mean of draws: {apart(ours, drawn):.2%}")
    print(
        f"    Flee runs from each other: {between(flee):.2%}; draws here: {between(draw[:40]):.2%}"
    )
    print("  error against the data, rescaled (as it is):")
    table = {"mean here": [ours], "draws here": list(draw), "Flee runs": list(flee)}
    for name, forecasts in table.items():
        errors = [camp_error(each, data) for each in forecasts]
        shown = ", ".join(f"{e.rescaled:.3f} ({e.normal:.3f})" for e in errors[:3])
        spread = np.array([e.rescaled for e in errors])
        print(
            f"    {name}: {shown}"
            + (f"; {spread.min():.3f} to {spread.max():.3f}" * (len(errors) > 3))
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", default=os.environ.get(VARIABLE))
    parser.add_argument("--agents-of", type=int, default=40, help="people an agent of Flee is")
    parser.add_argument("--seeds", type=int, default=2, help="runs of Flee, each conflict")
    parser.add_argument("--draws", type=int, default=100)
    parser.add_argument("--conflicts", nargs="*", help="names of folders, instead of all")
    options = parser.parse_args()
    if options.folder is None:
        print(
            f"Not run, for want of published conflicts: expected a folder as argument or in "
            f"{VARIABLE}, with a folder for each conflict that holds input_csv, source_data and "
            "simsetting.yml"
        )
        return
    found = sorted(path.parent for path in Path(options.folder).glob("*/input_csv"))
    chosen = [path for path in found if not options.conflicts or path.name in options.conflicts]
    if not chosen:
        names = ", ".join(path.name for path in found) or "none"
        sys.exit(f"{options.folder}: no such conflicts, found {names}")
    for path in chosen:
        compare(path, options.agents_of, options.seeds, options.draws)


if __name__ == "__main__":
    main()
