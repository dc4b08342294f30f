"""The probabilistic program: priors from the table of parameters, likelihood of the evidence."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist

from dispersal.inference.observation import AGGREGATES, QUANTITIES, Observations, predicted
from dispersal.model.design import Design
from dispersal.model.fates import trajectories
from dispersal.model.parameters import Parameter, ParameterTable

#: Degrees of freedom of the errors of published figures: heavy tails, finite variance.
DEGREES_OF_FREEDOM = 4.0


def priors(table: ParameterTable, design: Design) -> dict[str, Any]:
    """Sample every parameter of stage ``fit`` from its prior, as NumPyro sites.

    A deviation with mean zero and a scale of its own (a hierarchy) is sampled in units of the
    scale, under the site ``<name>_unit``, and scaled afterwards; the size of the contingents is
    sampled as it is, since nearly every origin has figures of it.

    Returns
    -------
    dict
        Value by parameter name; arrays over origins, regions or knots.
    """
    values: dict[str, Any] = {}
    for parameter in table.of_stage("fit"):
        size = _size(parameter, design)
        if parameter.name == "members":
            values["members"] = numpyro.sample("members", _members(values, design))
        elif parameter.hierarchical:
            unit = numpyro.sample(f"{parameter.name}_unit", _plain("normal", 0.0, 1.0, size))
            scale = values[str(parameter.b).removeprefix("@")]
            values[parameter.name] = unit * scale
        else:
            family = _plain(parameter.distribution, float(parameter.a), float(parameter.b), size)
            values[parameter.name] = numpyro.sample(parameter.name, family)
    return values


def model(table: ParameterTable, design: Design, observations: Observations) -> None:
    """State priors and likelihood of one case as known on its cut-off."""
    values = priors(table, design)
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


def _plain(family: str, a: float, b: float, size: int) -> dist.Distribution:
    shape = (size,) if size else ()
    base: dist.Distribution
    if family == "halfnormal":
        base = dist.HalfNormal(b)
    elif family == "lognormal":
        base = dist.LogNormal(jnp.log(a), b)
    elif family == "share":
        base = dist.TransformedDistribution(
            dist.Normal(jnp.log(a) - jnp.log1p(-a), b), dist.transforms.SigmoidTransform()
        )
    else:
        base = dist.Normal(a, b)
    return base.expand(shape).to_event(1) if size else base
