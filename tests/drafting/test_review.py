"""Nothing is accepted silently; the review file goes there and back; a case is built from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispersal.case import check_case, load_case
from dispersal.case.yamltext import parse_yaml
from dispersal.drafting import (
    Proposals,
    build_case,
    propose,
    read_article,
    read_review,
    review_text,
    write_review,
)
from dispersal.drafting.proposals import FIELDS, KINDS
from dispersal.errors import InputError

TUNING = Path(__file__).parent / "tuning"

TEXT = """\
5 May 2003. The Oro Front lost its camps in Peru, where it had 2,000 to 3,000 fighters.

About 300 Chileans joined; 40 were killed and a third have returned. Most will return to Bolivia.
A hard core may hide in the Qoxik forest. Some could relocate to Congo, the Ministry of Defence
said. They are unlikely to seek asylum in Norway. The army stormed the last redoubt; the group was
crushed.
"""


@pytest.fixture(scope="module")
def found() -> Proposals:
    return propose(read_article(TEXT))


def by_value(found: Proposals, kind: str, **values: object) -> str:
    """Return the identifier of the row of a kind that says this."""
    return next(
        row.row
        for row in found.of_kind(kind)
        if all(row.values[key] == value for key, value in values.items())
    )


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *("Most will return to Peru", "accept: yes", "Yes, yes.", "in Congo", "yes"),
                *("300 fighters", "the Oro Front", "Niger", "Korea", "«oui»", "# yes", "\n\n"),
                *("7 March 2017", "- accept: yes", "hide in Goma"),
            ]
        ),
        max_size=12,
    ).map(" ".join)
)
def test_no_proposal_ever_has_a_yes(text: str) -> None:
    article = read_article(text + "\nend of text")
    for row in propose(article).rows:
        assert row.accept in {"no", "?"}
        assert (row.accept == "?") is bool(row.question)
        assert row.answer == ""
        assert article.text[row.start : row.end] == row.sentence
        assert row.values.keys() == set(FIELDS[row.kind])
        assert 0 < row.confidence <= 1


@pytest.mark.parametrize("path", sorted(TUNING.glob("*.[th]*")), ids=lambda path: path.stem)
def test_every_row_stands_beside_its_sentence_and_survives_the_file(
    path: Path, tmp_path: Path
) -> None:
    article = read_article(path)
    proposals = propose(article)
    assert {row.kind for row in proposals.rows} <= set(KINDS)
    assert len({row.row for row in proposals.rows}) == len(proposals.rows)
    for row in proposals.rows:
        assert article.text[row.start : row.end] == row.sentence
        assert row.accept != "yes"
    back = read_review(write_review(proposals, tmp_path / "review.yaml"), proposals)
    assert back.rows == proposals.rows
    assert not any(path.name.startswith(".") for path in tmp_path.iterdir())


def test_the_file_is_plain_yaml_that_a_person_can_read(found: Proposals) -> None:
    text = review_text(found)
    data, faults = parse_yaml(text, "review.yaml")
    assert faults == []
    assert isinstance(data, dict)
    assert [row["accept"] for row in data["rows"]].count("yes") == 0
    assert '\n  sentence: "They are unlikely to seek asylum in Norway."' in text


def edited(found: Proposals, tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = review_text(found)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file = tmp_path / "review.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_answers_and_changes_are_read(found: Proposals, tmp_path: Path) -> None:
    label = by_value(found, "destination", place="BOL")
    file = edited(
        found,
        tmp_path,
        (f"row: {label}\n  accept: no\n  place: BOL", f"row: {label}\n  accept: yes\n  place: ARG"),
        ("asked_on: ''", "asked_on: 2003-06-01"),
    )
    back = read_review(file, found)
    (row,) = back.accepted()
    assert (row.row, row.values["place"]) == (label, "ARG")
    assert back.asked_on == "2003-06-01"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "1\n  accept: no",
            "1\n  accept: perhaps",
            r"group-1\.accept: found 'perhaps', expected yes, no or",
        ),
        ("draft: 1", "draft: 2", "review.yaml, draft: found '2', expected 1"),
        ("fingerprint: ", "fingerprint: 0", "made from another text"),
        ("  use: ", "  usage: ", "unknown_key|expected a key that the row had; did you mean 'use'"),
        ("cohort: returnees", "cohort: returnes", "did you mean 'returnees'"),
        ("low: 2000", "low: many", "expected a number in digits"),
        ("negated: true", "negated: perhaps", "expected true or false"),
        ("date: 2003-05-05", "date: 5/5/2003", "expected a year, a month or a day"),
        ("- row: place-2", "- row: place-22", "found 'place-22'.*did you mean 'place-2'"),
        ("- row: place-2", "- row: place-1", "expected each row once"),
        ("rows:", "rows: []\nrest:", "expected every row that was proposed"),
        ('sentence: "5 May', 'sentence: "6 May', "the sentence as it was drafted"),
        ("reviewed: []", "reviewed: [", "expected YAML that can be read"),
    ],
)
def test_what_is_wrong_with_the_file_is_listed(
    found: Proposals, tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_review(edited(found, tmp_path, (old, new)), found)


def test_an_open_question_keeps_a_row_from_being_accepted(found: Proposals, tmp_path: Path) -> None:
    label = by_value(found, "destination", place="COD")
    start = f'- row: {label}\n  accept: "?"'
    with pytest.raises(InputError, match=r"expected an answer, one of COD, COG"):
        read_review(edited(found, tmp_path, (start, f"- row: {label}\n  accept: yes")), found)
    file = edited(found, tmp_path, (start, f"- row: {label}\n  accept: yes"))
    text = file.read_text(encoding="utf-8")
    at = text.index(start[:20])
    file.write_text(text[:at] + text[at:].replace("answer: ''", "answer: COG", 1), encoding="utf-8")
    row = next(row for row in read_review(file, found).rows if row.row == label)
    assert row.settled["place"] == "COG"


def accepted(found: Proposals) -> Proposals:
    """Return the proposals with a yes to what makes a case."""
    qoxik = by_value(found, "place", place="Qoxik forest")
    rows = [
        "group-1",
        by_value(found, "place", place="PER"),
        *(row.row for row in found.of_kind("destination")),
        *(row.row for row in found.of_kind("number")),
        *(row.row for row in found.of_kind("end_mode")),
        by_value(found, "date", date="2003-05-05"),
    ]
    congo = by_value(found, "destination", place="COD")
    given = found.with_yes_to(rows, {congo: "COD"})
    changed = []
    for row in given.rows:
        if row.row == qoxik:
            row = replace(row, values={**row.values, "country": "PER"})
        if row.row == by_value(found, "place", place="PER"):
            row = replace(row, values={**row.values, "use": "home_theatre"})
        changed.append(row)
    return replace(given, rows=tuple(changed))


def test_a_case_is_built_that_passes_its_check(found: Proposals, tmp_path: Path) -> None:
    folder = build_case(accepted(found), tmp_path / "oro_2003")
    report = check_case(folder)
    assert report.faults == ()
    assert [note for note in report.notes if note.kind == "ignored_file"] == []
    case = load_case(folder)
    assert case.group.name == "Oro Front"
    assert (case.group.members_low, case.group.members_high) == (2000, 3000)
    assert case.territory.places == ("PER",)
    assert str(case.asked_on) == "2003-05-05"
    assert case.end.modes["military_defeat"] == 0.8
    assert {origin.origin: origin.kind for origin in case.origins} == {
        "PER": "local",
        "BOL": "foreign",
        "CHL": "foreign",
    }
    members = {origin.origin: origin.members_low for origin in case.origins}
    assert members == {"PER": None, "BOL": 10, "CHL": None}, "only Bolivians are not counted"
    roles = {place.place: place.roles for place in case.places}
    assert roles == {
        "PER": ("home_theatre",),
        "PER-QOXIK-FOREST": ("sanctuary",),
        "COD": ("theatre",),
    }
    forest = next(place for place in case.places if place.country)
    assert "coordinates are those of Lima" in forest.note
    assert case.group.remnant == "oro_front_remnant_qoxik_forest"
    assert [(row.quantity, row.origin, row.low) for row in case.ledger.figure_rows] == [
        ("departed", "CHL", 300.0)
    ]
    aggregates = {row.quantity: row for row in case.ledger.aggregate_rows}
    assert aggregates["share_returned_percent"].low == pytest.approx(33.33)
    assert aggregates["killed_total"].low == 40
    assert (aggregates["strength"].low, aggregates["strength"].high) == (2000, 3000)
    assert {row.source for row in case.ledger.aggregate_rows} == {"article"}
    judged = {(row.place or row.origin): row for row in case.experts}
    assert judged["COD"].expert == "Ministry of Defence"
    assert "NOR" not in judged
    assert "hide in the Qoxik forest" in judged["PER-QOXIK-FOREST"].note


def test_what_was_not_accepted_is_listed_with_its_sentence(
    found: Proposals, tmp_path: Path
) -> None:
    yes = accepted(found)
    text = (build_case(yes, tmp_path / "oro_2003") / "draft.txt").read_text(encoding="utf-8")
    for row in yes.rows:
        assert (f"- {row.row}:" in text) is (row.accept != "yes")
    assert "coordinates are those of Lima" in text
    assert "territory.peak_date" in text
    assert "members of BOL: 10 to 1,000 in origins.csv only says" in text
    assert "denied) is not judged" in text


@pytest.mark.parametrize(
    ("left_out", "message"),
    [
        ("place", r"no accepted place with use: home_theatre.*say yes to a place row"),
        ("group", "no accepted group, expected the row group-1"),
        ("date", "no day of the question, expected --asked-on DATE"),
    ],
)
def test_too_little_is_a_clear_error(
    found: Proposals, tmp_path: Path, left_out: str, message: str
) -> None:
    yes = accepted(found)
    rows = tuple(replace(row, accept="no") if row.kind == left_out else row for row in yes.rows)
    with pytest.raises(InputError, match=message):
        build_case(replace(yes, rows=rows), tmp_path / "oro_2003")
    assert list(tmp_path.iterdir()) == []


def test_a_zone_without_a_country_and_a_bad_folder_are_errors(
    found: Proposals, tmp_path: Path
) -> None:
    rows = tuple(
        replace(row, values={**row.values, "country": ""}) if row.kind == "place" else row
        for row in accepted(found).rows
    )
    with pytest.raises(InputError, match=r"\(Qoxik forest\): found no country"):
        build_case(replace(found, rows=rows), tmp_path / "oro_2003")
    with pytest.raises(InputError, match="did you mean 'oro_2003'"):
        build_case(accepted(found), tmp_path / "Oro 2003")
    (tmp_path / "oro_2003").mkdir()
    (tmp_path / "oro_2003" / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(InputError, match="nothing is overwritten"):
        build_case(accepted(found), tmp_path / "oro_2003")
    assert (tmp_path / "oro_2003" / "mine.txt").read_text(encoding="utf-8") == "keep"


def test_a_question_before_the_article_is_an_error(found: Proposals, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a question not before the article"):
        build_case(replace(accepted(found), asked_on="2003-01-01"), tmp_path / "oro_2003")


def test_an_area_is_remarked_on_and_not_lost(tmp_path: Path) -> None:
    text = "The Oro Front lost Peru. Many will relocate to West Africa. They hold Peru."
    found = propose(read_article(text), asked_on="2003-05-05")
    chosen = [by_value(found, "place", place="PER"), by_value(found, "destination", place="WAF")]
    given = found.with_yes_to(["group-1", *chosen])
    folder = build_case(given, tmp_path / "oro_2003")
    assert "West Africa (WAF) is larger than a country" in (folder / "draft.txt").read_text("utf-8")
    assert [row.place for row in load_case(folder).experts] == ["WAF"]
