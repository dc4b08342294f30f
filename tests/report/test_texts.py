"""The texts of a report are those of the pages."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

from dispersal.report.names import FATES
from dispersal.report.texts import glossary, limits, the_line

ROOT = Path(__file__).parents[2]


def flat(page: str) -> str:
    """Return a page without marks of Markdown, on one line."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", re.sub(r"\*\*|`", "", text))


def test_the_file_is_made_from_the_pages() -> None:
    script = runpy.run_path(str(ROOT / "tools" / "report_texts.py"))
    file = ROOT / "src" / "dispersal" / "report" / "texts.csv"
    assert file.read_text(encoding="utf-8") == script["page"](), (
        "out of date: run `python tools/report_texts.py`"
    )


def test_every_term_of_the_glossary_is_explained() -> None:
    terms = [entry["term"] for entry in glossary()]
    assert len(terms) == len(set(terms)) > 70
    assert {"Holdout", "Free agent", "Returnee", "CRPS (continuous ranked probability score)"} <= {
        *terms
    }
    assert all(entry["text"] for entry in glossary())
    assert {name for name, _ in FATES.values()} - {*terms} <= {
        "home, at large", "home, in custody", "home, in a programme",
    }  # fmt: skip


def test_the_texts_are_plain() -> None:
    texts = [*(entry["text"] for entry in glossary()), *limits("isis_2017"), *the_line()]
    for text in texts:
        assert not re.search(r"\]\(|\*\*|`|\.md\b|(?<!\w)\*\w", text), text
        assert text[-1] in ".?", text
        assert '"' not in text
        assert not re.search(r"\b[a-z]+_[a-z]+\b", text), text


def test_the_line_is_that_of_the_project() -> None:
    told = " ".join(the_line())
    for words in ("No person-level data", "No profiling", "No weapons, no methods", "No targeting"):
        assert words in told
        assert words in flat("docs/limits.md")


def test_what_holds_for_one_case_is_not_said_of_others() -> None:
    assert not any("2017" in text for text in limits("another"))
    assert any("2017" in text for text in limits("isis_2017"))
