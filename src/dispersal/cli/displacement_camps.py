"""What ``dispersal displacement --rules dispersal`` prints."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dispersal.displacement import CampForecast, CampScore
    from dispersal.forecast.answer import TextTable


def show_camps(forecast: CampForecast, score: CampScore) -> None:
    """Print the forecast of the last day, the errors and the coverage."""
    from dispersal.cli.displacement import show_notes
    from dispersal.cli.output import print_table, print_text

    figures = forecast.folder.figures
    known = figures.start + dt.timedelta(days=forecast.evidence.day)
    looks = (
        "figures of that day are on the line towards the next count, as Flee draws it, and so look "
        "ahead; --figures published leaves that out"
        if forecast.evidence.known == "interpolated"
        else "no count of a later day was used"
    )
    total = (
        "The true number in all camps is told, as Flee is told it: only the split is forecast."
        if forecast.total == "given"
        else "The number in all camps is forecast, too."
    )
    print_text(
        f"{forecast.folder.name}: {figures.days} days from {figures.start}; known until {known} "
        f"(day {forecast.evidence.day}): {looks}. {score.days} days are forecast, "
        f"without capacities. {total}"
    )
    print_table(_camps(forecast))
    print_table(_errors(score))
    print_text()
    covered = "; ".join(
        f"{level:.0%} intervals hold {share:.0%}" for level, share in score.coverage.items()
    )
    print_text(f"Of the counts of {score.days} days and {len(forecast.camps)} camps, {covered}.")
    if forecast.total == "forecast":
        covered = "; ".join(
            f"{level:.0%} intervals hold {share:.0%}"
            for level, share in score.total_coverage.items()
        )
        print_text(f"Of the totals, {covered}.")
    print_text(
        "Error: per day, the sum over camps of |forecast − data| ÷ sum of data, then the mean over "
        "the days that are forecast; rescaled: after the forecast is scaled to the total of the "
        "data. CRPS: the same for whole distributions. All but the first are told the true total. "
        "* The capacities of published folders are the highest counts in the data."
    )
    show_notes(forecast.folder)


def camp_record(forecast: CampForecast, score: CampScore) -> dict[str, Any]:
    """Return the results as plain data: quantiles by camp and day, scores, notes, provenance."""
    quantiles = forecast.quantiles()
    levels = [float(level) for level in quantiles["level"].values]
    return {
        **forecast.provenance(),
        "first_day": forecast.first,
        "levels": levels,
        "camps": {
            camp: {
                "quantiles": quantiles.sel(camp=camp).values.round(1).tolist(),
                "data": [int(count) for count in forecast.data[forecast.first :, at]],
            }
            for at, camp in enumerate(forecast.camps)
        },
        "errors": score.errors.round(6).to_dict(orient="index"),
        "coverage": {str(level): round(share, 4) for level, share in score.coverage.items()},
        "total_coverage": {
            str(level): round(share, 4) for level, share in score.total_coverage.items()
        },
        "notes": [str(note) for note in forecast.folder.notes],
    }


def _camps(forecast: CampForecast) -> TextTable:
    from dispersal.forecast.answer import TextTable
    from dispersal.forecast.wording import number

    last = forecast.quantiles((0.1, 0.5, 0.9)).isel(date=-1).values
    rows = tuple(
        (
            camp,
            number(float(last[1, at])),
            f"{number(float(last[0, at]))} to {number(float(last[2, at]))}",
            number(float(forecast.data[-1, at])),
            number(float(forecast.evidence.counts[at])),
        )
        for at, camp in enumerate(forecast.camps)
    )
    columns = ("camp", "median", "80 % interval", "data", "last known")
    return TextTable(f"People in camps on day {len(forecast.data) - 1}", columns, rows)


def _errors(score: CampScore) -> TextTable:
    from dispersal.displacement.calibrated.scoring import ROWS
    from dispersal.forecast.answer import TextTable

    rows = tuple(
        (ROWS[str(name)], f"{line['rescaled']:.3f}", f"{line['normal']:.3f}", f"{line['crps']:.3f}")
        for name, line in score.errors.to_dict(orient="index").items()
    )
    return TextTable(
        "Error on the days after, 0 to 2", ("forecast", "rescaled", "as it is", "CRPS"), rows
    )
