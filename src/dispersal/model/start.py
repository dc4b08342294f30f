"""Where everyone is at the cut-off, and was before: from the fit's shares to whole people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dispersal.model.past import PAST
from dispersal.model.states import ALL_FATES, fate_of
from dispersal.population.compiled import compiled

if TYPE_CHECKING:
    from dispersal.model.build import Blueprint
    from dispersal.model.past import Counts, Entry
    from dispersal.model.weights import Rules

FloatArray = NDArray[np.float64]

#: Months since return of those at home at the cut-off, on average: most came years before.
HOME_MONTHS = 24.0


@dataclass(frozen=True, eq=False)
class Share:
    """The share of those whom the fit counts in a fate who are in one state.

    Parameters
    ----------
    state : str
        State of the forecast.
    past : str
        One of ``PAST``.
    share : float array, broadcastable to (D, O, S)
    """

    state: str
    past: str
    share: FloatArray


def shares_of_states(blueprint: Blueprint, rules: Rules) -> tuple[Share, ...]:
    """Return how those in a fate of the past are spread over the states of the forecast.

    Over places as the choices of the forecast would spread them; those at home have left custody
    and programmes at the pace of the forecast, ``HOME_MONTHS`` ago. The shares of each fate sum
    to one.
    """
    space, everyone = blueprint.space, np.ones((1, 1, 1))
    found = [Share(name, name, everyone) for name in ("not_joined", "in_group", "killed")]

    def add(state: str, past: str, share: FloatArray) -> None:
        found.append(Share(state, past, share[:, :, None]))

    for at, place in enumerate(space.custody):
        add(f"detained:{place}", "detained", rules.custody[:, :, at])
    near, _ = rules.near
    for at, (place, host) in enumerate(space.sanctuaries):
        add(f"underground:{place}:{host}", "underground", near[:, :, at])
    for at, (place, host) in enumerate(space.theatres):
        there = rules.bound_for_theatre[:, :, space.theatre_places.index(place)]
        add(f"elsewhere:{place}:{host}", "onward", there * rules.theatre_hosts[0][:, None, at])
    for at, place in enumerate(space.third_countries):
        add(f"third_country:{place}", "onward", rules.bound_for_third[:, :, at])
    # Where a case names no place to go to, nobody has gone.
    for fate in ("underground", "onward"):
        shares = (one.share for one in found if one.past == fate)
        rest = np.maximum(1.0 - sum(shares, np.zeros((1, 1, 1))), 0.0)
        found.append(Share("in_group", fate, rest))
    custody, programme = (share[:, :, blueprint.strata] for share in rules.received)
    custody = custody * np.exp(-HOME_MONTHS / rules.value("custody_months"))
    programme = programme * np.exp(-HOME_MONTHS / rules.value("programme_months"))
    found += [
        Share("home_in_custody", "home", custody),
        Share("home_in_programme", "home", programme),
        Share("home_at_large", "home", 1.0 - custody - programme),
    ]
    return tuple(found)


def shares_of_fates(shares: tuple[Share, ...]) -> tuple[Share, ...]:
    """Return the shares added up by fate: one entry a fate of the forecast and of the past."""
    total: dict[tuple[str, str], FloatArray] = {}
    for one in shares:
        key = fate_of(one.state), one.past
        total[key] = total[key] + one.share if key in total else one.share
    return tuple(Share(fate, past, share) for (fate, past), share in total.items())


def entries_of(shares: tuple[Share, ...]) -> tuple[Entry, ...]:
    """Return shares of fates by their indices, as ``Past.write`` takes them.

    Parameters
    ----------
    shares : tuple of Share
        Of ``shares_of_fates``.
    """
    return tuple((ALL_FATES.index(one.state), PAST.index(one.past), one.share) for one in shares)


def mean_counts(
    blueprint: Blueprint, past: Counts, shares: tuple[Share, ...], first: int
) -> FloatArray:
    """Return the mean counts in every state at the cut-off, shape (n, G, states).

    Parameters
    ----------
    past : dict of float arrays, shape (n, O, S, instants)
        Of ``history``, for n draws; the last instant is the cut-off.
    shares : tuple of Share
        Of ``shares_of_states``, for all draws of the run.
    first : int
        Number of the first draw of ``past`` within its run.
    """
    process = blueprint.process
    shape = past["in_group"].shape[:3]
    # State by state, so that each is written in one piece.
    counts = np.zeros((process.n_states, *shape))
    for one in shares:
        counts[process.states.index(one.state)] += past[one.past][..., -1] * _rows(
            one.share, first, shape[0]
        )
    return np.moveaxis(counts.reshape(process.n_states, shape[0], -1), 0, 2)


def initial_counts(
    blueprint: Blueprint,
    past: Counts,
    shares: tuple[Share, ...],
    seed: int,
    first: int,
    before: int = 0,
) -> NDArray[np.int64]:
    """Return whole people in every state at the cut-off, shape (n, G, states).

    The mean counts are rounded by systematic sampling: one uniform number a draw and group,
    n_s = ⌊C_s + u⌋ − ⌊C_{s−1} + u⌋ with C the running sum, so that each is within one of its
    expectation, unbiased, and so is the group's total.

    Parameters
    ----------
    past, shares, first
        As in ``mean_counts``.
    seed : int
    before : int
        Draws of the run before those that ``shares`` has.
    """
    counts = mean_counts(blueprint, past, shares, first)
    uniform = np.stack(
        [
            np.random.default_rng([seed, 4, before + first + draw]).random(counts.shape[1])
            for draw in range(len(counts))
        ]
    )
    whole = np.empty(counts.shape, np.int64)
    _write_whole(counts, uniform, whole)
    return whole


@compiled
def _write_whole(counts: Any, uniform: Any, whole: Any) -> None:
    """Round counts [n, G, states] as ``initial_counts`` says."""
    for draw in range(counts.shape[0]):
        for group in range(counts.shape[1]):
            running, before = 0.0, 0.0
            for state in range(counts.shape[2]):
                running += counts[draw, group, state]
                now = np.floor(running + uniform[draw, group])
                whole[draw, group, state] = int(now - before)
                before = now


def _rows(array: FloatArray, first: int, count: int) -> FloatArray:
    return array[first : first + count] if array.shape[0] > 1 else array
