"""From names and days to the indices of an ensemble's arrays."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispersal.case.asking import Day, day_of
from dispersal.errors import InputError
from dispersal.forecast.quantities import (
    GROUPS,
    PUBLISHED,
    STRATUM_QUANTITIES,
    WHO,
    Counted,
    require_name,
)
from dispersal.model.states import MOVES, fate_of

if TYPE_CHECKING:
    from dispersal.forecast.ensemble_types import Ensemble

Counts = NDArray[np.int64] | NDArray[np.int32] | NDArray[np.uint16] | NDArray[np.uint16 | np.int32]
FloatArray = NDArray[np.float64]


def last_day(ensemble: Ensemble) -> dt.date:
    """Return the last day of the simulated months."""
    return ensemble.months.instant(ensemble.months.steps) - dt.timedelta(days=1)


def day_within(ensemble: Ensemble, date: Day | None) -> dt.date:
    """Return a day of the period; None is its last.

    Raises
    ------
    InputError
        If it is no day, or lies outside; the message has the nearest.
    """
    last = last_day(ensemble)
    if date is None:
        return last
    when = day_of(date)
    first = ensemble.months.instant(0)
    if not first <= when <= last + dt.timedelta(days=1):
        nearest = min(max(when, first), last)
        raise InputError(
            f"found date {when}, expected a day from {first} to {last}; the nearest is {nearest}"
        )
    return when


def quarter_ends(ensemble: Ensemble) -> list[dt.date]:
    """Return the cut-off, the ends of the quarters after it, and the last day."""
    every = ensemble.months.instants()
    firsts = [day for day in every if day.month in (1, 4, 7, 10) and day.day == 1]
    last = last_day(ensemble)
    start = min(max(ensemble.cutoff, ensemble.months.instant(0)), last)
    ends = {day - dt.timedelta(days=1) for day in firsts}
    return sorted({day for day in ends if start < day < last} | {start, last})


def origins_of(ensemble: Ensemble, origin: str | None) -> list[int]:
    """Return the indices of an origin, or of a group of origins; None is ``foreign``.

    Raises
    ------
    InputError
        For an unknown name.
    """
    name = "foreign" if origin is None else origin
    if name in GROUPS:
        kinds = {row.origin: row.kind for row in ensemble.case.origins}
        return [at for at, code in enumerate(ensemble.origins) if name in ("all", kinds.get(code))]
    require_name("origin", name, (*ensemble.origins, *GROUPS))
    return [ensemble.origins.index(name)]


def series_of(ensemble: Ensemble, what: Counted, origin: str | None) -> str:
    """Return the origin that publishes a series of what is counted.

    Raises
    ------
    InputError
        If nobody publishes such a series.
    """
    if what.series not in PUBLISHED:
        raise InputError(
            f"found as_published for {what.name!r}, expected one of {', '.join(PUBLISHED)} "
            f"or one of {', '.join(STRATUM_QUANTITIES)}: nothing else has a national series"
        )
    if origin is None or origin in GROUPS:
        raise InputError(
            "found as_published without an origin, expected one: "
            "each home country publishes its own series"
        )
    origins_of(ensemble, origin)
    return origin


def strata_of(ensemble: Ensemble, stratum: str) -> list[int]:
    """Return the indices of a stratum's parts; empty if the case does not tell it apart."""
    return [at for at, name in enumerate(ensemble.strata) if name in WHO[stratum]]


def states_of(ensemble: Ensemble, fates: tuple[str, ...]) -> list[int]:
    """Return the indices of the states at places that belong to some fates."""
    return [at for at, name in enumerate(ensemble.place_states) if fate_of(name) in fates]


def states_at(ensemble: Ensemble, fates: tuple[str, ...], place: str) -> list[int]:
    """Return the indices of the states of some fates at a place, or at a place and host.

    Raises
    ------
    InputError
        If none of the fates is possible there.
    """
    known: dict[str, list[int]] = {}
    for at in states_of(ensemble, fates):
        _, code, *host = ensemble.place_states[at].split(":")
        known.setdefault(code, []).append(at)
        if host:
            known.setdefault(f"{code}:{host[0]}", []).append(at)
    require_name("place", place, known)
    return known[place]


def position_ahead(ensemble: Ensemble, when: dt.date) -> float:
    """Return where a day lies after ``now``, in steps.

    Raises
    ------
    InputError
        For a day before the cut-off.
    """
    start = min(ensemble.cutoff, ensemble.months.instant(ensemble.now))
    if when < start:
        raise InputError(
            f"found date {when}, expected a day from {start} to {last_day(ensemble)}: "
            "places are counted from the cut-off on"
        )
    # The instant nearest to the cut-off may lie after it.
    return max(ensemble.months.position(when) - ensemble.now, 0.0)


def moved(ensemble: Ensemble, move: str, when: dt.date) -> FloatArray:
    """Return how many have ever made a move since the cut-off, shape (D,); everyone counts.

    Raises
    ------
    InputError
        For an unknown move, a day before the cut-off, or a run saved before format 4.
    """
    require_name("move", move, MOVES)
    if ensemble.moves is None:
        raise InputError(
            f"found the move {move!r} of a forecast of an earlier format, expected one of "
            "format 4: forecast again"
        )
    return at_position(ensemble.moves[:, MOVES.index(move)], position_ahead(ensemble, when))


def fates_around(ensemble: Ensemble, when: dt.date) -> tuple[list[NDArray[np.int32]], float]:
    """Return the counts by fate at the instants before and after a day, and how far it is on."""
    position = ensemble.months.position(when)
    left = min(int(position), ensemble.months.steps - 1)
    return [ensemble.by_fate.at(at) for at in (left, left + 1)], position - left


def at_position(values: Counts, position: float) -> FloatArray:
    """Return counts on the last axis at a position between instants, linear between them.

    Examples
    --------
    >>> at_position(np.array([[0, 10, 30]], dtype=np.uint16), 1.5).tolist()
    [20.0]
    """
    left = min(int(position), values.shape[-1] - 2)
    weight = position - left
    before, after = values[..., left], values[..., left + 1]
    return np.asarray(before.astype(np.float64) * (1.0 - weight) + after * weight)
