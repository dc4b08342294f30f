"""Exact binomial random numbers, for any probability and up to 2^40 trials."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dispersal.population.compiled import compiled, inlined
from dispersal.population.streams import uniform

# Below this expected number inversion is faster, and Hörmann's rejection is not valid.
INVERSION_BELOW = 10.0
# Up to this far from the mode a product of ratios is faster than logarithms.
RECURSION = 8.0
# With a mean below INVERSION_BELOW, more than this has a probability below 1e-70.
LONGEST_INVERSION = 110
RECIPROCAL = np.concatenate(([0.0], 1.0 / np.arange(1, LONGEST_INVERSION + 2)))
# Stirling's error, log(k!) − log(√(2πk) (k/e)^k), exact for small k (Loader 2000, table 1).
STIRLING_ERROR = np.array(
    [0.0]
    + [
        math.lgamma(k + 1) - (k + 0.5) * math.log(k) + k - 0.5 * math.log(2 * math.pi)
        for k in range(1, 16)
    ]
)


@compiled
def stirling_error(k: float) -> float:
    """Return log(k!) − log(√(2πk) (k/e)^k) for a whole k ≥ 1 (Loader 2000)."""
    if k < 16.0:
        return STIRLING_ERROR[int(k)]  # type: ignore[no-any-return]
    r = 1.0 / k
    rr = r * r
    return r * (1 / 12 - rr * (1 / 360 - rr * (1 / 1260 - rr * (1 / 1680 - rr / 1188))))


@compiled
def deviance(x: float, mean: float) -> float:
    """Return x·log(x/mean) + mean − x without cancellation (Loader 2000)."""
    v = (x - mean) / (x + mean)
    if abs(v) >= 0.1:
        return x * math.log(x / mean) + mean - x
    w = v * v
    series = 1 / 9 + w * (1 / 11 + w * (1 / 13 + w * (1 / 15 + w * (1 / 17 + w / 19))))
    series = w * (1 / 3 + w * (1 / 5 + w * (1 / 7 + w * series)))
    return (x - mean) * v + 2.0 * x * v * series


@compiled
def log_mass(k: float, n: float, p: float) -> float:
    """Return log of the binomial probability of 0 < k < n times √(k (n − k)), up to a constant."""
    other = n - k
    return (
        -stirling_error(k)
        - stirling_error(other)
        - deviance(k, n * p)
        - deviance(other, n * (1.0 - p))
    )


@inlined
def log_mass_series(e: float, by_mean: float, by_rest: float) -> float:
    """Return log f(k) − log f(mean) to the fourth power of e = k − mean.

    The sum of ``deviance`` and of −½ log(k (n − k)) for successes and failures, expanded; given
    1 / (n p) and 1 / (n q). For |e| ≤ n p / 4 and p ≤ ½ the rest of deviance is below
    0.134 |e| s⁴, of the logarithm 0.445 |s|³, and Stirling's error changes by less than
    0.3 |s| / (n p), where s = e / (n p).
    """
    mean_2, rest_2 = by_mean * by_mean, by_rest * by_rest
    first = (by_rest - by_mean) / 2
    second = (mean_2 + rest_2) / 4 - (by_mean + by_rest) / 2
    third = (mean_2 - rest_2) * (1 / 6)
    fourth = -(mean_2 * by_mean + rest_2 * by_rest) * (1 / 12)
    return e * (first + e * (second + e * (third + e * fourth)))


@compiled
def is_below_mass(height: float, k: float, n: float, p: float) -> bool:
    """Return whether height ≤ f(k) / f(mode), f being the binomial probability."""
    if height <= 0.0:
        return True
    # The same n and p, but in terms of k: a compiler that takes what does not depend on k out of
    # the loop of trials would work it out for every number, and hardly ever need it.
    trials = k + (n - k)
    p *= 1.0 if trials == n else 0.0
    n = trials
    q = 1.0 - p
    mean, mode = n * p, np.floor(n * p + p)
    by_both = 1.0 / (mean * q)
    by_mean, by_rest = q * by_both, p * by_both
    e = k - mean
    far = abs(e) * by_mean
    if far < 0.25:
        # The series of log f(k) around the mean, and a bound on what it leaves out.
        gap = math.log(height) - log_mass_series(e, by_mean, by_rest)
        gap += log_mass_series(mode - mean, by_mean, by_rest)
        slack = far * (0.3 * by_mean + far * far * (0.445 + 0.134 * abs(e) * far))
        if abs(gap) > slack + 0.5 * by_mean * by_mean:
            return bool(gap < 0.0)
    distance = k - mode
    if abs(distance) <= RECURSION:
        odds = p / (1.0 - p)
        slope = (n + 1.0) * odds
        ratio = 1.0
        i = min(k, mode)
        while i < max(k, mode):
            i += 1.0
            ratio *= slope / i - odds
        return bool(height <= ratio) if distance > 0.0 else bool(height * ratio <= 1.0)
    if k == 0.0 or k == n:
        edge = n * (math.log1p(-p) if k == 0.0 else math.log(p))
        constant = stirling_error(n) + 0.5 * math.log(n / (2 * math.pi * mode * (n - mode)))
        return math.log(height) <= edge - constant - log_mass(mode, n, p)
    area = k * (n - k) / (mode * (n - mode))
    return 0.5 * math.log(height * height * area) <= log_mass(k, n, p) - log_mass(mode, n, p)


@inlined
def binomial_from(
    u: float, none: float, n: int, odds: float, a: Any, b: Any
) -> tuple[int, Any, Any]:
    """Return the binomial number above 0 that inversion finds for u ≥ ``none``, that of 0.

    The odds are p / (1 − p).
    """
    slope = (n + 1) * odds
    longest = min(n, LONGEST_INVERSION)
    while True:
        probability = none
        k = 0
        while u >= probability:
            u -= probability
            k += 1
            if k > longest:
                break
            probability *= slope * RECIPROCAL[k] - odds
        if k <= longest:
            return k, a, b
        u, a, b = uniform(a, b)  # rounding left a sliver above the last probability


@inlined
def binomial_by_inversion(n: int, p: float, log_q: float, a: Any, b: Any) -> tuple[int, Any, Any]:
    """Return a binomial number for a small n·p by adding up probabilities, from 0 on."""
    none = math.exp(n * log_q)
    u, a, b = uniform(a, b)
    if u < none:
        return 0, a, b
    return binomial_from(u, none, n, p / (1.0 - p), a, b)


@inlined
def binomial_by_rejection(n: int, p: float, a: Any, b: Any) -> tuple[int, Any, Any]:
    """Return a binomial number for n·p ≥ 10, p ≤ ½ by transformed rejection (Hörmann 1993, BTRS).

    The acceptance test uses Loader's probabilities, whose error does not grow with n.
    """
    mean = n * p
    spread = math.sqrt(mean * (1.0 - p))
    width = 1.15 + 2.53 * spread
    tail = -0.0873 + 0.0248 * width + 0.01 * p
    quick = 0.92 * width - 4.2
    while True:
        u, a, b = uniform(a, b)
        v, a, b = uniform(a, b)
        u -= 0.5
        edge = 0.5 - abs(u)
        if edge <= 0.0:
            continue
        # Division by what is known early, so that it need not wait for the root.
        k = np.floor((tail * (2.0 / edge) + width) * u + (mean + 0.5))
        if edge >= 0.07 and v * width <= quick:
            return int(k), a, b
        if k < 0.0 or k > n:
            continue
        square = edge * edge
        height = v * (2.83 * width + 5.1) * spread * square / (width * (tail + width * square))
        if is_below_mass(height, k, float(n), p):
            return int(k), a, b


@inlined
def binomial_half(n: int, p: float, a: Any, b: Any) -> tuple[int, Any, Any]:
    """Return how many of n succeed, for p ≤ ½."""
    if n * p < INVERSION_BELOW:
        return binomial_by_inversion(n, p, math.log1p(-p), a, b)
    return binomial_by_rejection(n, p, a, b)


@inlined
def binomial(n: int, p: float, q: float, a: Any, b: Any) -> tuple[int, Any, Any]:
    """Return an exact binomial number of n with probability p and the stream's next state.

    The complement q = 1 − p is given too, since a p near 1 would round it away.
    """
    if n == 0 or p <= 0.0:
        return 0, a, b
    if q <= 0.0:
        return n, a, b
    if p <= 0.5:
        return binomial_half(n, p, a, b)
    k, a, b = binomial_half(n, q, a, b)
    return n - k, a, b
