"""The layout refuses what it does not know, and the front end knows the same keys."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest

from dispersal.errors import InputError
from dispersal.report import layout, schema
from dispersal.report.displacement import layout as camps
from dispersal.report.schema import check
from dispersal.report.whatif import layout as asked
from dispersal.report.whatif import layout_told as told

ROOT = Path(__file__).parents[2]
TYPES = sorted((ROOT / "web" / "src").glob("document*.ts"))

#: Interfaces of the front end and the models that they are the same as.
SAME = {
    "ReportDocument": schema.Document,
    "Meta": layout.Meta,
    "Fate": layout.Fate,
    "Place": layout.Place,
    "Origin": layout.Origin,
    "Flow": layout.Flow,
    "MapData": layout.Map,
    "SankeyLink": layout.Link,
    "Country": layout.Country,
    "TheatreRow": layout.Theatre,
    "Remnant": layout.Remnant,
    "Host": layout.Host,
    "Ending": layout.End,
    "Theatres": layout.Theatres,
    "QuantityScore": schema.Quantity,
    "BaselineScore": schema.Baseline,
    "Miss": schema.Miss,
    "ScoredFigure": schema.Scored,
    "CutoffScore": schema.Cutoff,
    "RecordData": schema.Record,
    "Told": schema.Told,
    "Figure": schema.Figure,
    "Source": schema.Source,
    "Ledger": schema.Evidence,
    "Answered": asked.Answered,
    "Difference": asked.Difference,
    "Lever": asked.Lever,
    "Levers": asked.Levers,
    "Driver": asked.Driver,
    "Driven": asked.Driven,
    "Sensitivity": asked.Sensitivity,
    "Worth": asked.Worth,
    "Information": asked.Information,
    "Observable": asked.Observable,
    "Watched": asked.Watched,
    "Indicators": asked.Indicators,
    "Judgement": told.Judgement,
    "Scores": told.Scores,
    "ExpertScores": told.ExpertScores,
    "OverallScores": told.OverallScores,
    "Pool": told.Pool,
    "Claim": told.Claim,
    "Experts": told.Experts,
    "NewRow": told.NewRow,
    "Moved": told.Moved,
    "Update": told.Update,
    "Entry": told.Entry,
    "Influencing": told.Influencing,
    "Influence": told.Influence,
    "WhatIf": told.WhatIf,
}


def keys_of(model: Any) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def interfaces(text: str) -> dict[str, set[str]]:
    """Return the keys of each interface of a TypeScript file, with those it extends."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    found: dict[str, set[str]] = {}
    pattern = r"interface (\w+)(?: extends ([\w, ]+))? \{\n(.*?)\n\}"
    for name, parents, body in re.findall(pattern, text, flags=re.DOTALL):
        own = set(re.findall(r"^  (\w+)\??:", body, flags=re.MULTILINE))
        for parent in filter(None, (parent.strip() for parent in parents.split(","))):
            own |= found[parent]
        found[name] = own
    return found


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("format",), 3, "format"),
        (("surplus",), 1, "surplus"),
        (("meta", "draws"), "many", "meta.draws"),
        (("countries", 0, "counts", "returned", "p10"), [1.0], "series of 1 numbers"),
        (("countries", 0, "width"), float("nan"), "countries.0.width"),
        (("origins", 0, "kind"), "elsewhere", "origins.0.kind"),
        (("map", "flows", "columns", 0), "where", "from"),
        (("ledger", "figures", "columns", 0), "number", "id"),
        (("answer",), None, "answer"),
    ],
)
def test_what_does_not_fit_is_refused(
    made: dict[str, Any], path: tuple[str | int, ...], value: object, message: str
) -> None:
    broken = copy.deepcopy(made)
    part: Any = broken
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    with pytest.raises(InputError, match=message):
        check(broken)


def test_a_missing_key_is_refused(made: dict[str, Any]) -> None:
    for key in made:
        with pytest.raises(InputError, match=key):
            check({name: value for name, value in made.items() if name != key})


@pytest.mark.skipif(not TYPES, reason="no front end in this checkout")
@pytest.mark.parametrize("name", SAME)
def test_the_front_end_names_the_same_keys(name: str) -> None:
    found = interfaces("".join(file.read_text(encoding="utf-8") for file in TYPES))
    # One interface in the front end for both kinds of document, with their keys together.
    other = {"ReportDocument": camps.DisplacementDocument, "Meta": camps.Meta}.get(name)
    assert found[name] == keys_of(SAME[name]) | (keys_of(other) if other else set())


def test_every_key_is_described_on_its_page() -> None:
    page = (ROOT / "docs" / "report-format.md").read_text(encoding="utf-8")
    modules = (layout, schema, asked, told)
    models = [value for module in modules for value in vars(module).values() if _is_model(value)]
    assert len(models) > 60
    missing = {
        f"{model.__name__}.{key}"
        for model in models
        for key in keys_of(model)
        if not re.search(rf"`[^`\n]*\b{key}\b[^`\n]*`", page)
    }
    assert missing == set()


def _is_model(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, layout.Part)
