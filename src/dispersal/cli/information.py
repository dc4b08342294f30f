"""``dispersal information`` and ``indicators``: what to look for, and what to look out for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispersal.cli.output import Steps
    from dispersal.forecast.forecast import Forecast

#: What a threshold is given as.
THRESHOLD: Final = "N or COHORT=N"


def _common(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that both commands have."""
    options = (
        click.option(
            "--as-known-on", metavar="DATE", help="Cut-off of a case [default: the day it asks]."
        ),
        click.option(
            "--draws",
            type=click.IntRange(min=50),
            metavar="N",
            default=1_000,
            show_default=True,
            help="Simulated draws of a case.",
        ),
        click.option(
            "--seed",
            type=click.IntRange(min=0),
            metavar="N",
            default=1,
            show_default=True,
            help="Seed of a case.",
        ),
        click.option("--json", "as_json", is_flag=True, help="Print the results as JSON only."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command(
    short_help="Say which figure would narrow a forecast most.",
    epilog="Example: dispersal information runs/isis_2017-2017-03-07 --target holdouts:all",
)
@click.argument("case_or_run")
@click.option(
    "--target",
    metavar="QUANTITY[:ORIGIN][@DATE]",
    default="returned_total",
    show_default=True,
    help="What is to be narrowed; ORIGIN may be foreign, local, all, or each: every country from "
    "abroad, weighted equally.",
)
@click.option(
    "--as-of",
    "--published-on",
    "as_of",
    metavar="DATE",
    help="Day that the figures speak of [default: the cut-off].",
)
@click.option(
    "--top",
    type=click.IntRange(min=1),
    metavar="N",
    default=15,
    show_default=True,
    help="Figures that are printed.",
)
@_common
def information(
    case_or_run: str,
    target: str,
    as_of: str | None,
    top: int,
    as_known_on: str | None,
    draws: int,
    seed: int,
    as_json: bool,
) -> None:
    """Rank figures by how much each would be expected to narrow the forecast of CASE_OR_RUN.

    A figure has not been published yet: the forecast says which values it may have, and what
    would be left of its own uncertainty with each. The answer on a saved forecast is kept in its
    folder, where `dispersal report` finds it. A case is forecast first.
    """
    from dispersal.cli.information_text import show_information
    from dispersal.cli.output import print_json, steps
    from dispersal.whatif.information import information as run
    from dispersal.whatif.information_target import parse_target
    from dispersal.whatif.store import keep_for

    parse_target(target)  # a slip is told before a case is fitted
    with steps() as bars:
        forecast = _opened(case_or_run, as_known_on, draws, seed, bars)
        found = run(forecast, target, as_of=as_of, progress=bars.begin("comparing"))
    record = found.record()
    file = keep_for(case_or_run, record)
    if as_json:
        print_json(record)
    else:
        show_information(found, top)
        _kept(file)


@click.command(
    short_help="Say what to look out for.",
    epilog="Example: dispersal indicators runs/isis_2017-2017-03-07 --threshold holdouts=3000",
)
@click.argument("case_or_run")
@click.option(
    "--by",
    metavar="DATE",
    help="Day that observables speak of [default: 12 months after the cut-off].",
)
@click.option("--at", metavar="DATE", help="Day of the outcome [default: the last of the period].")
@click.option(
    "--threshold",
    "thresholds",
    multiple=True,
    metavar="[COHORT=]N",
    help="Persons, of one cohort or of all; may be given several times [default: 1.5 times the "
    "median or the upper quartile, whichever is smaller].",
)
@click.option(
    "--top",
    type=click.IntRange(min=1),
    metavar="N",
    default=8,
    show_default=True,
    help="Observables that are printed of each cohort.",
)
@_common
def indicators(
    case_or_run: str,
    by: str | None,
    at: str | None,
    thresholds: tuple[str, ...],
    top: int,
    as_known_on: str | None,
    draws: int,
    seed: int,
    as_json: bool,
) -> None:
    """Say what, seen early, would tell whether a cohort of CASE_OR_RUN becomes large.

    Cohorts are the holdouts, the free agents and the returnees. The answer on a saved forecast is
    kept in its folder, where `dispersal report` finds it. A case is forecast first.
    """
    from dispersal.cli.information_text import show_indicators
    from dispersal.cli.output import print_json, steps
    from dispersal.whatif.indicators import indicators as run
    from dispersal.whatif.store import keep_for

    limits = read_thresholds(thresholds)
    with steps() as bars:
        forecast = _opened(case_or_run, as_known_on, draws, seed, bars)
        found = run(
            forecast, by=by, at=at, thresholds=limits or None, progress=bars.begin("comparing")
        )
    record = found.record()
    file = keep_for(case_or_run, record)
    if as_json:
        print_json(record)
    else:
        show_indicators(found, top)
        _kept(file)


def read_thresholds(asked: tuple[str, ...]) -> dict[str, float]:
    """Return thresholds by cohort; one without a name is for the cohorts that have none.

    Raises
    ------
    InputError
        If one is no positive number, or of an unknown cohort.

    Examples
    --------
    >>> read_thresholds(("holdouts=3000", "500"))
    {'holdouts': 3000.0, 'free_agents': 500.0, 'returnees': 500.0}
    """
    from dispersal.errors import InputError
    from dispersal.forecast.quantities import require_name
    from dispersal.forecast.tables import COHORTS

    limits: dict[str, float] = {}
    # Those of one cohort come last, so that they stand.
    for text in sorted(asked, key=lambda text: "=" in text):
        name, _, number = text.rpartition("=")
        try:
            value = float(number)
        except ValueError:
            value = -1.0
        if not 0.0 <= value < float("inf"):
            raise InputError(f"found threshold {text!r}, expected {THRESHOLD}, with N persons")
        if name:
            require_name("cohort", name, COHORTS)
        limits |= dict.fromkeys([name] if name else COHORTS, value)
    return {name: limits[name] for name in COHORTS if name in limits}


def _opened(name: str, as_known_on: str | None, draws: int, seed: int, bars: Steps) -> Forecast:
    """Return the forecast of a saved run, or of a case that is fitted for it."""
    from dispersal.forecast.store import load_forecast
    from dispersal.whatif.runs import is_run, open_run

    if is_run(name):
        return load_forecast(name)
    run = open_run(
        name,
        as_known_on=as_known_on,
        draws=draws,
        seed=seed,
        fitting=bars.begin("fitting"),
        simulating=bars.begin("simulating"),
    )
    return run.forecast


def _kept(file: Any) -> None:
    from dispersal.cli.output import print_line

    if file is not None:
        print_line(f"Kept in {file}")
