"""Tables of past endings: what is refused and how, and what was known on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dispersal.errors import CaseError, InputError
from dispersal.model.fates import FATES
from dispersal.reference.history import read_history
from dispersal.reference.vocabulary import OUTCOMES
from tests.reference.simulated import cases_table, outcome_rows

if TYPE_CHECKING:
    from pathlib import Path


def test_every_outcome_is_a_fate_for_a_reason() -> None:
    assert {meaning.fate for meaning in OUTCOMES.values()} == set(FATES)
    assert all(meaning.reason for meaning in OUTCOMES.values())


def test_every_built_in_figure_and_case_has_its_source() -> None:
    history = read_history()
    known = {source.key for source in history.sources}
    assert {row.source for row in history.outcomes} <= known
    assert {ending.source for ending in history.endings} <= known


def test_a_path_is_read_with_the_cases_beside_it(tmp_path: Path) -> None:
    outcome_rows(("case_01", "killed", 10, 20)).to_csv(tmp_path / "outcomes.csv", index=False)
    cases_table(3).to_csv(tmp_path / "cases.csv", index=False)
    history = read_history(tmp_path / "outcomes.csv")
    assert history.names == ("case_01",)
    assert history.of("case_01")[0].high == 20


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"outcome": "kiled"}, "outcomes.csv, row 2, column outcome: found 'kiled', expected"),
        ({"outcome": "kiled"}, "did you mean 'killed'?"),
        ({"case_id": "case_0"}, "row 2, column case_id: found 'case_0', expected a case of cases"),
        ({"case_id": "casse_01"}, "did you mean 'case_01'?"),
        ({"low": 30, "high": 20}, "column high: found '20', expected 30 (low) or more"),
        ({"low": None, "high": None}, "column low: found '', expected a number in low"),
        ({"unit": "fraction"}, "column low: found '10', expected a number from 0 to 1"),
        ({"unit": "percent"}, "column unit: found 'percent', expected persons or fraction"),
        ({"published": "2001"}, "column published: found '2001', expected a day as YYYY-MM-DD"),
        ({"colour": "red"}, "found 'colour', expected one of the columns case_id"),
        ({"low": -1}, "column low: found '-1', expected a number of 0 or more"),
    ],
)
def test_faults_name_row_column_and_what_is_expected(change: dict[str, Any], message: str) -> None:
    rows = outcome_rows(("case_00", "killed", 10, 20)).assign(**change)
    with pytest.raises(CaseError) as caught:
        read_history(rows, cases_table(2))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"end_mode": "defeat"}, "cases.csv, row 2, column end_mode: found 'defeat', expected"),
        (
            {"case_id": "case_00"},
            "cases.csv, row 3, column case_id: found 'case_00', expected each",
        ),
        ({"members_low": 2_000}, "column members_high: found '1000', expected 2000 (members_low)"),
    ],
)
def test_faults_of_cases_are_told(change: dict[str, Any], message: str) -> None:
    rows = outcome_rows(("case_00", "killed", 10, 20))
    with pytest.raises(CaseError) as caught:
        read_history(rows, cases_table(2).assign(**change))
    assert message in str(caught.value)


def test_what_came_later_is_not_known() -> None:
    day = "2017-03-07"
    known = read_history().as_known_on(day)
    assert max(row.published.isoformat() for row in known.outcomes) <= day
    assert max(source.published.isoformat() for source in known.sources) <= day
    assert all(str(ending.end_date) <= day for ending in known.endings)
    # The size of this one was published in 2020, its mode and figures before.
    assert "mali_2013" not in known.names
    assert known.left_out["mali_2013"] == "nothing was published by the cut-off"
    # This one's size was published in 2018 only.
    assert known.ending("bosnia_1995").foreign_low is None


def test_a_later_row_changes_nothing_before() -> None:
    rows = outcome_rows(("case_00", "killed", 10, 20), ("case_01", "killed", 10, 20))
    later = outcome_rows(("case_00", "home", 500, 500), published="2003-01-01")
    cases = cases_table(4)
    before = read_history(rows, cases).as_known_on("2002-06-01")
    after = read_history(later.merge(rows, how="outer"), cases).as_known_on("2002-06-01")
    assert before.outcomes == after.outcomes
    assert before.endings == after.endings
    assert len(read_history(later.merge(rows, how="outer"), cases).outcomes) == 3


def test_cases_are_left_out_by_name() -> None:
    history = read_history().without(("isis_nld", "farc_2017"))
    assert not {"isis_nld", "farc_2017"} & set(history.names)
    assert not {"isis_nld", "farc_2017"} & {row.case_id for row in history.outcomes}
    with pytest.raises(InputError, match="did you mean 'isis_nld'"):
        read_history().without("isis_nlt")
