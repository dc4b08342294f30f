"""``dispersal reference``: what became of the members in past endings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from dispersal.forecast.answer import TextTable
    from dispersal.reference import LeaveOneOut, Reference

_file = click.Path(path_type=Path)


@click.command(
    short_help="Say what past endings led to.",
    epilog="Example: dispersal reference --mode negotiated",
)
@click.option(
    "--mode",
    metavar="MODE",
    help="military_defeat, negotiated, withdrawal or fragmentation [default: each of them].",
)
@click.option(
    "--outcomes", type=_file, metavar="FILE", help="Past outcomes [default: the built-in ones]."
)
@click.option(
    "--cases", type=_file, metavar="FILE", help="Their cases [default: cases.csv beside them]."
)
@click.option(
    "--as-known-on", metavar="DATE", help="Cut-off [default: everything that is published]."
)
@click.option("--leave-out", multiple=True, metavar="CASE", help="Case not to learn from.")
@click.option(
    "--leave-one-out", "scored", is_flag=True, help="Score it on each case with the others alone."
)
@click.option(
    "--seed", type=click.IntRange(min=0), metavar="N", default=1, show_default=True, help="Seed."
)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON only.")
def reference(
    mode: str | None,
    outcomes: Path | None,
    cases: Path | None,
    as_known_on: str | None,
    leave_out: tuple[str, ...],
    scored: bool,
    seed: int,
    as_json: bool,
) -> None:
    """Print the shares of fates after past endings, and the cases behind them.

    Fits a hierarchical model of the shares of fates by mode of ending. FILE has the columns of
    the built-in outcomes.csv or cases.csv; cases never seen before are as good as any.
    """
    from dispersal.case.asking import known_names
    from dispersal.case.schema import END_MODES
    from dispersal.cli.output import print_json, steps

    modes = tuple(END_MODES) if mode is None else tuple(known_names(mode, END_MODES, "a mode"))
    from dispersal.reference import fit_reference, leave_one_out

    with steps() as bars:
        fitted = fit_reference(
            outcomes,
            cases,
            leave_out=leave_out,
            as_known_on=as_known_on,
            seed=seed,
            progress=bars.begin("fitting"),
        )
        found = None
        if scored:
            found = leave_one_out(fitted, seed=seed, progress=bars.begin("scoring"))
    for warning in fitted.diagnostics.warnings():
        click.echo(f"dispersal: warning: {warning}", err=True)
    if as_json:
        print_json(reference_record(fitted, modes, found))
    else:
        show_reference(fitted, modes, found)


def show_reference(fitted: Reference, modes: tuple[str, ...], found: LeaveOneOut | None) -> None:
    """Print the shares of each mode, the cases behind them, and how well cases left out are met."""
    from dispersal.cli.output import print_line, print_table, print_text
    from dispersal.forecast.answer import MODES

    known = f", as known on {fitted.cutoff}" if fitted.cutoff else ""
    print_text(
        f"What became of the members in {len(fitted.history.endings)} past cases{known}. Shares of "
        "the members of a new case, by how the group ends, with 80 % intervals."
    )
    table = fitted.cases
    for mode in modes:
        print_table(_fates(fitted, mode))
        mine = table[table["end_mode"] == mode]
        if mine.empty:
            print_text(f"No past case ended by {MODES[mode]}: only other endings tell of it.")
        else:
            print_table(_cases(fitted, mode))
    if len(modes) == 1:
        print_text()
        for name, row in table[table["end_mode"] == modes[0]].iterrows():
            print_line(f"{name}: {row['group']}. Sources: {', '.join(row['sources'].split(';'))}")
    print_text()
    print_text(
        "–: nothing is published; the model still has a share for it. Other modes inform each one "
        "through the mean that they share."
    )
    late = [name for name, why in fitted.history.left_out.items() if why != "asked for"]
    if late:
        print_text(f"Not known by the cut-off: {', '.join(sorted(late))}")
    if found is not None:
        _show_scores(found)


def reference_record(
    fitted: Reference, modes: tuple[str, ...], found: LeaveOneOut | None
) -> dict[str, Any]:
    """Return the results as plain data."""
    from dispersal.forecast.plain import plain_rows

    table = fitted.cases.reset_index()
    keys = {key for cell in table["sources"] for key in cell.split(";")}
    record: dict[str, Any] = {
        "as_known_on": fitted.cutoff.isoformat() if fitted.cutoff else None,
        "seed": fitted.seed,
        "shares": {
            mode: fitted.shares(mode).summary().round(6).to_dict(orient="index") for mode in modes
        },
        "cases": plain_rows(table[table["end_mode"].isin(modes)]),
        "cases_in_all": len(table),
        "left_out": fitted.history.left_out,
        "sources": {
            source.key: {
                "title": source.title,
                "publisher": source.author_or_publisher,
                "published": source.published.isoformat(),
                "url": source.url,
            }
            for source in fitted.history.sources
            if source.key in keys
        },
        "diagnostics": fitted.diagnostics.summary(),
    }
    if found is not None:
        record["leave_one_out"] = {
            "cases": plain_rows(found.cases.reset_index()),
            "gains": plain_rows(found.gains.reset_index()),
        }
    return record


def _fates(fitted: Reference, mode: str) -> TextTable:
    from dispersal.forecast.answer import MODES, TextTable
    from dispersal.forecast.wording import percent, share_cell

    summary = fitted.shares(mode).summary()
    cases = fitted.cases
    told = cases.loc[cases["end_mode"] == mode, "tells_of"].str.split(";")
    rows = tuple(
        (
            str(fate),
            percent(row["mean"]),
            share_cell(row["p10"], row["p50"], row["p90"]),
            str(sum(fate in fates for fates in told)),
        )
        for fate, row in summary.iterrows()
    )
    columns = ("fate", "mean", "median", "told by")
    return TextTable(f"A new case that ends by {MODES[mode]}", columns, rows)


def _cases(fitted: Reference, mode: str) -> TextTable:
    from dispersal.forecast.answer import MODES, TextTable
    from dispersal.forecast.wording import number, share_cell
    from dispersal.model.fates import FATES

    table = fitted.cases
    rows = tuple(
        (
            str(name),
            "–" if row["end_date"] != row["end_date"] else f"{row['end_date']:%Y}",
            "–" if row["members"] != row["members"] else number(row["members"]),
            *(
                share_cell(row[f"{fate}_p10"], row[f"{fate}_p50"], row[f"{fate}_p90"])
                if fate in row["tells_of"].split(";")
                else "–"
                for fate in FATES
            ),
        )
        for name, row in table[table["end_mode"] == mode].iterrows()
    )
    columns = ("case", "ended", "members", *FATES)
    return TextTable(f"Past cases that ended by {MODES[mode]}", columns, rows)


def _show_scores(found: LeaveOneOut) -> None:
    from dispersal.cli.output import print_table, print_text
    from dispersal.forecast.answer import TextTable

    rows = tuple(
        (
            str(name),
            str(len(row["fates"].split(";"))),
            *(f"{row[each]:.3f}" for each in ("reference", "pooled_point", "pooled_spread")),
            f"{100 * row['inside80']:.0f} %",
        )
        for name, row in found.cases.iterrows()
    )
    columns = ("case left out", "fates", "reference", "pooled point", "with spread", "in 80 %")
    print_table(TextTable("Energy scores, smaller is better", columns, rows))
    names = {"pooled_point": "mean as a point", "pooled_spread": "mean with its spread"}
    print_text()
    for name, row in found.gains.iterrows():
        ends = " to ".join(f"{100 * row[end]:+.0f} %".replace("-", "−") for end in ("low", "high"))
        gain = f"{100 * row['gain']:+.0f} %".replace("-", "−")
        print_text(
            f"Gain over the pooled {names[str(name)]}: {gain} (90 % interval over cases: {ends})."
        )
    print_text(
        "The pooled mean is the mean of the other cases' published shares, whatever their mode; "
        "its spread is those shares themselves."
    )
