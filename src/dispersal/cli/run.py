"""``dispersal forecast``: from a case to a folder of results."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import dispersal
from dispersal.case import load_case
from dispersal.case.asking import day_of
from dispersal.cli.output import print_json, print_line, print_table, print_text, steps
from dispersal.cli.report import REPORT
from dispersal.cli.scheduler import batches_folder
from dispersal.forecast.answer import answer
from dispersal.forecast.make import check_settings, kept_of
from dispersal.forecast.plain import plain, plain_rows
from dispersal.forecast.store import free_folder, require_free
from dispersal.forecast.tables import cohorts
from dispersal.forecast.theatre import telling_size
from dispersal.reference.mixed import with_reference_fates
from dispersal.report.page import require_front_end

if TYPE_CHECKING:
    from dispersal.case import Case
    from dispersal.forecast.forecast import Forecast

#: Where runs go unless a folder is named.
RUNS = Path("runs")


def run_forecast(
    case_name: str,
    as_known_on: str | None,
    until: str | None,
    draws: int,
    seed: int,
    out: Path | None,
    workers: int | None,
    fit_settings: dict[str, int],
    *,
    with_report: bool,
    as_json: bool,
    past_fates: bool = False,
    expert_end: str | None = None,
    learnt: Path | None = None,
    keep: int | None = None,
    scheduler: str | None = None,
    batches: Path | None = None,
) -> None:
    """Fit, simulate, save, draw and print; what is wrong with the input is said before the work.

    Raises
    ------
    InputError
        For a bad case, day, number or folder.
    InferenceError
        If the fit falls short.
    DispersalError
        If the front end of the report is missing.
    """
    if with_report:
        require_front_end()
    case = load_case(case_name)
    cutoff = case.asked_on if as_known_on is None else day_of(as_known_on)
    check_settings(case, cutoff, until, draws, seed)
    if past_fates:
        case = with_reference_fates(case, cutoff, seed=seed)
    if learnt is not None:
        case = _with_learnt(case, learnt)
    if expert_end is not None:
        from dispersal.whatif.experts.inform import with_expert_end

        case = with_expert_end(case, cutoff, expert_end)
    folder = free_folder(RUNS / f"{case.name}-{cutoff}") if out is None else require_free(out)
    kept = kept_of(draws, keep)
    batches = batches_folder(scheduler, batches, folder)
    with steps() as bars:
        settings = {"workers": workers, "progress": bars.begin("fitting"), **fit_settings}
        if batches is None:
            posterior = dispersal.fit(case, as_known_on=cutoff, seed=seed, **settings)
        else:
            from dispersal.inference.kept import fit_once

            posterior = fit_once(case, cutoff, seed, batches, settings)
        forecast = dispersal.forecast(
            posterior,
            until=until,
            draws=draws,
            seed=seed,
            threads=workers,
            progress=bars.begin("simulating"),
            keep=kept,
            scheduler=scheduler,
            batches=batches,
        )
        saved = bars.begin("saving")
        forecast.save(folder)
        saved(1, 1)
        page = None
        if with_report:
            drawn = bars.begin("drawing")
            page = dispersal.report(forecast, folder / REPORT)
            drawn(1, 1)
    for warning in posterior.diagnostics.warnings():
        click.echo(f"dispersal: warning: {warning}", err=True)
    if kept < draws:
        click.echo(
            f"dispersal: the summary is of {draws:,} draws; the first {kept:,} are kept, and the "
            "answer and the report are of those",
            err=True,
        )
    if as_json:
        print_json({**record(forecast, folder), "report": None if page is None else str(page)})
    else:
        show(forecast, folder)
        if page is not None:
            print_line(f"The report for a browser is {page}")


def show(forecast: Forecast, folder: Path) -> None:
    """Print the answer, its tables and where the files are."""
    found = answer(forecast)
    print_text(forecast.case.question)
    print_text()
    for sentence in found.sentences:
        print_text(sentence)
    for table in found.tables:
        print_table(table)
    whose = " from abroad" if "from abroad" in found.tables[0].columns else ""
    print_text()
    print_text(
        "Counts to two significant figures, with 80 % intervals; under 5: a few. Shares are of "
        f"those who ever joined{whose}."
    )
    print_text(
        "Questions can be put to it with dispersal compare, experts, influence, information, "
        "indicators and sensitivity; the report then shows the answers."
    )
    print_line(f"Summary, draws and evidence are in {folder}")


def record(forecast: Forecast, folder: Path) -> dict[str, Any]:
    """Return the results as plain data."""
    found = answer(forecast)
    end = forecast.end_date()
    return {
        **forecast.provenance.record(),
        "until": forecast.last_day.isoformat(),
        "question": forecast.case.question,
        "answer": list(found.sentences),
        "end": {name: plain(value) for name, value in vars(end).items()},
        "fates": plain_rows(forecast.fates_table().reset_index()),
        "cohorts": plain_rows(forecast.cohorts().reset_index()),
        "local_fates": plain_rows(forecast.fates_table(origin="local").reset_index()),
        "local_cohorts": plain_rows(cohorts(forecast, origin="local").reset_index()),
        "home_countries": plain_rows(forecast.origins_table().reset_index()),
        "theatres": plain_rows(forecast.theatres_table().reset_index()),
        "remnant": plain_rows(forecast.remnant(threshold=telling_size(forecast)).reset_index()),
        "folder": str(folder),
    }


def _with_learnt(case: Case, file: Path) -> Case:
    """Return a case with priors from other cases; itself is left out of them."""
    from dispersal.pooling import load_pool, with_learnt_priors

    pool = load_pool(file)
    if case.name in pool.cases:
        pool = pool.without([case.name])
    return with_learnt_priors(case, pool.learnt(case.end.modes))
