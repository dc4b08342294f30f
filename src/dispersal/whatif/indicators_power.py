"""How well an early observable tells a late event, and which value of it makes the event likely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

if TYPE_CHECKING:
    from dispersal.whatif.indicators_seen import Seen

FloatArray = NDArray[np.float64]

#: Times that the draws are weighed anew.
RESAMPLES: Final = 200

#: Ends of the intervals.
INTERVAL: Final = (0.1, 0.9)

#: Times that an event is shuffled over the draws, to see what chance does.
SHUFFLES: Final = 40

#: A crossing is told if it is there in at least this share of the times that the draws are
#: weighed anew: otherwise it may be chance.
PASSED: Final = 0.8

#: A crossing is told if a value beyond it has at least this chance to be seen.
LEAST: Final = 0.02


@dataclass(frozen=True, slots=True)
class Power:
    """How well an observable tells an event.

    Parameters
    ----------
    auc : float
        Area under the ROC curve: the chance that the observable puts a draw with the event and
        one without it in the right order; ½ tells nothing.
    low, high : float
        80 % interval, from draws weighed anew.
    rising : bool
        Whether more of the observable makes the event more likely.
    """

    auc: float
    low: float
    high: float
    rising: bool


@dataclass(frozen=True, slots=True)
class Crossing:
    """The value at which the chance of an event passes a level.

    Parameters
    ----------
    value : float
        As the values of the observable: figures on log(1 + n).
    low, high : float
        80 % interval, from draws weighed anew.
    above : bool
        Whether it is larger values that take the event past the level, seen from what is expected
        before: above the level if its chance is now below, and below it if it is now above.
    chance : float
        That the observable has such a value.
    places : tuple of int
        Which of the observable's values these are.
    """

    value: float
    low: float
    high: float
    above: bool
    chance: float
    places: tuple[int, ...]


def weigh_anew(draws: int, seed: int) -> FloatArray:
    """Return weights of draws, as if they had been drawn anew, shape (RESAMPLES, D).

    The Bayesian bootstrap [1]_: exponential weights, with which no value of an observable is
    ever left without draws.

    References
    ----------
    .. [1] Rubin (1981), The Bayesian bootstrap. Annals of Statistics 9, 130-134.

    Examples
    --------
    >>> weigh_anew(50, seed=1).shape
    (200, 50)
    """
    return np.random.default_rng([seed, 0x1F3]).exponential(size=(RESAMPLES, draws))


def areas_of(seen: Seen, events: NDArray[np.bool_]) -> FloatArray:
    """Return the area under the ROC curve of an observable for several events, ½ or more.

    Values with an order are taken in it, from either end; others in the order of the chance of
    the event.

    Parameters
    ----------
    seen : Seen
    events : bool array, shape (E, D)

    Returns
    -------
    float array, shape (E,)
    """
    with_event, without = _joint(seen, events, np.ones((1, events.shape[1])))
    if not seen.ordered:
        order = np.stack([_order(seen, *row) for row in zip(with_event, without, strict=True)])
        with_event = np.take_along_axis(with_event, order, axis=1)
        without = np.take_along_axis(without, order, axis=1)
    found = _areas(with_event, without)
    return np.maximum(found, 1.0 - found)


def chance_floor(areas: FloatArray) -> float:
    """Return the area that the best of many observables reaches by chance alone.

    Parameters
    ----------
    areas : float array, shape (N, E)
        Of N observables for E events that were shuffled over the draws.

    Returns
    -------
    float
        What the largest exceeds in one of twenty shuffles [1]_.

    References
    ----------
    .. [1] Westfall and Young (1993), Resampling-based multiple testing, section 2.3.

    Examples
    --------
    >>> round(chance_floor(np.array([[0.51, 0.53, 0.52], [0.54, 0.5, 0.51]])), 3)
    0.539
    """
    return float(np.quantile(areas.max(axis=0), 0.95))


def power_of(seen: Seen, event: NDArray[np.bool_], anew: FloatArray) -> Power:
    """Return how well an observable tells an event, with an interval.

    Parameters
    ----------
    seen : Seen
    event : bool array, shape (D,)
    anew : float array, shape (B, D)
        From :func:`weigh_anew`.
    """
    weights = np.concatenate([np.ones((1, event.size)), anew])
    with_event, without = _joint(seen, event[None], weights)
    order = _order(seen, with_event[0], without[0])
    areas = _areas(with_event[:, order], without[:, order])
    rising = bool(areas[0] >= 0.5)
    areas = areas if rising else 1.0 - areas
    low, high = np.quantile(areas[1:], INTERVAL)
    return Power(float(areas[0]), float(low), float(high), rising)


def crossing_of(
    seen: Seen, event: NDArray[np.bool_], anew: FloatArray, level: float, *, rising: bool
) -> Crossing | None:
    """Return the value at which the chance of an event passes a level; None if none does.

    The chance of the event given each value, by the weights that the value gives to the draws,
    is made monotone by isotonic regression [1]_, and read between values along a line.

    Parameters
    ----------
    seen : Seen
    event : bool array, shape (D,)
    anew : float array, shape (B, D)
    level : float
        Between 0 and 1.
    rising : bool
        From :class:`Power`.

    References
    ----------
    .. [1] Barlow, Bartholomew, Bremner and Brunk (1972), Statistical inference under order
       restrictions, chapter 1.
    """
    weights = np.concatenate([np.ones((1, event.size)), anew])
    with_event, without = _joint(seen, event[None], weights)
    chance = with_event + without
    given = np.divide(with_event, chance, out=np.zeros_like(chance), where=chance > 0)
    up = event.mean() < level
    if not seen.ordered:
        return _which(given, chance[0], level, up=up)
    found = [
        _crossed(seen.values.value, row, mass, level, rising=rising)
        for row, mass in zip(given, chance, strict=True)
    ]
    values = np.array([np.nan if at is None else at for at in found])
    above = rising == up
    if np.isnan(values[0]):
        return None
    beyond = seen.values.value >= values[0] if above else seen.values.value < values[0]
    seen_with = float(chance[0][beyond].sum())
    again = values[1:][~np.isnan(values[1:])]
    if seen_with < LEAST or again.size < PASSED * len(anew):
        return None
    low, high = np.quantile(again, INTERVAL)
    return Crossing(
        float(values[0]), float(low), float(high), bool(above), seen_with,
        tuple(np.flatnonzero(beyond).tolist()),
    )  # fmt: skip


def _joint(
    seen: Seen, events: NDArray[np.bool_], weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the chance of each value together with an event, and without it, shape (B, K).

    ``events`` and ``weights`` have shape (B, D), or (1, D) for all of the other.
    """
    values = seen.values
    single = (values.likelihood / values.likelihood.sum(axis=1, keepdims=True)).astype(np.float32)
    both = np.concatenate([weights * events, weights * ~events]).astype(np.float32)
    shares = (both @ single.T).astype(float) * values.chance
    with_event, without = np.split(np.maximum(shares, 0.0), 2)
    total = (with_event + without).sum(axis=1, keepdims=True)
    return with_event / total, without / total


def _order(seen: Seen, with_event: FloatArray, without: FloatArray) -> NDArray[np.int64]:
    if seen.ordered:
        return np.arange(with_event.size)
    return np.argsort(with_event / np.maximum(with_event + without, 1e-300), kind="stable")


def _areas(with_event: FloatArray, without: FloatArray) -> FloatArray:
    """Return the chance that a value with the event is the larger; a tie counts half."""
    below = np.cumsum(without, axis=1) - without / 2
    pairs = with_event.sum(axis=1) * without.sum(axis=1)
    right = (with_event * below).sum(axis=1)
    return np.asarray(np.divide(right, pairs, out=np.full_like(pairs, 0.5), where=pairs > 0))


def _crossed(
    values: FloatArray, given: FloatArray, chance: FloatArray, level: float, *, rising: bool
) -> float | None:
    told = np.maximum(chance, 1e-12)
    curve = isotonic_regression(given, weights=told, increasing=rising).x
    if not rising:
        values, curve = -values[::-1], curve[::-1]
    after = int(np.searchsorted(curve, level))
    if after in (0, curve.size):
        return None
    start, end = curve[after - 1], curve[after]
    part = (level - start) / (end - start)
    at = float(values[after - 1] + part * (values[after] - values[after - 1]))
    return at if rising else -at


def _which(given: FloatArray, chance: FloatArray, level: float, *, up: bool) -> Crossing | None:
    """Return which values without an order take the event past a level."""
    past = given >= level if up else given < level
    sure = past[0] & (past[1:].mean(axis=0) >= PASSED) & (chance >= LEAST)
    if not sure.any() or sure.all():
        return None
    which = tuple(np.flatnonzero(sure).tolist())
    nan = float("nan")
    return Crossing(nan, nan, nan, above=up, chance=float(chance[sure].sum()), places=which)
