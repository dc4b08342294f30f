"""The compiled inner loops of sampling: random streams, binomials, and moving people.

All compiled code is in this one file because Numba's cache notices a change only in the file of
the function that was called.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

Function = TypeVar("Function", bound=Callable[..., Any])

# Below this expected number inversion is faster, and Hörmann's rejection is not valid.
INVERSION_BELOW = 10.0
# Up to this many leavers are placed one by one, which is then faster than binomials.
ONE_BY_ONE = 16
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

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
SILVER = np.uint64(0xD1342543DE82EF95)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)


def compiled(function: Function) -> Function:
    """Compile a function without the interpreter's lock, keeping the result on disk if possible."""
    try:
        return cast("Function", numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:  # neither the package's folder nor the user's cache can be written
        return cast("Function", numba.njit(nogil=True, error_model="numpy")(function))


@compiled
def mixed(z: Any) -> Any:
    """Return a 64-bit word scrambled one to one by SplitMix64's finaliser (Steele et al. 2014)."""
    z = (z ^ (z >> np.uint64(30))) * MIX_1
    z = (z ^ (z >> np.uint64(27))) * MIX_2
    return z ^ (z >> np.uint64(31))


@compiled
def stream_base(key: Any, step: int, group: int) -> Any:
    """Return what the streams of one draw, step and group have in common."""
    return mixed(mixed(np.uint64(step) * GOLDEN + key[0]) + np.uint64(group) * GOLDEN)


@compiled
def stream(base: Any, key: Any, source: int) -> tuple[Any, Any]:
    """Return the state of the random stream of one decision, from the draw's key of two words.

    It depends on the draw, the step, the group and the source state only, so that nothing
    elsewhere in a process shifts it.
    """
    where = base + np.uint64(source) * GOLDEN
    return mixed(where), mixed((where ^ key[1]) + SILVER)


@compiled
def uniform(a: Any, b: Any) -> tuple[float, Any, Any]:
    """Return a uniform number in [0, 1) and the next state (xoroshiro128++, Blackman and Vigna)."""
    total = a + b
    word = ((total << np.uint64(17)) | (total >> np.uint64(47))) + a
    b ^= a
    a = ((a << np.uint64(49)) | (a >> np.uint64(15))) ^ b ^ (b << np.uint64(21))
    b = (b << np.uint64(28)) | (b >> np.uint64(36))
    return np.float64(word >> np.uint64(11)) * 2.0**-53, a, b


@compiled
def stirling_error(k: float) -> float:
    """Return log(k!) − log(√(2πk) (k/e)^k) for a whole k ≥ 1 (Loader 2000)."""
    if k < 16.0:
        return STIRLING_ERROR[int(k)]  # type: ignore[no-any-return]
    kk = 1.0 / (k * k)
    return (1 / 12 - kk * (1 / 360 - kk * (1 / 1260 - kk * (1 / 1680 - kk / 1188)))) / k


@compiled
def deviance(x: float, mean: float) -> float:
    """Return x·log(x/mean) + mean − x without cancellation (Loader 2000)."""
    difference = x - mean
    if abs(difference) >= 0.1 * (x + mean):
        return x * math.log(x / mean) - difference
    v = difference / (x + mean)
    result = difference * v
    term = 2 * x * v
    v *= v
    odd = 1.0
    while True:
        term *= v
        odd += 2.0
        following = result + term / odd
        if following == result:
            return following
        result = following


@compiled
def log_probability(k: float, n: float, p: float, log_q: float) -> float:
    """Return the log of the binomial probability of k out of n, up to log √(2π) (Loader 2000)."""
    if k == 0.0:
        return n * log_q + 0.5 * math.log(2 * math.pi)
    if k == n:
        return n * math.log(p) + 0.5 * math.log(2 * math.pi)
    return (
        stirling_error(n)
        - stirling_error(k)
        - stirling_error(n - k)
        - deviance(k, n * p)
        - deviance(n - k, n * (1.0 - p))
        + 0.5 * math.log(n / (k * (n - k)))
    )


@compiled
def binomial_by_inversion(n: int, p: float, log_q: float, a: Any, b: Any) -> tuple[int, Any, Any]:
    """Return a binomial number for a small n·p by adding up probabilities, from 0 on."""
    none = math.exp(n * log_q)
    u, a, b = uniform(a, b)
    if u < none:
        return 0, a, b
    odds = p / (1.0 - p)
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


@compiled
def binomial_by_rejection(n: int, p: float, log_q: float, a: Any, b: Any) -> tuple[int, Any, Any]:
    """Return a binomial number for n·p ≥ 10, p ≤ ½ by transformed rejection (Hörmann 1993, BTRS).

    The acceptance test uses Loader's probabilities, whose error does not grow with n.
    """
    spread = math.sqrt(n * p * (1.0 - p))
    width = 1.15 + 2.53 * spread
    tail = -0.0873 + 0.0248 * width + 0.01 * p
    centre = n * p + 0.5
    quick = 0.92 - 4.2 / width
    at_mode = np.nan
    while True:
        u, a, b = uniform(a, b)
        v, a, b = uniform(a, b)
        u -= 0.5
        edge = 0.5 - abs(u)
        k = math.floor((2.0 * tail / edge + width) * u + centre) if edge > 0.0 else -1.0
        if edge >= 0.07 and v <= quick:
            return int(k), a, b
        if k < 0.0 or k > n:
            continue
        if math.isnan(at_mode):
            at_mode = log_probability(np.floor((n + 1) * p), float(n), p, log_q)
        height = v * (2.83 + 5.1 / width) * spread / (tail / (edge * edge) + width)
        if height <= 0.0 or math.log(height) <= log_probability(k, float(n), p, log_q) - at_mode:
            return int(k), a, b


@compiled
def binomial_half(n: int, p: float, log_q: float, a: Any, b: Any) -> tuple[int, Any, Any]:
    """Return how many of n succeed, for p ≤ ½ and log_q = log(1 − p)."""
    if n * p < INVERSION_BELOW:
        return binomial_by_inversion(n, p, log_q, a, b)
    return binomial_by_rejection(n, p, log_q, a, b)


@compiled
def binomial(n: int, p: float, q: float, a: Any, b: Any) -> tuple[int, Any, Any]:
    """Return an exact binomial number of n with probability p and the stream's next state.

    The complement q = 1 − p is given too, since a p near 1 would round it away.
    """
    if n == 0 or p <= 0.0:
        return 0, a, b
    if q <= 0.0:
        return n, a, b
    if p <= 0.5:
        return binomial_half(n, p, math.log1p(-p), a, b)
    k, a, b = binomial_half(n, q, math.log1p(-q), a, b)
    return n - k, a, b


@compiled
def leavers(n: int, x: float, a: Any, b: Any) -> tuple[int, Any, Any]:
    """Return how many of n leave within a step of cumulated hazard x: p = 1 − exp(−x).

    The one place in which the samplers turn hazards into probabilities; ``hazards.leaving`` is
    its counterpart in JAX.
    """
    if x <= math.log(2.0):
        return binomial_half(n, -math.expm1(-x), -x, a, b)
    stay = math.exp(-x)
    if stay == 0.0:
        return n, a, b
    k, a, b = binomial_half(n, stay, math.log1p(-stay), a, b)
    return n - k, a, b


@compiled
def split(left: int, onward: Any, moves: Any, a: Any, b: Any) -> None:
    """Split ``left`` leavers among flows: a multinomial, written to ``moves``.

    ``onward[j]`` is the sum of the hazards of the flows j, j + 1, …, and ``onward[F]`` is 0: the
    conditional binomials then need no subtraction, and flows of no hazard get nobody.
    """
    moves[:] = 0
    flows = len(moves)
    flow = 0
    while left > ONE_BY_ONE and flow < flows:
        if onward[flow + 1] == 0.0:
            moves[flow] = left
            return
        p = (onward[flow] - onward[flow + 1]) / onward[flow]
        moved, a, b = binomial(left, p, onward[flow + 1] / onward[flow], a, b)
        moves[flow] = moved
        left -= moved
        flow += 1
    first = flow
    for _ in range(left):
        u, a, b = uniform(a, b)
        level = u * onward[first]
        flow = first
        while onward[flow + 1] > level:
            flow += 1
        moves[flow] += 1


@compiled
def run_block(
    keys: Any,
    rows: Any,
    initial: Any,
    by_step_group: Any,
    by_group_flow: Any,
    by_step_flow: Any,
    flows: Any,
    step_length: float,
    steps: int,
    slot: Any,
    counts_out: Any,
    counters_out: Any,
) -> None:
    """Run the draws of one block through all steps, writing the recorded steps.

    Parameters
    ----------
    keys : uint64[B, 2]
        Key of each draw of the block.
    rows : int64[B]
        Position of each draw in the factors and in the outputs, consecutive.
    initial : int64[D or 1, G, S]
    by_step_group, by_group_flow, by_step_flow : float64
        The factors of the hazards, as in ``Hazards``.
    flows : tuple of int64 arrays
        Busy sources [M], their first flows [M + 1], targets [F], classes [F], counters [F].
    slot : int64[T + 1]
        Where each step is recorded, −1 for nowhere.
    counts_out, counters_out : int[R, G, S, D], int64[R, G, K, D]
    """
    busy, first_flow, targets, flow_class, counter = flows
    block = len(rows)
    groups, states = initial.shape[1:]
    now = np.empty((block, groups, states), np.int64)
    after = np.empty(states, np.int64)
    done = np.zeros((block, groups, counters_out.shape[2]), np.int64)
    widest = 0
    for m in range(len(busy)):
        widest = max(widest, first_flow[m + 1] - first_flow[m])
    onward = np.zeros(widest + 1)
    moves = np.zeros(widest, np.int64)
    for i in range(block):
        now[i] = initial[rows[i] if len(initial) > 1 else 0]
    for t in range(steps + 1):
        if slot[t] >= 0:
            write_block(now, done, slot[t], rows[0], counts_out, counters_out)
        if t == steps:
            return
        for i in range(block):
            a_rates = by_step_group[rows[i] if len(by_step_group) > 1 else 0]
            a_rates_now = a_rates[t if len(a_rates) > 1 else 0]
            b_rates = by_group_flow[rows[i] if len(by_group_flow) > 1 else 0]
            c_rates = by_step_flow[rows[i] if len(by_step_flow) > 1 else 0]
            step_flow = c_rates[t if len(c_rates) > 1 else 0]
            for g in range(groups):
                class_rate = a_rates_now[g if len(a_rates_now) > 1 else 0]
                group_flow = b_rates[g if len(b_rates) > 1 else 0]
                base = stream_base(keys[i], t, g)
                before = now[i, g]
                after[:] = before
                for m in range(len(busy)):
                    source = busy[m]
                    n = before[source]
                    if n == 0:
                        continue
                    start = first_flow[m]
                    count = first_flow[m + 1] - start
                    total = 0.0
                    onward[count] = 0.0
                    for j in range(count - 1, -1, -1):
                        e = start + j
                        total += class_rate[flow_class[e]] * group_flow[e] * step_flow[e]
                        onward[j] = total
                    x = total * step_length
                    if x == 0.0:
                        continue
                    a, b = stream(base, keys[i], source)
                    left, a, b = leavers(n, x, a, b)
                    if left == 0:
                        continue
                    after[source] -= left
                    split(left, onward[: count + 1], moves[:count], a, b)
                    for j in range(count):
                        moved = moves[j]
                        if moved:
                            after[targets[start + j]] += moved
                            if counter[start + j] >= 0:
                                done[i, g, counter[start + j]] += moved
                before[:] = after


@compiled
def write_block(
    now: Any, done: Any, slot: int, first_row: int, counts_out: Any, counters_out: Any
) -> None:
    """Copy a block's counts into the outputs, whose last axis is that of the draws."""
    block, groups, states = now.shape
    for g in range(groups):
        for s in range(states):
            for i in range(block):
                counts_out[slot, g, s, first_row + i] = now[i, g, s]
        for k in range(done.shape[2]):
            for i in range(block):
                counters_out[slot, g, k, first_row + i] = done[i, g, k]
