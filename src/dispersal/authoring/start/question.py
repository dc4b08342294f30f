"""The keys of ``case.yaml`` of a new case, from the answers and from what stands in for others."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dispersal.authoring.start.caseyaml import Entry, document, scalar
from dispersal.case.vocabulary import SCHEMA_VERSION, STRATA
from dispersal.model.design import UNKNOWN_SIZE
from dispersal.world import countries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispersal.authoring.start.answers import Answers
    from dispersal.authoring.start.defaults import Cells, Days

#: Where the schema of case.yaml stands in a new folder; hidden, so that it is in nobody's way.
SCHEMA_FILE: Final = ".schema/case.json"

_A_DEFAULT: Final = "A default: judge it."


@dataclass(frozen=True)
class Known:
    """What a new case is, beyond the answers.

    Parameters
    ----------
    home : tuple of str
        Countries of the home theatre.
    origins, places, hosts : list of dict
        Rows of the tables.
    days : Days
    modes : dict of str to float
    endings : int or None
        Past endings that the modes rest on; None where they were given.
    """

    home: tuple[str, ...]
    origins: list[Cells]
    places: list[Cells]
    hosts: list[Cells]
    days: Days
    modes: dict[str, float]
    endings: int | None

    @property
    def abroad(self) -> list[Cells]:
        """Rows of the origins from which members came."""
        return [row for row in self.origins if row["kind"] == "foreign"]


def strata_of(answers: Answers, known: Known) -> tuple[str, ...]:
    """Return the strata: those asked for; else with minors where members came from abroad."""
    if answers.strata is not None:
        return tuple(name for name in STRATA if name in answers.strata)
    return STRATA if known.abroad else STRATA[:2]


def case_text(answers: Answers, known: Known) -> str:
    """Return ``case.yaml``."""
    names = _listed([countries()[code].name for code in known.home])
    title = answers.title or f"{answers.group} in {names}"
    question = answers.question or (
        f"Where do the members of {answers.group} go when it loses its territory in {names}?"
    )
    q = "Question"
    head = [
        f"yaml-language-server: $schema={SCHEMA_FILE}",
        "Every key is described in docs/case-format.md of Dispersal. Keys that begin with # are "
        "examples of what could stand there.",
    ]
    entries = [
        Entry("schema_version", q, str(SCHEMA_VERSION)),
        Entry("name", q, scalar(answers.name)),
        Entry("title", q, scalar(title)),
        Entry("question", q, scalar(question)),
        Entry("asked_on", q, str(answers.asked_on)),
        Entry("group", q, below=_group(answers, known, names)),
        Entry("territory", q, below=_territory(known)),
        Entry("period", q, below=_period(known.days)),
        Entry("step", q, scalar(answers.step)),
        Entry("strata", q, f"[{', '.join(strata_of(answers, known))}]"),
        Entry("end", q, below=_end(answers, known)),
        Entry("parameters", q, "{}"),
        Entry("notes", q, scalar(_notes(answers, known))),
    ]
    return document(head, entries)


def _group(answers: Answers, known: Known, names: str) -> tuple[Entry, ...]:
    g = "Group"
    description = answers.description or f"Armed group that holds territory in {names}."
    remark = "" if answers.description else "To be written: this says only what was asked."
    sizes = answers.members or (1_000.0, 10_000.0)
    off = answers.members is None
    remark_of_size = "Not given: the model takes {:,.0f} to {:,.0f}.".format(*UNKNOWN_SIZE)
    entries = [
        Entry("name", g, scalar(answers.group)),
        Entry("description", g, scalar(description), remark=remark),
        Entry("remnant", g, known.hosts[0]["host"]),
    ]
    if answers.local:
        entries += [
            Entry(
                "members_low", g, scalar(sizes[0]), remark=remark_of_size if off else "", off=off
            ),
            Entry("members_high", g, scalar(sizes[1]), off=off),
        ]
    return tuple(entries)


def _territory(known: Known) -> tuple[Entry, ...]:
    t = "Territory"
    peak = _A_DEFAULT if "territory.peak_date" in known.days.taken else ""
    return (
        Entry("places", t, f"[{', '.join(map(scalar, known.home))}]"),
        Entry("peak_area_km2", t, "50000", off=True),
        Entry("peak_date", t, str(known.days.peak), remark=peak),
    )


def _period(days: Days) -> tuple[Entry, ...]:
    return tuple(
        Entry(key, "Period", str(day), remark=_A_DEFAULT if f"period.{key}" in days.taken else "")
        for key, day in (("start", days.start), ("until", days.until))
    )


def _end(answers: Answers, known: Known) -> tuple[Entry, ...]:
    e, j = "End", "EndJudgement"
    shares = ", ".join(f"{mode}: {share:g}" for mode, share in known.modes.items() if share)
    remark = ""
    if known.endings is not None:
        remark = (
            f"A default: how {known.endings} past groups of the reference class ended by that day, "
            "with one more of each mode (dispersal reference). Judge it."
        )
    entries = [Entry("modes", e, f"{{{shares}}}", remark=remark)]
    asked = answers.asked_on
    if answers.end is not None:
        ends = dict(zip(("p10", "p50", "p90"), answers.end, strict=True))
        below = (
            Entry("judged_on", j, str(asked)),
            *(Entry(name, j, str(day)) for name, day in ends.items()),
            Entry("source", j, "''"),
            Entry("note", j, scalar("judgement given when the case was made")),
        )
        entries.append(Entry("judgements", e, below=below, listed=True))
    else:
        later = [asked + dt.timedelta(days=days) for days in (180, 540, 1440)]
        ends = dict(zip(("p10", "p50", "p90"), later, strict=True))
        days = ", ".join(f"{name}: {day}" for name, day in ends.items())
        example = f"[{{judged_on: {asked}, {days}, source: '', note: judgement}}]"
        entries.append(Entry("judgements", e, example, off=True))
    agreed = answers.agreed_on
    entries.append(Entry("agreed_on", e, str(agreed or asked), off=agreed is None))
    return tuple(entries)


def _notes(answers: Answers, known: Known) -> str:
    taken = [*known.days.taken]
    if known.endings is not None:
        taken.append("end.modes")
    said = ["Made by dispersal new."]
    if taken:
        said.append(f"Defaults of case.yaml, to be judged: {', '.join(taken)}.")
    if known.abroad and answers.foreign_members:
        low, high = answers.foreign_members
        said.append(
            f"The ranges of members in origins.csv split {low:,.0f} to {high:,.0f} members from "
            "abroad as if every home country had sent as many: replace them by what is known."
        )
    elif known.abroad:
        said.append(
            "The ranges of members in origins.csv only say that nothing is known of the home "
            "countries: replace them, or add figures."
        )
    said.append("Rows of tables whose note begins with default are to be judged, too.")
    return " ".join(said)


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
