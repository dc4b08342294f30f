"""How the engine's time grows with people, flows, steps, draws and threads; a plot of it.

Places of the country of ``engine_large.py``, one thing changed at a time from a base of 1,000
places, 6,000 flows, 24 million people, 100 steps and 8 draws; all steps recorded. Each point is the
median of CPU seconds of ``sample`` on one thread; for threads, of wall seconds. Slopes are those of
straight lines through logarithms: 1 is linear, 0 is flat. For people, the line begins where cells
are full: 2,000 people a place, of whom 24 a step leave.

Run as ``python benchmarks/engine_growth.py [PLOT.svg]``.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np

from dispersal.population import sample
from engine_large import NEIGHBOURS, PEOPLE, PLACES, country, country_hazards
from engine_toy import about

PLOT = Path(__file__).parents[1] / "docs" / "performance" / "growth.svg"

BASE = {"people": 24_000_000, "places": 1_000, "steps": 100, "draws": 8, "threads": 1}
POINTS = {
    "people": (10**3, 10**4, 10**5, 10**6, 2 * 10**6, 10**7, 10**8, 10**9, 10**10, 10**11),
    "places": (100, 300, 1_000, 3_000, 10_000),
    "steps": (10, 30, 100, 300, 1_000),
    "draws": (1, 3, 8, 30, 100),
    "threads": (1, 2),
}
#: From how many people on the places are full.
FULL = 2_000 * BASE["places"]


def time_of(people: int, places: int, steps: int, draws: int, threads: int, repeats: int) -> float:
    """Return median seconds: of CPU, or of the clock where there are several threads."""
    process, start = country(places)
    start = np.floor(start * (people / start.sum())).astype(np.int64)
    hazards = country_hazards(process, steps, draws, varying=False)
    clock = time.process_time if threads == 1 else time.perf_counter
    spent = []
    for _ in range(repeats + 1):
        before = clock()
        sample(process, hazards, start, steps, draws, seed=1, threads=threads)
        spent.append(clock() - before)
    return statistics.median(spent[1:])


def measure(repeats: int) -> dict[str, list[float]]:
    """Return seconds by what is changed, at each of its points."""
    found: dict[str, list[float]] = {}
    for what, values in POINTS.items():
        found[what] = []
        for value in values:
            changed = {**BASE, what: value}
            if what == "places":  # as many people in each
                changed["people"] = PEOPLE // PLACES * value
            found[what].append(time_of(**changed, repeats=repeats))
    return found


def slope(what: str, seconds: list[float]) -> float:
    """Return the slope of log seconds by log of what is changed."""
    used = [at for at, value in enumerate(POINTS[what]) if what != "people" or value >= FULL]
    x, y = (np.log(np.array(values)[used]) for values in (POINTS[what], seconds))
    return float(np.polyfit(x, y, 1)[0])


def draw_growth(found: dict[str, list[float]], path: Path) -> None:
    """Write a plot of time by people, flows, steps and draws, each on logarithmic axes."""
    mpl.rcParams.update({"svg.hashsalt": "growth", "font.size": 9, "svg.fonttype": "none"})
    titles = {
        "people": "Flat in people, once places are full",
        "places": "Linear in flows",
        "steps": "Linear in steps",
        "draws": "Linear in draws",
    }
    labels = {
        "people": "people",
        "places": "flows (6 from each place)",
        "steps": "steps",
        "draws": "draws",
    }
    figure, axes = plt.subplots(2, 2, figsize=(7.6, 6.0), sharey=True, layout="constrained")
    for axis, (what, title) in zip(axes.flat, titles.items(), strict=True):
        x = np.array(POINTS[what], dtype=float) * (NEIGHBOURS if what == "places" else 1)
        axis.loglog(x, found[what], "o-", color="#0072B2", markersize=4, linewidth=1.2)
        if what == "people":
            axis.axvline(FULL, color="0.6", linewidth=0.8, linestyle="--")
            axis.annotate(
                "2,000 a place", (FULL, 1), xycoords=("data", "axes fraction"), color="0.35",
                xytext=(-4, -4), textcoords="offset points", va="top", ha="right",
            )  # fmt: skip
        axis.annotate(
            f"slope {slope(what, found[what]):.2f}".replace("-", "−"), (0.97, 0.06),
            xycoords="axes fraction", ha="right", color="0.35",
        )  # fmt: skip
        axis.set_title(title, loc="left", fontsize=10)
        axis.set_xlabel(labels[what])
        axis.grid(visible=True, which="major", color="0.9", linewidth=0.6)
        axis.spines[["top", "right"]].set_visible(False)
    for axis in axes[:, 0]:
        axis.set_ylabel("CPU seconds, one thread")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description="How the engine's time grows.")
    parser.add_argument("plot", nargs="?", type=Path, default=PLOT)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    print(about())
    found = measure(options.repeats)
    for what, seconds in found.items():
        told = ", ".join(
            f"{value:,}: {spent:.3g} s" for value, spent in zip(POINTS[what], seconds, strict=True)
        )
        if what == "threads":
            print(f"{what}, by the clock: {told}: {seconds[0] / seconds[-1]:.2f} times as fast")
        else:
            print(f"{what}: {told}; slope {slope(what, seconds):.2f}", flush=True)
    draw_growth(found, options.plot)


if __name__ == "__main__":
    main()
