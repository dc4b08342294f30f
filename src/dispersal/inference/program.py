"""The probabilistic program: priors from the table of parameters, likelihood of the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpy.typing import NDArray

from dispersal.inference.observation import (
    AGGREGATES,
    QUANTITIES,
    Observations,
    informed_origins,
    predicted,
)
from dispersal.model.design import Design
from dispersal.model.fates import trajectories
from dispersal.model.parameters import Parameter, ParameterTable

#: Degrees of freedom of the errors of published figures: heavy tails, finite variance.
DEGREES_OF_FREEDOM = 4.0


def priors(
    table: ParameterTable, design: Design, informed: Mapping[str, NDArray[np.bool_]]
) -> dict[str, Any]:
    """Sample every parameter of stage ``fit`` from its prior, as NumPyro sites.

    A deviation with mean zero and a scale of its own (a hierarchy) is sampled in units of the
    scale, under the site ``<name>_unit``, and scaled afterwards; the size of the contingents is
    sampled as it is, since nearly every origin has figures of it. Deviations of origins that no
    evidence informs are zero here and drawn from their prior afterwards.

    Returns
    -------
    dict
        Value by parameter name; arrays over origins, regions or knots.
    """
    values = _globals(table)
    for parameter in table.of_stage("fit"):
        if parameter.name in values:
            continue
        size = _size(parameter, design)
        if parameter.name == "members":
            values["members"] = numpyro.sample("members", _members(values, design))
        elif not parameter.hierarchical:
            unit = numpyro.sample(f"{parameter.name}_unit", _standard(size))
            values[parameter.name] = from_unit(
                parameter.distribution, parameter.a, parameter.b, unit
            )
        else:
            scale = values[str(parameter.b).removeprefix("@")]
            at = np.flatnonzero(informed.get(parameter.name, np.ones(size, dtype=bool)))
            values[parameter.name] = jnp.zeros(size)
            if at.size:
                unit = numpyro.sample(f"{parameter.name}_unit", _standard(at.size))
                values[parameter.name] = values[parameter.name].at[at].set(unit * scale)
    return values


def global_parameters(table: ParameterTable) -> list[Parameter]:
    """Return the scalar parameters of the fit, in the order of the site ``globals_unit``."""
    return [p for p in table.of_stage("fit") if not p.axis]


def from_unit(family: str, a: Any, b: Any, unit: Any) -> Any:
    """Return values from standard normals, so that they have a prior of the table.

    The half-normal takes its quantile at Φ(z), which is smooth in z.

    Examples
    --------
    >>> round(float(from_unit("lognormal", 2.0, 0.5, jnp.array(1.0))), 3)
    3.297
    """
    if family == "normal":
        return a + b * unit
    if family == "lognormal":
        return a * jnp.exp(b * unit)
    if family == "share":
        return jax.nn.sigmoid(jnp.log(a) - jnp.log1p(-a) + b * unit)
    return b * half_normal(unit)


def half_normal(unit: Any) -> Any:
    """Return the half-normal whose distribution function is Φ(z), for a standard normal z.

    |x| with 2Φ(x) − 1 = Φ(z), that is x = −Φ⁻¹(Φ(−z)/2).
    """
    return -jax.scipy.special.ndtri(jax.scipy.special.ndtr(-unit) / 2.0)


def _globals(table: ParameterTable) -> dict[str, Any]:
    """Sample all scalars as one vector: hundreds of small sites would cost more than the model."""
    parameters = global_parameters(table)
    unit = numpyro.sample("globals_unit", _standard(len(parameters)))
    values: dict[str, Any] = {}
    for family in ("normal", "lognormal", "share", "halfnormal"):
        at = [i for i, p in enumerate(parameters) if p.distribution == family]
        if not at:
            continue
        a = np.array([float(parameters[i].a) for i in at])
        b = np.array([float(parameters[i].b) for i in at])
        block = from_unit(family, a, b, unit[np.array(at)])
        values |= {parameters[i].name: block[k] for k, i in enumerate(at)}
    return values


def model(table: ParameterTable, design: Design, observations: Observations) -> None:
    """State priors and likelihood of one case as known on its cut-off."""
    values = priors(table, design, informed_origins(observations, design))
    states = trajectories(values, design)
    numpyro.factor("evidence", log_likelihood(values, design, observations, states).sum())


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
    errors = jnp.stack(
        [values[f"error_{name}"] for name in QUANTITIES]
        + [values["error_aggregate"]] * len(AGGREGATES)
    )
    kind = jnp.where(
        observations.aggregate >= 0,
        len(QUANTITIES) + observations.aggregate,
        observations.quantity,
    )
    return jnp.sqrt(errors[kind] ** 2 + observations.width**2 + 1.0 / (1.0 + count))


def _members(values: dict[str, Any], design: Design) -> dist.Distribution:
    level = values["members_level"][design.region]
    foreign = level + values["members_population"] * design.population
    mean, deviation = design.local_members.T
    return dist.Normal(
        jnp.where(design.local, mean, foreign),
        jnp.where(design.local, deviation, values["members_sd"]),
    ).to_event(1)


def _size(parameter: Parameter, design: Design) -> int:
    return {
        "": 0,
        "origin": len(design.origins),
        "region": len(design.regions),
        "knot": design.knots - 1,
    }[parameter.axis]


def _standard(size: int) -> dist.Distribution:
    return dist.Normal(0.0, 1.0).expand((size,)).to_event(1)
