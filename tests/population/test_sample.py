from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from dispersal.population import Hazards, Process, expected, expected_many, sample

from .helpers import CHAIN_RATES, chain, random_hazards, step_matrix

if TYPE_CHECKING:
    import jax


def test_people_who_leave_split_as_a_multinomial() -> None:
    process, _ = Process.from_names(
        ["all"], ["s", "x", "y", "z"], [("s", "x"), ("s", "y"), ("s", "z")], 0.7
    )
    rates, draws = np.array([0.2, 0.5, 0.05]), 40_000
    for people in (7, 60, 50_000):
        run = sample(
            process, Hazards.of_flows(process, rates), [[people, 0, 0, 0]], 1, draws, seed=3
        )
        moved = run.counts[1, 0].astype(float)
        p = step_matrix(process, rates)[0]
        covariance = people * (np.diag(p) - np.outer(p, p))
        error = np.sqrt(np.diag(covariance) / draws)
        assert (abs(moved.mean(axis=1) - people * p) < 4 * error).all()
        # The standard error of a covariance of near-normal numbers.
        spread = np.sqrt((np.outer(*[np.diag(covariance)] * 2) + covariance**2) / draws)
        assert (abs(np.cov(moved) - covariance) < 5 * spread).all()


def test_splits_of_few_and_many_leavers_are_exact() -> None:
    """All leave, in numbers on both sides of the change from one by one to binomials."""
    names = ["s", *"abcdef"]
    process, _ = Process.from_names(["all"], names, [("s", name) for name in "abcdef"], 1.0)
    rates = np.array([0.0, 5.0, 1.0, 0.0, 3.0, 1.0]) * 1e3
    for people in (1, 16, 17, 40, 3_000):
        initial = [[people, 0, 0, 0, 0, 0, 0]]
        run = sample(process, Hazards.of_flows(process, rates), initial, 1, 20_000, seed=people)
        moved = run.counts[1, 0]
        assert (moved[[0, 1, 4]] == 0).all()
        for state, share in ((2, 0.5), (3, 0.1), (5, 0.3), (6, 0.1)):
            values, found = np.unique(moved[state], return_counts=True)
            wanted = stats.binom.pmf(values, people, share) * 20_000
            enough = wanted > 10
            statistic = ((found - wanted)[enough] ** 2 / wanted[enough]).sum()
            assert stats.chi2.sf(statistic, enough.sum()) > 1e-4


def test_every_path_of_two_places_two_states_two_steps() -> None:
    """Enumerate all trajectories of three people and compare frequencies with probabilities."""
    states = ["here free", "here held", "there free", "there held"]
    flows = [
        ("here free", "here held"),
        ("here free", "there free"),
        ("there free", "there held"),
        ("there free", "here free"),
        ("here held", "here free"),
    ]
    process, order = Process.from_names(["all"], states, flows, 1.0)
    rates = np.array([[0.3, 0.5, 0.2, 0.1, 0.4], [0.1, 0.9, 0.6, 0.0, 0.2]])[:, order]
    hazards = Hazards(np.ones((1, 1, 1, 1)), np.ones((1, 1, 5)), rates[None])
    matrices = [step_matrix(process, rates[step]) for step in range(2)]
    start = np.array([2, 0, 1, 0])

    def after(counts: tuple[int, ...], matrix: np.ndarray) -> dict[tuple[int, ...], float]:
        """Distribution of the next counts: each state's people split as a multinomial."""
        result: dict[tuple[int, ...], float] = {(0, 0, 0, 0): 1.0}
        for state, people in enumerate(counts):
            splits = [s for s in itertools.product(range(people + 1), repeat=4) if sum(s) == people]
            p = [float(stats.multinomial.pmf(s, people, matrix[state])) for s in splits]
            combined: dict[tuple[int, ...], float] = {}
            for (done, before), (split, probability) in itertools.product(
                result.items(), zip(splits, p, strict=True)
            ):
                key = tuple(np.add(done, split).tolist())
                combined[key] = combined.get(key, 0.0) + before * probability
            result = combined
        return result

    paths = {
        (one, two): p_one * p_two
        for one, p_one in after(tuple(start.tolist()), matrices[0]).items()
        for two, p_two in after(one, matrices[1]).items()
        if p_one * p_two > 0
    }
    assert sum(paths.values()) == pytest.approx(1.0, abs=1e-12)

    mean = expected(process, hazards, [start], 2).counts[:, 0]
    for step in (1, 2):
        exact = sum(p * np.array(path[step - 1]) for path, p in paths.items())
        np.testing.assert_allclose(mean[step], exact, rtol=1e-12)

    draws = 200_000
    counts = sample(process, hazards, [start], 2, draws, seed=11).counts[1:, 0]
    found: dict[tuple[tuple[int, ...], ...], int] = {}
    trajectories, times = np.unique(counts.reshape(8, draws), axis=1, return_counts=True)
    for column, times_found in zip(trajectories.T, times, strict=True):
        key = (tuple(column[:4].tolist()), tuple(column[4:].tolist()))
        found[key] = int(times_found)
    assert set(found) <= set(paths)
    common = [path for path, p in paths.items() if p * draws >= 10]
    observed = np.array([found.get(path, 0) for path in common])
    wanted = np.array([paths[path] * draws for path in common])
    observed = np.append(observed, draws - observed.sum())
    wanted = np.append(wanted, draws - wanted.sum())
    assert len(common) > 90
    assert stats.chisquare(observed, wanted).pvalue > 0.001


def test_sampled_means_agree_with_expected() -> None:
    process = chain(step=0.5, groups=("north", "south"))
    hazards = random_hazards(process, 1, 6, seed=5)
    initial = np.array([[900, 30, 0, 2], [5, 0, 40_000, 0]])
    counters = [0, 0, -1, 1, 1]
    run = sample(process, hazards, initial, 6, 20_000, seed=2, counters=counters)
    mean = expected(process, hazards, initial, 6, counters=counters)
    for found, wanted in ((run.counts, mean.counts), (run.counters, mean.counters)):
        assert found is not None
        assert wanted is not None
        error = found.std(axis=-1) / np.sqrt(20_000)
        assert (abs(found.mean(axis=-1) - np.asarray(wanted)) <= 4.5 * error + 1e-9).all()


@st.composite
def runs(draw: st.DrawFn) -> tuple[Process, Hazards, np.ndarray, int, int]:
    n_states = draw(st.integers(1, 6))
    pairs = [(s, t) for s in range(n_states) for t in range(n_states) if s != t]
    chosen = sorted(draw(st.sets(st.sampled_from(pairs)))) if pairs else []
    groups = tuple(f"g{index}" for index in range(draw(st.integers(1, 3))))
    process = Process(
        groups,
        tuple(f"s{index}" for index in range(n_states)),
        np.array([pair[0] for pair in chosen], dtype=int),
        np.array([pair[1] for pair in chosen], dtype=int),
        step=draw(st.sampled_from([1e-6, 0.3, 1.0, 50.0])),
    )
    steps, draws = draw(st.integers(0, 4)), draw(st.integers(0, 5))
    hazards = random_hazards(process, max(draws, 1), steps, draw(st.integers(0, 2**32)))
    people = st.integers(0, 2**37) | st.integers(0, 30)
    initial = np.array([[draw(people) for _ in range(n_states)] for _ in groups])
    return process, hazards, initial, steps, draws


@settings(max_examples=60, deadline=None)
@given(runs())
def test_nobody_appears_or_vanishes(run: tuple[Process, Hazards, np.ndarray, int, int]) -> None:
    process, hazards, initial, steps, draws = run
    hazards = hazards.of_draws(0, draws)
    counters = np.arange(process.n_flows)
    result = sample(process, hazards, initial, steps, draws, seed=1, counters=counters, threads=1)
    assert result.counts.shape == (steps + 1, len(initial), process.n_states, draws)
    assert (result.counts >= 0).all()
    np.testing.assert_array_equal(
        result.counts.sum(axis=2, dtype=np.int64),
        np.broadcast_to(initial.sum(axis=1)[None, :, None], (steps + 1, len(initial), draws)),
    )
    # The cumulative moves along every flow account for every change.
    assert result.counters is not None
    change = np.zeros(result.counts.shape, dtype=np.int64)
    for flow in range(process.n_flows):
        change[:, :, process.sources[flow]] -= result.counters[:, :, flow]
        change[:, :, process.targets[flow]] += result.counters[:, :, flow]
    np.testing.assert_array_equal(result.counts, initial[None, :, :, None] + change)


def test_threads_batches_and_more_draws_change_no_bit() -> None:
    process = chain(groups=("north", "south", "west"))
    draws, steps = 75, 12
    hazards = random_hazards(process, draws, steps, seed=8)
    rng = np.random.default_rng(0)
    initial = rng.integers(0, 100_000, (draws, 3, 4))
    whole = sample(process, hazards, initial, steps, draws, seed=9, threads=1).counts
    threaded = sample(process, hazards, initial, steps, draws, seed=9, threads=2).counts
    np.testing.assert_array_equal(threaded, whole)
    for first, count in ((0, 40), (40, 35), (33, 1), (7, 17)):
        batch = sample(
            process,
            hazards.of_draws(first, count),
            initial[first : first + count],
            steps,
            count,
            seed=9,
            threads=2,
            first_draw=first,
        )
        np.testing.assert_array_equal(batch.counts, whole[..., first : first + count])
        assert batch.first_draw == first
    other = sample(process, hazards, initial, steps, draws, seed=10, threads=1).counts
    assert (other[1:] != whole[1:]).any(axis=(0, 1, 2)).all()
    assert len(np.unique(whole[-1].reshape(-1, draws), axis=1).T) == draws


def test_keys_are_those_of_spawned_seed_sequences() -> None:
    from dispersal.population.run import draw_keys

    spawned = np.random.SeedSequence(42).spawn(5)
    wanted = [sequence.generate_state(2, np.uint64) for sequence in spawned]
    np.testing.assert_array_equal(draw_keys(42, 2, 3), wanted[2:])


def test_recording_some_steps_gives_those_of_all() -> None:
    process = chain()
    hazards = Hazards.of_flows(process, CHAIN_RATES)
    every = sample(process, hazards, [[500, 0, 0, 0]], 6, 4, seed=1, counters=[0, 1, 2, 3, -1])
    some = sample(
        process, hazards, [[500, 0, 0, 0]], 6, 4, seed=1, counters=[0, 1, 2, 3, -1], record=[2, 6]
    )
    np.testing.assert_array_equal(some.counts, every.counts[[2, 6]])
    assert some.counters is not None
    assert every.counters is not None
    np.testing.assert_array_equal(some.counters, every.counters[[2, 6]])
    assert some.record.tolist() == [2, 6]
    assert every.counters[0].sum() == 0


def test_a_flow_elsewhere_shifts_no_random_number() -> None:
    """Common random numbers: only what a change reaches differs between two scenarios."""
    flows = [("a", "b"), ("a", "c"), ("x", "y"), ("x", "z"), ("y", "z")]
    states = ["a", "b", "c", "x", "y", "z"]
    process, order = Process.from_names(["g", "h"], states, flows, 1.0)
    values = np.array([0.2, 0.1, 0.3, 0.2, 0.4])[order]
    more = [*flows, ("a", "x"), ("b", "c"), ("b", "a")]
    wider, order = Process.from_names(["g", "h"], states, more, 1.0)
    wider_values = np.append([0.2, 0.1, 0.3, 0.2, 0.4], [0.0, 0.5, 0.5])[order]
    initial = np.array([[400, 50, 5, 300, 20, 0], [4_000, 0, 7, 90_000, 0, 10]])
    one = sample(process, Hazards.of_flows(process, values), initial, 10, 30, seed=4)
    two = sample(wider, Hazards.of_flows(wider, wider_values), initial, 10, 30, seed=4)
    np.testing.assert_array_equal(one.counts[:, :, 3:], two.counts[:, :, 3:])
    assert (one.counts[2:, :, 1] != two.counts[2:, :, 1]).any()


def test_a_small_change_of_a_hazard_changes_little() -> None:
    process = chain()
    one = sample(
        process, Hazards.of_flows(process, CHAIN_RATES), [[10_000, 0, 0, 0]], 3, 400, seed=4
    )
    more = CHAIN_RATES * [1.01, 1, 1, 1, 1]
    two = sample(process, Hazards.of_flows(process, more), [[10_000, 0, 0, 0]], 3, 400, seed=4)
    apart = sample(process, Hazards.of_flows(process, more), [[10_000, 0, 0, 0]], 3, 400, seed=5)
    paired = (two.counts[-1, 0, 0] - one.counts[-1, 0, 0]).std()
    independent = (apart.counts[-1, 0, 0] - one.counts[-1, 0, 0]).std()
    assert paired < independent / 2


def test_certain_impossible_and_empty() -> None:
    process = chain()
    none = sample(process, Hazards.of_flows(process, np.zeros(5)), [[5, 6, 7, 8]], 3, 2, seed=1)
    assert (none.counts == np.array([5, 6, 7, 8])[None, None, :, None]).all()
    tiny = sample(
        process, Hazards.of_flows(process, np.full(5, 5e-324)), [[2**40, 0, 0, 0]], 3, 2, 1
    )
    assert (tiny.counts[:, 0, 0] == 2**40).all()
    huge = sample(process, Hazards.of_flows(process, np.full(5, 1e300)), [[9, 0, 0, 0]], 1, 50, 1)
    assert (huge.counts[1, 0, 0] == 0).all()
    still = sample(process, Hazards.of_flows(process, CHAIN_RATES), [[9, 0, 0, 0]], 0, 2, seed=1)
    assert still.counts.shape == (1, 1, 4, 2)
    nobody = sample(process, Hazards.of_flows(process, CHAIN_RATES), [[0, 0, 0, 0]], 3, 2, seed=1)
    assert nobody.counts.sum() == 0
    no_flows, _ = Process.from_names(["g"], ["only"], [], 1.0)
    alone = sample(no_flows, Hazards.of_flows(no_flows, []), [[3]], 2, 2, seed=1)
    assert (alone.counts == 3).all()
    mean = expected(no_flows, Hazards.of_flows(no_flows, []), [[3.0]], 2)
    assert (np.asarray(mean.counts) == 3).all()
    no_draws = sample(process, Hazards.of_flows(process, CHAIN_RATES), [[9, 0, 0, 0]], 2, 0, seed=1)
    assert no_draws.counts.shape == (3, 1, 4, 0)


def test_small_groups_take_half_the_memory() -> None:
    process = chain()
    hazards = Hazards.of_flows(process, CHAIN_RATES)
    assert sample(process, hazards, [[2**31 - 1, 0, 0, 0]], 1, 1, seed=1).counts.dtype == np.int32
    assert sample(process, hazards, [[2**31, 0, 0, 0]], 1, 1, seed=1).counts.dtype == np.int64


def test_expected_multipliers_can_be_passed_on() -> None:
    process = chain()
    hazards = random_hazards(process, 3, 4, seed=1, zeros=0.0)

    def crowded(counts: jax.Array, step: jax.Array) -> jax.Array:
        return 1 / (1 + counts.sum(axis=0)[process.targets] / 100)

    means = expected_many(process, hazards, [[1000.0, 0, 0, 0]], 4, environment=crowded)
    assert means.multipliers is not None
    assert means.multipliers.shape == (3, 4, 5)
    again = expected_many(process, hazards.times(means.multipliers), [[1000.0, 0, 0, 0]], 4)
    np.testing.assert_allclose(again.counts, means.counts, rtol=1e-12)
    run = sample(process, hazards.times(means.multipliers), [[1000, 0, 0, 0]], 4, 3, seed=1)
    assert run.counts.sum() == 3 * 5 * 1000
