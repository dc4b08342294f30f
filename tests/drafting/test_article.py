"""Reading an article: text, HTML, encodings, limits, sentences."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispersal.drafting import read_article
from dispersal.drafting.sentences import sentences_of
from dispersal.errors import InputError

TUNING = Path(__file__).parent / "tuning"


def test_a_file_and_its_text_are_the_same_article() -> None:
    path = TUNING / "uganda_newspaper.txt"
    from_file, from_text = read_article(path), read_article(path.read_text(encoding="utf-8"))
    assert from_file.text == from_text.text
    assert from_file.fingerprint == from_text.fingerprint
    assert from_file.name == "uganda_newspaper.txt"


@pytest.mark.parametrize("path", sorted(TUNING.glob("*.[th]*")), ids=lambda path: path.stem)
def test_sentences_lie_where_they_say(path: Path) -> None:
    article = read_article(path)
    assert len(article.sentences) > 15
    for one, following in zip(article.sentences, article.sentences[1:], strict=False):
        assert article.text[one.start : one.end] == one.text
        assert one.end <= following.start
        assert not article.text[one.end : following.start].strip()


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_sentences_hold_all_that_is_not_white_space(text: str) -> None:
    found = sentences_of(text)
    assert "".join("".join(one.text.split()) for one in found) == "".join(text.split())
    assert all(text[one.start : one.end] == one.text for one in found)


def test_abbreviations_initials_and_quotations_do_not_end_a_sentence() -> None:
    text = "Dr. A. B. Roe of the U.S. Army spoke. “Where to?” she asked. At 3.5 km they stopped."
    assert [one.text for one in sentences_of(text)] == [
        "Dr. A. B. Roe of the U.S. Army spoke.",
        "“Where to?” she asked.",
        "At 3.5 km they stopped.",
    ]


def test_headings_and_bullets_are_sentences_of_their_own() -> None:
    text = (
        "Going home\nMany will go back to the farms that they left in the north.\n\n- Peru\n- Chile"
    )
    assert [one.text for one in sentences_of(text)] == [
        "Going home",
        "Many will go back to the farms that they left in the north.",
        "- Peru",
        "- Chile",
    ]


def test_a_web_page_is_read_without_what_is_beside_the_article() -> None:
    article = read_article(TUNING / "sahel_blog.html")
    assert article.title == "What happens when the emirs lose the dunes?"
    assert article.published == "2013-02-11"
    assert article.publisher == "Sand & Steel"
    for word in ("Haiti", "Brazil", "Tokyo", "Geneva", "tracking"):
        assert word not in article.text
    assert "Aïr Mountains" in article.text
    assert "Timbuktu and Gao" in article.text, "an inline tag does not part words"


def test_a_page_in_another_encoding_is_read_as_it_declares(tmp_path: Path) -> None:
    page = '<html><head><meta charset="iso-8859-1"></head><body><p>Nariño</p></body></html>'
    file = tmp_path / "page.html"
    file.write_bytes(page.encode("iso-8859-1"))
    assert read_article(file).text == "Nariño"


def test_utf_16_with_its_mark_is_read(tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_bytes("Most will return to Peru.".encode("utf-16"))
    assert read_article(file).text == "Most will return to Peru."


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.txt", b"", "found nothing in empty.txt"),
        ("blank.txt", b" \n\t\n", "found nothing in blank.txt"),
        (
            "latin.txt",
            "line one\nNari\xf1o".encode("latin-1"),
            r"latin.txt, line 2: found the byte",
        ),
        ("binary.txt", b"MZ\0\0", "found binary data"),
        ("empty.html", b"<html><body><nav>Menu</nav></body></html>", "no readable text"),
        (
            "broken.html",
            b"<html><head><meta charset='utf-8'></head><p>\xff\xfe\0\x81</p>",
            "not utf-8|bytes that are not",
        ),
    ],
)
def test_what_is_no_article_gets_a_clear_error(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_article(file)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "dump.txt"
    with file.open("wb") as stream:
        stream.truncate(50_000_000)
    with pytest.raises(InputError, match=r"found 50\.0 MB in .*at most 2 MB"):
        read_article(file)
    with pytest.raises(InputError, match="at most 2 MB"):
        read_article("word " * 500_000)


def test_folders_and_missing_files_are_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="found the folder"):
        read_article(tmp_path)
    with pytest.raises(InputError, match="found no file"):
        read_article(tmp_path / "none.txt")
