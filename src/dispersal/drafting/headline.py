"""What an article is called: its headline, or its first words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispersal.drafting.sentences import Sentence

_LONGEST: Final = 120


def title_of(text: str, sentences: Sequence[Sentence]) -> str:
    """Return the first line where it is short and no sentence, else the first words.

    Examples
    --------
    >>> title_of("# After the war", ())
    'After the war'
    """
    line = next((line.strip("# \t*_") for line in text.splitlines() if line.strip()), "")
    if len(line) <= _LONGEST and not line.endswith("."):
        return line
    first = " ".join((sentences[0].text if sentences else line).split())
    if len(first) <= _LONGEST:
        return first.rstrip(".")
    return first[:_LONGEST].rsplit(" ", 1)[0] + " …"
