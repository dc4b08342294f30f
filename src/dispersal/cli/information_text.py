"""What ``dispersal information`` and ``indicators`` print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dispersal.cli.output import print_table, print_text
from dispersal.forecast import wording
from dispersal.forecast.answer import TextTable

if TYPE_CHECKING:
    from dispersal.whatif.indicators import Cohort, Indicators
    from dispersal.whatif.information import Information

#: With fewer draws left by a figure, in effect, its expected cut is rather noise.
FEW_DRAWS: Final = 50


def show_information(found: Information, top: int) -> None:
    """Print the figures that are worth most."""
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
    if (few := found.check()["smallest_size"]) < FEW_DRAWS:
        print_text(
            f"Some figures would leave only about {few:.0f} draws' worth of weight: take more "
            "draws (--draws) before relying on what they would cut."
        )


def figures_table(found: Information, top: int) -> TextTable:
    """Return the figures worth most as a table to print."""
    rows = []
    for row in found.figures.head(top).to_dict("records"):
        width = wording.number(row["width"]) if found.target.single else f"{row['width']:.2f}"
        last = "–"
        if row["last_on"] is not None:
            last = f"{wording.number(row['last'])} ({_age(row['age_days'])})"
        ranks = str(row["rank"])
        if row["rank_best"] != row["rank_worst"]:
            ranks += f" ({row['rank_best']}–{row['rank_worst']})"
        rows.append(
            (
                str(row["label"]),
                ranks,
                _cut(row["crps_cut"], row["crps_cut_error"]),
                _cut(row["width_cut"], row["width_cut_error"]),
                width,
                last,
            )
        )
    columns = ("figure", "rank", "score cut", "width cut", "width left", "last, its age")
    return TextTable("Figures worth most", columns, tuple(rows))


def show_indicators(found: Indicators, top: int) -> None:
    """Print what to look out for, cohort by cohort."""
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


def _cut(share: float, error: float) -> str:
    return f"{100 * share:.1f} % ±{100 * error:.1f}".replace("-", "−")


def _value(row: dict[Any, Any], level: str) -> str:
    """Return the value from which on a chance is passed, as a cell."""
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


def _age(days: int) -> str:
    months = round(days / 30.44)
    return f"{months} {'month' if months == 1 else 'months'}" if days >= 0 else "later"
