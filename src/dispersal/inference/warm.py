"""Draws of a posterior as the sampler's own sites, for chains that begin there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from dispersal.inference.extend import flat
from dispersal.inference.hierarchy import GLOBALS, PAIRS, global_parameters, log_joined
from dispersal.inference.prediction import days_of_departures, informed_origins

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispersal.inference.observation import Observations
    from dispersal.inference.posterior import Posterior
    from dispersal.model.design import Design
    from dispersal.model.parameters import Parameter, ParameterTable

FloatArray = NDArray[np.float64]

#: Draws that tell the variances: more change nothing.
ENOUGH = 2_000

#: Least variance of a unit taken from draws: none is known better than to a hundredth.
LEAST_VARIANCE = 1e-4


@dataclass(frozen=True, eq=False)
class WarmStart:
    """Where chains begin that know the posterior roughly.

    Parameters
    ----------
    sites : dict of arrays, shape (chains, ...)
        A starting point of each chain.
    variances : dict of arrays, shape (...)
        Of each site's elements: the inverse of the mass matrix, which is then kept.
    """

    sites: Mapping[str, FloatArray]
    variances: Mapping[str, FloatArray]

    def of_chain(self, chain: int) -> dict[str, FloatArray]:
        """Return the starting point of a chain."""
        return {name: value[chain] for name, value in self.sites.items()}

    @property
    def inverse_mass(self) -> FloatArray:
        """The diagonal of the inverse mass matrix, in the order in which JAX flattens: by name."""
        return np.concatenate([np.ravel(value) for _, value in sorted(self.variances.items())])


def warm_start(
    posterior: Posterior, design: Design, observations: Observations, chains: int, seed: int
) -> WarmStart:
    """Return where chains of a fit begin: at draws of an earlier posterior, far from each other.

    Knots of the random walks are carried over by their number; new ones come from the prior.

    Parameters
    ----------
    posterior : Posterior
        Of the same origins; its cut-off and its evidence may be others.
    design, observations
        Of the fit to begin.
    """
    picked = np.linspace(0, posterior.size - 1, min(posterior.size, ENOUGH)).astype(int)
    values = {name: value[picked] for name, value in flat(posterior.samples).items()}
    rng = np.random.default_rng([seed, 11])
    for name in ("killed_profile", "home_profile"):
        known = values[name][:, : design.knots - 1]
        more = rng.standard_normal((len(picked), design.knots - 1 - known.shape[1]))
        values[name] = np.concatenate([known, more], axis=1)
    sites = sites_of(values, posterior.table, design, observations)
    begin = rng.choice(len(picked), size=chains, replace=False)
    return WarmStart(
        {name: value[begin] for name, value in sites.items()},
        {name: np.maximum(value.var(axis=0), LEAST_VARIANCE) for name, value in sites.items()},
    )


def sites_of(
    values: Mapping[str, FloatArray],
    table: ParameterTable,
    design: Design,
    observations: Observations,
) -> dict[str, FloatArray]:
    """Return the sites of ``program.priors`` that give these values: the inverse of the program.

    Parameters
    ----------
    values : mapping of float arrays, shape (draws,) or (draws, n)
        By the name in the table of parameters.

    Returns
    -------
    dict of float arrays, shape (draws, ...)
    """
    informed = informed_origins(observations, design)
    seen = days_of_departures(observations, design)
    found = {
        GLOBALS: np.stack([unit_of(p, values[p.name]) for p in global_parameters(table)], axis=-1),
        "members_seen": values["members"] + np.asarray(log_joined(values, design, seen)),
    }
    units: dict[str, FloatArray] = {}
    for parameter in table.of_stage("fit"):
        name = parameter.name
        if not parameter.axis or name == "members" or name in units:
            continue
        if not parameter.hierarchical:
            units[name] = unit_of(parameter, values[name])
            continue
        own = _scale_of(parameter, values)
        units[name] = values[name] / own
        partner = PAIRS.get(name)
        if partner is not None:
            bias = _scale_of(table[partner], values)
            both = informed[name] & informed[partner]
            first, second = turned_back(values[name], values[partner], own, bias)
            units[name] = np.where(both, first, units[name])
            units[partner] = np.where(both, second, values[partner] / bias)
    for name, unit in units.items():
        keep = np.flatnonzero(informed.get(name, np.ones(unit.shape[-1], dtype=bool)))
        if keep.size:
            found[f"{name}_unit"] = unit[:, keep]
    return found


def unit_of(parameter: Parameter, values: FloatArray) -> FloatArray:
    """Return the standard normals that ``hierarchy.from_unit`` turns into values.

    Examples
    --------
    >>> from dispersal.inference.hierarchy import from_unit
    >>> from dispersal.model.parameters import table
    >>> sd = table()["home_profile_sd"]
    >>> drawn = np.asarray(from_unit(sd.distribution, sd.a, sd.b, np.array([-1.0, 2.0])))
    >>> unit_of(sd, drawn).round(6).tolist()
    [-1.0, 2.0]
    """
    a, b = float(parameter.a), float(parameter.b)
    if parameter.distribution == "halfnormal":
        # Φ(−z) = 2 Φ(−x), which keeps its digits where x is far out.
        return np.asarray(-ndtri(2.0 * ndtr(-values / b)))
    middle = parameter.unconstrain(np.array(parameter.median)) if a != 0.0 else 0.0
    return np.asarray((parameter.unconstrain(values) - middle) / b)


def turned_back(a: Any, b: Any, scale_a: Any, scale_b: Any) -> tuple[FloatArray, FloatArray]:
    """Return the standard normals that ``hierarchy.rotated`` turns into a and b.

    Examples
    --------
    >>> from dispersal.inference.hierarchy import rotated
    >>> first, second = turned_back(*rotated(1.0, 0.5, 3.0, 4.0), 3.0, 4.0)
    >>> round(float(first), 6), round(float(second), 6)
    (1.0, 0.5)
    """
    both = np.sqrt(scale_a**2 + scale_b**2)
    total = np.asarray(a) + np.asarray(b)
    second = (np.asarray(a) - scale_a**2 / both**2 * total) * both / (scale_a * scale_b)
    return total / both, np.asarray(second)


def _scale_of(parameter: Parameter, values: Mapping[str, FloatArray]) -> FloatArray:
    return np.asarray(values[str(parameter.b).removeprefix("@")][..., None])
