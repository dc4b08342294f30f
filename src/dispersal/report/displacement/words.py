"""What is said of results: findings for titles, sentences, limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispersal.forecast.wording import day, estimate, listed, percent
from dispersal.report.displacement.results import EIGHTY, FED, OWN, plain_name

if TYPE_CHECKING:
    from dispersal.report.displacement.results import Results

#: Camps that a sentence names.
NAMED: Final = 3

#: What the numbers cannot tell, whatever the folder.
LIMITS: Final = (
    "Registered people only. Counts are those of people registered in camps; who fled and is "
    "elsewhere is not counted.",
    "Days are not observations. Between two figures of a camp its count is on a straight line, as "
    "Flee draws it; scores by day repeat what few figures say.",
    "Capacities give the answer away. In published folders the capacity of a camp is the highest "
    "count in its own data. What is fed with it is marked.",
    "Where people in a camp came from is not known. Curves begin at one point, the middle of the "
    "places that people flee from, weighted by how many the rules take from each.",
    "Roads are drawn straight between the coordinates of the folder; their lengths are its own.",
)

#: What the project does not do, as far as it concerns those who flee.
LINE: Final = (
    "Counts, never persons. No names, no case files, nothing about any one person: folders hold "
    "how many people were registered in a camp on a day.",
    "No advice on the way. Nothing here would help anyone to find, follow or stop those who flee.",
    "No downloads, no reporting. Nothing is fetched or sent when it runs.",
    "It is made for those who prepare: camps, aid, and who pays for them. A forecast of how many "
    "will come is a reason to prepare for them, not to keep them out.",
)


def on_the_last_day(results: Results, named: int = 1) -> str:
    """Return which camps most people are in on the last day."""
    order = sorted(range(len(results.camps)), key=lambda at: -results.middle[-1, at])[:named]
    parts = [f"{plain_name(results.camps[at])}, {estimate(*results.at_end(at))}" for at in order]
    return f"On {day(results.date(results.days - 1))} most people are in {'; '.join(parts)}"


def finding_of_camps(results: Results) -> str:
    """Return the finding of the fans: how many counts are inside the intervals."""
    if results.known_until is None:
        # Half the sum of differences is the share that would have to change camps.
        wrong = percent(_errors_by_name(results)[OWN[results.rules]] / 2)
        return f"On an average day Flee's rules put {wrong} of the people into the wrong camp"
    inside = percent(results.coverage[EIGHTY])
    return (
        f"{inside} of the daily counts of {_camps(results)} after {day(results.known_until)} are "
        "inside the 80 % interval"
    )


def finding_of_errors(results: Results) -> str:
    """Return which forecasts are closer to the counts than the run, and which are not."""
    error = _errors_by_name(results)
    mine = error[OWN[results.rules]]
    if results.rules == "flee":
        return (
            f"Flee's rules have an error of {mine:.2f} with the capacities of the folder and of "
            f"{error['flee_rules_without_capacities']:.2f} without; the shares of day 30, held, of "
            f"{error['shares_of_day_30']:.2f}"
        )
    others = [name for name in error if name not in (*FED, OWN["dispersal"])]
    closer = [results.names[name] for name in others if error[name] < mine]
    if not closer:
        rest = f"below those of the {len(others)} others that are not fed the answer"
    else:
        rest = f"above that of {listed(closer)}"
    return f"The error of the Dispersal rules, {mine:.2f}, is {rest}"


def sentences(results: Results) -> list[str]:
    """Return the answer in words."""
    days = results.days - results.first
    return [
        f"{on_the_last_day(results, NAMED)}.",
        _of_the_total(results),
        _of_what_was_known(results),
        f"{finding_of_errors(results)}."
        + (
            f" Over {days} days, {finding_of_camps(results)}."
            if results.rules == "dispersal"
            else ""
        ),
    ]


def about(results: Results) -> str:
    """Return what made the results, in one line."""
    end = day(results.date(results.days - 1))
    if results.known_until is None:
        return f"Flee's rules on expected counts, {day(results.date(0))} to {end}"
    return f"A forecast as known on {day(results.known_until)}, up to {end}"


def source_line(results: Results) -> str:
    """Return where a picture is from: the folder, what was known, the draws and the release."""
    made = results.provenance
    rules = "Flee's rules, expected counts"
    if results.rules == "dispersal":
        rules = f"as known on {made['known_until']}, {made['draws']:,} draws, seed {made['seed']}"
    return (
        f"Dispersal {made['dispersal']}, folder {results.folder.name}, {rules}. Counts: the "
        "folder's figures of registered people."
    )


def _of_the_total(results: Results) -> str:
    if results.total is not None:
        return (
            f"All camps together are forecast to hold {estimate(*results.total)} people that day."
        )
    return (
        "The true number in all camps on each day is given to the rules, as Flee is given it: only "
        "the split between camps is forecast."
    )


def _of_what_was_known(results: Results) -> str:
    if results.known_until is None:
        return (
            "Nothing is learnt from the camps' figures, but the capacities in the folder are the "
            "highest counts in them where it is one of the published ones."
        )
    if results.looks_ahead:
        return (
            f"Known are the figures up to {day(results.known_until)}. Each day between two figures "
            "lies on the line towards the next, as Flee draws it, and so looks ahead a little. "
            "Capacities are not used."
        )
    return (
        f"Known are the figures of days up to {day(results.known_until)}, none of a later day. "
        "Capacities are not used."
    )


def _errors_by_name(results: Results) -> dict[str, float]:
    return {str(name): float(value) for name, value in results.errors["rescaled"].items()}


def _camps(results: Results) -> str:
    return f"{len(results.camps)} camps" if len(results.camps) > 1 else "the one camp"
