"""Replications of a study: parameters and data that a program makes, fitted, and ranked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from arviz_stats.base import array_stats

from dispersal.inference.chains import Chains, Sampler

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

#: Posterior draws that a truth is ranked among.
RANKED = 63

#: The quantity that every study ranks, whatever its program.
JOINT = "log_density"

Quantities = dict[str, "NDArray[np.float64]"]

#: Ranks, effective sample sizes and statistics of the sampler, each by name.
Replication = tuple[dict[str, int], dict[str, float], dict[str, float]]


@dataclass(frozen=True, eq=False)
class Study:
    """What a calibration needs to know of a program.

    Parameters
    ----------
    model : callable
        A NumPyro program; its arguments are data.
    simulate : callable
        Returns sites and data of the n-th replication.
    start : callable
        Returns where chains start, given data; sites that it does not name start at zero.
    quantities : callable
        Returns what is ranked, as float arrays of shape (chains, draws) by name, from sites of
        shape (chains, draws, ...) and a seed for what is drawn besides.
    """

    model: Callable[..., None]
    simulate: Callable[[int], tuple[Mapping[str, NDArray[np.float64]], tuple[Any, ...]]]
    start: Callable[[tuple[Any, ...]], Mapping[str, Any]]
    quantities: Callable[[Mapping[str, NDArray[np.float64]], int], Quantities]


class Replicator:
    """Runs replications of a study, with a sampler that is compiled once.

    Parameters
    ----------
    study : Study
    seed, chains, warmup, draws, blocks : int
        As for :func:`calibrate_study`.
    """

    def __init__(
        self, study: Study, seed: int, chains: int, warmup: int, draws: int, blocks: int
    ) -> None:
        self.study = study
        self.sampler = Sampler(study.model, warmup=warmup)
        self.settings = {
            "seed": seed,
            "chains": chains,
            "warmup": self.sampler.warmup,
            "draws": draws,
            "blocks": blocks,
        }

    def run(self, number: int) -> Replication:
        """Return the ranks, effective sample sizes and statistics of a replication."""
        study, sampler, settings = self.study, self.sampler, self.settings
        sites, data = study.simulate(number)
        own = 2 * (settings["seed"] * 1_000_000 + number)
        raw = sampler.run(
            data,
            study.start(data),
            seed=own,
            chains=settings["chains"],
            draws=settings["draws"],
            workers=1,
            blocks=settings["blocks"],
            enough=lambda raw: min(_sizes(_ranked(study, raw, own)).values()) >= RANKED,
        )
        lone = {name: np.asarray(site)[None, None] for name, site in sites.items()}
        truth = study.quantities(lone, own + 1)
        truth[JOINT] = np.array([[sampler.log_density(sites, data)]])
        found = _ranked(study, raw, own)
        ranks = {name: rank_among(truth[name].item(), found[name]) for name in found}
        run = {
            "divergences": float(raw.statistics["diverging"].sum()),
            "steps": float(raw.statistics["n_steps"].mean()),
            "draws": float(raw.statistics["lp"].size),
        }
        return ranks, _sizes(found), run


def rank_among(truth: float, draws: NDArray[np.float64]) -> int:
    """Return how many of ``RANKED`` evenly spaced draws lie below the truth.

    Parameters
    ----------
    truth : float
    draws : float array, any shape
        At least ``RANKED`` in all.

    Examples
    --------
    >>> rank_among(0.5, np.linspace(0, 1, 630))
    31
    """
    flat = draws.ravel()
    at = ((np.arange(RANKED) + 0.5) * flat.size / RANKED).astype(int)
    return int((flat[at] < truth).sum())


def _ranked(study: Study, raw: Chains, seed: int) -> Quantities:
    return {**study.quantities(raw.sites, seed), JOINT: raw.statistics["lp"]}


def _sizes(found: Quantities) -> dict[str, float]:
    return {
        name: float(array_stats.ess(values, chain_axis=0, draw_axis=1, method="bulk"))
        for name, values in found.items()
    }
