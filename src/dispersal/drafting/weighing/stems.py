"""Words without their endings, and what they speak of: home, hiding, fighting, exile and so on."""

from __future__ import annotations

import functools
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from dispersal.drafting.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: What words speak of, by the sections ``speaks of …`` of words/sets.txt.
SUBJECTS: Final = (
    *("home", "hiding", "fighting", "exile", "leaders", "followers", "a few", "foreigners"),
    *("what comes", "what was", "denial", "states", "battle"),
)
#: Those that tell the cohort.
TELLING: Final = SUBJECTS[:4]
_WORD: Final = re.compile(r"[^\W\d_](?:[\w’'-]*\w)?|[?:;—–“\"(]|\d+")
_CLITIC: Final = re.compile(r"'(?:s|ll|d|ve|re|m)$")
_ENDINGS: Final = ("ingly", "edly", "ing", "ied", "ies", "ed", "es", "ly", "s")
_OPENING: Final = frozenset('?:;—–“"(')


@functools.lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return a word without its ending, so that its forms are counted together.

    Examples
    --------
    >>> stem("hiding"), stem("hides"), stem("Families’"), stem("planned")
    ('hid', 'hid', 'family', 'plan')
    """
    bare = _CLITIC.sub("", word.lower().replace("’", "'")).rstrip("'")
    for ending in _ENDINGS:
        rest = len(bare) - len(ending)
        if bare.endswith(ending) and rest >= 3 and not (ending == "s" and bare.endswith("ss")):
            bare = bare[:rest] + ("y" if ending in {"ied", "ies"} else "")
            if len(bare) > 3 and bare[-1] == bare[-2] and bare[-1] not in "lse":
                bare = bare[:-1]
            break
    return bare[:-1] if len(bare) > 4 and bare.endswith("e") else bare


def stems_of(text: str, names: Sequence[tuple[int, int]] = ()) -> list[str]:
    """Return the stems of a text in order, with names left out.

    Parameters
    ----------
    text : str
        A sentence or a part of one.
    names : sequence of (int, int)
        Where places stand in it; each is ``PLACE``. Other names are ``NAME``, numbers ``NUMBER``
        and years ``YEAR``.

    Examples
    --------
    >>> stems_of("In 2015 some fled to Peru with Lopez.", [(21, 25)])
    ['in', 'YEAR', 'some', 'fled', 'to', 'PLACE', 'with', 'NAME']
    """
    found: list[str] = []
    first = True
    for match in _WORD.finditer(text):
        word = match.group()
        if any(begin <= match.start() < end for begin, end in names):
            if not found or found[-1] != "PLACE":
                found.append("PLACE")
            first = False
        elif word[0].isdigit():
            found.append("YEAR" if re.fullmatch(r"(?:19|20)\d\d", word) else "NUMBER")
            first = False
        elif word[0].isupper() and not first and word != "I":
            found.append("NAME")
        else:
            first = word in _OPENING
            found.append(stem(word) if word[0].isalpha() else word)
    return found


def spoken_of(text: str) -> Counter[str]:
    """Return how many words of a text speak of each of `SUBJECTS`.

    Examples
    --------
    >>> sorted(spoken_of("They hid in the forest.").items())
    [('hiding', 2)]
    """
    count: Counter[str] = Counter()
    for match in _WORD.finditer(text):
        count.update(_subjects().get(stem(match.group()), ()))
    return count


def spoken_near(text: str, start: int, end: int) -> dict[str, float]:
    """Return what a sentence speaks of around a place, nearer words counting for more.

    Parameters
    ----------
    text : str
        The sentence.
    start, end : int
        Where the place stands in it.

    Examples
    --------
    >>> near = spoken_near("They will hide in Peru.", 18, 22)
    >>> near["hiding"] > near["what comes"]
    True
    """
    found: dict[str, float] = {}
    for match in _WORD.finditer(text):
        far = start - match.end() if match.end() <= start else match.start() - end
        for subject in _subjects().get(stem(match.group()), ()):
            found[subject] = found.get(subject, 0.0) + 2.0 ** (-max(far, 0) / 20)
    return found


@functools.cache
def _subjects() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for subject in SUBJECTS:
        for word in sorted({stem(word) for word in words(f"speaks of {subject}")}):
            found.setdefault(word, []).append(subject)
    return {word: tuple(subjects) for word, subjects in found.items()}
