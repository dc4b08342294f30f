from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dispersal.errors import InferenceError
from dispersal.inference.diagnostics import Diagnostics, diagnose, diagnose_if_done

RNG = np.random.default_rng(5)
SHAPE = (4, 600)


def of(values: np.ndarray, diverging: int = 0, energy: np.ndarray | None = None) -> Diagnostics:
    flags = np.zeros(SHAPE)
    flags.flat[:diverging] = 1
    statistics = {
        "diverging": flags,
        "energy": RNG.normal(size=SHAPE) if energy is None else energy,
        "n_steps": np.full(SHAPE, 7),
    }
    return diagnose({"a": values}, statistics, {})


def test_good_chains_pass() -> None:
    of(RNG.normal(size=SHAPE)).require()


def test_a_chain_elsewhere_fails_loudly() -> None:
    values = RNG.normal(size=SHAPE)
    values[0] += 3.0
    with pytest.raises(InferenceError, match=r"r-hat of a is"):
        of(values).require()


def test_sticky_chains_fail() -> None:
    values = np.repeat(RNG.normal(size=(4, 6)), 100, axis=1)
    assert any("ess_bulk of a" in problem for problem in of(values).problems())


def test_divergences_and_energy_fail() -> None:
    found = of(RNG.normal(size=SHAPE), diverging=13)
    assert found.problems() == ["13 divergent trajectories, expected none"]
    few = of(RNG.normal(size=SHAPE), diverging=2)
    assert few.problems() == []
    assert few.warnings() == ["2 of 2400 trajectories diverged, expected none"]
    walk = np.cumsum(RNG.normal(size=SHAPE), axis=1)
    assert any("BFMI" in problem for problem in of(RNG.normal(size=SHAPE), energy=walk).problems())


def test_summary_holds_the_worst() -> None:
    summary = of(RNG.normal(size=SHAPE)).summary()
    assert summary["divergences"] == 0
    assert summary["steps_mean"] == 7
    assert summary["rhat_max"] < 1.01


def test_a_sample_that_falls_short_is_found_without_looking_at_all_of_it() -> None:
    good = {"a": RNG.normal(size=(*SHAPE, 3)), "b": RNG.normal(size=SHAPE)}
    labels = {"a": ("x", "y", "z")}
    statistics = {name: np.zeros(SHAPE) for name in ("diverging", "n_steps")}
    statistics["energy"] = RNG.normal(size=SHAPE)
    found = diagnose_if_done(good, statistics, labels)
    assert found is not None
    whole = diagnose(good, statistics, labels)
    pd.testing.assert_frame_equal(found.table, whole.table, check_exact=True)
    assert found.summary() == whole.summary()
    moved = good["a"].copy()
    moved[0, :, 2] += 3.0  # one chain of one parameter lies elsewhere
    sticky = np.repeat(RNG.normal(size=(4, 6)), 100, axis=1)
    for bad in (good | {"a": moved}, good | {"b": sticky}):
        assert diagnose_if_done(bad, statistics, labels) is None
        assert diagnose(bad, statistics, labels).problems()
