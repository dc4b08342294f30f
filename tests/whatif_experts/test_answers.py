"""The forecast's and the reference class's answers to the questions of judgements."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.case import load_case
from dispersal.forecast.forecast import Forecast
from dispersal.record.baselines import ReferenceShares
from dispersal.whatif.experts import experts
from dispersal.whatif.experts.answers import (
    PastEndings,
    model_answer,
    place_size,
    reference_answer,
)
from dispersal.whatif.experts.areas import destination
from dispersal.whatif.experts.measured import Outcome, year_of_day
from tests.forecast.synthetic import CUTOFF, make_ensemble, write_tiny

from .rows import claim, judgement

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def forecast(tmp_path_factory: pytest.TempPathFactory) -> Forecast:
    folder: Path = tmp_path_factory.mktemp("tiny")
    return Forecast.of(make_ensemble(load_case(write_tiny(folder))))


FROM, UNTIL = dt.date(2017, 4, 1), dt.date(2018, 6, 1)
BEFORE = dt.date(2016, 7, 1)


def test_people_added_are_the_difference_of_two_days(forecast: Forecast) -> None:
    found = model_answer(
        forecast, claim(low=5, high=50), Outcome(True, "", base_day=FROM, day=UNTIL)
    )
    added = forecast.draws("returned", "TUN", UNTIL) - forecast.draws("returned", "TUN", FROM)
    assert found is not None
    assert found.draws is not None
    assert np.expm1(found.draws) == pytest.approx(np.maximum(added, 0.0))


def test_an_area_is_the_sum_of_its_countries(forecast: Forecast) -> None:
    one = claim(origin="EUR", place="EUR", low=5, high=50)
    found = model_answer(forecast, one, Outcome(True, "", base_day=FROM, day=UNTIL))
    parts = [
        forecast.draws("returned", code, UNTIL) - forecast.draws("returned", code, FROM)
        for code in ("FRA", "BEL")
    ]
    assert found is not None
    assert found.draws is not None
    assert np.expm1(found.draws) == pytest.approx(np.maximum(np.sum(parts, axis=0), 0.0))


def test_chance_of_a_faster_pace(forecast: Forecast) -> None:
    days = Outcome(True, "", truth=True, earlier_day=BEFORE, base_day=FROM, day=UNTIL)
    found = model_answer(forecast, claim(), days)
    counts = [forecast.draws("returned", "TUN", day) for day in (BEFORE, FROM, UNTIL)]
    before = (counts[1] - counts[0]) / (FROM - BEFORE).days
    after = (counts[2] - counts[1]) / (UNTIL - FROM).days
    assert found is not None
    assert found.chance == pytest.approx(((after >= 1.25 * before) & (after * 365.25 >= 1)).mean())


def test_chance_of_an_end_by_a_day_is_that_of_the_end_date(forecast: Forecast) -> None:
    ends = {"quantity": "end_date_of_territory", "origin": "", "place": "SYR"}
    one = claim(**ends, horizon="2018-12-31")
    found = model_answer(forecast, one, Outcome(True, "", truth=True))
    assert found is not None
    assert found.chance == pytest.approx(forecast.end_date().within_period, abs=0.05)
    number = model_answer(forecast, claim(**ends, low=2018.0), Outcome(True, ""))
    middle = forecast.end_date().p50
    assert number is not None
    assert number.draws is not None
    if middle is not None:
        assert float(np.median(number.draws)) == pytest.approx(year_of_day(middle), abs=0.05)
    elsewhere = claim(**(ends | {"place": "IRQ"}), low=2018.0)
    assert model_answer(forecast, elsewhere, Outcome(True, "")) is None


def test_days_outside_the_period_have_no_answer(forecast: Forecast) -> None:
    for base, day in ((dt.date(2015, 1, 1), UNTIL), (FROM, dt.date(2030, 1, 1))):
        days = Outcome(True, "", base_day=base, day=day)
        assert model_answer(forecast, claim(low=5, high=50), days) is None
    unknown = claim(quantity="theatre_strength", origin="", place="LBY")
    assert model_answer(forecast, unknown, Outcome(True, "", base_day=FROM, day=UNTIL)) is None


def test_places_are_counted_since_the_cutoff(forecast: Forecast) -> None:
    libya = place_size(forecast, destination(forecast.case, "LBY"), CUTOFF, UNTIL)
    arrived = forecast.arrived("LBY", UNTIL) - forecast.arrived("LBY", CUTOFF)
    assert libya == pytest.approx(arrived)
    anywhere = place_size(
        forecast, destination(forecast.case, "other_conflict_areas"), CUTOFF, UNTIL
    )
    yemen = forecast.arrived("YEM", UNTIL) - forecast.arrived("YEM", CUTOFF)
    assert anywhere == pytest.approx(arrived + yemen)
    assert place_size(forecast, destination(forecast.case, "PHL"), CUTOFF, UNTIL) is None
    home = place_size(forecast, destination(forecast.case, "TUN", home=True), CUTOFF, UNTIL)
    added = forecast.draws("returned", "TUN", UNTIL) - forecast.draws("returned", "TUN", CUTOFF)
    assert home == pytest.approx(added)


def test_reference_class_says_how_many_are_still_to_come_home(forecast: Forecast) -> None:
    shares = ReferenceShares({"returned": np.array([0.1, 0.2, 0.5])})
    past = PastEndings.of(shares, forecast.case, CUTOFF)
    found = reference_answer(past, claim(low=5, high=50))
    assert found is not None
    assert found.draws is not None
    # 5,999 departed; 799 of them known to be back.
    expected = np.maximum(np.array([0.1, 0.2, 0.5]) * 5999 - 799, 0.0)
    assert np.expm1(found.draws) == pytest.approx(expected, rel=1e-6)
    half = reference_answer(past, claim(high=1000, note="CEILING: all there"))
    assert half is not None
    assert half.chance == pytest.approx(1 / 3)
    assert reference_answer(past, claim()) is None
    assert reference_answer(past, claim(origin="XYZ", low=5, high=50)) is None


def test_later_evidence_scores_all_on_the_same_days(forecast: Forecast, tmp_path: Path) -> None:
    later = load_case(write_tiny(tmp_path))
    row = judgement(origin="FRA", published="2017-02-20", low=10, high=90)
    found = experts(
        forecast,
        replace(later, experts=(row,)),
        reference=ReferenceShares({"returned": np.array([0.3])}),
    )
    (line,) = found.judgements().to_dict("records")
    assert line["outcome"] == "51 more from 2017-02-01 to 2017-12-01"
    assert line["figure_ids"] == ("f3", "later")
    assert (line["outcome_low"], line["outcome_high"]) == (51, 51)
    # 30 % of 999 departed less 249 who are back: 50.7 more.
    assert line["reference"] == pytest.approx(np.log1p(51) - np.log1p(0.3 * 999 - 249), abs=1e-6)
    assert line["model"] > 0
    alone = experts(forecast, reference=ReferenceShares({}))
    assert alone.counts()["judgements"] == 0
