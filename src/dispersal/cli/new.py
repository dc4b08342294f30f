"""``dispersal new``: a new case from a few answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


@click.command(
    short_help="Make a new case.",
    epilog="Example: dispersal new ltte_2009 --group LTTE --place 'Sri Lanka' --members 10000 "
    "30000 --mode military_defeat=0.9 --mode fragmentation --asked-on 2009-01-15",
)
@click.argument("name")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="FOLDER",
    help="Where the folder NAME is made [default: here].",
)
@click.option("--group", help="What the group is called.")
@click.option(
    "--place",
    "places",
    multiple=True,
    help="Country where it holds ground, by code or name in any language; may be given again.",
)
@click.option(
    "--zone",
    "zones",
    type=(str, str, str),
    multiple=True,
    metavar="NAME LAT LON",
    help="Part of a country where it holds ground; its country may stand behind the name in "
    "brackets. May be given again.",
)
@click.option("--members", type=(str, str), metavar="LOW HIGH", help="Local members ever, 80 %.")
@click.option(
    "--origin", "origins", multiple=True, help="Home country of members; may be given again."
)
@click.option("--foreign-only", is_flag=True, help="No members are local.")
@click.option(
    "--foreign-members",
    type=(str, str),
    metavar="LOW HIGH",
    help="Members from abroad ever, of all countries together, 80 %.",
)
@click.option(
    "--mode",
    "modes",
    multiple=True,
    metavar="MODE[=P]",
    help="How it may end: military_defeat, negotiated, withdrawal, fragmentation; may be given "
    "again [default: as past groups ended].",
)
@click.option("--asked-on", metavar="DATE", help="Day of the question [default: today].")
@click.option(
    "--end",
    type=(str, str, str),
    metavar="P10 P50 P90",
    help="Days by which the last territory is lost with a chance of 10, 50 and 90 %.",
)
@click.option("--agreed-on", metavar="DATE", help="Day a settlement is in force.")
@click.option(
    "--strata", metavar="LIST", help="Out of men,women,minors [default: minors if from abroad]."
)
@click.option(
    "--theatre",
    "theatres",
    multiple=True,
    help="Country with a war that members could join; may be given again [default: the nearest "
    "neighbours, to be judged].",
)
@click.option("--no-theatres", is_flag=True, help="There is no such war.")
@click.option("--since", metavar="DATE", help="Begin of the simulation [default: 5 years before].")
@click.option("--peak", metavar="DATE", help="Day of most territory [default: half-way].")
@click.option("--until", metavar="DATE", help="End of the simulation [default: 3 years or more].")
@click.option("--step", type=click.Choice(["month", "week"]), default="month", show_default=True)
@click.option("--title", help="Title of the case.")
@click.option("--question", help="The question in words.")
@click.option("--description", help="Who the group is.")
@click.option(
    "--input/--no-input",
    "asking",
    default=None,
    help="Ask for what is not given [default: at a terminal].",
)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON only.")
def new(
    name: str,
    out: Path,
    foreign_only: bool,
    no_theatres: bool,
    asking: bool | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Make a folder NAME with a complete, commented case that can be forecast at once.

    At a terminal it asks for what is not given. Without evidence the forecast rests on priors and
    on what became of the members in past endings; `dispersal check` then tells what to fill in.
    """
    import datetime as dt
    import sys

    from dispersal.authoring.start.answers import read_answer, read_answers
    from dispersal.authoring.start.new import require_new, write_new
    from dispersal.errors import InputError

    if no_theatres and given["theatres"]:
        raise InputError("found --theatre with --no-theatres, expected one of them")
    read_answer("name", name)
    require_new(out / name)
    answers = {key: value for key, value in given.items() if value not in (None, ())}
    if foreign_only:
        answers["local"] = False
    if no_theatres:
        answers["theatres"] = ()
    if "strata" in answers:
        answers["strata"] = [part.strip() for part in answers["strata"].split(",")]
    if sys.stdin.isatty() if asking is None else asking:
        from dispersal.cli.new_questions import ask

        answers = ask(answers)
    answers.setdefault("asked_on", dt.datetime.now().astimezone().date().isoformat())
    made = write_new(read_answers({"name": name, **answers}), out)
    _show(made, as_json=as_json)


def _show(made: Any, *, as_json: bool) -> None:
    from dispersal.cli.output import print_json, print_line, print_text

    if as_json:
        print_json(made.record())
        return
    print_line(f"The new case is {made.folder}; it passes the checks and can be forecast:")
    print_line(f"    {made.commands[0]}")
    print_text("What to fill in next, the most useful first:")
    print_line(f"    {made.commands[1]}")
