"""Which cohort a paragraph is about: from its heading or its first words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from dispersal.drafting.destination_cues import NEGATED
from dispersal.drafting.words import compiled

if TYPE_CHECKING:
    from dispersal.drafting.article import Article

#: What a heading or an opening sentence says of the cohort, the more telling first.
TOPICS: Final = tuple(
    (cohort, compiled(f"topic of {cohort}", after=")"))
    for cohort in ("third_country", "free_agents", "holdouts", "returnees")
)
_OPENING: Final = 110
_NO: Final = re.compile(r"(?i)^[“\"]?(?:no\b|not\b|hardly|never|i doubt|nobody|probably not|few)")


def topics_of(article: Article) -> dict[int, str]:
    r"""Return the cohort that each paragraph is about, for those that say so at their beginning.

    A heading holds for the paragraphs under it, until the next heading; the first words of a
    paragraph come before its heading.

    Examples
    --------
    >>> from dispersal.drafting import read_article
    >>> text = "Going home\n\nThey miss the farm.\n\nAnother war\n\nIt pays."
    >>> topics_of(read_article(text))
    {0: 'returnees', 1: 'returnees', 2: 'free_agents', 3: 'free_agents'}
    """
    paragraphs: dict[int, list[str]] = {}
    for sentence in article.sentences:
        paragraphs.setdefault(sentence.paragraph, []).append(sentence.text)
    found: dict[int, str] = {}
    heading, asked = "", False
    for number, sentences in paragraphs.items():
        first = sentences[0]
        if asked and _NO.match(first):
            heading = ""  # “Will they go home?” “Not yet.”
        alone = len(sentences) == 1 and len(first) < 70 and first[-1] not in ".:;,"
        if alone:
            asked = first.endswith("?")
            heading = _topic(first) if number or not asked else ""
            if heading:
                found[number] = heading
            continue
        opening = first if len(first) > 30 or len(sentences) == 1 else f"{first} {sentences[1]}"
        lead = _topic(" ".join(first.split()[:4])) if len(first.split()) <= 5 else ""
        topic = lead or _topic(opening[:_OPENING], opening=True) or heading
        if topic:
            found[number] = topic
    return found


def _topic(text: str, *, opening: bool = False) -> str:
    hits = [
        (match.start(), name)
        for name, words in TOPICS
        if (match := words.search(text))
        and (name == "third_country" or not NEGATED.search(text[: match.start()]))
    ]
    if not hits:
        return ""
    if opening and len({name for _, name in hits}) > 1 and hits[0][1] != "third_country":
        # An opening sentence that speaks of several cohorts is about none of them alone.
        return ""
    return hits[0][1] if hits[0][1] == "third_country" else min(hits)[1]
