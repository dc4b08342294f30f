"""The gallery and the notebook stand as their script makes them."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def script() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "tools" / "gallery.py"))


def notebook() -> dict[str, Any]:
    file = ROOT / "docs" / "notebooks" / "from-case-to-figures.ipynb"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def test_the_page_is_in_step_with_its_script() -> None:
    found = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    assert found == script()["page"](), "out of date: run `make gallery`"
    drawn = {file.stem for file in (ROOT / "docs" / "gallery").iterdir()}
    assert drawn == {name for name, _, _ in script()["FIGURES"]}


def test_the_notebook_is_in_step_with_its_script() -> None:
    cells = [
        ({"markdown": "text"}.get(cell["cell_type"], "code"), "".join(cell["source"]))
        for cell in notebook()["cells"]
    ]
    assert cells == script()["cells"](), "out of date: run `make gallery`"


def test_the_notebook_ran_from_its_first_cell_to_its_last() -> None:
    code = [cell for cell in notebook()["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    for cell in code:
        kinds = {kind for output in cell["outputs"] for kind in output.get("data", {})}
        assert not [output for output in cell["outputs"] if output["output_type"] == "error"]
        if "forecast.plot." in "".join(cell["source"]):
            assert "image/png" in kinds
