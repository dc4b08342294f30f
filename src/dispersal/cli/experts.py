"""``dispersal experts``: published judgements, pooled, compared, scored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd

    from dispersal.forecast.answer import TextTable
    from dispersal.whatif.experts import Experts

#: Scores in words.
MEASURES = {
    "brier": "chance of an event (Brier score)",
    "crps_log": "number of people (CRPS on log(1 + n))",
    "crps_share": "share (CRPS)",
    "crps_years": "day (CRPS, years)",
    "tau": "order of places (Kendall's τ, more is better)",
}

METHODS = {"linear": "linear", "log_linear": "log-linear", "cooke": "Cooke's", "borda": "Borda"}


@click.command(
    short_help="Score what experts judged.",
    epilog="Example: dispersal experts runs/isis_2017-2017-03-07",
)
@click.argument("case_or_run")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON only.")
def experts(case_or_run: str, as_json: bool) -> None:
    """Pool published judgements, and say what became of each.

    CASE_OR_RUN is the folder of a saved forecast, whose answers are then scored next to the
    experts', or a case, whose judgements are pooled and scored alone. Judgements published after
    the cut-off are scored, too, but enter no pool.
    """
    from dispersal.case import load_case
    from dispersal.cli.output import print_json
    from dispersal.forecast.store import load_forecast
    from dispersal.whatif.experts import experts as score_experts
    from dispersal.whatif.experts import experts_of
    from dispersal.whatif.runs import is_run
    from dispersal.whatif.store import keep

    kept = None
    if is_run(case_or_run):
        found = score_experts(load_forecast(Path(case_or_run)))
        kept = keep(Path(case_or_run), found.record())
    else:
        found = experts_of(load_case(case_or_run))
    if as_json:
        print_json(found.record())
    else:
        show_experts(found, kept)


def show_experts(found: Experts, kept: Path | None = None) -> None:
    """Print who was right and by how much, the pools, the account, and every judgement."""
    from dispersal.cli.output import print_line, print_table, print_text

    counts = found.counts()
    print_text(
        f"{counts['judgements']} published judgements, {counts['known_at_cutoff']} of them known "
        f"on {found.cutoff}. {counts['claims']} make a claim that evidence can meet, and of "
        f"{counts['scored']} it is known what became of them: {counts['right']} numbers and events "
        f"were right, {counts['wrong']} wrong, {counts['no_side']} took no side; "
        f"{counts['rankings']} name {counts['places_named']} places or fates, of which "
        f"{counts['places_reached']} came true, {counts['places_not_reached']} did not and of the "
        "others nothing was published. "
        f"{counts['pooled']} judgements are pooled, of every expert the latest; "
        f"{counts['pooled_and_scored']} of them are scored, "
        f"{counts['pooled_with_others_and_scored']} in pools of two or more."
    )
    if len(found.overall()):
        print_table(_overall(found.overall()))
    shared = [pool for pool in found.pooled.values() if len(pool.claims) > 1]
    if shared:
        print_table(_pools(found.pools()))
        print_text()
        print_text(
            f"{len(found.pooled) - len(shared)} other questions were judged by one expert alone, "
            "whose judgement is their pool."
        )
    if len(found.account):
        print_table(_account(found.claims()))
    rows = found.judgements()
    if len(rows):
        print_table(_judgements(rows[rows["scored"]]))
        print_text()
        print_text(
            "Scores: smaller is better, but for τ. Pool: the linear pool of the judgements of the "
            "same question known at the cut-off. * published later than the cut-off."
        )
        _show_unscored(rows[~rows["scored"].astype(bool)])
    if kept is not None:
        print_line(f"Saved: {kept}")


def _show_unscored(rows: pd.DataFrame) -> None:
    from dispersal.cli.output import print_text

    if rows.empty:
        return
    print_text()
    print_text("Not scored:")
    for reason, part in rows.groupby("verdict", sort=True):
        print_text(f"{reason}: {', '.join(part['judgement_id'])}")


def _overall(table: pd.DataFrame) -> TextTable:
    from dispersal.forecast.answer import TextTable

    rows = tuple(
        (
            f"{MEASURES[line['measure']]}, {line['when']}",
            str(line["n"]),
            _score(line["score"]),
            *(
                _pair(line[name], line[f"score_with_{name}"])
                for name in ("pool", "model", "reference")
            ),
        )
        for line in table.to_dict("records")
    )
    columns = ("judgements of", "n", "experts", "pool", "forecast", "past endings")
    title = "Mean scores (in brackets that of the experts on the questions that the other answers)"
    return TextTable(title, columns, rows)


def _pools(table: pd.DataFrame) -> TextTable:
    """Return a row a question that several judged, with what each way of pooling says."""
    from dispersal.forecast.answer import TextTable

    rows = []
    for _, part in table.groupby("judgements", sort=False):
        lines = part.to_dict("records")
        if len(lines[0]["judgements"]) < 2:
            continue
        first, says = lines[0], {METHODS[line["method"]]: line["says"] for line in lines}
        others = {text: name for name, text in reversed(says.items())}
        told = "; ".join(f"{name} {text}" for text, name in others.items())
        rows.append(
            (
                " ".join(part for part in _question(first) if part),
                str(len(first["experts"])),
                str(first["says"]) if len(others) == 1 else told,
                str(first["outcome"]) if first["measure"] not in ("", "tau") else "",
                _score(first["score"]),
                _score(first["model"]),
                _score(first["reference"]),
            )
        )
    rows.sort(key=lambda row: -int(row[1]))
    columns = ("question", "judged by", "pool", "came true", "score", "forecast", "past endings")
    return TextTable("What was pooled (one text where all pools say it)", columns, tuple(rows))


def _question(line: dict[Any, Any]) -> tuple[str, ...]:
    what = {"rises": "rises", "mass": "half of the ceiling", "lives_on": "lives on", "ends": ""}
    area = line["area"] or line["place"]
    return str(line["quantity"]).replace("_", " "), str(area), what.get(line["proposition"], "")


def _account(table: pd.DataFrame) -> TextTable:
    from dispersal.forecast.answer import TextTable

    rows = tuple(
        (
            f"{line['cohort'].replace('_', ' ')}: {line['name']}" if line["cohort"]
            else str(line["name"]).replace("_", " "),
            line["forecast"] or "–",
            line["published_later"],
            line["verdict"],
        )
        for line in table.to_dict("records")
    )  # fmt: skip
    columns = ("claim", "forecast", "published later", "verdict")
    title = f"The account of {table['published'].iloc[0]} by {table['expert'].iloc[0]}"
    return TextTable(title, columns, rows)


def _judgements(table: pd.DataFrame) -> TextTable:
    from dispersal.forecast.answer import TextTable

    rows = tuple(
        (
            f"{line['judgement_id']}{'*' if line['later'] else ''} {line['expert']}, "
            f"{line['published']}: {line['says']}",
            str(line["verdict"]),
            *(_score(line[name]) for name in ("score", "pool", "model", "reference")),
        )
        for line in table.to_dict("records")
    )
    columns = ("judgement", "what became of it", "score", "pool", "forecast", "past endings")
    return TextTable("Judgements of which the outcome is known", columns, rows)


def _score(value: float | None) -> str:
    if value is None or value != value:
        return "–"
    # Adding 0 takes the sign from a rounded 0.
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")


def _pair(value: float, beside: float) -> str:
    return "–" if value != value else f"{_score(value)} ({_score(beside)})"
