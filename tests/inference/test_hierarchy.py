from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from dispersal.inference.hierarchy import (
    PAIRS,
    deviations,
    from_unit,
    global_parameters,
    half_normal,
    rotated,
    scalars,
)
from dispersal.model.parameters import table

UNITS = np.linspace(-3.0, 3.0, 13)


def test_half_normal_has_its_quantiles() -> None:
    expected = stats.halfnorm.ppf(stats.norm.cdf(UNITS))
    np.testing.assert_allclose(half_normal(jnp.asarray(UNITS)), expected, rtol=1e-10)


@pytest.mark.parametrize(
    ("family", "a", "b", "reference"),
    [
        ("normal", 2.0, 3.0, stats.norm(2.0, 3.0)),
        ("lognormal", 2.0, 0.5, stats.lognorm(0.5, scale=2.0)),
        ("halfnormal", 0.0, 2.0, stats.halfnorm(scale=2.0)),
    ],
)
def test_units_become_the_prior(family: str, a: float, b: float, reference: object) -> None:
    found = from_unit(family, a, b, jnp.asarray(UNITS))
    expected = reference.ppf(stats.norm.cdf(UNITS))  # type: ignore[attr-defined]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_share_is_normal_on_the_logit() -> None:
    found = np.asarray(from_unit("share", 0.2, 0.7, jnp.asarray(UNITS)))
    np.testing.assert_allclose(np.log(found / (1 - found)), np.log(0.25) + 0.7 * UNITS, rtol=1e-9)


def test_scalars_at_zero_are_the_medians_of_the_table() -> None:
    found = scalars(table(), jnp.zeros(len(global_parameters(table()))))
    assert list(found) == [p.name for p in global_parameters(table())]
    for name, value in found.items():
        assert float(value) == pytest.approx(table()[name].median, rel=1e-9, abs=1e-12)


def test_rotation_keeps_both_priors_independent() -> None:
    rng = np.random.default_rng(1)
    z = rng.standard_normal((2, 200_000))
    a, b = (np.asarray(part) for part in rotated(jnp.asarray(z[0]), jnp.asarray(z[1]), 0.4, 0.9))
    covariance = np.cov(a, b)
    np.testing.assert_allclose(covariance, [[0.16, 0.0], [0.0, 0.81]], atol=0.01)
    np.testing.assert_allclose(a + b, np.sqrt(0.16 + 0.81) * z[0], rtol=1e-9)


def test_only_origins_seen_by_both_are_rotated() -> None:
    pair = [table()["home_origin"], table()[PAIRS["home_origin"]]]
    units = {"home_origin": jnp.array([1.0, 1.0]), "bias_returned": jnp.array([0.5, 0.5])}
    values = {"home_origin_sd": jnp.array(2.0), "bias_returned_sd": jnp.array(3.0)}
    informed = {"home_origin": np.array([True, True]), "bias_returned": np.array([True, False])}
    found = deviations(pair, units, values, informed)
    a, b = rotated(jnp.array(1.0), jnp.array(0.5), 2.0, 3.0)
    np.testing.assert_allclose(found["home_origin"], [a, 2.0])
    np.testing.assert_allclose(found["bias_returned"], [b, 1.5])
