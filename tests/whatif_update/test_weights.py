"""Weights of draws: exact where the answer is known, distrusted where they should be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dispersal.inference.posterior import spread
from dispersal.inference.weights import LARGEST_KHAT, copies_of, side_by_side, weigh
from dispersal.whatif.update.leave import leave_out


def test_a_normal_updated_by_a_figure_has_its_exact_posterior() -> None:
    """N(0, 1) and a figure y = 1 of variance 1/2: mean 2/3, variance 1/3."""
    prior = np.random.default_rng(2).normal(size=20_000)
    found = weigh(-((prior - 1.0) ** 2))
    assert found.khat < LARGEST_KHAT
    # Kish's number of a normal prior and likelihood: n·E[w]²/E[w²], both Gaussian integrals.
    first = np.sqrt(1 / 3) * np.exp(-1 / 3)
    second = np.sqrt(1 / 5) * np.exp(-2 / 5)
    assert found.effective == pytest.approx(20_000 * first**2 / second, rel=0.05)
    error = np.sqrt(1 / 3 / found.effective)
    mean = found.weights @ prior
    assert abs(mean - 2 / 3) < 4 * error
    assert found.weights @ (prior - mean) ** 2 == pytest.approx(1 / 3, rel=0.05)
    drawn = np.repeat(prior, copies_of(found.weights, 1))
    assert abs(drawn.mean() - mean) < 0.5 * error  # resampling adds next to no noise
    assert drawn.var() == pytest.approx(1 / 3, rel=0.05)


def test_a_figure_far_from_all_draws_is_told_by_khat() -> None:
    prior = np.random.default_rng(3).normal(size=4_000)
    found = weigh(-0.5 * ((prior - 6.0) / 0.05) ** 2)
    assert found.khat > LARGEST_KHAT
    assert found.effective < 50


def test_leaving_a_figure_out_brings_back_what_was_before_it() -> None:
    """Two figures 1 and 3 of variance 2 and a prior N(0, 1): without the second the mean is 1/3."""
    rng = np.random.default_rng(4)
    mean = 1.0 + np.sqrt(0.5) * rng.normal(size=8_000)  # the posterior: N((1 + 3)/4, 1/2)
    second = -0.25 * (mean - 3.0) ** 2
    found = leave_out(second[:, None], mean[spread(8_000, 8_000)][:, None], 4)
    assert abs(found.shift[0, 0] - (1.0 - 1 / 3)) < 4 * found.error[0, 0]
    assert found.error[0, 0] < 0.05


@given(hnp.arrays(np.float64, st.integers(1, 60), elements=st.floats(0.0, 1.0)), st.integers(0, 99))
def test_copies_follow_the_weights(
    raw: np.ndarray[tuple[int], np.dtype[np.float64]], seed: int
) -> None:
    weights = (raw + 1e-6) / (raw + 1e-6).sum()
    copies = copies_of(weights, seed)
    assert copies.sum() == weights.size
    assert (np.abs(copies - weights * weights.size) < 1.0 + 1e-6).all()


def test_equal_weights_keep_every_draw_once() -> None:
    found = weigh(np.full(3_600, -123.4))
    assert (copies_of(found.weights, 5) == 1).all()


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30))
def test_copies_stand_side_by_side(marks: list[int]) -> None:
    lined = np.array(marks)[side_by_side(np.array(marks, dtype=float))]
    changes = 1 + int((np.diff(lined) != 0).sum())
    assert changes == len(set(marks))
    assert sorted(lined.tolist()) == sorted(marks)
