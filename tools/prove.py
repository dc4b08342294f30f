"""Measure how far the forecasts can be trusted, and write docs/proof/.

Run by ``make prove``: backtests at five cut-offs, a ladder of models, checks of the fit,
calibration on simulated evidence, the reference class. Every stage writes its tables and an entry
of ``stages.json``; ``--only STAGE`` runs some of them and leaves the results of the others.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

import dispersal
from dispersal.case import load_case
from dispersal.case.subset import case_of_origins
from dispersal.forecast.plain import plain
from dispersal.forecast.provenance import versions
from dispersal.inference.calibrate import calibrate
from dispersal.record.backtest import backtest
from dispersal.record.checks.folds import leave_countries_out
from dispersal.record.checks.predictive import predictive_check
from dispersal.record.checks.priors import prior_sensitivity
from dispersal.record.checks.sources import leave_sources_out
from dispersal.record.ladder import climb
from dispersal.record.ledgers import score_ledgers
from dispersal.record.totals import score_totals
from dispersal.reference import fit_reference, leave_one_out

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1] / "docs" / "proof"

#: The days as known on which the past is forecast.
CUTOFFS = ("2015-06-01", "2016-01-01", "2016-06-01", "2017-03-07", "2017-11-01")

#: Home countries of the calibration study: every replication is a fit, so they are few.
STUDIED = ("BEL", "CHE", "DEU", "DNK", "FRA", "KGZ", "MAR", "RUS", "SAU", "SYR", "TUN", "TUR")

#: Worldwide figures that stay in it.
TOTALS = ("i17_070", "i17_092", "i17_103", "i17_148", "i17_156")

CASE = "isis_2017"
SEED = 1


def main() -> int:
    """Run the stages asked for and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=sorted(STAGES), help="stages to run")
    parser.add_argument("--replications", type=int, default=200, help="of the calibration")
    parser.add_argument("--draws", type=int, default=1_000, help="of each forecast")
    chosen = parser.parse_args()
    ROOT.mkdir(parents=True, exist_ok=True)
    for name, stage in STAGES.items():
        if chosen.only and name not in chosen.only:
            continue
        began = time.perf_counter()
        print(f"{name} …", flush=True)
        found = stage(chosen)
        note(name, time.perf_counter() - began, found)
    from proof_page import write_page

    write_page(ROOT)
    return 0


def note(stage: str, seconds: float, found: dict[str, Any]) -> None:
    """Add what a stage found, how long it took and where to ``stages.json``."""
    path = ROOT / "stages.json"
    stages = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    stages[stage] = {
        "seconds": round(seconds, 1),
        "machine": f"{platform.machine()}, {platform.system()}",
        "versions": versions(),
        "seed": SEED,
        **found,
    }
    text = json.dumps(stages, indent=1, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def table(name: str, frame: pd.DataFrame, *, index: bool = False) -> None:
    """Write a table of the proof."""
    path = ROOT / f"{name}.csv"
    frame.to_csv(path, index=index, lineterminator="\n", float_format="%.5g")


def run_backtest(chosen: argparse.Namespace) -> dict[str, Any]:
    """Forecast as known on each cut-off and score what came after."""
    found = backtest(CASE, CUTOFFS, draws=chosen.draws, seed=SEED)
    rows = found.rows
    kept = ["cutoff", "figure_id", "quantity", "origin", "as_of", "observed", "p10", "p50", "p90"]
    kept += ["crps", "pit", "inside50", "inside80", "inside95", "horizon"]
    table("backtest_rows", rows[kept])
    table("backtest_summary", found.summary().reset_index())
    table("backtest_skills", found.skills())
    table("backtest_averaged", found.averaged())
    table("backtest_horizons", found.summary(("quantity", "horizon")).reset_index())
    fates = [scores.fates.assign(cutoff=str(day)) for day, scores in found.scores.items()]
    table("backtest_fates", pd.concat(fates, ignore_index=True))
    return {
        "cutoffs": list(CUTOFFS),
        "draws": chosen.draws,
        "warnings": {str(day): lines for day, lines in found.warnings().items()},
        "case_hash": {str(day): each["case_hash"] for day, each in found.provenance.items()},
        "timings": {str(day): dict(each["timings"]) for day, each in found.provenance.items()},
    }


def run_ladder(chosen: argparse.Namespace) -> dict[str, Any]:
    """Backtest the models from the simplest up, as known on the day of the question."""
    frame, found = climb(load_case(CASE), draws=min(chosen.draws, 500), seed=SEED)
    table("ladder", frame)
    return {
        "warnings": {
            name: [line for lines in each.warnings().values() for line in lines]
            for name, each in found.items()
        }
    }


def run_fit(chosen: argparse.Namespace) -> dict[str, Any]:
    """Fit once; contraction, posterior predictive checks, sensitivity to the priors."""
    posterior = dispersal.fit(CASE, seed=SEED)
    table("contraction", posterior.contraction().reset_index())
    predictive = predictive_check(posterior, seed=SEED)
    table("predictive_groups", predictive.groups)
    table("predictive_largest", predictive.largest(20))
    forecast = dispersal.forecast(posterior, draws=max(chosen.draws, 2_000), seed=SEED)
    sensitivity = prior_sensitivity(posterior, forecast)
    table("prior_sensitivity", sensitivity.table)
    ledgers = score_ledgers(forecast, fit_reference(as_known_on=forecast.cutoff, seed=SEED))
    table("ledgers", ledgers)
    totals = score_totals(forecast, load_case(CASE).ledger)
    table("totals", totals.rows)
    table("totals_bounds", totals.bounds)
    return {
        "diagnostics": {name: plain(v) for name, v in posterior.diagnostics.summary().items()},
        "timings": {name: round(value, 1) for name, value in posterior.timings.items()},
        "unusable": sensitivity.unusable,
    }


def run_left_out(_chosen: argparse.Namespace) -> dict[str, Any]:
    """Leave out countries, in folds, and sources."""
    case = load_case(CASE)
    posterior = dispersal.fit(case, seed=SEED)
    countries = leave_countries_out(case, seed=SEED, posterior=posterior)
    table("left_out_countries", countries.table)
    sources = leave_sources_out(case, seed=SEED, posterior=posterior)
    table("left_out_sources", sources.table)
    problems = {"countries": countries.problems, "sources": sources.problems}
    return {"folds": [list(fold) for fold in countries.folds], "problems": problems}


def run_calibration(chosen: argparse.Namespace) -> dict[str, Any]:
    """Fit evidence that the model makes; the truth's rank among the draws is to be uniform."""
    case = case_of_origins(load_case(CASE), STUDIED, TOTALS)
    found = calibrate(case, replications=chosen.replications, seed=SEED)
    table("calibration", found.table.reset_index())
    table("calibration_power", found.power.reset_index())
    table("calibration_ranks", found.ranks)
    return {name: plain(value) for name, value in found.record().items() if name != "power"}


def run_reference(_chosen: argparse.Namespace) -> dict[str, Any]:
    """Score the reference class on each past case with the others alone."""
    found = leave_one_out(fit_reference(seed=SEED), seed=SEED)
    table("reference_cases", found.cases.reset_index())
    table("reference_gains", found.gains.reset_index())
    return {"cases": len(found.cases)}


STAGES: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "backtest": run_backtest,
    "ladder": run_ladder,
    "fit": run_fit,
    "left_out": run_left_out,
    "calibration": run_calibration,
    "reference": run_reference,
}

if __name__ == "__main__":
    sys.exit(main())
