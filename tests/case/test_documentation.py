"""The page that describes the format and the code that reads it list the same names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dispersal.case import levers, question, schema
from dispersal.case.folder import KNOWN_FILES
from dispersal.case.schema import TABLES

if TYPE_CHECKING:
    from pydantic import BaseModel

PAGE = (Path(__file__).parents[2] / "docs" / "case-format.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([^`\n]+)`", PAGE))
WORDS = set(re.findall(r"[A-Za-z0-9_]+", " ".join(NAMED)))


def test_every_file_is_described() -> None:
    for name in KNOWN_FILES:
        assert Path(name).name in PAGE


@pytest.mark.parametrize("file", TABLES)
def test_every_column_is_described(file: str) -> None:
    assert set(TABLES[file].columns()) <= WORDS


@pytest.mark.parametrize(
    "model",
    [
        question.Question,
        question.Group,
        question.Territory,
        question.Period,
        question.End,
        question.EndJudgement,
        question.ParameterOverride,
        levers.Lever,
    ],
)
def test_every_key_is_described(model: type[BaseModel]) -> None:
    assert set(model.model_fields) <= WORDS


@pytest.mark.parametrize(
    "names",
    ["FIGURE_QUANTITIES", "TAGS", "REGIONS", "QUALIFIERS", "POLICIES", "END_MODES", "ROLES",
     "HOST_KINDS", "ORIGIN_KINDS", "STRATA", "DIRECTIONS", "AREA_CODES"],
)  # fmt: skip
def test_every_name_is_described(names: str) -> None:
    assert set(getattr(schema, names)) <= NAMED
