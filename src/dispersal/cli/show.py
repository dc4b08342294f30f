"""``dispersal check`` and ``cases``."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from dispersal.cli.output import print_json, print_line, print_text

if TYPE_CHECKING:
    from collections.abc import Sequence


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


def show_check(name: str, *, as_json: bool) -> bool:
    """Print everything that is wrong with a case; return whether it can be read."""
    from dispersal.case import check_case

    report = check_case(name)
    if as_json:
        print_json(
            {
                "case": name,
                "ok": report.ok,
                "faults": [asdict(fault) for fault in report.faults],
                "notes": [asdict(note) for note in report.notes],
            }
        )
        return report.ok
    for fault in report.faults:
        print_line(f"fault: {fault}")
    for note in report.notes:
        print_line(f"note: {note}")
    print_line(f"{name}: {_plural(report.faults, 'fault')}, {_plural(report.notes, 'note')}")
    return report.ok


def _plural(found: Sequence[object], name: str) -> str:
    count = len(found)
    return f"{count or 'no'} {name}{'s' * (count != 1)}"
