"""``dispersal draft``: rows, the review at the terminal, and the case."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from dispersal.case import load_case
from dispersal.cli import main
from dispersal.cli.draft_review import value_of
from dispersal.drafting import propose, read_article, read_review

TEXT = """\
5 May 2003. The Oro Front lost its camps in Peru, where it had 2,000 to 3,000 fighters.

Most will return to Bolivia. Some could relocate to Congo.
"""


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


@pytest.fixture
def article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An article in the working directory, which is otherwise empty."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "oro 2003.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


def test_rows_are_printed_and_the_review_is_written_beside_the_case(
    runner: CliRunner, article: Path
) -> None:
    result = runner.invoke(main, ["draft", article.name])
    assert result.exit_code == 0, result.output
    words = " ".join(result.stdout.split())
    assert "none accepted" in words
    assert "destination-1 BOL returnees will" in words
    assert "review file: oro_2003.review.yaml" in words
    assert (
        "accept: yes"
        not in Path("oro_2003.review.yaml").read_text(encoding="utf-8").split("draft: 1")[1]
    )
    assert not Path("oro_2003").exists()


def test_a_review_is_never_overwritten(runner: CliRunner, article: Path) -> None:
    assert runner.invoke(main, ["draft", article.name]).exit_code == 0
    review = Path("oro_2003.review.yaml")
    review.write_text("mine", encoding="utf-8")
    result = runner.invoke(main, ["draft", article.name])
    assert result.exit_code == 2
    assert "may hold answers" in result.stderr
    assert review.read_text(encoding="utf-8") == "mine"


def test_json_prints_the_rows_and_writes_nothing(runner: CliRunner, article: Path) -> None:
    result = runner.invoke(main, ["draft", article.name, "--json", "--asked-on", "2003-06-01"])
    found = json.loads(result.stdout)
    assert found["asked_on"] == "2003-06-01"
    assert {row["accept"] for row in found["rows"]} <= {"no", "?"}
    assert all(row["sentence"] in TEXT for row in found["rows"])
    assert [path.name for path in Path().iterdir()] == [article.name]


def test_rows_are_asked_kept_and_resumed_and_become_a_case(
    runner: CliRunner, article: Path
) -> None:
    rows = propose(read_article(article)).rows
    kinds = [row.kind for row in rows]
    # The group and the first place, whose use is corrected; then quit.
    first = "y\ne\nuse=home_theater\ne\nuse=home_theatre\ny\nq\n"
    assert kinds[:2] == ["group", "place"]
    assert rows[1].values["place"] == "PER"
    result = runner.invoke(main, ["draft", article.name, "--review"], input=first)
    assert result.exit_code == 0, result.output
    assert "did you mean 'home_theatre'" in result.stdout
    kept = read_review("oro_2003.review.yaml", propose(read_article(article)))
    assert [row.row for row in kept.accepted()] == ["group-1", "place-1"]
    assert kept.reviewed == {"group-1", "place-1"}

    answers = []
    for row in rows[2:]:
        if row.kind == "destination":
            answers += ["y", *(["3", "y", "2"] if row.question else [])]
        else:
            answers.append("y" if row.kind == "date" else "n")
    result = runner.invoke(
        main, ["draft", article.name, "--review"], input="\n".join(answers) + "\n"
    )
    assert result.exit_code == 0, result.output
    assert f"{len(rows) - 2} of {len(rows)} rows wait" in result.stdout
    assert "expected one of COD, COG, or its number" in " ".join(result.stdout.split())
    assert "Every row has an answer." in result.stdout

    result = runner.invoke(main, ["draft", article.name, "--review"])
    assert "0 of" in result.stdout
    result = runner.invoke(main, ["draft", article.name, "--yes-to", "oro_2003.review.yaml"])
    assert result.exit_code == 0, result.output
    assert runner.invoke(main, ["check", "./oro_2003"]).exit_code == 0
    case = load_case("./oro_2003")
    assert {place.place for place in case.places} == {"PER", "COG"}
    assert {origin.origin for origin in case.origins} == {"PER", "BOL"}


def test_an_end_of_input_quits_and_keeps_the_answers(runner: CliRunner, article: Path) -> None:
    result = runner.invoke(main, ["draft", article.name, "--review"], input="y\n")
    assert result.exit_code == 0
    kept = read_review("oro_2003.review.yaml", propose(read_article(article)))
    assert [row.row for row in kept.accepted()] == ["group-1"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["none.txt"], "found no file none.txt"),
        (["oro 2003.txt", "--json", "--review"], "expected one of them"),
        (["oro 2003.txt", "--asked-on", "soon"], "2017-03-07"),
        (["oro 2003.txt", "--yes-to", "none.yaml"], "found no file none.yaml"),
    ],
)
def test_bad_input_ends_with_2(
    runner: CliRunner, article: Path, options: list[str], message: str
) -> None:
    result = runner.invoke(main, ["draft", *options])
    assert result.exit_code == 2
    assert message in result.stderr


def test_too_little_accepted_says_what_is_missing(runner: CliRunner, article: Path) -> None:
    runner.invoke(main, ["draft", article.name])
    result = runner.invoke(main, ["draft", article.name, "--yes-to", "oro_2003.review.yaml"])
    assert result.exit_code == 2
    assert "expected the territory that the group loses" in result.stderr
    assert not Path("oro_2003").exists()


def test_values_are_read_as_the_file_reads_them() -> None:
    assert value_of("0.35") == 0.35
    assert value_of("") == ""
    assert value_of("a: b") == "a: b"
