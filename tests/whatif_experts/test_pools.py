"""Pools against what they must be by calculation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispersal.errors import InputError
from dispersal.whatif.experts.distributions import Piecewise, from_quantiles
from dispersal.whatif.experts.pooling import latest_of_each, pool
from dispersal.whatif.experts.pools import (
    borda,
    linear_chance,
    linear_pool,
    log_linear_chance,
    log_linear_pool,
)

from .rows import CUT, claim

NAMES = ("AFG", "LBY", "YEM", "PHL", "TUN")

three_points = st.lists(
    st.floats(-50, 50, allow_nan=False).map(lambda value: round(value, 3)),
    min_size=3,
    max_size=3,
    unique=True,
).map(sorted)


def part(values: list[float]) -> Piecewise:
    return from_quantiles(values, (0.1, 0.5, 0.9), -60.0, 60.0)


@settings(max_examples=60, deadline=None)
@given(st.lists(three_points, min_size=1, max_size=4), st.floats(-70, 70))
def test_linear_pool_is_the_mean_of_distribution_functions(
    rows: list[list[float]], at: float
) -> None:
    parts = [part(values) for values in rows]
    weights = np.random.default_rng(len(rows)).dirichlet(np.ones(len(rows)))
    exact = sum(weight * float(one.cdf(at)) for weight, one in zip(weights, parts, strict=True))
    assert float(linear_pool(parts, weights).cdf(at)) == pytest.approx(exact, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.lists(three_points, min_size=2, max_size=4))
def test_pools_do_not_depend_on_the_order_and_agree_with_agreement(
    rows: list[list[float]],
) -> None:
    parts = [part(values) for values in rows]
    levels = np.array([0.05, 0.5, 0.95])
    for pooled in (linear_pool, log_linear_pool):
        forward, backward = pooled(parts), pooled(parts[::-1])
        assert forward.masses.sum() == pytest.approx(1.0)
        assert forward.quantile(levels) == pytest.approx(backward.quantile(levels), abs=1e-6)
        same = pooled([parts[0]] * 3)
        assert same.quantile(levels) == pytest.approx(parts[0].quantile(levels), abs=1e-6)


def test_log_linear_pool_multiplies_densities() -> None:
    # Densities (0.8, 0.2) and (0.2, 0.8) on two halves: their geometric mean is even.
    edges = np.array([0.0, 1.0, 2.0])
    one, other = Piecewise(edges, np.array([0.8, 0.2])), Piecewise(edges, np.array([0.2, 0.8]))
    assert log_linear_pool([one, other]).masses.tolist() == pytest.approx([0.5, 0.5])
    # With weights 0.75 and 0.25 the odds are 4 ** 0.75 × (1/4) ** 0.25 = 2.
    uneven = log_linear_pool([one, other], np.array([0.75, 0.25]))
    assert uneven.masses.tolist() == pytest.approx([2 / 3, 1 / 3])


def test_log_linear_pool_needs_common_ground() -> None:
    apart = [Piecewise(np.array([at, at + 1.0]), np.array([1.0])) for at in (0.0, 5.0)]
    with pytest.raises(InputError, match="share no value"):
        log_linear_pool(apart)
    assert linear_pool(apart).quantile([0.25, 0.75]).tolist() == [0.5, 5.5]


@given(st.lists(st.floats(0.01, 0.99), min_size=1, max_size=6))
def test_chances_pool_between_the_least_and_the_most(chances: list[float]) -> None:
    for pooled in (linear_chance(chances), log_linear_chance(chances)):
        assert min(chances) - 1e-9 <= pooled <= max(chances) + 1e-9
    opposite = [1.0 - chance for chance in chances]
    assert linear_chance(opposite) == pytest.approx(1.0 - linear_chance(chances))
    assert log_linear_chance(opposite) == pytest.approx(1.0 - log_linear_chance(chances))


def test_log_linear_chance_is_the_mean_of_log_odds() -> None:
    odds = math.sqrt((0.9 / 0.1) * (0.5 / 0.5))
    assert log_linear_chance([0.9, 0.5]) == pytest.approx(odds / (1 + odds))


@pytest.mark.parametrize("weights", [[1.0], [-1.0, 2.0], [0.0, 0.0]])
def test_weights_that_are_none_are_refused(weights: list[float]) -> None:
    with pytest.raises(InputError, match="expected 2 numbers from 0 on"):
        linear_chance([0.2, 0.4], np.array(weights))


@given(st.lists(st.permutations(NAMES), min_size=1, max_size=5), st.permutations(NAMES))
def test_borda_of_whole_rankings(rankings: list[list[str]], renamed: list[str]) -> None:
    points = borda(rankings)
    # As many points are given as there are pairs of names.
    assert sum(points.values()) == pytest.approx(len(NAMES) * (len(NAMES) - 1) / 2)
    names = dict(zip(NAMES, renamed, strict=True))
    other = borda([[names[name] for name in ranking] for ranking in rankings])
    assert {names[name]: value for name, value in points.items()} == pytest.approx(other)
    assert borda([rankings[0]]) == dict(zip(rankings[0], (4, 3, 2, 1, 0), strict=True))


def test_of_every_expert_the_latest_counts_and_none_after_the_day() -> None:
    claims = [
        claim("a1", expert="A", published="2016-01-01"),
        claim("a2", expert="A", published="2016-06-01"),
        claim("b1", expert="B", published="2016-03-01"),
        claim("c1", expert="C", published="2017-03-08"),
    ]
    found = latest_of_each(claims, CUT)
    assert [one.judgement.judgement_id for one in found] == ["a2", "b1"]


def test_pool_of_numbers_says_why_cookes_weights_are_equal() -> None:
    claims = [
        claim("a", low=100, high=400, direction="up"),
        claim("b", low=200, high=900, direction="up"),
    ]
    found = pool(claims[0].question, claims)
    assert found.weights is not None
    assert "weights are equal" in found.weights.fallback
    assert found.draws("cooke") == pytest.approx(found.draws("linear"))
    assert set(found.distributions) == {"linear", "log_linear", "cooke"}


def test_seed_questions_give_weights_to_those_who_knew() -> None:
    claims = [claim("a", expert="A", low=100, high=400), claim("b", expert="B", low=100, high=400)]
    asked = []
    for number in range(10):
        told = 100.0 + 40.0 * number
        asked.append(
            (claim(f"s{number}", expert="A", low=told / 2, high=told * 2), math.log1p(told))
        )
        asked.append((claim(f"t{number}", expert="B", low=5, high=6), math.log1p(told)))
    found = pool(claims[0].question, claims, asked)
    assert found.weights is not None
    assert found.weights.fallback == ""
    assert found.weights.weights[0] > 0.99
