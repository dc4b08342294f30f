"""``dispersal score``: a saved forecast next to what was published later, and to baselines."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dispersal.cli.output import print_json, print_table, print_text
from dispersal.forecast.answer import TextTable
from dispersal.forecast.plain import plain_rows
from dispersal.forecast.store import load_forecast
from dispersal.forecast.wording import cell, number
from dispersal.record.baselines.learn import BASELINES
from dispersal.record.outcomes import score_outcomes
from dispersal.record.row import HORIZONS
from dispersal.record.scores import score
from dispersal.record.select import ledger_of
from dispersal.record.summary import skills
from dispersal.record.totals import score_totals

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from dispersal.record.misses import Miss
    from dispersal.record.scores import Scores

#: How many misses are printed.
MISSES = 10

#: Horizons in words.
SPANS = {"before": "before", "0-1": "1st year", "1-2": "2nd", "2-3": "3rd", "3+": "later"}


def show_scores(run: Path, figures: str, *, as_json: bool) -> None:
    """Print the scores of a saved forecast and of the baselines.

    Raises
    ------
    InputError
        If either cannot be read.
    """
    forecast = load_forecast(run)
    later = ledger_of(figures, forecast)
    scores, totals = score(forecast, later), score_totals(forecast, later)
    outcomes = score_outcomes(forecast, later)
    if as_json:
        found = {**forecast.provenance.record(), **scores.record()}
        found["totals"] = plain_rows(totals.rows)
        print_json({**found, "outcomes": plain_rows(outcomes.rows)})
        return
    print_text(
        f"Forecast of {forecast.case.name} as known on {forecast.cutoff}, against what was "
        "published afterwards. CRPS on log(1 + n): smaller is better. Countries are weighted "
        "equally; ± is a standard error over countries."
    )
    if scores.rows.empty:
        print_text("No figure could be scored.")
    else:
        _show_tables(scores)
    if len(scores.bounds):
        held = scores.bounds["probability"].mean()
        print_text(
            f"{len(scores.bounds)} figures give one end only; the forecast took them for "
            f"true with a chance of {_percent(held)} on average."
        )
    if len(totals.rows):
        print_table(_totals(totals.rows))
    if len(outcomes.rows):
        print_table(outcomes_table(outcomes.rows))
    for reason, left in scores.left_out.items():
        if left:
            names = f": {', '.join(left)}" if reason == "unknown origin" else ""
            print_text(f"Left out, {reason}: {len(left)}{names}")


def _show_tables(scores: Scores) -> None:
    compared = scores.skills()
    tables = [_quantities(scores.summary()), _skill(compared), _baselines(compared)]
    for table in (*tables, _horizons(scores.by_horizon), _misses(scores.misses(MISSES))):
        print_table(table)
    print_text()
    print_text(
        "Baselines speak of the figures of countries with a last figure or a known number of "
        "departed; where a rule has nothing to go by, the last figure stands, else the pooled "
        "share of the departed. Skill: 1 − CRPS / CRPS of the baseline, with its 90 % interval "
        "over countries; above 0 the forecast is better."
    )
    silent = len(scores.without_baseline)
    if silent:
        print_text(f"Figures of which no baseline says anything: {silent}.")
    if not compared.loc[compared["baseline"] == "experts", "own_rows"].sum():
        print_text("No expert's judgement known at the cut-off speaks of these figures.")
    if len(scores.fates):
        print_text(_fates(scores.fates))
    histogram = scores.histogram()
    print_text(
        f"Figures by tenth of the forecast they fell into: {', '.join(map(str, histogram.counts))} "
        f"(equal counts: p = {histogram.p_value:.2g})."
    )


def _fates(fates: pd.DataFrame) -> str:
    text = f"Shares of fates published together: {len(fates)}."
    compared = skills(fates, (), "energy")
    for best in compared[compared["best"].astype(bool)].to_dict("records"):
        text += (
            f" On the {best['rows']} of which baselines speak, the energy score of the forecast "
            f"is {_number(best['forecast'])}, that of the best baseline, "
            f"{BASELINES[best['baseline']]}, {_with_error(best['score'], best['score_se'])}: "
            f"skill {_share(best['skill'])} ({_share(best['skill_low'])} to "
            f"{_share(best['skill_high'])})."
        )
    return text


def _quantities(summary: pd.DataFrame) -> TextTable:
    rows = tuple(
        (
            _words(line["quantity"]),
            f"{line['rows']:.0f}",
            f"{line['origins']:.0f}",
            _with_error(line["crps"], line["crps_se"]),
            _number(line["crps_median"]),
            _number(line["crps_by_size"]),
            *(_percent(line[name]) for name in ("covers50", "covers80", "covers95")),
        )
        for line in summary.reset_index().to_dict("records")
    )
    columns = (
        "quantity", "figures", "countries", "CRPS", "median country", "by size",
        "in 50 %", "in 80 %", "in 95 %",
    )  # fmt: skip
    return TextTable("The forecast, by quantity", columns, rows)


def _skill(compared: pd.DataFrame) -> TextTable:
    rows = tuple(
        (
            _words(line["quantity"]),
            f"{line['rows']:.0f}",
            _number(line["forecast"]),
            BASELINES[line["baseline"]],
            _with_error(line["score"], line["score_se"]),
            _share(line["skill"]),
            f"{_share(line['skill_low'])} to {_share(line['skill_high'])}",
        )
        for line in compared[compared["best"].astype(bool)].to_dict("records")
    )
    columns = ("quantity", "figures", "CRPS", "best baseline", "its CRPS", "skill", "90 % interval")
    return TextTable("Next to the baseline that did best", columns, rows)


def _baselines(compared: pd.DataFrame) -> TextTable:
    heard = compared[compared["everywhere"].astype(bool) | (compared["baseline"] == "last_figure")]
    names = [name for name in BASELINES if name in set(heard["baseline"])]
    rows = []
    for quantity, part in heard.groupby("quantity", sort=True):
        by_name = part.set_index("baseline")
        whole = by_name[by_name["everywhere"].astype(bool)]
        rows.append(
            (
                _words(str(quantity)),
                _number(float(whole["forecast"].iloc[0])),
                *(
                    _number(float(by_name["score"].get(name, math.nan)))
                    + ("*" if name in by_name.index and name not in whole.index else "")
                    for name in names
                ),
            )
        )
    columns = ("quantity", "forecast", *(BASELINES[name] for name in names))
    return TextTable("CRPS of each baseline (* on fewer figures)", columns, tuple(rows))


def _totals(rows: pd.DataFrame) -> TextTable:
    lines = tuple(
        (
            f"{_words(line['quantity'])}, {line['area']}",
            f"{line['as_of']:%Y-%m-%d}",
            number(line["observed"]),
            cell(line["p10"], line["p50"], line["p90"]),
            _number(line["crps"]),
            _number(line["crps_last"]),
        )
        for line in rows.to_dict("records")
    )
    columns = ("total", "as of", "published", "forecast", "CRPS", "last known")
    return TextTable("Totals and strengths, as some source would publish them", columns, lines)


def outcomes_table(rows: pd.DataFrame) -> TextTable:
    """Return published outcomes next to their intervals, one line each."""
    named = "case" in rows
    lines = tuple(
        (
            *([str(line["case"])] if named else []),
            _words(line["quantity"]) + (f", {line['where']}" if line["where"] else ""),
            f"{line['as_of']:%Y-%m-%d}",
            _ends(line["low"], line["high"], line["qualifier"]),
            cell(line["p2_5"], line["p50"], line["p97_5"]),
            "yes" if line["inside95"] else "NO",
            line["figure_id"],
        )
        for line in rows.to_dict("records")
    )
    columns = (
        *(["case"] if named else []),
        *("outcome", "as of", "published", "forecast, 95 % interval", "inside", "figure"),
    )
    return TextTable("What became of the members, as some source would publish it", columns, lines)


def _ends(low: float, high: float, qualifier: str) -> str:
    text = "–".join(dict.fromkeys(number(end) for end in (low, high) if not math.isnan(end)))
    bound = qualifier in ("at_least", "at_most")
    return f"{qualifier.replace('_', ' ')} {text}" if bound else text


def _horizons(table: pd.DataFrame) -> TextTable:
    wide = table.reset_index().pivot_table("crps", "quantity", "horizon", observed=True)
    names = [name for _, name in HORIZONS if name in wide]
    rows = tuple(
        (_words(str(quantity)), *(_number(float(line[name])) for name in names))
        for quantity, line in wide.iterrows()
    )
    columns = ("quantity", *(SPANS[name] for name in names))
    return TextTable("CRPS by year after the cut-off", columns, rows)


def _misses(misses: tuple[Miss, ...]) -> TextTable:
    lines = tuple(
        (
            f"{miss.figure['origin']} {_words(miss.figure['quantity'])}",
            f"{miss.figure['as_of']:%Y-%m-%d}",
            number(miss.figure["observed"]),
            cell(miss.figure["p10"], miss.figure["p50"], miss.figure["p90"]),
            _number(miss.figure["crps"]),
            _evidence(miss),
        )
        for miss in misses
    )
    columns = ("figure", "as of", "published", "forecast", "CRPS", "known before")
    return TextTable("Largest misses", columns, lines)


def _evidence(miss: Miss) -> str:
    """Return the last figure that was known, and of how many."""
    if miss.known.empty:
        return "nothing"
    last = miss.known.iloc[-1]
    text = _ends(float(last["low"]), float(last["high"]), last["qualifier"])
    return f"{text} in {last['as_of']:%Y-%m} ({len(miss.known)})"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"


def _with_error(value: float, error: float) -> str:
    return _number(value) if math.isnan(error) else f"{_number(value)} ±{error:.3f}"


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{100 * value:+.0f} %".replace("-", "−")
