"""Flows on the map: how many are in each place, or home, by where they came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dispersal.report.names import STRATA, centre
from dispersal.report.numbers import packed, quantiles, three_and_mean
from dispersal.report.people import draws_last

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dispersal.report.people import People, Whole

#: Fates with places outside custody, and their cohort.
PLACED: Final = {
    "underground": "holdouts",
    "resurgent": "holdouts",
    "elsewhere": "free_agents",
    "third_country": "free_agents",
}

#: A flow is left out if neither its 90 % quantile nor twice its mean ever reaches this.
LEAST: Final = 1.0

#: The same for a single home country's flows to places, of which there are very many.
LEAST_OF_ONE: Final = 2.0

COLUMNS: Final = ("from", "stratum", "cohort", "fate", "to", "p10", "p50", "p90", "mean")

Key = dict[str, str]


def map_of(people: People) -> dict[str, Any]:
    """Return the centre of the map and every flow that is not next to nothing."""
    found = [*_to_places(people), *_home(people)]
    return {"centre": centre(people.forecast.case), "flows": packed(found, COLUMNS)}


def at_places(people: People) -> Iterator[tuple[str, str, Whole]]:
    """Yield fate, place and the people of all strata there, shape (O, A, D), from now on."""
    ensemble = people.ensemble
    states: dict[tuple[str, str], list[int]] = {}
    for at, state in enumerate(ensemble.place_states):
        fate, place = state.split(":")[:2]
        states.setdefault((fate, place), []).append(at)
    for (fate, place), indices in states.items():
        there = ensemble.places[:, :, indices].sum(axis=2, dtype=np.int32)
        yield fate, place, draws_last(there)


def _to_places(people: People) -> Iterator[dict[str, Any]]:
    for fate, place, there in at_places(people):
        if fate not in PLACED:
            continue
        ends = {"cohort": PLACED[fate], "fate": fate, "to": place}
        for group, chosen in people.kinds.items():
            yield from _flows({"from": group, "stratum": "all", **ends}, there[chosen].sum(axis=0))
        for at, origin in enumerate(people.ensemble.origins):
            key = {"from": origin, "stratum": "all", **ends}
            yield from _flows(key, there[at], LEAST_OF_ONE)


def _home(people: People) -> Iterator[dict[str, Any]]:
    """Yield those home since the instant nearest to the cut-off, by home country."""
    strata = ["all", *(name for name in STRATA if name in people.ensemble.strata)]
    for stratum in strata:
        home = people.of("returned", stratum)[:, people.ahead :]
        since = home - home[:, :1]
        for at, origin in enumerate(people.ensemble.origins):
            key = {"from": origin, "stratum": stratum, "cohort": "returnees"}
            yield from _flows({**key, "fate": "returned", "to": origin}, since[at])


def _flows(key: Key, drawn: NDArray[Any], least: float = LEAST) -> Iterator[dict[str, Any]]:
    """Yield a flow, or nothing where there is next to nobody; drawn has shape (A, D)."""
    if shows(drawn, least):
        yield {**key, **three_and_mean(drawn)}


def shows(drawn: NDArray[Any], least: float = LEAST) -> bool:
    """Return whether a flow is large enough at any instant to be shown.

    Parameters
    ----------
    drawn : array, shape (A, D)
    least : float
        What the 90 % quantile, or twice the mean, has to reach.

    Examples
    --------
    >>> shows(np.array([[0, 0, 0, 1]])), shows(np.array([[0, 0, 1, 2]]))
    (False, True)
    """
    if 2 * drawn.mean(axis=-1).max(initial=0.0) >= least:
        return True
    # A quantile above 0 needs somebody in one draw of ten.
    somebody = (drawn > 0).mean(axis=-1) >= 0.09
    if not somebody.any():
        return False
    return bool(quantiles(drawn[somebody], {"p90": 0.9})["p90"].max(initial=0.0) >= least)
