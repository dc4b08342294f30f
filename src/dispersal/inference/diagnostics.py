"""Whether the chains can be trusted: r-hat, effective sample sizes, divergences, energy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from arviz_stats.base import array_stats

from dispersal.errors import InferenceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

#: What every parameter has to reach (Vehtari and others 2021, Bayesian Analysis 16:667).
LARGEST_RHAT = 1.01
LEAST_ESS = 400.0
LEAST_BFMI = 0.3

#: Share of divergent trajectories beyond which a fit is void; fewer are told as a warning.
MOST_DIVERGENT = 0.005


@dataclass(frozen=True, eq=False)
class Diagnostics:
    """Diagnostics of every scalar parameter, and of the sampler.

    Parameters
    ----------
    table : pandas.DataFrame
        Index: parameter, e.g. ``home_origin[TUN]``; columns ``rhat`` (rank-normalised split),
        ``ess_bulk``, ``ess_tail``.
    divergences : int
    draws : int
        Trajectories in all chains.
    bfmi : float
        The least of the chains' Bayesian fractions of missing information.
    steps : float
        Mean number of leapfrog steps a trajectory.
    """

    table: pd.DataFrame
    divergences: int
    draws: int
    bfmi: float
    steps: float

    def problems(self) -> list[str]:
        """Return what falls short, in words; empty if nothing does."""
        found = []
        worst = self.table["rhat"].idxmax()
        if self.table["rhat"].max() > LARGEST_RHAT:
            found.append(
                f"r-hat of {worst} is {self.table['rhat'].max():.3f}, expected {LARGEST_RHAT} "
                f"or less ({int((self.table['rhat'] > LARGEST_RHAT).sum())} parameters)"
            )
        for column in ("ess_bulk", "ess_tail"):
            least = self.table[column].idxmin()
            if self.table[column].min() < LEAST_ESS:
                found.append(
                    f"{column} of {least} is {self.table[column].min():.0f}, expected "
                    f"{LEAST_ESS:.0f} or more ({int((self.table[column] < LEAST_ESS).sum())} "
                    "parameters)"
                )
        if self.divergences > MOST_DIVERGENT * self.draws:
            found.append(f"{self.divergences} divergent trajectories, expected none")
        if self.bfmi < LEAST_BFMI:
            found.append(f"BFMI is {self.bfmi:.2f}, expected {LEAST_BFMI} or more")
        return found

    def warnings(self) -> list[str]:
        """Return what is not as it should be, though too little to void the fit, in words."""
        if 0 < self.divergences <= MOST_DIVERGENT * self.draws:
            return [f"{self.divergences} of {self.draws} trajectories diverged, expected none"]
        return []

    def require(self) -> None:
        """Raise InferenceError if anything falls short."""
        found = self.problems()
        if found:
            raise InferenceError(
                "the fit cannot be trusted:\n  " + "\n  ".join(found) + "\nRun longer chains "
                "(--warmup, --fit-draws), or look for evidence that contradicts itself."
            )

    def summary(self) -> dict[str, float]:
        """Return the worst of each, for run.json."""
        return {
            "rhat_max": float(self.table["rhat"].max()),
            "ess_bulk_min": float(self.table["ess_bulk"].min()),
            "ess_tail_min": float(self.table["ess_tail"].min()),
            "divergences": self.divergences,
            "bfmi_min": self.bfmi,
            "steps_mean": self.steps,
        }


def _parameters(
    samples: Mapping[str, NDArray[Any]], labels: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield every scalar parameter's label and draws, shape (chains, draws)."""
    for name, values in samples.items():
        if values.ndim == 2:
            yield name, values
            continue
        for at in range(values.shape[-1]):
            yield f"{name}[{labels[name][at]}]", values[..., at]


def _found(draws: NDArray[Any]) -> dict[str, float]:
    """Return r-hat, rank-normalised and split, and effective sizes in the bulk and the tails."""
    axes = {"chain_axis": 0, "draw_axis": 1}
    return {
        "rhat": float(array_stats.rhat(draws, **axes)),
        "ess_bulk": float(array_stats.ess(draws, method="bulk", **axes)),
        "ess_tail": float(array_stats.ess(draws, method="tail", prob=(0.1, 0.9), **axes)),
    }


def diagnose(
    samples: Mapping[str, NDArray[Any]],
    statistics: Mapping[str, NDArray[Any]],
    labels: Mapping[str, tuple[str, ...]],
) -> Diagnostics:
    """Return the diagnostics of chains.

    Parameters
    ----------
    samples : mapping of arrays, shape (chains, draws) or (chains, draws, n)
    statistics : mapping of arrays, shape (chains, draws)
        ``diverging``, ``energy`` and ``n_steps``.
    labels : mapping of str to tuple of str
        Names along the last axis of each array sample.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> good = {"a": rng.normal(size=(4, 500))}
    >>> energy = rng.normal(size=(4, 500))
    >>> none = np.zeros((4, 500))
    >>> found = diagnose(good, {"diverging": none, "energy": energy, "n_steps": none}, {})
    >>> found.problems()
    []
    """
    rows = {label: _found(one) for label, one in _parameters(samples, labels)}
    return _of(rows, statistics)


def diagnose_if_done(
    samples: Mapping[str, NDArray[Any]],
    statistics: Mapping[str, NDArray[Any]],
    labels: Mapping[str, tuple[str, ...]],
) -> Diagnostics | None:
    """Return what :func:`diagnose` does, or None as soon as a parameter is found to fall short.

    Most samples that are too small show it in many parameters, so that few are looked at.
    """
    rows = {}
    for label, one in _parameters(samples, labels):
        found = _found(one)
        if found["rhat"] > LARGEST_RHAT or min(found["ess_bulk"], found["ess_tail"]) < LEAST_ESS:
            return None
        rows[label] = found
    return _of(rows, statistics)


def _of(rows: dict[str, dict[str, float]], statistics: Mapping[str, NDArray[Any]]) -> Diagnostics:
    bfmi = array_stats.bfmi(statistics["energy"], chain_axis=0, draw_axis=1)
    return Diagnostics(
        table=pd.DataFrame.from_dict(rows, orient="index"),
        divergences=int(statistics["diverging"].sum()),
        draws=int(statistics["diverging"].size),
        bfmi=float(bfmi.min()),
        steps=float(statistics["n_steps"].mean()),
    )
