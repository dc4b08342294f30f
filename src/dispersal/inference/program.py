"""The probabilistic program: priors from the table of parameters, likelihood of the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist

from dispersal.inference.hierarchy import (
    GLOBALS,
    deviations,
    from_unit,
    global_parameters,
    log_joined,
    scalars,
)
from dispersal.inference.prediction import (
    days_of_departures,
    errors,
    informed_origins,
    predicted,
)
from dispersal.model.trajectory import trajectories

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from dispersal.inference.observation import Observations
    from dispersal.model.design import Design
    from dispersal.model.parameters import Parameter, ParameterTable

#: Degrees of freedom of the errors of published figures: heavy tails, finite variance.
DEGREES_OF_FREEDOM = 4.0


def priors(
    table: ParameterTable,
    design: Design,
    informed: Mapping[str, NDArray[np.bool_]],
    seen: NDArray[np.float64],
) -> dict[str, Any]:
    """Sample every parameter of stage ``fit`` from its prior, as NumPyro sites.

    A deviation with mean zero and a scale of its own (a hierarchy) is sampled in units of the
    scale, under the site ``<name>_unit``, and scaled afterwards. Of the size of a contingent the
    site ``members_seen`` samples the log of what had joined by the usual day of its figures,
    which is what they fix; all who ever join follow from it. Deviations of origins that no
    evidence informs are zero here and drawn from their prior afterwards.

    Parameters
    ----------
    informed : mapping of bool arrays, shape (O,)
    seen : float array, shape (O,)
        As :func:`dispersal.inference.prediction.days_of_departures` gives it.

    Returns
    -------
    dict
        Value by parameter name; arrays over origins, regions or knots.
    """
    count = len(global_parameters(table))
    values = scalars(table, numpyro.sample(GLOBALS, _standard(count)))
    units: dict[str, Any] = {}
    arrays = [p for p in table.of_stage("fit") if p.axis]
    for parameter in arrays:
        size = _size(parameter, design)
        if parameter.name == "members":
            continue
        at = np.flatnonzero(informed.get(parameter.name, np.ones(size, dtype=bool)))
        units[parameter.name] = jnp.zeros(size)
        if at.size:
            unit = numpyro.sample(f"{parameter.name}_unit", _standard(at.size))
            # A product with a constant matrix: cheaper to differentiate than to scatter.
            units[parameter.name] = unit if at.size == size else unit @ np.eye(size)[at]
    for parameter in arrays:
        if parameter.name != "members" and not parameter.hierarchical:
            values[parameter.name] = from_unit(
                parameter.distribution, parameter.a, parameter.b, units[parameter.name]
            )
    hierarchies = [p for p in arrays if p.hierarchical and p.name != "members"]
    values |= deviations(hierarchies, units, values, informed)
    joined = log_joined(values, design, seen)
    mean, deviation = _members(values, design)
    by_then = numpyro.sample("members_seen", dist.Normal(mean + joined, deviation).to_event(1))
    values["members"] = by_then - joined
    return values


def model(
    table: ParameterTable,
    design: Design,
    observations: Observations,
    evidence: Callable[[Mapping[str, Any]], jax.Array] | None = None,
) -> None:
    """State priors and likelihood of one case as known on its cut-off.

    Parameters
    ----------
    evidence : callable, optional
        The log likelihood as :func:`dispersal.inference.evidence.make_log_likelihood` compiles
        it; default the readable form, :func:`log_likelihood`.
    """
    seen = days_of_departures(observations, design)
    values = priors(table, design, informed_origins(observations, design), seen)
    if evidence is None:
        total = log_likelihood(values, design, observations, trajectories(values, design)).sum()
    else:
        total = evidence(values)
    numpyro.factor("evidence", total)


def log_likelihood(
    values: dict[str, Any], design: Design, observations: Observations, states: dict[str, Any]
) -> jax.Array:
    """Return the log likelihood of each row of evidence, shape (N,).

    log(1 + y) ~ Student-t(4, log(1 + n·e^bias), σ), σ² = error² + width² + 1/(1 + n): the last
    term is the noise of counting. ``at_least`` and ``at_most`` rows give the probability of
    their side of a normal with the same scale.
    """
    count, bias = predicted(observations, values, design, states)
    middle = jnp.log1p(count * jnp.exp(bias))
    scale = scales(values, observations, count)
    residual = (observations.value - middle) / scale
    exact = dist.StudentT(DEGREES_OF_FREEDOM).log_prob(residual) - jnp.log(scale)
    censored = jax.scipy.stats.norm.logcdf(-observations.side * residual)
    return jnp.where(observations.side == 0, exact, censored)


def scales(values: dict[str, Any], observations: Observations, count: Any) -> jax.Array:
    """Return the scale of the error of each row on the log scale, shape (N,)."""
    return jnp.sqrt(errors(values, observations) ** 2 + observations.width**2 + 1.0 / (1.0 + count))


def _members(values: dict[str, Any], design: Design) -> tuple[Any, Any]:
    """Return mean and deviation of the prior of the log of contingents, shape (O,) each."""
    level = values["members_level"][design.region]
    foreign = level + values["members_population"] * design.population
    mean, deviation = design.local_members.T
    return (
        jnp.where(design.sized, mean, foreign),
        jnp.where(design.sized, deviation, values["members_sd"]),
    )


def _size(parameter: Parameter, design: Design) -> int:
    return {
        "": 0,
        "origin": len(design.origins),
        "region": len(design.regions),
        "knot": design.knots - 1,
    }[parameter.axis]


def _standard(size: int) -> dist.Distribution:
    return dist.Normal(0.0, 1.0).expand((size,)).to_event(1)
