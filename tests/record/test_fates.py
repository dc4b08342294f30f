from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dispersal.case import Ledger
from dispersal.forecast.forecast import Forecast
from dispersal.metrics import energy_score
from dispersal.record.scores import score
from dispersal.record.summary import skills

from .figures import figure

TOGETHER = {"departed": 1_000.0, "returned": 250.0, "killed": 300.0}


def test_shares_of_one_source_and_day_are_scored_together(forecast: Forecast) -> None:
    rows = [figure(f"f_{name}", name, "FRA", value) for name, value in TOGETHER.items()]
    rows.append(figure("apart", "remaining", "FRA", 400, as_of="2018-02-01"))
    rows.append(figure("other", "detained", "FRA", 40, source="t"))
    rows.append(figure("alone", "departed", "BEL", 400))
    rows.append(figure("pair", "returned", "BEL", 40))
    fates = score(forecast, Ledger(tuple(rows))).fates
    assert fates[["origin", "fates", "departed"]].to_numpy().tolist() == [
        ["FRA", "returned;killed", pytest.approx(1_000.0)]
    ]
    departed, *parts = (
        forecast.draws(name, "FRA", "2018-01-01", "adults", as_published=True) for name in TOGETHER
    )
    shares = np.minimum(np.stack(parts) / np.maximum(departed, 1), 1).T
    expected = energy_score(shares, np.array([0.25, 0.3]))
    assert fates["energy"].tolist() == pytest.approx([float(expected)])
    # No one killed was known: no baseline has the share.
    assert fates["energy_last_else_share"].isna().all()


def test_baselines_are_scored_where_they_speak_of_every_fate(forecast: Forecast) -> None:
    rows = [
        figure("a", "departed", "FRA", 999, as_of="2017-01-01", published="2017-01-02"),
        figure("b", "returned", "FRA", 249, as_of="2017-01-01", published="2017-01-02"),
    ]
    rows += [figure(f"f_{name}", name, "FRA", value) for name, value in TOGETHER.items()]
    known = replace(
        forecast.case,
        ledger=replace(
            forecast.case.ledger,
            figure_rows=(
                *forecast.case.ledger.figure_rows,
                figure("k", "killed", "FRA", 299, as_of="2017-01-01", published="2017-01-02"),
            ),
        ),
    )
    better = Forecast.of(replace(forecast.ensemble, case=known))
    fates = score(better, Ledger(tuple(rows))).fates
    # The last figures are the truth here, so that little more than their spread is left.
    assert fates["energy_last_else_share"].between(0, 0.15, inclusive="neither").all()
    (line,) = skills(fates, (), "energy").query("baseline == 'last_changes'").to_dict("records")
    assert line["rows"] == line["own_rows"] == 1
    expected = 1 - fates["energy"].sum() / fates["energy_last_changes"].sum()
    assert line["skill"] == pytest.approx(expected)
