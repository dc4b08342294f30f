"""HTML as the text that a reader reads, and what the head of the page says."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from dispersal.drafting.words import compiled, words
from dispersal.errors import InputError

#: What is not part of an article.
LEFT_OUT: Final = (
    *("script", "style", "noscript", "template", "svg", "nav", "footer", "aside", "form"),
    *("button", "select", "iframe", "object", "figure", "dialog", "head"),
)
_BLOCKS: Final = words("blocks of a page")
#: Words in class or id of a block that is beside the article.
_BESIDE: Final = compiled("beside the article")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY_NAMES: Final = words("day of a page")
_LOOKS: Final = re.compile(r"(?i)<(?:!doctype html|html|head|body|article|p|div|h1)[\s>]")


@dataclass(frozen=True)
class Page:
    """Text, title, day and publisher of a web page."""

    text: str
    title: str
    published: str
    publisher: str


def looks_like_html(text: str | bytes) -> bool:
    """Return whether a text begins like a web page.

    Examples
    --------
    >>> looks_like_html("<!DOCTYPE html><p>Home</p>"), looks_like_html("Fewer < 5 went home.")
    (True, False)
    """
    start = text[:2_000]
    if isinstance(start, bytes):
        start = start.decode("latin-1")
    return bool(start.lstrip("\ufeff \t\r\n").startswith("<") and _LOOKS.search(start))


def text_of_html(source: str | bytes, name: str = "the page") -> Page:
    r"""Return what a reader reads of a page: paragraphs with an empty line between them.

    Parameters
    ----------
    source : str or bytes
        The page; bytes are decoded as the page declares.
    name : str
        For errors.

    Raises
    ------
    InputError
        If the page is in no encoding that can be told.

    Examples
    --------
    >>> text_of_html("<nav>Menu</nav><p>They will go <b>home</b>.</p><p>Or not.</p>").text
    'They will go home.\n\nOr not.'
    """
    soup = BeautifulSoup(source, "html.parser")
    wide = soup.original_encoding in ("utf-16le", "utf-16be")
    broken = soup.contains_replacement_characters or (isinstance(source, bytes) and b"\0" in source)
    if isinstance(source, bytes) and broken and not wide:
        raise InputError(
            f"{name}: found bytes that are not {soup.original_encoding or 'text'}, expected a "
            "page in the encoding that it declares; save it anew as UTF-8"
        )
    title, published, publisher = _head(soup)
    for tag in soup.find_all(LEFT_OUT):
        tag.extract()
    for tag in soup.find_all(True):
        marks = " ".join([*_listed(tag.get("class")), *_listed(tag.get("id"))])
        if marks and tag.name not in ("body", "main", "article") and _BESIDE.search(marks):
            tag.extract()
    body = _article_of(soup)
    parts: list[str] = []
    _walk(body, parts)
    blocks = ("".join(parts)).split("\n\n")
    text = "\n\n".join(line for block in blocks if (line := " ".join(block.split())))
    return Page(text, title, published, publisher)


def _article_of(soup: BeautifulSoup) -> Tag:
    """Return the longest ``article``, or ``main``, or the whole page."""
    for name in ("article", "main"):
        found = [tag for tag in soup.find_all(name) if isinstance(tag, Tag)]
        if found:
            best = max(found, key=lambda tag: len(tag.get_text()))
            if len(best.get_text().strip()) > 200:
                return best
    return soup


def _walk(tag: Tag, parts: list[str]) -> None:
    for child in tag.children:
        if isinstance(child, PreformattedString):  # comments and their like
            continue
        if isinstance(child, NavigableString):
            parts.append(re.sub(r"\s+", " ", str(child)))
        elif isinstance(child, Tag):
            block = child.name in _BLOCKS
            if block or child.name == "br":
                parts.append("\n\n" if block else " ")
            _walk(child, parts)
            if block:
                parts.append("\n\n")


def _listed(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(one) for one in value] if isinstance(value, list) else []


def _head(soup: BeautifulSoup) -> tuple[str, str, str]:
    meta = {
        str(tag.get("property") or tag.get("name") or tag.get("itemprop") or "").casefold(): str(
            tag.get("content") or ""
        )
        for tag in soup.find_all("meta")
    }
    heading = soup.find("h1")
    plain = soup.find("title")
    title = meta.get("og:title", "")
    for tag in (heading, plain):
        if not title and isinstance(tag, Tag):
            title = tag.get_text(" ")
    days = [meta[name] for name in _DAY_NAMES & meta.keys()]
    days += [str(tag.get("datetime") or "") for tag in soup.find_all("time")[:1]]
    days += [
        day
        for script in soup.find_all("script", type="application/ld+json")
        for day in _published_in(script.get_text())
    ]
    published = next((found[0] for day in days if (found := _DAY.match(day.strip()))), "")
    return " ".join(title.split()), published, " ".join(meta.get("og:site_name", "").split())


def _published_in(text: str) -> list[str]:
    try:
        data = json.loads(text)
    except ValueError:
        return []
    entries = data if isinstance(data, list) else [data]
    return [str(one.get("datePublished") or "") for one in entries if isinstance(one, dict)]
