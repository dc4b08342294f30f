"""Flee's own published conflicts, where a copy is at hand."""

from __future__ import annotations

import numpy as np
import pytest

from dispersal.displacement import read_flee, score_flee

from .published import AT_HAND, DATA, published

#: Locations, routes, days, camps, and what no model can change: the errors of the baselines.
KNOWN = {
    "mali2012": ((23, 35, 300, 7), 0.376, 0.168),
    "burundi2015": ((30, 41, 396, 5), 0.342, 0.337),
    "car2013": ((63, 86, 820, 14), 0.892, 0.373),
}

#: Error of Flee 3.1 itself, rescaled and normal, means of two runs with its own settings.
FLEE = {"mali2012": (0.310, 0.356), "burundi2015": (0.537, 0.585), "car2013": (0.441, 0.336)}


def folders() -> list[str]:
    """Return every folder that looks like a conflict of Flee, known or not."""
    if not AT_HAND:
        return list(KNOWN)
    return sorted(path.parent.name for path in DATA.glob("*/input_csv"))


@pytest.mark.parametrize("name", folders())
def test_read_unchanged_run_and_scored(name: str) -> None:
    result = score_flee(read_flee(published(name)))
    mean = result.mean
    everyone = mean.start.sum() + np.cumsum(mean.fled.sum(axis=1))
    here = mean.at_places.sum(axis=1) + mean.on_roads
    np.testing.assert_allclose(here, everyone, rtol=1e-11)
    assert ((result.errors >= 0) & np.isfinite(result.errors)).all(axis=None)
    assert (result.errors["rescaled"] <= 2).all()


@pytest.mark.parametrize("name", KNOWN)
def test_sizes_and_baselines_are_known(name: str) -> None:
    result = score_flee(read_flee(published(name)))
    sizes, held, by_capacity = KNOWN[name]
    folder = result.folder
    found = (len(folder.locations), len(folder.routes), folder.figures.days, len(folder.camps))
    assert found == sizes
    assert result.errors.loc["shares_of_day_30", "rescaled"] == pytest.approx(held, abs=6e-4)
    assert result.errors.loc["shares_of_capacity", "rescaled"] == pytest.approx(
        by_capacity, abs=6e-4
    )


@pytest.mark.parametrize("name", FLEE)
def test_errors_are_those_of_flee(name: str) -> None:
    result = score_flee(read_flee(published(name), second_name="ignored"))
    found = result.errors.to_numpy()[0].tolist()
    assert found == pytest.approx(FLEE[name], abs=0.01)
