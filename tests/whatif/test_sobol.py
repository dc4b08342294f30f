"""Sobol indices against functions whose indices are known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.whatif.sobol import main_effect, sobol, sobol_indices, sobol_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dispersal.whatif.sobol import Indices

    FloatArray = NDArray[np.float64]


def ishigami(points: FloatArray) -> FloatArray:
    x = math.pi * (2.0 * points - 1.0)
    return np.asarray(
        np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    )


def ishigami_indices() -> tuple[list[float], list[float]]:
    """First-order and total indices for a = 7, b = 0.1 (Ishigami and Homma 1990)."""
    a, b, pi = 7.0, 0.1, math.pi
    first = 0.5 * (1 + b * pi**4 / 5) ** 2
    second = a**2 / 8
    both = b**2 * pi**8 * (1 / 18 - 1 / 50)
    whole = first + second + both
    return [first / whole, second / whole, 0.0], [
        (first + both) / whole,
        second / whole,
        both / whole,
    ]


def assert_within(found: Indices, first: Sequence[float], total: Sequence[float]) -> None:
    """The indices lie in twice their 90 % intervals, and the intervals are narrow."""
    assert (np.abs(found.first - first) <= 2 * found.first_half + 0.01).all()
    assert (np.abs(found.total - total) <= 2 * found.total_half + 0.01).all()
    assert found.first_half.max() < 0.15
    assert found.total_half.max() < 0.15


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ishigami(seed: int) -> None:
    assert_within(sobol(ishigami, ["x1", "x2", "x3"], 1024, seed), *ishigami_indices())


@pytest.mark.parametrize("seed", [1, 2])
def test_a_linear_function(seed: int) -> None:
    weights = np.array([4.0, 2.0, 1.0, 0.0])
    shares = (weights**2 / (weights**2).sum()).tolist()
    found = sobol(lambda x: x @ weights, ["a", "b", "c", "d"], 1024, seed)
    assert_within(found, shares, shares)


def test_inputs_of_a_group_are_taken_together() -> None:
    names, groups = ["a", "b", "c"], ["a", "rest", "rest"]
    points = sobol_points(names, groups, 1024, 1)
    found = sobol_indices(points @ [3.0, 2.0, 1.0], names, groups, 1)
    assert found.names == ("a", "rest")
    assert found.first == pytest.approx([9 / 14, 5 / 14], abs=0.03)
    assert found.total == pytest.approx([9 / 14, 5 / 14], abs=0.03)


def test_a_constant_has_no_sensitivity() -> None:
    found = sobol(lambda x: np.full(len(x), 3.0), ["a", "b"], 8, 1)
    assert not found.first.any()
    assert not found.total.any()


def test_a_main_effect_is_that_of_the_function() -> None:
    """Ishigami's second input, whose main effect is 7 sin² at any quantile."""
    names = ["x1", "x2", "x3"]
    points = sobol_points(names, names, 4096, 2)
    # A cubic cannot follow two periods: ask of the function's first input, close to half a wave.
    low, high = main_effect(points, ishigami(points), names, "x1", 0)
    scale = 1 + 0.1 * math.pi**4 / 5
    expected = [3.5 + scale * math.sin(math.pi * (2 * u - 1)) for u in (0.1, 0.9)]
    assert [low, high] == pytest.approx(expected, abs=0.5)


def test_the_same_seed_gives_the_same_points() -> None:
    one, two = (sobol_points(["a", "b"], ["a", "b"], 16, 5) for _ in range(2))
    np.testing.assert_array_equal(one, two)
    assert (sobol_points(["a", "b"], ["a", "b"], 16, 6) != one).any()
    assert one.min() >= 0
    assert one.max() < 1
