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
    from dispersal.displacement.places import Location
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


class _Places:
    """What the locations are on a day."""

    def __init__(self, locations: tuple[Location, ...], settings: Settings) -> None:
        self.settings = settings
        chances = {
            "camp": settings.camp_movechance,
            "idp_camp": settings.idpcamp_movechance,
            "conflict": settings.conflict_movechance,
            "town": settings.default_movechance,
        }
        self.chance = np.array([chances.get(place.kind, 1.0) for place in locations])
        is_camp = [place.kind in ("camp", "idp_camp") for place in locations]
        self.camp = np.array(is_camp, dtype=bool) | (self.chance < QUIET)
        self.intensity = np.array([place.intensity for place in locations])
        self.since = np.full(len(locations), -1)
        self.foreign = np.array([place.foreign for place in locations])

    def fight(self, day: int, intensities: Floats) -> bool:
        """Carry out the transitions of a day; return whether there were any."""
        now = intensities[day]
        before = intensities[day - 1] if day else np.zeros_like(now)
        begins = (now > NO_CONFLICT) & ~(before > NO_CONFLICT)
        ends = (now <= NO_CONFLICT) & (before > NO_CONFLICT)
        self.chance[begins] = self.settings.conflict_movechance
        self.intensity[begins] = now[begins]
        self.since[begins] = day
        self.chance[ends] = self.settings.default_movechance
        self.intensity[ends] = 0.0
        return bool(begins.any() or ends.any())

    def close(self, at: int) -> None:
        """Turn a camp into a town."""
        self.chance[at] = self.settings.default_movechance
        self.camp[at], self.intensity[at] = False, 0.0

    def open(self, at: int, *, idp: bool) -> None:
        """Turn a town into a camp."""
        settings = self.settings
        self.chance[at] = settings.idpcamp_movechance if idp else settings.camp_movechance
        self.camp[at], self.intensity[at] = True, 0.0

    def decayed(self, day: int) -> Floats:
        """Return the decay of each conflict on a day."""
        settings = self.settings
        step = ((day - self.since) / settings.conflict_spawn_decay_interval).astype(np.int64)
        factors = np.array(settings.conflict_spawn_decay)
        return np.asarray(factors[np.minimum(step, len(factors) - 1)])

    def scores(self, day: int) -> Floats:
        """Return the score of each place."""
        settings = self.settings
        score = np.where(self.foreign, settings.foreign_weight, 1.0)
        score = score * np.where(self.camp, settings.camp_weight, 1.0)
        fights = settings.conflict_weight ** (self.decayed(day) * self.intensity)
        return np.asarray(score * np.where(self.intensity > 0, fights, 1.0))


def make_schedule(folder: FleeFolder, network: Network) -> Schedule:
    """Carry out conflicts and closures day by day, in Flee's order.

    Conflicts change first, then people flee, then closures hold, then scores are taken. The decay
    by which people flee is that of the day before, unless a conflict changed on the day itself.
    """
    days, nodes = folder.figures.days, len(folder.locations)
    places = _Places(folder.locations, folder.settings)
    names = {location.name: at for at, location in enumerate(folder.locations)}
    countries = np.array([location.country for location in folder.locations])
    open_now = np.ones(len(network.pairs), dtype=bool)
    chance, score, danger = (np.zeros((days, nodes)) for _ in range(3))
    camp = np.zeros((days, nodes), dtype=bool)
    opened, closing = (np.zeros((days, len(network.pairs)), dtype=bool) for _ in range(2))
    roads_of = [_roads_of(closure, network, names, countries) for closure in folder.closures]
    for day in range(days):
        changed = places.fight(day, folder.intensities)
        seen = day if changed or day == 0 else day - 1
        danger[day] = places.intensity * places.decayed(seen)
        for closure, roads in zip(folder.closures, roads_of, strict=True):
            if day == closure.start:
                if closure.kind in ("camp", "idpcamp"):
                    places.close(names[closure.name1])
                closing[day] |= roads & open_now
                open_now = open_now & ~roads
            if day == closure.end:
                if closure.kind in ("camp", "idpcamp"):
                    places.open(names[closure.name1], idp=closure.kind == "idpcamp")
                open_now = open_now | roads
        chance[day], score[day], camp[day] = places.chance, places.scores(day), places.camp
        opened[day] = open_now
    fleeing, debt = _fleeing(folder)
    return Schedule(chance, score, camp, danger, opened, closing, fleeing, debt)


def _roads_of(
    closure: Closure, network: Network, names: dict[str, int], countries: NDArray[np.str_]
) -> Flags:
    """Return which roads a closure closes, both ways."""
    starts, ends = network.pairs[:, 0], network.pairs[:, 1]
    if closure.kind == "country":
        one, two = countries == closure.name1, countries == closure.name2
        return np.asarray((one[starts] & two[ends]) | (two[starts] & one[ends]))
    if closure.kind in ("camp", "idpcamp"):
        return np.zeros(len(starts), dtype=bool)
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
