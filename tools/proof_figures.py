"""Figures of the page of the proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd


def coverage_figure(root: Path, quantities: Sequence[str], summary: pd.DataFrame) -> None:
    """Draw nominal against empirical coverage by quantity, all cut-offs."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "dispersal"
    from matplotlib import pyplot as plt

    levels = (50, 80, 95)
    figure, axes = plt.subplots(figsize=(5.2, 3.6), layout="constrained")
    names = [name for name in quantities if name in set(summary["quantity"])]
    axes.plot([0.4, 1], [0.4, 1], color="0.7", linewidth=1)
    markers: Sequence[str] = ("o", "s", "^", "D")
    for name, marker in zip(names, markers, strict=False):
        rows = summary[summary["quantity"] == name]
        weight = rows["rows"] / rows["rows"].sum()
        found = [float((rows[f"covers{level}"] * weight).sum()) for level in levels]
        axes.plot([level / 100 for level in levels], found, marker=marker, label=name)
    axes.set(xlabel="interval of the forecast", ylabel="share of published figures inside")
    axes.set(xlim=(0.45, 1), ylim=(0.2, 1.02))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(mpl.ticker.PercentFormatter(1.0))
    axes.legend(frameon=False)
    figure.savefig(root / "coverage.svg", metadata={"Date": None})
    plt.close(figure)
