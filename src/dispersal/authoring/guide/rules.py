"""The rules by which a case is told what to fill in next, in their order; the first matters most.

The order is a judgement, stated here once: what scales or times everything comes before what moves
a part, that before what only shapes where people go, and that before what helps readers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from dispersal.authoring.guide import about_figures, about_places, about_question

if TYPE_CHECKING:
    from dispersal.authoring.guide.finding import Finding
    from dispersal.case import Case

Find: TypeAlias = Callable[["Case", str], Iterator["Finding"]]


@dataclass(frozen=True)
class Rule:
    """A rule: its name, why it stands where it does, what it looks for.

    ``of_figures`` says that it looks for a figure, so that what a figure would be worth takes
    its place where a saved run tells it.
    """

    name: str
    reason: str
    find: Find
    of_figures: bool = False


RULES: Final = (
    Rule("end", "when it ends moves every count after the question", about_question.end),
    Rule("size", "every count of local members is a share of it", about_question.size),
    Rule(
        "contingents",
        "every count of a country's members is a share of it",
        about_figures.contingents,
        of_figures=True,
    ),
    Rule(
        "strength",
        "it says how many are in the group now",
        about_figures.strength,
        of_figures=True,
    ),
    Rule(
        "fates",
        "a published fate is the only thing that tells one country's from the usual",
        about_figures.fates,
        of_figures=True,
    ),
    Rule("territory", "the loss of ground drives every way out of the group", about_figures.ground),
    Rule("modes", "a mode with no probability never happens", about_question.modes),
    Rule("defaults", "nobody has judged these rows yet", about_places.defaults),
    Rule("hosts", "who moves on goes where someone takes them in", about_places.hosts),
    Rule("capacity", "without one a host takes in everyone", about_places.capacity),
    Rule("home_policies", "they decide what waits at home", about_places.home_policies),
    Rule("borders", "they decide who gets through", about_places.borders),
    Rule("governance", "members seek places that nobody governs", about_places.governance),
    Rule("sanctuaries", "where a remnant stays is a part of the answer", about_places.sanctuaries),
    Rule("links", "a reader can follow a figure to its source", about_question.links),
    Rule("experts", "the forecast can be compared with them", about_question.experts),
    Rule("description", "readers learn who is meant", about_question.description),
)
