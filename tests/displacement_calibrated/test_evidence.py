"""What is known on a day, and that nothing later is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.displacement import forecast_camps, read_flee
from dispersal.displacement.calibrated import known_on
from dispersal.errors import InputError
from tests.displacement_calibrated.conftest import weekly, write_weeks

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.displacement import FleeFolder


def test_published_figures_end_with_the_day(folder: FleeFolder) -> None:
    found = known_on(folder, 30, "published")
    assert found.counts.tolist() == [310, 0, 110]
    assert found.since.tolist() == [28, 28, 28]
    of_one = [(one.first, one.last, one.grown) for one in found.arrivals if one.camp == 0]
    assert of_one == [(0, 7, 70), (7, 14, 90), (14, 21, 90), (21, 28, 60)]


def test_interpolated_figures_reach_the_day(folder: FleeFolder) -> None:
    found = known_on(folder, 30, "interpolated")
    assert found.counts.tolist() == [324, 0, 118]  # 310 + 2/7 of 50, cut to whole people
    assert found.since.tolist() == [30, 30, 30]
    last = [one for one in found.arrivals if one.camp == 0][-1]
    assert (last.first, last.last, last.grown) == (28, 30, 14)


@pytest.mark.parametrize("day", [0, 59, 400])
def test_some_day_must_be_left(folder: FleeFolder, day: int) -> None:
    with pytest.raises(InputError, match=f"{day} days are known, expected 1 to 58"):
        known_on(folder, day)


def test_later_figures_change_no_bit(folder: FleeFolder, tmp_path: Path) -> None:
    changed = write_weeks(
        tmp_path / "weeks",
        one=weekly(0, 70, 160, 250, 310, 9000, 9000, 20, 20),
        two=weekly(0, 0, 0, 0, 0, 800, 800, 800, 800),
    )
    other = read_flee(changed)
    one, two = (
        forecast_camps(each, known="published", total="forecast", draws=20)
        for each in (folder, other)
    )
    assert np.array_equal(one.counts, two.counts)
    peeking = forecast_camps(other, known="interpolated", total="forecast", draws=20)
    assert not np.array_equal(one.counts, peeking.counts)
