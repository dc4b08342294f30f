"""What every baseline hands on: a full predictive distribution of one figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

if TYPE_CHECKING:
    import datetime as dt

FloatArray = NDArray[np.float64]

#: Degrees of freedom of every component, as in the observation model.
DEGREES = 4.0

#: Quantiles by which a predictive distribution is handed on.
LEVELS = (np.arange(400) + 0.5) / 400

#: A component of a mixture is taken at no fewer quantiles than these.
FEWEST = 25


@dataclass(frozen=True, eq=False)
class Prediction:
    """A predictive distribution of one figure: equally weighted Student-t(4) on log(1 + n).

    What lies below 0 counts as 0.

    Parameters
    ----------
    rule : str
        Which rule made it.
    centres, scales : float array, shape (K,)

    Examples
    --------
    >>> known = Prediction.around("last figure", 3.0, 0.1)
    >>> float(known.point), bool(np.isclose(np.median(known.draws()), 3.0))
    (3.0, True)
    """

    rule: str
    centres: FloatArray
    scales: FloatArray

    @classmethod
    def around(cls, rule: str, centre: float, scale: float) -> Prediction:
        """Return a single Student-t."""
        return cls(rule, np.array([centre]), np.array([scale]))

    @classmethod
    def empirical(cls, rule: str, centre: float, steps: FloatArray, scale: float) -> Prediction:
        """Return the distribution of steps seen before, applied to a centre.

        Each step is one component, with the scatter of counting, 1 / (1 + n), as variance. A
        Student-t around the centre counts as one more step, so that what was never seen is not
        impossible: the predictive distribution of a Dirichlet process of weight 1 around it [1]_.

        References
        ----------
        .. [1] Ferguson (1973), A Bayesian analysis of some nonparametric problems. Annals of
           Statistics 1, 209-230.
        """
        seen = centre + steps
        counting = np.exp(-np.maximum(seen, 0.0) / 2)
        return cls(rule, np.append(seen, centre), np.append(counting, scale))

    @property
    def point(self) -> float:
        """The median, on log(1 + n)."""
        if self.centres.size == 1:
            return float(max(self.centres[0], 0.0))
        return float(np.median(self.draws()))

    def draws(self) -> FloatArray:
        """Return evenly spaced quantiles, shape (400,), ascending."""
        each = max(FEWEST, -(-LEVELS.size // self.centres.size))
        steps = stdtrit(DEGREES, (np.arange(each) + 0.5) / each)
        pooled = (self.centres[:, None] + self.scales[:, None] * steps).ravel()
        found = np.quantile(pooled, LEVELS, method="hazen")
        return np.asarray(np.maximum(found, 0.0))


class Baseline(Protocol):
    """A rule that predicts figures from what was known at a cut-off."""

    def predict(self, quantity: str, origin: str, as_of: dt.date) -> Prediction | None:
        """Return the prediction of a figure, or None if the rule has nothing to go by."""


@dataclass(frozen=True)
class FirstOf:
    """The first of several rules that has something to go by.

    Parameters
    ----------
    rules : tuple of Baseline
    """

    rules: tuple[Baseline, ...]

    def predict(self, quantity: str, origin: str, as_of: dt.date) -> Prediction | None:
        """Return the prediction of a figure, or None if no rule has anything to go by."""
        for rule in self.rules:
            if (found := rule.predict(quantity, origin, as_of)) is not None:
                return found
        return None
