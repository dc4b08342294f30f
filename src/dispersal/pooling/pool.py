"""The pool: what several cases together say of the forward parameters of another one.

In units of the priors, the parameters of case c with mode m are
z_c = √s·u + √t·v_m + √(1 − s − t)·e_c, with u, v and e independent standard normals: a case
that nothing is known of has the priors of the table, whatever s and t, the shares of the variance
that all cases and those of a mode have in common (a random-effects model; Gelman and others 2013,
Bayesian Data Analysis, chapter 5). With the linear Gaussian likelihood of the studies everything
is a Gaussian; s and t are summed over, weighted by the evidence for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import linalg

from dispersal.errors import InputError, nearest_name

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from dispersal.pooling.study import Study

FloatArray = NDArray[np.float64]

#: Shares of the variance that are tried.
GRID: Final = tuple(
    (shared / 10, by_mode / 10) for shared in range(10) for by_mode in range(10 - shared)
)


@dataclass(frozen=True, eq=False)
class Learnt:
    """What a pool says of the parameters of a case that is not in it.

    Parameters
    ----------
    names : tuple of str, length P
    mean, deviation : float array, shape (P,)
        In units of the case's own priors: 0 and 1 where nothing was learnt.
    cases : tuple of str
        Those learnt from.
    """

    names: tuple[str, ...]
    mean: FloatArray
    deviation: FloatArray
    cases: tuple[str, ...]

    def table(self) -> pd.DataFrame:
        """Return mean and deviation by parameter, those that moved most first."""
        frame = pd.DataFrame(
            {"mean": self.mean, "deviation": self.deviation},
            index=pd.Index(self.names, name="parameter"),
        )
        # How far the prior moved: the divergence of the two normals (Kullback and Leibler 1951).
        var = frame["deviation"] ** 2
        frame["information"] = (frame["mean"] ** 2 + var - 1.0 - np.log(var)) / 2
        return frame.sort_values("information", ascending=False)


@dataclass(frozen=True, eq=False)
class Pool:
    """Several studies of the same parameters.

    Parameters
    ----------
    studies : tuple of Study

    Raises
    ------
    InputError
        If there is no study, or they are of different parameters.
    """

    studies: tuple[Study, ...]

    def __post_init__(self) -> None:
        if not self.studies:
            raise InputError("found no case to learn from, expected one or more")
        if len({study.names for study in self.studies}) != 1:
            raise InputError("found studies of different parameters, expected the same: learn anew")

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases learnt from."""
        return tuple(study.case for study in self.studies)

    def without(self, names: Collection[str]) -> Pool:
        """Return the pool without some cases.

        Raises
        ------
        InputError
            For a case that is not in it, or if none is left.
        """
        for name in names:
            if name not in self.cases:
                near = nearest_name(name, self.cases)
                hint = f"; did you mean {near!r}?" if near else ""
                raise InputError(f"found {name!r}, expected a case of the pool{hint}")
        return Pool(tuple(study for study in self.studies if study.case not in names))

    @cached_property
    def variance_shares(self) -> pd.DataFrame:
        """Shares of the variance in common: ``all``, ``mode``, and how likely: ``weight``."""
        logs = np.array([self._solved(*share)[2] for share in GRID])
        weight = np.exp(logs - logs.max())
        frame = pd.DataFrame(GRID, columns=["all", "mode"])
        return frame.assign(weight=weight / weight.sum())

    def learnt(self, modes: Mapping[str, float]) -> Learnt:
        """Return what the pool says of a case that expects some modes of ending.

        Parameters
        ----------
        modes : mapping of str to float
            Probabilities by mode.
        """
        size = len(self.studies[0].names)
        mean, second = np.zeros(size), np.zeros(size)
        for (shared, by_mode), weight in zip(GRID, self.variance_shares["weight"], strict=True):
            factor, weighed, _ = self._solved(shared, by_mode)
            alike = [shared + by_mode * modes.get(study.mode, 0.0) for study in self.studies]
            towards = np.concatenate(
                [a * study.effect for a, study in zip(alike, self.studies, strict=True)], axis=1
            )
            middle = towards @ weighed
            left = 1.0 - np.einsum(
                "pk,kp->p", towards, linalg.cho_solve(factor, towards.T, check_finite=False)
            )
            mean += weight * middle
            second += weight * (left + middle**2)
        deviation = np.sqrt(np.maximum(second - mean**2, 1e-6))
        return Learnt(self.studies[0].names, mean, deviation, self.cases)

    def _solved(
        self, shared: float, by_mode: float
    ) -> tuple[tuple[FloatArray, bool], FloatArray, float]:
        """Return the factor of the covariance of all figures, C⁻¹r, and the log evidence."""
        blocks = [
            [
                self._likeness(a, b, shared, by_mode) * one.effect.T @ other.effect
                + (one.covariance if a == b else 0.0)
                for b, other in enumerate(self.studies)
            ]
            for a, one in enumerate(self.studies)
        ]
        covariance = np.block(blocks)
        surprise = np.concatenate([study.surprise for study in self.studies])
        factor = linalg.cho_factor(covariance, lower=True)
        weighed = linalg.cho_solve(factor, surprise)
        evidence = -0.5 * float(surprise @ weighed) - float(np.log(np.diag(factor[0])).sum())
        return factor, weighed, evidence

    def _likeness(self, one: int, other: int, shared: float, by_mode: float) -> float:
        if one == other:
            return 1.0
        same = self.studies[one].mode == self.studies[other].mode
        return shared + by_mode * float(same)
