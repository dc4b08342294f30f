"""The sampler on targets whose moments are known."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import pytest

from dispersal.errors import InferenceError
from dispersal.inference.chains import CHUNK, Chains, run_chains
from dispersal.inference.diagnostics import diagnose
from dispersal.inference.hierarchy import GLOBALS

COVARIANCE = np.array([[1.0, 1.2], [1.2, 4.0]])


def target() -> None:
    numpyro.sample(GLOBALS, dist.MultivariateNormal(jnp.array([1.0, -2.0]), COVARIANCE))
    numpyro.sample("other", dist.Normal(0.5, 0.3))


@pytest.fixture(scope="module")
def run() -> Chains:
    return run_chains(target, {}, seed=3, chains=4, warmup=300, draws=1000, workers=2)


def test_moments(run: Chains) -> None:
    draws = run.sites[GLOBALS].reshape(-1, 2)
    np.testing.assert_allclose(draws.mean(axis=0), [1.0, -2.0], atol=0.15)
    np.testing.assert_allclose(np.cov(draws.T), COVARIANCE, rtol=0.15, atol=0.1)
    logs = run.sites["other"]
    assert logs.mean() == pytest.approx(0.5, abs=0.03)
    assert logs.std() == pytest.approx(0.3, abs=0.03)


def test_diagnostics_are_content(run: Chains) -> None:
    found = diagnose(run.sites, run.statistics, {GLOBALS: ("a", "b")})
    assert found.problems() == []
    assert set(found.table.index) == {f"{GLOBALS}[a]", f"{GLOBALS}[b]", "other"}


def test_draws_do_not_depend_on_workers(run: Chains) -> None:
    alone = run_chains(target, {}, seed=3, chains=4, warmup=300, draws=1000, workers=1)
    np.testing.assert_array_equal(alone.sites[GLOBALS], run.sites[GLOBALS])
    np.testing.assert_array_equal(alone.statistics["n_steps"], run.statistics["n_steps"])


def test_lengths_are_rounded_up_and_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    short = run_chains(
        target,
        {},
        seed=1,
        chains=3,
        warmup=CHUNK,
        draws=CHUNK + 1,
        progress=lambda done, total: told.append((done, total)),
    )
    assert short.sites["other"].shape == (3, 2 * CHUNK)
    assert told[-1][0] == told[-1][1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_bounded_site_is_refused() -> None:
    def bounded() -> None:
        numpyro.sample("positive", dist.LogNormal(0.5, 0.3))

    with pytest.raises(InferenceError, match="site positive is bounded"):
        run_chains(bounded, {}, seed=1, chains=1, warmup=CHUNK, draws=CHUNK)


def test_looks_come_more_often_from_the_third_block_on() -> None:
    looks: list[int] = []

    def never(raw: Chains) -> bool:
        looks.append(raw.statistics["lp"].shape[1])
        return False

    def standard() -> None:
        numpyro.sample("x", numpyro.distributions.Normal(0.0, 1.0))

    settings: dict[str, Any] = {"seed": 1, "chains": 2, "warmup": 25, "draws": 75, "blocks": 4}
    run = run_chains(standard, {}, enough=never, **settings)
    assert run.statistics["lp"].shape == (2, 300)
    assert looks == [75, 150, 200, 225, 275]  # the last look could change nothing
    whole = run_chains(standard, {}, **settings | {"draws": 300, "blocks": 1})
    np.testing.assert_array_equal(run.sites["x"], whole.sites["x"])
