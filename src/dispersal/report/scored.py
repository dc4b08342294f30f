"""The record: how close the forecast came to what was published after its cut-off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from dispersal.errors import InputError
from dispersal.forecast import wording
from dispersal.forecast.plain import plain
from dispersal.record.backtest import Backtest
from dispersal.record.baselines.learn import BASELINES
from dispersal.report.numbers import counts, measure, shares

if TYPE_CHECKING:
    from dispersal.forecast.forecast import Forecast
    from dispersal.record.misses import Miss
    from dispersal.record.scores import Scores

LEVELS: Final = {"covers50": 0.5, "covers80": 0.8, "covers95": 0.95}

_SKILL: Final = ("score", "skill", "skill_low", "skill_high")

#: Why figures published later are not scored, by how the reason begins, in words.
REASONS: Final = {
    "misprint": ("that is a misprint", "that are misprints"),
    "outside": ("that speaks of a day outside the period", "that speak of days outside the period"),
    "unknown origin": (
        "of a home country that the forecast does not have",
        "of home countries that the forecast does not have",
    ),
    "quantity": ("of a quantity that is not forecast", "of quantities that are not forecast"),
}

#: How many misses are shown.
MISSES: Final = 12


def record(
    forecast: Forecast, scores: Scores | None, backtest: Backtest | str | Path | None
) -> dict[str, Any] | None:
    """Return scores, baselines, coverage, the histogram and the largest misses.

    None if nothing was published after the cut-off that could be scored, and there is no
    backtest either.
    """
    cutoffs = None if backtest is None else cutoffs_of(forecast, backtest)
    if scores is None or scores.rows.empty:
        if cutoffs is None:
            return None
        return {
            "text": ["No figure published after the cut-off could be scored."],
            "quantities": [], "baselines": [], "coverage": [],
            "histogram": {"counts": [0] * 10, "p_value": None},
            "misses": [], "rows": [], "cutoffs": cutoffs,
        }  # fmt: skip
    summary = scores.summary()
    histogram = scores.histogram()
    return {
        "text": _sentences(forecast, scores),
        "quantities": [
            {
                "quantity": str(name),
                "rows": int(row["rows"]),
                "origins": int(row["origins"]),
                **{key: measure(row[key]) for key in ("crps", "crps_se", "crps_median")},
                **{key: shares(row[key]) for key in LEVELS},
            }
            for name, row in summary.to_dict("index").items()
        ],
        "baselines": [
            {
                "quantity": row["quantity"],
                "baseline": row["baseline"],
                "name": BASELINES[row["baseline"]],
                **{
                    key: measure(row[key])
                    for key in ("forecast", "score", "skill", "skill_low", "skill_high")
                },
                "best": bool(row["best"]),
                "rows": int(row["rows"]),
            }
            for row in scores.skills().to_dict("records")
        ],
        "coverage": [
            {
                "quantity": str(name),
                "level": level,
                "share": shares(row[key]),
                "rows": int(row["rows"]),
            }
            for name, row in summary.to_dict("index").items()
            for key, level in LEVELS.items()
        ],
        "histogram": {"counts": list(histogram.counts), "p_value": measure(histogram.p_value)},
        "misses": [_miss(miss) for miss in scores.misses(MISSES)],
        "rows": [
            {
                "figure": row["figure_id"],
                **{key: counts(row[key]) for key in ("p10", "p50", "p90")},
                "crps": measure(row["crps"]),
                "pit": shares(row["pit"]),
            }
            for row in scores.rows.to_dict("records")
        ],
        "cutoffs": cutoffs,
    }


def _sentences(forecast: Forecast, scores: Scores) -> list[str]:
    rows = scores.rows
    cutoff, last = wording.day(forecast.cutoff), wording.day(rows["as_of"].max().date())
    found = [
        f"{_counted(len(rows), 'figure', 'figures')} of "
        f"{_counted(rows['origin'].nunique(), 'home country', 'home countries')}, published after "
        f"{cutoff} and speaking of days up to {last}, "
        f"{'are' if len(rows) > 1 else 'is'} scored: the forecast has seen none of this.",
        "Scored is the figure as it would be published, on log(1 + n), so that a factor counts "
        "the same for small and large countries; countries weigh equally, and smaller is better.",
        "Skill says how much better the forecast is than a rule that anyone could apply: "
        "1 − score / score of the rule; above 0 the forecast is better. Its interval holds 90 % of "
        "what other sets of countries would have given.",
    ]
    if len(scores.bounds):
        held = wording.percent(float(scores.bounds["probability"].mean()))
        found.append(
            f"{len(scores.bounds)} more {'give' if len(scores.bounds) > 1 else 'gives'} one end "
            f"only; the chance that the forecast gave to what is said is {held} on average."
        )
    reasons = [
        _counted(len(ids), *words)
        for reason, ids in scores.left_out.items()
        for start, words in REASONS.items()
        if ids and reason.startswith(start)
    ]
    if reasons:
        left = sum(len(ids) for ids in scores.left_out.values()) - len(
            scores.left_out.get("known at the cut-off", ())
        )
        found.append(
            f"Of the figures published later, {wording.listed(reasons)} "
            f"{'are' if left > 1 else 'is'} left out."
        )
    return found


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {many if count > 1 else one}"


def _miss(miss: Miss) -> dict[str, Any]:
    figure = miss.figure
    return {
        "figure": figure["figure_id"],
        "origin": figure["origin"],
        "quantity": figure["quantity"],
        "as_of": plain(figure["as_of"]),
        **{key: counts(figure[key]) for key in ("observed", "p10", "p50", "p90")},
        "crps": measure(figure["crps"]),
        "known": list(miss.known["figure_id"]),
    }


def cutoffs_of(forecast: Forecast, backtest: Backtest | str | Path) -> list[dict[str, Any]]:
    """Return the scores of several cut-offs next to the best baseline of each.

    ``crps`` and the baseline's ``score`` are over the figures that the baseline speaks of, where
    there is one; ``rows`` and what intervals cover are over all.

    Parameters
    ----------
    forecast : Forecast
    backtest : Backtest, str or Path
        A backtest of the same case, or the folder that ``Backtest.save`` wrote.

    Raises
    ------
    InputError
        If the folder holds no backtest, or one of another case.
    """
    if isinstance(backtest, Backtest):
        name, summary, skills = (
            backtest.case.name,
            backtest.summary().reset_index(),
            backtest.skills(),
        )
    else:
        name, summary, skills = _saved(Path(backtest))
    if name != forecast.case.name:
        raise InputError(
            f"found a backtest of case {name}, expected one of {forecast.case.name}, which the "
            "forecast is of"
        )
    best = skills[skills["best"].astype(bool)]
    found = summary.merge(best, how="left", on=["cutoff", "quantity"], suffixes=("", "_skill"))
    return [
        {
            "cutoff": str(plain(pd.Timestamp(row["cutoff"]))),
            "quantity": row["quantity"],
            "rows": int(row["rows"]),
            "crps": measure(row["crps"] if pd.isna(row["forecast"]) else row["forecast"]),
            "baseline": BASELINES.get(row["baseline"]),
            **{key: measure(row[key]) for key in _SKILL},
            **{key: shares(row[key]) for key in LEVELS},
        }
        for row in found.sort_values(["cutoff", "quantity"]).to_dict("records")
    ]


def _saved(folder: Path) -> tuple[str, pd.DataFrame, pd.DataFrame]:
    try:
        told = json.loads((folder / "backtest.json").read_text(encoding="utf-8"))
        summary, skills = (
            pd.read_csv(folder / f"{name}.csv")[["cutoff", "quantity", *columns]]
            for name, columns in (
                ("summary", ("rows", "crps", *LEVELS)),
                ("skills", ("baseline", "forecast", *_SKILL, "best")),
            )
        )
        return str(told["case"]), summary, skills
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InputError(
            f"found {folder} with {error}, expected the folder of a saved backtest"
        ) from None
