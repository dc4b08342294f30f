"""National ledgers: shares of all fates, told later, against the forecast's."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from dispersal.model.fates import FATES
from dispersal.record.ledgers import forecast_shares, score_ledgers, told_shares
from dispersal.reference.history import read_history

if TYPE_CHECKING:
    from dispersal.forecast.forecast import Forecast


class Equal:
    """A reference class of equal shares."""

    def shares(self, _mode: str, draws: int, *, seed: int) -> Any:
        assert seed >= 0
        frame = pd.DataFrame(np.full((draws, len(FATES)), 1 / len(FATES)), columns=list(FATES))
        return type("Shares", (), {"draws": frame})()


def test_shares_of_the_forecast_are_of_everyone(forecast: Forecast) -> None:
    shares = forecast_shares(forecast, "TUN", dt.date(2018, 6, 1))
    assert list(shares) == list(FATES)
    assert sum(shares.values()) == pytest.approx(np.ones(forecast.ensemble.size))
    killed = forecast.draws("killed", "TUN", dt.date(2018, 6, 1))
    left = forecast.draws("departed", "TUN", dt.date(2018, 6, 1))
    assert shares["killed"] == pytest.approx(killed * forecast.ensemble.reported / left)


def test_the_dutch_ledger_as_it_was_told() -> None:
    history = read_history()
    rows = [row for row in history.of("isis_nld") if row.published.year == 2019]
    shares = told_shares(history, "isis_nld", rows)
    assert shares["killed"] == pytest.approx(95 / 300, rel=0.02)
    assert shares["home"] == pytest.approx(60 / 300, rel=0.02)
    assert sum(shares.values()) <= 1.0 + 1e-9


def test_only_what_came_after_the_cutoff_is_scored(forecast: Forecast) -> None:
    history = read_history()
    found = score_ledgers(forecast, Equal(), {"isis_bel": "BEL", "isis_nld": "NLD"}, history)  # type: ignore[arg-type]
    # The tiny case has no Dutch origin, and its forecast ends before the later Belgian figures.
    assert found.empty
    later = score_ledgers(forecast, Equal(), {"isis_gbr": "TUN"}, history)  # type: ignore[arg-type]
    assert later["fates"].tolist() == ["killed;home"]
    assert later["home"].tolist() == pytest.approx([0.4], rel=0.01)
    assert (later["energy"] > 0).all()
    low, high = later["home_p2_5"].iloc[0], later["home_p97_5"].iloc[0]
    assert later["home_inside95"].iloc[0] == (low <= later["home"].iloc[0] <= high)
