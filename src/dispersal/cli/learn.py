"""``dispersal learn``: what outcomes of several cases say of the parameters that no fit can see."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from dispersal.forecast.answer import TextTable
    from dispersal.pooling import Learnt, LeaveOneCaseOut

#: Parameters that are printed, those that moved most.
PRINTED = 15

_count = click.IntRange(min=1)


@click.command(
    short_help="Learn from the outcomes of several cases.",
    epilog="Example: dispersal learn --leave-one-out",
)
@click.argument("cases", nargs=-1)
@click.option(
    "--mode",
    metavar="MODE",
    default="military_defeat",
    show_default=True,
    help="Mode of ending of the case that the printed priors are for.",
)
@click.option(
    "--leave-one-out",
    "scored",
    is_flag=True,
    help="Forecast each case with what the others taught, next to the reference class alone.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="New file that dispersal forecast --learnt reads [default: runs/learnt.npz, numbered].",
)
@click.option(
    "--draws", type=_count, metavar="N", default=1_000, show_default=True, help="Simulated draws."
)
@click.option(
    "--seed", type=click.IntRange(min=0), metavar="N", default=1, show_default=True, help="Seed."
)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON only.")
def learn(
    cases: tuple[str, ...],
    mode: str,
    scored: bool,
    out: Path | None,
    draws: int,
    seed: int,
    as_json: bool,
) -> None:
    """Learn from CASES, built-in or folders; default: every built-in case.

    Each is fitted to what was known on the day of its question, forecast with the end as it came,
    and compared with what was published afterwards. What is learnt of the parameters is shared
    over all cases and over those of one mode of ending.
    """
    from dispersal.case import builtin_cases, load_case
    from dispersal.case.asking import known_names
    from dispersal.case.schema import END_MODES
    from dispersal.cli.output import print_json, print_line, print_table, print_text, steps
    from dispersal.forecast.plain import plain_rows
    from dispersal.pooling import Pool, fit_cases, leave_one_case_out, save_pool, study_of
    from dispersal.reference import read_history

    (chosen_mode,) = known_names(mode, END_MODES, "a mode")
    read = [load_case(name) for name in cases or builtin_cases()]
    file = _free_file() if out is None else out
    history, left = read_history(), None
    with steps() as bars:
        settings = {"require": False}
        posteriors = fit_cases(read, seed=seed, progress=bars.begin, fit_settings=settings)
        pool = Pool(
            tuple(
                study_of(case, posteriors[case.name], history, draws=draws, seed=seed)
                for case in read
            )
        )
        if scored:
            left = leave_one_case_out(
                read, posteriors, pool, history, draws=draws, seed=seed, progress=bars.begin
            )
    for name, posterior in posteriors.items():
        for problem in posterior.diagnostics.problems():
            click.echo(f"dispersal: warning: {name}: {problem}", err=True)
    hashes = {case.name: posteriors[case.name].design.case.content_hash for case in read}
    save_pool(pool, file, {"seed": seed, "draws": draws, "hashes": hashes})
    learnt = pool.learnt({chosen_mode: 1.0})
    if as_json:
        record = _record(learnt, chosen_mode, left) | {"file": str(file)}
        print_json(record | {"shares": plain_rows(pool.variance_shares)})
        return
    shares = pool.variance_shares
    common, by_mode = ((shares[name] * shares["weight"]).sum() for name in ("all", "mode"))
    print_text(
        f"Learnt from {', '.join(pool.cases)}: {sum(len(s.figures) for s in pool.studies)} "
        f"outcomes. Of the variance of a case's parameters about {100 * common:.0f} % are shared "
        f"by all cases and {100 * by_mode:.0f} % more by those of one mode of ending."
    )
    print_table(learnt_table(learnt, chosen_mode))
    if left is not None:
        print_table(left_out_table(left))
    print_text()
    print_line(f"Written to {file}")


def learnt_table(learnt: Learnt, mode: str) -> TextTable:
    """Return the parameters that moved most, with prior and learnt 80 % ranges."""
    from dispersal.forecast.answer import TextTable
    from dispersal.model.parameters import table
    from dispersal.pooling.priors import moved

    rows = []
    for name, line in learnt.table().head(PRINTED).to_dict("index").items():
        row = table()[str(name)]
        a, _ = moved(row, line["mean"], line["deviation"])
        rows.append(
            (
                str(name),
                f"{float(row.a):.3g}",
                f"{a:.3g}",
                f"{line['mean']:+.2f}".replace("-", "−"),
                f"{line['deviation']:.2f}",
            )
        )
    columns = ("parameter", "median before", "median learnt", "moved by", "width left")
    title = f"Priors of a new case that ends by {mode.replace('_', ' ')} (in units of the prior)"
    return TextTable(title, columns, tuple(rows))


def left_out_table(left: LeaveOneCaseOut) -> TextTable:
    """Return the energy scores of each case left out, and their mean."""
    from dispersal.forecast.answer import TextTable

    versions = ("sharing", "alone", "reference")
    lines = [
        (str(name), *(f"{line[version]:.3f}" for version in versions))
        for name, line in left.by_case.to_dict("index").items()
    ]
    lines.append(("mean", *(f"{left.mean[version]:.3f}" for version in versions)))
    columns = ("case left out", "with the others", "on its own priors", "reference class alone")
    title = "Energy score of the shares of fates; smaller is better"
    return TextTable(title, columns, tuple(lines))


def _record(learnt: Learnt, mode: str, left: LeaveOneCaseOut | None) -> dict[str, Any]:
    from dispersal.forecast.plain import plain_rows

    found: dict[str, Any] = {
        "mode": mode,
        "cases": list(learnt.cases),
        "parameters": plain_rows(learnt.table().reset_index()),
    }
    if left is not None:
        means = {str(name): float(value) for name, value in left.mean.items()}
        found["left_out"] = {"rows": plain_rows(left.rows), "mean": means}
    return found


def _free_file() -> Path:
    from dispersal.cli.run import RUNS

    names = ("learnt.npz", *(f"learnt-{number}.npz" for number in range(2, 10_000)))
    return next(RUNS / name for name in names if not (RUNS / name).exists())
