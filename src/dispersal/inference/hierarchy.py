"""From standard normals to the model's parameters: priors without a funnel or a ridge.

The sampler walks among independent standard normals ("units"); this module turns them into
parameters that have the priors of the table. Two ridges are taken out, both exactly. A deviation
of an origin's hazard and the bias of its national series move the same published number, so that
only their sum is well known; they are sampled as that sum and what it leaves open. And figures fix
how many had joined by their day, not how many ever will: that is what is sampled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
import scipy.special
from numpy.typing import NDArray

if TYPE_CHECKING:
    from dispersal.model.design import Design
    from dispersal.model.parameters import Parameter, ParameterTable

#: The site that holds every scalar.
GLOBALS = "globals_unit"

#: Deviations of hazards, and the biases of the series that show them.
PAIRS = {"home_origin": "bias_returned", "killed_origin": "bias_killed"}

Informed = Mapping[str, NDArray[np.bool_]]


def _maths_for(values: Any) -> tuple[Any, Any]:
    """Return elementary and special functions: JAX compiles each before it works on draws."""
    if isinstance(values, np.ndarray | np.generic):
        return np, scipy.special
    return jnp, jax.scipy.special


def global_parameters(table: ParameterTable) -> list[Parameter]:
    """Return the scalar parameters of the fit, in the order of the site ``GLOBALS``."""
    return [p for p in table.of_stage("fit") if not p.axis]


def from_unit(family: str, a: Any, b: Any, unit: Any) -> Any:
    """Return values from standard normals, so that they have a prior of the table.

    The half-normal takes its quantile at Φ(z), which is smooth in z.

    Parameters
    ----------
    family : {"normal", "lognormal", "share", "halfnormal"}
    a, b : float or array
        As in :class:`dispersal.model.parameters.Parameter`.
    unit : array
        Standard normal.

    Examples
    --------
    >>> round(float(from_unit("lognormal", 2.0, 0.5, jnp.array(1.0))), 3)
    3.297
    """
    maths, special = _maths_for(unit)
    if family == "normal":
        return a + b * unit
    if family == "lognormal":
        return a * maths.exp(b * unit)
    if family == "share":
        return special.expit(maths.log(a) - maths.log1p(-a) + b * unit)
    return b * half_normal(unit)


def half_normal(unit: Any) -> Any:
    """Return the half-normal whose distribution function is Φ(z), for a standard normal z.

    2Φ(x) − 1 = Φ(z), that is x = −Φ⁻¹(Φ(−z)/2).

    Examples
    --------
    >>> round(float(half_normal(jnp.array(0.0))), 4)  # the median of |z|
    0.6745
    """
    _, special = _maths_for(unit)
    return -special.ndtri(special.ndtr(-unit) / 2.0)


def scalars(table: ParameterTable, unit: Any) -> dict[str, Any]:
    """Return every scalar parameter from the site ``GLOBALS``.

    Parameters
    ----------
    unit : float array, shape (..., number of scalars)

    Returns
    -------
    dict of float arrays, shape (...)
    """
    parameters = global_parameters(table)
    values: dict[str, Any] = {}
    for family in ("normal", "lognormal", "share", "halfnormal"):
        at = [i for i, p in enumerate(parameters) if p.distribution == family]
        if not at:
            continue
        a = np.array([float(parameters[i].a) for i in at])
        b = np.array([float(parameters[i].b) for i in at])
        block = from_unit(family, a, b, unit[..., np.array(at)])
        values |= {parameters[i].name: block[..., k] for k, i in enumerate(at)}
    return {p.name: values[p.name] for p in parameters}


def deviations(
    parameters: list[Parameter],
    units: Mapping[str, Any],
    values: Mapping[str, Any],
    informed: Informed,
) -> dict[str, Any]:
    """Return the deviations of hierarchies from their units.

    Parameters
    ----------
    parameters : list of Parameter
        With a prior normal(0, @scale).
    units : mapping of float arrays, shape (..., n)
        Standard normals of every element; elements that nothing informs may hold zeros.
    values : mapping of float arrays, shape (...)
        The scales.
    informed : mapping of bool arrays, shape (n,)
        Which elements the evidence sees: a pair is rotated where it sees both.
    """

    def scale(parameter: Parameter) -> Any:
        return values[str(parameter.b).removeprefix("@")][..., None]

    by_name = {p.name: p for p in parameters}
    found: dict[str, Any] = {}
    for parameter in parameters:
        name = parameter.name
        if name in found:
            continue
        partner = PAIRS.get(name)
        if partner is None:
            found[name] = units[name] * scale(parameter)
            continue
        own, bias = scale(parameter), scale(by_name[partner])
        both = informed[name] & informed[partner]
        a, b = rotated(units[name], units[partner], own, bias)
        maths, _ = _maths_for(a)
        found[name] = maths.where(both, a, units[name] * own)
        found[partner] = maths.where(both, b, units[partner] * bias)
    return found


def log_joined(values: Mapping[str, Any], design: Design, when: NDArray[np.float64]) -> Any:
    """Return the log of the share of each contingent that had joined by some instant.

    Parameters
    ----------
    values : mapping
        ``arrival_middle``, ``arrival_spread``, shape (...), and ``arrival_middle_origin``,
        shape (..., O).
    when : float array, shape (O,)
        Months; 0 is returned for the origins where it is not finite.

    Returns
    -------
    float array, shape (..., O)
    """
    middle = values["arrival_middle"][..., None] + values["arrival_middle_origin"] + design.peak
    known = np.isfinite(when)
    since = np.where(known, when, 0.0) - middle
    maths, _ = _maths_for(since)
    joined = -maths.logaddexp(-since / values["arrival_spread"][..., None], 0.0)
    return maths.where(known, joined, 0.0)


def rotated(first: Any, second: Any, scale_a: Any, scale_b: Any) -> tuple[Any, Any]:
    """Return independent a ~ N(0, σ_a²) and b ~ N(0, σ_b²) from their sum and what it leaves open.

    S = √(σ_a² + σ_b²) · z₁, a = (σ_a²/(σ_a² + σ_b²)) · S + (σ_a σ_b/√(σ_a² + σ_b²)) · z₂ and
    b = S − a: the conditional normal of a given a + b.

    Examples
    --------
    >>> a, b = rotated(jnp.array(1.0), jnp.array(0.0), 3.0, 4.0)
    >>> print(f"{a:.1f} {b:.1f}")
    1.8 3.2
    """
    maths, _ = _maths_for(first)
    both = maths.sqrt(scale_a**2 + scale_b**2)
    total = both * first
    a = scale_a**2 / both**2 * total + scale_a * scale_b / both * second
    return a, total - a
