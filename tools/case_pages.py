"""Forecast the built-in cases and fill in what their pages say of the forecast.

Run by ``make cases``. Each case is forecast as on the day of its question and scored on what was
published afterwards; docs/cases/NAME/*.png and the part of docs/case-NAME.md between two marks are
written anew.
"""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import matplotlib as mpl

mpl.use("agg")
from matplotlib import pyplot as plt

import dispersal
from dispersal.forecast.answer import answer
from dispersal.forecast.wording import number
from dispersal.record.outcomes import score_outcomes

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from dispersal.forecast.forecast import Forecast
    from dispersal.record.outcomes import OutcomeScores

ROOT: Final = Path(__file__).resolve().parents[1]
DOCS: Final = ROOT / "docs"
BEGIN, END = "<!-- FORECAST: written by `make cases` -->", "<!-- END OF FORECAST -->"


def pictures(forecast: Forecast, outcomes: OutcomeScores, folder: Path) -> list[tuple[str, str]]:
    """Draw the pictures of a page; return their names and titles."""
    local = all(row.kind == "local" for row in forecast.case.origins)
    whom = "local" if local else "foreign"
    calls: dict[str, tuple[str, Callable[[], Axes]]] = {
        "outcomes": (
            "What was published later, beside the forecast",
            lambda: forecast.plot.outcomes(outcomes),
        ),
        "fates": ("What becomes of them", lambda: forecast.plot.fates(whom)),
        "map": ("Where they are at the end", lambda: forecast.plot.map(origin="all")),
    }
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    for name, (title, call) in calls.items():
        if name == "outcomes" and outcomes.rows.empty:
            continue
        figure = call().get_figure(root=True)
        assert figure is not None
        figure.savefig(folder / f"{name}.png", dpi=110, metadata={"Software": None})
        plt.close("all")
        drawn.append((name, title))
    return drawn


def section(
    forecast: Forecast, outcomes: OutcomeScores, drawn: list[tuple[str, str]], seconds: float
) -> str:
    """Return the part of a page between the marks."""
    found = answer(forecast)
    name = forecast.case.name
    lines = [BEGIN, "", f"`dispersal forecast {name}`, seed 1, {forecast.size:,} draws:", ""]
    lines += [*(f"> {sentence}" for sentence in found.sentences), ""]
    rows = outcomes.rows
    inside80, inside95 = (int(rows[f"inside{level}"].sum()) for level in (80, 95))
    lines += [
        f"Of {len(rows)} outcomes published later, {inside80} lie inside their 80 % and {inside95} "
        f"inside their 95 % intervals; the forecast took {seconds:.0f} s.",
        "",
        "| outcome | as of | published | forecast, 95 % interval | inside |",
        "|---|---|---|---|---|",
    ]
    for line in rows.to_dict("records"):
        where = f" ({line['where']})" if line["where"] else ""
        ends = [number(line[end]) for end in ("low", "high") if line[end] == line[end]]
        told = "–".join(dict.fromkeys(ends))
        if line["qualifier"] in ("at_least", "at_most"):
            told = f"{line['qualifier'].replace('_', ' ')} {told}"
        middle, low, high = (number(line[at]) for at in ("p50", "p2_5", "p97_5"))
        lines.append(
            f"| {line['quantity'].replace('_', ' ')}{where} | {line['as_of']:%Y-%m-%d} | {told} | "
            f"{middle} ({low}–{high}) | {'yes' if line['inside95'] else '**no**'} |"
        )
    slug = name.replace("_", "-")
    for picture, title in drawn:
        lines += ["", f"![{title}](cases/{slug}/{picture}.png)"]
    return "\n".join([*lines, "", END])


def fill(page: Path, text: str) -> None:
    """Put a section between the marks of a page, or under its heading."""
    old = page.read_text(encoding="utf-8")
    if BEGIN in old:
        new = re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: text, old, flags=re.DOTALL)
    else:
        heading = "## What the forecast said\n"
        if heading not in old:
            raise SystemExit(f"{page}: found no marks, expected {heading!r}")
        new = old.replace(heading, f"{heading}\n{text}\n", 1)
    page.write_text(new, encoding="utf-8")


def main() -> None:
    """Forecast, score, draw and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("cases", nargs="*", help="default: all built-in cases")
    asked = parser.parse_args().cases
    for name in asked or dispersal.builtin_cases():
        case = dispersal.load_case(name)
        began = time.perf_counter()
        posterior = dispersal.fit(case, seed=1)
        forecast = dispersal.forecast(posterior, seed=1)
        seconds = time.perf_counter() - began
        outcomes = score_outcomes(forecast, case.ledger)
        slug = name.replace("_", "-")
        drawn = pictures(forecast, outcomes, DOCS / "cases" / slug)
        fill(DOCS / f"case-{slug}.md", section(forecast, outcomes, drawn, seconds))
        print(
            f"{name}: {seconds:.0f} s, {len(outcomes.misses)} of {len(outcomes.rows)} outside 95 %"
        )


if __name__ == "__main__":
    main()
