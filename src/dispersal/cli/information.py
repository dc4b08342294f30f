"""``dispersal information`` and ``indicators``: what to look for, and what to look out for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispersal.cli.output import Steps
    from dispersal.forecast.answer import TextTable
    from dispersal.forecast.forecast import Forecast
    from dispersal.whatif.indicators import Cohort, Indicators
    from dispersal.whatif.information import Information

#: Names of cohorts as they begin a threshold of one of them.
THRESHOLD = "N or COHORT=N"


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


def show_information(found: Information, top: int) -> None:
    """Print the figures that are worth most."""
    from dispersal.cli.output import print_table, print_text
    from dispersal.forecast import wording

    single = found.target.single
    now = wording.number(found.width) if single else f"{found.width:.2f}"
    print_text(
        f"To be narrowed: {found.target.words}. Its 80 % interval is now {now} "
        f"{'persons' if single else 'on log(1 + n)'} wide. {len(found.figures)} figures that "
        f"could be published of {wording.day(found.when)} were compared."
    )
    print_table(figures_table(found, top))
    print_text()
    print_text(
        "Expected before the value of a figure is known, with standard errors. The cut of the "
        "score (CRPS on log(1 + n)) ranks the figures; in brackets are the ranks that chance "
        "leaves open."
    )


def figures_table(found: Information, top: int) -> TextTable:
    """Return the figures worth most as a table to print."""
    from dispersal.forecast import wording
    from dispersal.forecast.answer import TextTable

    rows = []
    for row in found.figures.head(top).to_dict("records"):
        width = wording.number(row["width"]) if found.target.single else f"{row['width']:.2f}"
        last = "–"
        if row["last_on"] is not None:
            age = round(row["age_days"] / 30.44)
            last = f"{wording.number(row['last'])} ({age} {'month' if age == 1 else 'months'} ago)"
        ranks = str(row["rank"])
        if row["rank_best"] != row["rank_worst"]:
            ranks += f" ({row['rank_best']}–{row['rank_worst']})"
        rows.append(
            (
                f"{row['words']}, {row['name']}",
                ranks,
                _cut(row["crps_cut"], row["crps_cut_error"]),
                _cut(row["width_cut"], row["width_cut_error"]),
                width,
                last,
            )
        )
    columns = ("figure", "rank", "score cut", "width cut", "width left", "last known")
    return TextTable("Figures worth most", columns, tuple(rows))


def show_indicators(found: Indicators, top: int) -> None:
    """Print what to look out for, cohort by cohort."""
    from dispersal.cli.output import print_table, print_text
    from dispersal.forecast import wording

    print_text(
        f"{found.compared} observables of {wording.day(found.by)} were compared by how well each "
        f"tells the outcome of {wording.day(found.at)}."
    )
    for cohort in found.cohorts:
        print_text()
        print_text(cohort.sentence)
        if len(cohort.observables):
            print_table(observables_table(cohort, top))
    print_text()
    print_text(
        "AUC: the chance that an observable puts a large outcome before a small one, with an 80 % "
        "interval; 0.50 tells nothing. Values are those from which on the large outcome has a "
        "chance of 1/2, and of 0.8; – where no value that is likely to be seen does."
    )


def observables_table(cohort: Cohort, top: int) -> TextTable:
    """Return the best tellers of one cohort as a table to print."""
    from dispersal.forecast import wording
    from dispersal.forecast.answer import TextTable

    rows = tuple(
        (
            str(row["words"]),
            f"{row['auc']:.2f} ({row['auc_low']:.2f}–{row['auc_high']:.2f})",
            _value(row, "half"),
            _value(row, "likely"),
        )
        for row in cohort.observables.head(top).to_dict("records")
    )
    title = (
        f"{cohort.name.replace('_', ' ').capitalize()} above {wording.number(cohort.threshold)}: "
        f"{wording.cell(cohort.p10, cohort.p50, cohort.p90)} expected; by chance alone the best "
        f"AUC would reach {cohort.floor:.2f}"
    )
    return TextTable(title, ("observable", "AUC", "1/2 from", "0.8 from"), rows)


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


def _cut(share: float, error: float) -> str:
    return f"{100 * share:.1f} % ±{100 * error:.1f}".replace("-", "−")


def _value(row: dict[Any, Any], level: str) -> str:
    """Return the value from which on a chance is passed, as a cell."""
    from dispersal.forecast import wording

    chance = row[f"{level}_chance"]
    if chance is None or chance != chance:
        return "–"
    if row["kind"] == "end_mode":
        return str(row[f"{level}_label"])
    sign = "≥" if row[f"{level}_above"] else "<"
    if row["kind"] == "end_month":
        return f"{sign} {row[f'{level}_label']}".replace("<", "≤")
    count = wording.number(row[f"{level}_value"])
    return f"{sign} {count} ({wording.percent(chance)} chance)"
