"""Room for so many only: what the engine works out itself equals the environment that says so."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from dispersal.population import HazardError, Hazards, ProcessError, expected_many, room_left

from .helpers import chain, random_hazards

LIMITED = np.array([2, 0])
CAPACITIES = np.array([150.0, 40.0])


@pytest.mark.parametrize("scale", [0.0, 0.05, 1.0, 30.0])
@pytest.mark.parametrize("shared", [False, True])
def test_room_is_that_of_the_environment_in_jax(scale: float, shared: bool) -> None:
    process = chain(step=0.6, groups=("north", "south"))
    hazards = random_hazards(process, 3, 8, seed=7).times(np.array([[scale]]))
    if shared:
        hazards = Hazards(
            hazards.by_step_group[:, :1, :1], hazards.by_group_flow[:1], hazards.by_step_flow[:, :1]
        )
    initial = np.random.default_rng(1).gamma(1.0, 40.0, (3, 2, 4)) * [1.0, 1.0, 0.0, 1.0]

    def environment(counts: Any, step: Any) -> Any:
        room = jnp.clip(1 - counts.sum(axis=0)[LIMITED] / CAPACITIES, 0.0, 1.0)
        every = jnp.ones(4).at[LIMITED].set(room)
        return every[process.targets]

    wanted = expected_many(process, hazards, initial, 8, environment).multipliers
    found = room_left(process, hazards, initial, 8, LIMITED, CAPACITIES)
    assert wanted is not None
    assert found.shape == (3, 8, process.n_flows)
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12)
    assert (found[..., ~np.isin(process.targets, LIMITED)] == 1).all()
    assert found.min() < 1


def test_full_states_take_nobody_in() -> None:
    process = chain()
    hazards = random_hazards(process, 1, 1, seed=2, zeros=0.0)
    for there, wanted in ((0.0, 1.0), (3.0, 0.4), (5.0, 0.0), (7.0, 0.0)):
        found = room_left(process, hazards, [[9.0, 0.0, there, 0.0]], 1, np.array([2]), [5.0])
        assert found[0, 0, process.targets == 2] == pytest.approx(wanted)


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
