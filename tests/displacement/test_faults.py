"""Every fault is named with file, row, column, what was found, what was expected, what is near."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dispersal.displacement import flee_mean, read_flee
from dispersal.errors import CaseError, InputError
from tests.displacement.folders import (
    CONFLICTS,
    CORRECTIONS,
    DATA,
    LAYOUT,
    LOCATIONS,
    ROUTES,
    SETTINGS,
    write_folder,
)

if TYPE_CHECKING:
    from pathlib import Path

CASES: list[tuple[dict[str, str | None], str]] = [
    ({"locations": None}, "locations.csv: found 'input_csv/locations.csv', expected a file"),
    ({"locations": "#name\n"}, "locations.csv: found 'no row', expected at least one"),
    ({"locations": "A,B,C\n"}, "locations.csv, row 1: found 'A,B,C', expected 8 cells"),
    ({"locations": LOCATIONS.replace("Hub,", ",")}, "row 5, column name: found ''"),
    ({"locations": LOCATIONS.replace(",marker", ",markre")}, "did you mean 'marker'?"),
    ({"locations": LOCATIONS.replace("10.5", "north")}, "row 3, column latitude: found 'north'"),
    ({"locations": LOCATIONS.replace(",3,500", ",,500")}, "row 3, column conflict_date: found ''"),
    ({"locations": LOCATIONS.replace("1000", "many")}, "row 2, column population: found 'many'"),
    ({"locations": LOCATIONS.replace("1000", "-1")}, "row 2, column population: found '-1'"),
    ({"locations": LOCATIONS.replace(",0.5", ",inf")}, "column conflict_intensity: found 'inf'"),
    ({"locations": LOCATIONS + "Hub,,,,,town,,\n"}, "row 10, column name: found 'Hub'"),
    ({"routes": ROUTES.replace("Hub,Pass", "Hub,Pas")}, "found 'Pas', expected a location"),
    ({"routes": ROUTES.replace("Hub,Pass", "Hub,Pas")}, "did you mean 'Pass'?"),
    ({"routes": ROUTES.replace("Hub,Pass", "Hub,Hub")}, "row 8, column name2: found 'Hub'"),
    ({"routes": ROUTES.replace("250", "0")}, "row 4, column distance: found '0'"),
    ({"routes": ROUTES.replace("250", "nan")}, "row 4, column distance: found 'nan'"),
    ({"routes": ROUTES.replace("200,2", "200,7")}, "column forced_redirection: found '7'"),
    ({"routes": ROUTES.replace("40,,20", "40,,0")}, "column max_move_speed: found '0'"),
    ({"conflicts": None}, "conflicts.csv: found"),
    ({"conflicts": CONFLICTS.replace("9, 0, 1, 0, 0,\n", "")}, "9 rows', expected 10 rows"),
    ({"conflicts": CONFLICTS.replace("0.5", "half")}, "row 5, column Btown: found 'half'"),
    ({"conflicts": CONFLICTS.replace("0.5, 0, 0,", "0.5, 0, 0, 4")}, "row 5: found '4'"),
    ({"closures": "location,Ctwon,,0,1"}, "did you mean 'Ctown'?"),
    ({"closures": "link,Hub,Cmap One,0,1"}, "column name2: found 'Cmap One'"),
    ({"closures": "camp,Camp,,0,1"}, "column name1: found 'Camp', expected a location"),
    ({"closures": "location,Ctown,,soon,1"}, "column closure_start: found 'soon'"),
    ({"sim_period": "StartDate,2020-01-01\n"}, "expected a row Length"),
    ({"sim_period": "Length,3\n"}, "expected a row StartDate"),
    ({"sim_period": "StartDate,1 May\nLength,3\n"}, "expected a date like"),
    ({"sim_period": "StartDate,2020-01-01\nLength,0\n"}, "expected a number of days from 1"),
    ({"sim_period": "StartDate,2020-01-01\nLength,1000000\n"}, "days from 1 to 100,000"),
    ({"sim_period": ""}, "sim_period.csv: found 'no row', expected rows"),
    ({"conflicts": ""}, "conflicts.csv: found 'no row', expected rows"),
    ({"one": "2020-01-01,-4\n"}, "one.csv, row 1, column count: found '-4', expected 0 or more"),
    ({"one": "2020-01-01,99999999999999\n"}, "expected at most 10,000,000,000"),
    ({"routes": ROUTES.replace("250", "1e20")}, "row 4, column distance: found '1e20'"),
    ({"data_layout": None}, "data_layout.csv: found"),
    ({"data_layout": LAYOUT.replace("one.csv", "oen.csv")}, "did you mean 'one.csv'?"),
    ({"data_layout": LAYOUT.replace("Shelter,shelter.csv\n", "")}, "found 'Shelter', expected a"),
    ({"data_layout": LAYOUT + "Shelter,shelter.csv\n"}, "each camp once"),
    ({"one": DATA["one.csv"].replace("40", "forty")}, "row 3, column count: found 'forty'"),
    ({"one": DATA["one.csv"].replace("2020-01-03", "3.1.")}, "one.csv, row 3, column date"),
    ({"one": "# nothing\n"}, "one.csv: found 'no row', expected dates and counts"),
    ({"registration_corrections": "Camp Oen,2020-01-05,"}, "did you mean 'Camp One'?"),
    ({"registration_corrections": "Camp One,2020-01-06,"}, "column date: found '2020-01-06'"),
    ({"registration_corrections": "Camp One,2019-12-28,"}, "column date: found '2019-12-28'"),
    ({"registration_corrections": CORRECTIONS.replace("2020-01-05", "later")}, "found 'later'"),
    ({"simsetting": "a: [1"}, "simsetting.yml: found 'something else', expected YAML"),
    ({"simsetting": "text"}, "simsetting.yml: found 'text'"),
    ({"simsetting": "move_rules: 3"}, "simsetting.yml, move_rules: found '3'"),
    ({"simsetting": SETTINGS.replace("n: False", 'n: "False"', 1)}, "true or false"),
    ({"simsetting": SETTINGS.replace("max_move_speed: 200", "max_move_speed: fast")}, "'fast'"),
    ({"simsetting": SETTINGS.replace("max_move_speed: 200", "max_move_speed: 0")}, "above 0"),
    ({"simsetting": SETTINGS.replace("[1.0, 0.5]", "[1.0, no]")}, "a list of numbers"),
    ({"simsetting": SETTINGS.replace("awareness_level: 1", "awareness_level: 0")}, "1, 2 or 3"),
    ({"simsetting": SETTINGS.replace("chance: 0.3", "chance: 3")}, "between 0 and 1"),
    ({"simsetting": SETTINGS.replace("  insert", "  flood_zone_spawning_only: True\n  insert")},
     "who flees is read from the data"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "text"), CASES)
def test_each_fault(tmp_path: Path, changed: dict[str, str | None], text: str) -> None:
    with pytest.raises(CaseError) as caught:
        read_flee(write_folder(tmp_path, **changed))
    assert text in str(caught.value)


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    broken = write_folder(
        tmp_path,
        routes=ROUTES.replace("Hub,Pass", "Hub,Pas"),
        closures="location,Nowhere,,0,1",
        one="2020-01-01,x\n",
    )
    with pytest.raises(CaseError) as caught:
        read_flee(broken)
    assert [fault.kind for fault in caught.value.faults] == [
        "unknown_location",
        "not_a_number",
        "unknown_location",
    ]


def test_speeds_must_fit_lengths(tmp_path: Path) -> None:
    for name, speed in (("slow", "0.00001"), ("fast", "1.0e+9")):
        text = SETTINGS.replace("max_move_speed: 200", f"max_move_speed: {speed}")
        folder = read_flee(write_folder(tmp_path / name, simsetting=text))
        with pytest.raises(InputError, match="expected speeds that fit"):
            flee_mean(folder)


def test_bytes_are_no_text(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    (folder / "input_csv/routes.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CaseError, match=r"expected text in UTF-8"):
        read_flee(folder)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected one with input_csv"):
        read_flee(tmp_path / "nowhere")


def test_no_camp(tmp_path: Path) -> None:
    towns = LOCATIONS.replace("camp", "town").replace("IDPcamp", "town")
    with pytest.raises(CaseError, match="at least one camp"):
        read_flee(write_folder(tmp_path, locations=towns))
