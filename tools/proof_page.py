"""The page of the proof, docs/proof/README.md, with its figures, from the tables beside it."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from proof_figures import coverage_figure

if TYPE_CHECKING:
    from pathlib import Path

#: Quantities that the page speaks of, in this order.
QUANTITIES = ("departed", "returned", "killed", "remaining", "detained")

HEAD = """\
# The record

<!-- Written by `make prove` (tools/prove.py, tools/proof_page.py) from the tables beside it. -->

What the forecasts of the built-in case `isis_2017` were worth, measured: fitted on what was
published by a day, scored on what was published after it ([scores](../scores.md)). Smaller CRPS
(on log(1 + n), countries weighted equally) is better; skill is 1 − CRPS / CRPS of the best
baseline on the same rows, with a 90 % interval over countries. A miss stands here like a hit.
"""


def write_page(root: Path) -> None:
    """Write README.md and the figures for which there are tables."""
    stages: dict[str, Any] = json.loads((root / "stages.json").read_text(encoding="utf-8"))
    parts = [HEAD]
    for name, section in SECTIONS.items():
        if name in stages:
            parts.append(section(root, stages[name]))
            words = [f"Stage `{name}`: {stages[name]['seconds']:,.0f} s."]
            words += [stages[name]["remark"]] if "remark" in stages[name] else []
            parts.append(f"*{' '.join(words)}*\n")
    (root / "README.md").write_text("\n".join(parts), encoding="utf-8")


def markdown(frame: pd.DataFrame, columns: dict[str, str]) -> str:
    """Return a table in Markdown; ``columns`` gives the heading of each column shown."""
    lines = ["| " + " | ".join(columns.values()) + " |", "|" + "---|" * len(columns)]
    lines += [
        "| " + " | ".join(cell(row[name]) for name in columns) + " |"
        for row in frame.to_dict("records")
    ]
    return "\n".join(lines) + "\n"


def cell(value: Any) -> str:
    """Return a value for a cell: three digits after the point, nothing for what is missing."""
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else ""
    if isinstance(value, (int, np.integer)):
        return f"{value:,}"
    if isinstance(value, (float, np.floating)):
        number = float(value)
        if math.isnan(number):
            return ""
        whole = abs(number) >= 1_000 or (number.is_integer() and abs(number) >= 1.0)
        return f"{number:,.0f}" if whole else f"{number:.3g}"
    return str(value).replace("_", " ").replace("|", "/")


def percent(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return shares in per cent."""
    return values.map(lambda share: "" if math.isnan(share) else f"{100 * share:.0f} %")


def span(rows: pd.DataFrame) -> pd.Series[Any]:
    """Return 80 % intervals in words."""
    return rows["p10"].map("{:,.0f}".format) + " to " + rows["p90"].map("{:,.0f}".format)


def backtest_section(root: Path, stage: dict[str, Any]) -> str:
    """Return skill by cut-off, averages, coverage and misses."""
    skills = pd.read_csv(root / "backtest_skills.csv")
    summary = pd.read_csv(root / "backtest_summary.csv")
    best = skills[skills["best"] & skills["quantity"].isin(QUANTITIES)]
    best = best.drop_duplicates(["cutoff", "quantity"])
    best = best.merge(
        summary[["cutoff", "quantity", "covers50", "covers80", "covers95", "crps_median"]],
        on=["cutoff", "quantity"],
    )
    best["interval"] = percent(best["skill_low"]) + " to " + percent(best["skill_high"])
    shares = ["skill", "covers50", "covers80", "covers95"]
    best[shares] = best[shares].apply(percent)
    best = best.sort_values(
        ["quantity", "cutoff"], key=lambda c: c.map(QUANTITIES.index) if c.name == "quantity" else c
    )
    averaged = pd.read_csv(root / "backtest_averaged.csv")
    averaged = averaged[averaged["best"]].drop_duplicates("quantity")
    averaged["skill"] = percent(averaged["skill"])
    horizons = pd.read_csv(root / "backtest_horizons.csv")
    horizons = horizons[horizons["quantity"].isin(QUANTITIES)]
    horizons["covers80"] = percent(horizons["covers80"])
    misses = pd.read_csv(root / "backtest_rows.csv").head(12)
    misses["range"] = span(misses)
    warnings = [f"{day}: {line}" for day, lines in stage["warnings"].items() for line in lines]
    coverage_figure(root, QUANTITIES[:4], summary)
    return "\n".join(
        [
            "## Backtests\n",
            markdown(
                best,
                {
                    "quantity": "quantity", "cutoff": "cut-off", "rows": "figures",
                    "origins": "countries", "forecast": "CRPS", "baseline": "best baseline",
                    "score": "its CRPS", "skill": "skill", "interval": "90 %",
                    "covers50": "in 50 %", "covers80": "in 80 %", "covers95": "in 95 %",
                },
            ),
            "Averaged over the cut-offs, against the baseline that is best on average:\n",
            markdown(
                averaged,
                {"quantity": "quantity", "forecast": "CRPS", "baseline": "best baseline",
                 "score": "its CRPS", "skill": "skill", "cutoffs": "cut-offs"},
            ),
            "![Share of published figures inside the forecast's intervals](coverage.svg)\n",
            "By years after the cut-off, all cut-offs together:\n",
            markdown(
                horizons,
                {"quantity": "quantity", "horizon": "years", "rows": "figures", "crps": "CRPS",
                 "crps_median": "median country", "covers80": "in 80 %"},
            ),
            "Largest misses:\n",
            markdown(
                misses,
                {"cutoff": "cut-off", "quantity": "quantity", "origin": "country",
                 "as_of": "as of", "observed": "published", "range": "80 % interval",
                 "crps": "CRPS", "figure_id": "figure"},
            ),
            "Warnings of the fits: " + ("; ".join(warnings) if warnings else "none") + ".\n",
        ]
    )  # fmt: skip


def ladder_section(root: Path, _stage: dict[str, Any]) -> str:
    """Return what each idea is worth."""
    frame = pd.read_csv(root / "ladder.csv").drop_duplicates(["rung", "quantity"])
    kept = [name for name in ("returned", "killed", "remaining") if name in set(frame["quantity"])]
    wide = frame.pivot_table(index="rung", columns="quantity", values="crps", sort=False)[kept]
    wide = wide.loc[frame["rung"].drop_duplicates()].reset_index()
    return (
        "## A ladder of models\n\nCRPS as known on 2017-03-07, each rung with one idea more:\n\n"
        + markdown(wide, {"rung": "model", **{name: name for name in kept}})
    )


def fit_section(root: Path, stage: dict[str, Any]) -> str:
    """Return contraction, predictive checks and sensitivity to priors."""
    contraction = pd.read_csv(root / "contraction.csv")
    groups = pd.read_csv(root / "predictive_groups.csv")
    groups = groups[groups["rows_without"] >= 5]
    for name in ("covers50_without", "covers80_without", "covers95_without"):
        groups[name] = percent(groups[name])
    priors = pd.read_csv(root / "prior_sensitivity.csv")
    diagnostics = ", ".join(f"{name} {cell(v)}" for name, v in stage["diagnostics"].items())
    totals = pd.read_csv(root / "totals.csv")
    totals["range"] = span(totals)
    silent = int((contraction["contraction"] < 0.05).sum())
    return "\n".join(
        [
            "## The fit as known on 2017-03-07\n",
            f"{diagnostics}.\n",
            f"Of {len(contraction)} parameters and elements the evidence leaves {silent} as "
            "their prior has them (contraction below 0.05): [contraction.csv](contraction.csv).\n",
            "Posterior predictive checks: each row by the other rows, groups of five or more (p of "
            "uniform PIT; all in [predictive_groups.csv](predictive_groups.csv)):\n",
            markdown(
                groups,
                {"by": "by", "group": "group", "rows_without": "rows",
                 "mean_pit_without": "mean PIT", "covers50_without": "in 50 %",
                 "covers80_without": "in 80 %", "covers95_without": "in 95 %", "p_without": "p"},
            ),
            "Priors whose spread, doubled or halved, moves the forecast most (shift of the mean of "
            "log(1 + total) at the end; all in [prior_sensitivity.csv](prior_sensitivity.csv)):\n",
            markdown(
                priors[priors["usable"]].head(12),
                {"parameter": "parameter", "change": "spread", "effect": "shift", "of": "of",
                 "noise": "noise", "k": "k"},
            ),
            f"Too far from the draws to tell: {len(stage['unusable'])} changes.\n",
            "National ledgers published later, shares of those who left (published; the forecast's "
            "95 % interval), with energy scores of the forecast and of the reference class:\n",
            markdown(
                _ledger_lines(pd.read_csv(root / "ledgers.csv")),
                {"origin": "country", "day": "day", "shares": "shares", "energy": "energy",
                 "energy_reference": "reference class"},
            ),
            "Totals and strengths published later, as some source would publish them (CRPS, and of "
            f"the last figure known; {totals['inside80'].mean():.0%} inside the 80 % interval):\n",
            markdown(
                totals,
                {"quantity": "quantity", "area": "area", "as_of": "as of", "observed": "published",
                 "range": "80 % interval", "crps": "CRPS", "crps_last": "last figure"},
            ),
        ]
    )  # fmt: skip


def _ledger_lines(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the ledgers with their shares in words."""
    told = []
    for row in frame.to_dict("records"):
        parts = [
            f"{fate} {row[fate]:.0%} ({row[f'{fate}_p2_5']:.0%} to {row[f'{fate}_p97_5']:.0%})"
            for fate in str(row["fates"]).split(";")
        ]
        told.append(", ".join(parts))
    return frame.assign(shares=told)


def left_out_section(root: Path, _stage: dict[str, Any]) -> str:
    """Return what the others tell of a country, and what a source tells."""
    countries = pd.read_csv(root / "left_out_countries.csv")
    for name in ("covers50", "covers80", "covers95", "skill"):
        countries[name] = percent(countries[name])
    sources = pd.read_csv(root / "left_out_sources.csv")
    return "\n".join(
        [
            "## Countries and sources left out\n",
            "Figures of countries predicted from the other countries and their own departures:\n",
            markdown(
                countries,
                {"quantity": "quantity", "method": "method", "rows": "figures",
                 "origins": "countries", "crps": "CRPS", "skill": "skill", "covers50": "in 50 %",
                 "covers80": "in 80 %", "covers95": "in 95 %"},
            ),
            "Totals without one source (shift in standard deviations):\n",
            markdown(
                sources,
                {"source": "source", "rows": "rows", "shift_returned": "returned",
                 "shift_killed": "killed", "shift_remaining": "remaining"},
            ),
        ]
    )  # fmt: skip


def calibration_section(root: Path, stage: dict[str, Any]) -> str:
    """Return the outcome of simulation-based calibration."""
    frame = pd.read_csv(root / "calibration.csv")
    power = pd.read_csv(root / "calibration_power.csv")
    rejected = ", ".join(stage["rejected"]) if stage["rejected"] else "none"
    return "\n".join(
        [
            "## Simulation-based calibration\n",
            f"{stage['replications']:,.0f} replications, {stage['quantities']} quantities. "
            f"Rejected at {stage['level']:.0%} after Holm's correction: {rejected}.\n",
            "Least uniform:\n",
            markdown(
                frame.head(8),
                {frame.columns[0]: "quantity", "mean_rank": "mean rank", "p": "p",
                 "p_corrected": "corrected", "ess_median": "ESS"},
            ),
            "Power of the test at this size against a posterior that is wrong:\n",
            markdown(power, {name: name for name in power.columns}),
        ]
    )  # fmt: skip


def reference_section(root: Path, stage: dict[str, Any]) -> str:
    """Return how the reference class does on the cases it has not seen."""
    gains = pd.read_csv(root / "reference_gains.csv")
    for name in ("gain", "low", "high"):
        gains[name] = percent(gains[name])
    return (
        f"## The reference class\n\nEach of {stage['cases']} past cases predicted from the others; "
        "how far the energy score lies below that of the pooled mean, 90 % interval over cases:\n\n"
        + markdown(gains, {"baseline": "baseline", "gain": "below", "low": "from", "high": "to"})
    )


SECTIONS = {
    "backtest": backtest_section,
    "ladder": ladder_section,
    "fit": fit_section,
    "left_out": left_out_section,
    "calibration": calibration_section,
    "reference": reference_section,
}
