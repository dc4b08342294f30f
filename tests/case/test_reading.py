"""Reading is forgiving where nothing is lost, complete in its complaints, and quick to refuse."""

from __future__ import annotations

import dataclasses
import pickle
from datetime import date
from typing import TYPE_CHECKING

import pytest

from dispersal.case import (
    builtin_cases,
    check_case,
    load_case,
    policy_in_force,
)
from dispersal.case.checks import NOTE_CHECKS
from dispersal.case.checks.registry import fault_check
from dispersal.errors import CaseError

from .small import FILES, append_line, replace_text, set_cell

if TYPE_CHECKING:
    from pathlib import Path


def test_the_case_says_what_its_files_say(demo: Path) -> None:
    case = load_case(str(demo))
    assert (case.name, case.title, case.step) == ("demo", "A demonstration", "month")
    assert case.question == "Where do the members go?"
    assert case.asked_on == date(2017, 3, 7)
    assert case.period.until == date(2019, 12, 31)
    assert case.strata == ("men", "women", "minors")
    assert case.territory.places == ("IRQ",)
    assert case.group.members_high == 3000
    assert case.end.modes == {
        "military_defeat": 0.9,
        "negotiated": 0.1,
        "withdrawal": 0.0,
        "fragmentation": 0.0,
    }
    assert case.parameters["return_hazard"].prior == (-4.5, 0.5)
    assert case.notes == "Numbers are invented: all of them."
    assert [origin.origin for origin in case.origins] == ["TUN", "FRA", "RUS-CAUCASUS", "IRQ"]
    assert case.origins[2].latitude == 43.3
    assert case.origins[0].members_low is None
    assert case.policies[1].from_ == date(2014, 11, 13)
    assert case.policies[0].stratum is None
    assert case.places[2].roles == ("theatre", "sanctuary")
    assert case.hosts[1].names == ("is_libya", "ISIL Libya", "Wilayat Fezzan", "IS Libya")
    assert case.levers[0].patch == {"policies": {"remove": [{"where": {"policy": "custody"}}]}}
    assert case.ledger.aggregate_rows[2].places == ("IRQ", "TUR")
    assert case.path == demo
    assert case.known_on is None


def test_a_case_does_not_change(demo: Path) -> None:
    case = load_case(demo)
    with pytest.raises(dataclasses.FrozenInstanceError):
        case.known_on = date(2017, 1, 1)  # type: ignore[misc]
    with pytest.raises(ValueError, match="frozen"):
        case.origins[0].name = "x"
    case.parameters.clear()
    assert case.parameters
    assert pickle.loads(pickle.dumps(case)) == case


def test_a_case_needs_only_three_files(demo: Path) -> None:
    for name in FILES:
        if name not in {"case.yaml", "origins.csv", "places.csv"}:
            (demo / name).unlink()
    (demo / "evidence").rmdir()
    replace_text(demo, "case.yaml", "  remnant: remnant_iraq\n", "")
    replace_text(demo, "case.yaml", ", source: un_2016", "")
    (demo / "origins.csv").write_text(
        "origin,name,region,kind\nTUN,Tunisia,north_africa,foreign\n", encoding="utf-8"
    )
    (demo / "places.csv").write_text("place,name,roles\nIRQ,Iraq,home_theatre\n", encoding="utf-8")
    case = load_case(demo)
    assert case.ledger.figures.empty
    assert case.as_known_on("2017-03-07").hosts == ()
    assert [note.kind for note in check_case(demo).notes] == ["origin_without_evidence"]


def test_everything_wrong_is_reported_at_once(demo: Path) -> None:
    replace_text(demo, "case.yaml", "step: month", "step: [month")
    replace_text(demo, "levers.yaml", "title: No custody", "titel: No custody")
    set_cell(demo, "origins.csv", 2, "region", "mars")
    set_cell(demo, "evidence/figures.csv", 2, "low", "many")
    set_cell(demo, "evidence/figures.csv", 2, "as_of", "yesterday")
    set_cell(demo, "evidence/figures.csv", 3, "origin", "GBR")
    (demo / "hosts.csv").write_text("host;name\n", encoding="utf-8")
    (demo / "extra.csv").write_text("x\n", encoding="utf-8")
    kinds = [(fault.file, fault.kind) for fault in check_case(demo).faults]
    assert kinds == [
        ("case.yaml", "broken_yaml"),
        ("evidence/figures.csv", "bad_number"),
        ("evidence/figures.csv", "bad_date"),
        ("evidence/figures.csv", "unknown_origin"),
        ("extra.csv", "unknown_file"),
        ("hosts.csv", "semicolons"),
        ("levers.yaml", "missing_key"),
        ("levers.yaml", "unknown_key"),
        ("origins.csv", "unknown_region"),
    ]


def test_a_message_can_be_understood(demo: Path) -> None:
    set_cell(demo, "origins.csv", 3, "kind", "foriegn")
    with pytest.raises(CaseError) as caught:
        load_case(demo)
    assert str(caught.value) == (
        "case demo has 1 fault:\n"
        "  origins.csv, row 3, column kind: found 'foriegn', expected foreign or local; "
        "did you mean 'foreign'?"
    )


def test_two_checks_cannot_have_one_name() -> None:
    with pytest.raises(ValueError, match="low_above_high"):
        fault_check("low_above_high")(lambda _draft: ())


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_and_a_byte_order_mark_do_not_matter(demo: Path, newline: str) -> None:
    case = load_case(demo)
    for name, text in FILES.items():
        content = text.replace("\n", newline).encode("utf-8-sig")
        (demo / name).write_bytes(content)
    again = load_case(demo)
    assert again == case
    assert again.content_hash == case.content_hash


def test_empty_rows_and_spaces_around_running_text_do_not_matter(demo: Path) -> None:
    case = load_case(demo)
    append_line(demo, "evidence/figures.csv", ",,,,,,,,,,")
    append_line(demo, "evidence/figures.csv", "")
    set_cell(demo, "evidence/figures.csv", 2, "note", "  unofficial estimate\u00a0")
    set_cell(demo, "places.csv", 2, "roles", "home_theatre; custody;")
    assert load_case(demo) == case


def test_the_hash_is_of_the_files(demo: Path, tmp_path: Path) -> None:
    first = load_case(demo)
    (demo / "README.md").write_text("notes", encoding="utf-8")
    assert load_case(demo).content_hash == first.content_hash
    moved = tmp_path / "elsewhere" / "demo"
    moved.parent.mkdir()
    demo.rename(moved)
    assert load_case(moved).content_hash == first.content_hash
    set_cell(moved, "evidence/sources.csv", 2, "title", "Report, second part")
    assert load_case(moved).content_hash != first.content_hash


NOTED = {
    "unused_source",
    "source_after_question",
    "origin_without_evidence",
    "unused_tag",
    "published_before_as_of",
    "published_before_source",
    "equal_range",
    "unmatched_host",
    "period_not_months",
    "end_after_period",
    "unmatched_lever",
}


def test_what_deserves_a_look_is_noted(demo: Path) -> None:
    append_line(demo, "evidence/sources.csv", "spare,Spare,UN,2016-01-01,")
    append_line(demo, "origins.csv", "DEU,Germany,europe_west,foreign,,,,,,,,")
    append_line(demo, "evidence/tags.csv", "doubtful,,no such words,,,,why")
    replace_text(demo, "levers.yaml", "{policy: custody}", "{policy: programme}")
    append_line(
        demo,
        "evidence/figures.csv",
        "f7,killed,TUN,5,5,range,2016-12-31,2016-06-30,late_2017,,plan",
    )
    set_cell(demo, "evidence/aggregates.csv", 2, "host", "Unheard of")
    set_cell(demo, "places.csv", 5, "source", "late_2017")
    replace_text(demo, "case.yaml", "until: 2019-12-31", "until: 2019-12-30")
    replace_text(demo, "case.yaml", "start: 2012-01-01", "start: 2012-01-02")
    replace_text(
        demo, "case.yaml", "p50: 2017-12-31, p90: 2019-06-30", "p50: 2020-12-31, p90: 2021-01-01"
    )
    (demo / "drawing.svg").write_text("<svg/>", encoding="utf-8")
    report = check_case(demo)
    assert report.ok
    assert {note.kind for note in report.notes} == NOTED | {"ignored_file"}
    assert load_case(demo).name == "demo"


def test_an_optional_table_with_only_a_header_is_noted(demo: Path) -> None:
    (demo / "experts.csv").write_text(FILES["experts.csv"].splitlines()[0], encoding="utf-8")
    assert [(note.kind, note.file) for note in check_case(demo).notes] == [
        ("empty_table", "experts.csv")
    ]


def test_every_note_has_a_case_that_it_finds() -> None:
    assert set(NOTE_CHECKS) == NOTED | {"empty_table"}


def test_the_policy_that_began_last_is_in_force(demo: Path) -> None:
    append_line(
        demo,
        "policies.csv",
        "fra_custody_all,FRA,custody,,2015-01-01,2015-12-31,0.1,0.2,2015-01-01,un_2016,",
    )
    rows = load_case(demo).policies

    def name(day: str, stratum: str = "") -> str | None:
        row = policy_in_force(rows, "FRA", "custody", date.fromisoformat(day), stratum)
        return row.policy_id if row else None

    assert name("2014-11-12", "men") is None
    assert name("2014-11-13", "men") == "fra_custody_2014"
    assert name("2015-06-01", "men") == "fra_custody_2014"
    assert name("2015-06-01", "women") == "fra_custody_all"
    assert name("2015-06-01") == "fra_custody_all"
    assert name("2016-01-01", "women") is None
    assert name("2016-06-01", "men") == "fra_custody_2016"
    assert policy_in_force(rows, "TUN", "entry_ban", date(2017, 1, 1)) is None


def test_a_row_with_an_end_is_not_replaced_by_an_earlier_one(demo: Path) -> None:
    append_line(
        demo,
        "policies.csv",
        "tun_2016,TUN,custody,,2016-01-01,2016-12-31,0.1,0.2,2016-01-01,un_2016,",
    )
    rows = load_case(demo).policies
    assert policy_in_force(rows, "TUN", "custody", date(2017, 3, 7)) is None


@pytest.mark.parametrize("name", builtin_cases())
def test_a_built_in_case_is_valid(name: str) -> None:
    case = load_case(name)
    assert case.name == name
    known = case.as_known_on(case.asked_on)
    days = [row.published for row in known.ledger.figure_rows]
    days += [row.published for row in known.ledger.aggregate_rows]
    assert max(days) <= case.asked_on
    assert known.ledger.source_rows
    with pytest.raises(CaseError, match=f"did you mean '{name}'"):
        load_case(name[:-1])


def test_the_built_in_evidence_is_read_in_full() -> None:
    ledger = load_case("isis_2017").ledger
    assert len(ledger.figures) >= 738
    assert len(ledger.aggregates) >= 367
    assert ledger.figures["origin"].nunique() >= 72
    known = ledger.as_known_on("2017-03-07")
    assert 0 < len(known.figures) < len(ledger.figures)
    assert not ledger.query(tag="all_theatres").empty
