"""Organisations and persons: names by words, abbreviations and deeds; persons are never rows."""

from __future__ import annotations

import pytest

from dispersal.drafting import propose, read_article
from dispersal.drafting.persons import persons_in


def organisations(text: str) -> list[str]:
    rows = propose(read_article(text + "\n")).of_kind("organisation")
    return [str(row.values["name"]) for row in rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Lord's Resistance Army waited.", ["Lord's Resistance Army"]),
        (
            "The Movement for the Liberation of Oro (MLO) split. The MLO is weak.",
            ["Movement for the Liberation of Oro"],
        ),
        (
            "Institute for War and Peace Studies and Harvard University agree.",
            ["Institute for War and Peace Studies", "Harvard University"],
        ),
        ("The M23 and UNITA disbanded.", ["M23", "UNITA"]),
        ("Members of the Zorro waited, and Ansar Dine fighters left.", ["Zorro", "Ansar Dine"]),
        ("They told The Daily Oro and the newspaper El Faro.", ["The Daily Oro", "El Faro"]),
        ("Boko Haram and al-Shabaab fighters waited.", ["Boko Haram", "Al-Shabaab"]),
        ("Officers of the Uganda People's Defence Force", ["Uganda People's Defence Force"]),
        ("GULU, 3 March 2009 — The LRA is weak.", ["LRA"]),
    ],
)
def test_organisations_are_found(text: str, expected: list[str]) -> None:
    assert organisations(text) == expected


def test_persons_are_found_and_never_rows() -> None:
    text = (
        "Colonel Amadou Bâ said so. Teresa Villanueva, a historian, told reporters that Villanueva "
        "Street was calm. Bâ left Gao with Ibrahim Keita, the mayor. They went to Mali.\n"
    )
    article = read_article(text)
    assert {"Amadou Bâ", "Bâ", "Teresa Villanueva", "Villanueva"} <= persons_in(article)
    for row in propose(article).rows:
        named = f"{row.values.get('name', '')} {row.values.get('place', '')} {row.said_by}"
        assert not any(word in named for word in ("Amadou", "Bâ", "Teresa", "Villanueva", "Keita"))


@pytest.mark.parametrize(
    ("text", "said_by"),
    [
        (
            "Some 300 fighters left, according to the Institute for Oro Studies.",
            "Institute for Oro Studies",
        ),
        ("The army said that 300 fighters left.", "army"),
        ("“About 300 fighters left,” said Ana Roe.", "a person quoted"),
        ("About 300 fighters left, security officials estimated.", "security officials"),
        ("About 300 fighters left.", ""),
        ("According to diplomats, 300 fighters left.", "diplomats"),
    ],
)
def test_who_says_so_is_recorded_without_names_of_persons(text: str, said_by: str) -> None:
    row = propose(read_article(text + "\n")).of_kind("number")[0]
    assert row.said_by == said_by


def test_the_group_is_proposed_with_its_size() -> None:
    text = (
        "The Oro Liberation Front had 2,000 to 3,000 fighters. Its commanders fled. The Oro "
        "Liberation Front was defeated, says the Ministry of Defence.\n"
    )
    group = propose(read_article(text)).of_kind("group")[0]
    assert group.values["name"] == "Oro Liberation Front"
    assert (group.values["members_low"], group.values["members_high"]) == (2000, 3000)
