"""New rows: added to the case as they are, or refused with file, row, column and nearest name."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from dispersal.case.schema import Aggregate
from dispersal.errors import CaseError
from dispersal.inference.extend import design_on
from dispersal.whatif.update.rows import read_rows, without_effect
from tests.whatif_update.conftest import HEADER, USUAL, write_rows

if TYPE_CHECKING:
    from pathlib import Path

    from dispersal.case import Case

AGGREGATES = "figure_id,quantity,place,host,low,high,qualifier,as_of,published,source,note\n"


def known(three: Case) -> Case:
    return three.as_known_on("2017-03-07")


def faults(three: Case, folder: Path, *rows: str, header: str = HEADER) -> str:
    file, sources = write_rows(folder, *rows, header=header)
    with pytest.raises(CaseError) as error:
        read_rows(known(three), file, sources)
    return str(error.value)


def test_rows_are_added_behind_those_of_the_case(three: Case, tmp_path: Path) -> None:
    case = known(three)
    new = read_rows(case, *write_rows(tmp_path, USUAL))
    assert new.ids == ("new1",)
    assert new.latest == dt.date(2017, 3, 10)
    assert new.case.ledger.figure_rows[:-1] == case.ledger.figure_rows
    assert new.case.ledger.figure_rows[-1].figure_id == "new1"
    assert new.case.ledger.source("office_2017").title == "A new figure"
    assert new.case.known_on is None
    assert "new1" in set(new.case.as_known_on("2017-03-10").ledger.figures["figure_id"])


def test_a_file_with_places_holds_aggregates(three: Case, tmp_path: Path) -> None:
    row = "t1,returned_total,WLD,,6000,9000,range,2017-02-01,2017-03-10,office_2017,\n"
    new = read_rows(known(three), *write_rows(tmp_path, row, header=AGGREGATES))
    assert isinstance(new.rows[0], Aggregate)
    assert new.case.ledger.aggregate_rows[-1].figure_id == "t1"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (USUAL.replace("NLD", "NLX"), "rows.csv, row 2, column origin: found 'NLX'"),
        (USUAL.replace("returned", "retuned"), "did you mean 'returned'?"),
        (USUAL.replace("office_2017", "ofice_2017"), "did you mean 'office_2017'?"),
        (USUAL.replace("46,46", "46,40"), "rows.csv, row 2"),
        (USUAL.replace("2017-03-01", "2017-02-30"), "rows.csv, row 2, column as_of"),
        (USUAL + USUAL, "rows.csv, row 3, column figure_id: found 'new1', expected an identifier "
         "that is not used twice; it stands in rows.csv, row 2"),
    ],
)  # fmt: skip
def test_a_bad_row_is_told_by_file_row_and_column(
    three: Case, tmp_path: Path, row: str, told: str
) -> None:
    assert told in faults(three, tmp_path, row)


def test_a_name_of_the_case_cannot_be_used_again(three: Case, tmp_path: Path) -> None:
    taken = known(three).ledger.figure_rows[0].figure_id
    message = faults(three, tmp_path, USUAL.replace("new1", taken))
    assert f"rows.csv, row 2, column figure_id: found '{taken}'" in message
    assert "it stands in evidence/figures.csv, row 2" in message


def test_a_source_of_the_case_cannot_be_given_again(three: Case, tmp_path: Path) -> None:
    key = known(three).ledger.source_rows[0].key
    file, sources = write_rows(tmp_path, USUAL.replace("office_2017", key))
    sources.write_text(sources.read_text().replace("office_2017", key))
    with pytest.raises(CaseError, match=r"sources\.csv, row 2, column key"):
        read_rows(known(three), file, sources)


def test_a_file_without_rows_is_refused(three: Case, tmp_path: Path) -> None:
    assert "rows.csv: found 'only a header'" in faults(three, tmp_path)


def test_rows_without_effect_are_told(three: Case, tmp_path: Path) -> None:
    rows = [
        USUAL,
        USUAL.replace("new1", "late").replace("2017-03-10", "2017-08-10"),
        USUAL.replace("new1", "ahead").replace("2017-03-01", "2010-03-01"),
        USUAL.replace("new1", "other").replace("returned", "repatriated"),
    ]
    new = read_rows(known(three), *write_rows(tmp_path, *rows))
    design = design_on(new.case, dt.date(2017, 3, 10))
    found = without_effect(new, design)
    assert set(found) == {"late", "ahead", "other"}
    assert "after the cut-off" in found["late"]
    assert "speaks of 2010-03-01" in found["ahead"]
    assert found["other"] == "the fit compares no repatriated"
