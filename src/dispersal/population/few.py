"""Exact binomial random numbers of up to 64 trials, all of them at once, bit by bit."""

from __future__ import annotations

from typing import Any

import numpy as np

from dispersal.population.compiled import inlined
from dispersal.population.streams import word

#: Most trials: the bits of a word.
MOST_TRIALS = 64

NONE = np.uint64(0)
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
    return np.int64((bits * ONES) >> np.uint64(56))  # type: ignore[return-value]


@inlined
def few_below(
    n: int, p: float, second: float, third: float, fourth: float, a: Any, b: Any
) -> tuple[int, int, int, int, Any, Any]:
    """Return of n uniform numbers, 1 to 64, how many are below each of four, and the next state.

    All of the four are 0 or more and below 1. The binary digits of the uniform numbers are drawn
    one after the other, those of all numbers in one word, until each differs from the digits of the
    four at its place: where it differs first, it is below if its own is the smaller. That takes
    about 1.3 + log2 n words for one p, and p counts to its 63rd digit.
    """
    all_of_them = ALL >> np.uint64(MOST_TRIALS - n)
    digits_1, digits_2, digits_3, digits_4 = (
        digits_of(p),
        digits_of(second),
        digits_of(third),
        digits_of(fourth),
    )
    open_1 = all_of_them if digits_1 != NONE else NONE
    open_2 = all_of_them if digits_2 != NONE else NONE
    open_3 = all_of_them if digits_3 != NONE else NONE
    open_4 = all_of_them if digits_4 != NONE else NONE
    below_1 = below_2 = below_3 = below_4 = NONE
    while (open_1 | open_2 | open_3 | open_4) != NONE:
        bits, a, b = word(a, b)
        digits_1, open_1, below_1 = compare(bits, digits_1, open_1, below_1)
        digits_2, open_2, below_2 = compare(bits, digits_2, open_2, below_2)
        digits_3, open_3, below_3 = compare(bits, digits_3, open_3, below_3)
        digits_4, open_4, below_4 = compare(bits, digits_4, open_4, below_4)
    return ones_in(below_1), ones_in(below_2), ones_in(below_3), ones_in(below_4), a, b


@inlined
def digits_of(p: float) -> Any:
    """Return the first 63 binary digits after the point, from the highest bit on."""
    return np.uint64(np.int64(p * 2.0**63)) << np.uint64(1)


@inlined
def compare(bits: Any, digits: Any, undecided: Any, below: Any) -> tuple[Any, Any, Any]:
    """Compare a digit of each undecided number; return the digits left, and both sets."""
    one = NONE - (digits >> np.uint64(63))  # all ones, or none
    below |= undecided & one & ~bits
    undecided &= ~(bits ^ one)
    return digits << np.uint64(1), undecided, below
