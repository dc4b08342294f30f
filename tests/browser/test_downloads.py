"""What can be saved: pictures as SVG and PNG, tables as CSV that no spreadsheet runs."""

from __future__ import annotations

import copy
import csv
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from dispersal.report.page import page as page_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import Shown, Visit

PICTURES = ("map", "fates", "shares", "countries", "theatres", "remnant", "coverage", "told")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_saved_as_svg_with_title_and_source(
    shown: Shown, look: Callable[..., Visit], name: str
) -> None:
    here = look(shown.file)
    text = here.download(f"{name}-svg").read_text(encoding="utf-8")
    root = ET.fromstring(text)
    assert root.tag == f"{SVG}svg"
    words = " ".join("".join(found.itertext()) for found in root.iter(f"{SVG}text"))
    heading = here.page.locator(f"#figure-{name} h3").inner_text()
    assert heading.split()[0] in words
    assert "2017" in words  # the cut-off, in the line of the source
    assert not [one for one in root.iter() if one.tag in (f"{SVG}script", f"{SVG}foreignObject")]
    marks = [one for one in root.iter() if one.tag.removeprefix(SVG) in ("path", "circle", "rect")]
    assert len(marks) > 2
    assert "var(--" not in text  # colours stand in the file itself


@pytest.mark.parametrize("name", ["map", "shares"])
def test_pictures_are_saved_as_png(shown: Shown, look: Callable[..., Visit], name: str) -> None:
    content = look(shown.file).download(f"{name}-png").read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    assert width >= 1_000
    assert height >= 400
    assert len(content) > 10_000


def test_no_spreadsheet_runs_a_cell(
    shown: Shown, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    nasty = copy.deepcopy(shown.document)
    texts = [
        "=HYPERLINK(1)",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        'a "quoted", text\nof two',
    ]
    figures = nasty["ledger"]["figures"]
    note = figures["columns"].index("note")
    for row, text in zip(figures["rows"], texts, strict=False):
        row[note] = text
    file = tmp_path / "nasty.html"
    file.write_text(page_of(nasty), encoding="utf-8")
    saved = visit(file).download("ledger-csv")
    with saved.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert len({len(row) for row in rows}) == 1
    cells = [cell for row in rows for cell in row]
    numbers = [cell for cell in cells if cell.lstrip("-").replace(".", "").isdigit()]
    assert numbers
    for cell in cells:
        assert cell in numbers or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell
    assert any("HYPERLINK" in cell for cell in cells)
    assert texts[-1] in cells
