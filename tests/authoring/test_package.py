"""The ledger as a data package: valid by the standard's own tool, which finds what data break."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from dispersal.authoring import new_case, write_package
from dispersal.authoring.evidence.package import descriptor, package_text
from dispersal.case import builtin_cases, check_case, load_case
from dispersal.case.schema import TABLES, Figure
from dispersal.errors import InputError
from tests.case.small import set_cell

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: What the tool says of several descriptors, in one process of its own: its import takes a second,
#: and its warnings are none of ours.
_VALIDATE = """\
import json, sys
from frictionless import Package
said = []
for file in sys.argv[1:]:
    report = Package(file).validate()
    said.append(sorted(
        [task.name, error.type, getattr(error, "row_number", None) or 0]
        for task in report.tasks for error in task.errors
    ) + [["package", error.type, 0] for error in report.errors])
print(json.dumps(said))
"""


def validate(files: Sequence[Path]) -> list[list[list[Any]]]:
    done = subprocess.run(
        [sys.executable, "-c", _VALIDATE, *map(str, files)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found: list[list[list[Any]]] = json.loads(done.stdout)
    return found


def test_packages_are_valid_and_the_tool_finds_what_the_data_break(
    demo: Path, tmp_path: Path
) -> None:
    """One run of the tool for all: every built-in case, the small one, and broken copies of it."""
    good = []
    for name in builtin_cases():
        copy = tmp_path / "copies" / name
        folder = load_case(name).path
        assert folder is not None
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("__pycache__"))
        good.append(write_package(copy))
    good += [write_package(demo), write_package(demo, demo / "datapackage.json")]
    breaks = {
        ("evidence/figures.csv", 3, "source", "nobody"): ("figures", "foreign-key", 3),
        ("evidence/figures.csv", 3, "quoted_by", "nobody"): ("figures", "foreign-key", 3),
        ("evidence/figures.csv", 3, "quantity", "retuned"): ("figures", "constraint-error", 3),
        ("evidence/figures.csv", 3, "low", "-5"): ("figures", "constraint-error", 3),
        ("evidence/figures.csv", 3, "low", "6,000"): ("figures", "type-error", 3),
        ("evidence/figures.csv", 3, "as_of", "31.12.2016"): ("figures", "type-error", 3),
        ("evidence/figures.csv", 3, "published", ""): ("figures", "constraint-error", 3),
        ("evidence/figures.csv", 3, "figure_id", "f1"): ("figures", "primary-key", 3),
        ("evidence/aggregates.csv", 2, "source", "nobody"): ("aggregates", "foreign-key", 2),
        ("evidence/tags.csv", 2, "tag", "odd"): ("tags", "constraint-error", 2),
        ("evidence/sources.csv", 2, "key", "late_2017"): ("sources", "primary-key", 3),
    }
    broken = []
    for number, (file, row, column, value) in enumerate(breaks):
        copy = tmp_path / f"broken{number}" / "demo"
        shutil.copytree(demo, copy)
        set_cell(copy, file, row, column, value)
        broken.append(copy / "evidence" / "datapackage.json")
    told = validate([*good, *broken])
    assert told[: len(good)] == [[]] * len(good)
    for found, (change, wanted) in zip(told[len(good) :], breaks.items(), strict=True):
        assert list(wanted) in found, change


def test_fields_are_those_of_the_models(demo: Path) -> None:
    found = descriptor(demo, whole=True)
    assert {one["name"] for one in found["resources"]} == {
        file.rpartition("/")[2].removesuffix(".csv") for file in TABLES
    }
    figures = next(one for one in found["resources"] if one["name"] == "figures")["schema"]
    assert [field["name"] for field in figures["fields"]] == list(Figure.columns())
    by_name = {field["name"]: field for field in figures["fields"]}
    assert by_name["quantity"]["constraints"]["enum"][0] == "departed"
    assert by_name["low"]["constraints"] == {"minimum": 0}
    assert by_name["as_of"]["type"] == "date"
    assert by_name["source"]["constraints"] == {"required": True}
    assert all(field["description"] for field in figures["fields"])
    assert figures["primaryKey"] == ["figure_id"]
    keys = {(key["fields"][0], key["reference"]["resource"]) for key in figures["foreignKeys"]}
    assert keys == {("source", "sources"), ("quoted_by", "sources"), ("origin", "origins")}


def test_sources_and_licence_are_told(demo: Path) -> None:
    found = descriptor(demo, licence="CC-BY-4.0")
    assert found["licenses"] == [{"name": "CC-BY-4.0"}]
    assert found["sources"][0] == {
        "title": "Report, first part (UN, 2015-12-07)",
        "path": "https://example.org/1",
    }
    assert "path" not in found["sources"][1]
    assert "licenses" not in descriptor(demo)
    assert "nothing here is about any person" in found["description"]


def test_a_package_is_no_fault_of_the_case_and_is_never_overwritten(demo: Path) -> None:
    file = write_package(demo)
    assert file == demo / "evidence" / "datapackage.json"
    assert check_case(demo).faults == check_case(demo).notes == ()
    assert file.read_text(encoding="utf-8") == package_text(demo)
    assert write_package(demo) == file
    with pytest.raises(InputError, match="with other words there already"):
        write_package(demo, licence="CC0-1.0")
    assert file.read_text(encoding="utf-8") == package_text(demo)
    with pytest.raises(InputError, match="a folder of your own"):
        write_package("isis_2017")
    with pytest.raises(InputError, match="can only name files below it"):
        write_package(demo, demo.parent / "datapackage.json")
    with pytest.raises(InputError, match=r"expected the name datapackage\.json"):
        write_package(demo, demo / "evidence" / "package.json")


def test_a_case_without_evidence_has_no_package(tmp_path: Path) -> None:
    made = new_case(
        "bare", out=tmp_path, group="G", asked_on="2016-12-01", places=["COL"], modes="withdrawal"
    )
    shutil.rmtree(made.folder / "evidence")
    with pytest.raises(InputError, match="no table of evidence"):
        write_package(made.folder)
