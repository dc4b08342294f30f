"""``dispersal update`` and ``dispersal influence``: what new evidence does, and each row did."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from dispersal.forecast.answer import TextTable
    from dispersal.whatif.update import Influence, Update

    Progress = Callable[[int, int], None]

#: Outputs that are printed of an update, and rows of an influence.
PRINTED = 12

_path = click.Path(path_type=Path)
_json = click.option("--json", "as_json", is_flag=True, help="Print the results as JSON only.")
_workers = click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Chains at once, and threads [default: all cores].",
)


@click.command(
    short_help="Bring a saved forecast up to date.",
    epilog="Example: dispersal update runs/isis_2017-2017-03-07 rows.csv --sources sources.csv",
)
@click.argument("run", type=_path)
@click.argument("rows", type=_path)
@click.option("--sources", type=_path, metavar="FILE", help="Sources that the case does not have.")
@click.option(
    "--as-known-on",
    metavar="DATE",
    help="New cut-off [default: the last day on which a row was published].",
)
@click.option("--out", type=_path, metavar="FOLDER", help="[default: beside RUN, as RUN-update-N].")
@click.option("--refit", is_flag=True, help="Fit again even where weights would do.")
@_workers
@_json
def update(
    run: Path,
    rows: Path,
    sources: Path | None,
    as_known_on: str | None,
    out: Path | None,
    refit: bool,
    workers: int | None,
    as_json: bool,
) -> None:
    """Bring the forecast saved in RUN up to date with the new ROWS of evidence.

    ROWS has the columns of figures.csv or of aggregates.csv. The draws of the fit are weighed anew
    where that can be trusted, and else the model is fitted again from them on. The new forecast
    goes to a folder of its own, with the history of forecasts; nothing in RUN changes. It knows
    what RUN knew and the new rows: what else was published since is for `dispersal forecast`.
    """
    from dispersal.cli.output import print_json, steps
    from dispersal.whatif.update import update as bring

    with steps() as bars:
        found = bring(
            run,
            rows,
            sources=sources,
            as_known_on=as_known_on,
            out=out,
            refit=refit,
            workers=workers,
            fitting=_once(bars.begin, "fitting"),
            simulating=_once(bars.begin, "simulating"),
        )
    if as_json:
        print_json({**found.record(), "folder": str(found.folder)})
        return
    _show_update(found)


@click.command(
    short_help="Say which rows of evidence a forecast rests on.",
    epilog="Example: dispersal influence runs/isis_2017-2017-03-07 --output returned:TUN",
)
@click.argument("case_or_run")
@click.option(
    "--output",
    default="returned_total",
    show_default=True,
    metavar="NAME",
    help="quantity[:origin][@day].",
)
@click.option(
    "--refit",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="N",
    help="Fit again without each of the N rows of which the weights tell least.",
)
@click.option("--as-known-on", metavar="DATE", help="Cut-off of a case [default: the day it asks].")
@click.option(
    "--draws",
    type=click.IntRange(min=2),
    default=1_000,
    show_default=True,
    metavar="N",
    help="Simulated draws of a case.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, metavar="N", help="Seed."
)
@_workers
@_json
def influence(
    case_or_run: str,
    output: str,
    refit: int,
    as_known_on: str | None,
    draws: int,
    seed: int,
    workers: int | None,
    as_json: bool,
) -> None:
    """Rank the rows of evidence by how far a forecast would move without each.

    CASE_OR_RUN is the folder of a saved forecast, in which the answer is kept, or a case, which is
    forecast first.
    """
    from dispersal.cli.output import print_json, steps
    from dispersal.whatif.store import keep_for
    from dispersal.whatif.update import influence as find

    with steps() as bars:
        found = find(
            case_or_run,
            output,
            refit=refit,
            as_known_on=as_known_on,
            draws=draws,
            seed=seed,
            workers=workers,
            fitting=_once(bars.begin, "fitting"),
            simulating=_once(bars.begin, "simulating"),
        )
    record = found.record()
    file = keep_for(case_or_run, record)
    if as_json:
        print_json(record)
        return
    _show_influence(found)
    if file is not None:
        from dispersal.cli.output import print_line

        print_line(f"Kept in {file}")


def _show_update(found: Update) -> None:
    from dispersal.cli.output import print_line, print_table, print_text

    count = len(found.new.rows)
    print_text(
        f"{count} new row{'s' * (count != 1)}; the forecast of {found.forecast.case.name} is now "
        f"as known on {found.forecast.cutoff}, from what {found.before.resolve().name} knew and "
        "these rows."
    )
    if found.method == "reweighed":
        print_text(
            f"The draws of the fit were weighed anew: k-hat {found.khat:.2f} (0.7 or less is "
            f"trusted), {found.effective:.0f} of {found.posterior.size} draws count."
        )
    else:
        print_text(f"The model was fitted again: {'; '.join(found.why)}.")
    for row, reason in found.unused.items():
        print_text(f"{row} changes nothing in the fit: {reason}.")
    for note in found.new.notes:
        print_text(f"Note: {note}")
    print_table(_moves(found))
    print_text()
    print_text(
        "Before and after: medians with 80 % intervals on the last day. Moved: by how many persons "
        "the mean did, with its Monte Carlo error, and the same in halves of the earlier interval."
    )
    print_line(f"The forecast, its history and this answer are in {found.folder}")


def _moves(found: Update) -> TextTable:
    from dispersal.forecast.answer import TextTable
    from dispersal.forecast.wording import cell

    lines = []
    for _, row in found.table().head(PRINTED).iterrows():
        lines.append(
            (
                f"{row['quantity']}, {_whom(found.forecast.names, row['origin'])}",
                cell(row["p10_before"], row["p50_before"], row["p90_before"]),
                cell(row["p10"], row["p50"], row["p90"]),
                f"{row['persons']:+,.1f} ± {row['error']:.1f}",
                f"{row['shift']:+.2f}",
                row["row"],
            )
        )
    columns = ("output", "before", "after", "moved", "half-widths", "row")
    return TextTable("What moved most", columns, tuple(lines))


def _show_influence(found: Influence) -> None:
    from dispersal.cli.output import print_table, print_text
    from dispersal.forecast.answer import TextTable
    from dispersal.forecast.wording import estimate

    low, middle, high = (found.record()["output"][level] for level in ("p10", "p50", "p90"))
    print_text(f"{found.target.words}: {estimate(low, middle, high)}.")
    lines = [_influence_line(row) for _, row in found.table().head(PRINTED).iterrows()]
    columns = ("row", "source", "of", "value", "adds", "half-widths", "k-hat")
    title = f"The rows it rests on most, of {len(found.rows)}"
    print_table(TextTable(title, columns, tuple(lines)))
    print_text()
    print_text(
        "Adds: by how many persons the row moves the mean, with its Monte Carlo error, and the "
        "same in halves of the 80 % interval."
    )
    if found.doubtful:
        print_text(
            f"{len(found.doubtful)} rows stand last, with a k-hat above 0.7: the weights do not "
            "tell how far the forecast would move without them. --refit N fits again without each "
            "of the N most doubtful. Largest by weights: "
            f"{', '.join(found.doubtful[:5])}{', …' * (len(found.doubtful) > 5)}."
        )


def _influence_line(row: pd.Series[Any]) -> tuple[str, ...]:
    ends = [value for value in (row["low"], row["high"]) if not math.isnan(value)]
    value = " to ".join(dict.fromkeys(f"{value:,.0f}" for value in ends))
    mark = "" if row["trusted"] else "?"
    return (
        str(row["row"]),
        str(row["source"]),
        f"{row['quantity']}, {row['origin']}",
        value,
        f"{row['shift']:+,.1f} ± {row['error']:.1f}",
        f"{row['half_widths']:+.2f}",
        f"{row['khat']:.2f}{mark}" if row["method"] == "weights" else "refit",
    )


def _whom(names: dict[str, str], origin: str) -> str:
    return {"foreign": "all from abroad", "local": "all locals"}.get(origin) or names[origin]


def _once(begin: Callable[[str], Progress], name: str) -> Progress:
    """Begin a bar when its step first reports: most updates need no fit."""
    bars: list[Progress] = []

    def report(done: int, total: int) -> None:
        if not bars:
            bars.append(begin(name))
        bars[0](done, total)

    return report
