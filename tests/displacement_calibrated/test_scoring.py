"""Scores and baselines against sums by hand; the published conflicts where they are at hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.displacement import camp_error, forecast_camps, read_flee, score_camps
from tests.displacement.published import published

if TYPE_CHECKING:
    from dispersal.displacement import FleeFolder


def test_scores_by_hand(folder: FleeFolder) -> None:
    found = forecast_camps(folder, draws=40, known="published")
    score = score_camps(found)
    data = found.data[31:]
    assert score.days == 29
    line = score.errors.loc["dispersal"]
    assert line["rescaled"] == pytest.approx(camp_error(found.median, data).rescaled)
    draws = found.counts.astype(float)
    near = np.abs(draws - data[:, :, None]).mean(axis=2)
    apart = np.abs(draws[:, :, :, None] - draws[:, :, None, :]).mean(axis=(2, 3))
    crps = ((near - apart / 2).sum(axis=1) / data.sum(axis=1)).mean()
    assert line["crps"] == pytest.approx(crps)
    last = np.array([310.0, 0.0, 110.0]) / 420 * data.sum(axis=1)[:, None]
    assert score.errors.loc["last_shares", "normal"] == pytest.approx(camp_error(last, data).normal)
    grown = found.evidence.counts + (data.sum(axis=1) - 420)[:, None] * last[0] / last[0].sum()
    wanted = camp_error(grown, data).rescaled
    assert score.errors.loc["growth_shares", "rescaled"] == pytest.approx(wanted)
    assert set(score.errors.index) == {
        "dispersal", "last_shares", "growth_shares", "equal_shares", "flee_rules",
        "flee_rules_without_capacities", "shares_of_capacity",
    }  # fmt: skip
    low, high = np.quantile(found.counts, [0.1, 0.9], axis=2)
    assert score.coverage[0.8] == pytest.approx(((data >= low) & (data <= high)).mean())


def test_a_sure_and_right_forecast_has_no_error(folder: FleeFolder) -> None:
    found = forecast_camps(folder, draws=5)
    exact = np.repeat(found.data[31:, :, None], 5, axis=2).astype(np.int64)
    score = score_camps(replace(found, counts=exact))
    assert score.errors.to_numpy()[0] == pytest.approx(0.0, abs=1e-12)
    assert set(score.coverage.values()) == set(score.total_coverage.values()) == {1.0}
    assert score.total_crps == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("name", ["mali2012", "burundi2015", "car2013"])
def test_better_than_the_baselines_and_flee(name: str) -> None:
    score = score_camps(forecast_camps(read_flee(published(name)), draws=300))
    error = score.errors["rescaled"]
    for other in ("last_shares", "growth_shares", "equal_shares", "flee_rules_without_capacities"):
        assert error["dispersal"] < error[other], other
