"""Exact random splits of whole people: who leaves, which way, and from where people flee."""

from __future__ import annotations

import math
from typing import Any

from dispersal.population.binomial import binomial, binomial_from
from dispersal.population.compiled import compiled, from_start, inlined
from dispersal.population.few import MOST_TRIALS, few_below
from dispersal.population.streams import stream, uniform

#: The largest number below 1, which a share can be rounded to.
BELOW_ONE = 1.0 - 2.0**-53

ONE, TWO, THREE = from_start(1), from_start(2), from_start(3)


@inlined
def leaving(n: int, p: float, q: float, a: Any, b: Any) -> tuple[int, Any, Any]:
    """Return how many of n leave with probability p = 1 − q, where n·p is small: mostly none."""
    u, a, b = uniform(a, b)
    left = 0
    if u >= 1.0 - n * p:  # else it is below (1 − p)^n, too
        none = math.exp(n * math.log1p(-p))
        if u >= none:
            left, a, b = binomial_from(u, none, n, p / q, a, b)
    return left, a, b


@inlined
def choose(
    people: int, first: int, last: int, stay: float, onward: Any, went: Any, a: Any, b: Any
) -> int:
    """Split up to 64 people among the routes from ``first`` to before ``last`` and staying.

    A multinomial: ``onward[r]`` is the chance to leave by route r or a later one. Adds to ``went``,
    int64[R + 4], how many take each; returns how many stay. Calls only what is copied into it: an
    error that comes back from elsewhere would cost two locked instructions for every array here.
    """
    left, staying, r = people, 0, first
    # Whether some of those left may yet stay; else their routes are r and later ones.
    undecided = stay > 0.0
    if first == last or onward[first] <= 0.0:
        left, staying = 0, people
    elif people * onward[first] < 0.5:
        left, a, b = leaving(people, onward[first], stay, a, b)
        staying, undecided = people - left, False
    return staying + choose_way(left, undecided, r, last, onward, went, a, b)


@inlined
def choose_way(
    left: int, undecided: bool, route: int, end: int, onward: Any, went: Any, a: Any, b: Any
) -> int:
    """Split up to 64 people among a route and later ones, and staying if that is undecided."""
    staying = 0
    r, last = from_start(route), from_start(end)
    while left > 0 and (undecided or (r + ONE < last and onward[r + ONE] > 0.0)):
        to = r if undecided else r + ONE
        to_2, to_3, to_4 = to + ONE, to + TWO, to + THREE
        scale = 1.0 if undecided else 1.0 / onward[r]
        beyond_1, beyond_2, beyond_3, beyond_4, a, b = few_below(
            left,
            min(onward[to] * scale, BELOW_ONE),
            min(onward[to_2] * scale, BELOW_ONE) if to_2 < last else 0.0,
            min(onward[to_3] * scale, BELOW_ONE) if to_3 < last else 0.0,
            min(onward[to_4] * scale, BELOW_ONE) if to_4 < last else 0.0,
            a,
            b,
        )
        if undecided:
            staying += left - beyond_1
        else:
            went[r] += left - beyond_1
        went[to] += beyond_1 - beyond_2
        went[to_2] += beyond_2 - beyond_3
        went[to_3] += beyond_3 - beyond_4
        left, r, undecided = beyond_4, to_4, False
    went[r] += left
    return staying


@compiled
def choose_of_many(
    people: int, first: int, last: int, stay: float, onward: Any, went: Any, a: Any, b: Any
) -> int:
    """Split any number of people as ``choose`` does."""
    if first == last or onward[first] <= 0.0:
        return people
    left, a, b = binomial(people, onward[first], stay, a, b)
    staying, r = people - left, first
    while left > MOST_TRIALS and r + 1 < last and onward[r + 1] > 0.0:
        if onward[r + 1] < onward[r]:
            beyond = onward[r + 1] / onward[r]
            taken, a, b = binomial(left, 1.0 - beyond, beyond, a, b)
            went[r] += taken
            left -= taken
        r += 1
    if left > MOST_TRIALS:
        went[r] += left
        return staying
    return staying + choose_way(left, False, r, last, onward, went, a, b)


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
