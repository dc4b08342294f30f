"""Flows on the map: how many are in each place, or home, by where they came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dispersal.forecast.placed import kinds_of
from dispersal.forecast.quantities import QUANTITIES
from dispersal.report.names import STRATA, centre
from dispersal.report.numbers import packed, quantiles, three_and_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dispersal.report.people import People

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
LEAST_OF_ONE: Final = 3.0

#: A 90 % quantile is that high only if the mean is more than this part of it.
SURELY: Final = 0.09

COLUMNS: Final = ("from", "stratum", "cohort", "fate", "to", "p10", "p50", "p90", "mean")

Key = dict[str, str]


def map_of(people: People) -> dict[str, Any]:
    """Return the centre of the map and every flow that is not next to nothing."""
    found = [*_to_places(people), *_by_stratum(people), *_home(people)]
    return {"centre": centre(people.forecast.case), "flows": packed(found, COLUMNS)}


def placed_states(people: People) -> dict[tuple[str, str], list[int]]:
    """Return the indices of the states at each place, whatever the host, by fate and place."""
    states: dict[tuple[str, str], list[int]] = {}
    for at, state in enumerate(people.ensemble.place_states):
        fate, place = state.split(":")[:2]
        states.setdefault((fate, place), []).append(at)
    return states


def _to_places(people: People) -> Iterator[dict[str, Any]]:
    """Yield everyone at places, by group of origins and by origin."""
    ensemble = people.ensemble
    for (fate, place), states in placed_states(people).items():
        if fate not in PLACED:
            continue
        ends = {"stratum": "all", "cohort": PLACED[fate], "fate": fate, "to": place}
        there = ensemble.places[:, :, states].sum(axis=2, dtype=np.int32)
        for group, chosen in people.kinds.items():
            counted = people.at_days(there[:, chosen].sum(axis=1, dtype=np.int32))
            yield from _flows({"from": group, **ends}, counted)
        means = there.mean(axis=0).max(axis=-1)
        for at in np.flatnonzero(means >= SURELY * LEAST_OF_ONE):
            key = {"from": ensemble.origins[at], **ends}
            yield from _flows(key, people.at_days(there[:, at]), LEAST_OF_ONE)


def _by_stratum(people: People) -> Iterator[dict[str, Any]]:
    """Yield men, women and minors at places by group of origins, where the run has them."""
    ensemble = people.ensemble
    if ensemble.strata_places is None:
        return
    for (fate, place), states in placed_states(people).items():
        if fate not in PLACED:
            continue
        there = ensemble.strata_places[:, :, :, states].sum(axis=3, dtype=np.int32)
        for group in people.kinds:
            kinds = kinds_of(ensemble, group, "all")
            counted = people.at_days(there[:, kinds].sum(axis=1, dtype=np.int32))
            for at, stratum in enumerate(ensemble.strata):
                key = {"from": group, "stratum": stratum, "cohort": PLACED[fate]}
                yield from _flows({**key, "fate": fate, "to": place}, counted[at])


def _home(people: People) -> Iterator[dict[str, Any]]:
    """Yield those home since the instant nearest to the cut-off, by home country."""
    strata = ["all", *(name for name in STRATA if name in people.ensemble.strata)]
    for stratum in strata:
        home = people.of_fates(QUANTITIES["returned"], stratum)[:, people.ahead :]
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
    mean = drawn.mean(axis=-1)
    if 2 * mean.max(initial=0.0) >= least:
        return True
    some = drawn[mean >= SURELY * least]
    return bool(quantiles(some, {"p90": 0.9})["p90"].max(initial=0.0) >= least)
