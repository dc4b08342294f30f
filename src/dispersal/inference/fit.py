"""From a case to its posterior."""

from __future__ import annotations

import time
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from dispersal.case.asking import day_of
from dispersal.inference.chains import Chains, Progress, run_chains
from dispersal.inference.diagnostics import Diagnostics, diagnose, diagnose_if_done
from dispersal.inference.evidence import make_log_likelihood
from dispersal.inference.extend import design_on
from dispersal.inference.hierarchy import GLOBALS, deviations, from_unit, log_joined, scalars
from dispersal.inference.observation import QUANTITIES, Observations, observe
from dispersal.inference.posterior import Posterior, axis_labels
from dispersal.inference.prediction import days_of_departures, informed_origins
from dispersal.inference.program import model
from dispersal.inference.warm import warm_start
from dispersal.model.parameters import Parameter, ParameterTable, case_table

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from dispersal.case import Case
    from dispersal.model.design import Design

#: Acceptance that the step size aims at: near the optimum for the work done, 0.65 (Beskos and
#: others 2013, Bernoulli 19:1501). At 0.6 some trajectories of ``isis_2017`` diverge; from there to
#: 0.8 they have 63 steps alike.
ACCEPTANCE = 0.7

#: Warm-up of chains that begin at draws of a posterior: what the step size needs to settle.
WARM = 150


def fit(
    case: Case,
    *,
    as_known_on: dt.date | str | None = None,
    seed: int = 1,
    chains: int = 4,
    warmup: int = 250,
    draws: int = 300,
    blocks: int = 7,
    workers: int | None = None,
    require: bool = True,
    progress: Progress | None = None,
    start: Posterior | None = None,
) -> Posterior:
    """Fit the model to the evidence published by a day.

    Parameters
    ----------
    case : Case
    as_known_on : date or ISO text, optional
        The cut-off; nothing published later is seen. Default: the day the question was asked.
    seed : int
        Same case, cut-off, seed and version give the same draws.
    chains, warmup, draws : int
        NUTS chains, and iterations of each.
    blocks : int
        As long as the diagnostics fall short, the chains go on for another ``draws``, from the
        third time on for half as many, up to this many times ``draws`` in all.
    workers : int, optional
        Chains that run at once; default as many as there are cores. Does not change the draws.
    require : bool
        Whether to raise if the diagnostics fall short.
    progress : callable, optional
        Called with (iterations done, iterations in all).
    start : Posterior, optional
        Of the same origins under other evidence: chains begin at its draws and take its
        variances for their mass matrix, with a warm-up of ``WARM`` at most. Its quarters are
        kept (``extend.design_on``). What is asked of the diagnostics is the same.

    Raises
    ------
    InferenceError
        If ``require`` and r-hat, effective sample sizes, divergences or BFMI fall short.
    """
    cutoff = case.asked_on if as_known_on is None else day_of(as_known_on)
    began = time.perf_counter()
    quarters = None if start is None else start.design.months.start
    design = design_on(case, cutoff, quarters)
    priors = case_table(design.case)
    observations = observe(design)

    @lru_cache(maxsize=1)  # the chains that were found long enough are asked about once more
    def named(raw: Chains) -> dict[str, NDArray[np.float64]]:
        return named_draws(raw, priors, design, observations, seed)

    @lru_cache(maxsize=1)
    def done(raw: Chains) -> Diagnostics | None:
        return diagnose_if_done(named(raw), raw.statistics, names)

    def enough(raw: Chains) -> bool:
        found = done(raw)
        return found is not None and not found.problems()

    labels = axis_labels(design)
    names = {p.name: tuple(labels[p.axis]) for p in priors.of_stage("fit") if p.axis}
    warm = None if start is None else warm_start(start, design, observations, chains, seed)
    raw = run_chains(
        partial(model, priors, design, observations, make_log_likelihood(design, observations)),
        starting_values(design, observations),
        seed=seed,
        chains=chains,
        warmup=warmup if warm is None else min(warmup, WARM),
        draws=draws,
        workers=workers,
        target_acceptance=ACCEPTANCE,
        progress=progress,
        enough=enough,
        blocks=blocks,
        warm=warm,
    )
    sampled = time.perf_counter()
    samples = named(raw)
    diagnostics = done(raw) or diagnose(samples, raw.statistics, names)
    posterior = Posterior(
        design=design,
        table=priors,
        observations=observations,
        samples=samples,
        statistics=raw.statistics,
        diagnosed=diagnostics,
        seed=seed,
        timings={"fit": sampled - began, "diagnose": time.perf_counter() - sampled},
    )
    if require:
        diagnostics.require()
    return posterior


def starting_values(design: Design, observations: Observations) -> dict[str, NDArray[np.float64]]:
    """Start the size of each contingent at the middle of its figures, to spare warm-up."""
    members = np.where(design.sized, design.local_members[:, 0], 4.5)
    departed = (observations.quantity == list(QUANTITIES).index("departed")) & (
        observations.weights[:, 0].sum(axis=1) > 0
    )
    for at in range(len(design.origins)):
        mine = departed & (observations.origin == at) & (observations.side == 0)
        if mine.any():
            members[at] = np.log(np.expm1(np.median(observations.value[mine])) + 0.5)
    return {"members_seen": members}


def named_draws(
    raw: Chains,
    priors: ParameterTable,
    design: Design,
    observations: Observations,
    seed: int,
) -> dict[str, NDArray[np.float64]]:
    """Return the draws under the table's names, hierarchies scaled back and completed."""
    informed = informed_origins(observations, design)
    shape = raw.statistics["lp"].shape
    values: dict[str, Any] = dict(scalars(priors, raw.sites[GLOBALS]))
    units: dict[str, Any] = {}
    hierarchies: list[Parameter] = []
    for number, parameter in enumerate(priors.of_stage("fit")):
        name = parameter.name
        if name in values or name == "members":
            continue
        unit = raw.sites.get(f"{name}_unit")
        if not parameter.hierarchical:
            values[name] = from_unit(parameter.distribution, parameter.a, parameter.b, unit)
            continue
        hierarchies.append(parameter)
        units[name] = unit
        mask = informed.get(name)
        if mask is not None:
            rng = np.random.default_rng([seed, number])
            units[name] = rng.standard_normal((*shape, mask.size))
            if unit is not None:
                units[name][..., mask] = unit
    values |= deviations(hierarchies, units, values, informed)
    seen = days_of_departures(observations, design)
    values["members"] = raw.sites["members_seen"] - log_joined(values, design, seen)
    return {p.name: np.asarray(values[p.name]) for p in priors.of_stage("fit")}
