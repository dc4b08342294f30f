"""``dispersal report``: a saved forecast as one page."""

from __future__ import annotations

from pathlib import Path

import click

#: Name of the report in the folder of a run.
REPORT = "report.html"


@click.command(
    short_help="Draw a saved forecast as one page.",
    epilog="Example: dispersal report runs/isis_2017-2017-03-07 -o report.html",
)
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=f"The page; an earlier report there is replaced [default: {REPORT} in RUN].",
)
@click.option(
    "--evidence",
    metavar="FIGURES",
    help="Figures published after the cut-off, shown and scored: a file with the columns of "
    "figures.csv, a case folder or a built-in case [default: those of the built-in case].",
)
@click.option(
    "--backtest",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Folder that `dispersal backtest` wrote for the same case, for the record.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON only.")
def report(
    run: Path, output: Path | None, evidence: str | None, backtest: Path | None, as_json: bool
) -> None:
    """Write the forecast saved in RUN as one HTML file.

    The file shows the answer, its uncertainty, its evidence and its record, needs no network and
    holds everything that it shows. Answers that `dispersal compare`, `experts`, `update`,
    `influence`, `sensitivity`, `information` and `indicators` kept in RUN are shown, too.
    """
    from dispersal.cli.output import print_json, print_line
    from dispersal.forecast.store import load_forecast
    from dispersal.report.page import report as write
    from dispersal.report.page import require_front_end, require_replaceable

    file = require_replaceable(run / REPORT if output is None else output)
    require_front_end()
    forecast = load_forecast(run)
    write(forecast, file, later=evidence, backtest=backtest, whatif=run)
    if as_json:
        found = {"report": str(file), "bytes": file.stat().st_size}
        print_json({**forecast.provenance.record(), **found})
    else:
        print_line(f"Written to {file}")
