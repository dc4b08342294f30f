"""Means agree with those of Flee itself on a conflict of the project's own.

``flee_means.csv`` has the mean and standard error of 40 runs of Flee 3.1 (from PyPI, seeds 0 to 39,
one agent a person, arrivals from the sum over camps) on what ``peer_folder`` writes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dispersal.displacement import flee_mean, read_flee
from tests.displacement.peer import VARIANTS, peer_folder

FLEE = pd.read_csv(Path(__file__).parent / "flee_means.csv")

#: Least standard error: that of 40 runs is no guide where hardly anyone is.
LEAST = 0.3


@pytest.mark.parametrize("variant", VARIANTS)
def test_means_are_those_of_flee(tmp_path: Path, variant: str) -> None:
    mean = flee_mean(read_flee(peer_folder(tmp_path, variant)))
    flee = FLEE[FLEE["variant"] == variant]
    assert len(flee) == 64
    ours = np.array(
        [
            mean.at(str(place))[int(day)]
            for day, place in zip(flee["day"], flee["place"], strict=True)
        ]
    )
    error = np.maximum(flee["standard_error"].to_numpy(), LEAST)
    off = (ours - flee["mean"].to_numpy()) / error
    # 64 figures, many of them of the same people: about 1 as a root mean square, and none beyond 4.
    assert np.sqrt((off**2).mean()) < 1.3
    assert np.abs(off).max() < 4


def test_the_rules_differ_enough_to_be_told_apart() -> None:
    wide = FLEE.pivot_table("mean", ["day", "place"], "variant")
    error = FLEE.pivot_table("standard_error", ["day", "place"], "variant").max(axis=1)
    base = wide["one_road_ahead"]
    for variant in set(VARIANTS) - {"one_road_ahead"}:
        off = np.abs((wide[variant] - base).to_numpy()) / np.maximum(error.to_numpy(), LEAST)
        assert off.max() > 10, variant
