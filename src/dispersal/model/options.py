"""Options: which sanctuary, theatre or third country, for those who stay near or move on.

A nested choice: the fates compete (``fates``), and within a fate the place is a logit of named
covariates (lines S6, S8, S9 and S11). What follows multiplies out to shares per origin.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dispersal import world
from dispersal.model.design import coordinates, country_of, theatre_centre
from dispersal.model.states import ALONE, StateSpace

if TYPE_CHECKING:
    from dispersal.case import Case
    from dispersal.model.forward import Forward
    from dispersal.model.hosts import Welcome

FloatArray = NDArray[np.float64]

#: A place of unknown governance counts as in the middle of the scale.
UNKNOWN_GOVERNANCE = 0.0

#: How much staying alone at a theatre weighs against joining a host whose welcome counts nothing.
ALONE_WEIGHT = 0.25

#: Nearest distance that distances between countries can tell apart, km.
NEAREST_KM = 50.0

#: Share of the local members captured who are held in their own country.
HELD_AT_HOME = 0.9


@dataclass(frozen=True, eq=False)
class Covariates:
    """Facts about n places, seen from O origins.

    Parameters
    ----------
    km_theatre : float array, shape (n,)
        Distance from the home theatre's centre, km.
    km_origin : float array, shape (O, n)
        Distance from the origin, km.
    language : float array, shape (O, n)
        Share of a common language, 0 to 1.
    governance, conflict : float array, shape (n,)
        WGI score; log(1 + deaths of conflict in a year).
    foreign : bool array, shape (O, n)
        False where the place lies in the origin's own country: to go there is to go home.
    """

    km_theatre: FloatArray
    km_origin: FloatArray
    language: FloatArray
    governance: FloatArray
    conflict: FloatArray
    foreign: NDArray[np.bool_]


def covariates(case: Case, places: tuple[str, ...]) -> Covariates:
    """Return the covariates of some places of a case.

    Parameters
    ----------
    places : tuple of str, length n
        Places of places.csv, or of the home theatre.

    Returns
    -------
    Covariates

    Examples
    --------
    >>> from dispersal.case import load_case
    >>> facts = covariates(load_case("isis_2017"), ("LBY", "AFG"))
    >>> facts.governance.tolist(), facts.km_theatre.round(-2).tolist()
    ([-1.8919, -1.2264], [2500.0, 2700.0])
    """
    rows = {place.place: place for place in case.places}
    centre = theatre_centre(case)
    origins = [row.origin for row in case.origins]
    points = np.array([coordinates(case, place) for place in places]).reshape(-1, 2)
    homes = np.array([coordinates(case, origin) for origin in origins])
    lands = [country_of(case, place) for place in places]
    own = [country_of(case, origin) for origin in origins]
    language = np.zeros((len(origins), len(places)))
    foreign = np.ones_like(language, dtype=bool)
    for i, home in enumerate(own):
        for j, land in enumerate(lands):
            foreign[i, j] = home is None or home != land
            if home and land:
                language[i, j] = world.common_language_share(home, land)
    known = [rows.get(place) for place in places]
    return Covariates(
        km_theatre=world.great_circle_km(*centre, points[:, 0], points[:, 1]),
        km_origin=world.great_circle_km(
            homes[:, None, 0], homes[:, None, 1], points[None, :, 0], points[None, :, 1]
        ),
        language=language,
        governance=np.array(
            [
                UNKNOWN_GOVERNANCE if row is None or row.governance is None else row.governance
                for row in known
            ]
        ),
        conflict=np.array(
            [math.log1p((row.conflict_deaths or 0.0) if row else 0.0) for row in known]
        ),
        foreign=foreign,
    )


def softmax(utility: FloatArray, allowed: NDArray[np.bool_] | None = None) -> FloatArray:
    """Return the logit shares along the last axis; 0 for what is not allowed, also if nothing is.

    Parameters
    ----------
    utility : float array, shape (..., n)
    allowed : bool array, broadcastable to (..., n), optional
        Default: everything.

    Returns
    -------
    float array, shape (..., n)
        Sums to 1 along the last axis, or to 0 where nothing is allowed.

    Examples
    --------
    >>> softmax(np.zeros(2), np.array([True, False])).tolist()
    [1.0, 0.0]
    """
    if utility.shape[-1] == 0:
        return utility
    if allowed is not None:
        utility = np.where(allowed, utility, -np.inf)
    top = utility.max(axis=-1, keepdims=True)
    weight = np.exp(utility - np.where(np.isfinite(top), top, 0.0))
    total = weight.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(weight, total, out=np.zeros_like(weight), where=total > 0))


def sanctuary_shares(forward: Forward, welcome: Welcome, facts: Covariates) -> FloatArray:
    """Return the share of each sanctuary among those who stay near.

    Locals weigh the distance from their own country's centre, foreigners that from the
    theatre's, in 100 km. A sanctuary whose host is gone takes nobody.

    Parameters
    ----------
    welcome, facts : Welcome, Covariates
        Of the n sanctuaries.

    Returns
    -------
    float array, shape (D, O, n)
        Sums to 1 over the sanctuaries, or to 0 where the host of each is gone.
    """
    values, design = forward.values, forward.design
    km = np.where(design.local[:, None], facts.km_origin, facts.km_theatre[None, :]) / 100.0
    utility = (
        _by(values["sanctuary_governance"]) * facts.governance
        + _by(values["sanctuary_distance"]) * km[None]
        + _by(values["sanctuary_welcome"]) * welcome.at_start
    )
    return softmax(utility, welcome.available)


def theatre_shares(
    forward: Forward, space: StateSpace, welcome: Welcome, facts: Covariates
) -> FloatArray:
    """Return the share of each theatre's place among those bound for a theatre.

    A place's welcome is that of its warmest host that is not gone.

    Parameters
    ----------
    welcome : Welcome
        Of ``space.theatres``, pairs of place and host.
    facts : Covariates
        Of ``space.theatre_places``, n of them.

    Returns
    -------
    float array, shape (D, O, n)
        Sums to 1 over the places, or to 0 for an origin in whose country all of them lie.
    """
    values = forward.values
    warmest = np.array(
        [
            max(
                welcome.at_start[at]
                for at, (place, _) in enumerate(space.theatres)
                if place == wanted and welcome.available[at]
            )
            for wanted in space.theatre_places
        ]
    )
    utility = (
        _by(values["theatre_distance"]) * _log_thousands(facts.km_theatre)
        + _by(values["theatre_homeward"]) * _log_thousands(facts.km_origin)[None]
        + _by(values["theatre_language"]) * facts.language[None]
        + _by(values["theatre_governance"]) * facts.governance
        + _by(values["theatre_conflict"]) * facts.conflict
        + _by(values["theatre_welcome"]) * warmest
    )
    return softmax(utility, facts.foreign[None])


def third_country_shares(forward: Forward, facts: Covariates) -> FloatArray:
    """Return the share of each third country among those bound for one.

    Returns
    -------
    float array, shape (D, O, n)
        Sums to 1 over the countries, or to 0 for an origin that is the only one of them.
    """
    values = forward.values
    utility = (
        _by(values["third_country_distance"]) * _log_thousands(facts.km_theatre)
        + _by(values["third_country_language"]) * facts.language[None]
    )
    return softmax(utility, facts.foreign[None])


def host_shares(forward: Forward, space: StateSpace, welcome: Welcome) -> FloatArray:
    """Return how arrivals at a theatre split among its hosts.

    A small share stays alone even where a host is near, and a host that is gone has none.

    Returns
    -------
    float array, shape (D, theatres)
        Sums to 1 over the hosts of each place.
    """
    weight = np.exp(forward.values["theatre_welcome"][:, None] * 2.0 * welcome.at_start[None, :])
    alone = np.array([host == ALONE for _, host in space.theatres])
    weight = np.where(alone[None, :], ALONE_WEIGHT, weight) * welcome.available
    places = np.array([space.theatre_places.index(place) for place, _ in space.theatres], dtype=int)
    total = np.zeros((weight.shape[0], len(space.theatre_places)))
    for at, place in enumerate(places):
        total[:, place] += weight[:, at]
    return np.asarray(weight / total[:, places])


def custody_shares(forward: Forward, space: StateSpace) -> FloatArray:
    """Return where those captured in the home theatre are held.

    ``territory_custody`` of the foreigners are held in the country that the case names first, the
    others in the other countries alike; nine in ten locals are held in their own. Within a
    country, places count alike.

    Returns
    -------
    float array, shape (D, O, custody places)
        Sums to 1 over ``space.custody``.
    """
    design = forward.design
    case = design.case
    lands = [country_of(case, place) for place in space.custody]
    first = country_of(case, case.territory.places[0])
    share = forward.values["territory_custody"][:, None]
    foreigners = _held_in(lands, first, share)
    shares = np.repeat(foreigners[:, None], len(design.origins), axis=1)
    for at in np.flatnonzero(design.local):
        own = country_of(case, design.origins[at])
        if own in lands and len(set(lands)) > 1:
            shares[:, at] = _held_in(lands, own, np.full_like(share, HELD_AT_HOME))
    return shares


def _held_in(lands: list[str | None], country: str | None, share: FloatArray) -> FloatArray:
    """Split custody between one country and all others, shape (D, custody places).

    Where only one side of the split has places of custody, it takes everyone.
    """
    others = max(len(set(lands) - {country}), 1)
    inside = np.array([land == country for land in lands])
    within = np.array([1.0 / lands.count(land) for land in lands])
    weight = np.where(inside, share, (1.0 - share) / others) * within
    return np.asarray(weight / weight.sum(axis=-1, keepdims=True))


def _by(values: FloatArray) -> FloatArray:
    return values[:, None, None]


def _log_thousands(km: FloatArray) -> FloatArray:
    return np.asarray(np.log(np.maximum(km, NEAREST_KM) / 1000.0))
