"""The commands; what computes is imported when a command needs it, so that help is instant."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

import click

from dispersal._version import __version__
from dispersal.cli.backtest import backtest
from dispersal.cli.check import check
from dispersal.cli.compare import compare
from dispersal.cli.displacement import displacement
from dispersal.cli.draft import draft
from dispersal.cli.evidence import evidence
from dispersal.cli.experts import experts
from dispersal.cli.information import indicators, information
from dispersal.cli.learn import learn
from dispersal.cli.new import new
from dispersal.cli.reference import reference
from dispersal.cli.report import report
from dispersal.cli.scheduler import scheduler_options
from dispersal.cli.schema import schema
from dispersal.cli.sensitivity import sensitivity
from dispersal.cli.update import influence, update
from dispersal.errors import DispersalError, InputError


class _WorkFailedError(click.ClickException):
    """An expected error: its message on stderr, and the exit code that says whose it is."""

    exit_code = 1

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"dispersal: {self.format_message()}", file=file, err=file is None)


class _BadInputError(_WorkFailedError):
    exit_code = 2


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DispersalError as error:
            kind = _BadInputError if isinstance(error, InputError) else _WorkFailedError
            raise kind(str(error)) from error


_json = click.option("--json", "as_json", is_flag=True, help="Print the results as JSON only.")
_count = click.IntRange(min=1)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: dispersal forecast isis_2017. Exit codes: 0 fine, 1 work failed, 2 bad input.",
)
@click.version_option(__version__, prog_name="dispersal")
def main() -> None:
    """Forecast where the members of an armed group go when it loses its territory."""


@main.command(
    short_help="Say where they go.",
    epilog="Example: dispersal forecast isis_2017 --as-known-on 2017-03-07 --seed 1",
)
@click.argument("case")
@click.option(
    "--as-known-on", metavar="DATE", help="Cut-off [default: the day the question was asked]."
)
@click.option("--until", metavar="DATE", help="Last day [default: the end of the case's period].")
@click.option(
    "--draws", type=_count, metavar="N", default=1_000, show_default=True, help="Simulated draws."
)
@click.option(
    "--seed", type=click.IntRange(min=0), metavar="N", default=1, show_default=True, help="Seed."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="New or empty folder for the results [default: runs/NAME-CUTOFF, numbered if taken].",
)
@click.option(
    "--chains", type=_count, metavar="N", default=4, show_default=True, help="Chains of the fit."
)
@click.option("--warmup", type=_count, metavar="N", help="Warm-up iterations of a chain.")
@click.option("--fit-draws", type=_count, metavar="N", help="Draws of a chain.")
@click.option(
    "--workers", type=_count, metavar="N", help="Chains at once, and threads [default: all cores]."
)
@click.option(
    "--fates-from-reference",
    is_flag=True,
    help="Where the dislodged go is as after past endings, where the case does not say.",
)
@click.option(
    "--learnt",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Priors of what no evidence of the case tells as dispersal learn found them in other "
    "cases.",
)
@click.option(
    "--end-from-experts",
    type=click.Choice(["linear", "log_linear", "cooke"]),
    help="When the last territory is lost is what experts judged, pooled so, and not the case's "
    "own judgement.",
)
@click.option("--no-report", is_flag=True, help="Leave out the page, report.html.")
@click.option(
    "--keep",
    type=_count,
    metavar="N",
    help="Draws kept whole; of the others what the summary needs [default: all of up to 10,000, "
    "500 of more].",
)
@scheduler_options
@_json
def forecast(
    case: str,
    as_known_on: str | None,
    until: str | None,
    draws: int,
    seed: int,
    out: Path | None,
    as_json: bool,
    fates_from_reference: bool,
    learnt: Path | None,
    end_from_experts: str | None,
    no_report: bool,
    workers: int | None,
    keep: int | None,
    scheduler: str | None,
    batches: Path | None,
    **fit_settings: int | None,
) -> None:
    """Answer the question of CASE, a built-in case or a folder.

    Fits the model to what was published by the cut-off, simulates where everyone goes, prints the
    answer and three tables, and writes every draw, and a page that shows them, to a folder.
    """
    from dispersal.cli.run import run_forecast

    names = {"chains": "chains", "warmup": "warmup", "fit_draws": "draws"}
    chosen = {names[name]: value for name, value in fit_settings.items() if value is not None}
    run_forecast(
        case,
        as_known_on,
        until,
        draws,
        seed,
        out,
        workers,
        chosen,
        with_report=not no_report,
        past_fates=fates_from_reference,
        expert_end=end_from_experts,
        learnt=learnt,
        as_json=as_json,
        keep=keep,
        scheduler=scheduler,
        batches=batches,
    )


@main.command(
    short_help="Compare a saved forecast with later figures.",
    epilog="Example: dispersal score runs/isis_2017-2017-03-07 isis_2017",
)
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("figures")
@_json
def score(run: Path, figures: str, as_json: bool) -> None:
    """Score the forecast saved in RUN against FIGURES published after its cut-off.

    FIGURES is a file with the columns of figures.csv, a case folder or a built-in case.
    Baselines made of what was known at the cut-off are scored on the same figures.
    """
    from dispersal.cli.score import show_scores

    show_scores(run, figures, as_json=as_json)


@main.command(epilog="Example: dispersal cases --json")
@_json
def cases(as_json: bool) -> None:
    """List the built-in cases."""
    from dispersal.cli.show import show_cases

    show_cases(as_json=as_json)


main.add_command(backtest)
main.add_command(check)
main.add_command(compare)
main.add_command(displacement)
main.add_command(draft)
main.add_command(evidence)
main.add_command(experts)
main.add_command(indicators)
main.add_command(learn)
main.add_command(influence)
main.add_command(information)
main.add_command(new)
main.add_command(reference)
main.add_command(report)
main.add_command(schema)
main.add_command(sensitivity)
main.add_command(update)
