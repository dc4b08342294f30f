"""Who counts as remaining in figures: all who left and are not known to be dead or back."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.forecast.published import MOVED_ON, published_distribution, unaccounted

from .synthetic import make_forecast

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2018, 6, 1)


def test_the_unreported_dead_and_those_who_moved_on(tmp_path: Path) -> None:
    forecast = make_forecast(tmp_path)
    ensemble = forecast.ensemble
    killed = forecast.draws("killed", "TUN", DAY)
    moved = sum(forecast.draws(fate, "TUN", DAY, "adults") for fate in MOVED_ON)
    more = unaccounted(forecast, "TUN", DAY, None)
    assert more == pytest.approx(0.2 * killed + moved)
    # Were every death reported, only those who moved on were added.
    known = dataclasses.replace(ensemble, reported=np.ones(ensemble.size))
    assert unaccounted(
        dataclasses.replace(forecast, ensemble=known), "TUN", DAY, None
    ) == pytest.approx(moved)
    centre, _ = published_distribution(forecast, "remaining", "TUN", DAY)
    true = forecast.draws("remaining", "TUN", DAY)
    bias = np.asarray(ensemble.bias["remaining"][:, ensemble.origins.index("TUN")], float)
    assert np.expm1(centre) == pytest.approx((true + more) * np.exp(bias))
