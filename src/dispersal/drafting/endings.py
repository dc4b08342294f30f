"""How a text says that a group loses its territory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispersal.case.vocabulary import END_MODES
from dispersal.drafting.destination_cues import NEGATED
from dispersal.drafting.words import compiled

if TYPE_CHECKING:
    from dispersal.drafting.article import Article

_CUES: Final = {mode: compiled(f"end by {mode}") for mode in END_MODES}


def end_modes_in(article: Article) -> dict[str, tuple[int, str, float]]:
    """Return the manners of an end that a text speaks of.

    Parameters
    ----------
    article : Article
        What to read.

    Returns
    -------
    dict of str to tuple of int, str, float
        By mode: the sentence that says it first, the words, and the confidence. A single
        passing word is not enough.

    Examples
    --------
    >>> from dispersal.drafting import read_article
    >>> text = "The army stormed the last redoubt. The group was crushed. Nobody negotiated."
    >>> list(end_modes_in(read_article(text)))
    ['military_defeat']
    """
    hits: dict[str, list[tuple[int, str]]] = {mode: [] for mode in _CUES}
    for number, sentence in enumerate(article.sentences):
        for mode, pattern in _CUES.items():
            for match in pattern.finditer(sentence.text):
                if not NEGATED.search(sentence.text[: match.start()][-60:]):
                    hits[mode].append((number, match.group()))
    most = max(map(len, hits.values()))
    return {
        mode: (*found[0], round(min(0.9, 0.3 + 0.1 * len(found)), 2))
        for mode, found in hits.items()
        if len(found) >= max(2, most / 3)
    }
