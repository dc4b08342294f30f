"""What the days are like: who is in conflict, what is closed, who flees, one row a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dispersal.displacement.events import NO_CONFLICT
from dispersal.displacement.flee_files import QUIET

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.displacement.events import Closure
    from dispersal.displacement.flee_files import FleeFolder
    from dispersal.displacement.network import Network
    from dispersal.displacement.settings import Settings

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """Everything that a day brings from outside.

    Parameters
    ----------
    chance, score : ndarray, shape (T, N)
        Chance to leave a place on a day; its score.
    camp : ndarray of bool, shape (T, N)
        Whether it is a camp, and refuses people when crowded.
    danger : ndarray, shape (T, N)
        Intensity of the conflict × its decay: the weight of a place per inhabitant among those
        where people flee from.
    opened, closing : ndarray of bool, shape (T, P)
        Whether a road is open; whether it closes on this day.
    fleeing : ndarray, shape (T,)
        How many people flee on a day.
    debt : ndarray, shape (T,)
        How many must flee before anyone is counted again, because counts fell.
    """

    chance: Floats
    score: Floats
    camp: Flags
    danger: Floats
    opened: Flags
    closing: Flags
    fleeing: Floats
    debt: Floats


#: Nothing has happened to a place on this day.
NOTHING = np.nan


def make_schedule(folder: FleeFolder, network: Network) -> Schedule:
    """Carry out conflicts and closures of all days, in Flee's order.

    Conflicts change first, then people flee, then closures hold, then scores are taken. The decay
    by which people flee is that of the day before, unless a conflict changed on the day itself.
    A place is as the last event has left it: events of all days are written into tables of days
    and places, and held from each to the next.
    """
    settings, locations = folder.settings, folder.locations
    days, nodes = folder.figures.days, len(locations)
    shape = (days, nodes)
    chances = {
        "camp": settings.camp_movechance,
        "idp_camp": settings.idpcamp_movechance,
        "conflict": settings.conflict_movechance,
        "town": settings.default_movechance,
    }
    chance, camp, intensity = (np.full(shape, NOTHING) for _ in range(3))
    chance[:1] = [chances.get(place.kind, 1.0) for place in locations]
    is_camp = [place.kind in ("camp", "idp_camp") for place in locations]
    camp[:1] = np.array(is_camp, dtype=bool) | (chance[:1] < QUIET)
    intensity[:1] = [place.intensity for place in locations]
    fights = np.asarray(folder.intensities > NO_CONFLICT)
    before = np.zeros_like(fights)
    before[1:] = fights[:-1]
    begins, ends = fights & ~before, before & ~fights
    chance[begins], chance[ends] = settings.conflict_movechance, settings.default_movechance
    intensity[begins], intensity[ends] = folder.intensities[begins], 0.0
    since = _held(np.where(begins, np.arange(days)[:, None], NOTHING))
    fled_at = intensity.copy()
    opened, closing = _close(folder, network, chance, camp, intensity)
    chance, camp = _held(chance), _held(camp) > 0
    # What closures do to a place counts for those who flee from the day after.
    after = _held(intensity)
    yesterday = np.concatenate([after[:1], after[:-1]])
    danger = np.where(np.isnan(fled_at), yesterday, fled_at)
    since[np.isnan(since)] = -1
    decay = _decay(settings, since, np.arange(days))
    changed = np.asarray((begins | ends).any(axis=1))
    changed[:1] = True
    seen = _decay(settings, since, np.where(changed, 0, -1) + np.arange(days))
    score: Floats = np.where(camp, settings.camp_weight, 1.0)
    score *= np.where([place.foreign for place in locations], settings.foreign_weight, 1.0)
    at_war = np.asarray(after > 0)
    score[at_war] *= settings.conflict_weight ** (decay[at_war] * after[at_war])
    fleeing, debt = _fleeing(folder)
    return Schedule(chance, score, camp, danger * seen, opened, closing, fleeing, debt)


def _held(events: Floats) -> Floats:
    """Return a table in which what happened on a day, not NaN, holds until something else does."""
    rows = np.where(np.isnan(events), 0, np.arange(len(events))[:, None])
    rows = np.maximum.accumulate(rows, axis=0)
    return np.asarray(np.take_along_axis(events, rows, axis=0))


def _decay(settings: Settings, since: Floats, now: NDArray[np.int64]) -> Floats:
    """Return the decay of each conflict on each day, by the days since it began."""
    step = ((now[:, None] - since) / settings.conflict_spawn_decay_interval).astype(np.int64)
    factors = np.array(settings.conflict_spawn_decay)
    return np.asarray(factors[np.minimum(step, len(factors) - 1)])


def _close(
    folder: FleeFolder, network: Network, chance: Floats, camp: Floats, intensity: Floats
) -> tuple[Flags, Flags]:
    """Close and open roads and camps; return which roads are open, and which close, by day."""
    settings, days = folder.settings, folder.figures.days
    names = {location.name: at for at, location in enumerate(folder.locations)}
    countries = np.array([location.country for location in folder.locations])
    opened = np.ones((days, len(network.pairs)), dtype=bool)
    closing = np.zeros_like(opened)
    events = []
    for order, closure in enumerate(folder.closures):
        events += [(closure.start, order, False, closure), (closure.end, order, True, closure)]
    for day, _, opens, closure in sorted(events, key=lambda event: event[:3]):
        if not 0 <= day < days:
            continue
        if closure.kind in ("camp", "idpcamp"):
            at = names[closure.name1]
            now = settings.default_movechance
            if opens:
                idp = closure.kind == "idpcamp"
                now = settings.idpcamp_movechance if idp else settings.camp_movechance
            chance[day, at], camp[day, at], intensity[day, at] = now, opens, 0.0
            continue
        roads = _roads_of(closure, network, names, countries)
        if not opens:
            closing[day] |= roads & opened[day]
        opened[day:, roads] = opens
    return opened, closing


def _roads_of(
    closure: Closure, network: Network, names: dict[str, int], countries: NDArray[np.str_]
) -> Flags:
    """Return which roads a closure closes, both ways."""
    starts, ends = network.pairs[:, 0], network.pairs[:, 1]
    if closure.kind == "country":
        one, two = countries == closure.name1, countries == closure.name2
        return np.asarray((one[starts] & two[ends]) | (two[starts] & one[ends]))
    first = names[closure.name1]
    if closure.kind == "location":
        return np.asarray((starts == first) | (ends == first))
    second = names[closure.name2]
    return np.asarray(
        ((starts == first) & (ends == second)) | ((starts == second) & (ends == first))
    )


def _fleeing(folder: FleeFolder) -> tuple[Floats, Floats]:
    """Return how many flee on each day, and the debt after it."""
    figures, settings = folder.figures, folder.settings
    numbers = np.arange(figures.days)
    series = list(figures.series.items())
    counted = [one for name, one in series[1:]]
    if not settings.sum_from_camps:
        counted = [one for name, one in series if name == "total"]
    total = np.zeros(figures.days, dtype=np.int64)
    for one in counted:
        total = total + one.on(numbers)
    change = np.diff(total, prepend=0)
    if settings.insert_day0 and len(change):
        change[0] = 0
    fleeing, debts = np.zeros(figures.days), np.zeros(figures.days)
    debt = 0
    for day, more in enumerate(change.tolist()):
        new = more - debt
        debt = max(-new, 0)
        fleeing[day], debts[day] = max(new, 0), debt
    return fleeing, debts
