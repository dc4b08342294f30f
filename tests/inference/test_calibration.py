"""Calibration passes a posterior that is right, and finds out others that are not."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import pandas as pd
import pytest
from numpyro import handlers
from scipy import stats

from dispersal.case import load_case
from dispersal.case.subset import case_of_origins
from dispersal.errors import InputError
from dispersal.inference.calibrate import RETURNED, calibrate, study_of
from dispersal.inference.calibration import Calibration, calibrate_study
from dispersal.inference.evidence import make_log_likelihood
from dispersal.inference.observation import Observations, observe
from dispersal.inference.prediction import predicted
from dispersal.inference.program import model, scales
from dispersal.inference.replicate import JOINT, RANKED, Study, rank_among
from dispersal.inference.simulate import rows_drawn
from dispersal.inference.uniformity import holm, power_of_test, smooth_test
from dispersal.model.design import Design, make_design
from dispersal.model.parameters import case_table, table
from dispersal.model.trajectory import trajectories
from tests.model.drawn import prior_values

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dispersal.case import Case

#: Deviation of the data of the toy around its parameters.
NOISE = 0.5


def toy(noise: float) -> Study:
    """Return two standard normals seen with noise, and a program that takes it for another."""

    def program(seen: Any) -> None:
        values = numpyro.sample("unit", dist.Normal(0.0, 1.0).expand((2,)).to_event(1))
        numpyro.sample("seen", dist.Normal(values, noise).to_event(1), obs=seen)

    def simulate(number: int) -> tuple[dict[str, Any], tuple[Any, ...]]:
        rng = np.random.default_rng([7, number])
        unit = rng.standard_normal(2)
        return {"unit": unit}, (unit + NOISE * rng.standard_normal(2),)

    def quantities(sites: Mapping[str, Any], seed: int) -> dict[str, Any]:
        unit = sites["unit"]
        return {"first": unit[..., 0], "sum": unit.sum(axis=-1)}

    return Study(program, simulate, lambda _data: {}, quantities)


@cache
def run_of(noise: float, workers: int = 2, replications: int = 150) -> Calibration:
    return calibrate_study(
        toy(noise), replications=replications, warmup=75, draws=75, workers=workers
    )


def test_right_posterior_has_uniform_ranks() -> None:
    found = run_of(NOISE)
    assert found.rejected == []
    assert found.table["p"].min() > 0.01
    assert set(found.ranks) == {"first", "sum", JOINT}
    assert found.ess.to_numpy().min() > RANKED


@pytest.mark.parametrize(("noise", "seen_by"), [(0.33, "sum"), (1.2, JOINT)])
def test_wrong_posterior_is_found_out(noise: float, seen_by: str) -> None:
    """Too narrow, truths lie outside more often; too wide, less."""
    found = run_of(noise)
    assert seen_by in found.rejected
    outside = ((found.ranks["sum"] < 3) | (found.ranks["sum"] > RANKED - 3)).mean()
    assert (outside > 6 / (RANKED + 1)) == (noise < NOISE)


def test_ranks_do_not_depend_on_workers() -> None:
    few = run_of(NOISE, workers=1, replications=5)
    pd.testing.assert_frame_equal(few.ranks, run_of(NOISE).ranks.iloc[:5])


def test_record_and_files_say_the_same(tmp_path: Path) -> None:
    found = run_of(NOISE)
    record = found.record()
    assert record["replications"] == 150
    assert record["worst"] == found.table.index[0]
    assert record["p_worst"] == found.table["p"].min()
    folder = found.save(tmp_path / "sbc")
    read = pd.read_csv(folder / "table.csv", index_col="quantity")
    pd.testing.assert_frame_equal(read, found.table)
    ranks = pd.read_csv(folder / "ranks.csv", index_col="replication")
    assert ranks.shape == (150, 3)
    assert {file.name for file in folder.iterdir()} == {
        "ranks.csv", "ess.csv", "runs.csv", "table.csv", "power.csv",
    }  # fmt: skip


def test_too_little_to_rank_is_refused() -> None:
    with pytest.raises(InputError, match="63 draws or more in all chains"):
        calibrate_study(toy(NOISE), chains=1, draws=50)


def test_rank_is_the_number_of_draws_below() -> None:
    draws = np.arange(10.0 * RANKED)
    assert rank_among(-1.0, draws) == 0
    assert rank_among(1e4, draws) == RANKED
    assert rank_among(5 * RANKED, draws) in (RANKED // 2, RANKED // 2 + 1)


def test_test_has_its_level_and_its_power() -> None:
    found = power_of_test(200, RANKED, 50, trials=4000)
    alone = dict(zip(found.index, found["alone"].to_numpy(), strict=True))
    assert alone["as it should be"] == pytest.approx(0.01, abs=0.006)
    assert alone["25 % too narrow"] > 0.9
    assert alone["shifted by a third of a deviation"] > 0.8
    assert (found["corrected"] <= found["alone"]).all()


def test_p_values_are_uniform_under_uniform_ranks() -> None:
    ranks = np.random.default_rng(3).integers(RANKED + 1, size=(200, 2000))
    _, p = smooth_test(ranks, RANKED)
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_correction_is_that_of_holm() -> None:
    p = np.array([0.02, 0.001, 0.5, 0.04])
    assert holm(p) == pytest.approx([0.06, 0.004, 0.5, 0.08])


@cache
def reduced() -> Case:
    return case_of_origins(load_case("isis_2017"), ["BEL", "FRA", "TUN", "SYR"], ["i17_103"])


@cache
def known() -> tuple[Design, Observations]:
    case = reduced()
    design = make_design(case, case.asked_on)
    return design, observe(design)


@cache
def study_of_the_reduced_case() -> Study:
    """Return it compiled once for several tests."""
    return study_of(reduced(), seed=1)


def test_replaced_rows_are_those_of_other_observations() -> None:
    design, observations = known()
    values = {name: value[0] for name, value in prior_values(design, 1, 5).items()}
    rng = np.random.default_rng(2)
    value = observations.value + rng.standard_normal(observations.value.size)
    side = np.where(observations.side == 0, 0, -observations.side)
    other = dataclasses.replace(observations, value=value, side=side)
    replaced = make_log_likelihood(design, observations)(values, value, side)
    assert float(replaced) == pytest.approx(float(make_log_likelihood(design, other)(values)))


def test_rows_are_drawn_around_what_the_model_has() -> None:
    """Exact rows spread like a Student-t, bounds fall on their sides as a normal does."""
    _, observations = known()
    size = observations.value.size
    side = observations.side.copy()
    side[:3] = 1
    observations = dataclasses.replace(observations, side=side)
    exact = side == 0
    middle, scale = np.linspace(2, 8, size), np.linspace(0.1, 0.6, size)
    middle[:3] = observations.value[:3] + scale[:3] * np.array([-1.0, 0.0, 1.5])
    rng = np.random.default_rng(1)
    drawn = [rows_drawn(observations, middle, scale, rng) for _ in range(4000)]
    values, sides = np.stack([value for value, _ in drawn]), np.stack([at for _, at in drawn])
    residuals = (values[:, exact] - middle[exact]) / scale[exact]
    assert residuals.mean() == pytest.approx(0.0, abs=0.02)
    assert stats.kstest(residuals[:, 0], stats.t(4).cdf).pvalue > 0.001
    assert (values[:, ~exact] == observations.value[~exact]).all()
    assert (sides[:, exact] == 0).all()
    above = stats.norm.cdf([-1.0, 0.0, 1.5])
    np.testing.assert_allclose((sides[:, :3] == 1).mean(axis=0), above, atol=0.03)


def test_simulated_evidence_follows_from_its_parameters() -> None:
    """Exact rows lie around what their own sites predict, as far as the model says they do."""
    design, observations = known()
    priors, simulate = table(), study_of_the_reduced_case().simulate
    np.testing.assert_array_equal(simulate(3)[1][0], simulate(3)[1][0])
    assert not np.array_equal(simulate(3)[1][0], simulate(4)[1][0])

    @jax.jit
    def expected(sites: Mapping[str, Any]) -> tuple[Any, Any]:
        found: list[Any] = []

        def keep(values: Mapping[str, Any]) -> Any:
            count, bias = predicted(observations, values, design, trajectories(values, design))
            found.extend(
                (jnp.log1p(count * jnp.exp(bias)), scales(dict(values), observations, count))
            )
            return jnp.zeros(())

        with handlers.substitute(data=sites):
            model(priors, design, observations, keep)
        return found[0], found[1]

    exact = observations.side == 0
    residuals = []
    for number in range(40):
        sites, (value, _) = simulate(number)
        middle, scale = (np.asarray(part) for part in expected(sites))
        residuals.append(((value - middle) / scale)[exact])
    together = np.concatenate(residuals)
    assert together.size > 1000
    assert stats.kstest(together, stats.t(4).cdf).pvalue > 0.001


def test_chains_start_at_finite_values() -> None:
    """Simulated values may be far below nobody, which no published figure is."""
    size = known()[1].value.size
    start = study_of_the_reduced_case().start((np.full(size, -50.0), np.zeros(size)))
    assert np.isfinite(start["members_seen"]).all()


def test_three_replications_of_a_reduced_case(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    study = study_of_the_reduced_case()
    monkeypatch.setattr("dispersal.inference.calibrate.study_of", lambda *_, **__: study)
    told: list[tuple[int, int]] = []
    found = calibrate(
        reduced(),
        replications=3,
        warmup=25,
        draws=50,
        blocks=1,
        workers=2,
        progress=lambda done, total: told.append((done, total)),
    )
    assert sorted(told) == [(1, 3), (2, 3), (3, 3)]
    # Batches that are kept give the same, and the second time nothing is run.
    asked: dict[str, Any] = {
        "replications": 3,
        "warmup": 25,
        "draws": 50,
        "blocks": 1,
        "batches": tmp_path,
    }
    first = calibrate(reduced(), workers=1, **asked)
    monkeypatch.setattr("dispersal.inference.calibrate.study_of", None)
    for again in (first, calibrate(reduced(), **asked)):
        for name in ("ranks", "ess", "runs", "table"):
            pd.testing.assert_frame_equal(getattr(again, name), getattr(found, name))
        settings = {**again.settings, "seconds": found.settings["seconds"]}
        assert settings == found.settings
    scalars = {p.name for p in case_table(reduced()).of_stage("fit") if not p.axis}
    named = {RETURNED, JOINT, "members[BEL]", "home_origin[BEL]", "bias_killed[BEL]"}
    assert scalars | named <= set(found.ranks)
    assert found.ranks.shape == (3, len(found.table))
    assert found.ranks.to_numpy().min() >= 0
    assert found.ranks.to_numpy().max() <= RANKED
    assert found.table["p"].between(0, 1).all()
    assert (found.runs["draws"] == 100).all()
