"""The ledger answers questions about its rows, and never changes."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispersal.case import Ledger, load_case, read_figures
from dispersal.case.schema import AGGREGATE_QUANTITIES, FIGURE_QUANTITIES, TAGS, Figure
from dispersal.errors import CaseError, InputError

from .small import FILES, append_line, set_cell
from .test_known_on import SMALL

if TYPE_CHECKING:
    from pathlib import Path

LEDGER = SMALL.ledger


def ids(frame: pd.DataFrame) -> list[str]:
    return list(frame["figure_id"])


def test_frames_are_typed() -> None:
    figures = LEDGER.figures
    assert list(figures.columns) == [*Figure.columns(), "tags"]
    assert figures["low"].dtype == figures["high"].dtype == "float64"
    assert figures["as_of"].dtype == figures["published"].dtype == "datetime64[ns]"
    assert math.isnan(figures.loc[figures["figure_id"] == "f3", "high"].item())
    assert math.isnan(figures.loc[figures["figure_id"] == "f4", "low"].item())
    assert list(figures["quoted_by"]) == ["", "late_2017", "", "", "", ""]
    assert list(figures["tags"]) == [
        {"unofficial"},
        {"all_theatres"},
        frozenset(),
        frozenset(),
        frozenset(),
        {"all_theatres"},
    ]
    aggregates = LEDGER.aggregates
    assert list(aggregates["tags"]) == [{"doubtful"}, frozenset(), frozenset()]
    assert list(aggregates["origin"]) == ["", "EUR", ""]
    assert list(aggregates["place"]) == ["LBY-FEZZAN", "EUR", "IRQ+TUR"]
    assert list(LEDGER.sources["key"]) == ["un_2016", "late_2017", "wdi_2016"]
    assert LEDGER.sources["published"].dtype == "datetime64[ns]"
    assert list(LEDGER.tags["tag"]) == ["unofficial", "all_theatres", "doubtful"]


def test_an_empty_ledger_has_typed_frames() -> None:
    for frame in (Ledger().figures, Ledger().aggregates, Ledger().query()):
        assert frame.empty
        assert frame["low"].dtype == "float64"
        assert frame["as_of"].dtype == "datetime64[ns]"
    assert Ledger().query(quantity="departed", tag="present", host="x").empty
    assert Ledger().sources.empty
    assert Ledger().tags.empty


def test_a_frame_is_a_copy() -> None:
    for change in (LEDGER.figures, LEDGER.aggregates, LEDGER.query(), LEDGER.sources):
        change.iloc[0, 0] = "changed"
    assert LEDGER.figures["figure_id"].iloc[0] == "f1"
    assert LEDGER.aggregates["figure_id"].iloc[0] == "a1"
    assert LEDGER.query()["figure_id"].iloc[0] == "f1"
    assert LEDGER.sources["key"].iloc[0] == "un_2016"


def test_query_by_name() -> None:
    assert ids(LEDGER.query()) == ["f1", "f2", "f3", "f4", "f5", "f6", "a1", "a2", "a3"]
    assert ids(LEDGER.query("returned")) == ["f2", "f6"]
    assert ids(LEDGER.query(["returned", "killed"])) == ["f2", "f3", "f6"]
    assert ids(LEDGER.query(origin="TUN")) == ["f1", "f2"]
    assert ids(LEDGER.query(origin={"TUN", "EUR"})) == ["f1", "f2", "a2"]
    assert ids(LEDGER.query("returned", origin="FRA")) == ["f6"]
    assert ids(LEDGER.query(place="LBY-FEZZAN")) == ["a1"]
    assert ids(LEDGER.query(place="IRQ")) == []
    assert ids(LEDGER.query(host=SMALL.hosts[1].names)) == ["a1"]
    assert ids(LEDGER.query(host="isil libya")) == ["a1"]


def test_query_by_day_includes_both_ends() -> None:
    assert ids(LEDGER.query(as_of=("2016-12-31", "2017-02-28"))) == ["f2", "f3"]
    assert ids(LEDGER.query(as_of=(None, "2015-12-01"))) == ["f1"]
    assert ids(LEDGER.query(published=("2017-06-05", None))) == ["f6", "a3"]
    assert ids(LEDGER.query(published=(None, None))) == ids(LEDGER.query())


def test_query_by_tag() -> None:
    assert ids(LEDGER.query(tag="all_theatres")) == ["f2", "f6"]
    assert ids(LEDGER.query(tag=["unofficial", "doubtful"])) == ["f1", "a1"]
    assert ids(LEDGER.query("returned", without_tag="all_theatres")) == []
    assert ids(LEDGER.query(without_tag=["all_theatres", "unofficial", "doubtful"])) == [
        "f3",
        "f4",
        "f5",
        "a2",
        "a3",
    ]


def test_what_is_not_known_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'returned'"):
        LEDGER.query("retuned")
    with pytest.raises(InputError, match="did you mean 'would_be'"):
        LEDGER.query(tag="would_bee")
    with pytest.raises(InputError, match="YYYY-MM-DD"):
        LEDGER.query(as_of=("last year", None))
    with pytest.raises(InputError, match="did you mean 'f1'"):
        LEDGER.row("f11")
    with pytest.raises(InputError, match="did you mean 'un_2016'"):
        LEDGER.source("un_2061")


def test_rows_and_sources_by_name() -> None:
    assert LEDGER.row("f3").low == 250
    assert LEDGER.row("a3") == LEDGER.aggregate_rows[2]
    assert LEDGER.source("late_2017").author_or_publisher == "Institute"


def test_the_hash_is_of_the_content() -> None:
    rows = list(LEDGER.figure_rows)
    random.Random(1).shuffle(rows)
    assert Ledger(tuple(rows)).content_hash() == Ledger(LEDGER.figure_rows).content_hash()
    assert Ledger(tuple(rows[1:])).content_hash() != Ledger(tuple(rows)).content_hash()
    changed = (rows[0].model_copy(update={"note": "x"}), *rows[1:])
    assert Ledger(changed).content_hash() != Ledger(tuple(rows)).content_hash()


@given(st.sampled_from(FIGURE_QUANTITIES), st.sampled_from([row.tag for row in LEDGER.tag_rules]))
def test_a_tag_and_its_absence_share_the_rows(quantity: str, tag: str) -> None:
    tagged = ids(LEDGER.query(quantity, tag=tag))
    rest = ids(LEDGER.query(quantity, without_tag=tag))
    assert sorted(tagged + rest) == sorted(ids(LEDGER.query(quantity)))


def test_names_are_declared_once() -> None:
    for names in (FIGURE_QUANTITIES, AGGREGATE_QUANTITIES, TAGS):
        assert len(set(names)) == len(names)
    assert not set(FIGURE_QUANTITIES) & set(AGGREGATE_QUANTITIES)


def test_a_file_of_figures_stands_on_its_own(tmp_path: Path) -> None:
    path = tmp_path / "later.csv"
    path.write_text(FILES["evidence/figures.csv"], encoding="utf-8")
    ledger = read_figures(path, tags=LEDGER.tag_rules)
    assert ledger.figure_rows == LEDGER.figure_rows
    pd.testing.assert_frame_equal(ledger.figures, LEDGER.figures)
    assert read_figures(str(path)).query(tag="all_theatres").empty
    assert ledger.source_rows == ()


@pytest.mark.parametrize(
    ("row", "column", "value", "kind", "nearest"),
    [
        (2, "quantity", "departd", "unknown_quantity", "departed"),
        (2, "origin", "TUX", "unknown_origin", None),
        (2, "low", "9000", "low_above_high", None),
        (4, "high", "9000", "qualifier_mismatch", None),
        (4, "figure_id", "f1", "duplicate_id", None),
    ],
)
def test_a_file_of_figures_is_checked(
    demo: Path, row: int, column: str, value: str, kind: str, nearest: str | None
) -> None:
    set_cell(demo, "evidence/figures.csv", row, column, value)
    with pytest.raises(CaseError) as caught:
        read_figures(demo / "evidence/figures.csv")
    (fault,) = caught.value.faults
    assert (fault.kind, fault.file, fault.row, fault.column) == (kind, "figures.csv", row, column)
    assert fault.found == value
    if nearest:
        assert fault.nearest == nearest


def test_other_tables_are_no_figures(demo: Path) -> None:
    with pytest.raises(CaseError) as caught:
        read_figures(demo / "evidence/aggregates.csv")
    kinds = {fault.kind for fault in caught.value.faults}
    assert kinds == {"unknown_column", "missing_column"}
    with pytest.raises(CaseError, match="found 'a folder', expected a file"):
        read_figures(demo)


def test_a_rule_applies_to_aggregates_by_quantity_and_source(demo: Path) -> None:
    rule = "doubtful,,origin=eur,share_returned_percent,un_2016,,taken from a headline"
    append_line(demo, "evidence/tags.csv", rule)
    ledger = load_case(demo).ledger
    assert ids(ledger.query(tag="doubtful")) == ["a1", "a2"]
    append_line(demo, "evidence/tags.csv", "present,,origin=eur,,,TUN,of figures only")
    assert load_case(demo).ledger.query(tag="present").empty
