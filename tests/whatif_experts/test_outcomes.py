"""What became of judgements, by rules that small ledgers show one at a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from dispersal.case.schema import Outcome
from dispersal.whatif.experts.destinations import reached
from dispersal.whatif.experts.outcomes import outcome
from dispersal.whatif.experts.reading import read
from dispersal.whatif.experts.series import Evidence, change

from .rows import aggregate, built_in, case_with, claim, figure

TUNISIA = tuple(
    figure(f"t{at}", "returned", "TUN", count, day)
    for at, (count, day) in enumerate(
        [(500, "2015-01-01"), (800, "2016-12-01"), (1000, "2018-10-31"), (2000, "2025-01-01")]
    )
)


def test_added_is_the_difference_of_two_figures_around_the_days() -> None:
    found = outcome(Evidence(case_with(TUNISIA)), claim(low=50, high=400))
    assert found.known
    assert (found.low, found.high) == (200, 200)
    assert found.figure_ids == ("t1", "t2")
    assert (found.base_day, found.day) == (dt.date(2016, 12, 1), dt.date(2018, 10, 31))


def test_pace_is_compared_before_and_after() -> None:
    evidence = Evidence(case_with(TUNISIA))
    # 300 in 1.92 years before, 200 in 1.91 years after.
    assert outcome(evidence, claim()).truth is False
    faster = (*TUNISIA[:2], figure("t2", "returned", "TUN", 1400, "2018-10-31"))
    assert outcome(Evidence(case_with(faster)), claim()).truth is True


def test_half_of_a_ceiling_or_more() -> None:
    evidence = Evidence(case_with(TUNISIA))
    for ceiling, truth in ((300, True), (1000, False)):
        one = claim(high=ceiling, note="CEILING: all who are there")
        assert outcome(evidence, one).truth is truth


def test_figures_of_before_the_day_or_after_the_horizon_are_no_outcome() -> None:
    evidence = Evidence(case_with(TUNISIA))
    early = claim(low=1, high=9, horizon="2017-06-30")
    assert not outcome(evidence, early).known
    assert not outcome(Evidence(case_with(TUNISIA[:2])), claim(low=1, high=9)).known


def test_misprints_are_not_read() -> None:
    wrong = figure("wrong", "returned", "TUN", 9, "2018-11-30")
    case = case_with((*TUNISIA, wrong))
    rule = (
        built_in()
        .ledger.tag_rules[0]
        .model_copy(
            update={"tag": "misprint", "figure_id": "wrong", "note_contains": "", "quantity": ""}
        )
    )
    case = replace(case, ledger=replace(case.ledger, tag_rules=(rule,)))
    found = outcome(Evidence(case), claim(low=50, high=400))
    assert found.figure_ids[-1] == "t2"


def test_an_area_adds_up_its_countries_if_they_have_half_of_its_departed() -> None:
    rows = [
        *TUNISIA,
        figure("td", "departed", "TUN", 6000, "2016-01-01"),
        figure("ed", "departed", "EGY", 2000, "2016-01-01"),
    ]
    day, until = dt.date(2016, 12, 1), dt.date(2019, 12, 1)
    found = change(Evidence(case_with(tuple(rows))), "returned", "NAF", day, until)
    assert found is not None
    assert found.covered == pytest.approx(0.75)
    assert found.added == pytest.approx((200, 200 / 0.75))
    rows[-1] = figure("ed", "departed", "EGY", 20000, "2016-01-01")
    assert change(Evidence(case_with(tuple(rows))), "returned", "NAF", day, until) is None


def test_days_come_from_outcomes_published_later() -> None:
    row = Outcome(
        outcome_id="o1", quantity="end_date_of_territory", place="IRQ+SYR",
        as_of=dt.date(2019, 3, 23), published=dt.date(2019, 3, 23), source="s",
    )  # fmt: skip
    asked: dict[str, Any] = {
        "quantity": "end_date_of_territory",
        "origin": "",
        "place": "IRQ+SYR",
        "low": 2018.0,
    }
    evidence = Evidence(case_with(outcomes=(row,)))
    found = outcome(evidence, claim(**asked))
    assert found.low == found.high == pytest.approx(2019.222, abs=1e-3)
    after = claim(**asked, published="2019-04-01")
    assert not outcome(evidence, after).known
    elsewhere = claim(**(asked | {"place": "IRQ"}))
    assert not outcome(evidence, elsewhere).known


def strengths(*counts: tuple[float, str]) -> Evidence:
    rows = tuple(
        aggregate(f"a{at}", "strength", "IRQ+SYR", count, count, day)
        for at, (count, day) in enumerate(counts)
    )
    return Evidence(case_with(aggregates=rows))


STRENGTH: dict[str, Any] = {"quantity": "remnant_strength", "origin": "", "place": "IRQ+SYR"}


def test_strengths_rise_fall_or_contradict_each_other() -> None:
    one = claim(**STRENGTH)
    now = (20000, "2016-11-01")
    assert outcome(strengths(now, (30000, "2018-01-01")), one).truth is True
    assert outcome(strengths(now, (12000, "2018-01-01")), one).truth is False
    both = outcome(strengths(now, (1000, "2018-01-01"), (30000, "2018-07-01")), one)
    assert not both.known
    assert "contradict" in both.text
    wide = outcome(strengths(now, (1000, "2016-11-05"), (30000, "2018-07-01")), one)
    assert "fourfold" in wide.text


def test_a_remnant_lives_on_if_it_is_counted_after_the_end() -> None:
    one = claim(**(STRENGTH | {"place": "", "direction": "none"}))
    assert one.proposition == "lives_on"
    assert outcome(strengths((5000, "2018-01-01")), one).truth is True
    assert outcome(strengths((500, "2018-01-01")), one).truth is False
    assert not outcome(strengths((5000, "2016-12-31")), one).known


RANKED = {
    "quantity": "most_likely_destination",
    "origin": "WLD",
    "place": "",
    "direction": "ranking",
}


def test_places_are_reached_by_evidence_of_later_days() -> None:
    rows = (
        aggregate("a1", "arrived", "LBY", 100, 300, "2017-06-01"),
        aggregate("a2", "arrived", "AFG", 100, 300, "2016-06-01"),
    )
    told = Outcome(
        outcome_id="o1", quantity="arrived", place="YEM", low=1,
        as_of=dt.date(2017, 9, 1), published=dt.date(2017, 9, 1), source="s",
    )  # fmt: skip
    evidence = Evidence(case_with(TUNISIA, rows, outcomes=(told,)))
    one = claim(**RANKED, ranking="LBY;AFG;YEM;TUN;XYZ")
    places = {place.name: place for place in reached(evidence, one)}
    assert places["LBY"].reached is True
    assert (places["LBY"].low, places["LBY"].high) == (100, 300)
    assert places["AFG"].reached is None
    assert places["YEM"].reached is True
    assert places["YEM"].size is None
    assert places["XYZ"].kind == "unknown"
    home = claim(**RANKED, ranking="TUN", note="cohort=returnees")
    (tunisia,) = reached(evidence, home)
    assert (tunisia.kind, tunisia.reached, tunisia.size) == ("home", True, 200)
    assert set(tunisia.figure_ids) == {"t1", "t2"}


def test_known_outcomes_of_the_built_in_case() -> None:
    case = built_in()
    evidence = Evidence(case)
    rows = {row.judgement_id: row for row in case.experts}
    days = {"xj_040": "2019-03-23", "xj_041": "2017-12-09", "xj_042": "2017-07-10"}
    for name, day in days.items():
        assert outcome(evidence, read(rows[name], case.period.until)).text == day
    belgium = outcome(evidence, read(rows["xj_118"], case.period.until))
    assert (belgium.low, belgium.high, belgium.truth) == (7, 7, False)
    for row in case.experts:
        one = read(row, case.period.until)
        if one.kind in ("numeric", "event"):
            found = outcome(evidence, one)
            for name in found.figure_ids:
                if name in {each.outcome_id for each in case.outcomes}:
                    continue
                case.ledger.row(name)
            known = {source.key for source in case.ledger.source_rows}
            assert set(found.sources) <= known
