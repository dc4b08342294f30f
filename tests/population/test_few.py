"""Binomials of up to 64 trials at once, against SciPy's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.population import few, streams

from .helpers import uncached
from .test_binomial import chi_square_p

if TYPE_CHECKING:
    from dispersal.population.process import IntArray

BELOW_ONE = 1.0 - 2.0**-53


@uncached
def many(n: int, p: float, size: int) -> IntArray:
    key = np.array([np.uint64(0x2468), np.uint64(0x1357)])
    result = np.empty(size, np.int64)
    base = streams.stream_base(key, n, 0)
    for i in range(size):
        a, b = streams.stream(base, key, i)
        result[i], a, b = few.binomial_few(n, p, a, b)
    return result


@uncached
def one_word(n: int, p: float) -> tuple[int, float, int]:
    """Return the number, the first word's share of zeros among n bits, and words drawn."""
    key = np.array([np.uint64(5), np.uint64(6)])
    a, b = streams.stream(streams.stream_base(key, 0, 0), key, 0)
    first, next_a, next_b = streams.word(a, b)
    found, a, b = few.binomial_few(n, p, a, b)
    zeros = 0
    for bit in range(n):
        zeros += 1 - int((first >> np.uint64(bit)) & np.uint64(1))
    return found, zeros, int(a == next_a and b == next_b)


GRID = [(n, p) for n in (1, 2, 7, 30, 64) for p in (1e-3, 0.1, 1 / 3, 0.5, 0.77, 0.999)]


def test_numbers_are_exact_over_a_grid() -> None:
    values = [chi_square_p(many(n, p, 200_000), n, p) for n, p in GRID]
    assert min(values) > 0.001 / len(GRID)


def test_numbers_that_follow_each_other_are_not_correlated() -> None:
    drawn = many(20, 0.3, 200_000).astype(np.float64)
    assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 4.5 / np.sqrt(len(drawn))


@pytest.mark.parametrize("n", [1, 13, 64])
def test_a_half_takes_one_word(n: int) -> None:
    found, zeros, one = one_word(n, 0.5)
    assert found == zeros
    assert one


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
