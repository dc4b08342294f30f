"""Weighted quantiles, spreads and sizes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispersal.metrics import crps
from dispersal.whatif.weighing import (
    effective_size,
    weighted_difference,
    weighted_quantiles,
    without_twins,
)

numbers = st.lists(st.floats(-100, 100), min_size=2, max_size=30)


@given(numbers, st.data())
def test_difference_is_that_of_all_pairs(values: list[float], data: st.DataObject) -> None:
    sized = st.lists(st.floats(0.01, 10), min_size=len(values), max_size=len(values))
    x, w = np.array(values), np.array(data.draw(sized))
    pairs = (np.abs(x[:, None] - x) * w[:, None] * w).sum() / w.sum() ** 2
    assert weighted_difference(x, w) == pytest.approx(pairs, abs=1e-9)


@given(numbers)
def test_equal_weights_are_hazens_quantiles(values: list[float]) -> None:
    levels = (0.1, 0.5, 0.77)
    expected = np.quantile(values, levels, method="hazen")
    found = weighted_quantiles(np.array(values), np.ones(len(values)), levels)
    np.testing.assert_allclose(found, expected, atol=1e-9)


@given(numbers, st.data())
def test_order_and_unit_of_weights_do_not_matter(values: list[float], data: st.DataObject) -> None:
    order = np.array(data.draw(st.permutations(range(len(values)))))
    # Different values: of equal ones any order is right, and weights between them are not shared.
    x = np.array(values) + 1e-3 * np.arange(len(values))
    w = np.random.default_rng(len(values)).uniform(0.1, 1.0, x.size)
    if np.unique(x).size < x.size:
        return
    first = weighted_quantiles(x, w, (0.1, 0.9))
    np.testing.assert_allclose(weighted_quantiles(x[order], 7.0 * w[order], (0.1, 0.9)), first)
    np.testing.assert_allclose(
        weighted_difference(x[order], 7.0 * w[order]), weighted_difference(x, w)
    )


def test_rows_of_weights_share_values() -> None:
    rng = np.random.default_rng(1)
    x, w = np.sort(rng.normal(size=50)), rng.uniform(size=(3, 4, 50))
    together = weighted_quantiles(x, w, (0.1, 0.5))
    assert together.shape == (3, 4, 2)
    np.testing.assert_allclose(together[2, 1], weighted_quantiles(x, w[2, 1], (0.1, 0.5)))
    np.testing.assert_allclose(weighted_difference(x, w)[2, 1], weighted_difference(x, w[2, 1]))


def test_half_the_difference_is_the_expected_crps() -> None:
    x = np.random.default_rng(2).normal(size=200)
    expected = np.mean([float(crps(x, value)) for value in x])
    assert weighted_difference(x, np.ones(200)) / 2 == pytest.approx(expected)


@given(st.lists(st.floats(0.001, 10), min_size=1, max_size=30))
def test_size_lies_between_one_and_all(weights: list[float]) -> None:
    size = float(effective_size(np.array(weights)))
    assert 1.0 - 1e-9 <= size <= len(weights) + 1e-9


def test_without_twins_a_small_sample_differs_as_a_large_one() -> None:
    rng = np.random.default_rng(3)
    samples, weights = rng.normal(size=(20_000, 8)), rng.uniform(size=(20_000, 8))
    with_twins = weighted_difference(samples, weights)
    found = without_twins(with_twins, effective_size(weights))
    # The mean absolute difference of two standard normals is 2 / √π.
    assert found.mean() == pytest.approx(2 / np.sqrt(np.pi), rel=0.01)
    assert with_twins.mean() < 0.95 * found.mean()


def test_one_draw_alone_has_no_spread() -> None:
    assert float(weighted_difference(np.array([1.0, 5.0]), np.array([1.0, 0.0]))) == 0.0
    assert float(weighted_difference(np.array([1.0, 5.0]), np.zeros(2))) == 0.0
    assert float(without_twins(np.array(0.0), np.array(1.0))) == 0.0
    assert weighted_quantiles(np.array([3.0]), np.ones(1), (0.1, 0.9)).tolist() == [3.0, 3.0]
