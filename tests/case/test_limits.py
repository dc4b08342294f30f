"""What no case can be is refused at once: bombs, floods, files that lead elsewhere."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from dispersal.case import CheckReport, check_case, load_case, tables
from dispersal.case.yamltext import parse_yaml
from dispersal.errors import CaseError, InputError

from .small import append_line


def test_a_flood_of_faults_is_cut_off(demo: Path) -> None:
    for number in range(150):
        append_line(demo, "evidence/sources.csv", f"s{number},Title,Publisher,someday,")
    faults = check_case(demo).faults
    assert len(faults) == 101
    assert faults[-1].kind == "too_many_faults" or faults[0].kind == "too_many_faults"
    assert {fault.found for fault in faults if fault.kind == "too_many_faults"} == {
        "50 more faults"
    }


def test_a_table_longer_than_a_spreadsheet_is_refused(
    demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 6)
    (fault,) = check_case(demo).faults
    assert (fault.kind, fault.file, fault.row) == ("too_many_rows", "evidence/figures.csv", 7)


def test_names_and_paths_that_lead_nowhere(demo: Path, tmp_path: Path) -> None:
    for path in ("no_such_case", tmp_path / "nothing", "a\0b", "x" * 5000):
        with pytest.raises(CaseError) as caught:
            load_case(path)
        assert caught.value.faults[0].kind == "unknown_case"
    with pytest.raises(CaseError) as caught:
        load_case(demo / "case.yaml")
    assert caught.value.faults[0].kind == "not_a_folder"
    assert caught.value.faults[0].nearest == str(demo)
    assert issubclass(CaseError, InputError)


def test_a_file_name_that_is_no_text_can_be_reported(demo: Path) -> None:
    try:
        (Path(os.fsdecode(os.fsencode(demo) + b"/\xff.csv"))).write_text("x\n", encoding="utf-8")
    except OSError:  # the file system itself insists on UTF-8
        return
    (fault,) = check_case(demo).faults
    assert (fault.kind, fault.file) == ("unknown_file", "\\udcff.csv")
    assert str(fault).encode("utf-8")


def test_a_folder_with_too_many_files_is_no_case(demo: Path) -> None:
    for number in range(1001):
        (demo / f"{number}.txt").touch()
    assert [fault.kind for fault in check_case(demo).faults] == ["too_many_files"]


def test_an_empty_folder_lacks_three_files(tmp_path: Path) -> None:
    assert [(fault.kind, fault.file) for fault in check_case(tmp_path).faults] == [
        ("missing_file", "case.yaml"),
        ("missing_file", "origins.csv"),
        ("missing_file", "places.csv"),
    ]


def test_a_file_that_may_not_be_read_is_named(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_path = Path.open

    def refuse(self: Path, *args: str, **options: str) -> object:
        if self.name == "hosts.csv":
            raise PermissionError(13, "Permission denied")
        return open_path(self, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    faults = [fault for fault in check_case(demo).faults if fault.file == "hosts.csv"]
    assert [(fault.kind, fault.found) for fault in faults] == [("unreadable", "permission denied")]


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
        "a: &a [*a]\n",
        "[" * 500_000,
        "{a: " * 200_000,
        "- " * 400_000,
        "? " * 400_000,
        "a: " + "9" * 900_000,
        "!!python/object/apply:os.system [echo]\n",
        "a: !!binary aGVsbG8=\n",
        "%TAG ! tag:x,2000:\n---\n!y z\n",
        "a: 'never closed",
        "\tstep: month",
        "a: b: c",
        "}",
        'title: "\\ud800"',
        'title: "\\0"',
    ],
    ids=lambda bomb: bomb[:12],
)
def test_a_yaml_bomb_is_refused_at_once(demo: Path, bomb: str) -> None:
    (demo / "case.yaml").write_text(bomb, encoding="utf-8")
    start = time.perf_counter()
    report = check_case(demo)
    assert time.perf_counter() - start < 5
    assert report.faults
    assert {fault.file for fault in report.faults} == {"case.yaml"}


def test_a_huge_file_is_refused_before_it_is_read(
    demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (demo / "evidence/figures.csv").open("ab") as stream:
        stream.truncate(200_000_000)
    open_path = Path.open
    opened: list[str] = []

    def record(self: Path, *args: str) -> object:
        opened.append(self.name)
        return open_path(self, *args)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", record)
    report: CheckReport = check_case(demo)
    assert "too_large" in {fault.kind for fault in report.faults}
    assert "aggregates.csv" in opened
    assert "figures.csv" not in opened


def test_yaml_keeps_days_and_codes_as_text() -> None:
    data, faults = parse_yaml(
        "day: 2017-03-07\nNO: no\nyes: 012\nn: 1e5\nf: 0.5\ni: -3\nt: true\nz: ~\nq: '1'\n", "x"
    )
    assert faults == []
    assert data == {
        "day": "2017-03-07",
        "NO": "no",
        "yes": "012",
        "n": "1e5",
        "f": 0.5,
        "i": -3,
        "t": True,
        "z": None,
        "q": "1",
    }
