"""The likelihood of the evidence with its gradient, written out.

What ``trajectory.trajectories``, ``prediction.predicted`` and ``program.log_likelihood`` say, in
one pass forward and one back over origins, quarters and rows: the sampler evaluates it some
hundred thousand times. A test holds the two and their gradients together.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dispersal.inference.evidence_parts import (
    FATES,
    LEAST,
    add_scaled,
    between,
    dot,
    hazards_back,
    hazards_out,
    of_a_row,
    shares_of_a_step,
    spread_between,
)
from dispersal.inference.foreign import argument, floats, length, register, result, told_version
from dispersal.model.design import FIT_STEP
from dispersal.population.compiled import compiled

#: Under this name JAX programs call it.
NAME = "dispersal_evidence"


@compiled
def likelihood(
    people: Any, middle: Any, spread: float, level: Any, profile: Any, w: Any, bias: Any,
    error: Any, reported: float, dislodged: Any, closed: Any, fixed: Any, redirect: float,
    foreign: Any, rows: Any, ways: Any, dead: Any,
    d_people: Any, d_middle: Any, d_level: Any, d_profile: Any, d_w: Any, d_bias: Any,
    d_error: Any,
) -> tuple[float, float, float]:  # fmt: skip
    """Return the log likelihood, its slopes in ``spread`` and ``reported``; write the others.

    Parameters
    ----------
    people : float array, shape (3, O)
        Persons who ever join, by stratum.
    middle : float array, shape (O,)
        Month by which half have joined; ``spread`` is the scale of the curve.
    level : float array, shape (2, O)
        Hazards of death and return of each origin, per month.
    profile : float array, shape (2, T)
        Their factors in time.
    w : float array, shape (5, O)
        Where the dislodged go.
    bias, error : float array, shape (N,)
        Of each row, on the log scale.
    reported : float
        Share of the dead who are known to be.
    dislodged : float array, shape (T,)
        Hazard, per month.
    closed : float array, shape (O, T)
    fixed : float array, shape (3, O, T)
        Steady hazards that are not fitted: capture, underground, onward.
    redirect : float
    foreign : float array, shape (O,)
    rows : float array, shape (N, 13)
        Columns of ``evidence_rows.COLUMNS``.
    ways : float array, shape (N, 5·T)
        Share of those who left by each way in each quarter that a row counts; ``dead`` is the
        share of them who are dead by then.
    """
    origins, steps, count = middle.size, dislodged.size, bias.size
    d_people[:], d_middle[:], d_level[:], d_profile[:] = 0.0, 0.0, 0.0, 0.0
    d_w[:], d_spread, d_reported = 0.0, 0.0, 0.0
    joined = np.empty((origins, steps + 1))
    inside = np.zeros((origins, steps + 1))
    rate = np.empty((origins, steps, FATES))
    moved = np.empty((origins, FATES * steps))
    parts = np.empty((origins, steps, 6))
    pooled_moved = np.zeros((2, FATES * steps))
    pooled = np.zeros((2, 2, steps + 1))
    fall = math.exp(-FIT_STEP / spread)
    for o in range(origins):
        # The odds of not having joined fall by the same factor in every quarter.
        odds = math.exp(min(middle[o] / spread, 700.0))
        for k in range(steps + 1):
            joined[o, k] = 1.0 / (1.0 + odds)
            odds *= fall
        for k in range(steps):
            came = joined[o, k + 1] - (joined[o, k] if k else 0.0)
            hazards_out(o, k, level, profile, w, dislodged, closed, fixed, redirect, rate[o, k])
            out = 0.0
            for fate in range(FATES):
                out += FIT_STEP * rate[o, k, fate]
            stay, e, g, slope_e, slope_g = shares_of_a_step(out)
            spent = inside[o, k] * e + came * g
            inside[o, k + 1] = inside[o, k] * stay + came * e
            parts[o, k, 0], parts[o, k, 1], parts[o, k, 2] = stay, e, g
            parts[o, k, 3], parts[o, k, 4], parts[o, k, 5] = slope_e, slope_g, spent
            for fate in range(FATES):
                moved[o, fate * steps + k] = FIT_STEP * rate[o, k, fate] * spent
        adults = people[0, o] + people[1, o]
        for pool in range(2):
            weight = adults * (foreign[o] if pool == 0 else 1.0)
            if weight > 0.0:
                add_scaled(pooled_moved[pool], weight, moved[o])
                add_scaled(pooled[pool, 0], weight, joined[o])
                add_scaled(pooled[pool, 1], weight, inside[o])
                # Those there at the first instant are not yet among those who came.
                pooled[pool, 1, 0] += weight * joined[o, 0]
    d_moved = np.zeros((origins, FATES * steps))
    d_joined = np.zeros((origins, steps + 1))
    d_inside = np.zeros((origins, steps + 1))
    d_pooled_moved = np.zeros((2, FATES * steps))
    d_pooled = np.zeros((2, 2, steps + 1))
    total = 0.0
    for r in range(count):
        o, pool, left, right = int(rows[r, 0]), int(rows[r, 1]), int(rows[r, 2]), rows[r, 3]
        of_joined, of_inside = rows[r, 4], rows[r, 5]
        value, width, side = rows[r, 9], rows[r, 10], rows[r, 11]
        if pool >= 0:
            counted = dot(ways[r], pooled_moved[pool])
            counted += of_joined * between(pooled[pool, 0], left, right)
            counted += of_inside * between(pooled[pool, 1], left, right)
            people_counted = 1.0
        else:
            counted = dot(ways[r], moved[o])
            unknown_dead = rows[r, 12] * dot(dead[r], moved[o]) if rows[r, 12] > 0.0 else 0.0
            counted += (1.0 - reported) * unknown_dead
            counted += of_joined * between(joined[o], left, right)
            if of_inside != 0.0:
                counted += of_inside * between(inside[o], left, right)
                if left == 0:
                    counted += of_inside * (1.0 - right) * joined[o, 0]
            people_counted = 0.0
            for stratum in range(3):
                people_counted += rows[r, 6 + stratum] * people[stratum, o]
        expected = counted * people_counted
        density, in_count, d_bias[r], d_error[r] = of_a_row(
            max(expected, LEAST), bias[r], error[r], value, width, side
        )
        total += density
        if expected <= LEAST:
            continue
        slope = in_count * people_counted
        if pool >= 0:
            add_scaled(d_pooled_moved[pool], slope, ways[r])
            spread_between(d_pooled[pool, 0], left, right, slope * of_joined)
            spread_between(d_pooled[pool, 1], left, right, slope * of_inside)
            continue
        for stratum in range(3):
            d_people[stratum, o] += in_count * counted * rows[r, 6 + stratum]
        add_scaled(d_moved[o], slope, ways[r])
        if rows[r, 12] > 0.0:
            add_scaled(d_moved[o], slope * rows[r, 12] * (1.0 - reported), dead[r])
            d_reported -= slope * unknown_dead
        spread_between(d_joined[o], left, right, slope * of_joined)
        if of_inside != 0.0:
            spread_between(d_inside[o], left, right, slope * of_inside)
            if left == 0:
                d_joined[o, 0] += slope * of_inside * (1.0 - right)
    d_rate = np.empty(FATES)
    for o in range(origins):
        adults = people[0, o] + people[1, o]
        for pool in range(2):
            weight = foreign[o] if pool == 0 else 1.0
            if weight == 0.0:
                continue
            d_adults = dot(d_pooled_moved[pool], moved[o])
            d_adults += dot(d_pooled[pool, 0], joined[o])
            d_adults += dot(d_pooled[pool, 1], inside[o]) + d_pooled[pool, 1, 0] * joined[o, 0]
            d_people[0, o] += weight * d_adults
            d_people[1, o] += weight * d_adults
            weight *= adults
            add_scaled(d_moved[o], weight, d_pooled_moved[pool])
            add_scaled(d_joined[o], weight, d_pooled[pool, 0])
            add_scaled(d_inside[o], weight, d_pooled[pool, 1])
            d_joined[o, 0] += weight * d_pooled[pool, 1, 0]
        for k in range(steps - 1, -1, -1):
            came = joined[o, k + 1] - (joined[o, k] if k else 0.0)
            stay, e, g = parts[o, k, 0], parts[o, k, 1], parts[o, k, 2]
            spent, later = parts[o, k, 5], d_inside[o, k + 1]
            d_spent = 0.0
            for fate in range(FATES):
                d_spent += FIT_STEP * rate[o, k, fate] * d_moved[o, fate * steps + k]
            d_came = d_spent * g + later * e
            d_out = parts[o, k, 3] * (d_spent * inside[o, k] + later * came)
            d_out += parts[o, k, 4] * d_spent * came - stay * later * inside[o, k]
            d_inside[o, k] += d_spent * e + later * stay
            d_joined[o, k + 1] += d_came
            if k:
                d_joined[o, k] -= d_came
            for fate in range(FATES):
                d_rate[fate] = FIT_STEP * (spent * d_moved[o, fate * steps + k] + d_out)
            hazards_back(
                o, k, level, profile, w, dislodged, closed, redirect, d_rate, d_level, d_profile,
                d_w,
            )  # fmt: skip
        for k in range(steps + 1):
            slope = d_joined[o, k] * joined[o, k] * (1.0 - joined[o, k]) / spread
            d_middle[o] -= slope
            d_spread -= slope * (FIT_STEP * k - middle[o]) / spread
    return total, d_spread, d_reported


def _call(frame: Any) -> int:
    """Read the buffers of a call, in the order of the parameters of ``likelihood``."""
    if told_version(frame):
        return 0
    steps, count = length(argument(frame, 9), 0), length(argument(frame, 6), 0)
    o = length(argument(frame, 1), 0)
    slopes = likelihood(
        floats(argument(frame, 0), (3, o)),
        floats(argument(frame, 1), (o,)),
        floats(argument(frame, 2), (1,))[0],
        floats(argument(frame, 3), (2, o)),
        floats(argument(frame, 4), (2, steps)),
        floats(argument(frame, 5), (FATES, o)),
        floats(argument(frame, 6), (count,)),
        floats(argument(frame, 7), (count,)),
        floats(argument(frame, 8), (1,))[0],
        floats(argument(frame, 9), (steps,)),
        floats(argument(frame, 10), (o, steps)),
        floats(argument(frame, 11), (3, o, steps)),
        floats(argument(frame, 12), (1,))[0],
        floats(argument(frame, 13), (o,)),
        floats(argument(frame, 14), (count, 13)),
        floats(argument(frame, 15), (count, FATES * steps)),
        floats(argument(frame, 16), (count, FATES * steps)),
        floats(result(frame, 1), (3, o)),
        floats(result(frame, 2), (o,)),
        floats(result(frame, 4), (2, o)),
        floats(result(frame, 5), (2, steps)),
        floats(result(frame, 6), (FATES, o)),
        floats(result(frame, 7), (count,)),
        floats(result(frame, 8), (count,)),
    )
    floats(result(frame, 0), (1,))[0] = slopes[0]
    floats(result(frame, 3), (1,))[0] = slopes[1]
    floats(result(frame, 9), (1,))[0] = slopes[2]
    return 0


register(NAME, _call)
