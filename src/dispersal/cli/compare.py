"""``dispersal compare``: levers against the base, draw by draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd

    from dispersal.forecast.answer import TextTable
    from dispersal.whatif.compare import Comparison, LeverOutcome

#: Rows by country and by place that are printed of a lever.
PRINTED = 6


@click.command(
    short_help="Say what a lever would change.",
    epilog="Example: dispersal compare runs/isis_2017-2017-03-07 --lever no_entry_bans",
)
@click.argument("case_or_run")
@click.option(
    "--lever",
    "levers",
    multiple=True,
    metavar="NAME",
    help="A lever of the case's levers.yaml; may be given several times [default: every one].",
)
@click.option(
    "--date", metavar="DATE", help="Day that is compared [default: the last of the period]."
)
@click.option("--as-known-on", metavar="DATE", help="Cut-off of a case [default: the day it asks].")
@click.option(
    "--draws",
    type=click.IntRange(min=2),
    metavar="N",
    default=1_000,
    show_default=True,
    help="Paired draws.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), metavar="N", default=1, show_default=True, help="Seed."
)
@click.option("--list", "listed", is_flag=True, help="List the case's levers and stop.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON only.")
def compare(
    case_or_run: str,
    levers: tuple[str, ...],
    date: str | None,
    as_known_on: str | None,
    draws: int,
    seed: int,
    listed: bool,
    as_json: bool,
) -> None:
    """Simulate CASE_OR_RUN with and without levers, from the same random numbers.

    The folder of a saved forecast is not fitted again; the answer is kept in its folder, where
    `dispersal report` finds it. A case is fitted first.
    """
    from dispersal.case import load_case
    from dispersal.cli.output import print_json, print_text, steps
    from dispersal.forecast.store import load_posterior
    from dispersal.whatif.compare import compare as run
    from dispersal.whatif.runs import is_run, posterior_of
    from dispersal.whatif.store import keep_for

    if listed:
        case = load_posterior(case_or_run).design.case if is_run(case_or_run) else None
        _list(case or load_case(case_or_run), as_json=as_json)
        return
    with steps() as bars:
        fitting = None if is_run(case_or_run) else bars.begin("fitting")
        posterior = posterior_of(case_or_run, as_known_on=as_known_on, seed=seed, progress=fitting)
        found = run(
            posterior,
            levers or None,
            date=date,
            draws=draws,
            seed=seed,
            progress=bars.begin("comparing"),
        )
    record = found.record()
    file = keep_for(case_or_run, record)
    if as_json:
        print_json(record)
        return
    for lever in found.levers.values():
        _show(found, lever)
    print_text()
    print_text(
        "Differences are means with 80 % intervals over the paired draws, in persons of every "
        "stratum; shares in brackets are of the draws that go up or down."
    )
    if file is not None:
        print_text(f"Kept in {file}")


def _list(case: Any, *, as_json: bool) -> None:
    from dispersal.cli.output import print_json, print_text

    if as_json:
        print_json([{"name": lever.name, "title": lever.title} for lever in case.levers])
        return
    for lever in case.levers:
        print_text(f"{lever.name}: {lever.title}.")


def _show(found: Comparison, lever: LeverOutcome) -> None:
    from dispersal.cli.output import print_table, print_text
    from dispersal.whatif.compare_tables import variance_cut

    print_text()
    print_text(f"{lever.title} ({lever.name})")
    print_text(lever.rationale)
    table = found.table(lever.name)
    if not ((table["up"] > 0) | (table["down"] > 0)).any():
        print_text(f"It changes nothing as known on {found.cutoff}.")
        return
    print_text(lever.carriers.sentence)
    for mechanism in lever.carriers.mechanisms:
        print_text(f"How: {mechanism}.")
    cut = variance_cut(table)
    if cut["median"] is not None:
        print_text(
            f"Pairing cut the variance of the differences {_times(cut['median'])} (median over "
            f"the fates of those from abroad; least {_times(cut['least'])})."
        )
    names = {row.origin: row.name for row in found.case.origins}
    names |= {row.place: row.name for row in found.case.places}
    for text_table in tables(table, names, found.date.isoformat()):
        print_table(text_table)


def tables(table: pd.DataFrame, names: dict[str, str], date: str) -> list[TextTable]:
    """Return a lever's differences as tables to print: by fate, and where they are largest."""
    from dispersal.forecast.answer import ROWS, TextTable

    moved = table[(table["up"] > 0) | (table["down"] > 0)]
    found = []
    for by, title, label in (
        ("fate", f"Those from abroad by fate, {date}", None),
        ("country", "Home countries that change most", "origin"),
        ("place", "Places that change most", "place"),
    ):
        rows = moved[moved["by"] == by]
        if label is None:
            rows = rows[rows["origin"] == "foreign"].set_index("quantity", drop=False)
            rows = rows.loc[[name for name in ROWS if name in rows.index]]
        else:
            rows = rows.assign(size=rows["mean"].abs()).nlargest(PRINTED, "size")
        if rows.empty:
            continue
        cells = []
        for row in rows.to_dict("records"):
            what = ROWS[str(row["quantity"])]
            what = what if label is None else what.strip()
            where = "" if label is None else f"{names.get(str(row[label]), row[label])}: "
            cells.append(
                (
                    f"{where}{what}",
                    _number(row["base"]),
                    f"{_signed(row['mean'])} ({_signed(row['p10'])} to {_signed(row['p90'])})",
                    f"{100 * row['up']:.0f} % up, {100 * row['down']:.0f} % down",
                )
            )
        found.append(TextTable(title, ("", "Base", "Difference", "Draws"), tuple(cells)))
    return found


def _number(value: float) -> str:
    return f"{value:,.0f}"


def _signed(value: float) -> str:
    shown = f"{value:+,.0f}" if abs(value) >= 10 else f"{value:+.1f}"
    return "0" if float(shown.replace(",", "")) == 0 else shown.replace("-", "\N{MINUS SIGN}")


def _times(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:,.0f}-fold" if ratio >= 10 else f"{ratio:.1f}-fold"
