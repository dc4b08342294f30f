"""The rows of judgements and of what became of them, as :mod:`dispersal.case.schema` lists them."""

from __future__ import annotations

from typing import Annotated, ClassVar

from dispersal.case.cells import Day, Identifier, Number, RequiredText, Text, one_of
from dispersal.case.tablerow import TableRow
from dispersal.case.vocabulary import DIRECTIONS


class Judgement(TableRow):
    """One published judgement of what would come, from experts.csv."""

    id_column: ClassVar[str] = "judgement_id"
    free_text: ClassVar[frozenset[str]] = frozenset(
        {"expert", "probability_words", "ranking", "note"}
    )

    judgement_id: RequiredText
    expert: RequiredText
    published: Day
    quantity: Identifier
    origin: Text = ""
    place: Text = ""
    horizon: Day | None = None
    low: Number | None = None
    mode: Number | None = None
    high: Number | None = None
    probability_words: Text = ""
    direction: Annotated[str, one_of("unknown_direction", DIRECTIONS)]
    ranking: Text = ""
    source: RequiredText
    note: Text = ""


class Outcome(TableRow):
    """What became of something that was judged, from evidence/outcomes.csv."""

    id_column: ClassVar[str] = "outcome_id"

    outcome_id: RequiredText
    quantity: Identifier
    origin: Text = ""
    place: Text = ""
    low: Number | None = None
    high: Number | None = None
    as_of: Day
    published: Day
    source: RequiredText
    note: Text = ""
