"""``dispersal check``, ``score`` and ``cases``."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING

from dispersal.cli.output import print_json, print_line, print_table, print_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from dispersal.forecast.answer import TextTable
    from dispersal.record.scores import Scores

#: How many misses are printed.
MISSES = 10


def show_cases(*, as_json: bool) -> None:
    """Print the name, title and day of every built-in case."""
    from dispersal.case import builtin_cases, load_case

    found = [load_case(name) for name in builtin_cases()]
    if as_json:
        print_json(
            [
                {
                    "name": case.name,
                    "title": case.title,
                    "question": case.question,
                    "asked_on": case.asked_on.isoformat(),
                }
                for case in found
            ]
        )
        return
    for case in found:
        print_text(f"{case.name}: {case.title}, asked on {case.asked_on}")


def show_check(name: str, *, as_json: bool) -> bool:
    """Print everything that is wrong with a case; return whether it can be read."""
    from dispersal.case import check_case

    report = check_case(name)
    if as_json:
        print_json(
            {
                "case": name,
                "ok": report.ok,
                "faults": [asdict(fault) for fault in report.faults],
                "notes": [asdict(note) for note in report.notes],
            }
        )
        return report.ok
    for fault in report.faults:
        print_line(f"fault: {fault}")
    for note in report.notes:
        print_line(f"note: {note}")
    print_line(f"{name}: {_plural(report.faults, 'fault')}, {_plural(report.notes, 'note')}")
    return report.ok


def show_scores(run: Path, figures: str, *, as_json: bool) -> None:
    """Print the scores of a saved forecast and of the baseline.

    Raises
    ------
    InputError
        If either cannot be read.
    """
    from dispersal.forecast.store import load_forecast

    forecast = load_forecast(run)
    # Imported only now: it takes seconds, and a run that is not there is said at once.
    from dispersal.record.scores import score

    scores = score(forecast, figures)
    if as_json:
        print_json({**forecast.provenance.record(), **scores.record()})
        return
    print_text(
        f"Forecast of {forecast.case.name} as known on {forecast.cutoff}, against what was "
        "published afterwards. CRPS on log(1 + n), countries weighted equally: smaller is better."
    )
    if scores.rows.empty:
        print_text("No figure could be scored.")
    else:
        for table in (_quantities(scores), _skill(scores), _misses(scores.rows)):
            print_table(table)
        print_text()
        print_text(
            "Baseline: the last figure stands, else the pooled share of the departed; as a "
            "distribution and as a point. Skill: 1 − CRPS / CRPS of the baseline."
        )
    if len(scores.bounds):
        held = scores.bounds["probability"].mean()
        print_text(
            f"{len(scores.bounds)} figures give one end only; the forecast took them for "
            f"true with a chance of {_percent(held)} on average."
        )
    for reason, left in scores.left_out.items():
        if left:
            names = f": {', '.join(left)}" if reason == "unknown origin" else ""
            print_text(f"Left out, {reason}: {len(left)}{names}")


def _quantities(scores: Scores) -> TextTable:
    from dispersal.forecast.answer import TextTable

    rows = tuple(
        (
            str(line["quantity"]).replace("_", " "),
            f"{line['rows']:.0f}",
            f"{line['origins']:.0f}",
            _number(line["crps"]),
            *(_percent(line[name]) for name in ("covers50", "covers80", "covers95")),
        )
        for line in scores.by_quantity.reset_index().to_dict("records")
    )
    columns = ("quantity", "figures", "countries", "CRPS", "in 50 %", "in 80 %", "in 95 %")
    return TextTable("The forecast, by quantity", columns, rows)


def _skill(scores: Scores) -> TextTable:
    from dispersal.forecast.answer import TextTable

    rows = tuple(
        (
            str(line["quantity"]).replace("_", " "),
            f"{line['baseline_rows']:.0f}",
            _number(line["crps_there"]),
            _number(line["crps_baseline"]),
            _share(line["skill"]),
            _number(line["crps_baseline_point"]),
            _share(line["skill_point"]),
        )
        for line in scores.by_quantity.reset_index().to_dict("records")
    )
    columns = ("quantity", "figures", "CRPS", "baseline", "skill", "as a point", "skill")
    return TextTable("Next to the baseline, where it has a figure", columns, rows)


def _misses(rows: pd.DataFrame) -> TextTable:
    from dispersal.forecast.answer import TextTable
    from dispersal.forecast.wording import cell, number

    lines = tuple(
        (
            f"{row['origin']} {row['quantity']}".replace("_", " "),
            f"{row['as_of']:%Y-%m-%d}",
            number(row["observed"]),
            cell(row["p10"], row["p50"], row["p90"]),
            _number(row["crps"]),
        )
        for row in rows.head(MISSES).to_dict("records")
    )
    return TextTable("Largest misses", ("figure", "as of", "published", "forecast", "CRPS"), lines)


def _plural(found: Sequence[object], name: str) -> str:
    count = len(found)
    return f"{count or 'no'} {name}{'s' * (count != 1)}"


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{100 * value:+.0f} %".replace("-", "−")
