"""Where everyone is at the cut-off, and was before: from the fit's shares to whole people."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dispersal.model.build import Blueprint
from dispersal.model.design import FIT_STEP
from dispersal.model.fates import FATES, trajectories
from dispersal.model.forward import Forward
from dispersal.model.states import ALL_FATES, fate_of
from dispersal.model.strata import ratios, sizes
from dispersal.model.weights import Rules

FloatArray = NDArray[np.float64]

#: Months since return of those at home at the cut-off, on average: most came years before.
HOME_MONTHS = 24.0


def history(blueprint: Blueprint, forward: Forward) -> dict[str, FloatArray]:
    """Return the mean counts up to the cut-off, by month.

    The fit follows adults; a stratum's share in a fate is the adults' times its ratio of
    hazards, and the group keeps the rest.

    Returns
    -------
    dict of float arrays, shape (D, O, S, now + 1)
        ``not_joined``, ``in_group`` and the five fates.
    """
    design = blueprint.design
    batch = {name: jnp.asarray(value) for name, value in forward.values.items()}
    shares = jax.jit(jax.vmap(partial(trajectories, design=design)))(batch)
    people = np.asarray(jax.vmap(partial(sizes, design=design))(batch))  # draw, stratum, origin
    ratio = np.asarray(jax.vmap(partial(ratios, design=design))(batch))
    people, ratio = people[:, blueprint.strata], ratio[:, blueprint.strata]
    at = np.arange(design.steps * FIT_STEP + 1) / FIT_STEP
    left = np.minimum(at.astype(int), design.steps - 1)
    weight = at - left

    def monthly(name: str) -> FloatArray:
        values = np.asarray(shares[name])
        return np.asarray(values[..., left] * (1.0 - weight) + values[..., left + 1] * weight)

    joined = monthly("joined")[:, None]  # draw, 1, origin, instant
    gone = np.stack([monthly(fate) for fate in FATES], axis=1)  # draw, fate, origin, instant
    split = gone[:, None] * ratio[..., None]  # draw, stratum, fate, origin, instant
    total = split.sum(axis=2)
    split *= np.minimum(1.0, joined / np.maximum(total, 1e-12))[:, :, None]
    counts = {"not_joined": 1.0 - joined, "in_group": joined - split.sum(axis=2)}
    counts |= {fate: split[:, :, at] for at, fate in enumerate(FATES)}
    return {
        name: np.moveaxis(np.maximum(value, 0.0) * people[..., None], 1, 2)
        for name, value in counts.items()
    }


def history_fates(blueprint: Blueprint, forward: Forward, past: dict[str, FloatArray]) -> FloatArray:
    """Return the mean counts of the past in every fate, shape (D, O, S, fates, now + 1)."""
    states = spread_over_states(blueprint, forward, past)
    out = np.zeros((*states[0][1].shape[:3], len(ALL_FATES), states[0][1].shape[3]))
    for name, counts in states:
        out[:, :, :, ALL_FATES.index(fate_of(name))] += counts
    return out


def spread_over_states(
    blueprint: Blueprint, forward: Forward, past: dict[str, FloatArray]
) -> list[tuple[str, FloatArray]]:
    """Return the counts of the past by state, each of shape (D, O, S, instants).

    Those in a fate are spread over its places as the choices of the forecast would; those at
    home have left custody and programmes at the pace of the forecast, ``HOME_MONTHS`` ago.
    """
    rules = Rules(blueprint.space, forward)
    strata = blueprint.strata
    custody, programme = (share[:, :, strata, None] for share in rules.received)
    custody = custody * np.exp(-HOME_MONTHS / rules._value("custody_months")[..., None])
    programme = programme * np.exp(-HOME_MONTHS / rules._value("programme_months")[..., None])
    near, _ = rules.near
    hosts, _ = rules._hosts if blueprint.space.theatres else (np.zeros((1, 0)), None)
    found: list[tuple[str, FloatArray]] = [
        (name, past[name]) for name in ("not_joined", "in_group", "killed")
    ]
    for at, place in enumerate(blueprint.space.custody):
        share = rules._custody_share[:, :, at, None, None]
        found.append((f"detained:{place}", past["detained"] * share))
    for at, (place, host) in enumerate(blueprint.space.sanctuaries):
        found.append(
            (f"underground:{place}:{host}", past["underground"] * near[:, :, at, None, None])
        )
    moved = past["onward"]
    reachable = np.zeros(moved.shape[:2])
    for at, (place, host) in enumerate(blueprint.space.theatres):
        where = blueprint.space.theatre_places.index(place)
        share = rules.bound_for_theatre[:, :, where] * hosts[:, None, at]
        reachable = reachable + share
        found.append((f"elsewhere:{place}:{host}", moved * share[:, :, None, None]))
    for at, place in enumerate(blueprint.space.third_countries):
        share = rules.bound_for_third[:, :, at]
        reachable = reachable + share
        found.append((f"third_country:{place}", moved * share[:, :, None, None]))
    # Where a case names no place to move on to, nobody has moved on.
    found[1] = ("in_group", found[1][1] + moved * (1.0 - reachable)[:, :, None, None])
    home = past["home"]
    found += [
        ("home_in_custody", home * custody),
        ("home_in_programme", home * programme),
        ("home_at_large", home * (1.0 - custody - programme)),
    ]
    return found


def initial_counts(
    blueprint: Blueprint, forward: Forward, past: dict[str, FloatArray], seed: int, first: int
) -> NDArray[np.int64]:
    """Return whole people in every state at the cut-off, shape (D, G, states).

    Expected counts are rounded by systematic sampling: one uniform number a draw and group,
    n_s = ⌊C_s + u⌋ − ⌊C_{s−1} + u⌋ with C the running sum, so that each is within one of its
    expectation, unbiased, and so is the group's total.

    Parameters
    ----------
    first : int
        Number of the first draw of ``forward`` within its run.
    """
    process = blueprint.process
    last = {name: value[..., -1:] for name, value in past.items()}
    counts = np.zeros((forward.draws, process.n_groups, process.n_states))
    for name, value in spread_over_states(blueprint, forward, last):
        at = process.states.index(name)
        counts[:, :, at] = value[..., 0].reshape(forward.draws, -1)
    uniform = np.stack(
        [
            np.random.default_rng([seed, 4, first + draw]).random(process.n_groups)
            for draw in range(forward.draws)
        ]
    )
    running = np.floor(np.cumsum(counts, axis=2) + uniform[:, :, None])
    return np.diff(running, axis=2, prepend=0.0).astype(np.int64)
