"""The file around the document: it holds all it shows, fetches nothing, and harms no other file."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import dispersal
from dispersal.errors import DispersalError, InputError
from dispersal.report import page as module
from dispersal.report.document import document
from dispersal.report.page import MARK, json_in_html, page, require_front_end
from dispersal.world.polygons import polygons_text
from tests.forecast.synthetic import make_forecast

if TYPE_CHECKING:
    from dispersal.forecast.forecast import Forecast

#: What breaks out of an element, a string or a line, if it is let.
NASTY = "</script><script>alert(1)</script><!-- <b title='\"x\"'> & \u2028\u2029 \x00 \\ مرحبا 你好"


class Reader(HTMLParser):
    """Elements with their attributes and their text, as a browser would take them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[int, str] = {}
        self.ended = True
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.ended = False

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self.ended = True

    def handle_data(self, data: str) -> None:
        at = len(self.elements) - 1
        if not self.ended:
            self.texts[at] = self.texts.get(at, "") + data

    def named(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [
            (attributes, self.texts.get(at, ""))
            for at, (name, attributes) in enumerate(self.elements)
            if name == tag
        ]

    def by_id(self, name: str) -> str:
        ((at),) = [
            at for at, (_, attributes) in enumerate(self.elements) if attributes.get("id") == name
        ]
        return self.texts[at]


@pytest.fixture(scope="module")
def forecast(tmp_path_factory: pytest.TempPathFactory) -> Forecast:
    return make_forecast(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def data(forecast: Forecast) -> dict[str, Any]:
    return document(forecast)


def test_the_file_holds_the_document_and_the_outlines(
    forecast: Forecast, data: dict[str, Any], tmp_path: Path
) -> None:
    file = dispersal.report(forecast, tmp_path / "report.html")
    assert file == tmp_path / "report.html"
    read = Reader(file.read_text(encoding="utf-8"))
    assert json.loads(read.by_id("dispersal-data")) == json.loads(json.dumps(data))
    assert json.loads(read.by_id("dispersal-world")) == json.loads(polygons_text())
    assert ("html", {"lang": "en"}) in read.elements
    ((_, title),) = read.named("title")
    assert title == "A tiny case, as known on 2017-03-07"


def test_the_policy_allows_the_one_script_and_no_request(data: dict[str, Any]) -> None:
    text = page(data)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert not re.search(r"https?:|\*|'self'|unsafe-eval", policy)
    scripts = [
        (attributes, script)
        for attributes, script in Reader(text).named("script")
        if attributes.get("type") != "application/json"
    ]
    ((attributes, script),) = scripts
    assert attributes == {}
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert rules["script-src"] == f"'sha256-{digest}'"


def test_the_page_names_no_file_of_its_own(data: dict[str, Any]) -> None:
    read = Reader(page(data))
    fetched = {"src", "href", "data", "poster", "srcset", "action"}
    for tag, attributes in read.elements:
        assert not fetched & set(attributes), tag
        assert tag not in {"link", "iframe", "object", "base"}
    for _, style in read.named("style"):
        assert not re.search(r"url\(\s*['\"]?(?!data:|#)|@import", style)


def test_no_text_can_break_out(data: dict[str, Any]) -> None:
    nasty = copy.deepcopy(data)
    nasty["meta"]["title"] = nasty["meta"]["question"] = NASTY
    nasty["answer"] = {"sentences": [NASTY], "changes": [NASTY]}
    nasty["limits"] = nasty["line"] = [NASTY]
    nasty["tables"] = [{"title": NASTY, "columns": [NASTY, NASTY], "rows": [[NASTY, NASTY]]}]
    text = page(nasty)
    assert "\u2028" not in text.partition('id="dispersal-data">')[2]
    usual, found = Reader(page(data)), Reader(text)
    assert json.loads(found.by_id("dispersal-data")) == nasty
    for tag in ("script", "b", "style"):
        assert len(found.named(tag)) == len(usual.named(tag)), tag
    assert not any("onclick" in attributes for _, attributes in found.elements)


def test_json_keeps_its_meaning() -> None:
    assert json.loads(json_in_html(json.dumps([NASTY], ensure_ascii=False))) == [NASTY]
    assert not set("<>&\u2028\u2029") & set(json_in_html(json.dumps([NASTY], ensure_ascii=False)))


def test_without_scripts_the_answer_and_the_tables_can_be_read(data: dict[str, Any]) -> None:
    text = page(data)
    words = text.partition("<noscript>")[2].partition("</noscript>")[0]
    read = " ".join(" ".join(Reader(words).texts.values()).split())
    said = [*data["answer"]["sentences"], *data["answer"]["changes"], *data["limits"]]
    said += [table["title"] for table in data["tables"]]
    said += [cell for table in data["tables"] for row in table["rows"] for cell in row]
    for sentence in said:
        assert " ".join(sentence.split()) in read


def test_a_script_cannot_end_early(
    data: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "report.js").write_text('const a = "</script><!--";')
    (bundle / "report.css").write_text('p::after { content: "</style>"; }')
    (bundle / "licences.txt").write_text("-->\n----\nfree")
    monkeypatch.setattr(module, "bundle_folder", lambda: bundle)
    read = Reader(page(data))
    assert len(read.named("script")) == 3
    assert read.named("script")[-1][1] == 'const a = "\\x3c/script>\\x3c!--";'
    assert read.named("style")[0][1].strip() == 'p::after { content: "\\3c /style>"; }'


def test_a_missing_front_end_says_what_to_do(
    data: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_front_end()
    monkeypatch.setattr(module, "bundle_folder", lambda: tmp_path)
    for needs in (require_front_end, lambda: page(data)):
        with pytest.raises(DispersalError, match=r"found no report\.js .* run `make web`"):
            needs()


def test_the_same_forecast_gives_the_same_file(forecast: Forecast, tmp_path: Path) -> None:
    first = dispersal.report(forecast, tmp_path / "a.html").read_bytes()
    assert dispersal.report(forecast, tmp_path / "new" / "b.html").read_bytes() == first


def test_an_earlier_report_is_replaced_and_nothing_else(forecast: Forecast, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(f"<!DOCTYPE html>{MARK}0.0.9")
    assert "dispersal-data" in dispersal.report(forecast, file).read_text(encoding="utf-8")
    for content in ("", "mine", f"{'x' * 5000}{MARK}"):
        file.write_text(content)
        with pytest.raises(InputError, match="that is not a report"):
            dispersal.report(forecast, file)
        assert file.read_text() == content
    with pytest.raises(InputError, match="found the folder"):
        dispersal.report(forecast, tmp_path)


def test_what_breaks_off_leaves_the_earlier_report(
    forecast: Forecast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = dispersal.report(forecast, tmp_path / "report.html")
    before = file.read_bytes()

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(InputError, match="No space left"):
        dispersal.report(forecast, file)
    assert file.read_bytes() == before
    assert os.listdir(tmp_path) == ["report.html"]  # noqa: PTH208
