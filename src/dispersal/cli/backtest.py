"""``dispersal backtest``: forecasts of the past against what was published afterwards."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dispersal.cli.scheduler import batches_folder, scheduler_options

if TYPE_CHECKING:
    from dispersal.forecast.answer import TextTable
    from dispersal.record.across import AcrossCases
    from dispersal.record.backtest import Backtest

_count = click.IntRange(min=1)


@click.command(
    short_help="Forecast the past and score it.",
    epilog="Example: dispersal backtest isis_2017 --as-known-on 2016-06-01",
)
@click.argument("case", required=False)
@click.option(
    "--all",
    "every",
    is_flag=True,
    help="Every built-in case as on the day of its question, in one table, instead of CASE.",
)
@click.option(
    "--as-known-on",
    "cutoffs",
    multiple=True,
    metavar="DATE",
    help="Cut-off; may be given several times [default: the day the question was asked].",
)
@click.option("--from", "more", metavar="DATES", help="More cut-offs, separated by commas.")
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
    help="New or empty folder for the results [default: runs/backtest-NAME, numbered if taken].",
)
@click.option("--no-reference", is_flag=True, help="Leave out the reference class.")
@click.option("--warmup", type=_count, metavar="N", help="Warm-up iterations of a chain.")
@click.option("--fit-draws", type=_count, metavar="N", help="Draws of a chain.")
@click.option("--workers", type=_count, metavar="N", help="Chains at once [default: all cores].")
@scheduler_options
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON only.")
def backtest(
    case: str | None,
    every: bool,
    cutoffs: tuple[str, ...],
    more: str | None,
    draws: int,
    seed: int,
    out: Path | None,
    no_reference: bool,
    warmup: int | None,
    fit_draws: int | None,
    workers: int | None,
    scheduler: str | None,
    batches: Path | None,
    as_json: bool,
) -> None:
    """Fit CASE on what was published by each cut-off, forecast, and score on what came after.

    Baselines made of what was known at the same cut-off are scored on the same figures.
    """
    from dispersal.errors import InputError

    settings = {"warmup": warmup, "draws": fit_draws, "workers": workers}
    chosen = {name: value for name, value in settings.items() if value is not None}
    if every:
        if case or cutoffs or more or scheduler or batches:
            raise InputError("found --all with CASE, a cut-off or batches, expected --all alone")
        _every_case(draws, seed, out, chosen, as_json=as_json)
        return
    if case is None:
        raise InputError("found no case, expected CASE or --all")
    from dispersal.case import load_case
    from dispersal.cli.output import print_json, steps
    from dispersal.cli.run import RUNS
    from dispersal.forecast.store import free_folder, require_free
    from dispersal.record.backtest import backtest as run

    read = load_case(case)
    days = (*cutoffs, *(day.strip() for day in (more or "").split(",") if day.strip()))
    folder = free_folder(RUNS / f"backtest-{read.name}") if out is None else require_free(out)
    with steps() as bars:
        found = run(
            read,
            days or None,
            draws=draws,
            seed=seed,
            reference=not no_reference,
            progress=bars.begin,
            fit_settings=chosen,
            scheduler=scheduler,
            batches=batches_folder(scheduler, batches, folder),
        )
    found.save(folder)
    for day, warnings in found.warnings().items():
        for warning in warnings:
            click.echo(f"dispersal: warning: {day}: {warning}", err=True)
    if as_json:
        print_json({**found.record(), "folder": str(folder)})
    else:
        _show(found, folder)


def _every_case(
    draws: int, seed: int, out: Path | None, settings: dict[str, int], *, as_json: bool
) -> None:
    """Print one table over all built-in cases, and each published outcome."""
    from dispersal.cli.output import print_json, print_line, print_table, print_text, steps
    from dispersal.cli.run import RUNS
    from dispersal.cli.score import outcomes_table
    from dispersal.forecast.store import free_folder, require_free
    from dispersal.record.across import backtest_all

    folder = free_folder(RUNS / "backtest-all") if out is None else require_free(out)
    with steps() as bars:
        found = backtest_all(draws=draws, seed=seed, progress=bars.begin, fit_settings=settings)
    found.save(folder)
    for record in found.records:
        for warning in record.warnings:
            click.echo(f"dispersal: warning: {record.case.name}: {warning}", err=True)
    if as_json:
        print_json({**found.record(), "folder": str(folder)})
        return
    print_text(
        "Every built-in case as known on the day of its question, against what was published "
        "afterwards: figures of home countries (CRPS on log(1 + n)), and outcomes of the group."
    )
    print_table(cases_table(found))
    print_table(outcomes_table(found.outcomes))
    print_text()
    print_line(f"Written to {folder}")


def cases_table(found: AcrossCases) -> TextTable:
    """Return one line a case: seconds, figures scored, and outcomes inside their intervals."""
    from dispersal.forecast.answer import TextTable

    def share(value: float) -> str:
        return "" if math.isnan(value) else f"{100 * value:.0f} %"

    lines = tuple(
        (
            line["case"],
            line["mode"].replace("_", " "),
            str(line["cutoff"]),
            f"{line['seconds']:.0f}",
            f"{line['figures']}",
            "" if math.isnan(line["crps"]) else f"{line['crps']:.3f}",
            share(line["figures_inside80"]),
            share(line["figures_inside95"]),
            f"{line['outcomes']}",
            f"{line['outcomes_inside80']}",
            f"{line['outcomes_inside95']}",
        )
        for line in found.table.to_dict("records")
    )
    columns = (
        "case", "ending", "as known on", "seconds", "figures", "CRPS", "in 80 %", "in 95 %",
        "outcomes", "in 80 %", "in 95 %",
    )  # fmt: skip
    return TextTable("By case", columns, lines)


def _show(found: Backtest, folder: Path) -> None:
    from dispersal.cli.output import print_line, print_table, print_text

    print_text(
        f"Forecasts of {found.case.name} as known on {', '.join(map(str, found.scores))}, each "
        "against what was published afterwards. CRPS on log(1 + n), countries weighted equally: "
        "smaller is better. Skill: 1 − CRPS / CRPS of the best baseline, with its 90 % interval "
        "over countries."
    )
    for table in backtest_tables(found):
        print_table(table)
    print_text()
    print_line(f"Written to {folder}")


def backtest_tables(found: Backtest) -> list[TextTable]:
    """Return the tables of a backtest: by cut-off, averaged, by horizon, largest misses."""
    from dispersal.forecast.answer import TextTable

    def number(value: float) -> str:
        return "" if math.isnan(value) else f"{value:.3f}"

    def percent(value: float) -> str:
        return "" if math.isnan(value) else f"{100 * value:.0f} %"

    compared = found.skills()
    best = compared[compared["best"].astype(bool)].set_index(["cutoff", "quantity"])
    lines = []
    for line in found.summary().reset_index().to_dict("records"):
        key = (line["cutoff"], line["quantity"])
        other = best.loc[key] if key in best.index else None
        lines.append(
            (
                str(line["cutoff"].date()),
                line["quantity"],
                f"{line['rows']:.0f}",
                f"{line['origins']:.0f}",
                number(line["crps"]),
                *(percent(line[name]) for name in ("covers50", "covers80", "covers95")),
                "" if other is None else str(other["baseline"]).replace("_", " "),
                "" if other is None else number(other["score"]),
                ""
                if other is None
                else f"{percent(other['skill'])} ({percent(other['skill_low'])} to "
                f"{percent(other['skill_high'])})",
            )
        )
    columns = (
        "cut-off", "quantity", "figures", "countries", "CRPS", "in 50 %", "in 80 %", "in 95 %",
        "best baseline", "its CRPS", "skill",
    )  # fmt: skip
    averaged = tuple(
        (
            line["quantity"],
            line["baseline"].replace("_", " "),
            f"{line['cutoffs']:.0f}",
            number(line["forecast"]),
            number(line["score"]),
            percent(line["skill"]),
            "best" if line["best"] else "",
        )
        for line in found.averaged().to_dict("records")
    )
    horizons = tuple(
        (
            line["quantity"],
            line["horizon"],
            f"{line['rows']:.0f}",
            number(line["crps"]),
            percent(line["covers80"]),
        )
        for line in found.summary(("quantity", "horizon")).reset_index().to_dict("records")
    )
    misses = tuple(
        (str(line["cutoff"].date()), line["quantity"], line["origin"], str(line["as_of"].date()),
         f"{line['observed']:,.0f}", f"{line['p10']:,.0f} to {line['p90']:,.0f}",
         number(line["crps"]), line["figure_id"])
        for line in found.rows.head(10).to_dict("records")
    )  # fmt: skip
    return [
        TextTable("By cut-off and quantity", columns, tuple(lines)),
        TextTable(
            "Averaged over the cut-offs",
            ("quantity", "baseline", "cut-offs", "CRPS", "its CRPS", "skill", ""),
            averaged,
        ),
        TextTable(
            "By years after the cut-off",
            ("quantity", "years", "figures", "CRPS", "in 80 %"),
            horizons,
        ),
        TextTable(
            "Largest misses",
            ("cut-off", "quantity", "country", "as of", "published", "80 % interval", "CRPS",
             "figure"),
            misses,
        ),
    ]  # fmt: skip
