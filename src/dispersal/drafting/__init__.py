"""From an article to a proposal of a case: every row with its sentence, none accepted yet.

``read_article`` reads plain text or HTML, ``propose`` finds the rows, a person accepts some of them
(in a review file, or at the terminal), and ``build_case`` writes the folder. See docs/draft.md.
"""

from __future__ import annotations

from dispersal.drafting.article import Article, read_article
from dispersal.drafting.build import build_case
from dispersal.drafting.evaluate import Score, evaluate
from dispersal.drafting.proposals import Proposal, Proposals
from dispersal.drafting.propose import propose
from dispersal.drafting.review import read_review, review_text, write_review

__all__ = [
    "Article",
    "Proposal",
    "Proposals",
    "Score",
    "build_case",
    "evaluate",
    "propose",
    "read_article",
    "read_review",
    "review_text",
    "write_review",
]
