"""``dispersal displacement``: forecasts from one of Flee's folders, next to the data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dispersal._version import __version__

if TYPE_CHECKING:
    from dispersal.displacement import CampForecast, CampScore, FleeFolder, FleeResult
    from dispersal.displacement.events import SecondName
    from dispersal.forecast.answer import TextTable


@click.command(
    short_help="Say which camps the displaced reach.",
    epilog="Example: dispersal displacement ./mali2012",
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--rules",
    type=click.Choice(["flee", "dispersal"]),
    default="flee",
    show_default=True,
    help="Those of Flee 3, on expected counts, or our own, learnt from the first days.",
)
@click.option(
    "--settings",
    metavar="FILE",
    default="simsetting.yml",
    show_default=True,
    help="Settings within FOLDER.",
)
@click.option(
    "--second-name",
    type=click.Choice(["link", "ignored"]),
    default="link",
    show_default=True,
    help="What a closed location's second name means: a road is closed, or, as in Flee, nothing.",
)
@click.option(
    "--days-known",
    metavar="DAYS",
    type=int,
    default=None,
    help="Rules dispersal: the last day whose figures are known.  [default: 30]",
)
@click.option(
    "--figures",
    type=click.Choice(["interpolated", "published"]),
    default=None,
    help="Rules dispersal: figures on the lines between counts, which look ahead to the next one, "
    "or only counts up to the day.  [default: interpolated]",
)
@click.option(
    "--total",
    type=click.Choice(["given", "forecast"]),
    default=None,
    help="Rules dispersal: whether the true number in all camps is told.  [default: given]",
)
@click.option("--draws", type=int, default=None, help="Rules dispersal.  [default: 1000]")
@click.option("--seed", type=int, default=None, help="Rules dispersal.  [default: 1]")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FOLDER",
    help="Write tables, pictures and a page for a browser here; must be new or empty.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON only.")
def displacement(
    folder: Path,
    rules: str,
    settings: str,
    second_name: str,
    out: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Print where the people go who flee from the conflict in FOLDER.

    FOLDER is one of Flee's, unchanged: input_csv, source_data and settings. What Flee would ignore
    is listed. The error is Flee's own, beside rules that use no model.
    """
    from dispersal.cli.output import print_json
    from dispersal.displacement import read_flee, score_flee
    from dispersal.forecast.store import require_free
    from dispersal.report.page import require_front_end

    reading: SecondName = "ignored" if second_name == "ignored" else "link"
    chosen = {name: value for name, value in options.items() if value is not None}
    if rules == "flee" and chosen:
        name = next(iter(chosen)).replace("_", "-")
        raise click.UsageError(f"found --{name} with --rules flee, expected --rules dispersal")
    if out is not None:
        require_free(out)
        require_front_end()
    found = read_flee(folder, settings=settings, second_name=reading)
    if rules == "dispersal":
        from dispersal.cli.displacement_camps import camp_record, show_camps
        from dispersal.displacement import forecast_camps, score_camps

        if "figures" in chosen:
            chosen["known"] = chosen.pop("figures")
        forecast = forecast_camps(found, **chosen)
        score = score_camps(forecast)
        if as_json:
            print_json({"rules": rules, **camp_record(forecast, score)})
        else:
            show_camps(forecast, score)
        _write(forecast, score, out, quiet=as_json)
        return
    result = score_flee(found)
    if as_json:
        print_json({"rules": rules, **displacement_record(result)})
    else:
        show_displacement(result)
    _write(result, None, out, quiet=as_json)


def _write(
    result: FleeResult | CampForecast, score: CampScore | None, out: Path | None, *, quiet: bool
) -> None:
    """Write results into a folder, if one is named, and say so where no JSON is in the way."""
    if out is None:
        return
    from dispersal.cli.output import print_line
    from dispersal.report.displacement import write_displacement

    write_displacement(result, score, out)
    if not quiet:
        print_line(f"Tables, pictures and report.html, a page for a browser, are in {out}")


def show_displacement(result: FleeResult) -> None:
    """Print camps, errors, and what was read otherwise than it may have been meant."""
    from dispersal.cli.output import print_table, print_text
    from dispersal.forecast.wording import number

    figures, mean = result.folder.figures, result.mean
    fled, start = number(float(mean.fled.sum())), number(float(mean.start.sum()))
    print_text(
        f"{result.folder.name}: {figures.days} days from {figures.start}, {fled} people flee and "
        f"{start} are in camps at the start; on the last day {number(float(mean.on_roads[-1]))} "
        "are on the road. "
        "Flee's rules, expected counts. How many flee is read from the data of the same days, so "
        "that only the split between camps is forecast."
    )
    print_table(_camps(result))
    print_table(_errors(result))
    print_text()
    print_text(
        "Error: per day, the sum over camps of |forecast − data| ÷ sum of data, then the mean over "
        "days; rescaled: after the forecast is scaled to the total of the data. The capacities of "
        "published folders are the highest counts in the data that are forecast here."
    )
    show_notes(result.folder)


def show_notes(folder: FleeFolder) -> None:
    """Print what was read otherwise than it may have been meant."""
    from dispersal.cli.output import print_line, print_text

    if folder.notes:
        print_text()
        print_text("What is read otherwise than it may be meant:")
        for note in folder.notes:
            print_line(str(note))


def displacement_record(result: FleeResult) -> dict[str, Any]:
    """Return the results as plain data: camps with all days, errors, notes."""
    figures, mean = result.folder.figures, result.mean
    return {
        "folder": result.folder.name,
        "content_hash": result.folder.content_hash,
        "second_name": result.folder.second_name,
        "dispersal": __version__,
        "start": figures.start.isoformat(),
        "days": figures.days,
        "camps": {
            camp: {
                "forecast": result.forecast[:, at].round(3).tolist(),
                "data": [int(count) for count in result.data[:, at]],
            }
            for at, camp in enumerate(result.camps)
        },
        "on_roads": mean.on_roads.round(3).tolist(),
        "fled": mean.fled.sum(axis=1).round(3).tolist(),
        "errors": result.errors.round(6).to_dict(orient="index"),
        "notes": [str(note) for note in result.folder.notes],
    }


def _camps(result: FleeResult) -> TextTable:
    from dispersal.forecast.answer import TextTable
    from dispersal.forecast.wording import number

    last = result.by_camp()
    highest = result.data.max(axis=0)
    rows = tuple(
        (camp, number(forecast), number(data), number(float(highest[at])))
        for at, (camp, forecast, data) in enumerate(
            zip(result.camps, last["forecast"].tolist(), last["data"].tolist(), strict=True)
        )
    )
    columns = ("camp", "forecast", "data", "highest in the data")
    return TextTable(f"People in camps on day {len(result.data) - 1}", columns, rows)


def _errors(result: FleeResult) -> TextTable:
    from dispersal.displacement.validate import ROWS
    from dispersal.forecast.answer import TextTable

    rows = tuple(
        (ROWS[str(name)], f"{line['rescaled']:.3f}", f"{line['normal']:.3f}")
        for name, line in result.errors.to_dict(orient="index").items()
    )
    return TextTable("Error, 0 to 2", ("forecast", "rescaled", "as it is"), rows)
