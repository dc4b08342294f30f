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

import pandas as pd

from dispersal.errors import InputError
from dispersal.inference.chains import Progress, available_cores
from dispersal.inference.replicate import RANKED, Replication, Replicator, Study
from dispersal.inference.uniformity import holm, power_of_test, smooth_test

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


#: Level of the test, after correction for the number of quantities.
LEVEL = 0.01


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
    require_enough(replications, chains, draws)
    began = time.perf_counter()
    replicator = Replicator(study, seed, chains, warmup, draws, blocks)
    done: list[int] = []

    def replicate(number: int) -> Replication:
        found = replicator.run(number)
        done.append(number)
        if progress is not None:
            progress(len(done), replications)
        return found

    with ThreadPoolExecutor(workers or available_cores()) as pool:
        found = list(pool.map(replicate, range(replications)))
    return calibration_of(found, replicator.settings, time.perf_counter() - began)


def require_enough(replications: int, chains: int, draws: int) -> None:
    """Raise unless there is enough to rank.

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


def calibration_of(
    found: Sequence[Replication], settings: Mapping[str, int], seconds: float
) -> Calibration:
    """Return what replications, in their order, say together."""
    ranks, sizes, runs = zip(*found, strict=True)
    frame, replications = pd.DataFrame(list(ranks)), len(found)
    told = {"replications": replications, **settings, "ranked_among": RANKED, "seconds": seconds}
    return Calibration(
        ranks=frame.rename_axis("replication"),
        ess=pd.DataFrame(list(sizes)).rename_axis("replication"),
        runs=pd.DataFrame(list(runs)).rename_axis("replication"),
        table=_table(frame, pd.DataFrame(list(sizes))),
        power=power_of_test(replications, RANKED, frame.shape[1], LEVEL),
        settings=told,
    )


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
