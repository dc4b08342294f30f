"""An article as plain text with its sentences: read from text or HTML, within limits."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dispersal.drafting.headline import title_of
from dispersal.drafting.markup import looks_like_html, text_of_html
from dispersal.drafting.sentences import Sentence, sentences_of
from dispersal.errors import InputError, shorten

#: An article of 2 MB has some 300,000 words; more is a book, a dump or a mistake.
MAX_BYTES: Final = 2_000_000

_TEXT_SUFFIXES: Final = (".txt", ".md", ".text")
_HTML_SUFFIXES: Final = (".html", ".htm", ".xhtml")
_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@dataclass(frozen=True)
class Article:
    r"""A text, its sentences, and what its head says of it.

    Parameters
    ----------
    name : str
        File name, or ``text``.
    title : str
        Headline; the first words where there is none.
    text : str
        The text that every offset counts in: characters, line ends as ``\n``; of a web page
        what a reader reads, without navigation and scripts.
    sentences : tuple of Sentence
        In order; together with the white space between them they are the text.
    published : str
        Day that the head of a web page gives, as ``YYYY-MM-DD``; empty where there is none.
    publisher : str
        Who published it, if the page says so.

    Examples
    --------
    >>> article = read_article("Where next?\n\nMost will go home to Peru. Some will not.")
    >>> article.title, len(article.sentences)
    ('Where next?', 3)
    """

    name: str
    title: str
    text: str
    sentences: tuple[Sentence, ...]
    published: str = ""
    publisher: str = ""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the text: a review belongs to the text that it was made from."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read_article(path_or_text: str | Path) -> Article:
    """Read an article.

    Parameters
    ----------
    path_or_text : str or Path
        A file of plain text (UTF-8, or UTF-16 with its mark) or HTML (in the encoding that it
        declares); or the text itself. A string is taken for a file if it is one, or if it is a
        single word that ends like one (``.txt``, ``.html``).

    Returns
    -------
    Article

    Raises
    ------
    InputError
        If there is no such file, or it is empty, too large, not text, or in an encoding that
        cannot be told.

    Examples
    --------
    >>> read_article("missing.txt")
    Traceback (most recent call last):
    dispersal.errors.InputError: found no file missing.txt, expected an article: plain text or HTML
    """
    path = _path_of(path_or_text)
    if path is None:
        text, name = str(path_or_text), "text"
        if len(text.encode(errors="replace")) > MAX_BYTES:
            raise InputError(f"found a text of {len(text):,} characters, expected {_LIMIT}")
        html = looks_like_html(text)
    else:
        name = path.name
        raw = _bytes_of(path)
        html = path.suffix.casefold() in _HTML_SUFFIXES or looks_like_html(raw[:2_000])
        if html:
            return _of_html(raw, name)
        text = _decoded(raw, name)
    if html:
        return _of_html(text, name)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise InputError(f"found nothing in {name}, expected an article: plain text or HTML")
    sentences = sentences_of(text)
    return Article(name, title_of(text, sentences), text, sentences)


_LIMIT: Final = f"an article of at most {MAX_BYTES // 1_000_000} MB"


def _path_of(path_or_text: str | Path) -> Path | None:
    if isinstance(path_or_text, Path):
        return path_or_text
    one_word = len(path_or_text) < 500 and not any(mark in path_or_text for mark in "\n<\0")
    if not one_word or not path_or_text.strip():
        return None
    path = Path(path_or_text)
    ends_like_one = path.suffix.casefold() in _TEXT_SUFFIXES + _HTML_SUFFIXES
    try:
        if path.exists() or (ends_like_one and " " not in path.name):
            return path
    except OSError:  # a sentence can be too long for a file name
        return None
    return None


def _bytes_of(path: Path) -> bytes:
    if path.is_dir():
        raise InputError(f"found the folder {path}, expected a file: plain text or HTML")
    if not path.is_file():
        raise InputError(f"found no file {path}, expected an article: plain text or HTML")
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise InputError(f"found {size / 1e6:,.1f} MB in {path}, expected {_LIMIT}")
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error


def _decoded(raw: bytes, name: str) -> str:
    encoding = next((known for mark, known in _MARKS if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        found = shorten(repr(raw[error.start : error.start + 1])[2:-1])
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{name}, line {line}: found the byte {found}, expected text in UTF-8; open the file "
            "in an editor and save it as UTF-8"
        ) from error
    if "\0" in text:
        raise InputError(f"{name}: found binary data, expected text or HTML")
    return text


def _of_html(source: bytes | str, name: str) -> Article:
    page = text_of_html(source, name)
    if not page.text.strip():
        raise InputError(f"found no readable text in {name}, expected a page with an article")
    sentences = sentences_of(page.text)
    title = page.title or title_of(page.text, sentences)
    return Article(name, title, page.text, sentences, page.published, page.publisher)
