"""What snippets of the pages need, in seconds: a small case, and stand-ins for what takes long.

Only the five functions that compute for minutes are replaced, each by draws of the same shapes; all
that is called on the way to them and with what they give is the package's own. ``make test-slow``
runs the same snippets without any of this.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from importlib import import_module
from inspect import signature
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import xarray as xr

from dispersal.case import builtin_cases, load_case, write_case
from dispersal.case.locate import locate
from dispersal.case.subset import case_of_origins
from dispersal.inference.calibration import Calibration, calibration_of
from dispersal.inference.chains import Chains, Sampler, whole_chunks
from dispersal.inference.diagnostics import Diagnostics
from dispersal.inference.fit import fit
from dispersal.inference.replicate import RANKED
from dispersal.model.parameters import table
from tests.forecast.synthetic import make_ensemble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pytest
    from numpy.typing import NDArray

    from dispersal.case import Case
    from dispersal.forecast.ensemble_types import Ensemble
    from dispersal.inference.observation import Observations
    from dispersal.inference.posterior import Posterior

#: Home countries of the small case that stands for the built-in one: those that pages name.
ORIGINS: Final = ("FRA", "NLD", "SYR", "TUN")

#: Its levers: those that pages name.
LEVERS: Final = ("no_entry_bans", "rift_heals")

#: Modules that fit, by the name that they imported.
FITS: Final = (
    "dispersal.inference.fit",
    "dispersal.record.backtest",
    "dispersal.whatif.runs",
    "dispersal.whatif.update.apply",
    "dispersal.whatif.update.influence",
)

#: Draws of a simulation, at most; fewer are too few for some questions.
DRAWS: Final = 50

#: Draws of a chain, at most.
CHAIN: Final = 75


def sample(self: Any, data: tuple[Any, ...], start: Any, **settings: Any) -> Chains:
    """Stand for NUTS: draw each site of the program on its own, around where chains start."""
    rng = np.random.default_rng(settings["seed"])
    shape = (settings["chains"], whole_chunks(min(settings["draws"], CHAIN)))
    sites = {
        name: np.asarray(at)
        + (0.3 if name in start else 1.0) * rng.standard_normal((*shape, *at.shape))
        for name, at in self._positions(start, data).items()
    }
    noise = rng.standard_normal(shape)
    none = np.zeros(shape)
    statistics = {
        "diverging": none, "energy": noise, "n_steps": none + 7, "acceptance_rate": none + 0.7,
        "lp": noise,
    }  # fmt: skip
    if settings.get("progress") is not None:
        settings["progress"](1, 1)
    return Chains(sites, statistics)


def diagnose(samples: Any, statistics: Any, labels: Any) -> Diagnostics:
    """Stand for the diagnostics of chains: draws on their own have nothing wrong."""
    rows = pd.DataFrame(
        {"rhat": 1.0, "ess_bulk": 1_000.0, "ess_tail": 1_000.0}, index=list(samples)
    )
    return Diagnostics(rows, 0, statistics["lp"].size, 1.0, 7.0)


def calibrate_study(study: Any, *, replications: int, seed: int, **settings: Any) -> Calibration:
    """Stand for a fit to each replication: ranks that are as uniform as they should be."""
    rng = np.random.default_rng(seed)
    names = [parameter.name for parameter in table().of_stage("fit")]
    run = {"divergences": 0.0, "steps": 7.0, "draws": 200.0}
    found = [
        ({name: int(rng.integers(RANKED + 1)) for name in names}, dict.fromkeys(names, 200.0), run)
        for _ in range(replications)
    ]
    return calibration_of(found, {**settings, "seed": seed}, 1.0)


def energy_score(draws: NDArray[np.float64], observed: NDArray[np.float64]) -> float:
    """Give the same without a compiler, which takes longer than what it spares here."""
    from scoringrules import es_ensemble  # takes seconds to import

    return float(es_ensemble(observed, draws, backend="numpy"))


#: Posteriors and people that a page asked for and the next one will: by what they depend on.
FITTED: Final[dict[tuple[Any, ...], Posterior]] = {}
SIMULATED: Final[dict[tuple[Any, ...], Ensemble]] = {}


def fit_once(case: Case, **settings: Any) -> Posterior:
    """Fit with the package's own function, with the sampler's stand-in, each case once a day."""
    if settings.get("start") is not None:
        return fit(case, **settings)
    asked = signature(fit).bind(case, **settings).arguments
    told = tuple(str(asked.get(name)) for name in ("as_known_on", "seed", "chains", "draws"))
    key = (case.content_hash, case.known_on, *told)
    if key not in FITTED:
        FITTED[key] = fit(case, **settings)
    return FITTED[key]


def simulate(posterior: Posterior, **settings: Any) -> Ensemble:
    """Stand for the simulation: people who move at random, and nobody is lost."""
    if settings.get("progress") is not None:
        settings["progress"](1, 1)
    design = posterior.design
    asked = (min(settings["draws"], DRAWS), settings["seed"], design.cutoff)
    key = (design.case.content_hash, *asked)
    if key not in SIMULATED:
        SIMULATED[key] = make_ensemble(design.case, *asked)
    return SIMULATED[key]


def row_likelihoods(values: Any, design: Any, observations: Observations) -> NDArray[np.float64]:
    """Stand for the likelihood of rows of evidence: each moves the draws a little."""
    rng = np.random.default_rng(5)
    draws = len(values["home_hazard"])
    return 0.1 * rng.standard_normal((draws, len(observations.figure_id)))


def evaluate(inputs: Any, points: NDArray[Any], outputs: Sequence[Any], *_: Any, **__: Any) -> Any:
    """Stand for the expected forecast at points of the inputs: an additive function of them."""
    weights = np.random.default_rng(6).lognormal(size=(points.shape[1], len(outputs)))
    return 1_000 + points @ weights


def run_worlds(worlds: Sequence[Any], draws: int, position: float, **_: Any) -> list[Any]:
    """Stand for simulated pairs: every world has people of its own."""
    from dispersal.whatif.paired import _Store

    rng = np.random.default_rng(7)
    found = []
    for world in worlds:
        store = _Store(world, draws, position, 1)
        for counts in (store.fates, store.monthly, store.places):
            counts[...] = rng.poisson(20, counts.shape)
        found.append(store.outcomes())
    return found


def tree_reader() -> Callable[[Path], xr.DataTree]:
    """Return what reads a posterior, the same one once: every page has a copy of the saved run."""
    read: dict[bytes, xr.DataTree] = {}

    def tree(file: Path) -> xr.DataTree:
        key = hashlib.sha256(file.read_bytes()).digest()
        if key not in read:
            with xr.open_datatree(file, engine="h5netcdf") as opened:
                read[key] = opened.load()
        return read[key].copy()

    return tree


READ_TREE: Final = tree_reader()


def replace_what_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the stand-ins where the package looks for the functions."""
    monkeypatch.setattr(Sampler, "run", sample)
    monkeypatch.setattr("dispersal.forecast.store._tree", READ_TREE)
    for module in ("dispersal.inference.fit", "dispersal.reference.fit"):
        monkeypatch.setattr(import_module(module), "diagnose", diagnose)
    for place in FITS:
        monkeypatch.setattr(import_module(place), "fit", fit_once)
    for place, stand_in in {
        "dispersal.forecast.ensemble": simulate,
        "dispersal.inference.calibrate": calibrate_study,
        "dispersal.reference.leave_out": energy_score,
        "dispersal.inference.reweigh": row_likelihoods,
        "dispersal.whatif.update.influence": row_likelihoods,
        "dispersal.whatif.update.moved": row_likelihoods,
        "dispersal.whatif.sensitivity": evaluate,
        "dispersal.whatif.compare": run_worlds,
    }.items():
        monkeypatch.setattr(import_module(place), stand_in.__name__, stand_in)


def small_cases(folder: Path) -> Path:
    """Write the built-in cases to a folder, with a few home countries of the largest."""
    folder.mkdir()
    for name in builtin_cases():
        if name == "isis_2017":
            case = load_case(name)
            totals = [row.figure_id for row in case.ledger.aggregate_rows]
            part = case_of_origins(case, ORIGINS, totals)
            levers = tuple(lever for lever in part.levers if lever.name in LEVERS)
            write_case(replace(part, levers=levers), folder / name)
        else:
            (folder / name).symlink_to(locate(name), target_is_directory=True)
    return folder
