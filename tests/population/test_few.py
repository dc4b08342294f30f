"""Binomials of up to 64 trials at once, and multinomials from them, against SciPy's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from dispersal.population import few, streams

from .helpers import uncached
from .test_binomial import chi_square_p

if TYPE_CHECKING:
    from dispersal.population.hazards import FloatArray
    from dispersal.population.process import IntArray

BELOW_ONE = 1.0 - 2.0**-53


@uncached
def below(n: int, thresholds: FloatArray, size: int) -> IntArray:
    """Return how many of n uniform numbers are below each of four thresholds, int64[size, 4]."""
    key = np.array([np.uint64(0x2468), np.uint64(0x1357)])
    result = np.empty((size, 4), np.int64)
    base = streams.stream_base(key, n, 0)
    p, second, third, fourth = thresholds
    for i in range(size):
        a, b = streams.stream(base, key, i)
        one, two, three, four, a, b = few.few_below(n, p, second, third, fourth, a, b)
        result[i, 0], result[i, 1], result[i, 2], result[i, 3] = one, two, three, four
    return result


def many(n: int, p: float, size: int) -> IntArray:
    return below(n, np.array([p, 0.0, 0.0, 0.0]), size)[:, 0]


@uncached
def with_zeros(n: int) -> tuple[int, int]:
    """Return how many of n are below a half, and how many of the first word's n bits are 0."""
    key = np.array([np.uint64(5), np.uint64(6)])
    a, b = streams.stream(streams.stream_base(key, 0, 0), key, 0)
    first, _, _ = streams.word(a, b)
    found, _, _, _, a, b = few.few_below(n, 0.5, 0.0, 0.0, 0.0, a, b)
    zeros = 0
    for bit in range(n):
        zeros += 1 - int((first >> np.uint64(bit)) & np.uint64(1))
    return found, zeros


GRID = [(n, p) for n in (1, 2, 7, 30, 64) for p in (1e-3, 0.1, 1 / 3, 0.5, 0.77, 0.999)]


def test_numbers_are_exact_over_a_grid() -> None:
    values = [chi_square_p(many(n, p, 200_000), n, p) for n, p in GRID]
    assert min(values) > 0.001 / len(GRID)


def test_each_threshold_is_exact_beside_the_others() -> None:
    thresholds = np.array([0.8, 0.3, 0.3, 1e-3])
    drawn = below(17, thresholds, 200_000)
    values = [chi_square_p(drawn[:, i], 17, p) for i, p in enumerate(thresholds)]
    assert min(values) > 0.001 / 4
    assert (drawn[:, 1] == drawn[:, 2]).all()
    assert (np.diff(drawn, axis=1) <= 0).all()


def test_numbers_between_thresholds_are_multinomial() -> None:
    size, shares = 400_000, np.array([0.1, 0.25, 0.3, 0.2, 0.15])
    thresholds = np.cumsum(shares[:0:-1])[::-1]
    drawn = below(3, thresholds, size)
    edges = np.column_stack((np.full(size, 3), drawn, np.zeros(size, np.int64)))
    parts = edges[:, :-1] - edges[:, 1:]
    cells, found = np.unique(parts, axis=0, return_counts=True)
    expected = size * stats.multinomial.pmf(cells, 3, shares)
    assert len(cells) == 35  # all ways to split three among five
    assert stats.chisquare(found, expected * found.sum() / expected.sum()).pvalue > 0.001


def test_numbers_that_follow_each_other_are_not_correlated() -> None:
    drawn = many(20, 0.3, 200_000).astype(np.float64)
    assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 4.5 / np.sqrt(len(drawn))


@pytest.mark.parametrize("n", [1, 13, 64])
def test_below_a_half_is_whose_first_digit_is_zero(n: int) -> None:
    found, zeros = with_zeros(n)
    assert found == zeros


def test_extreme_probabilities() -> None:
    assert many(64, 0.0, 100).tolist() == [0] * 100
    assert many(64, 1e-30, 100).tolist() == [0] * 100
    assert many(64, BELOW_ONE, 100).tolist() == [64] * 100
    assert many(1, BELOW_ONE, 100).tolist() == [1] * 100


def test_bits_are_counted() -> None:
    rng = np.random.default_rng(1)
    words = rng.integers(0, 2**64, size=200, dtype=np.uint64)
    words[:3] = 0, 2**64 - 1, 1
    assert [few.ones_in(one) for one in words] == [int(one).bit_count() for one in words]
