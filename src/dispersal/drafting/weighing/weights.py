"""The weights: how much each feature speaks for each cohort, and what follows for a place.

A mention is a destination of one cohort or of none, with probabilities that are a softmax of its
weighed features. A place is one of a cohort if any of its mentions is: one minus the product of
the chances that each is not. The weights are in weights.csv, fitted by tools/fit_destinations.py.
"""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final

import numpy as np

from dispersal.drafting.proposals import COHORTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

#: A place is proposed from this probability on that it is a destination of any cohort, which the
#: tool chose so that precision and recall are about equal on articles left out of the fit.
LEAST: Final = 0.325
#: A second cohort of one place is proposed from this probability on.
SECOND: Final = 0.5

#: Features of a single word that says something: ``clause before: forest``.
_OF_WORD: Final = re.compile(
    r"(?:clause|sentence|opening|heading|word)[\w ]*: [^\W\d_A-Z][^\W\d_]{3,}"
)


@dataclass(frozen=True)
class Weights:
    """Weights of features, one row for each, in the order of the cohorts.

    Parameters
    ----------
    rows : Mapping of str to array
        For each feature, four weights.
    """

    rows: Mapping[str, npt.NDArray[np.float64]]

    def probabilities(self, features: Mapping[str, float]) -> npt.NDArray[np.float64]:
        """Return the probability of each cohort, in the order of the cohorts.

        Parameters
        ----------
        features : Mapping of str to float
            Of one mention; features without a weight count for nothing.

        Examples
        --------
        >>> weights = Weights({"hide": np.log([4.0, 1.0, 1.0, 1.0])})
        >>> weights.probabilities({"hide": 1.0}).round(3).tolist()
        [0.5, 0.125, 0.125, 0.125]
        """
        total = np.zeros(len(COHORTS))
        for name, value in features.items():
            row = self.rows.get(name)
            if row is not None:
                total += value * row
        odds = np.exp(total)
        share: npt.NDArray[np.float64] = odds / (1 + odds.sum())
        return share

    def chances(self, mentions: Sequence[Mapping[str, float]]) -> npt.NDArray[np.float64]:
        """Return the probabilities of the mentions of a place; one that is denied has none.

        Parameters
        ----------
        mentions : sequence of Mapping
            The features of each.

        Returns
        -------
        array of float, shape (mentions, cohorts)

        Examples
        --------
        >>> weights = Weights({"hide": np.log([4.0, 1.0, 1.0, 1.0])})
        >>> weights.chances([{"hide": 1.0, "denied": 1.0}]).tolist()
        [[0.0, 0.0, 0.0, 0.0]]
        """
        rows = [self.probabilities(each) * ("denied" not in each) for each in mentions]
        return np.array(rows)

    def reasons(self, features: Mapping[str, float], cohort: str) -> list[str]:
        """Return the features of words that speak most for a cohort, the strongest first.

        Parameters
        ----------
        features : Mapping of str to float
            Of one mention.
        cohort : str
            One of the cohorts.
        """
        at = COHORTS.index(cohort)
        told = {
            name: value * float(self.rows[name][at])
            for name, value in features.items()
            if name in self.rows and _OF_WORD.fullmatch(name)
        }
        return sorted((name for name in told if told[name] > 0), key=lambda name: -told[name])


def any_of(chances: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the chance that at least one of several mentions is what it may be.

    Parameters
    ----------
    chances : array of float, shape (mentions, cohorts)
        Probabilities of the mentions.

    Examples
    --------
    >>> any_of(np.array([[0.5, 0.0], [0.5, 0.2]])).round(2).tolist()
    [0.75, 0.2]
    """
    result: npt.NDArray[np.float64] = 1 - np.prod(1 - chances, axis=0)
    return result


def cohorts_of(chances: npt.NDArray[np.float64], least: float = LEAST) -> list[str]:
    """Return the cohorts of a place: none, the likeliest, and a second that is likely itself.

    Parameters
    ----------
    chances : array of float, shape (cohorts,)
        From :func:`any_of`.
    least : float
        Probability from which on the place is a destination.

    Examples
    --------
    >>> cohorts_of(np.array([0.1, 0.6, 0.0, 0.1])), cohorts_of(np.array([0.0, 0.1, 0.0, 0.0]))
    (['free_agents'], [])
    """
    if float(any_of(chances[:, None])[0]) < least:
        return []
    order = [int(at) for at in np.argsort(-chances, kind="stable")]
    second = [order[1]] if chances[order[1]] >= SECOND else []
    return [COHORTS[at] for at in (order[0], *second)]


@functools.cache
def weights() -> Weights:
    """Return the weights that are shipped with the package."""
    text = resources.files("dispersal.drafting.weighing").joinpath("weights.csv").read_text("utf-8")
    rows = csv.reader(text.splitlines())
    next(rows)
    return Weights({row[0]: np.array(row[1:], dtype=np.float64) for row in rows})
