"""One figure more: checked with the whole case, appended, and all else as it was."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from dispersal.authoring import add_evidence
from dispersal.authoring.evidence.appending import appended, write_together
from dispersal.case import load_case
from dispersal.case.schema import Figure
from dispersal.errors import CaseError, InputError

from .conftest import contents

FIGURES = "evidence/figures.csv"
AGGREGATES = "evidence/aggregates.csv"
SOURCES = "evidence/sources.csv"

ROW: dict[str, Any] = {
    "quantity": "returned",
    "origin": "TUN",
    "low": "900",
    "high": "1000",
    "as_of": "2017-01-31",
    "published": "2017-02-01",
    "source": "un_2016",
}


def add(case: Path, **changes: Any) -> Any:
    return add_evidence(case, **{**ROW, **changes})


def test_a_figure_is_appended_and_read_back(demo: Path) -> None:
    before = (demo / FIGURES).read_bytes()
    added = add(demo, note='with "quotes", and a comma')
    after = (demo / FIGURES).read_bytes()
    assert after.startswith(before)
    assert after[len(before) :].count(b"\n") == 1
    ((number, cells),) = added.rows[FIGURES]
    row = load_case(demo).ledger.row(cells["figure_id"])
    assert isinstance(row, Figure)
    assert (row.origin, row.low, row.high, row.qualifier) == ("TUN", 900, 1000, "range")
    assert row.note == 'with "quotes", and a comma'
    assert after.decode().splitlines()[number - 1].startswith("un_2016-returned-tun,")
    assert added.count == 1


@pytest.mark.parametrize(
    ("ends", "qualifier"),
    [
        ({"low": 5, "high": 5}, "point"),
        ({"low": 5, "high": 6}, "range"),
        ({"low": 5, "high": None}, "at_least"),
        ({"low": None, "high": 6.5}, "at_most"),
        ({"low": 5, "high": 5, "qualifier": "about"}, "about"),
    ],
)
def test_the_ends_say_the_qualifier(demo: Path, ends: dict[str, Any], qualifier: str) -> None:
    ((_, cells),) = add(demo, **ends).rows[FIGURES]
    assert cells["qualifier"] == qualifier


@pytest.mark.parametrize("said", ["TUN", "Tunisia", "Tunesien", "تونس", " tunisie ", "Tunísia"])
def test_an_origin_may_be_named_in_any_language(demo: Path, said: str) -> None:
    ((_, cells),) = add(demo, origin=said).rows[FIGURES]
    assert cells["origin"] == "TUN"


def test_a_zone_may_be_named_as_the_case_names_it(demo: Path) -> None:
    ((_, cells),) = add(demo, origin="north caucasus").rows[FIGURES]
    assert cells["origin"] == "RUS-CAUCASUS"


def test_an_aggregate_names_places_and_whose_people(demo: Path) -> None:
    added = add(
        demo,
        quantity="strength",
        origin="France",
        place="Irak+Türkei",
        host="ISIL Libya",
        note="men",
    )
    ((_, cells),) = added.rows[AGGREGATES]
    assert (cells["place"], cells["host"]) == ("IRQ+TUR", "ISIL Libya")
    assert cells["note"] == "origin=FRA; men"
    frame = load_case(demo).ledger.query("strength", origin="FRA")
    assert frame["place"].tolist() == ["IRQ+TUR"]


def test_a_new_source_is_described_once(demo: Path) -> None:
    described = {"title": "A new report", "publisher": "Institute", "url": "https://example.org/n"}
    add(demo, source="new_2017", **described)
    case = load_case(demo)
    assert case.ledger.source("new_2017").title == "A new report"
    assert str(case.ledger.source("new_2017").published) == "2017-02-01"
    add(demo, source="new_2017", low="901")
    with pytest.raises(CaseError, match=r"which evidence/sources\.csv says of new_2017"):
        add(demo, source="new_2017", low="902", title="Another title")
    assert len(load_case(demo).ledger.source_rows) == 4


def test_names_of_rows_do_not_clash(demo: Path) -> None:
    names = [add(demo, low=low).rows[FIGURES][0][1]["figure_id"] for low in ("900", "901", "902")]
    assert names == ["un_2016-returned-tun", "un_2016-returned-tun-2", "un_2016-returned-tun-3"]
    with pytest.raises(CaseError, match="an identifier that is not used twice"):
        add(demo, low="903", figure_id="f1")


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"quantity": "retuned"}, "quantity", "did you mean 'returned'?"),
        ({"origin": "Tunezien"}, "origin", "near are Tunesien (TUN, German)"),
        ({"origin": "Germany"}, "origin", "people of Germany (DEU) are meant, add its row"),
        ({"origin": "TUX"}, "origin", "did you mean 'TUN'?"),
        ({"origin": ""}, "origin", "the key origin"),
        ({"low": "6,000"}, "low", "did you mean '6000'?"),
        ({"low": "1001"}, "low", "at most 1000, which high says"),
        ({"low": None, "high": None}, "low", "low, high or both"),
        ({"qualifier": "point"}, "high", "900 as in low"),
        ({"qualifier": "roughly"}, "qualifier", "point, about, range, at_least or at_most"),
        ({"as_of": "31/01/2017"}, "as_of", "did you mean '2017-01-31'?"),
        ({"as_of": "2017-01"}, "as_of", "give a full day"),
        ({"published": "2017-02-30"}, "published", "a day that the calendar has"),
        ({"source": "un_2015"}, "source", "--title, --publisher"),
        ({"source": "x", "title": "T"}, "author_or_publisher", "author_or_publisher"),
        ({"source": "x", "title": "T", "publisher": "P", "source_published": "2017"},
         "published", "a day as YYYY-MM-DD"),
        ({"place": "IRQ"}, "place", "returned is a quantity of a home country"),
        ({"quantity": "strength", "quoted_by": "un_2016"}, "quoted_by", "quantity of aggregates"),
        ({"quantity": "strength", "place": "Erewhon"}, "place", "name or code of a country"),
        ({"quantity": "share_returned_percent", "origin": "", "high": "130", "low": "1"},
         "high", "a percentage from 0 to 100"),
        ({"quoted_by": "un_2099"}, "quoted_by", "a key of evidence/sources.csv"),
    ],
)  # fmt: skip
def test_a_wrong_figure_is_told_and_nothing_is_written(
    demo: Path, changes: dict[str, Any], column: str, words: str
) -> None:
    before = contents(demo)
    with pytest.raises(CaseError) as raised:
        add(demo, **changes)
    assert any(fault.column == column and words in str(fault) for fault in raised.value.faults), (
        raised.value
    )
    assert contents(demo) == before


def test_everything_wrong_is_told_at_once(demo: Path) -> None:
    with pytest.raises(CaseError) as raised:
        add(demo, origin="Tunezien", low="6,000", as_of="soon", source="nobody")
    told = [fault.column for fault in raised.value.faults]
    assert told == ["origin", "low", "as_of", "source"]


def test_the_same_figure_is_not_counted_twice(demo: Path) -> None:
    add(demo)
    before = contents(demo)
    with pytest.raises(CaseError, match=r"row 8 of evidence/figures\.csv does not tell already"):
        add(demo)
    assert contents(demo) == before


def test_a_trial_writes_nothing(demo: Path) -> None:
    before = contents(demo)
    added = add(demo, dry_run=True, source="x", title="T", publisher="P")
    assert not added.written
    assert set(added.rows) == {SOURCES, FIGURES}
    assert contents(demo) == before


def test_notes_that_the_row_brings_are_passed_on(demo: Path) -> None:
    (note,) = add(demo, as_of="2017-06-01").notes
    assert note.kind == "published_before_as_of"
    assert add(demo, low="901").notes == ()


def test_a_case_with_a_fault_is_not_added_to(demo: Path) -> None:
    (demo / "places.csv").write_text("x\n")
    before = contents(demo)
    with pytest.raises(CaseError, match=r"places\.csv"):
        add(demo)
    assert contents(demo) == before


def test_a_built_in_case_is_not_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("isis_2017", Path("isis_2017")):
        with pytest.raises(InputError, match="a folder of your own"):
            add_evidence(name, **ROW)
    with pytest.raises(CaseError, match="a folder that exists"):
        add_evidence("nowhere", **ROW)


def test_tables_are_made_where_there_are_none(demo: Path) -> None:
    for file in (FIGURES, AGGREGATES, "evidence/tags.csv"):
        (demo / file).unlink()
    add(demo)
    text = (demo / FIGURES).read_text(encoding="utf-8")
    assert text.splitlines()[0].split(",") == list(Figure.columns())
    assert len(load_case(demo).ledger.figure_rows) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"key,title\r\na,b\r\n", b"key,title\r\na,b\r\nun,\r\n"),
        (b"key,title\na,b", b"key,title\na,b\nun,\n"),
        (b"\xef\xbb\xbftitle,key\n", b"\xef\xbb\xbftitle,key\n,un\n"),
        (b"key,title\n\n", b"key,title\n\nun,\n"),
        (b'key,title\na,"b\nc"\n', b'key,title\na,"b\nc"\nun,\n'),
    ],
)
def test_what_stands_in_a_table_stays(old: bytes, new: bytes) -> None:
    from dispersal.case.schema import Source

    assert appended(old, Source, [{"key": "un"}], "s.csv")[0] == new


def test_a_column_that_the_table_lacks_is_told(demo: Path) -> None:
    file = demo / FIGURES
    lines = file.read_text(encoding="utf-8").splitlines()
    short = "\n".join(",".join([*line.split(",")[:9], ""]) for line in lines[:4])
    file.write_text(short.replace("source,", "source,note", 1) + "\n", encoding="utf-8")
    (demo / "evidence/tags.csv").unlink()
    add(demo)
    before = contents(demo)
    with pytest.raises(CaseError, match="expected a column quoted_by"):
        add(demo, low="901", quoted_by="late_2017")
    assert contents(demo) == before


def test_files_change_together_or_not_at_all(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of two files cannot be written: the first is as it was, and nothing is left."""
    before = contents(demo)
    replace = Path.replace

    def fails(self: Path, target: Path) -> Path:
        if Path(target).name == "figures.csv":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(InputError, match="No space left on device"):
        add(demo, source="x", title="T", publisher="P")
    assert contents(demo) == before
    assert list((demo / "evidence").glob(".*")) == []


def test_a_disk_that_is_full_leaves_all_as_it_was(
    demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(demo)

    def fails(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dispersal.authoring.evidence.appending.os.fsync", fails)
    with pytest.raises(InputError, match="No space left on device"):
        add(demo)
    assert contents(demo) == before
    assert list((demo / "evidence").glob(".*")) == []


def test_a_file_that_changed_meanwhile_is_not_replaced(demo: Path) -> None:
    old = (demo / FIGURES).read_bytes()
    (demo / FIGURES).write_bytes(old + b"\n")
    with pytest.raises(InputError, match="changed while it was read"):
        write_together(demo, {FIGURES: (old, old + b"mine\n")})
    assert (demo / FIGURES).read_bytes() == old + b"\n"


def test_rights_of_a_file_stay(demo: Path) -> None:
    (demo / FIGURES).chmod(0o640)
    add(demo)
    assert stat.S_IMODE((demo / FIGURES).stat().st_mode) == 0o640
