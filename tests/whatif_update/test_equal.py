"""A posterior weighed anew, one fitted from warm chains and one fitted from cold are the same."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from arviz_stats.base import array_stats

from dispersal.inference.extend import design_on
from dispersal.inference.fit import fit
from dispersal.inference.reweigh import reweigh
from dispersal.whatif.update.rows import read_rows
from tests.whatif_update.conftest import USUAL, write_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from dispersal.inference.posterior import Posterior

    Samples = Mapping[str, NDArray[np.float64]]

pytestmark = pytest.mark.slow


def apart(one: Samples, other: Samples) -> NDArray[np.float64]:
    """Return by how many of their Monte Carlo errors the means of parameters differ."""
    found = []
    for name, values in one.items():
        pair = [v[..., None] if v.ndim == 2 else v for v in (values, other[name])]
        for at in range(pair[0].shape[-1]):
            means, errors = [], []
            for draws in pair:
                drawn = draws[..., at]
                size = array_stats.ess(drawn, chain_axis=0, draw_axis=1, method="mean")
                means.append(drawn.mean())
                errors.append(drawn.std() / np.sqrt(float(size)))
            found.append((means[0] - means[1]) / np.hypot(*errors))
    return np.array(found)


def test_three_ways_to_one_posterior(posterior: Posterior, tmp_path: Path) -> None:
    """What differs are some 100 z-scores that are not independent: their mean square is about 1."""
    new = read_rows(posterior.design.case, *write_rows(tmp_path, USUAL))
    cutoff = dt.date(2017, 3, 10)
    design = design_on(new.case, cutoff, posterior.design.months.start)
    weighed = reweigh(posterior, design)
    assert weighed.problems == ()
    warm = fit(new.case, as_known_on=cutoff, seed=8, start=posterior)
    cold = fit(new.case, as_known_on=cutoff, seed=9)
    assert warm.design.months == cold.design.months == design.months
    for one, other in ((weighed.posterior, cold), (warm, cold), (weighed.posterior, warm)):
        scores = apart(one.samples, other.samples)
        assert np.sqrt((scores**2).mean()) < 1.5
        assert np.abs(scores).max() < 5.0
