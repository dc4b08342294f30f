"""Write docs/gallery and docs/notebooks from a saved forecast: figures, and a notebook that ran.

Run by ``make gallery RUN=runs/isis_2017-2017-03-07``. Every picture is drawn by the call that is
printed over it; the notebook, whose text is tools/notebook.md, is run from its first cell to its
last.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parents[1]
GALLERY = ROOT / "docs" / "gallery"
PAGE = ROOT / "docs" / "gallery.md"
NOTEBOOK = ROOT / "docs" / "notebooks" / "from-case-to-figures.ipynb"

#: Where the page and the notebook say that the run is.
RUN: Final = "runs/isis_2017-2017-03-07"

#: Name, what it shows, and the call.
FIGURES: Final = (
    (
        "fan",
        "A home country over time, with its evidence",
        'forecast.plot.fan("returned", "TUN", later=case)',
    ),
    (
        "fan_published",
        "The figures that a country would publish",
        'forecast.plot.fan("returned", "FRA", as_published=True, later=case)',
    ),
    ("fan_holdouts", "All members from abroad together", 'forecast.plot.fan("holdouts")'),
    ("fates", "What becomes of them", "forecast.plot.fates()"),
    ("map", "Where they are", "forecast.plot.map()"),
    ("flows", "Who went where since the cut-off", "forecast.plot.flows()"),
    (
        "flows_holdouts",
        "Holdouts, local members included",
        'forecast.plot.flows("holdouts", origin="all")',
    ),
    (
        "flows_free_agents",
        "Free agents, local members included",
        'forecast.plot.flows("free_agents", origin="all")',
    ),
    ("coverage", "How often the intervals held", "forecast.plot.coverage(scores)"),
    ("contraction", "What the evidence told", "forecast.plot.contraction()"),
)

TOP: Final = f"""\
# Gallery

Each picture is drawn in matplotlib by the call over it, from the saved forecast of the built-in
case; `make gallery` draws them anew. Each call takes `ax=` to draw on axes of your own, and returns
the axes. Bands and halos are intervals of the draws; filled dots are figures known at the cut-off,
hollow ones came later. The [report](report.md) shows the same in a browser; the
[notebook](notebooks/from-case-to-figures.ipynb) goes from the case to these figures.

```python
import dispersal

case = dispersal.load_case("isis_2017")
forecast = dispersal.load_forecast("{RUN}")
scores = dispersal.score(forecast, case)
```
"""


def cells() -> list[tuple[str, str]]:
    """Return the cells of the notebook, ``text`` or ``code`` each, from tools/notebook.md."""
    source = (ROOT / "tools" / "notebook.md").read_text(encoding="utf-8")
    found = []
    for part in re.split(r"^(```python\n.*?\n```)$", source, flags=re.DOTALL | re.MULTILINE):
        code = part.startswith("```python")
        text = part.removeprefix("```python\n").removesuffix("\n```") if code else part.strip()
        if text:
            found.append(("code" if code else "text", text))
    return found


def page() -> str:
    """Return the page of the gallery."""
    parts = [TOP]
    for name, title, call in FIGURES:
        parts.append(f"## {title}\n\n```python\n{call}\n```\n\n![{title}](gallery/{name}.png)\n")
    return "\n".join(parts)


def draw(run: Path) -> None:
    """Draw every figure of the gallery."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    import dispersal

    case = dispersal.load_case("isis_2017")
    forecast = dispersal.load_forecast(run)
    known: dict[str, Any] = {"forecast": forecast, "case": case}
    known["scores"] = dispersal.score(forecast, case)
    GALLERY.mkdir(parents=True, exist_ok=True)
    for name, _, call in FIGURES:
        ax = eval(call, known)
        ax.get_figure().savefig(GALLERY / f"{name}.png", dpi=120, metadata={"Software": None})
        plt.close("all")
        print(GALLERY / f"{name}.png")


def notebook_cells() -> list[Any]:
    """Return the cells of the notebook, not yet run."""
    import nbformat

    make = {"text": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    return [make[kind](source, id=f"cell-{at}") for at, (kind, source) in enumerate(cells())]


def write_notebook(run: Path) -> None:
    """Run the notebook where the run has the name that the notebook gives, and write it."""
    import nbformat
    from nbclient import NotebookClient

    os.environ["IPYTHONDIR"] = tempfile.mkdtemp()
    notebook = nbformat.v4.new_notebook(cells=notebook_cells())
    notebook.metadata["kernelspec"] = {
        "name": "python3", "display_name": "Python 3", "language": "python",
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / RUN
        place.parent.mkdir(parents=True)
        place.symlink_to(run.resolve(), target_is_directory=True)
        client = NotebookClient(notebook, timeout=600, resources={"metadata": {"path": folder}})
        client.execute()
    for cell in notebook.cells:
        cell.get("metadata", {}).pop("execution", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    NOTEBOOK.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, NOTEBOOK)
    print(NOTEBOOK)


def main() -> None:
    """Draw, run and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("run", type=Path, help="folder of a saved forecast of isis_2017")
    asked = parser.parse_args()
    draw(asked.run)
    PAGE.write_text(page(), encoding="utf-8")
    write_notebook(asked.run)


if __name__ == "__main__":
    main()
