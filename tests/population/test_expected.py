from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.linalg import expm

from dispersal.population import (
    Hazards,
    Process,
    ProcessError,
    expected,
    expected_many,
    kernels,
    streams,
)
from dispersal.population.hazards import leaving
from dispersal.population.kernel_expected import LANES, SERIES_TO, leaving_series
from dispersal.population.mean import inflow_of

from .helpers import (
    CHAIN,
    CHAIN_RATES,
    chain,
    generator,
    random_hazards,
    step_matrix,
)


def test_one_source_with_constant_hazards_is_exact() -> None:
    process, _ = Process.from_names(["all"], ["s", "x", "y"], [("s", "x"), ("s", "y")], step=1.7)
    rates = np.array([0.4, 0.9])
    mean = expected(process, Hazards.of_flows(process, rates), [[1000.0, 3.0, 0.0]], 5).counts[:, 0]
    for step in range(6):
        exact = np.array([1000.0, 3.0, 0.0]) @ expm(generator(process, rates) * 1.7 * step)
        np.testing.assert_allclose(mean[step], exact, rtol=1e-13)


def test_refining_the_step_converges_to_the_matrix_exponential_at_first_order() -> None:
    start = np.array([100.0, 20.0, 0.0, 5.0])
    errors = []
    for halvings in range(4, 9):
        process = chain(step=4.0 / 2**halvings)
        mean = expected(process, Hazards.of_flows(process, CHAIN_RATES), [start], 2**halvings)
        exact = start @ expm(generator(process, CHAIN_RATES) * 4.0)
        errors.append(np.abs(mean.counts[-1, 0] - exact).max())
    order = np.log2(np.array(errors[:-1]) / errors[1:])
    assert (abs(order - 1) < 0.1).all()
    assert errors[-1] < 0.1


def test_each_step_is_the_matrix_of_competing_hazards() -> None:
    process = chain(step=0.3, groups=("north", "south"))
    hazards = random_hazards(process, 1, 5, seed=3).of_draw(0)
    initial = np.array([[100.0, 0, 3, 0], [0, 50, 0, 1]])
    mean = np.asarray(expected(process, hazards, initial, 5).counts)
    counts = initial.copy()
    for step in range(5):
        rates = (
            hazards.by_step_group[step][:, process.flow_class]
            * hazards.by_group_flow
            * hazards.by_step_flow[step]
        )
        for group in range(2):
            counts[group] = counts[group] @ step_matrix(process, rates[group])
        np.testing.assert_allclose(mean[step + 1], counts, rtol=1e-12, atol=1e-12)


def test_both_backends_turn_hazards_into_the_same_probability() -> None:
    """The sampler's threshold between staying and leaving is that of the JAX formula."""
    n = 1
    for x in (1e-8, 1e-3, 0.1, 0.5, np.log(2) * 1.0001, 2.0, 20.0):
        p = float(leaving(jnp.array(x), 1.0)) * x
        assert p == pytest.approx(-np.expm1(-x), rel=1e-14)
        left = 0
        key = np.array([7, 9], dtype=np.uint64)
        base = streams.stream_base(key, 0, 0)
        for source in range(4000):
            a, b = streams.stream(base, key, source)
            left += kernels.leavers(n, x, np.uint64(a), np.uint64(b))[0]
        assert abs(left - 4000 * p) < 4 * np.sqrt(4000 * p * (1 - p)) + 1e-3


def test_relabelling_groups_and_states_permutes_results() -> None:
    rng = np.random.default_rng(1)
    groups, states = ("n", "s", "w"), ("a", "b", "c", "d")
    values = rng.gamma(1.0, 0.3, (3, 5))
    initial = rng.gamma(1.0, 100.0, (3, 4))
    first, order = Process.from_names(groups, states, CHAIN, 1.0)
    hazards = Hazards(np.ones((1, 1, 1)), values[:, order], np.ones((1, 5)))
    mean = np.asarray(expected(first, hazards, initial, 6).counts)
    g, s = rng.permutation(3), rng.permutation(4)
    second, order = Process.from_names(
        [groups[i] for i in g], [states[i] for i in s], CHAIN[::-1], 1.0
    )
    hazards = Hazards(np.ones((1, 1, 1)), values[:, ::-1][g][:, order], np.ones((1, 5)))
    permuted = expected(second, hazards, initial[g][:, s], 6).counts
    np.testing.assert_allclose(permuted, mean[:, g][:, :, s], rtol=1e-12)


def test_people_are_conserved_on_average() -> None:
    process = chain(groups=("n", "s"))
    hazards = random_hazards(process, 1, 40, seed=2)
    mean = expected(process, hazards, [[1e9, 0, 0, 0], [1, 2, 3, 4]], 40).counts
    np.testing.assert_allclose(mean.sum(axis=2), np.tile([1e9, 10.0], (41, 1)), rtol=1e-12)
    assert (mean >= 0).all()


def test_many_draws_are_single_draws_side_by_side() -> None:
    process = chain(groups=("n", "s"))
    hazards = random_hazards(process, 4, 5, seed=2)
    mixed = Hazards(hazards.by_step_group, hazards.by_group_flow[:1], hazards.by_step_flow)
    initial = np.random.default_rng(3).gamma(1.0, 9.0, (4, 2, 4))
    many = expected_many(process, mixed, initial, 5, counters=[0, 0, 1, 1, -1])
    assert many.counters is not None
    for draw in range(4):
        one = expected(process, mixed.of_draw(draw), initial[draw], 5, counters=[0, 0, 1, 1, -1])
        assert one.counters is not None
        np.testing.assert_allclose(many.counts[draw], one.counts, rtol=1e-12)
        np.testing.assert_allclose(many.counters[draw], one.counters, rtol=1e-12)


def objective(factors: list[Any], process: Process, environment: Any) -> jax.Array:
    result = expected(
        process, Hazards(*factors), [[100.0, 5, 0, 0]], 4, environment=environment, counters=[0] * 5
    )
    assert result.counters is not None
    return (result.counts[-1] * jnp.arange(1.0, 5)).sum() + 0.1 * result.counters[-1].sum()


@pytest.mark.parametrize("crowding", [False, True])
def test_gradients_equal_finite_differences(crowding: bool) -> None:
    process = chain(step=0.5)

    def crowd(counts: jax.Array, step: jax.Array) -> jax.Array:
        return jnp.exp(-counts.sum(axis=0)[process.targets] / 50)

    environment = crowd if crowding else None
    hazards = random_hazards(process, 1, 4, seed=9, zeros=0.0).of_draw(0)
    factors = [
        np.asarray(a) for a in (hazards.by_step_group, hazards.by_group_flow, hazards.by_step_flow)
    ]
    gradients = jax.grad(objective)(factors, process, environment)
    run = jax.jit(lambda factors: objective(factors, process, environment))
    for which, gradient in enumerate(gradients):
        assert np.isfinite(gradient).all()
        for at in np.ndindex(*factors[which].shape):
            values = []
            for sign in (1, -1):
                moved = [factor.copy() for factor in factors]
                moved[which][at] += sign * 1e-5
                values.append(float(run(moved)))
            difference = (values[0] - values[1]) / 2e-5
            assert float(gradient[at]) == pytest.approx(difference, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("rate", [0.0, 1e-300, 1e-15, 1e-4, 1e3, 1e300])
def test_gradients_are_finite_at_extreme_hazards(rate: float) -> None:
    process = chain()
    factors = [np.ones((1, 1, 1)), np.full((1, 5), rate), np.ones((1, 5))]
    for gradient in jax.grad(objective)(factors, process, None):
        assert np.isfinite(gradient).all()


def star(states: int, seed: int) -> Process:
    """Return a process of three classes whose states are led to by 0 to ``states`` − 1 flows."""
    rng = np.random.default_rng(seed)
    flows = [
        (f"s{source}", f"s{target}", f"c{rng.integers(3)}")
        for target in range(states)
        for source in rng.permutation([at for at in range(states) if at != target])[:target]
    ]
    names = [f"s{at}" for at in range(states)]
    return Process.from_names(["g", "h"], names, flows, 0.7)[0]


def shortened(hazards: Hazards, axes: str) -> Hazards:
    """Return hazards that are the same for all draws, steps or groups, if so asked."""
    cut = {
        name: slice(0, 1) if name in axes else slice(None) for name in ("draws", "steps", "groups")
    }
    d, t, g = cut["draws"], cut["steps"], cut["groups"]
    return Hazards(
        hazards.by_step_group[d, t, g], hazards.by_group_flow[d, g], hazards.by_step_flow[d, t]
    )


@pytest.mark.parametrize("axes", ["", "draws", "steps", "groups", "draws steps groups"])
@pytest.mark.parametrize("scale", [0.0, 1e-12, 0.05, 1.0, 40.0])
def test_both_backends_give_the_same_mean(axes: str, scale: float) -> None:
    process = star(11, seed=1)
    counters = np.random.default_rng(2).integers(-1, 3, process.n_flows)
    hazards = shortened(random_hazards(process, 3, 6, seed=4), axes).times(np.array([[scale]]))
    initial = np.random.default_rng(3).gamma(1.0, 50.0, (3, 2, process.n_states))
    plain = expected_many(process, hazards, initial, 6, counters=counters)
    traced = jax.jit(
        lambda hazards: expected_many(process, hazards, initial, 6, counters=counters)
    )(hazards)
    assert isinstance(plain.counts, jax.Array)
    assert plain.counters is not None
    np.testing.assert_allclose(plain.counts, traced.counts, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(plain.counters, traced.counters, rtol=1e-12, atol=1e-12)
    one = expected(process, hazards.of_draw(2), initial[2], 6)
    np.testing.assert_array_equal(one.counts, plain.counts[2])


def test_flows_by_target_are_all_there_once() -> None:
    process = star(11, seed=5)
    targets, sizes, flow_at, pair_at = inflow_of(process)
    assert sorted(flow_at[flow_at >= 0]) == list(range(process.n_flows))
    assert sizes.sum() * LANES == flow_at.size
    places = np.concatenate([np.repeat(targets[:size], LANES) for size in sizes])
    there = flow_at >= 0
    np.testing.assert_array_equal(process.targets[flow_at[there]], places[there])
    pairs = process.flow_class * process.n_states + process.sources
    np.testing.assert_array_equal(pair_at[there], pairs[flow_at[there]])


def test_the_series_of_leaving_is_exact_to_rounding() -> None:
    x = np.concatenate([[0.0], np.geomspace(1e-300, SERIES_TO, 2000)])
    found = np.array([leaving_series(value) for value in x])
    exact = np.append(1.0, -np.expm1(-x[1:]) / x[1:])
    np.testing.assert_allclose(found, exact, rtol=5e-16)


def test_leaving_is_smooth_where_its_series_takes_over() -> None:
    x = np.array([0.0, 1e-12, 9.99e-4, 1.001e-3, 0.3])
    exact = np.array([1.0] + [-np.expm1(-v) / v for v in x[1:]])
    np.testing.assert_allclose(leaving(jnp.array(x), 1.0), exact, rtol=1e-15)
    slope = jax.vmap(jax.grad(lambda v: leaving(v, 1.0)))(jnp.array(x))
    wanted = [-0.5 + v / 3 - v**2 / 8 + v**3 / 30 - v**4 / 144 for v in x]
    np.testing.assert_allclose(slope, wanted, rtol=3e-5)
    np.testing.assert_allclose(slope[:4], wanted[:4], rtol=1e-9)


def test_compiles_inside_a_callers_function() -> None:
    process = chain()

    @jax.jit
    def total(scale: jax.Array) -> jax.Array:
        rates = (scale * CHAIN_RATES)[None]
        hazards = Hazards(jnp.ones((1, 1, 1)), rates, jnp.ones((1, 5)))
        return expected(process, hazards, [[10.0, 0, 0, 0]], 3).counts[-1, 0, 3]

    eager = expected(process, Hazards.of_flows(process, 2 * CHAIN_RATES), [[10.0, 0, 0, 0]], 3)
    assert float(total(jnp.array(2.0))) == pytest.approx(float(eager.counts[-1, 0, 3]), rel=1e-13)


def test_everything_is_in_double_precision() -> None:
    process = chain()
    mean = expected(process, Hazards.of_flows(process, CHAIN_RATES), [[1, 0, 0, 0]], 1)
    assert mean.counts.dtype == np.float64


def test_no_steps_and_wrong_requests() -> None:
    process = chain()
    hazards = Hazards.of_flows(process, CHAIN_RATES)
    assert expected(process, hazards, [[1, 2, 3, 4]], 0).counts.tolist() == [[[1, 2, 3, 4]]]
    with pytest.raises(ProcessError, match=r"initial has shape \(4,\)"):
        expected(process, hazards, [1, 2, 3, 4], 1)
    with pytest.raises(ProcessError, match="steps is -1"):
        expected(process, hazards, [[1, 2, 3, 4]], -1)
