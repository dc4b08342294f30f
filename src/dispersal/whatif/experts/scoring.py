"""Scores of judgements, of pools and of the forecast, on the same questions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kendalltau

from dispersal.forecast.wording import number
from dispersal.metrics import crps
from dispersal.whatif.experts.measured import day_of_year

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispersal.whatif.experts.destinations import Reached
    from dispersal.whatif.experts.measured import Outcome
    from dispersal.whatif.experts.reading import Claim

FloatArray = NDArray[np.float64]

#: Values of an outcome that is only known within an interval; each counts the same.
WITHIN: Final = 21

#: What a score is called, by the scale of a number.
MEASURES: Final = {"count": "crps_log", "year": "crps_years", "share": "crps_share"}

#: Part of the time that an 80 % interval may miss.
ALPHA: Final = 0.2


def values_of(found: Outcome, scale: str) -> FloatArray:
    """Return an outcome as equally likely values, on the scale of its score, shape (V,).

    Of an interval, evenly spaced on that scale: the score of a judgement is its mean over them.
    """
    low, high = found.low, found.high
    if low is None or high is None:
        raise ValueError("an outcome without two ends has no values")
    ends = (math.log1p(low), math.log1p(high)) if scale == "count" else (low, high)
    return np.linspace(*ends, WITHIN) if high > low else np.array([ends[0]])


def number_score(draws: FloatArray, values: FloatArray) -> float:
    """Return the CRPS of draws, mean over the values that the outcome may have.

    Examples
    --------
    >>> number_score(np.array([1.0, 1.0]), np.array([2.0, 4.0]))
    2.0
    """
    return float(np.mean([crps(draws, value) for value in values]))


def interval_score(low: float, high: float, values: FloatArray) -> float:
    """Return the score of an 80 % interval: its width, and 10 times how far the outcome is off.

    Gneiting and Raftery (2007), JASA 102, equation 43, with α = 0.2; smaller is better.

    Examples
    --------
    >>> interval_score(0.0, 1.0, np.array([0.5])), interval_score(0.0, 1.0, np.array([1.5]))
    (1.0, 6.0)
    """
    outside = np.maximum(low - values, 0.0) + np.maximum(values - high, 0.0)
    return float(high - low + 2.0 / ALPHA * outside.mean())


def brier(chance: float, truth: bool) -> float:
    """Return the Brier score of a probability: from 0, the best, to 1.

    Examples
    --------
    >>> brier(0.75, True), brier(0.75, False)
    (0.0625, 0.5625)
    """
    return (chance - float(truth)) ** 2


def log_score(chance: float, truth: bool) -> float:
    """Return minus the log of the probability of what came true, in nats; infinite for 0.

    Examples
    --------
    >>> round(log_score(0.75, True), 3), log_score(1.0, False)
    (0.288, inf)
    """
    given = chance if truth else 1.0 - chance
    return -math.log(given) if given > 0 else math.inf


def rank_agreement(named: Sequence[float | None], counted: Sequence[float | None]) -> float | None:
    """Return Kendall's τ-b of an order and of counts; None for fewer than two counts.

    Parameters
    ----------
    named : sequence of float or None
        Larger is ranked higher.
    counted : sequence of float or None
        What was counted, or None.

    Examples
    --------
    >>> rank_agreement([3, 2, 1], [90, 40, None]), rank_agreement([2, 1], [5, None])
    (1.0, None)
    """
    pairs = [(a, b) for a, b in zip(named, counted, strict=True) if a is not None and b is not None]
    if len(pairs) < 2 or len({b for _, b in pairs}) < 2 or len({a for a, _ in pairs}) < 2:
        return None
    return float(kendalltau(*zip(*pairs, strict=True)).statistic)


def first_named(places: Sequence[Reached]) -> bool | None:
    """Return whether the name that comes first saw the most, of those that were counted."""
    counted = [(one.size, at) for at, one in enumerate(places) if one.size is not None]
    if len(counted) < 2 or counted[0][1] != 0:
        return None
    return counted[0][0] >= max(size for size, _ in counted)


def number_verdict(claim: Claim, ends: tuple[float, float], values: FloatArray) -> tuple[str, bool]:
    """Return in words how far the outcome lies from an 80 % interval, and whether within.

    Parameters
    ----------
    claim : Claim
    ends : tuple of float
        10 % and 90 % quantile, on the scale of the score.
    values : float array
        As :func:`values_of`.
    """
    low, high = ends
    if values.max() >= low and values.min() <= high:
        return "right: inside the 80 % interval", True
    below = bool(values.max() < low)
    gap = low - float(values.max()) if below else float(values.min()) - high
    if claim.scale == "year":
        days = abs((day_of_year(float(values[0])) - day_of_year(low if below else high)).days)
        span = f"{days} days" if days < 62 else f"{round(days / 30.44)} months"
        return f"wrong: the end came {span} {'earlier' if below else 'later'}", False
    side = "fewer" if below else "more"
    if claim.scale == "share":
        return f"wrong: {side} by {100 * gap:.0f} points", False
    edge = math.expm1(low) if below else math.expm1(high)
    found = math.expm1(float(values.max())) if below else math.expm1(float(values.min()))
    times = edge / max(found, 1.0) if below else found / max(edge, 1.0)
    return f"wrong: {side} by a factor of {times:.1f} ({number(found)})", False


def event_verdict(chance: float, truth: bool) -> tuple[str, bool | None]:
    """Return in words on which side of even a probability was, and whether on the right one.

    Examples
    --------
    >>> event_verdict(0.75, False), event_verdict(0.5, True)
    (('wrong: it did not happen', False), ('took no side: it happened', None))
    """
    what = "it happened" if truth else "it did not happen"
    if chance == 0.5:
        return f"took no side: {what}", None
    right = (chance > 0.5) == truth
    return f"{'right' if right else 'wrong'}: {what}", right


def places_verdict(places: Sequence[Reached]) -> str:
    """Return in words how many of the named places were reached, and whether the first led."""
    hits = sum(one.reached is True for one in places)
    none = sum(one.reached is False for one in places)
    said = f"{hits} of {len(places)} named came true"
    if none:
        said += f", {none} did not"
    if hits + none < len(places):
        said += f", nothing known of {len(places) - hits - none}"
    lead = first_named(places)
    if lead is not None:
        said += "; the first saw the most" if lead else "; the first did not see the most"
    return said
