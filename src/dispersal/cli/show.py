"""``dispersal cases``."""

from __future__ import annotations

from dispersal.cli.output import print_json, print_text


def show_cases(*, as_json: bool) -> None:
    """Print the name, title and day of every built-in case."""
    from dispersal.case import builtin_cases, load_case

    found = [load_case(name) for name in builtin_cases()]
    if as_json:
        print_json(
            [
                {
                    "name": case.name,
                    "title": case.title,
                    "question": case.question,
                    "asked_on": case.asked_on.isoformat(),
                }
                for case in found
            ]
        )
        return
    for case in found:
        print_text(f"{case.name}: {case.title}, asked on {case.asked_on}")
