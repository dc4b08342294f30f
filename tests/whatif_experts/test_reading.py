"""Judgements as claims: what they say, how surely, and why some say nothing."""

from __future__ import annotations

import csv
import datetime as dt
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

from dispersal.record.baselines.experts import LEVELS, judged_levels
from dispersal.whatif.experts.distributions import distribution, points
from dispersal.whatif.experts.reading import read
from dispersal.whatif.experts.words import SOURCES, meaning, table

from .rows import LAST, built_in, claim, judgement


def test_every_judgement_of_the_case_is_read_or_says_why_not() -> None:
    case = built_in()
    claims = [read(row, case.period.until) for row in case.experts]
    assert {one.kind for one in claims} == {"numeric", "event", "ranking", "none"}
    for one in claims:
        assert (one.kind == "none") == bool(one.reason)
        assert (one.probability is not None) == (one.kind in ("event", "ranking"))
        assert (one.kind == "numeric") == bool(one.scale)
    marks = {"AIM:": "a policy aim", "CURRENT:": "speaks of the present"}
    for mark, reason in marks.items():
        marked = [one for one in claims if mark in one.judgement.note]
        assert marked
        assert all(one.kind == "none" and one.reason.startswith(reason) for one in marked)


def test_a_ceiling_is_not_read_as_a_number() -> None:
    ceilings = [row for row in built_in().experts if "CEILING:" in row.note]
    assert len(ceilings) == 10
    for row in ceilings:
        one = read(row, LAST)
        assert (one.kind, one.proposition) == ("event", "mass")
        assert one.probability is not None
        word = meaning(row.probability_words)
        assert word is not None
        expected = word.probability if row.direction == "up" else 1 - word.probability
        assert one.probability == pytest.approx(expected)


def test_words_of_the_case_are_in_the_table() -> None:
    known = set(table())
    for row in built_in().experts:
        one = read(row, LAST)
        if one.kind in ("event", "ranking"):
            assert row.probability_words in known, row.judgement_id


def test_table_of_words_is_in_order() -> None:
    text = files("dispersal.whatif.experts").joinpath("words.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert len({row["words"] for row in rows}) == len(rows)
    for one in table().values():
        assert 0 < one.low <= one.probability <= one.high < 1
        assert one.source in SOURCES
        assert one.note or one.source != "assumed"
    icd = {(one.term, one.low, one.high) for one in table().values() if one.source == "icd_203"}
    assert icd == {
        ("almost certain", 0.95, 0.99),
        ("very likely", 0.8, 0.95),
        ("likely", 0.55, 0.8),
    }


def test_directions_are_the_two_sides_of_one_event() -> None:
    up = claim(direction="up", probability_words="likely")
    down = claim(direction="down", probability_words="likely")
    assert up.question == down.question
    assert up.probability is not None
    assert down.probability is not None
    assert up.probability + down.probability == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"low": 200, "high": 1000}, (200, 447.6, 1000)),
        ({"low": 100}, (100, 200, 400)),
        ({"high": 400}, (100, 200, 400)),
        ({"mode": 200}, (100, 200, 400)),
        ({"low": 50, "mode": 200, "high": 300}, (50, 200, 300)),
    ],
)
def test_points_of_counts(given: dict[str, Any], expected: tuple[float, ...]) -> None:
    assert np.expm1(points(claim(**given))) == pytest.approx(expected, rel=1e-3)


def test_points_of_days_count_from_the_publication() -> None:
    one = claim(
        quantity="end_date_of_territory", place="IRQ+SYR", origin="", published="2017-01-01",
        low=2018.0,
    )  # fmt: skip
    assert points(one) == pytest.approx((2018.0, 2019.0, 2021.0))


def test_points_agree_with_the_baseline_of_the_record() -> None:
    row = judgement(low=200, high=1000)
    own = points(read(row, LAST))
    at = [int(np.argmin(abs(LEVELS - level))) for level in (0.1, 0.5, 0.9)]
    assert judged_levels(row)[at] == pytest.approx(np.expm1(own), rel=0.25)
    assert judged_levels(row)[at[1]] == pytest.approx(np.expm1(own[1]))


def test_distribution_has_the_quantiles_that_were_said() -> None:
    one = claim(low=200, mode=500, high=1000)
    found = distribution(one)
    assert found.quantile([0.1, 0.5, 0.9]) == pytest.approx(points(one))


def test_horizon_is_the_day_named_or_some_years_after() -> None:
    assert claim(horizon="2018-06-30").until == dt.date(2018, 6, 30)
    assert claim(published="2016-12-01").until == dt.date(2018, 12, 1)
    assert claim(published="2016-12-01", low=5).until == dt.date(2019, 12, 2)


def test_words_that_nobody_declared_make_no_claim() -> None:
    one = claim(probability_words="wishful")
    assert (one.kind, one.reason) == ("none", "no probability is declared for 'wishful'")
