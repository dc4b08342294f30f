from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from dispersal.population import binomial, streams

if TYPE_CHECKING:
    from dispersal.population.hazards import FloatArray
    from dispersal.population.process import IntArray

from .helpers import uncached


@uncached
def many(n: int, p: float, q: float, size: int, first: int) -> IntArray:
    key = np.array([np.uint64(0x12345), np.uint64(0x6789A)])
    result = np.empty(size, np.int64)
    base = streams.stream_base(key, 0, 0)
    for i in range(size):
        a, b = streams.stream(base, key, first + i)
        result[i], a, b = binomial.binomial(n, p, q, a, b)
    return result


@uncached
def first_uniforms(size: int, step: int) -> FloatArray:
    key = np.array([np.uint64(1), np.uint64(2)])
    result = np.empty((size, 4))
    for i in range(size):
        a, b = streams.stream(streams.stream_base(key, step, i // 50), key, i % 50)
        for j in range(4):
            result[i, j], a, b = streams.uniform(a, b)
    return result


def chi_square_p(drawn: IntArray, n: int, p: float) -> float:
    """Return the p-value of a chi-square test against SciPy's binomial, in bins of 25 or more."""
    size = len(drawn)
    inner = np.linspace(0.01, 0.99, 40)
    edges = np.unique(stats.binom.ppf(inner, n, p))
    cdf = np.concatenate(([0.0], stats.binom.cdf(edges, n, p), [1.0]))
    wanted = np.diff(cdf) * size
    found = np.bincount(np.searchsorted(edges, drawn), minlength=len(wanted))
    # Merge thin bins into their neighbour, so that the statistic is chi-square.
    groups = np.minimum(np.floor((np.cumsum(wanted) - wanted / 2) / 25), size).astype(int)
    _, groups = np.unique(groups, return_inverse=True)
    wanted = np.bincount(groups, weights=wanted)
    found = np.bincount(groups, weights=found)
    found, wanted = found[wanted > 0], wanted[wanted > 0]
    assert found.sum() == len(drawn)
    if len(wanted) == 1:
        return 1.0
    return float(stats.chi2.sf(((found - wanted) ** 2 / wanted).sum(), len(wanted) - 1))


GRID = [
    (n, p)
    for n in (1, 2, 5, 19, 20, 21, 40, 100, 1_000, 60_000, 10**6, 2**31, 2**40)
    for p in (0.001, 0.01, 0.1, 0.25, 0.4999, 0.5, 0.5001, 0.9, 0.999)
] + [
    (n, mean / n)
    for n in (25, 1_000, 2**20, 2**40)
    for mean in (0.01, 1.0, 9.0, 9.999, 10.0, 10.001, 12.0, 30.0)
    if mean < n
]


def test_binomials_are_exact_over_a_grid() -> None:
    size = 20_000
    values = np.array(
        [
            chi_square_p(many(n, p, 1 - p, size, index * size), n, p)
            for index, (n, p) in enumerate(GRID)
        ]
    )
    worst = int(values.argmin())
    # The smallest of so many uniform p-values is below 0.001 / their number once in a thousand.
    assert values.min() > 0.001 / len(values), (GRID[worst], values[worst])
    informative = values[values < 1]
    assert stats.kstest(informative, "uniform").pvalue > 0.001


@pytest.mark.parametrize(
    ("n", "p"), [(20, 0.5), (100, 0.1), (100, 0.25), (10**6, 1.5e-5), (2**40, 0.3)]
)
def test_rejection_is_exact_with_many_draws(n: int, p: float) -> None:
    assert chi_square_p(many(n, p, 1 - p, 2_000_000, 0), n, p) > 0.001


def test_tails_have_their_probability() -> None:
    n, p, size = 400, 0.05, 4_000_000
    drawn = many(n, p, 1 - p, size, 0)
    for tail, probability in (
        (drawn <= 6, stats.binom.cdf(6, n, p)),
        (drawn >= 38, stats.binom.sf(37, n, p)),
    ):
        assert stats.binomtest(int(tail.sum()), size, probability).pvalue > 0.001


def test_moments_at_the_largest_size() -> None:
    n, p = 2**40, 1 / 3
    drawn = many(n, p, 1 - p, 200_000, 0) - n * p
    deviation = np.sqrt(n * p * (1 - p))
    assert abs(drawn.mean()) < 4 * deviation / np.sqrt(200_000)
    assert abs(drawn.std() / deviation - 1) < 4 / np.sqrt(2 * 200_000)


def test_the_quick_test_of_acceptance_is_within_its_bound() -> None:
    """What the series around the mean leaves out is below the bound that the sampler allows."""
    for n in (20, 25, 40, 100, 400, 3_000, 100_000):
        for p in np.linspace(10.001 / n, 0.5, 60):
            mean, rest = n * p, n * (1 - p)
            mode = np.floor((n + 1) * p)
            k = np.arange(max(1, np.ceil(0.75 * mean)), min(n - 1, 1.25 * mean))
            k = k[abs(k - mean) < 10 * np.sqrt(mean)]
            exact = stats.binom.logpmf(k, n, p) - stats.binom.logpmf(mode, n, p)
            at = [
                np.array([binomial.log_mass_series(e, 1 / mean, 1 / rest) for e in where - mean])
                for where in (k, np.array([mode]))
            ]
            far = abs(k - mean) / mean
            slack = far * (0.3 / mean + far**2 * (0.445 + 0.134 * abs(k - mean) * far))
            assert (abs(at[0] - at[1] - exact) <= slack + 0.5 / mean**2 + 1e-9).all()


def test_extreme_probabilities() -> None:
    most = 2**40
    for n in (0, 1, 7, most):
        assert (many(n, 0.0, 1.0, 100, 0) == 0).all()
        assert (many(n, 1.0, 0.0, 100, 0) == n).all()
        assert (many(n, 1e-300, 1.0, 100, 0) == 0).all()
        assert (many(n, 1.0, 1e-300, 100, 0) == n).all()
        assert (many(n, 5e-324, 1.0, 100, 0) == 0).all()
    rare = many(most, 1.0, 2.0**-40, 20_000, 0)  # a p that only its complement can express
    assert abs((most - rare).mean() - 1) < 0.05


def test_streams_are_uniform_and_uncorrelated() -> None:
    size = 200_000
    values = np.hstack([first_uniforms(size, step) for step in (0, 1)])
    for column in values.T:
        assert stats.kstest(column, "uniform").pvalue > 1e-4
        neighbours = np.corrcoef(column[1:], column[:-1])[0, 1]
        assert abs(neighbours) < 4.5 / np.sqrt(size)
    correlation = np.corrcoef(values.T) - np.eye(8)
    assert np.abs(correlation).max() < 4.5 / np.sqrt(size)
    assert len(np.unique(values)) == values.size
    low_bits = (values[:, 0] * 2**53).astype(np.int64) & 255
    assert stats.chisquare(np.bincount(low_bits, minlength=256)).pvalue > 1e-4
