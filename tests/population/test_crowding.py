"""What is neglected when each draw's crowding is that of its expected trajectory.

The figures that docs/engine.md quotes are those of this example.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jax.numpy as jnp
import numpy as np
import pytest

from dispersal.population import Hazards, Process, expected, sample

if TYPE_CHECKING:
    from dispersal.population.hazards import FloatArray

FLOWS = [("out", "host"), ("out", "home"), ("host", "home")]
RATES = np.array([0.30, 0.05, 0.02])
STEPS, DRAWS = 24, 10_000


def room(host: Any, capacity: float, maximum: Any) -> Any:
    """Return the share of its room that a host still has; it multiplies its welcome."""
    return maximum(1 - host / capacity, 0.0)


def with_true_feedback(people: int, capacity: float) -> FloatArray:
    """Simulate draws whose crowding follows their own counts; return the host's at the end."""
    rng = np.random.default_rng(1)
    out = np.full(DRAWS, people)
    host = np.zeros(DRAWS, dtype=np.int64)
    for _ in range(STEPS):
        join = RATES[0] * room(host, capacity, np.maximum)
        total = join + RATES[1]
        left = rng.binomial(out, 1 - np.exp(-total))
        joined = rng.binomial(left, join / total)
        went_home = rng.binomial(host, 1 - np.exp(-RATES[2]))
        out = out - left
        host = host + joined - went_home
    return np.asarray(host, dtype=float)


def with_expected_crowding(people: int, capacity: float) -> FloatArray:
    """Sample with the crowding of the expected trajectory; return the host's count at the end."""
    process, order = Process.from_names(["all"], ["out", "host", "home"], FLOWS, 1.0)
    hazards = Hazards.of_flows(process, RATES[order])
    joins = np.array([process.flow_name(flow) == "out → host" for flow in range(3)])

    def environment(counts: Any, step: Any) -> Any:
        return jnp.where(joins, room(counts[:, 1].sum(), capacity, jnp.maximum), 1.0)

    mean = expected(process, hazards, [[float(people), 0.0, 0.0]], STEPS, environment)
    assert mean.multipliers is not None
    hazards = hazards.times(np.asarray(mean.multipliers))
    run = sample(process, hazards, [[people, 0, 0]], STEPS, DRAWS, seed=1, record=[STEPS])
    return np.asarray(run.counts[0, 0, 1], dtype=float)


@pytest.mark.parametrize(
    ("capacity_share", "people", "mean_within", "spread_from", "spread_to"),
    [
        (0.25, 40, 0.03, 2.2, 2.8),
        (0.25, 400, 0.01, 2.5, 3.5),
        (0.25, 4_000, 0.003, 2.5, 3.5),
        (2.0, 40, 0.03, 0.97, 1.03),
        (2.0, 400, 0.01, 0.97, 1.03),
        (2.0, 4_000, 0.003, 0.97, 1.03),
    ],
)
def test_expected_crowding_keeps_the_mean_but_not_the_spread_of_a_full_host(
    capacity_share: float, people: int, mean_within: float, spread_from: float, spread_to: float
) -> None:
    capacity = people * capacity_share
    true = with_true_feedback(people, capacity)
    approximate = with_expected_crowding(people, capacity)
    print(
        f"{people} people, room for {capacity:.0f}: mean {true.mean():.2f} / "
        f"{approximate.mean():.2f}, spread {true.std():.2f} / {approximate.std():.2f}, "
        f"over capacity in {(approximate > capacity).mean():.1%}"
    )
    assert approximate.mean() == pytest.approx(true.mean(), rel=mean_within)
    assert spread_from < approximate.std() / true.std() < spread_to


def test_without_crowding_both_simulations_agree() -> None:
    true = with_true_feedback(400, 1e12)
    sampled = with_expected_crowding(400, 1e12)
    error = true.std() * np.sqrt(2 / DRAWS)
    assert abs(true.mean() - sampled.mean()) < 4 * error
    assert abs(true.std() / sampled.std() - 1) < 4 / np.sqrt(DRAWS)
