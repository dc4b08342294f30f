"""How far a forecast would narrow: its interval, its score and its variance, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from dispersal.whatif.weighing import (
    effective_size,
    weighted_difference,
    weighted_quantiles,
    without_twins,
)

if TYPE_CHECKING:
    from dispersal.whatif.information_values import Values

FloatArray = NDArray[np.float64]

#: Groups of draws that are left out in turn, for one target and for many.
GROUPS: Final = (20, 10)

#: The ends of the interval.
INTERVAL: Final = (0.1, 0.9)

#: Parts of equal size that one target's draws are sorted into, and those of each of many.
PARTS: Final = (200, 25)


@dataclass(frozen=True, eq=False)
class Spread:
    """How wide a target is, on average over its counts and over the values of a figure.

    Parameters
    ----------
    width : float array, shape (1 + G,)
        Of the 80 % interval; of one count in persons, of several on log(1 + n). With all draws
        first, then without each group of them.
    crps : float array, shape (1 + G,)
        Expected, on log(1 + n); in the same order.
    variance : float
        On log(1 + n), with all draws.
    """

    width: FloatArray
    crps: FloatArray
    variance: float


class Yardstick:
    """Measures how wide a target is when its draws do not count alike.

    The draws of a target are sorted into parts of equal size, so that the weights of a part are
    sums, and all values of a figure, all targets and all groups left out are one product of
    matrices.

    Parameters
    ----------
    counts : float array, shape (T, D)
        Persons in each draw of T counts.
    seed : int
        Of the groups, into which the draws fall at random.
    """

    def __init__(self, counts: FloatArray, seed: int) -> None:
        logs = np.log1p(counts)
        self.targets, self.draws = logs.shape
        self.groups = min(GROUPS[self.targets > 1], self.draws)
        shuffled = np.random.default_rng([seed, 0x1F2]).permutation(self.draws)
        self.rows = np.array_split(shuffled, self.groups)
        parts = min(PARTS[self.targets > 1], self.draws)
        rank = np.argsort(np.argsort(logs, axis=1, kind="stable"), axis=1)
        part = rank * parts // self.draws
        flat = (np.arange(self.targets)[:, None] * parts + part).T
        member = np.zeros((self.draws, self.targets * parts), dtype=np.float32)
        np.put_along_axis(member, flat, 1.0, axis=1)
        size = member.sum(axis=0, dtype=np.float64)
        sums = np.bincount(flat.ravel(), logs.T.ravel(), minlength=size.size)
        self.middle = (sums / size).reshape(self.targets, parts).astype(np.float32)
        self.member = [member[rows] for rows in self.rows]

    def now(self) -> Spread:
        """Return the spread while nothing more is known."""
        return self._spread(np.ones((1, self.draws)), np.ones(1))

    def expected(self, values: Values) -> Spread:
        """Return the expected spread once a figure is known, before its value is."""
        return self._spread(values.likelihood, values.chance)

    def _spread(self, likelihood: FloatArray, chance: FloatArray) -> Spread:
        # Each value's largest likelihood is 1: single precision holds the others.
        scaled = likelihood / likelihood.max(axis=1, keepdims=True)
        single = scaled.astype(np.float32)
        by_group = np.stack(
            [single[:, rows] @ of for rows, of in zip(self.rows, self.member, strict=True)]
        )
        parts = _with_each_left_out(by_group)
        total = _with_each_left_out(np.stack([scaled[:, at].sum(axis=1) for at in self.rows]))
        squares = _with_each_left_out(
            np.stack([(scaled[:, at] ** 2).sum(axis=1) for at in self.rows])
        )
        size = total**2 / np.maximum(squares, np.finfo(float).tiny)
        # Without a group, a value is as likely as the other draws make it.
        kept = np.array([self.draws, *(self.draws - len(rows) for rows in self.rows)])
        weight = chance * (total / total[0]) * (self.draws / kept)[:, None]
        weight /= weight.sum(axis=1, keepdims=True)
        parts = np.maximum(parts, 0.0).reshape(*parts.shape[:2], self.targets, -1)
        low, high = np.moveaxis(weighted_quantiles(self.middle, parts, INTERVAL), -1, 0)
        width = np.expm1(high) - np.expm1(low) if self.targets == 1 else high - low
        difference = without_twins(weighted_difference(self.middle, parts), size[..., None])
        shares = parts[0] / parts[0].sum(axis=-1, keepdims=True, dtype=np.float64)
        mean, square = ((shares * self.middle**power).sum(axis=-1) for power in (1, 2))
        # A variance is half a mean squared difference: twins take from it as they do there.
        variance = without_twins(np.maximum(square - mean**2, 0.0), size[0, :, None])

        def average(each: NDArray[Any]) -> FloatArray:
            return np.asarray((each.mean(axis=-1) * weight).sum(axis=-1), dtype=np.float64)

        left = float((variance.mean(axis=-1) * weight[0]).sum())
        return Spread(average(width), average(difference / 2.0), left)


@dataclass(frozen=True, slots=True)
class Cut:
    """By what share something is expected to shrink.

    Parameters
    ----------
    share : float
        Of what it is now; below 0 only by chance.
    error : float
        Its standard error over draws.
    without : float array, shape (G,)
        The share without each group of draws.
    """

    share: float
    error: float
    without: FloatArray


def cut_of(now: FloatArray, then: FloatArray) -> Cut:
    """Return the expected cut, with the jackknife's standard error over groups of draws [1]_.

    Parameters
    ----------
    now, then : float array, shape (1 + G,)
        From a :class:`Spread`.

    References
    ----------
    .. [1] Efron and Tibshirani (1993), An introduction to the bootstrap, section 11.5.

    Examples
    --------
    >>> found = cut_of(np.array([2.0, 2.0, 2.0]), np.array([1.0, 0.9, 1.1]))
    >>> round(found.share, 3), round(found.error, 3)
    (0.5, 0.05)
    """
    shares = 1.0 - np.divide(then, now, out=np.ones_like(then), where=now > 0)
    return Cut(float(shares[0]), error_of(shares[1:]), shares[1:])


def error_of(without: FloatArray) -> float:
    """Return the standard error of what was computed without each of G groups of draws.

    Examples
    --------
    >>> error_of(np.array([1.0, 3.0]))
    1.0
    """
    groups = without.size
    if groups < 2:
        return float("nan")
    squares = ((without - without.mean()) ** 2).sum()
    return float(np.sqrt((groups - 1) / groups * squares))


def ranks_of(cuts: list[Cut], sure: float = 1.645) -> list[tuple[int, int]]:
    """Return the best and the worst rank of each figure that chance leaves open.

    One figure counts as worth more than another where the difference of their cuts, which the
    same draws give, is more than ``sure`` standard errors of that difference.

    Examples
    --------
    >>> groups = np.linspace(-0.001, 0.001, 20)
    >>> cuts = [Cut(share, 0.0, share + groups * sign)
    ...         for share, sign in ((0.5, 1), (0.1, 1), (0.1001, -1))]
    >>> ranks_of(cuts)
    [(1, 1), (2, 3), (2, 3)]
    """
    share = np.array([cut.share for cut in cuts])
    without = np.stack([cut.without for cut in cuts])
    groups = without.shape[1]
    ranks = []
    for at, mine in enumerate(without):
        gap = without - mine
        gap -= gap.mean(axis=1, keepdims=True)
        error = np.sqrt((groups - 1) / groups * (gap**2).sum(axis=1))
        better = (share - share[at] > sure * error) & (share > share[at])
        worse = (share[at] - share > sure * error) & (share < share[at])
        ranks.append((1 + int(better.sum()), len(cuts) - int(worse.sum())))
    return ranks


def mean_size(values: Values) -> float:
    """Return the effective number of draws that a figure is expected to leave.

    Examples
    --------
    >>> from dispersal.whatif.information_values import Values
    >>> mean_size(Values(np.zeros(1), np.ones(1), np.ones((1, 30))))
    30.0
    """
    return float((values.chance * effective_size(values.likelihood)).sum())


def _with_each_left_out(by_group: NDArray[Any]) -> NDArray[Any]:
    """Return the sum over groups, and the sums without each of them, shape (1 + G, ...)."""
    total = by_group.sum(axis=0)
    return np.concatenate([total[None], total - by_group])
