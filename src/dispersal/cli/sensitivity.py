"""``dispersal sensitivity``: what the forecast hangs on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dispersal.cli.scheduler import batches_folder, scheduler_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispersal.forecast.answer import TextTable
    from dispersal.whatif.sensitivity import Sensitivity

#: Where batches are kept unless a folder is named.
RUNS = Path("runs")

#: Width of the bars of the tornado, characters.
BAR = 24


@click.command(
    short_help="Say which inputs the forecast hangs on.",
    epilog="Example: dispersal sensitivity runs/isis_2017-2017-03-07 --output returned_total",
)
@click.argument("case_or_run")
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="NAME",
    default=("returned_total",),
    show_default=True,
    help="Such as returned_total, killed:TUN or elsewhere@LBY; may be given several times.",
)
@click.option("--date", metavar="DATE", help="Day [default: the last of the period].")
@click.option("--as-known-on", metavar="DATE", help="Cut-off of a case [default: the day it asks].")
@click.option(
    "--base",
    type=click.IntRange(min=2),
    metavar="N",
    default=256,
    show_default=True,
    help="Base points, a power of two; more make the intervals narrower.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), metavar="N", default=1, show_default=True, help="Seed."
)
@scheduler_options
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON only.")
def sensitivity(
    case_or_run: str,
    outputs: tuple[str, ...],
    date: str | None,
    as_known_on: str | None,
    base: int,
    seed: int,
    scheduler: str | None,
    batches: Path | None,
    as_json: bool,
) -> None:
    """Work out Sobol indices and a tornado of outputs of CASE_OR_RUN.

    The folder of a saved forecast is not fitted again; the answer is kept in its folder, where
    `dispersal report` finds it. A case is fitted first.
    """
    from dispersal.cli.output import print_json, print_line, print_table, print_text, steps
    from dispersal.whatif.runs import is_run, posterior_of
    from dispersal.whatif.sensitivity import sensitivity as run
    from dispersal.whatif.store import keep_for

    with steps() as bars:
        fitting = None if is_run(case_or_run) else bars.begin("fitting")
        posterior = posterior_of(case_or_run, as_known_on=as_known_on, seed=seed, progress=fitting)
        found = run(
            posterior,
            outputs,
            date=date,
            base=base,
            seed=seed,
            progress=bars.begin("evaluating"),
            scheduler=scheduler,
            batches=batches_folder(
                scheduler, batches, RUNS / f"sensitivity-{posterior.design.case.name}"
            ),
        )
    record = found.record()
    file = keep_for(case_or_run, record)
    if as_json:
        print_json(record)
        return
    for output in found.indices:
        for table in tables(found, output):
            print_table(table)
    print_text()
    print_text(
        f"Shares of the variance of the expected count on {found.date}, with 90 % intervals, from "
        f"{found.evaluations:,} points. Alone: what knowing the input would take away. In all: "
        "with its interactions; what would be left if everything else were known."
    )
    if file is not None:
        print_line(f"Kept in {file}")


def tables(found: Sensitivity, output: str) -> tuple[TextTable, TextTable]:
    """Return the indices and the tornado of an output as tables to print."""
    from dispersal.forecast.answer import TextTable

    rows: Mapping[Any, Any] = found.table(output).to_dict("index")
    indices = tuple(
        (str(name), _share(row, "first"), _share(row, "total")) for name, row in rows.items()
    )
    ends = {name: (row["low"], row["high"]) for name, row in rows.items() if row["kind"] != "rest"}
    low = min((min(pair) for pair in ends.values()), default=0.0)
    high = max((max(pair) for pair in ends.values()), default=1.0)
    by_width = sorted(ends, key=lambda name: -abs(ends[name][1] - ends[name][0]))
    tornado = tuple(
        (
            str(name),
            f"{ends[name][0]:,.0f}",
            f"{ends[name][1]:,.0f}",
            _bar(min(ends[name]), max(ends[name]), low, high),
        )
        for name in by_width
    )
    return (
        TextTable(f"What {output} hangs on, per cent", ("", "Alone", "In all"), indices),
        TextTable(
            f"Mean of {output} with one input low and high",
            ("", "At 10 %", "At 90 %", ""),
            tornado,
        ),
    )


def _share(row: Mapping[str, Any], name: str) -> str:
    value, low, high = (round(100 * row[f"{name}{end}"]) for end in ("", "_low", "_high"))
    return f"{value} ({low} to {high})".replace("-", "\N{MINUS SIGN}")


def _bar(first: float, last: float, low: float, high: float) -> str:
    scale = BAR / max(high - low, 1e-12)
    start, end = round((first - low) * scale), round((last - low) * scale)
    return " " * start + "\N{FULL BLOCK}" * max(end - start, 1) + " " * (BAR - end)
