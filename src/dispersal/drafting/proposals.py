"""What is proposed: rows with the sentence they came from, each waiting for a yes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dispersal.drafting.article import Article

KINDS: Final = ("group", "place", "organisation", "destination", "number", "date", "end_mode")
#: ``no`` and ``?`` wait; only a person, or a caller on their behalf, writes ``yes``.
ANSWERS: Final = ("no", "yes", "?")
COHORTS: Final = ("holdouts", "free_agents", "returnees", "third_country")
PLACE_USES: Final = (
    "home_theatre",
    "origin",
    "sanctuary",
    "theatre",
    "third_country",
    "transit",
    "mention",
)
ORGANISATION_USES: Final = ("group", "affiliate", "local", "rival", "mention")
COUNTS: Final = (
    *("departed", "returned", "killed", "detained", "remaining", "strength", "arrived"),
    *("underground", "demobilised", "other"),
)
DATE_USES: Final = ("published", "asked_on", "mention")

#: What every row of a kind says, in the order of the review file.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "group": ("name", "members_low", "members_high"),
    "place": ("place", "name", "country", "use", "latitude", "longitude"),
    "organisation": ("name", "use", "place"),
    "destination": ("place", "cohort", "negated", "hedge"),
    "number": ("counts", "low", "high", "qualifier", "share", "origin", "place", "as_of"),
    "date": ("date", "use"),
    "end_mode": ("mode",),
}


@dataclass(frozen=True)
class Proposal:
    """One row that an article proposes.

    Parameters
    ----------
    row : str
        Identifier in the review file, such as ``place-3``.
    kind : str
        One of `KINDS`.
    values : Mapping
        What the row says; the keys are those of `FIELDS`. Of an ambiguous row, a guess.
    sentence : str
        The sentence that it came from.
    start, end : int
        Where the sentence stands in the article's text, in characters.
    found : str
        The words in it.
    reason : str
        The rule.
    confidence : float
        How often the rule is right, 0 to 1, as a judgement.
    said_by : str
        Whom the sentence names as its source; never a person's name.
    question : str
        What must be answered before the row can be accepted; empty if nothing.
    choices : tuple of str
        Possible answers.
    asks_for : str
        The key of `values` that the answer replaces.
    answer : str
        The answer, once given.
    accept : str
        ``no``, ``yes`` or ``?`` (has a question).
    """

    row: str
    kind: str
    values: Mapping[str, Any]
    sentence: str
    start: int
    end: int
    found: str
    reason: str
    confidence: float
    said_by: str = ""
    question: str = ""
    choices: tuple[str, ...] = ()
    asks_for: str = ""
    answer: str = ""
    accept: str = "no"

    @property
    def settled(self) -> Mapping[str, Any]:
        """The values, with the answer in its place."""
        if self.answer and self.asks_for:
            return {**self.values, self.asks_for: self.answer}
        return self.values

    def record(self) -> dict[str, Any]:
        """Return the row as plain data, as it stands in the review file."""
        data: dict[str, Any] = {"row": self.row, "accept": self.accept}
        if self.question:
            data |= {
                "question": self.question,
                "choices": list(self.choices),
                "answer": self.answer,
            }
        data |= {name: self.values.get(name, "") for name in FIELDS[self.kind]}
        data |= {
            "sentence": self.sentence,
            "found": self.found,
            "at": [self.start, self.end],
            "said_by": self.said_by,
            "reason": self.reason,
            "confidence": self.confidence,
        }
        return data


@dataclass(frozen=True)
class Proposals:
    """Everything that an article proposes.

    Parameters
    ----------
    article : Article
        The text.
    rows : tuple of Proposal
        In the order of `KINDS`, and within a kind of the text.
    asked_on : str
        The day of the question, if it was given.
    reviewed : frozenset of str
        Rows that a person answered at the terminal, whatever the answer.

    Examples
    --------
    >>> from dispersal.drafting import propose, read_article
    >>> found = propose(read_article("Most of the rebels will return to Peru."))
    >>> [(row.kind, row.values["place"], row.accept) for row in found.rows if row.kind != "date"]
    [('place', 'PER', 'no'), ('destination', 'PER', 'no')]
    """

    article: Article
    rows: tuple[Proposal, ...]
    asked_on: str = ""
    reviewed: frozenset[str] = frozenset()

    def of_kind(self, kind: str) -> tuple[Proposal, ...]:
        """Return the rows of a kind."""
        return tuple(row for row in self.rows if row.kind == kind)

    def accepted(self, kind: str | None = None) -> tuple[Proposal, ...]:
        """Return the rows that a person said yes to."""
        return tuple(row for row in self.rows if row.accept == "yes" and kind in (None, row.kind))

    def with_row(self, row: Proposal) -> Proposals:
        """Return the proposals with one row answered."""
        rows = tuple(row if one.row == row.row else one for one in self.rows)
        return replace(self, rows=rows, reviewed=self.reviewed | {row.row})

    def with_yes_to(
        self, rows: Iterable[str], answers: Mapping[str, str] | None = None
    ) -> Proposals:
        """Return the proposals with a yes to some rows, by their identifiers.

        Parameters
        ----------
        rows : iterable of str
            Identifiers of rows.
        answers : Mapping of str to str, optional
            Answers to the questions of rows.

        Examples
        --------
        >>> from dispersal.drafting import propose, read_article
        >>> found = propose(read_article("Most of the rebels will return to Peru."))
        >>> len(found.with_yes_to(["place-1"]).accepted())
        1
        """
        chosen, given = set(rows), dict(answers or {})
        changed = tuple(
            replace(
                row,
                accept="yes" if row.row in chosen else row.accept,
                answer=given.get(row.row, row.answer),
            )
            for row in self.rows
        )
        return replace(self, rows=changed)
