"""The JSON Schemas are valid, accept what the reader accepts, and refuse what one key can tell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from dispersal.authoring import json_schema, new_case
from dispersal.authoring.descriptions import describe, descriptions
from dispersal.authoring.evidence.column_map import ColumnMap
from dispersal.authoring.schema import KINDS, schema_text
from dispersal.case import builtin_cases, load_case
from dispersal.case.levers import CasePatch, EndPatch, Lever, Patch
from dispersal.case.question import (
    End,
    EndJudgement,
    Group,
    ParameterOverride,
    Period,
    Question,
    Territory,
)
from dispersal.case.schema import TABLES
from dispersal.case.yamltext import parse_yaml
from dispersal.errors import InputError
from dispersal.model.parameters import table
from tests.case.broken_files import YAML
from tests.case.broken_levers import BROKEN, BrokenLever, write_patch

if TYPE_CHECKING:
    from tests.case.broken import Broken

#: Faults between keys, between files, or of YAML itself, which a schema of one file cannot see.
BEYOND = {
    "agreed_without_mode", "alias_clash", "asked_outside_period", "broken_yaml", "country_of_zone",
    "country_with_coordinates", "duplicate_key", "end_order", "half_range",
    "home_theatre_mismatch", "low_above_high", "missing_basis", "missing_thaw", "modes_sum",
    "name_mismatch", "no_rows", "overlapping_policies", "period_order", "several_documents",
    "too_deep", "unknown_actor", "unknown_area", "unknown_country", "unknown_host",
    "unknown_place", "unknown_source", "until_before_from", "yaml_alias", "yaml_tag",
    "zone_without_coordinates",
}  # fmt: skip


def problems(kind: str, text: str) -> list[str]:
    """Return what a schema finds in a file, or that YAML is broken."""
    data, faults = parse_yaml(text, f"{kind}.yaml")
    if faults:
        return [str(fault) for fault in faults]
    formats = Draft202012Validator.FORMAT_CHECKER
    validator = Draft202012Validator(json_schema(kind), format_checker=formats)
    return [error.message for error in validator.iter_errors(data)]


def schema_case(case: Path) -> Path:
    """Give a case a parameter that there is: which ones there are, only the schema knows."""
    file = case / "case.yaml"
    text = file.read_text(encoding="utf-8").replace("return_hazard", "theatre_distance")
    file.write_text(text, encoding="utf-8", newline="")
    return case


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_valid_itself(kind: str) -> None:
    Draft202012Validator.check_schema(json_schema(kind))
    assert json.loads(schema_text(kind)) == json_schema(kind)


@pytest.mark.parametrize("name", builtin_cases())
def test_built_in_cases_are_accepted(name: str) -> None:
    folder = load_case(name).path
    assert folder is not None
    for kind in ("case", "levers"):
        file = folder / f"{kind}.yaml"
        if file.exists():
            assert problems(kind, file.read_text(encoding="utf-8")) == []


def test_new_cases_are_accepted_and_carry_their_schemas(tmp_path: Path) -> None:
    made = new_case(
        "mine", out=tmp_path, group="G", asked_on="2016-12-01", places=["COL"],
        modes=["withdrawal"], origins=["ITA"], foreign_members=(5, 50), local=False,
    )  # fmt: skip
    for kind in ("case", "levers"):
        text = (made.folder / f"{kind}.yaml").read_text(encoding="utf-8")
        line = text.splitlines()[0]
        assert line == f"# yaml-language-server: $schema=.schema/{kind}.json"
        schema = (made.folder / line.partition("=")[2]).read_text(encoding="utf-8")
        assert json.loads(schema) == json_schema(kind)
        assert problems(kind, text) == []


def test_the_small_case_is_accepted(demo: Path) -> None:
    for kind in ("case", "levers"):
        text = (schema_case(demo) / f"{kind}.yaml").read_text(encoding="utf-8")
        assert problems(kind, text) == []


@pytest.mark.parametrize("broken", YAML, ids=lambda broken: broken.name)
def test_a_broken_file_is_refused_where_a_schema_can(demo: Path, broken: Broken) -> None:
    broken.edit(demo)
    kind = Path(broken.file).stem
    text = (schema_case(demo) / broken.file).read_text(encoding="utf-8")
    found = problems(kind, text)
    if broken.kind not in BEYOND and (kind, broken.kind) != ("levers", "duplicate_id"):
        assert found, broken.name


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: f"{broken.kind}-{broken.patch[:30]}")
def test_a_broken_lever_is_refused_where_a_schema_can(demo: Path, broken: BrokenLever) -> None:
    text = (write_patch(demo, broken.patch) / "levers.yaml").read_text(encoding="utf-8")
    if broken.kind not in {*BEYOND, "duplicate_id"}:
        assert problems("levers", text), broken.patch


def test_most_broken_files_are_within_reach_of_a_schema() -> None:
    kinds = [*(broken.kind for broken in YAML), *(broken.kind for broken in BROKEN)]
    assert len([kind for kind in kinds if kind not in BEYOND]) > 40


def test_an_editor_is_told_of_every_parameter_that_a_case_may_give() -> None:
    named = json_schema("case")["properties"]["parameters"]["properties"]
    assert set(named) == {row.name for row in table().values() if not row.hierarchical}
    assert "per month" in named["killed_hazard"]["description"]
    text = "parameters: {killed_hazrd: {prior: [0.01, 1], source: x}}"
    assert any("killed_hazrd" in message for message in problems("case", text))


def test_the_schema_of_a_column_map() -> None:
    good = "columns: {origin: Land, low: N}\nconstants: {quantity: returned}\nheader_row: 2"
    assert problems("columns", good) == []
    for bad in ("columns: {orign: Land}", "header_row: 0\ncolumns: {}", "sheet: A"):
        assert problems("columns", bad), bad


def test_an_unknown_schema_names_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'levers'"):
        json_schema("lever")


MODELS: list[type[Any]] = [
    Question, Group, Territory, Period, End, EndJudgement, ParameterOverride,
    Lever, Patch, CasePatch, EndPatch, ColumnMap, *TABLES.values(),
]  # fmt: skip


def test_every_field_is_described_and_nothing_else() -> None:
    wanted = {
        (model.__name__, field.alias or name)
        for model in MODELS
        for name, field in model.model_fields.items()
    }
    general = {key for key in descriptions() if key[0] in ("TablePatch", "Setting", "Removal")}
    assert set(descriptions()) - general == wanted
    assert all(text.strip() == text and text for text in descriptions().values())


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_of_a_schema_is_explained(kind: str) -> None:
    schema = json_schema(kind)
    parts = {"": schema.get("items", schema), **schema.get("$defs", {})}
    for name, part in parts.items():
        for key, field in part.get("properties", {}).items():
            assert field.get("description"), f"{kind}: {name}.{key}"


def test_a_lever_is_explained_as_the_table_that_it_changes() -> None:
    assert describe("PlaceWhere", "roles") == describe("Place", "roles")
    assert describe("PolicyOfEachOrigin", "from") == describe("Policy", "from")
