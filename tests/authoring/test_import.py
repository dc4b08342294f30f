"""Rows from a spreadsheet: what a map allows is read, all else is told by row and column."""

from __future__ import annotations

import datetime as dt
import textwrap
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook

from dispersal.authoring import import_evidence
from dispersal.authoring.evidence.column_map import ColumnMap, read_map
from dispersal.case import load_case
from dispersal.errors import CaseError, InputError

from .conftest import contents

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MAP: dict[str, Any] = {
    "columns": {
        "origin": "Land",
        "low": "Mindestens",
        "high": "Höchstens",
        "as_of": "Stand",
        "quantity": "Was",
        "note": "Bemerkung",
    },
    "constants": {"published": "2017-02-01", "source": "un_2016"},
    "values": {"quantity": {"Rückkehrer": "returned", "Ausgereiste": "departed"}},
}
HEADER = ["Land", "Mindestens", "Höchstens", "Stand", "Was", "Bemerkung", "Quelle"]
GOOD: list[list[Any]] = [
    ["Tunesien", 900, 1000, dt.date(2017, 1, 31), "Rückkehrer", "amtlich", "x"],
    ["FRA", 250.0, None, dt.datetime(2017, 1, 31), "Ausgereiste", None, None],
    ["North Caucasus", None, "40", "2017-01-31", "killed", 12, None],
]


def workbook(folder: Path, *rows: Sequence[Any], header: Sequence[Any] = HEADER) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    book.save(folder / "figures.xlsx")
    return folder / "figures.xlsx"


def csv_file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    (folder / "figures.csv").write_text(textwrap.dedent(text), encoding=encoding)
    return folder / "figures.csv"


def mapped(**changes: Any) -> ColumnMap:
    return ColumnMap.model_validate({**MAP, **changes})


def faults_of(case: Path, file: Path, columns: ColumnMap) -> list[tuple[Any, ...]]:
    """Import what is wrong; return file, row, column and found of each fault."""
    before = contents(case)
    with pytest.raises(CaseError) as raised:
        import_evidence(case, file, columns)
    assert contents(case) == before
    return [(one.file, one.row, one.column, one.found) for one in raised.value.faults]


def test_a_workbook_is_read_by_its_map(demo: Path, tmp_path: Path) -> None:
    before = (demo / "evidence/figures.csv").read_bytes()
    added = import_evidence(demo, workbook(tmp_path, *GOOD), mapped())
    assert added.count == 3
    assert (demo / "evidence/figures.csv").read_bytes().startswith(before)
    rows = [load_case(demo).ledger.row(cells["figure_id"]) for _, cells in added.rows[FIGURES]]
    assert [(row.low, row.high, row.qualifier, row.quantity) for row in rows] == [
        (900, 1000, "range", "returned"),
        (250, None, "at_least", "departed"),
        (None, 40, "at_most", "killed"),
    ]
    assert [cells["origin"] for _, cells in added.rows[FIGURES]] == ["TUN", "FRA", "RUS-CAUCASUS"]
    assert [cells["note"] for _, cells in added.rows[FIGURES]] == ["amtlich", "", "12"]
    assert {cells["as_of"] for _, cells in added.rows[FIGURES]} == {"2017-01-31"}
    assert added.remarks == ("columns of figures.xlsx that are not used: Quelle",)


FIGURES = "evidence/figures.csv"


def test_a_csv_file_with_other_signs(demo: Path, tmp_path: Path) -> None:
    file = csv_file(
        tmp_path,
        """\
        Liste vom Februar;;;;
        Land;Zahl;Stand;Was;Weg
        Tunesien;1.200,5;31.01.2017;Rückkehrer;
        Summe;9.999;31.01.2017;Rückkehrer;ja
        Frankreich;300;01.02.2017;Rückkehrer;
        """,
        "utf-8-sig",
    )
    added = import_evidence(
        demo,
        file,
        mapped(
            delimiter=";",
            header_row=2,
            thousands=".",
            decimal=",",
            dates={"as_of": "%d.%m.%Y"},
            columns={
                "origin": "Land", "low": "Zahl", "high": "Zahl", "as_of": "Stand", "quantity": "Was"
            },
            leave_out=[{"Land": "Summe"}, {"Weg": "nein"}],
        ),
    )  # fmt: skip
    cells = [cells for _, cells in added.rows[FIGURES]]
    assert [(row["origin"], row["low"], row["qualifier"]) for row in cells] == [
        ("TUN", "1200.5", "point"),
        ("FRA", "300", "point"),
    ]
    assert [row["as_of"] for row in cells] == ["2017-01-31", "2017-02-01"]
    assert added.remarks == (
        "values.quantity: 'Ausgereiste' stands in no row",
        "leave_out[2] matches no row",
    )


def test_aggregates_and_new_sources(demo: Path, tmp_path: Path) -> None:
    file = csv_file(tmp_path, "where,who,n,of\nIrak+Türkei,The group,5000,\nWLD,,800,France\n")
    source = {
        "key": "mon_2017", "title": "Monitor", "author_or_publisher": "M", "published": "2017-01-02"
    }  # fmt: skip
    columns = ColumnMap.model_validate(
        {
            "table": "aggregates",
            "columns": {"place": "where", "host": "who", "low": "n", "high": "n", "origin": "of"},
            "constants": {
                "quantity": "strength", "as_of": "2017-01-01", "published": "2017-01-02",
                "source": "mon_2017", "qualifier": "about",
            },
            "sources": [source],
        }
    )  # fmt: skip
    added = import_evidence(demo, file, columns)
    assert [cells["note"] for _, cells in added.rows["evidence/aggregates.csv"]] == [
        "",
        "origin=FRA",
    ]
    case = load_case(demo)
    assert case.ledger.source("mon_2017").title == "Monitor"
    assert case.ledger.query("strength", place="IRQ+TUR")["low"].tolist() == [12000, 5000]
    more = csv_file(tmp_path, "where,who,n,of\nIrak,,5001,\n")
    assert set(import_evidence(demo, more, columns).rows) == {"evidence/aggregates.csv"}
    other = ColumnMap.model_validate(
        {**columns.model_dump(), "sources": [{**source, "title": "X"}]}
    )
    ((_, _, column, _),) = faults_of(demo, csv_file(tmp_path, "where,who,n,of\nIRQ,,5,\n"), other)
    assert column == "sources[1].key"


def test_everything_wrong_is_told_at_once_where_it_stands(demo: Path, tmp_path: Path) -> None:
    file = workbook(
        tmp_path,
        GOOD[0],
        ["Tunezien", "1,000", 1500, dt.date(2017, 1, 31), "Rückkehrer"],
        ["TUN", True, 1500, 42766, "Rückkehrer"],
        ["FRA", 20, 10, dt.datetime(2017, 1, 31, 14, 30), "Heimkehrer"],
        ["Germany", "#N/A", "=1+1", dt.time(9, 0), "killed"],
        [dt.date(2017, 1, 31), "~300", 400, "31.01.2017", "killed"],
        ["FRA", None, None, dt.date(2017, 1, 31), "killed"],
    )
    found = faults_of(demo, file, mapped())
    assert [(row, column) for _, row, column, _ in found] == [
        (3, "Land"), (3, "Mindestens"),
        (4, "Mindestens"), (4, "Stand"),
        (5, "Stand"), (5, "Was"),
        (6, "Land"), (6, "Mindestens"), (6, "Höchstens"), (6, "Stand"),
        (7, "Land"), (7, "Mindestens"), (7, "Stand"),
        (8, "Mindestens"),
    ]  # fmt: skip
    assert {name for name, *_ in found} == {"figures.xlsx"}


def test_what_the_whole_case_refuses_is_told_by_row_and_column_of_the_source(
    demo: Path, tmp_path: Path
) -> None:
    rows = [["TUN", 20, 10, dt.date(2017, 1, 31), "killed"], GOOD[0], GOOD[0]]
    found = faults_of(demo, workbook(tmp_path, *rows), mapped())
    assert found == [
        ("figures.xlsx", 2, "Mindestens", "20"),
        ("figures.xlsx", 4, None, "un_2016-returned-tun-2"),
    ]
    constants = {**MAP["constants"], "source": "nobody"}
    found = faults_of(demo, workbook(tmp_path, *GOOD), mapped(constants=constants))
    assert found == [("the column map", None, "constants.source", "nobody")]
    constants = {**MAP["constants"], "published": "1.2.2017"}
    found = faults_of(demo, workbook(tmp_path, *GOOD), mapped(constants=constants))
    assert found == [("the column map", None, "constants.published", "1.2.2017")]


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("percent", 0.35, "not formatted as a percentage (shown as 35%)"),
        ("merged", 5, "this one is merged"),
        ("formula", "=A1*2", "never worked out"),
    ],
)
def test_cells_of_a_workbook_that_would_have_to_be_guessed(
    demo: Path, tmp_path: Path, kind: str, value: Any, words: str
) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(HEADER)
    sheet.append(["TUN", value, 1000, dt.date(2017, 1, 31), "killed"])
    if kind == "percent":
        sheet["B2"].number_format = "0%"
    if kind == "merged":
        sheet.append(["FRA", 6, 1000, dt.date(2017, 1, 31), "killed"])
        sheet.merge_cells("B2:B3")
    book.save(tmp_path / "figures.xlsx")
    with pytest.raises(CaseError) as raised:
        import_evidence(demo, tmp_path / "figures.xlsx", mapped())
    (fault,) = raised.value.faults
    assert (fault.row, fault.column) == (3 if kind == "merged" else 2, "Mindestens")
    assert words in str(fault)


def test_a_sheet_is_chosen_and_hidden_rows_are_told(demo: Path, tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Notes"
    sheet = book.create_sheet("Figures")
    sheet.append(HEADER)
    for row in GOOD:
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    file = tmp_path / "figures.xlsx"
    book.save(file)
    with pytest.raises(CaseError, match="one of the sheets Notes, Figures"):
        import_evidence(demo, file, mapped())
    with pytest.raises(CaseError, match="did you mean 'Figures'"):
        import_evidence(demo, file, mapped(sheet="Figure"))
    added = import_evidence(demo, file, mapped(), sheet="Figures", dry_run=True)
    assert added.remarks[0] == "1 hidden rows of figures.xlsx, sheet Figures are read as well"
    assert (added.count, added.written) == (3, False)


@pytest.mark.parametrize(
    ("text", "changes", "words"),
    [
        ("Land;Mindestens\nTUN;1\n", {}, "seems to have a semicolon"),
        ("Land,Land,Mindestens\nTUN,x,1\n", {}, "each column once"),
        ("Land,Mindest\nTUN,1\n", {}, "did you mean 'Mindest'?"),
        ("", {}, "content, or no such file"),
        ("\nx\n", {}, "the names of the columns"),
        ('Land,Mindestens\n"TUN,1\n', {}, "quotation mark is closed"),
        ("A,B\nTUN,1,2\n", {"columns": {"origin": "A", "low": "B", "quantity": "A", "as_of": "A"}},
         "cells below the 2 names"),
        ("A,B\n", {"columns": {"origin": "A", "low": "B", "quantity": "A", "as_of": "A"}},
         "only a header"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_such_table(
    demo: Path, tmp_path: Path, text: str, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(CaseError) as raised:
        import_evidence(demo, csv_file(tmp_path, text), mapped(**changes))
    assert words in str(raised.value)


def test_files_of_other_kinds_are_refused(demo: Path, tmp_path: Path) -> None:
    for name, words in (
        ("figures.xls", "save it as .xlsx"),
        ("figures.txt", "a .csv or .xlsx file"),
        ("none.xlsx", "a file of this name"),
        ("none.csv", "no such file"),
    ):
        with pytest.raises(CaseError, match=words):
            import_evidence(demo, tmp_path / name, mapped())
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 and no workbook")
    with pytest.raises(CaseError, match=r"an \.xlsx workbook"):
        import_evidence(demo, tmp_path / "broken.xlsx", mapped())
    with pytest.raises(InputError, match="a folder of your own"):
        import_evidence("isis_2017", csv_file(tmp_path, "a\n"), mapped())


@pytest.mark.parametrize(
    ("changes", "where", "words"),
    [
        ({"colums": {}}, "colums", "did you mean 'columns'?"),
        ({"table": "figure"}, "table", "did you mean 'figures'?"),
        ({"columns": {"orign": "Land"}}, "columns.orign", "did you mean 'origin'?"),
        ({"columns": {**MAP["columns"], "place": "Ort"}}, "columns.place", "figures.csv"),
        ({"constants": {**MAP["constants"], "low": 5}}, "constants.low", "no constant"),
        ({"constants": {"source": "x"}}, "columns.published", "in columns or in constants"),
        ({"dates": {"as_of": "%d.%m.%y"}}, "dates.as_of", "each of %d, %m and %Y once"),
        ({"dates": {"published": "%d.%m.%Y"}}, "dates.published", "columns.published"),
        ({"values": {"host": {"a": "b"}}}, "values.host", "figures.csv"),
        ({"thousands": "."}, None, "not the decimal sign"),
        ({"thousands": "x"}, "thousands", "a"),
        ({"header_row": 0}, "header_row", "counted from 1"),
        ({"sources": [{"key": "a"}]}, "sources[1].title", "required"),
    ],
)
def test_a_wrong_map_is_told_before_anything_is_read(
    tmp_path: Path, changes: dict[str, Any], where: str | None, words: str
) -> None:
    import yaml

    file = tmp_path / "columns.yaml"
    file.write_text(yaml.safe_dump({**MAP, **changes}, allow_unicode=True), encoding="utf-8")
    with pytest.raises(CaseError) as raised:
        read_map(file)
    told = {fault.column: str(fault) for fault in raised.value.faults}
    assert words in told[where]
    assert all(fault.file == "columns.yaml" for fault in raised.value.faults)


def test_a_map_is_read_from_a_file(demo: Path, tmp_path: Path) -> None:
    import yaml

    columns = tmp_path / "columns.yaml"
    columns.write_text(yaml.safe_dump(MAP, allow_unicode=True), encoding="utf-8")
    assert read_map(columns) == mapped()
    assert import_evidence(demo, workbook(tmp_path, *GOOD), columns, dry_run=True).count == 3
    with pytest.raises(CaseError, match=r"none\.yaml"):
        import_evidence(demo, workbook(tmp_path, *GOOD), tmp_path / "none.yaml")


def test_a_hundred_faults_are_enough(demo: Path, tmp_path: Path) -> None:
    rows = [["Nowhere", 1, 2, dt.date(2017, 1, 31), "killed"]] * 130
    found = faults_of(demo, workbook(tmp_path, *rows), mapped())
    assert len(found) == 101
    assert found[-1][-1] == "30 more faults"
