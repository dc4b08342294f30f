"""Write docs/parameters.md from the table of parameters.

Run by ``make docs``; a test compares the page with the table. With ``--check`` nothing is written,
and the exit code is 1 if the page is out of date.
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

from dispersal.model.parameters import Parameter, Stage, table

PAGE = Path(__file__).resolve().parents[1] / "docs" / "parameters.md"

#: 90 % quantile of the normal and, as (10 %, 90 %), of the half-normal, both of scale 1.
NORMAL_P90 = 1.2815515655446004
HALF_NORMAL = (0.12566134685507405, 1.6448536269514724)

HEAD = """\
# Parameters

<!-- Written by tools/parameters_page.py from src/dispersal/model/parameters.csv.
     Edit the table, then run `make docs`. -->

Every parameter of the model is declared once, in `model/parameters.csv`; the code, the checks of a
case and this page read that table. There are {count} of them, {fit} of which the evidence is asked
about; [model.md](model.md) has the equations that they stand in. A case may replace any prior that
is not a hierarchy (`parameters` in `case.yaml`, see [case-format.md](case-format.md)).
`posterior.contraction()` tells how far the evidence moved each.

| prior | is |
|---|---|
| Normal(*m*, *s*) | mean *m*, standard deviation *s* |
| LogNormal(*m*, *s*) | median *m*; the log has standard deviation *s* |
| Share(*m*, *s*) | between 0 and 1, median *m*; the logit has standard deviation *s* |
| HalfNormal(*s*) | at least 0, scale *s* |

*one for each* says along what a parameter varies: home countries (origin), their regions (region),
half-years (knot). A prior that names another parameter is a hierarchy: its own scale is learnt,
too. *80 %* is the prior's range from its 10 % to its 90 % quantile.
"""

SECTIONS: dict[Stage, str] = {
    "fit": """\
## What the evidence is asked about

These are fitted. What a case's evidence cannot tell stays at its prior.
""",
    "forward": """\
## What only shapes the forecast

These are drawn from their priors for each simulated future: totals alone do not identify movement,
so the evidence is not asked about them (see
[what is fitted](model.md#what-is-fitted-and-what-is-only-drawn)).
Where the fit needs one, it takes the median of the prior in this table.
""",
}

COLUMNS = "| name | one for each | unit | prior | 80 % | meaning | source of the prior |"


def prior_in_words(parameter: Parameter) -> str:
    """Return the prior as a mathematician would write it."""
    family = {
        "normal": "Normal",
        "lognormal": "LogNormal",
        "share": "Share",
        "halfnormal": "HalfNormal",
    }[parameter.distribution]
    given = (parameter.b,) if family == "HalfNormal" else (parameter.a, parameter.b)
    return f"{family}({', '.join(_argument(value) for value in given)})"


def _argument(value: float | str) -> str:
    return f"`{value.removeprefix('@')}`" if isinstance(value, str) else f"{value:g}"


def prior_range(parameter: Parameter) -> str:
    """Return the prior's 10 % and 90 % quantiles, or nothing for a hierarchy."""
    if isinstance(parameter.a, str) or isinstance(parameter.b, str):
        return ""
    a, b = parameter.a, parameter.b
    if parameter.distribution == "halfnormal":
        low, high = (b * quantile for quantile in HALF_NORMAL)
    elif parameter.distribution == "lognormal":
        low, high = (a * math.exp(sign * NORMAL_P90 * b) for sign in (-1, 1))
    elif parameter.distribution == "share":
        odds = a / (1 - a)
        low, high = (1 / (1 + 1 / (odds * math.exp(sign * NORMAL_P90 * b))) for sign in (-1, 1))
    else:
        low, high = (a + sign * NORMAL_P90 * b for sign in (-1, 1))
    return f"{low:.2g} to {high:.2g}".replace("-", "−")


def row(parameter: Parameter) -> str:
    """Return one row of the page's table."""
    cells = (
        f"`{parameter.name}`",
        parameter.axis,
        parameter.unit,
        prior_in_words(parameter),
        prior_range(parameter),
        parameter.meaning,
        parameter.source,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def page() -> str:
    """Return the whole page."""
    parameters = table()
    head = HEAD.format(count=len(parameters), fit=len(parameters.of_stage("fit")))
    parts = [head]
    for stage, text in SECTIONS.items():
        rows = "\n".join(row(parameter) for parameter in parameters.of_stage(stage))
        parts.append(f"{text}\n{COLUMNS}\n|{'---|' * 7}\n{rows}\n")
    return "\n".join(parts)


def main() -> int:
    """Write or check the page."""
    parser = argparse.ArgumentParser(description="Write docs/parameters.md.")
    parser.add_argument("--check", action="store_true", help="write nothing, compare only")
    if not parser.parse_args().check:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page():
        return 0
    print(f"{PAGE.name} is out of date: run `make docs`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
