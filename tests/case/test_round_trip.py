"""What is written can be read again, and says the same."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispersal.case import load_case, write_case
from dispersal.case.folder import KNOWN_FILES
from dispersal.case.schema import Figure
from dispersal.errors import InputError

from .test_known_on import SMALL


def files_of(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in KNOWN_FILES if (folder / name).exists()}


@pytest.mark.parametrize("name", ["demo", "isis_2017"])
def test_read_write_read(name: str, demo: Path, tmp_path: Path) -> None:
    case = load_case(demo if name == "demo" else name)
    first = write_case(case, tmp_path / "first" / name)
    again = load_case(first)
    assert again == case
    second = write_case(again, str(tmp_path / "second" / name))
    assert files_of(second) == files_of(first)
    assert load_case(second).content_hash == again.content_hash
    assert again.ledger.content_hash() == case.ledger.content_hash()


def test_a_filtered_case_can_be_written(demo: Path, tmp_path: Path) -> None:
    known = load_case(demo).as_known_on("2017-03-07")
    again = load_case(write_case(known, tmp_path / "known" / "demo"))
    assert again == replace(known, known_on=None)
    assert again.content_hash == known.content_hash


def test_nothing_is_overwritten(demo: Path, tmp_path: Path) -> None:
    case = load_case(demo)
    before = files_of(demo)
    with pytest.raises(InputError, match=r"case\.yaml.*expected a folder without"):
        write_case(case, demo)
    assert files_of(demo) == before
    partly = tmp_path / "partly" / "demo"
    (partly / "evidence").mkdir(parents=True)
    (partly / "evidence" / "tags.csv").write_text("kept", encoding="utf-8")
    with pytest.raises(InputError, match=r"evidence/tags\.csv"):
        write_case(case, partly)
    assert files_of(partly) == {"evidence/tags.csv": b"kept"}


def test_the_folder_is_called_like_the_case(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected 'demo'"):
        write_case(SMALL, tmp_path / "other")
    assert not (tmp_path / "other").exists()


printable = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=40)
running_text = st.one_of(
    printable.map(str.strip),
    st.sampled_from(
        ["no", "1e5", "0.10", "2017-03-07", "a: b", "# x", "'", '"', "- x", "*a", "&a", "null", "~",
         "a\nb", "a\r\nb", "=1+1", "é ü 中", "a,b;c", "!x", "%", "007", "true", "[1]", "{a}", "|"]
    ),
)  # fmt: skip
amounts = st.one_of(
    st.floats(0, 1e9, allow_nan=False), st.integers(0, 10**12).map(float), st.just(0.1 + 0.2)
)


@settings(max_examples=80, deadline=None)
@given(running_text, running_text, running_text, amounts)
def test_any_text_and_number_survives(title: str, note: str, reason: str, amount: float) -> None:
    figure = Figure.model_validate(
        {**SMALL.ledger.figure_rows[1].model_dump(), "note": note, "low": amount, "high": amount}
    )
    rows = SMALL.ledger.figure_rows
    rules = SMALL.ledger.tag_rules
    case = replace(
        SMALL,
        question_file=SMALL.question_file.model_validate(
            {**SMALL.question_file.model_dump(), "title": title or "x", "notes": note}
        ),
        ledger=replace(
            SMALL.ledger,
            figure_rows=(rows[0], figure, *rows[2:]),
            tag_rules=(rules[0].model_copy(update={"reason": reason or "x"}), *rules[1:]),
        ),
    )
    with tempfile.TemporaryDirectory() as folder:
        assert load_case(write_case(case, Path(folder) / "demo")) == case
