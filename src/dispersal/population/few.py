"""Exact binomial random numbers of up to 64 trials, all of them at once, bit by bit."""

from __future__ import annotations

from typing import Any

import numpy as np

from dispersal.population.compiled import inlined
from dispersal.population.streams import word

#: Most trials: the bits of a word.
MOST_TRIALS = 64

ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
PAIRS = np.uint64(0x5555555555555555)
NIBBLES = np.uint64(0x3333333333333333)
BYTES = np.uint64(0x0F0F0F0F0F0F0F0F)
ONES = np.uint64(0x0101010101010101)


@inlined
def ones_in(bits: Any) -> int:
    """Return how many bits are set; compilers know these lines and make one instruction of them."""
    bits -= (bits >> np.uint64(1)) & PAIRS
    bits = (bits & NIBBLES) + ((bits >> np.uint64(2)) & NIBBLES)
    bits = (bits + (bits >> np.uint64(4))) & BYTES
    return int((bits * ONES) >> np.uint64(56))


@inlined
def binomial_few(n: int, p: float, a: Any, b: Any) -> tuple[int, Any, Any]:
    """Return how many of 1 to 64 succeed with probability 0 ≤ p < 1, and the next state.

    Every trial has a uniform number whose binary digits are drawn one after the other, those of all
    trials in one word, until each differs from the digit of p at its place: the trial succeeds if
    its own is the smaller. That takes about 1.3 + log2 n words, and p counts to its 63rd digit.
    """
    digits = np.uint64(np.int64(p * 2.0**63)) << np.uint64(1)
    open_trials = ALL >> np.uint64(MOST_TRIALS - n)
    succeeded = np.uint64(0)
    while open_trials != np.uint64(0) and digits != np.uint64(0):
        bits, a, b = word(a, b)
        one = np.uint64(0) - (digits >> np.uint64(63))  # all ones, or none
        succeeded |= open_trials & one & ~bits
        open_trials &= ~(bits ^ one)
        digits <<= np.uint64(1)
    return ones_in(succeeded), a, b
