"""Room for so many only: what the kernel works out equals the formula, and nothing overflows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispersal.population import (
    HazardError,
    Hazards,
    Process,
    ProcessError,
    Totals,
    mean_totals,
    room_left,
)

from .helpers import chain, random_hazards, step_matrix

LIMITED = np.array([2, 0])
CAPACITIES = np.array([150.0, 40.0])


def plain_room(process: Any, hazards: Hazards, initial: Any, steps: int) -> Any:
    """Return the multipliers of one draw as the docstring has them, one thing after the other."""
    counts, found = np.array(initial, dtype=float), []
    for t in range(steps):
        rates = np.broadcast_to(
            hazards.by_step_group[0, t][:, process.flow_class]
            * hazards.by_group_flow[0]
            * hazards.by_step_flow[0, t],
            (process.n_groups, process.n_flows),
        )
        free = np.where(np.isin(process.targets, LIMITED), 0.0, rates)
        multipliers = np.ones(process.n_flows)
        for state, capacity in zip(LIMITED, CAPACITIES, strict=True):
            coming = 0.0
            for group in range(process.n_groups):
                for flow in np.flatnonzero(process.targets == state):
                    source = process.sources[flow]
                    x = free[group, process.sources == source].sum() * process.step
                    exposure = process.step * (-np.expm1(-x) / x if x > 0 else 1.0)
                    coming += counts[group, source] * exposure * rates[group, flow]
            room = np.clip(1 - counts[:, state].sum() / capacity, 0.0, 1.0)
            u = coming / capacity
            room *= -np.expm1(-u) / u if u > 0 else 1.0
            multipliers[process.targets == state] = room
        found.append(multipliers)
        moves = [step_matrix(process, rates[g] * multipliers) for g in range(process.n_groups)]
        counts = np.stack([counts[g] @ moves[g] for g in range(process.n_groups)])
    return np.array(found)


@pytest.mark.parametrize("scale", [0.0, 0.05, 1.0, 30.0])
@pytest.mark.parametrize("shared", [False, True])
def test_room_is_what_its_formula_says(scale: float, shared: bool) -> None:
    process = chain(step=0.6, groups=("north", "south"))
    hazards = random_hazards(process, 3, 8, seed=7).times(np.array([[scale]]))
    if shared:
        hazards = Hazards(
            hazards.by_step_group[:, :1, :1], hazards.by_group_flow[:1], hazards.by_step_flow[:, :1]
        )
    initial = np.random.default_rng(1).gamma(1.0, 40.0, (3, 2, 4)) * [1.0, 1.0, 0.0, 1.0]
    found = room_left(process, hazards, initial, 8, LIMITED, CAPACITIES)
    assert found.shape == (3, 8, process.n_flows)
    whole = hazards.check(process, 8, 3)
    for draw in range(3):
        factors = [
            np.broadcast_to(one, (3, *shape))[draw : draw + 1]
            for one, shape in (
                (whole.by_step_group, (8, 2, whole.by_step_group.shape[3])),
                (whole.by_group_flow, (2, process.n_flows)),
                (whole.by_step_flow, (8, process.n_flows)),
            )
        ]
        wanted = plain_room(process, Hazards(*factors), initial[draw], 8)
        np.testing.assert_allclose(found[draw], wanted, rtol=1e-9, atol=1e-12)
    assert (found[..., ~np.isin(process.targets, LIMITED)] == 1).all()
    assert found.min() < 1


@given(scale=st.floats(0.01, 100.0), seed=st.integers(0, 10_000), step=st.floats(0.05, 5.0))
@settings(deadline=None, max_examples=40)
def test_no_more_are_expected_than_there_is_room_for(scale: float, seed: int, step: float) -> None:
    process = chain(step=step, groups=("north", "south"))
    hazards = random_hazards(process, 1, 6, seed=seed).times(np.array([[scale]]))
    initial = np.random.default_rng(seed).gamma(1.0, 4_000.0, (1, 2, 4)) * [0.0, 1.0, 0.0, 1.0]
    room = room_left(process, hazards, initial, 6, LIMITED, CAPACITIES)
    found = mean_totals(
        process,
        hazards.times(room),
        initial,
        6,
        Totals(np.zeros(2, dtype=np.int64), np.arange(4)),
        tuple(range(7)),
    )
    for state, capacity in zip(LIMITED, CAPACITIES, strict=True):
        assert found[0, 0, state].max() <= capacity * (1 + 1e-9)


def test_full_states_take_nobody_in() -> None:
    process = chain()
    hazards = random_hazards(process, 1, 1, seed=2, zeros=0.0).times(np.array([[1e-9]]))
    for there, wanted in ((0.0, 1.0), (3.0, 0.4), (5.0, 0.0), (7.0, 0.0)):
        found = room_left(process, hazards, [[9.0, 0.0, there, 0.0]], 1, np.array([2]), [5.0])
        assert found[0, 0, process.targets == 2] == pytest.approx(wanted)


def test_a_state_fills_as_the_solved_equation_says() -> None:
    process, _ = Process.from_names(["all"], ["in", "host"], [("in", "host")], step=1.0)
    # So many that hardly any leave: 1,000 a step would come to a host for 50 with 10 inside.
    hazards, people = Hazards.of_flows(process, [1e-6]), [[1e9, 10.0]]
    room = room_left(process, hazards, people, 1, np.array([1]), [50.0])
    assert 1_000 * room[0, 0, 0] == pytest.approx(40 * (1 - np.exp(-1_000 / 50)), rel=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"initial": [[1.0, 2.0]]}, r"initial has shape \(1, 2\), expected \(1, 4\)"),
        ({"limited": np.array([4])}, r"limited is \[4\]"),
        ({"limited": np.array([1, 1]), "capacities": [1.0, 1.0]}, "none twice"),
        ({"capacities": [-1.0]}, "capacities is"),
        ({"capacities": [1.0, 2.0]}, "expected 1 numbers of 0 or more"),
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, Any], message: str) -> None:
    process = chain()
    request: dict[str, Any] = {
        "initial": [[1.0, 0, 0, 0]],
        "limited": np.array([1]),
        "capacities": [3.0],
    } | change
    hazards = random_hazards(process, 1, 2, seed=1)
    with pytest.raises(ProcessError, match=message):
        room_left(process, hazards, steps=2, **request)


def test_bad_hazards_are_refused() -> None:
    process = chain()
    hazards = random_hazards(process, 1, 2, seed=1).times(np.array([[-1.0]]))
    with pytest.raises(HazardError, match="by_step_flow is -"):
        room_left(process, hazards, [[1.0, 0, 0, 0]], 2, np.array([1]), [3.0])
