from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.case import Case, load_case
from dispersal.case.schema import Judgement
from dispersal.record.baselines import Prediction, learn_baselines
from dispersal.record.baselines.experts import LEVELS, judged_levels, usable
from tests.forecast.synthetic import CUTOFF, write_tiny

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2018, 1, 1)


def judgement(name: str, **cells: object) -> Judgement:
    row = {
        "judgement_id": name, "expert": name, "published": "2017-01-01",
        "quantity": "returned_total_additional", "origin": "TUN", "low": 100, "mode": 200,
        "high": 400, "direction": "up", "source": "s1",
    }  # fmt: skip
    return Judgement.model_validate(row | cells)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return load_case(write_tiny(tmp_path))


def pooled(
    case: Case,
    *rows: Judgement,
    quantity: str = "returned",
    origin: str = "TUN",
    day: dt.date = DAY,
) -> Prediction:
    known = replace(case, experts=rows)
    found = learn_baselines(known, CUTOFF)["experts"].predict(quantity, origin, day)
    assert found is not None
    return found


def test_quantiles_of_a_judgement_are_those_it_gives() -> None:
    levels = judged_levels(judgement("a"))
    assert np.interp([0.1, 0.5, 0.9], LEVELS, levels) == pytest.approx([100, 200, 400])
    without = judged_levels(judgement("a", mode=None, low=9, high=999))
    assert np.interp(0.5, LEVELS, without) == pytest.approx(99)
    assert (judged_levels(judgement("a", low=0, mode=10, high=500)) >= 0).all()


def test_additional_people_are_added_to_the_last_figure(case: Case) -> None:
    found = pooled(case, judgement("a"))
    assert found.rule == "experts"
    assert np.expm1(np.median(found.centres)) == pytest.approx(799 + 200)
    assert (found.scales > 0).all()


def test_of_a_horizon_only_the_part_gone_by_counts(case: Case) -> None:
    one = judgement("a", horizon="2019-01-01")
    found = pooled(case, one)
    assert found.centres == pytest.approx(np.log1p(799 + 0.5 * judged_levels(one)))
    later = pooled(case, one, day=dt.date(2020, 1, 1))
    assert later.centres == pytest.approx(np.log1p(799 + judged_levels(one)))


def test_experts_count_equally_and_once_each(case: Case) -> None:
    rows = (
        judgement("a", expert="A", published="2016-01-01", low=1, mode=2, high=3),
        judgement("b", expert="A"),
        judgement("c", expert="B", low=900, mode=1_000, high=1_100),
    )
    centres = np.expm1(pooled(case, *rows).centres)
    expected = [judged_levels(row) + 799 for row in rows[1:]]
    assert centres == pytest.approx(np.concatenate(expected))


def test_a_share_applies_to_those_left(case: Case) -> None:
    """Of 5,999 who departed, 799 are back, and nobody is known to have been killed."""
    row = judgement("a", quantity="share_killed", origin="WLD", low=0.2, mode=0.5, high=0.8)
    found = pooled(case, row, quantity="killed")
    shares = np.clip(judged_levels(row), 0, 1)
    assert np.expm1(found.centres) == pytest.approx((5999 - 799) * shares, rel=1e-9)


def test_without_a_judgement_of_the_row_it_falls_back(case: Case) -> None:
    assert pooled(case, judgement("a"), origin="FRA").rule == "last figure"
    assert pooled(case, judgement("a", origin="EUR")).rule == "last figure"
    assert pooled(case, judgement("a"), quantity="departed").rule == "last figure"
    # A judgement says nothing of days before it.
    assert pooled(case, judgement("a"), day=dt.date(2016, 12, 1)).rule == "last figure"


def test_only_judgements_of_what_will_be_count() -> None:
    rows = (
        judgement("kept"),
        judgement("late", published="2017-03-08"),
        judgement("aim", note="AIM: what is wanted"),
        judgement("ceiling", note="CEILING: nobody else left"),
        judgement("now", note="CURRENT: what is"),
        judgement("open", high=None, mode=None),
        judgement("half", quantity="share_killed", low=0.5, mode=None, high=None),
        judgement("words", quantity="share_killed", low=None, mode=None, high=None),
        judgement("other", quantity="attack_level"),
    )
    assert [row.judgement_id for row in usable(rows, CUTOFF)] == ["half", "kept"]
    (half,) = (row for row in rows if row.judgement_id == "half")
    assert np.interp([0.1, 0.9], LEVELS, judged_levels(half)) == pytest.approx([0.5, 1], abs=0.03)
