"""The past: where everyone was in expectation, at every step up to the cut-off."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from dispersal.model.design import FIT_STEP, Design
from dispersal.model.fates import FATES
from dispersal.model.strata import ratios, sizes
from dispersal.model.trajectory import trajectories
from dispersal.population.compiled import compiled, inlined
from dispersal.population.run import as_input

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispersal.model.build import Blueprint
    from dispersal.model.forward import Forward

FloatArray = NDArray[np.float64]
Counts = dict[str, FloatArray]

#: A fate and one of ``PAST`` by their indices, and which share of the latter is in the former.
Entry = tuple[int, int, FloatArray]

#: What the fit tells apart before the cut-off.
PAST = ("not_joined", "in_group", *FATES)


@dataclass(frozen=True, eq=False)
class Past:
    """The mean counts of n draws up to the cut-off, in as few numbers as tell them all.

    The fit follows adults, quarter by quarter; between quarters shares are linear. A stratum's
    share in a fate is the adults' times its ratio of hazards, and the group keeps the rest; where
    a stratum's ratios would let more leave than joined, nobody stays.

    Parameters
    ----------
    shares : float array, shape (n, 6, O, T + 1)
        Of the adults at the instants of the fit: who has joined, and who is in each of ``FATES``.
    people : float array, shape (n, O, S)
        Who ever joins.
    ratio : float array, shape (n, O, S, 5)
        Of the strata's share in each fate to that of the adults.
    parts : int
        Steps of the forecast in an instant of the fit.
    """

    shares: FloatArray
    people: FloatArray
    ratio: FloatArray
    parts: int

    def counts(self) -> Counts:
        """Return the mean counts by step: of each of ``PAST``, shape (n, O, S, now + 1)."""
        return self._counts(np.arange(self._now + 1))

    def at_cutoff(self) -> Counts:
        """Return the mean counts at the cut-off: of each of ``PAST``, shape (n, O, S, 1)."""
        return self._counts(np.array([self._now]))

    def rows(self, rows: slice) -> Past:
        """Return the past of some of the draws."""
        return Past(self.shares[rows], self.people[rows], self.ratio[rows], self.parts)

    def write(
        self, fates: NDArray[np.int32], shares: Sequence[Entry], steps: NDArray[np.int64]
    ) -> None:
        """Write the counts at some steps before the cut-off, rounded, fate by fate.

        Parameters
        ----------
        fates : int32 array, shape (n or fewer, O, S, fates, instants)
            Written: all fates at the first instants, one a step.
        shares : sequence of (int, int, float array)
            Which share of those in one of ``PAST`` is in a fate: index of the fate, index into
            ``PAST``, and share, broadcastable to (n or fewer, O, S).
        steps : int array
            0 to the step of the cut-off.
        """
        self._write(steps, shares, fates, rounded=True)

    @property
    def _now(self) -> int:
        return int(self.shares.shape[-1] - 1) * self.parts

    def _counts(self, steps: NDArray[np.int64]) -> Counts:
        found = np.empty((*self.people.shape, len(PAST), steps.size))
        everyone = [(past, past, np.ones(())) for past in range(len(PAST))]
        self._write(steps, everyone, found, rounded=False)
        return {name: found[..., at, :] for at, name in enumerate(PAST)}

    def _write(
        self, steps: NDArray[np.int64], shares: Sequence[Entry], out: NDArray[Any], *, rounded: bool
    ) -> None:
        to = np.array([fate for fate, _, _ in shares], dtype=np.int64)
        of = np.array([past for _, past, _ in shares], dtype=np.int64)
        parts = np.stack([np.broadcast_to(share, out.shape[:3]) for _, _, share in shares])
        between = self._between(steps)
        fitted = as_input(self.shares), as_input(self.people), as_input(self.ratio)
        _write_fates(*fitted, *between, to, of, parts, rounded, out)

    def _between(self, steps: NDArray[np.int64]) -> tuple[NDArray[np.int64], FloatArray]:
        """Return the instant of the fit before each step, and how far behind it the step is."""
        at = steps / self.parts
        left = np.minimum(at.astype(np.int64), max(self.shares.shape[-1] - 2, 0))
        return left, at - left


def make_past(blueprint: Blueprint, forward: Forward, fitted: Design | None = None) -> Past:
    """Return the past of the draws of ``forward``.

    Parameters
    ----------
    blueprint : Blueprint
    forward : Forward
    fitted : Design, optional
        The design of the fit, where the case ahead is another. Default: that of the blueprint.
    """
    design = fitted or blueprint.design
    strata = tuple(int(at) for at in blueprint.strata)
    shares, people, ratio = _adults(dict(forward.values), design, strata)
    return Past(np.asarray(shares), np.asarray(people), np.asarray(ratio), FIT_STEP * design.parts)


def joined(parts: Sequence[Past]) -> Past:
    """Return the past of the draws of several, one after the other."""
    return Past(
        np.concatenate([one.shares for one in parts]),
        np.concatenate([one.people for one in parts]),
        np.concatenate([one.ratio for one in parts]),
        parts[0].parts,
    )


def history(blueprint: Blueprint, forward: Forward, fitted: Design | None = None) -> Counts:
    """Return the mean counts up to the cut-off, by step.

    Parameters
    ----------
    blueprint : Blueprint
    forward : Forward
    fitted : Design, optional
        The design of the fit, where the case ahead is another. Default: that of the blueprint.

    Returns
    -------
    dict of float arrays, shape (D, O, S, now + 1)
        ``not_joined``, ``in_group`` and the five fates.
    """
    return make_past(blueprint, forward, fitted).counts()


@partial(jax.jit, static_argnames=("design", "strata"))
def _adults(
    values: dict[str, FloatArray], design: Design, strata: tuple[int, ...]
) -> tuple[jax.Array, ...]:
    chosen = np.array(strata)

    def one(values: dict[str, Any]) -> tuple[jax.Array, ...]:
        shares = trajectories(values, design)
        return (
            jnp.stack([shares[name] for name in ("joined", *FATES)]),
            jnp.swapaxes(sizes(values, design)[chosen], 0, 1),  # origin, stratum
            jnp.moveaxis(ratios(values, design)[chosen], 2, 0),  # origin, stratum, fate
        )

    found: tuple[jax.Array, ...] = jax.vmap(one)(values)
    return found


@inlined
def _write_between(quarterly: Any, left: Any, weight: Any, out: Any) -> None:
    """Write the shares of one origin's adults, [6, T + 1], at steps, [6, steps]."""
    for k in range(len(out)):
        for i in range(len(left)):
            before = quarterly[k, left[i]]
            out[k, i] = before
            if weight[i] > 0.0:
                out[k, i] = before * (1.0 - weight[i]) + quarterly[k, left[i] + 1] * weight[i]


@inlined
def _write_stratum(between: Any, ratio: Any, people: float, out: Any) -> None:
    """Write the counts of one stratum of an origin in each of ``PAST``, [7, steps]."""
    fates = len(ratio)
    for i in range(between.shape[1]):
        out[1, i] = 0.0
    for k in range(fates):
        for i in range(between.shape[1]):
            out[k + 2, i] = between[k + 1, i] * ratio[k]
            out[1, i] += out[k + 2, i]
    for i in range(between.shape[1]):
        joined, gone = between[0, i], out[1, i]
        out[0, i] = min(1.0, joined / max(gone, 1e-12))
        out[1, i] = max(joined - gone * out[0, i], 0.0) * people
    for k in range(fates):
        for i in range(between.shape[1]):
            out[k + 2, i] = max(out[k + 2, i] * out[0, i], 0.0) * people
    for i in range(between.shape[1]):
        out[0, i] = max(1.0 - between[0, i], 0.0) * people


@compiled
def _write_fates(
    shares: Any,
    people: Any,
    ratio: Any,
    left: Any,
    weight: Any,
    to: Any,
    of: Any,
    parts: Any,
    rounded: bool,
    fates: Any,
) -> None:
    """Write the counts in all fates: [n, O, S, fates, instants], the first of them."""
    draws, origins, strata = fates.shape[:3]
    steps = len(left)
    between, counts = np.empty((shares.shape[1], steps)), np.empty((shares.shape[1] + 1, steps))
    added = np.empty(steps)
    for draw in range(draws):
        for origin in range(origins):
            _write_between(shares[draw, :, origin], left, weight, between)
            for stratum in range(strata):
                size = people[draw, origin, stratum]
                _write_stratum(between, ratio[draw, origin, stratum], size, counts)
                for fate in range(fates.shape[3]):
                    added[:] = 0.0
                    for entry in range(len(to)):
                        if to[entry] == fate:
                            part = parts[entry, draw, origin, stratum]
                            for i in range(steps):
                                added[i] += counts[of[entry], i] * part
                    for i in range(steps):
                        count = np.rint(added[i]) if rounded else added[i]
                        fates[draw, origin, stratum, fate, i] = count
