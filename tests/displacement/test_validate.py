"""Flee's error and the baselines by hand, and a run from folder to tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.displacement import CampError, camp_error, run_flee
from dispersal.displacement.validate import split_by_shares
from tests.displacement.folders import write_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_error_by_hand() -> None:
    data = [[10.0, 30.0], [0.0, 0.0], [20.0, 20.0]]
    forecast = [[20.0, 0.0], [3.0, 0.0], [0.0, 0.0]]
    # Day 0: (10 + 30) / 40; rescaled (40, 0): (30 + 30) / 40. Day 1: 3 / 1; rescaled 0.
    # Day 2: 40 / 40 both.
    error = camp_error(forecast, data)
    assert error.normal == pytest.approx((1 + 3 + 1) / 3)
    assert error.rescaled == pytest.approx((1.5 + 0 + 1) / 3)


def test_a_perfect_forecast_has_no_error() -> None:
    data = np.array([[3.0, 4.0], [0.0, 5.0]])
    assert camp_error(data, data) == CampError(0.0, 0.0)


@pytest.mark.parametrize("shape", [(2, 3), (3,), (0, 2)])
def test_shapes_of_errors(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="expected one"):
        camp_error(np.zeros(shape), np.zeros((2, 2)) if shape[0] else np.zeros(shape))


def test_shares() -> None:
    data = [[6.0, 2.0], [0.0, 4.0]]
    assert split_by_shares([1, 3], data).tolist() == [[2, 6], [1, 3]]
    assert split_by_shares([0, 0], data).tolist() == [[4, 4], [2, 2]]


def test_a_run_from_folder_to_tables(tmp_path: Path) -> None:
    result = run_flee(write_folder(tmp_path / "small"))
    assert result.camps == ("Camp One", "Camp Two", "Shelter")
    assert result.forecast.shape == result.data.shape == (10, 3)
    assert result.data[9].tolist() == [180, 75, 20]
    table = result.by_camp()
    assert table.index.tolist() == list(result.camps)
    assert table.loc["Camp One", "data"] == 180
    days = result.by_day()
    assert len(days) == 30
    assert days["date"].iloc[-1].isoformat() == "2020-01-10T00:00:00"
    assert days["forecast"].iloc[-3:].tolist() == result.forecast[9].tolist()
    assert result.errors.index.tolist() == [
        "flee_rules", "flee_rules_without_capacities", "shares_of_day_30", "shares_of_capacity",
    ]  # fmt: skip
    error = camp_error(result.forecast, result.data)
    assert result.errors.to_numpy()[0].tolist() == [error.rescaled, error.normal]
    # Shorter than 30 days: the shares of the last day are held, 180, 75, 20 of 275.
    shares = np.array([180, 75, 20]) / 275
    held = np.abs(result.data.sum(axis=1)[:, None] * shares - result.data).sum(axis=1)
    expected = (held / result.data.sum(axis=1)).mean()
    assert result.errors.loc["shares_of_day_30", "rescaled"] == pytest.approx(expected)
    by_room = np.array([400, 0, 50]) / 450
    off = np.abs(result.data.sum(axis=1)[:, None] * by_room - result.data).sum(axis=1)
    expected = (off / result.data.sum(axis=1)).mean()
    assert result.errors.loc["shares_of_capacity", "normal"] == pytest.approx(expected)
