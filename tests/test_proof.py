"""The page of the proof: cells, tables, and the page that stands in docs/proof."""

from __future__ import annotations

import importlib.util
import math
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[1]


def page() -> Any:
    if str(ROOT / "tools") not in sys.path:  # as when its folder holds the script that is run
        sys.path.append(str(ROOT / "tools"))
    spec = importlib.util.spec_from_file_location("proof_page", ROOT / "tools" / "proof_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.12345, "0.123"), (1234.0, "1,234"), (1234.5, "1,234"), (0.0, "0"), (math.nan, ""),
     (True, "yes"), (12, "12"), ("last_figure", "last figure"), ("a|b", "a/b")],
)  # fmt: skip
def test_cells(value: object, text: str) -> None:
    assert page().cell(value) == text


def test_a_table_has_a_line_for_each_row() -> None:
    frame = pd.DataFrame({"a": [1.5, math.nan], "b": ["x", "y"]})
    lines = page().markdown(frame, {"b": "B", "a": "A"}).splitlines()
    assert lines == ["| B | A |", "|---|---|", "| x | 1.5 |", "| y |  |"]


def test_the_page_is_made_of_the_tables_beside_it(tmp_path: Path) -> None:
    """Every number on the page comes from the tables: made anew, it is the same page."""
    for source in (ROOT / "docs" / "proof").iterdir():
        if source.suffix in {".csv", ".json"}:
            (tmp_path / source.name).write_bytes(source.read_bytes())
    module = page()
    drawn: list[str] = []
    module.coverage_figure = lambda *_: drawn.append("coverage")
    module.write_page(tmp_path)
    found = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert found == (ROOT / "docs" / "proof" / "README.md").read_text(encoding="utf-8")
    assert drawn == ["coverage"]
