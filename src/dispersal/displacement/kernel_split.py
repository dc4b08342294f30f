"""Exact random splits of whole people: who leaves, which way, and from where people flee."""

from __future__ import annotations

import math
from typing import Any

from dispersal.population.binomial import binomial, binomial_from
from dispersal.population.compiled import compiled, inlined
from dispersal.population.few import MOST_TRIALS, binomial_few
from dispersal.population.streams import stream, uniform

#: Up to so many who leave are placed one by one.
SINGLE = 3

#: The largest number below 1, which a share can be rounded to.
BELOW_ONE = 1.0 - 2.0**-53


@inlined
def leaving(n: int, p: float, q: float, a: Any, b: Any) -> tuple[int, Any, Any]:
    """Return how many of n leave with probability p = 1 − q; mostly none where n·p is small."""
    if n * p < 0.5 and p <= 0.5:
        u, a, b = uniform(a, b)
        if u < 1.0 - n * p:  # which is below (1 − p)^n
            return 0, a, b
        none = math.exp(n * math.log1p(-p))
        if u < none:
            return 0, a, b
        return binomial_from(u, none, n, p / q, a, b)
    return binomial(n, p, q, a, b)


@inlined
def choose(
    people: int,
    first: int,
    last: int,
    stay: float,
    go: Any,
    onward: Any,
    went: Any,
    a: Any,
    b: Any,
) -> int:
    """Split people among the routes from ``first`` to before ``last`` and staying: a multinomial.

    Adds to ``went``, int64[R], how many take each; returns how many stay.
    """
    if first == last or onward[first] <= 0.0:
        return people
    left, r = people, first
    if people > MOST_TRIALS or people * onward[first] < 0.5:
        left, a, b = leaving(people, onward[first], stay, a, b)
    elif stay > 0.0:
        left, a, b = binomial_few(people, min(onward[first], BELOW_ONE), a, b)
    staying = people - left
    while left > SINGLE and r + 1 < last and onward[r + 1] > 0.0:
        if go[r] > 0.0:
            if left <= MOST_TRIALS:
                taken, a, b = binomial_few(left, min(go[r] / onward[r], BELOW_ONE), a, b)
            else:
                taken, a, b = binomial(left, go[r] / onward[r], onward[r + 1] / onward[r], a, b)
            went[r] += taken
            left -= taken
        r += 1
    if r + 1 == last or onward[r + 1] <= 0.0:
        went[r] += left
        return staying
    # Without branches, which a processor would guess wrong about half of the time.
    for _ in range(left):
        u, a, b = uniform(a, b)
        u = (1.0 - u) * onward[r]
        to = r
        for later in range(r + 1, last):
            to += 1 if u <= onward[later] else 0
        went[to] += 1
    return staying


@compiled
def flee_from(
    people: int, danger: Any, populations: Any, onward: Any, fled: Any, base: Any, key: Any
) -> bool:
    """Draw from where people flee: a multinomial; return whether there is any such place."""
    n = len(populations)
    onward[n] = 0.0
    for node in range(n - 1, -1, -1):
        onward[node] = onward[node + 1] + populations[node] * danger[node]
    if onward[0] <= 0.0:
        return False
    a, b = stream(base, key, 0)
    left = people
    for node in range(n):
        weight = populations[node] * danger[node]
        fled[node] = 0
        if left > 0 and weight > 0.0:
            taken, a, b = binomial(
                left, weight / onward[node], onward[node + 1] / onward[node], a, b
            )
            fled[node] = taken
            left -= taken
    return True


@inlined
def share_of(people: int, parts: int, turn: int) -> int:
    """Return the first of so many nearly equal parts: the larger ones come by turns of 0, 1, ...

    Division is slow, and mostly by 1 or 4.
    """
    if parts == 1:
        return people
    if parts == 4:
        return (people + turn) >> 2
    return (people + turn) // parts
