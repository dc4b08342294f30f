"""Random streams: one for each decision, found from its indices rather than by counting."""

from __future__ import annotations

from typing import Any

import numpy as np

from dispersal.population.compiled import inlined

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
SILVER = np.uint64(0xD1342543DE82EF95)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)


@inlined
def mixed(z: Any) -> Any:
    """Return a 64-bit word scrambled one to one by SplitMix64's finaliser (Steele et al. 2014)."""
    z = (z ^ (z >> np.uint64(30))) * MIX_1
    z = (z ^ (z >> np.uint64(27))) * MIX_2
    return z ^ (z >> np.uint64(31))


@inlined
def stream_base(key: Any, step: int, group: int) -> Any:
    """Return what the streams of one draw, step and group have in common."""
    return mixed(mixed(np.uint64(step) * GOLDEN + key[0]) + np.uint64(group) * GOLDEN)


@inlined
def stream(base: Any, key: Any, source: int) -> tuple[Any, Any]:
    """Return the state of the random stream of one decision, from the draw's key of two words.

    It depends on the draw, the step, the group and the source state only, so that nothing
    elsewhere in a process shifts it.
    """
    where = base + np.uint64(source) * GOLDEN
    return mixed(where), mixed((where ^ key[1]) + SILVER)


@inlined
def word(a: Any, b: Any) -> tuple[Any, Any, Any]:
    """Return 64 random bits and the next state (xoroshiro128++, Blackman and Vigna)."""
    total = a + b
    bits = ((total << np.uint64(17)) | (total >> np.uint64(47))) + a
    b ^= a
    a = ((a << np.uint64(49)) | (a >> np.uint64(15))) ^ b ^ (b << np.uint64(21))
    b = (b << np.uint64(28)) | (b >> np.uint64(36))
    return bits, a, b


@inlined
def uniform(a: Any, b: Any) -> tuple[float, Any, Any]:
    """Return a uniform number in [0, 1) and the next state."""
    bits, a, b = word(a, b)
    return np.float64(bits >> np.uint64(11)) * 2.0**-53, a, b
