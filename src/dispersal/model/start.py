"""Where everyone is at the cut-off, and was before: from the fit's shares to whole people."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dispersal.model.design import FIT_STEP, Design
from dispersal.model.fates import FATES
from dispersal.model.states import ALL_FATES, fate_of
from dispersal.model.strata import ratios, sizes
from dispersal.model.trajectory import trajectories

if TYPE_CHECKING:
    from dispersal.model.build import Blueprint
    from dispersal.model.forward import Forward
    from dispersal.model.weights import Rules

FloatArray = NDArray[np.float64]
Past = dict[str, FloatArray]

#: Months since return of those at home at the cut-off, on average: most came years before.
HOME_MONTHS = 24.0

#: What the fit tells apart before the cut-off.
PAST = ("not_joined", "in_group", *FATES)


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


def history(blueprint: Blueprint, forward: Forward, fitted: Design | None = None) -> Past:
    """Return the mean counts up to the cut-off, by step.

    The fit follows adults; a stratum's share in a fate is the adults' times its ratio of
    hazards, and the group keeps the rest.

    Parameters
    ----------
    blueprint : Blueprint
    forward : Forward
    fitted : Design, optional
        The design of the fit, where the case ahead is another. Default: that of the blueprint.

    Returns
    -------
    dict of float arrays, shape (D, O, S, now + 1)
        ``not_joined``, ``in_group`` and the five fates.
    """
    strata = tuple(int(at) for at in blueprint.strata)
    counts = _history(dict(forward.values), fitted or blueprint.design, strata)
    return {name: np.asarray(count) for name, count in zip(PAST, counts, strict=True)}


@partial(jax.jit, static_argnames=("design", "strata"))
def _history(
    values: dict[str, FloatArray], design: Design, strata: tuple[int, ...]
) -> tuple[jax.Array, ...]:
    apart = FIT_STEP * design.parts
    at = np.arange(design.steps * apart + 1) / apart
    left = np.minimum(at.astype(int), design.steps - 1)
    weight = at - left
    chosen = np.array(strata)

    def one(values: dict[str, Any]) -> tuple[jax.Array, ...]:
        shares = trajectories(values, design)
        people = sizes(values, design)[chosen].T[:, :, None]  # origin, stratum, 1
        ratio = jnp.moveaxis(ratios(values, design)[chosen], 2, 0)  # origin, stratum, fate

        def finely(name: str) -> jax.Array:
            quarterly = shares[name]
            between = quarterly[:, left] * (1.0 - weight) + quarterly[:, left + 1] * weight
            return jnp.expand_dims(between, 1)

        joined = jnp.broadcast_to(finely("joined"), (*people.shape[:2], at.size))
        gone = [finely(fate) * ratio[:, :, f, None] for f, fate in enumerate(FATES)]
        total = sum(gone, jnp.zeros(()))
        # Where a stratum's ratios would let more leave than joined, nobody stays.
        fits = jnp.minimum(1.0, joined / jnp.maximum(total, 1e-12))
        counts = (1.0 - joined, joined - total * fits, *(one * fits for one in gone))
        return tuple(jnp.maximum(count, 0.0) * people for count in counts)

    counts: tuple[jax.Array, ...] = jax.vmap(one)(values)
    return counts


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


def history_fates(past: Past, shares: tuple[Share, ...], first: int) -> dict[int, FloatArray]:
    """Return the mean counts of the past by fate.

    Parameters
    ----------
    past : dict of float arrays, shape (n, O, S, instants)
        Of ``history``, for n draws.
    shares : tuple of Share
        Of ``shares_of_fates``, for all draws of the run.
    first : int
        Number of the first draw of ``past`` within its run.

    Returns
    -------
    dict of float arrays, shape (n, O, S, instants)
        By index into ``ALL_FATES``; fates that nobody is in are left out.
    """
    out: dict[int, FloatArray] = {}
    for one in shares:
        counts = past[one.past]
        if one.share.size > 1:
            counts = counts * _rows(one.share, first, len(counts))[..., None]
        fate = ALL_FATES.index(one.state)
        out[fate] = out[fate] + counts if fate in out else counts
    return out


def mean_counts(
    blueprint: Blueprint, past: Past, shares: tuple[Share, ...], first: int
) -> FloatArray:
    """Return the mean counts in every state at the cut-off, shape (n, G, states).

    Parameters
    ----------
    past, shares, first
        As in ``history_fates``, with the shares of ``shares_of_states``.
    """
    process = blueprint.process
    draws = len(past["in_group"])
    counts = np.zeros((draws, process.n_groups, process.n_states))
    by_stratum = counts.reshape(draws, *past["in_group"].shape[1:3], -1)
    for one in shares:
        here = past[one.past][..., -1] * _rows(one.share, first, draws)
        by_stratum[..., process.states.index(one.state)] += here
    return counts


def initial_counts(
    blueprint: Blueprint,
    past: Past,
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
    running = np.floor(np.cumsum(counts, axis=2) + uniform[:, :, None])
    return np.asarray(np.diff(running, axis=2, prepend=0.0), dtype=np.int64)


def _rows(array: FloatArray, first: int, count: int) -> FloatArray:
    return array[first : first + count] if array.shape[0] > 1 else array
