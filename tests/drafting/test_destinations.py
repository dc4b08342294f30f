"""Destinations: each cohort, what is denied, what happened already, what only looks like one."""

from __future__ import annotations

import pytest

from dispersal.drafting import propose, read_article
from dispersal.drafting.endings import end_modes_in
from dispersal.drafting.weighing.candidates import surroundings_of
from dispersal.drafting.weighing.stems import SUBJECTS, spoken_of
from dispersal.drafting.words import words


def destinations(text: str, *, negated: bool = False) -> set[tuple[str, str]]:
    return {
        (str(row.values["place"]), str(row.values["cohort"]))
        for row in propose(read_article(text + "\n")).of_kind("destination")
        if row.values["negated"] is negated
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Most will return to Peru.", {("PER", "returnees")}),
        ("The Kenyans are likely to slip home.", {("KEN", "returnees")}),
        ("Those from Chad will go home.", {("TCD", "returnees")}),
        ("Many could relocate to Libya, Mali or Sudan.",
         {("LBY", "free_agents"), ("MLI", "free_agents"), ("SDN", "free_agents")}),
        ("Yemen is the likeliest next theatre.", {("YEM", "free_agents")}),
        ("Some may offer their services in Ukraine.", {("UKR", "free_agents")}),
        ("A few will seek asylum in Norway.", {("NOR", "third_country")}),
        ("The leaders are expected to settle in Qatar.", {("QAT", "third_country")}),
        ("A hard core will hide in the Sambisa forest.", {("Sambisa forest", "holdouts")}),
        ("They are likely to go underground in Cairo.", {("Cairo", "holdouts")}),
        ("The rest will fall back to the hills near Zenica.", {("Zenica", "holdouts")}),
        ("Some are expected to melt into Darfur, and others may head for Chad.",
         {("Darfur", "holdouts"), ("TCD", "free_agents")}),
        ("Most will return to Goma.", {("Goma", "returnees")}),
        ("Tunisians? Homeward bound, I am told.", {("TUN", "returnees")}),
    ],
)  # fmt: skip
def test_each_cohort_is_found(text: str, expected: set[tuple[str, str]]) -> None:
    assert destinations(text) == expected


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("They will not return to Peru.", ("PER", "returnees")),
        ("It is unlikely that they will relocate to Mali.", ("MLI", "free_agents")),
        ("Nobody expects them to seek asylum in Norway.", ("NOR", "third_country")),
        ("There will be no guerrilla war in Kenya.", ("KEN", "free_agents")),
    ],
)
def test_what_is_denied_is_marked(text: str, denied: tuple[str, str]) -> None:
    assert destinations(text) == set()
    assert denied in destinations(text, negated=True)


def test_not_only_and_not_all_deny_nothing() -> None:
    assert destinations("They will not only hide in Darfur.") == {("Darfur", "holdouts")}


@pytest.mark.parametrize(
    "text",
    [
        "In 2014 about 300 fighters returned to Peru.",
        "He settled in Qatar in 1999.",
        "They had fled to Chad from Libya.",
        "Officials in Kenya said that they were watching.",
        "The army took Goma in May.",
    ],
)
def test_what_happened_or_is_only_named_is_no_destination(text: str) -> None:
    assert destinations(text) == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They know Darfur well. Some may hide there.", {("Darfur", "holdouts")}),
        ("Tunisia will see many return home. So will Morocco and Jordan.",
         {("TUN", "returnees"), ("MAR", "returnees"), ("JOR", "returnees")}),
        ("They could relocate to Mali, or else to Libya, or, failing that, to Sudan.",
         {("MLI", "free_agents"), ("LBY", "free_agents"), ("SDN", "free_agents")}),
        ("The Kenyans will slip home. Tanzanians might do the same.",
         {("KEN", "returnees"), ("TZA", "returnees")}),
        ("A few may move to Belgium.", {("BEL", "third_country")}),
    ],
)  # fmt: skip
def test_what_is_said_before_is_taken_over(text: str, expected: set[tuple[str, str]]) -> None:
    assert expected <= destinations(text)


@pytest.mark.parametrize(
    "text",
    [
        "Donors should fund reception centres for refugees in Niger.",
        "He played down a suggestion that they would relocate to Mali.",
        "A return to Peru isn't to be expected.",
    ],
)
def test_what_is_advised_told_or_denied_is_no_destination(text: str) -> None:
    assert destinations(text) == set()


@pytest.mark.xfail(reason="a sentence alone has little to weigh: docs/draft.md, limits")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Where will they go next?\n\nLibya, perhaps.", {("LBY", "free_agents")}),
        ("Most will return to Goma, in eastern Congo.", {("Goma", "returnees")}),
        ("An official in Cairo warned that many would return to fighting.", set()),
        ("They will hide in the hills, Moscow believes.", set()),
    ],
)
def test_what_the_rules_before_the_weights_could_read(
    text: str, expected: set[tuple[str, str]]
) -> None:
    assert destinations(text) == expected


@pytest.mark.xfail(reason="who goes is not told: docs/draft.md, limits")
def test_an_asylum_that_is_refused_is_marked() -> None:
    text = "Norway has said that it will not grant asylum."
    assert ("NOR", "third_country") in destinations(text, negated=True)


def test_hedges_are_recorded() -> None:
    row = propose(read_article("Some may return to Peru.\n")).of_kind("destination")[0]
    assert row.values["hedge"] == "some"
    row = propose(read_article("They will certainly return to Peru.\n")).of_kind("destination")[0]
    assert row.values["hedge"] == "will"


def test_a_heading_tells_of_the_sentences_under_it() -> None:
    article = read_article("Going home\n\nThe road is long.\n\nAnother war\n\nMali pays.\n")
    around = surroundings_of(article, [])
    assert around.headings[-1] == "Another war"
    assert "Going home" in around.headings


def test_every_place_and_cohort_stands_once_with_what_spoke_for_it() -> None:
    text = "Most will return to Peru. Many will go home to Peru, to their farms.\n"
    rows = propose(read_article(text)).of_kind("destination")
    assert [row.values["place"] for row in rows] == ["PER"]
    assert 0.5 < rows[0].confidence <= 1
    assert rows[0].reason.startswith("weighed words: ")


def test_every_section_of_what_words_speak_of_is_there() -> None:
    assert spoken_of("They may hide in the forest, or fly home.")["hiding"] == 2
    assert all(words(f"speaks of {subject}") for subject in SUBJECTS)


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("The army stormed the last redoubt. The group was crushed.", "military_defeat"),
        ("The peace accord was signed. A ceasefire holds.", "negotiated"),
        ("They withdrew in May. The withdrawal went on in June.", "withdrawal"),
        ("The mutiny failed. The group split into factions; infighting followed.", "fragmentation"),
    ],
)
def test_the_manner_of_the_end(text: str, mode: str) -> None:
    assert list(end_modes_in(read_article(text + "\n"))) == [mode]


def test_one_passing_word_is_no_manner_of_an_end() -> None:
    assert end_modes_in(read_article("He signed the book and left.\n")) == {}
