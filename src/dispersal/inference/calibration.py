"""Simulation-based calibration: a fit gives back, on average, what the prior put in.

Parameters are drawn from their priors and evidence from the parameters; the fit of that evidence
should then rank each true value anywhere among its posterior draws with equal probability [1]_.
A wrong likelihood, gradient, transformation or sampler makes ranks that are not uniform. The log
of the joint density is ranked as well, which sees faults that single parameters hide [2]_.

References
----------
.. [1] Talts, Betancourt, Simpson, Vehtari and Gelman (2018), Validating Bayesian inference
   algorithms with simulation-based calibration, arXiv:1804.06788.
.. [2] Modrák and others (2023), Simulation-based calibration checking for Bayesian computation:
   the choice of test quantities shapes sensitivity, Bayesian Analysis.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from arviz_stats.base import array_stats

from dispersal.errors import InputError
from dispersal.inference.chains import Chains, Progress, Sampler, available_cores
from dispersal.inference.uniformity import holm, power_of_test, smooth_test

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

#: Posterior draws that a truth is ranked among.
RANKED = 63

#: Level of the test, after correction for the number of quantities.
LEVEL = 0.01

#: The quantity that every study ranks, whatever its program.
JOINT = "log_density"

Quantities = dict[str, "NDArray[np.float64]"]


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


@dataclass(frozen=True, eq=False)
class Calibration:
    """Ranks of true values among posterior draws, and what they say.

    Parameters
    ----------
    ranks : pandas.DataFrame
        A row for each replication, a column for each quantity; from 0 to ``RANKED``.
    ess : pandas.DataFrame
        Bulk effective sample sizes of the chains that were thinned, likewise.
    runs : pandas.DataFrame
        For each replication ``divergences``, ``steps`` (mean a trajectory), ``draws`` (in all
        chains).
    table : pandas.DataFrame
        Index: quantity; columns ``mean_rank`` (share of ``RANKED``; ½ expected), ``statistic``,
        ``p``, ``p_corrected`` (Holm), ``ess_median``, ``ess_least``; least p first.
    power : pandas.DataFrame
        As :func:`dispersal.inference.uniformity.power_of_test` gives it.
    settings : dict
        Of the run, with the seconds it took.
    """

    ranks: pd.DataFrame
    ess: pd.DataFrame
    runs: pd.DataFrame
    table: pd.DataFrame
    power: pd.DataFrame
    settings: dict[str, float]

    @property
    def rejected(self) -> list[str]:
        """Quantities whose ranks are not uniform at ``LEVEL`` after correction."""
        return [str(name) for name in self.table.index[self.table["p_corrected"] < LEVEL]]

    def record(self) -> dict[str, Any]:
        """Return the outcome in a few numbers."""
        worst = self.table.index[0]
        return {
            **self.settings,
            "quantities": len(self.table),
            "level": LEVEL,
            "rejected": self.rejected,
            "worst": str(worst),
            "p_worst": float(self.table.loc[worst, "p"]),
            "p_worst_corrected": float(self.table.loc[worst, "p_corrected"]),
            "power": self.power.to_dict(orient="index"),
            "short_of_draws": int((self.ess.min(axis=1) < RANKED).sum()),
            "divergences": int(self.runs["divergences"].sum()),
        }

    def save(self, folder: str | Path) -> Path:
        """Write ``ranks.csv``, ``ess.csv``, ``runs.csv``, ``table.csv``, ``power.csv``."""
        path = Path(folder)
        path.mkdir(parents=True, exist_ok=True)
        for name in ("ranks", "ess", "runs", "table", "power"):
            getattr(self, name).to_csv(path / f"{name}.csv", lineterminator="\n")
        return path


def calibrate_study(
    study: Study,
    *,
    replications: int = 200,
    seed: int = 1,
    chains: int = 2,
    warmup: int = 200,
    draws: int = 100,
    blocks: int = 4,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Rank true values among posterior draws, replication by replication.

    The sampler is compiled once. Chains start where a fit would start them, never at the truth,
    and go on until the least bulk effective sample size of what is ranked reaches ``RANKED``, or
    ``blocks`` are over; ``RANKED`` draws, evenly spaced over all chains, are then kept.

    Parameters
    ----------
    study : Study
    replications : int
    seed : int
        Of the chains; the replications are the study's.
    chains, warmup, draws, blocks : int
        As for :func:`dispersal.inference.chains.run_chains`; each block has ``draws``.
    workers : int, optional
        Replications that run at once; default as many as there are cores. Does not change ranks.
    progress : callable, optional
        Called with (replications done, replications).

    Raises
    ------
    InputError
        If there are fewer than two replications, or fewer draws than are ranked.
    """
    if replications < 2 or chains * draws < RANKED:
        raise InputError(
            f"found {replications} replications of {chains} chains with {draws} draws, expected "
            f"two replications or more and {RANKED} draws or more in all chains"
        )
    began = time.perf_counter()
    sampler = Sampler(study.model, warmup=warmup)
    done: list[int] = []

    def replicate(number: int) -> tuple[dict[str, int], dict[str, float], dict[str, float]]:
        sites, data = study.simulate(number)
        own = 2 * (seed * 1_000_000 + number)
        raw = sampler.run(
            data,
            study.start(data),
            seed=own,
            chains=chains,
            draws=draws,
            workers=1,
            blocks=blocks,
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
        done.append(number)
        if progress is not None:
            progress(len(done), replications)
        return ranks, _sizes(found), run

    with ThreadPoolExecutor(workers or available_cores()) as pool:
        ranks, sizes, runs = zip(*pool.map(replicate, range(replications)), strict=True)
    frame = pd.DataFrame(list(ranks))
    settings = {
        "replications": replications,
        "seed": seed,
        "chains": chains,
        "warmup": sampler.warmup,
        "draws": draws,
        "blocks": blocks,
        "ranked_among": RANKED,
        "seconds": time.perf_counter() - began,
    }
    return Calibration(
        ranks=frame.rename_axis("replication"),
        ess=pd.DataFrame(list(sizes)).rename_axis("replication"),
        runs=pd.DataFrame(list(runs)).rename_axis("replication"),
        table=_table(frame, pd.DataFrame(list(sizes))),
        power=power_of_test(replications, RANKED, frame.shape[1], LEVEL),
        settings=settings,
    )


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


def _table(ranks: pd.DataFrame, ess: pd.DataFrame) -> pd.DataFrame:
    statistic, p = smooth_test(ranks.to_numpy(), RANKED)
    table = pd.DataFrame(
        {
            "mean_rank": ranks.mean() / RANKED,
            "statistic": statistic,
            "p": p,
            "p_corrected": holm(p),
            "ess_median": ess.median(),
            "ess_least": ess.min(),
        }
    )
    return table.sort_values("p").rename_axis("quantity")
