"""Indicators: areas and crossings that are known in closed form."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from dispersal.errors import InputError
from dispersal.whatif.indicators import indicators
from dispersal.whatif.indicators_power import (
    areas_of,
    chance_floor,
    crossing_of,
    power_of,
    weigh_anew,
)
from dispersal.whatif.indicators_row import row_of
from dispersal.whatif.indicators_seen import Seen, seen_ends
from dispersal.whatif.indicators_words import sentence
from dispersal.whatif.information_values import common_noise, values_of
from tests.forecast.synthetic import make_forecast

from .synthetic import decisive_forecast, figure_of

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.forecast.forecast import Forecast

DRAWS = 2_000

#: Standard deviation of what the early observable adds to the late outcome.
NOISE = 0.6

#: Threshold of the outcome, a standard normal.
LIMIT = 0.7

ANEW = weigh_anew(DRAWS, seed=1)

FloatArray = NDArray[np.float64]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Forecast:
    return make_forecast(tmp_path_factory.mktemp("tiny"), draws=200)


def seen_of(centre: FloatArray, scale: float = 0.03) -> Seen:
    values = values_of(figure_of(centre, scale), common_noise(centre.size, seed=1), 100)
    return Seen("remaining:NLD", "national", "remaining (Netherlands)", values)


def outcome_and_observable(seed: int) -> tuple[FloatArray, FloatArray]:
    """Return a standard normal outcome, and an observable around 6 with normal noise."""
    outcome, noise = np.random.default_rng(seed).normal(size=(2, DRAWS))
    return outcome, 6.0 + outcome + NOISE * noise


def exact_area() -> float:
    """Return the area under the ROC curve of the observable for the outcome above its limit."""
    total = np.sqrt(1.0 + NOISE**2)
    grid = np.linspace(-8, 8, 4_001)
    density = norm.pdf(grid / total) / total
    given = norm.sf((LIMIT - grid / total**2) / (NOISE / total))
    with_event, without = density * given, density * (1 - given)
    below = np.cumsum(without) - without / 2
    return float((with_event * below).sum() / with_event.sum() / without.sum())


def test_normal_outcome_agrees_with_the_closed_form() -> None:
    outcome, centre = outcome_and_observable(seed=21)
    event, seen = outcome > LIMIT, seen_of(centre)
    power = power_of(seen, event, ANEW)
    assert power.rising
    assert power.auc == pytest.approx(exact_area(), abs=0.015)
    assert power.low < power.auc < power.high
    assert power.high - power.low < 0.04
    assert areas_of(seen, event[None])[0] == pytest.approx(power.auc, abs=1e-5)
    # Given the observable the outcome is normal around y / (1 + τ²), with s = τ / √(1 + τ²).
    total = 1.0 + NOISE**2
    for level, near in ((0.5, 0.12), (0.8, 0.3)):
        found = crossing_of(seen, event, ANEW, level, rising=True)
        assert found is not None
        exact = 6.0 + total * (LIMIT + norm.ppf(level) * NOISE / np.sqrt(total))
        assert found.value == pytest.approx(exact, abs=near)
        assert found.low < found.value < found.high
        assert found.high - found.low < 2 * near
        assert found.above
        assert found.chance == pytest.approx(norm.sf((exact - 6.0) / np.sqrt(total)), abs=0.05)


def test_an_observable_that_falls_mirrors_one_that_rises() -> None:
    outcome, centre = outcome_and_observable(seed=22)
    event = outcome > LIMIT
    # Reflected around 6, with the errors of figures reflected, too.
    noise = common_noise(DRAWS, seed=1)
    up = seen_of(centre)
    down = Seen("", "national", "", values_of(figure_of(12.0 - centre, 0.03), -noise, 100))
    rising, falling = (power_of(each, event, ANEW) for each in (up, down))
    assert (rising.rising, falling.rising) == (True, False)
    assert falling.auc == pytest.approx(rising.auc, abs=0.003)
    first = crossing_of(up, event, ANEW, 0.5, rising=True)
    second = crossing_of(down, event, ANEW, 0.5, rising=False)
    assert first is not None
    assert second is not None
    assert 12.0 - second.value == pytest.approx(first.value, abs=0.02)
    assert (first.above, second.above) == (True, False)
    assert second.chance == pytest.approx(first.chance, abs=0.02)


def test_a_likely_event_becomes_unlikely_below_the_crossing() -> None:
    outcome, centre = outcome_and_observable(seed=23)
    event, seen = outcome > -LIMIT, seen_of(centre)
    found = crossing_of(seen, event, ANEW, 0.5, rising=True)
    assert found is not None
    assert not found.above
    assert found.value == pytest.approx(6.0 - (1 + NOISE**2) * LIMIT, abs=0.12)
    assert found.chance < 0.5


def test_no_information_has_area_one_half_and_no_crossing() -> None:
    rng = np.random.default_rng(24)
    event = rng.random(DRAWS) < 0.3
    seen = [seen_of(6.0 + rng.normal(size=DRAWS)) for _ in range(30)]
    powers = [power_of(each, event, ANEW) for each in seen]
    assert np.mean([power.auc for power in powers]) < 0.52
    signed = [power.auc - 0.5 if power.rising else 0.5 - power.auc for power in powers]
    assert abs(np.mean(signed)) < 0.01
    crossed = [
        crossing_of(each, event, ANEW, 0.5, rising=power.rising)
        for each, power in zip(seen, powers, strict=True)
    ]
    assert crossed == [None] * 30
    constant = seen_of(np.full(DRAWS, 6.0))
    assert areas_of(constant, event[None])[0] == pytest.approx(0.5, abs=1e-6)


def test_chance_is_told_from_an_observable() -> None:
    outcome, centre = outcome_and_observable(seed=25)
    rng = np.random.default_rng(26)
    event = outcome > LIMIT
    shuffled = np.stack([rng.permutation(event) for _ in range(40)])
    floor = chance_floor(np.stack([areas_of(seen_of(centre), shuffled)] * 5))
    assert 0.5 < floor < 0.56
    assert row_of(seen_of(centre), event, ANEW, floor)["half_value"] is not None
    assert row_of(seen_of(centre), event, ANEW, 0.99)["half_value"] is None


def test_the_end_is_seen_without_error(tiny: Forecast) -> None:
    ensemble = tiny.ensemble
    by = ensemble.months.instant(ensemble.now + 14)
    month, mode = seen_ends(tiny, by)
    over = ensemble.end <= ensemble.months.position(by)
    assert month.labels[-1] == mode.labels[-1] == "not yet"
    assert month.values.chance[-1] == pytest.approx(1 - over.mean())
    assert month.values.chance.sum() == pytest.approx(1.0)
    assert mode.labels[:-1] == ("military defeat", "a negotiated settlement")
    assert month.labels[0] == dt.date.fromisoformat(month.labels[0]).replace(day=1).isoformat()
    anew = weigh_anew(tiny.size, seed=1)
    late = ensemble.end > ensemble.now + 10.5
    row = row_of(month, late, anew, 0.6)
    assert row["auc"] == pytest.approx(1.0, abs=0.05)
    assert row["half_value"] is None
    crossed = ensemble.months.position(dt.date.fromisoformat(str(row["half_label"])))
    assert crossed == pytest.approx(ensemble.now + 10.5, abs=1.0)
    settled = (ensemble.mode == 1) & over
    assert row_of(mode, settled, anew, 0.6)["half_label"] == "a negotiated settlement"
    # Before the end there is nothing to see.
    assert seen_ends(tiny, tiny.cutoff - dt.timedelta(days=200)) == []


def test_indicators_of_a_forecast(tiny: Forecast) -> None:
    found = indicators(tiny)
    assert (found.by, found.at) == (dt.date(2018, 3, 7), tiny.last_day)
    assert [each.name for each in found.cohorts] == ["holdouts", "free_agents", "returnees"]
    returnees = found.cohorts[2]
    home = tiny.draws("returned")
    assert returnees.threshold == pytest.approx(np.quantile(home, 0.75), rel=0.05)
    assert returnees.chance == pytest.approx((home > returnees.threshold).mean())
    table = found.table("returnees")
    assert len(table) == 15 < found.compared
    assert table["auc"].is_monotonic_decreasing
    record = found.record(top=3)
    assert record["kind"] == "indicators"
    assert [len(each["observables"]) for each in record["cohorts"]] == [3, 3, 3]
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert record["cohorts"][2]["sentence"].startswith("The chance of returnees above ")


def test_the_decisive_observable_is_the_best_teller(tmp_path: Path) -> None:
    forecast = decisive_forecast(tmp_path)
    found = indicators(forecast)
    returnees = found.cohorts[2]
    best = found.table("returnees").to_dict("index")["returned:TUN"]
    assert found.table("returnees").index[0] == "returned:TUN"
    # Now and then a country tells its last figure again, which tells nothing.
    assert best["auc"] > 0.9
    # Who is home elsewhere is sure, so that the threshold is one of Tunisia's returnees.
    others = forecast.draws("returned") - forecast.draws("returned", "TUN")
    assert best["half_value"] == pytest.approx(returnees.threshold - others[0], rel=0.05)
    assert best["half_low"] < best["half_value"] < best["half_high"]
    assert 0.5 < returnees.floor < 0.65
    assert "published as returned (Tunisia) for March 2018" in returnees.sentence
    # Holdouts are the same in every draw.
    assert found.cohorts[0].observables.empty


def test_thresholds_are_those_asked_for(tiny: Forecast) -> None:
    found = indicators(tiny, by="2017-12-31", at="2018-06-30", thresholds={"holdouts": 0})
    assert found.cohorts[0].threshold == 0
    assert found.cohorts[0].chance == 1
    assert found.cohorts[0].observables.empty
    assert "too far from one half" in found.cohorts[0].sentence
    assert found.record()["cohorts"][0]["floor"] is None
    assert not found.cohorts[1].observables.empty
    assert {each.threshold for each in indicators(tiny, thresholds=1e9).cohorts} == {1e9}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"thresholds": {"holdout": 3.0}}, "did you mean 'holdouts'"),
        ({"by": "2018-06-30", "at": "2018-05-31"}, "before that of the outcome, 2018-05-31"),
        ({"by": "2017-01-01"}, "expected one from 2017-03-07"),
        ({"by": "2031-01-01"}, "the nearest is 2018-12-31"),
    ],
)
def test_slips_are_told(tiny: Forecast, settings: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        indicators(tiny, **settings)


def test_unknown_cohort_is_told(tiny: Forecast) -> None:
    with pytest.raises(InputError, match="did you mean 'returnees'"):
        indicators(tiny, observables=[]).table("returnee")


BEST = {
    "kind": "national", "words": "remaining (Netherlands)", "auc": 0.71, "half_value": 231.0,
    "half_label": None, "half_above": True, "half_chance": 0.1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "If more than about 230 are published as remaining (Netherlands) for March 2018"),
        ({"half_above": False}, "If fewer than about 230 are published"),
        ({"half_value": 3.0}, "If more than a few are published"),
        ({"half_value": 3.0, "half_above": False}, "If hardly any are published"),
        ({"half_value": 0.2, "half_above": False}, "If none are published"),
        ({"kind": "aggregate"}, "If more than about 230 are counted as"),
        (
            {"kind": "end_month", "half_label": "2017-10-01"},
            "If the last territory is lost in October 2017 or later",
        ),
        (
            {"kind": "end_month", "half_label": "2017-10-01", "half_above": False},
            "If the last territory is lost in October 2017 or earlier",
        ),
        ({"kind": "end_month", "half_label": "not yet"}, "If the last territory is still held"),
        ({"kind": "end_mode", "half_label": "withdrawal"}, "is lost by withdrawal"),
        ({"kind": "end_mode", "half_label": "not yet"}, "is still held in March 2018"),
        ({"half_chance": None}, "takes it past one half; the best teller is remaining"),
    ],
)
def test_sentences(changes: dict[str, Any], expected: str) -> None:
    days = dt.date(2018, 3, 7), dt.date(2020, 12, 31)
    told = sentence("holdouts", 3_000, 0.25, [BEST | changes], *days)
    assert expected in told
    assert told.startswith("The chance of holdouts above 3,000 on 31 December 2020 is 25 %.")
    assert "less likely than not" in sentence("holdouts", 3_000, 0.7, [BEST], *days)
