"""The pool: exact where it can be worked out by hand, calibrated where it is simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.errors import InputError
from dispersal.pooling import Learnt, Pool, Study, load_pool, save_pool
from dispersal.pooling.pool import GRID
from dispersal.pooling.study import regress

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

NAMES = ("killed_pressure", "onward_hazard", "third_country_share")
MODES = ("military_defeat", "negotiated")


def study(
    case: str, mode: str, effect: NDArray[np.float64], surprise: NDArray[np.float64], noise: float
) -> Study:
    figures = tuple(f"{case}_{at}" for at in range(len(surprise)))
    covariance = noise**2 * np.eye(len(surprise))
    return Study(case, mode, NAMES[: len(effect)], figures, effect, surprise, covariance)


def test_one_figure_of_one_parameter_by_hand() -> None:
    """Given s and t, E z' = ρ b r / (b² + σ²) and var z' = 1 − ρ² b² / (b² + σ²), ρ = s + t."""
    b, r, noise = 0.8, 1.5, 0.4
    pool = Pool((study("a", MODES[0], np.array([[b]]), np.array([r]), noise),))
    # One case says nothing of what cases have in common.
    assert pool.variance_shares["weight"].to_numpy() == pytest.approx(1 / len(GRID))
    for modes, shares in (({MODES[0]: 1.0}, (1, 1)), ({MODES[1]: 1.0}, (1, 0))):
        found = pool.learnt(modes)
        likeness = np.array([shares[0] * s + shares[1] * t for s, t in GRID])
        means = likeness * b * r / (b**2 + noise**2)
        variances = 1.0 - likeness**2 * b**2 / (b**2 + noise**2)
        second = (variances + means**2).mean()
        assert found.mean[0] == pytest.approx(means.mean())
        assert found.deviation[0] == pytest.approx(np.sqrt(second - means.mean() ** 2))


def test_a_case_of_the_same_mode_is_told_more() -> None:
    pool = Pool((study("a", MODES[0], np.array([[1.0]]), np.array([0.5]), 0.1),))
    same, other = (pool.learnt({mode: 1.0}) for mode in MODES)
    between = pool.learnt({MODES[0]: 0.5, MODES[1]: 0.5})
    assert same.mean[0] > between.mean[0] > other.mean[0] > 0
    assert same.deviation[0] < other.deviation[0] < 1.0


def test_figures_without_effect_teach_nothing() -> None:
    pool = Pool((study("a", MODES[0], np.zeros((3, 4)), np.full(4, 5.0), 0.3),))
    found = pool.learnt({MODES[0]: 1.0})
    np.testing.assert_allclose(found.mean, 0.0)
    np.testing.assert_allclose(found.deviation, 1.0)


def test_the_order_of_cases_does_not_matter() -> None:
    rng = np.random.default_rng(4)
    studies = tuple(
        study(name, MODES[at % 2], rng.normal(size=(3, 5)), rng.normal(size=5), 0.5)
        for at, name in enumerate("abcd")
    )
    one, other = (
        Pool(order).learnt({MODES[0]: 0.7, MODES[1]: 0.3}) for order in (studies, studies[::-1])
    )
    np.testing.assert_allclose(one.mean, other.mean, rtol=1e-9)
    np.testing.assert_allclose(one.deviation, other.deviation, rtol=1e-9)
    left = Pool(studies).without(["b", "d"])
    assert left.cases == ("a", "c")


def test_what_is_learnt_is_as_uncertain_as_it_says() -> None:
    """Histories of six cases from the model itself: the seventh is where it should be."""
    rng = np.random.default_rng(11)
    scores = []
    for _ in range(60):
        shared, by_mode = GRID[rng.integers(len(GRID))]
        common = rng.standard_normal(2)
        of_mode = {mode: rng.standard_normal(2) for mode in MODES}

        def parameters(mode: str) -> NDArray[np.float64]:
            own = np.sqrt(1.0 - shared - by_mode) * rng.standard_normal(2)  # noqa: B023
            together = np.sqrt(shared) * common + np.sqrt(by_mode) * of_mode[mode]  # noqa: B023
            return np.asarray(together + own)

        studies = []
        for at in range(6):
            mode = MODES[at % 2]
            effect = rng.normal(size=(2, 4))
            told = effect.T @ parameters(mode) + 0.3 * rng.standard_normal(4)
            studies.append(study(str(at), mode, effect, told, 0.3))
        found = Pool(tuple(studies)).learnt({MODES[0]: 1.0})
        scores.append((parameters(MODES[0]) - found.mean) / found.deviation)
    every = np.concatenate(scores)
    # 120 standard scores: the mean within 3 and the variance within 4 standard errors.
    assert abs(every.mean()) < 3 / np.sqrt(every.size)
    assert abs((every**2).mean() - 1.0) < 4 * np.sqrt(2 / every.size)


def test_more_alike_cases_are_found_to_be_alike() -> None:
    rng = np.random.default_rng(5)
    alike, apart = [], []
    for at in range(8):
        effect = np.array([[1.0], [0.0], [0.0]])
        alike.append(study(str(at), MODES[0], effect, np.array([1.0]), 0.1))
        apart.append(study(str(at), MODES[0], effect, rng.normal(size=1), 0.1))
    of_alike, of_apart = Pool(tuple(alike)).variance_shares, Pool(tuple(apart)).variance_shares
    common = [((one["all"] + one["mode"]) * one["weight"]).sum() for one in (of_alike, of_apart)]
    assert common[0] > 0.8 > common[1] + 0.2
    assert of_alike["weight"].sum() == pytest.approx(1.0)


def test_the_regression_finds_effects_and_what_is_left() -> None:
    rng = np.random.default_rng(2)
    z = rng.standard_normal((6_000, 3))
    effect = np.array([[0.4, 0.0], [0.0, -0.7], [0.1, 0.2]])
    noise = rng.multivariate_normal([0, 0], [[0.09, 0.05], [0.05, 0.16]], size=6_000)
    found, middle, covariance = regress(z, np.array([2.0, 5.0]) + z @ effect + noise)
    np.testing.assert_allclose(found, effect, atol=0.03)
    nothing, _, _ = regress(z, noise + 1.0)
    assert (nothing == 0).mean() >= 0.5
    assert np.abs(nothing).max() < 0.02
    np.testing.assert_allclose(middle, [2.0, 5.0], atol=0.03)
    np.testing.assert_allclose(covariance, [[0.10, 0.05], [0.05, 0.17]], atol=0.02)


def test_a_saved_pool_is_read_as_it_was(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    pool = Pool((study("a", MODES[0], rng.normal(size=(3, 5)), rng.normal(size=5), 0.5),))
    file = save_pool(pool, tmp_path / "learnt.npz", {"seed": 1})
    again = load_pool(file).learnt({MODES[0]: 1.0})
    first = pool.learnt({MODES[0]: 1.0})
    np.testing.assert_array_equal(again.mean, first.mean)
    assert again.cases == ("a",)
    with pytest.raises(InputError, match="found a file, expected a new name"):
        save_pool(pool, file, {})
    broken = tmp_path / "broken.npz"
    broken.write_bytes(file.read_bytes()[:200])
    for wrong, message in ((broken, "dispersal learn"), (tmp_path / "none.npz", "found no file")):
        with pytest.raises(InputError, match=message):
            load_pool(wrong)


def test_what_cannot_be_pooled_is_said() -> None:
    one = study("a", MODES[0], np.zeros((3, 1)), np.zeros(1), 1.0)
    fewer = study("b", MODES[0], np.zeros((2, 1)), np.zeros(1), 1.0)
    with pytest.raises(InputError, match="no case to learn from"):
        Pool(())
    with pytest.raises(InputError, match="different parameters"):
        Pool((one, fewer))
    with pytest.raises(InputError, match="did you mean 'farc_2016'"):
        Pool((one, study("farc_2016", MODES[1], np.zeros((3, 1)), np.zeros(1), 1.0))).without(
            ["farc_2017"]
        )


def test_parameters_that_moved_most_come_first() -> None:
    found = Learnt(NAMES, np.array([0.1, -2.0, 0.0]), np.array([0.9, 0.5, 1.0]), ("a",))
    table = found.table()
    assert list(table.index) == ["onward_hazard", "killed_pressure", "third_country_share"]
    assert table["information"].iloc[-1] == pytest.approx(0.0)
