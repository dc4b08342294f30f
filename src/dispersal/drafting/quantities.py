"""Numbers in words and digits: points, ranges and shares, with what qualifies them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_UNITS: Final = {
    word: value
    for value, word in enumerate(
        (
            *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
            *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
            *("seventeen", "eighteen", "nineteen"),
        )
    )
} | {
    word: 10 * value
    for value, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
_SCALES: Final = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "dozen": 12}
_FRACTIONS: Final = {
    "half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10,
}  # fmt: skip

_DIGITS: Final = r"\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?!\d)|\d+(?:\.\d+)?"
_WORD: Final = "|".join(sorted([*_UNITS, *_SCALES, "a", "half"], key=len, reverse=True))
_NUMBER_WORD: Final = "|".join(sorted([*_UNITS, "hundred", "thousand"], key=len, reverse=True))
_WORDS: Final = (
    rf"(?:(?:{_NUMBER_WORD})(?:[ -](?:and )?(?:{_NUMBER_WORD}|dozen))*"
    r"|an? (?:hundred|thousand|dozen)(?: and (?:fifty|twenty))?"
    r"|half an? (?:hundred|thousand|dozen|million))"
)
_ONE: Final = rf"(?:(?:{_DIGITS})(?: ?(?:hundred|thousand|million|k\b|m\b))?|{_WORDS})"
_FRACTION: Final = (
    rf"(?:(?P<over>an?|one|two|three|four|five|seven|nine)[ -](?P<under>"
    rf"{'|'.join(f'{word}s?' for word in _FRACTIONS)}|halves|quarters?)\b"
    r"|(?P<half>half)\b(?! an? (?:hundred|thousand|dozen|million))"
    rf"|(?P<in>{_NUMBER_WORD}|\d+) (?:in|out of)(?: every)? (?P<of>{_NUMBER_WORD}|\d+)\b)"
)
_PERCENT: Final = r"(?: ?%| ?per ?cent\b| ?percent\b| ?pc\b)"

_QUALIFIERS: Final = (
    ("at_least", r"at least|no fewer than|not fewer than|no less than|not less than|more than|over|"
                 r"upwards of|in excess of|a minimum of|well over|above|exceed(?:s|ed|ing)?"),
    ("at_most", r"at most|up to|no more than|not more than|fewer than|less than|under|below|"
                r"as many as|a maximum of|as much as|barely|not even"),
    ("about", r"about|around|roughly|approximately|some|nearly|almost|an estimated|estimated|"
              r"close to|circa|perhaps|maybe|probably|just over|just under|a little over|"
              r"a little under|in the region of|somewhere around|more or less|or so|"
              r"little more than"),
)  # fmt: skip
_QUALIFIED: Final = "|".join(f"(?P<{name}>{words})" for name, words in _QUALIFIERS)

_START: Final = rf"(?i)(?<![\w.,$€£-])(?:(?:{_QUALIFIED}) (?:a |the )?)?"
_RANGE: Final = re.compile(
    rf"{_START}(?P<opened>(?:somewhere |anywhere )?(?:between|from) )?(?P<first>{_ONE})"
    rf"(?P<pct1>{_PERCENT})?(?P<joint> ?[-–—] ?| to | and | or )"
    rf"(?:about |around |perhaps |even |as many as |up to )?"
    rf"(?P<second>{_ONE})(?P<pct2>{_PERCENT})?(?![\w%])"
)
_SINGLE: Final = re.compile(
    rf"{_START}(?:(?P<fraction>{_FRACTION})|(?P<point>{_ONE})(?P<pct>{_PERCENT})?)(?![\w%])"
)
#: “several hundred” is no number.
_VAGUE_BEFORE: Final = re.compile(r"(?i)\b(?:several|few|many|some few|couple of) $")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a sentence.

    Parameters
    ----------
    start, end : int
        Where it stands in the sentence, with what qualifies it.
    number_start : int
        Where the number itself begins.
    low, high : float
        Its ends, equal for a point; a share as a fraction.
    qualifier : str
        ``point``, ``about``, ``range``, ``at_least`` or ``at_most``.
    is_share : bool
        Whether it is a fraction of something.
    """

    start: int
    end: int
    number_start: int
    low: float
    high: float
    qualifier: str
    is_share: bool


def quantities_of(text: str) -> list[Quantity]:
    """Return every number of a sentence, whatever it counts.

    Examples
    --------
    >>> [(q.low, q.high, q.qualifier) for q in quantities_of("Between 200 and 300 of some 1,200")]
    [(200.0, 300.0, 'range'), (1200.0, 1200.0, 'about')]
    >>> [(round(q.low, 3), q.is_share) for q in quantities_of("a third, or 40 per cent, or half")]
    [(0.333, True), (0.4, True), (0.5, True)]
    >>> quantities_of("fifteen hundred men")[0].low, quantities_of("two dozen")[0].low
    (1500.0, 24.0)
    """
    found: list[Quantity] = []
    at = 0
    while match := _SINGLE.search(text, at):
        wider = _RANGE.search(text, at)
        quantity = _range(wider) if wider and wider.start() <= match.start() else None
        if quantity is None:
            quantity = _single(match)
        if quantity is None or _VAGUE_BEFORE.search(text[: match.start()]):
            at = match.end()
            continue
        at = quantity.end
        if found and _is_range_of_shares(text, found[-1], quantity):
            before = found.pop()
            quantity = Quantity(
                before.start, at, before.number_start, before.low, quantity.high, "range", True
            )
        found.append(quantity)
    return found


def _is_range_of_shares(text: str, one: Quantity, other: Quantity) -> bool:
    """Return whether two shares are the ends of one range: ``a quarter to a third``."""
    if not (one.is_share and other.is_share and one.low < other.low):
        return False
    between = text[one.end : other.start]
    opened = text[: one.number_start].lower().rstrip().endswith("between")
    return between == " to " or (between == " and " and opened)


def _qualifier(match: re.Match[str]) -> str:
    return next((name for name, _ in _QUALIFIERS if match[name]), "point")


def _single(match: re.Match[str]) -> Quantity | None:
    qualifier = _qualifier(match)
    if match["fraction"]:
        share = _share(match)
        if share is None:
            return None
        begin = match.start("fraction")
        return Quantity(match.start(), match.end(), begin, share, share, qualifier, True)
    value = value_of(match["point"])
    if value is None:
        return None
    share_given = bool(match["pct"])
    value = value / 100 if share_given else value
    begin = match.start("point")
    return Quantity(match.start(), match.end(), begin, value, value, qualifier, share_given)


def _range(match: re.Match[str]) -> Quantity | None:
    first, second, joint = match["first"], match["second"], match["joint"].strip()
    low, high = value_of(first), value_of(second)
    if low is None or high is None:
        return None
    digits = first[0].isdigit(), second[0].isdigit()
    opened = (match["opened"] or "").lower()
    if joint == "and" and "between" not in opened:
        return None
    if joint in {"-", "–", "—"} and not all(digits):
        return None
    # “two to three thousand”: the scale is said once.
    scale = re.search(r"(?i)\b(hundred|thousand|million)$", second)
    if scale and low < high / 50 and not re.search(r"(?i)hundred|thousand|million", first):
        low *= _SCALES[scale[1].lower()]
    if low >= high:
        return None
    share = bool(match["pct1"] or match["pct2"])
    if share:
        low, high = low / 100, high / 100
    return Quantity(match.start(), match.end(), match.start("first"), low, high, "range", share)


def _share(match: re.Match[str]) -> float | None:
    if match["half"]:
        return 0.5
    if match["under"]:
        under = re.sub(r"(?:ves|s)$", "", match["under"].lower())
        under = {"hal": "half"}.get(under, under)
        over = _UNITS.get(match["over"].lower(), 1)
        share = over / _FRACTIONS[under]
        return share if share < 1 else None
    low, high = value_of(match["in"]), value_of(match["of"])
    if low is None or high is None or not low < high:
        return None
    return low / high


def value_of(text: str) -> float | None:
    """Return the value of a number in digits or words, or None if it is none.

    Examples
    --------
    >>> value_of("12,000"), value_of("1.5 million"), value_of("two thousand five hundred")
    (12000.0, 1500000.0, 2500.0)
    """
    text = text.lower().strip()
    digits = re.match(r"[\d.,\u00a0\u202f ]*\d", text)
    if digits:
        plain = re.sub(r"[,\u00a0\u202f ]", "", digits.group())
        try:
            value = float(plain)
        except ValueError:
            return None
        scale = text[digits.end() :].strip()
        return value * {"k": 1_000, "m": 1_000_000, **_SCALES}.get(scale, 1)
    total, part, seen = 0.0, 0.0, False
    if text.startswith("half a"):
        return _SCALES[text.split()[-1]] / 2
    for word in re.split(r"[ -]", text):
        if word in {"and", "a", "an"}:
            continue
        seen = True
        if word in _UNITS:
            part += _UNITS[word]
        elif word == "thousand" or word == "million":
            total += max(part, 1) * _SCALES[word]
            part = 0
        elif word in _SCALES:
            part = max(part, 1) * _SCALES[word]
        else:
            return None
    return total + part if seen else None
