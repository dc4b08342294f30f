from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dispersal.case import Ledger
from dispersal.model.calendar import Months
from dispersal.model.design import make_design
from dispersal.model.pressure import (
    LEAST_SHARE,
    dislodging,
    end_of,
    share_held,
    share_held_after,
    territory_evidence,
)

from .cases import CUTOFF, territory_figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispersal.case import Case

MONTHS = Months(dt.date(2014, 12, 1), 27)
AREA = "control_area_km2"
LOST = "share_territory_lost_percent"
SHARES = st.floats(0.0, 1.0)


def normals(seed: int, count: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal(count)


def test_the_fit_to_the_evidence_by_hand(small: Case) -> None:
    # The peak is 90,000 km² on 2014-12-31. Shares 0.9, 0.95 and 0.5: the first two violate the
    # order, so that isotonic regression gives both their mean.
    ledger = Ledger(
        aggregate_rows=(
            territory_figure(1, "IRQ", AREA, 80_000, 82_000, "2015-06-01"),
            territory_figure(2, "IRQ", LOST, 5, 5, "2015-10-01"),
            territory_figure(3, "IRQ", AREA, 45_000, 45_000, "2016-10-01"),
        )
    )
    assert territory_evidence(small, ledger)["share"].tolist() == pytest.approx([0.9, 0.95, 0.5])
    held = share_held(small, ledger, MONTHS, CUTOFF)
    at = {str(day)[:7]: held[index] for index, day in enumerate(MONTHS.instants())}
    assert at["2014-12"] == 1.0
    assert at["2015-06"] == pytest.approx(0.925)
    assert at["2015-08"] == pytest.approx(0.925)
    assert at["2015-10"] == pytest.approx(0.925)
    assert at["2016-04"] == pytest.approx((0.925 + 0.5) / 2)
    assert at["2016-10"] == at["2017-03"] == pytest.approx(0.5)
    # From the peak to the first figure it is linear in time.
    peak, first = MONTHS.position(dt.date(2014, 12, 31)), 6.0
    share = (3.0 - peak) / (first - peak)
    assert at["2015-03"] == pytest.approx(1.0 - share * 0.075)


def test_figures_of_a_part_of_a_host_or_from_before_the_peak_are_left_out(small: Case) -> None:
    ledger = Ledger(
        aggregate_rows=(
            territory_figure(1, "IRQ-ANBAR", AREA, 1, 1, "2016-01-01"),
            territory_figure(2, "IRQ", AREA, 1, 1, "2014-01-01"),
            territory_figure(3, "IRQ", AREA, 1, 1, "2016-01-01", host="ISIL Libya"),
            territory_figure(4, "IRQ", "strength", 1, 1, "2016-01-01"),
        )
    )
    assert territory_evidence(small, ledger).empty
    assert (share_held(small, ledger, MONTHS, CUTOFF) == 1.0).all()


def test_places_of_the_theatre_may_be_named_in_any_order(small: Case) -> None:
    places = ("IRQ", "SYR", "LBY")
    question = small.question_file
    question = question.model_copy(
        update={"territory": question.territory.model_copy(update={"places": places})}
    )
    case = replace(small, question_file=question)
    for order in ("IRQ+SYR+LBY", "SYR+IRQ+LBY", "LBY+SYR+IRQ"):
        ledger = Ledger(aggregate_rows=(territory_figure(1, order, LOST, 30, 50, "2016-01-01"),))
        assert territory_evidence(case, ledger)["share"].tolist() == pytest.approx([0.6])
    ledger = Ledger(aggregate_rows=(territory_figure(1, "IRQ+SYR", LOST, 30, 50, "2016-01-01"),))
    assert territory_evidence(case, ledger).empty


def test_nothing_held_is_nothing_and_little_is_at_least_the_least(small: Case) -> None:
    for lost, expected in ((100, 0.0), (99.9, LEAST_SHARE)):
        ledger = Ledger(
            aggregate_rows=(territory_figure(1, "IRQ", LOST, lost, lost, "2016-12-01"),)
        )
        assert share_held(small, ledger, MONTHS, CUTOFF)[-1] == expected


def test_the_share_held_never_rises(isis: Case) -> None:
    held = share_held(isis, isis.ledger.as_known_on(CUTOFF), MONTHS, CUTOFF)
    assert (np.diff(held) <= 0).all()
    assert 0.6 < held[-1] < 0.7  # 60,400 of 90,800 km²


def test_what_is_published_later_changes_nothing(small: Case) -> None:
    later = (
        territory_figure(1, "IRQ", AREA, 9_000, 9_000, "2017-02-01", published="2017-03-08"),
        territory_figure(2, "IRQ", LOST, 100, 100, "2018-02-01"),
    )
    ledger = replace(small.ledger, aggregate_rows=(*small.ledger.aggregate_rows, *later))
    question = small.question_file
    judgement = question.end.judgements[-1].model_copy(
        update={"judged_on": dt.date(2017, 3, 8), "p10": dt.date(2025, 1, 1)}
    )
    end = question.end.model_copy(update={"judgements": (*question.end.judgements, judgement)})
    case = replace(small, ledger=ledger, question_file=question.model_copy(update={"end": end}))
    before, after = make_design(small, CUTOFF), make_design(case, CUTOFF)
    assert np.array_equal(before.held, after.held)
    delay = np.full(50, 10.0)
    one, other = (
        end_of(d.case, d.months, CUTOFF, delay, normals(1, len(delay))) for d in (before, after)
    )
    assert np.array_equal(one, other)
    # A day later both count.
    assert make_design(case, dt.date(2017, 3, 8)).held[-1] < before.held[-1]


def test_draws_of_the_end_have_the_quantiles_of_the_judgement(small: Case, isis: Case) -> None:
    for case in (small, isis):
        judgement = case.end.judgement_known_on(CUTOFF)
        assert judgement is not None
        count = 100_000
        end = end_of(case, MONTHS, CUTOFF, np.ones(count), normals(5, count))
        for level, day in ((0.1, judgement.p10), (0.5, judgement.p50), (0.9, judgement.p90)):
            # Three standard errors of a share of draws.
            error = 3 * np.sqrt(level * (1 - level) / count)
            assert (end < MONTHS.position(day)).mean() == pytest.approx(level, abs=error)
        assert (end > MONTHS.position(CUTOFF)).all()


def test_the_latest_judgement_counts(small: Case) -> None:
    early = end_of(small, MONTHS, dt.date(2017, 2, 20), np.ones(4_000), normals(5, 4_000))
    late = end_of(small, MONTHS, CUTOFF, np.ones(4_000), normals(5, 4_000))
    assert np.median(early) == pytest.approx(MONTHS.position(dt.date(2017, 12, 31)), abs=0.5)
    assert np.median(late) == pytest.approx(MONTHS.position(dt.date(2017, 10, 31)), abs=0.5)


def test_without_a_judgement_the_delay_counts_from_the_cutoff(small: Case) -> None:
    day = dt.date(2016, 1, 1)
    delay = np.array([0.5, 12.0, 60.0])
    end = end_of(small, MONTHS, day, delay, normals(1, len(delay)))
    assert end.tolist() == (MONTHS.position(day) + delay).tolist()


@given(
    held=SHARES,
    end=st.floats(-3.0, 60.0),
    shape=st.floats(0.2, 4.0),
)
def test_the_share_held_falls_to_none_at_the_end(held: float, end: float, shape: float) -> None:
    instants = np.arange(0.0, 80.0)
    path = share_held_after(held, 0.0, np.array([end]), np.array([shape]), instants)[0]
    assert path[0] == held
    assert (np.diff(path) <= 0).all()
    assert (path[1:][instants[1:] >= end] == 0).all()
    assert (path[instants < end] <= held).all()
    if held > 0.01:
        assert (path[instants < 0.9 * end] > 0).all()


@given(arrays(np.float64, 12, elements=SHARES))
def test_dislodging_is_finite_and_adds_up(
    shares: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> None:
    held = np.sort(shares)[::-1]
    hazard = dislodging(held)
    assert np.isfinite(hazard).all()
    assert (hazard >= 0).all()
    # However the loss is spread over months, it dislodges as many in all.
    whole = np.log(max(held[0], LEAST_SHARE)) - np.log(max(held[-1], LEAST_SHARE))
    assert hazard.sum() == pytest.approx(whole, abs=1e-9)


def test_growth_dislodges_nobody() -> None:
    assert dislodging(np.array([0.2, 0.4, 0.9])).tolist() == [0.0, 0.0]
