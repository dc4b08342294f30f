"""Flee's published conflicts, which are not part of the project: where a copy is at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

VARIABLE = "DISPERSAL_DISPLACEMENT_DATA"
DATA = Path(os.environ.get(VARIABLE, ""))
AT_HAND = VARIABLE in os.environ and DATA.is_dir()


def published(name: str) -> Path:
    """Return the folder of a published conflict; skip the test where there is none."""
    if not AT_HAND:
        pytest.skip(f"no published conflicts: {VARIABLE} names no folder")
    if not (DATA / name).is_dir():
        pytest.skip(f"no published conflict {name} in the folder that {VARIABLE} names")
    return DATA / name
