"""The pages agree with the code and the tables that they describe."""

from __future__ import annotations

import ast
import csv
import inspect
import re
import runpy
from pathlib import Path

import numpy as np
import pytest
import yaml

import dispersal
from dispersal.forecast.quantities import QUANTITIES
from dispersal.model.parameters import table
from dispersal.model.states import ALL_FATES

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "dispersal"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as renderers of Markdown make them."""
    headings = re.findall(r"^#+ +(.+)$", text, flags=re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


def test_page_of_parameters_is_in_step_with_the_table() -> None:
    script = runpy.run_path(str(ROOT / "tools" / "parameters_page.py"))
    assert text_of("docs/parameters.md") == script["page"](), "out of date: run `make docs`"


def test_page_of_parameters_lists_each_once() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", text_of("docs/parameters.md"), flags=re.MULTILINE)
    by_stage = [*table().of_stage("fit"), *table().of_stage("forward")]
    assert listed == [parameter.name for parameter in by_stage]
    assert set(listed) == set(table())


@pytest.mark.parametrize("stage", ["fit", "forward"])
def test_ranges_of_the_page_hold_four_fifths_of_a_prior(stage: str) -> None:
    script = runpy.run_path(str(ROOT / "tools" / "parameters_page.py"))
    rng = np.random.default_rng(1)
    for parameter in table().values():
        if parameter.stage != stage or parameter.hierarchical:
            continue
        low, high = (
            float(end) for end in script["prior_range"](parameter).replace("−", "-").split(" to ")
        )
        drawn = parameter.draw(rng, 20_000)
        spread = float(drawn.std())
        # Printed ends have two figures, and drawn ones some noise.
        assert np.quantile(drawn, 0.1) == pytest.approx(low, rel=0.08, abs=0.03 * spread)
        assert np.quantile(drawn, 0.9) == pytest.approx(high, rel=0.08, abs=0.03 * spread)


@pytest.mark.parametrize("page", NAMES)
def test_links_within_the_project_lead_somewhere(page: str) -> None:
    text = re.sub(r"```.*?```", "", text_of(page), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), f"{page} links to {link}"
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), f"{page}: {link}"


@pytest.mark.parametrize("page", NAMES)
def test_named_modules_exist(page: str) -> None:
    text = text_of(page)
    for module in re.findall(r"`(?:src/dispersal/)?((?:[a-z_]+/)+[a-z_]+\.(?:py|csv))`", text):
        places = (SOURCE, ROOT, SOURCE / "cases" / "isis_2017")
        assert any((place / module).is_file() for place in places), f"{page} names {module}"


def test_every_room_is_described() -> None:
    page = text_of("docs/architecture.md")
    rooms = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert {room for room in rooms if f"`{room}/`" not in page} == set()


def test_every_fate_is_in_the_glossary() -> None:
    page = text_of("docs/glossary.md")
    assert [fate for fate in ALL_FATES if f"`{fate}`" not in page] == []


def lines_of_the_question(column: str) -> list[tuple[str, str]]:
    """Return (line, text in backticks) for one column of the table of S1 to S12."""
    page = text_of("docs/case-isis-2017.md")
    header = next(line for line in page.splitlines() if line.startswith("| # |"))
    at = [name.strip() for name in header.split("|")].index(column)
    rows = re.findall(r"^\| S\d+ \|.*\|$", page, flags=re.MULTILINE)
    assert [row.split("|")[1].strip() for row in rows] == [f"S{n}" for n in range(1, 13)]
    assert all(len(row.split("|")) == len(header.split("|")) for row in rows)
    return [
        (row.split("|")[1].strip(), name)
        for row in rows
        for name in re.findall(r"`([^`]+)`", row.split("|")[at])
    ]


def test_lines_of_the_question_name_parameters_that_exist() -> None:
    for line, name in lines_of_the_question("parameters"):
        stem = name.removesuffix("…")
        known = any(p.startswith(stem) for p in table()) if stem != name else name in table()
        assert known, f"{line}: {name}"


def test_lines_of_the_question_name_what_is_in_the_case() -> None:
    folder = SOURCE / "cases" / "isis_2017"
    files = {path.name: path for path in folder.glob("**/*.*")}
    cells = {
        cell
        for path in files.values()
        if path.suffix == ".csv"
        for row in csv.reader(path.read_text(encoding="utf-8").splitlines())
        for field in row
        for cell in field.split(";")
    }
    question = yaml.safe_load(files["case.yaml"].read_text(encoding="utf-8"))
    for line, name in lines_of_the_question("in the case's files"):
        if name in files or name in cells:
            continue
        found = question
        for key in name.split("."):
            assert key in found, f"{line}: {name}"
            found = found[key]


def test_lines_of_the_question_name_outputs_that_exist() -> None:
    formats = text_of("docs/forecast-format.md")
    case = dispersal.load_case("isis_2017")
    hosts = {f"{host.place}:{host.host}" for host in case.hosts}
    for line, name in lines_of_the_question("output"):
        if name.startswith("Forecast."):
            assert hasattr(dispersal.Forecast, name.removeprefix("Forecast.")), f"{line}: {name}"
        else:
            known = name in QUANTITIES or name in hosts or f"`{name}`" in formats
            assert known or f"  {name} " in formats, f"{line}: {name}"


def test_page_of_the_model_tells_of_every_parameter() -> None:
    page = text_of("docs/model.md")
    named = set(re.findall(r"`([a-z_]+)`", page))
    named |= {name.replace("\\", "") for name in re.findall(r"texttt\{([^}]*)\}", page)}
    assert [name for name in table() if name not in named] == []


def test_page_of_the_model_names_functions_where_they_stand() -> None:
    named = re.findall(
        r"`((?:[a-z_]+/)+[a-z_]+\.py)`:\s((?:`\w+`(?:,\s)?)+)", text_of("docs/model.md")
    )
    assert len(named) > 30
    for module, functions in named:
        tree = ast.parse((SOURCE / module).read_text(encoding="utf-8"))
        defined = {
            node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }
        missing = set(re.findall(r"`(\w+)`", functions)) - defined
        assert missing == set(), f"docs/model.md looks for {missing} in {module}"


def test_readme_names_targets_of_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), flags=re.MULTILINE))
    for page in ("README.md", "CONTRIBUTING.md"):
        named = re.findall(r"(?:^|`)make ([a-z-]+)", text_of(page), flags=re.MULTILINE)
        assert named, page
        assert set(named) <= targets, page


def test_example_of_the_readme_calls_what_is_public() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", text_of("README.md"), flags=re.DOTALL)
    types = {
        "posterior": dispersal.Posterior,
        "forecast": dispersal.Forecast,
        "comparison": dispersal.Comparison,
    }
    calls = [node for node in ast.walk(ast.parse(example)) if isinstance(node, ast.Call)]
    assert len(calls) > 5
    for call in calls:
        assert isinstance(call.func, ast.Attribute)
        assert isinstance(call.func.value, ast.Name)
        owner, name = call.func.value.id, call.func.attr
        given = [ast.dump(argument) for argument in call.args]
        named = {str(keyword.arg): None for keyword in call.keywords}
        if owner == "dispersal":
            assert name in dispersal.__all__
            inspect.signature(getattr(dispersal, name)).bind(*given, **named)
        else:
            inspect.signature(getattr(types[owner], name)).bind(owner, *given, **named)
