"""The pieces of the likelihood with their slopes: a quarter, a row, the hazards of an origin."""

from __future__ import annotations

import math
from typing import Any

from dispersal.model.fates import HOME, KILLED, ONWARD
from dispersal.population.compiled import compiled

#: Number of ways out of the group.
FATES = 5

#: The least count that a row is compared with.
LEAST = 1e-3

#: Degrees of freedom of the errors, and the constant of their density.
NU = 4.0
CONSTANT = math.lgamma((NU + 1) / 2) - math.lgamma(NU / 2) - 0.5 * math.log(NU * math.pi)

#: Below this cumulated hazard a series stands for (1 − exp(−x))/x and what follows from it.
SMALL = 1e-2


@compiled
def shares_of_a_step(x: float) -> tuple[float, float, float, float, float]:
    """Return s = exp(−x), e = (1 − s)/x, g = (1 − e)/x and the slopes of e and g in x."""
    stay = math.exp(-x)
    if x < SMALL:
        e = 1 - x / 2 * (1 - x / 3 * (1 - x / 4 * (1 - x / 5 * (1 - x / 6))))
        g = 0.5 * (1 - x / 3 * (1 - x / 4 * (1 - x / 5 * (1 - x / 6))))
        slope_e = -0.5 * (1 - x * 2 / 3 * (1 - x * 3 / 8 * (1 - x * 4 / 15 * (1 - x * 5 / 24))))
        slope_g = -(1 - x / 2 * (1 - x * 3 / 10 * (1 - x * 2 / 9))) / 6
        return stay, e, g, slope_e, slope_g
    over = 1.0 / x
    e = (1.0 - stay) * over
    g = (1.0 - e) * over
    slope_e = (stay - e) * over
    return stay, e, g, slope_e, -(slope_e + g) * over


@compiled
def log_normal_tail(x: float) -> tuple[float, float]:
    """Return log Φ(x) and its slope."""
    if x < -20.0:
        value = -0.5 * x * x - math.log(-x * math.sqrt(2 * math.pi)) - 1.0 / (x * x)
    else:
        value = math.log(0.5 * math.erfc(-x / math.sqrt(2.0)))
    return value, math.exp(-0.5 * x * x - 0.5 * math.log(2 * math.pi) - value)


@compiled
def of_a_row(
    count: float, bias: float, error: float, value: float, width: float, side: float
) -> tuple[float, float, float, float]:
    """Return the log density of a row and its slopes in the count, the bias and the error."""
    factor = math.exp(bias)
    shifted = count * factor
    middle = math.log1p(shifted)
    in_count, in_bias = factor / (1.0 + shifted), shifted / (1.0 + shifted)
    variance = error * error + width * width + 1.0 / (1.0 + count)
    scale = math.sqrt(variance)
    residual = (value - middle) / scale
    # The scale's own slopes: in the error, and in the count by the noise of counting.
    scale_error = error / scale
    scale_count = -0.5 / ((1.0 + count) ** 2 * scale)
    if side == 0.0:
        # One logarithm for −(ν + 1)/2 · log(1 + r²/ν) − log σ, with ν = 4.
        grown = 1.0 + residual * residual / NU
        density = CONSTANT - 0.5 * math.log(variance * grown * grown * grown * grown * grown)
        slope = -(NU + 1) * residual / (NU + residual * residual)
        in_scale = -(slope * residual + 1.0) / scale
    else:
        density, slope = log_normal_tail(-side * residual)
        slope = -side * slope
        in_scale = -slope * residual / scale
    in_middle = -slope / scale
    return (
        density,
        in_middle * in_count + in_scale * scale_count,
        in_middle * in_bias,
        in_scale * scale_error,
    )


@compiled
def hazards_out(
    o: int, k: int, level: Any, profile: Any, w: Any, dislodged: Any, closed: Any, fixed: Any,
    redirect: float, rate: Any,
) -> None:  # fmt: skip
    """Write the hazards of the five ways out of origin o in quarter k, per month."""
    shut = w[HOME, o] * closed[o, k]
    others = dislodged[k] * (1.0 + shut / (1.0 - w[HOME, o]))
    steady = level[1, o] * profile[1, k]
    rate[KILLED] = level[0, o] * profile[0, k] + w[KILLED, o] * others
    for at in range(3):
        rate[1 + at] = fixed[at, o, k] + w[1 + at, o] * others
    rate[ONWARD] += redirect * steady * closed[o, k]
    rate[HOME] = steady * (1.0 - closed[o, k]) + dislodged[k] * (w[HOME, o] - shut)


@compiled
def hazards_back(
    o: int, k: int, level: Any, profile: Any, w: Any, dislodged: Any, closed: Any,
    redirect: float, d_rate: Any, d_level: Any, d_profile: Any, d_w: Any,
) -> None:  # fmt: skip
    """Add what slopes in the hazards mean for what they are made of."""
    away = 1.0 - w[HOME, o]
    shut = w[HOME, o] * closed[o, k]
    others = dislodged[k] * (1.0 + shut / away)
    d_others = 0.0
    for fate in range(FATES - 1):
        d_others += w[fate, o] * d_rate[fate]
        d_w[fate, o] += others * d_rate[fate]
    d_steady = d_rate[HOME] * (1.0 - closed[o, k]) + d_rate[ONWARD] * redirect * closed[o, k]
    d_w[HOME, o] += dislodged[k] * (
        d_rate[HOME] * (1.0 - closed[o, k]) + d_others * closed[o, k] / (away * away)
    )
    d_level[0, o] += d_rate[KILLED] * profile[0, k]
    d_profile[0, k] += d_rate[KILLED] * level[0, o]
    d_level[1, o] += d_steady * profile[1, k]
    d_profile[1, k] += d_steady * level[1, o]


@compiled
def between(values: Any, left: int, right: float) -> float:
    """Return a value between two instants, linear."""
    return float(values[left] * (1.0 - right) + values[left + 1] * right)


@compiled
def spread_between(slopes: Any, left: int, right: float, slope: float) -> None:
    """Add the slope of such a value to the two instants."""
    slopes[left] += slope * (1.0 - right)
    slopes[left + 1] += slope * right


@compiled
def dot(a: Any, b: Any) -> float:
    """Return Σ a·b, in four sums that the processor can take at once."""
    n = a.size
    whole = n - n % 4
    s0, s1, s2, s3 = 0.0, 0.0, 0.0, 0.0
    for i in range(0, whole, 4):
        s0 += a[i] * b[i]
        s1 += a[i + 1] * b[i + 1]
        s2 += a[i + 2] * b[i + 2]
        s3 += a[i + 3] * b[i + 3]
    for i in range(whole, n):
        s0 += a[i] * b[i]
    return float((s0 + s1) + (s2 + s3))


@compiled
def add_scaled(into: Any, factor: float, values: Any) -> None:
    """Add a multiple of an array to another, in place."""
    for i in range(into.size):
        into[i] += factor * values[i]
