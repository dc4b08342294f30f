"""The hand-made folder is read as Flee reads it, and what Flee ignores is said."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispersal.displacement import FleeFolder, read_flee
from dispersal.displacement.calibrated.surroundings import surroundings_of
from dispersal.displacement.events import Closure
from dispersal.displacement.figures import Series, added
from dispersal.displacement.places import kind_of
from tests.displacement.folders import (
    CLOSURES,
    CONFLICTS,
    LAYOUT,
    LOCATIONS,
    SETTINGS,
    write_folder,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> FleeFolder:
    return read_flee(write_folder(tmp_path / "small"))


def test_locations(folder: FleeFolder) -> None:
    assert folder.name == "small"
    kinds = {place.name: place.kind for place in folder.locations}
    assert kinds == {
        "Aville": "conflict",
        "Btown": "town",  # its conflict begins later
        "Ctown": "town",
        "Hub": "hub",
        "Pass": "marker",
        "Camp One": "camp",
        "Camp Two": "camp",
        "Shelter": "idp_camp",
    }
    by_name = {place.name: place for place in folder.locations}
    assert (by_name["Aville"].population, by_name["Aville"].intensity) == (1000, 0.5)
    assert (by_name["Camp One"].population, by_name["Camp One"].capacity) == (0, 400)
    assert [name for name, place in by_name.items() if place.foreign] == [
        "Hub", "Pass", "Camp One", "Camp Two",
    ]  # fmt: skip
    assert by_name["Aville"].extra == {"conflict_intensity": "0.5"}
    assert folder.camps == ("Camp One", "Camp Two", "Shelter")


def test_routes(folder: FleeFolder) -> None:
    assert len(folder.routes) == 9
    assert [route.speed for route in folder.routes][:4] == [None, None, None, 20.0]
    assert [route.km for route in folder.routes][-2:] == [90.0, 110.0]


def test_conflicts(folder: FleeFolder) -> None:
    assert folder.intensities.shape == (10, 8)
    assert folder.intensities[:, 1].tolist() == [0, 0, 0, 0.5, 1, 1, 1, 1, 1, 1]
    assert np.isnan(folder.intensities[:, 3]).all()


def test_closures(folder: FleeFolder) -> None:
    assert folder.closures == (
        Closure("country", "Home", "Abroad", 0, 2),
        Closure("location", "Ctown", "", 4, 6),
        Closure("link", "Hub", "Camp One", 5, -1),
        Closure("link", "Aville", "Btown", 7, 8),
        Closure("camp", "Camp Two", "", 1, 3),
        Closure("idpcamp", "Shelter", "", 2, 4),
    )


def test_a_second_name_can_be_ignored_as_flee_does(tmp_path: Path) -> None:
    folder = read_flee(write_folder(tmp_path), second_name="ignored")
    assert folder.closures[3] == Closure("location", "Aville", "", 7, 8)


def test_figures_are_corrected_added_and_interpolated(folder: FleeFolder) -> None:
    figures = folder.figures
    assert (figures.start, figures.days) == (dt.date(2020, 1, 1), 10)
    assert list(figures.series) == ["total", "Camp One", "Camp Two", "Shelter", "Elsewhere"]
    # From 2020-01-05 on registration is right: what stood before is doubled.
    assert figures.series["Camp One"] == Series((-4.0, 2.0, 4.0, 8.0), (20.0, 80.0, 80.0, 180.0))
    assert figures.series["Camp Two"] == Series((0.0, 5.0), (0.0, 75.0))
    one = figures.series["Camp One"].on(np.arange(10))
    assert one.tolist() == [60, 70, 80, 80, 80, 105, 130, 155, 180, 180]


def test_settings(folder: FleeFolder) -> None:
    settings = folder.settings
    assert (settings.max_move_speed, settings.foreign_weight) == (200.0, 2.0)
    assert settings.conflict_spawn_decay == (1.0, 0.5)
    assert settings.softening == 10.0  # a default


def test_notes_name_what_changes_nothing(folder: FleeFolder) -> None:
    kinds = [(note.kind, note.file.split("/")[-1], note.row, note.column) for note in folder.notes]
    assert kinds == [
        ("no_effect", "routes.csv", 5, "forced_redirection"),
        ("repeated_route", "routes.csv", 11, None),
        ("second_name", "closures.csv", 5, "name2"),
        ("not_a_camp", "data_layout.csv", None, None),
    ]


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"closures": "mountain,Hub,,0,1"}, "found 'mountain', expected one of country"),
        ({"closures": "cuontry,Home,Abroad,0,1"}, "did you mean 'country'?"),
        ({"closures": "country,Home,Abraod,0,1"}, "did you mean 'Abroad'?"),
        ({"closures": "camp,Hub,,0,1"}, "row 1, column name1: found 'Hub', expected a camp"),
        ({"closures": "remove_forced_redirection,Hub,Pass,0,1"}, "nobody is redirected"),
        ({"simsetting": SETTINGS.replace("camp_weight", "camp_wieght")}, "'camp_weight'?"),
        ({"simsetting": SETTINGS + "extras:\n  a: 1\n"}, "simsetting.yml, extras"),
        ({"simsetting": SETTINGS.replace("stints: False", "stints: True")}, "not carried out"),
        ({"simsetting": None}, "the defaults of Flee hold"),
        ({"routes": "#name1,name2,d,f,colour\nAville,Btown,5,,red"}, "found 'colour'"),
        ({"two_outside": "2020-01-01,0\n2020-01-04,5\n"}, "1 later figures"),
        ({"two": "2020-01-06,50\n2020-01-01,0\n"}, "dates out of order"),
        ({"data_layout": "all,refugees.csv\nCamp One,one.csv\nCamp Two,two.csv\n"
          "Shelter,shelter.csv\n"}, "total in the first row"),
    ],
)  # fmt: skip
def test_each_note(tmp_path: Path, changed: dict[str, str | None], text: str) -> None:
    notes = [str(note) for note in read_flee(write_folder(tmp_path, **changed)).notes]
    assert any(text in note for note in notes), notes


def test_notes_of_conflicts(tmp_path: Path) -> None:
    days = "".join(f"{day + (day == 4)},1,0\n" for day in range(10))
    notes = read_flee(write_folder(tmp_path, conflicts="#Day,Btown,Ctwon\n" + days)).notes
    found = [str(note).split(": ", 1)[1] for note in notes if "conflicts" in note.file]
    assert found == [
        "found 'Ctwon', expected a location of locations.csv: the column changes nothing; "
        "did you mean 'Ctown'?",
        "found '5', expected 4: rows are read in their order",
        "found 'Aville', expected a column for each location that starts in conflict: "
        "it never ends",
    ]


def test_other_files_are_named(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    (folder / "input_csv" / "demographics_age.csv").write_text("a,b\n")
    assert any(note.kind == "unread_file" for note in read_flee(folder).notes)


def test_an_old_name_of_the_period_is_read(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    (folder / "input_csv/sim_period.csv").rename(folder / "input_csv/conflict_period.csv")
    assert read_flee(folder).figures.days == 10


def test_closures_may_be_missing_rows_but_not_the_file(tmp_path: Path) -> None:
    header = CLOSURES.splitlines()[0]
    assert read_flee(write_folder(tmp_path, closures=header)).closures == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Camp", "camp"),
        ("idpcamp", "idp_camp"),
        ("conflict_zone", "conflict"),
        ("forwarding_hub", "hub"),
        ("marker", "marker"),
        ("default", "town"),
        ("Town", "town"),
        ("camp in conflict", "camp"),
        ("village", None),
    ],
)
def test_types_are_matched_as_parts_in_order(text: str, kind: str | None) -> None:
    assert kind_of(text) == kind


def test_added_series_follow_flee() -> None:
    first = Series((0.0, 2.0, 6.0), (1.0, 2.0, 3.0))
    # Before, between, at and after the figures of the first.
    second = Series((0.0, 1.0, 4.0, 6.0, 9.0), (10.0, 20.0, 30.0, 40.0, 50.0))
    assert added(first, second) == Series(
        (0.0, 1.0, 2.0, 4.0, 6.0, 6.0), (11.0, 22.0, 22.0, 33.0, 43.0, 43.0)
    )


def test_interpolation_cuts_and_holds() -> None:
    series = Series((1.0, 4.0), (0.0, 2.0))
    assert series.on(np.arange(7)).tolist() == [0, 0, 0, 1, 2, 2, 2]
    assert Series((3.0,), (7.0,)).on(np.arange(5)).tolist() == [7] * 5


def test_the_hash_is_of_what_is_read(tmp_path: Path) -> None:
    one = read_flee(write_folder(tmp_path / "one"))
    folder = write_folder(tmp_path / "two")
    file = folder / "source_data" / "one.csv"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    (folder / "notes.txt").write_text("not read", encoding="utf-8")
    assert read_flee(folder).content_hash == one.content_hash
    file.write_bytes(file.read_bytes().replace(b"180", b"181"))
    assert read_flee(folder).content_hash != one.content_hash
    assert read_flee(folder, second_name="ignored").second_name == "ignored"


def test_what_other_published_folders_hold(tmp_path: Path) -> None:
    """Total in another row, a country for a second name, two columns of a place, no closures."""
    total, *camps = LAYOUT.splitlines()
    folder = read_flee(
        write_folder(
            tmp_path / "one",
            data_layout="\n".join([*camps, total]) + "\n",
            closures="location,Ctown,Abroad,4,6\n",
            conflicts=CONFLICTS.replace("Ctown", "Btown").replace(
                "3, 1, 0.5, 0,", "3, 1, 0.5, 0.75,"
            ),
        )
    )
    assert list(folder.figures.series) == ["total", "Camp One", "Camp Two", "Shelter", "Elsewhere"]
    assert folder.closures == (Closure("location", "Ctown", "", 4, 6),)
    assert folder.intensities[2:5, 1].tolist() == [0.0, 0.75, 1.0]
    notes = {note.kind: str(note) for note in folder.notes}
    assert "total in the first row" in notes["total_not_first"]
    assert "found 'Abroad', expected a location" in notes["second_name"]
    assert "the larger number holds" in notes["repeated_name"]
    none = read_flee(write_folder(tmp_path / "two", closures=None))
    assert none.closures == ()
    assert any("nothing closes" in str(note) for note in none.notes)


def test_a_first_location_abroad_is_noted(tmp_path: Path) -> None:
    header, *rows = LOCATIONS.splitlines()
    abroad = "\n".join([header, *sorted(rows, key=lambda row: not row.startswith("Camp One"))])
    folder = read_flee(write_folder(tmp_path / "one", locations=abroad + "\n"))
    (note,) = (note for note in folder.notes if note.kind == "home_elsewhere")
    assert "found 'Abroad', expected a location of the country in conflict" in str(note)
    assert surroundings_of(folder, 50.0).at_home == 1500.0  # of the country in conflict
